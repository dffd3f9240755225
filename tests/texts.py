"""Turtle and TriG as anybody may write them, and where their statements begin."""

from dataclasses import dataclass, field
from itertools import cycle

from hypothesis import strategies as st

from csto.names import RDF

EXAMPLE = "http://example.org/"
SPACES = {"ex:": EXAMPLE, "имя:": f"{EXAMPLE}имя/"}
PROLOGUE = f"PREFIX ex: <{EXAMPLE}>\n@prefix имя: <{EXAMPLE}имя/> .\n"
GAPS = [" ", "  ", "\t", "\n", "\n\n    "]
REMARKS = ["\n# «ОДКБ», \"1992, '''{ [( <a> ;.\n", " # x\n", " #\n\t"]
TOKENS = ["0", "-7", "+5", "007", "1.50", "-.5", "3e4", "1.0E-3", "true", "false"]
QUOTES = ['"', "'", '"""', "'''"]
TAGS = ["", "@en", "@ru", "@zh-Hant", "^^ex:code", f"^^<{EXAMPLE}имя/вид>"]


@dataclass(frozen=True)
class Text:
    """A literal: its content, the quotes it stands in, and its language or type."""

    content: str
    quote: str
    tag: str

    def __str__(self):
        mark = self.quote[0]
        text = self.content.replace("\\", "\\\\").replace(mark, f"\\{mark}")
        if self.quote == mark:
            text = text.replace("\n", "\\n")
        return self.quote + text + self.quote + self.tag


@dataclass(frozen=True)
class List:
    """A list of values."""

    items: tuple


@dataclass(frozen=True)
class Node:
    """A blank node: its predicates, each with its values."""

    lines: tuple


names = st.sampled_from(
    ["ex:a", "ex:b-1", "ex:b.c", "ex:9", "ex:ОДКБ", "имя:а", f"<{EXAMPLE}a/b#c>"]
)
prose = st.text(st.sampled_from("aя \"'\\\n#<>{}[]();.,@^💧"), max_size=12)
literals = st.builds(Text, prose, st.sampled_from(QUOTES), st.sampled_from(TAGS))


def lines(values):
    """Return a strategy for predicates, each with one to three of *values*."""
    verbs = st.one_of(st.just("a"), names)
    few = st.lists(values, min_size=1, max_size=3).map(tuple)
    return st.lists(st.tuples(verbs, few), max_size=3).map(tuple)


def nested(inner):
    """Return a strategy for lists and blank nodes that hold *inner* values."""
    lists = st.lists(inner, max_size=3).map(tuple).map(List)
    return st.one_of(lists, lines(inner).map(Node))


leaves = st.one_of(names, st.sampled_from(TOKENS), literals)
values = st.recursive(leaves, nested, max_leaves=6)
block = st.tuples(st.one_of(names, st.none()), lines(values).filter(bool))
blocks = st.lists(block, min_size=1, max_size=3)


@dataclass
class Page:
    """A text under way, with the offset of each statement about an IRI."""

    gaps: cycle
    text: str = PROLOGUE
    places: dict = field(default_factory=dict)

    def put(self, token):
        """Write *token* after some space, and return where it begins."""
        self.text += next(self.gaps)
        begin = len(self.text)
        self.text += str(token)
        return begin

    def value(self, value):
        """Write *value* and return where it begins."""
        if isinstance(value, List):
            begin = self.put("(")
            for item in value.items:
                self.value(item)
            self.put(")")
        elif isinstance(value, Node):
            begin = self.put("[")
            self.lines(None, value.lines)
            self.put("]")
        else:
            begin = self.put(value)
        return begin

    def lines(self, subject, lines):
        """Write *lines* about *subject*, which is None for a blank node."""
        for verb, objects in lines:
            self.put(verb)
            for number, value in enumerate(objects):
                if number:
                    self.put(",")
                begin = self.value(value)
                if subject and not isinstance(value, List | Node):
                    key = (iri(subject), iri(verb), meaning(value))
                    self.places.setdefault(key, begin)
            self.put(";")

    def blocks(self, blocks):
        """Write *blocks*, each a subject and its lines."""
        for subject, lines in blocks:
            self.put(subject or "[]")
            self.lines(subject, lines)
            self.put(".")


def iri(name):
    """Return the IRI that *name* stands for."""
    if name == "a":
        return RDF + "type"
    for prefix, space in SPACES.items():
        if name.startswith(prefix):
            return space + name.removeprefix(prefix)
    return name.strip("<>")


def meaning(value):
    """Return the IRI or the lexical form that *value* stands for."""
    if isinstance(value, Text):
        return value.content
    return value if value in TOKENS else iri(value)


@st.composite
def pages(draw, suffix, *, remarks=True):
    """Return a page in the format of *suffix*, with comments if there are *remarks*."""
    gap = st.sampled_from([*GAPS, *REMARKS] if remarks else GAPS)
    page = Page(cycle(draw(st.lists(gap, min_size=1, max_size=20))))
    for graph in draw(st.lists(names, max_size=2)) if suffix == ".trig" else []:
        for token in draw(st.sampled_from([(), ("GRAPH",)])):
            page.put(token)
        page.put(graph)
        page.put("{")
        page.blocks(draw(blocks))
        page.put("}")
    page.blocks(draw(blocks))
    page.text += "\n"
    return page
