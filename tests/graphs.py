"""Graphs of any kind, to be written and read back."""

from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from csto.names import RDF, XSD
from csto.serialise import canonical
from texts import EXAMPLE, List, Node, iri, lines, nested

FIRST, REST, NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))
SPACES = [EXAMPLE, f"{EXAMPLE}имя/", f"{EXAMPLE}a#", "urn:x:"]
PARTS = ["a", "Z", "9", "10", "_", "-", ".", "é", "я", "/", "%20", "~", "(", "'", ":"]
FORMS = ["5", "-5", "+5", "05", "5.", "5.0", ".5", "5e1", "true", "1", "²"]
TYPES = [*(XSD + t for t in ("integer", "decimal", "boolean", "double")), f"{EXAMPLE}t"]

parts = st.lists(st.sampled_from(PARTS), max_size=5).map("".join)
iris = st.builds(str.__add__, st.sampled_from(SPACES), parts).map(NamedNode)
characters = st.characters(exclude_categories=["Cc", "Cn", "Co", "Cs"])
prose = st.text(characters | st.sampled_from("\n\t\"\\'<&]>"))
plain = st.builds(Literal, prose)
tagged = st.builds(Literal, prose, language=st.sampled_from(["en", "ru", "zh-hant"]))
typed = st.builds(
    Literal,
    st.sampled_from(FORMS) | prose,
    datatype=st.sampled_from(TYPES).map(NamedNode),
)
literals = plain | tagged | typed
subjects = iris | st.builds(BlankNode)
values = st.recursive(iris | literals, nested, max_leaves=8)
prefixes = st.dictionaries(
    st.sampled_from(["ex", "a", "x-1", "имя", ""]), st.sampled_from(SPACES)
)


def told(subject, lines):
    """Return the statements that *lines* make about *subject*."""
    quads = []
    for verb, objects in lines:
        for value in objects:
            node, more = settled(value)
            quads += [Quad(subject, NamedNode(iri(verb)), node), *more]
    return quads


def settled(value):
    """Return the term that stands for *value*, and the statements that describe it."""
    if isinstance(value, Node):
        node = BlankNode()
        return node, told(node, value.lines)
    if not isinstance(value, List):
        return value, []
    spine, quads = NIL, []
    for item in reversed(value.items):
        first, more = settled(item)
        rest, spine = spine, BlankNode()
        quads += [Quad(spine, FIRST, first), Quad(spine, REST, rest), *more]
    return spine, quads


@st.composite
def graphs(draw):
    """Return statements in the default graph."""
    abouts = draw(st.lists(st.tuples(subjects, lines(values)), max_size=3))
    return [quad for subject, lines in abouts for quad in told(subject, lines)]


@st.composite
def datasets(draw):
    """Return statements in named graphs, none of which shares a blank node."""
    pairs = draw(st.lists(st.tuples(iris, graphs()), max_size=3))
    return [Quad(*quad.triple, name) for name, quads in pairs for quad in quads]


def apart(one, other):
    """Return the first lines that only one of two graphs has; bytes are canonical."""
    lines = (g if isinstance(g, bytes) else canonical(g) for g in (one, other))
    here, there = (set(text.splitlines()) for text in lines)
    return sorted(here ^ there)[:9]
