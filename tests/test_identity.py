"""Identity: the codes of one state agree, and every link says where it was checked."""

from collections import Counter, defaultdict

import pycountry
import pytest
from countrycode import countrycode
from pyoxigraph import Literal, NamedNode, Quad

from conftest import ROOT
from csto.names import OWL, PREFIXES, RDF, RDFS, SKOS, TERM, THING, XSD
from csto.queries import read_query
from csto.rooms import INFERRED, LINKS, REGISTER

FILES = sorted((ROOT / "data" / "links").glob("*.ttl"))
AUTHORITIES = [path.stem for path in FILES]
PARTIES = [
    "armenia",
    "azerbaijan",
    "belarus",
    "georgia",
    "kazakhstan",
    "kyrgyzstan",
    "russia",
    "tajikistan",
    "uzbekistan",
]
OTHERS = ["afghanistan", "moldova", "united-states"]
ISO = ["iso-3166-1-alpha-2", "iso-3166-1-alpha-3", "iso-3166-1-numeric"]
OF_EVERY_STATE = {*ISO, "un-m49", "eu-country", "geonames", "wikidata"}
WITHOUT_IRIS = {*ISO, "cow", "un-m49", "un-treaty-registration"}
NOT_VERIFIED = {
    "wikidata": [
        "act:collective-security-treaty",
        "act:non-proliferation-treaty",
        "body:antiterrorist-centre",
        "body:parliamentary-assembly",
        "body:sco-regional-anti-terrorist-structure",
        "force:collective-rapid-reaction-forces",
        "organisation:colombo-plan",
        "organisation:eurasec",
        "organisation:europol",
        "person:alexander-shein",
        "person:doulat-kuanyshev",
        "person:lamberto-zannier",
        "person:stanislav-zas",
        "person:v-semerikov",
        "person:vladimir-skvortsov",
    ],
    "eurovoc": [
        "concept:air-defence",
        "concept:collective-security",
        "concept:emergency-situations",
        "concept:suspension",
    ],
    "un-treaty-registration": ["act:charter"],
}
"""Things whose code nobody could verify, or which another concept only resembles."""


def short(iri):
    """Return `kind:slug` for the IRI of a thing, or the name of a term."""
    if iri.startswith(THING):
        return iri.removeprefix(THING).replace("/", ":", 1)
    return iri.removeprefix(TERM).removeprefix(SKOS)


@pytest.fixture(scope="module")
def identifiers(project):
    """Return the statements of each identifier: by IRI, by property, all values."""
    found = defaultdict(lambda: defaultdict(list))
    for quad in project.quads(LINKS):
        value = quad.object
        text = short(value.value) if isinstance(value, NamedNode) else value.value
        found[quad.subject.value][short(quad.predicate.value)].append(text)
    return found


@pytest.fixture(scope="module")
def codes(identifiers):
    """Return the code of each thing at each authority."""
    return {
        (one["identifies"][0], one["authority"][0].removeprefix("concept:")): one[
            "notation"
        ][0]
        for one in identifiers.values()
    }


@pytest.fixture(scope="module")
def names(project):
    """Return the English name of each registered thing."""
    return {
        short(quad.subject.value): quad.object.value
        for quad in project.quads(REGISTER)
        if quad.predicate.value == RDFS + "label" and quad.object.language == "en"
    }


def codes_of(state, codes):
    return {a: code for (thing, a), code in codes.items() if thing == f"state:{state}"}


def test_every_authority_has_identifiers(codes):
    assert set(Counter(authority for _, authority in codes)) == set(AUTHORITIES)


@pytest.mark.parametrize("file", FILES, ids=lambda p: p.stem)
def test_a_file_holds_the_identifiers_of_one_authority(file, project):
    (document,) = [d for d in project.documents if d.path == file]
    given = {
        short(quad.object.value)
        for quad in document.quads
        if quad.predicate.value == TERM + "authority"
    }

    assert given == {f"concept:{file.stem}"}


def test_an_identifier_is_named_for_its_thing_and_its_authority(identifiers):
    for iri, one in identifiers.items():
        kind, _, slug = one["identifies"][0].partition(":")
        authority = one["authority"][0].removeprefix("concept:")
        wanted = [f"identifier:{name}-{authority}" for name in (slug, f"{kind}-{slug}")]

        assert short(iri) in wanted


def test_every_identifier_says_where_it_was_checked(identifiers):
    assert all(one["checkedIn"] for one in identifiers.values())


def test_the_authorities_are_those_whose_form_is_checked(project):
    scheme = NamedNode(PREFIXES["scheme"] + "authority")
    listed = {
        short(quad.subject.value)
        for quad in project.quads(REGISTER)
        if quad.predicate.value == SKOS + "inScheme" and quad.object == scheme
    }
    query = read_query(ROOT / "shapes" / "checks" / "malformed-code.rq").text

    assert listed == {f"concept:{name}" for name in AUTHORITIES}
    assert [name for name in AUTHORITIES if f"(concept:{name} " not in query] == []


@pytest.mark.parametrize("state", [*PARTIES, *OTHERS])
def test_a_state_has_all_the_codes_that_were_verified(state, codes):
    more = {"cow", "eurovoc"} if state in PARTIES else set()

    assert OF_EVERY_STATE | more <= set(codes_of(state, codes))


@pytest.mark.parametrize("state", [*PARTIES, *OTHERS])
def test_the_iso_codes_of_a_state_are_those_of_one_country(state, codes):
    own = codes_of(state, codes)
    country = pycountry.countries.get(alpha_2=own["iso-3166-1-alpha-2"])

    assert country.alpha_3 == own["iso-3166-1-alpha-3"]
    assert country.numeric == own["iso-3166-1-numeric"]


@pytest.mark.parametrize("state", [*PARTIES, *OTHERS])
def test_the_codes_of_a_state_are_those_of_the_country_of_its_name(state, codes, names):
    own = codes_of(state, codes)

    def of(scheme):
        return countrycode(names[f"state:{state}"], "country.name", scheme)

    assert own["iso-3166-1-alpha-2"] == of("iso2c")
    assert own["iso-3166-1-alpha-3"] == own["eu-country"] == of("iso3c")
    assert own["iso-3166-1-numeric"] == f"{of('iso3n'):03}"
    assert own["un-m49"] == f"{of('un'):03}"


@pytest.mark.parametrize("state", PARTIES)
def test_the_code_of_correlates_of_war_is_that_of_the_same_state(state, codes):
    own = codes_of(state, codes)

    assert own["cow"] == str(countrycode(own["iso-3166-1-alpha-3"], "iso3c", "cown"))


@pytest.mark.parametrize(
    ("state", "code"),
    [("afghanistan", "004"), ("armenia", "051"), ("azerbaijan", "031")],
)
@pytest.mark.parametrize("authority", ["iso-3166-1-numeric", "un-m49"])
def test_leading_zeros_are_kept(state, code, authority, project):
    iri = f"{THING}identifier/{state}-{authority}"
    written = Literal(code, datatype=NamedNode(XSD + "string"))
    statement = Quad(NamedNode(iri), NamedNode(SKOS + "notation"), written, LINKS)

    assert statement in set(project.quads(LINKS))


def test_an_identifier_has_one_target_where_the_authority_has_iris(identifiers):
    for iri, one in identifiers.items():
        targets = [*one["exactTarget"], *one["closeTarget"]]
        has_iris = one["authority"][0].removeprefix("concept:") not in WITHOUT_IRIS

        assert len(targets) == has_iris, iri


def test_every_target_and_nothing_else_becomes_a_match(identifiers, graph):
    wanted = {
        (one["identifies"][0], name, target)
        for one in identifiers.values()
        for name, targets in (
            ("exactMatch", one["exactTarget"]),
            ("closeMatch", one["closeTarget"]),
        )
        for target in targets
    }
    found = {
        (short(q.subject.value), short(q.predicate.value), q.object.value)
        for q in graph.quads
        if q.graph_name == INFERRED
        and q.predicate.value in (SKOS + "exactMatch", SKOS + "closeMatch")
    }

    assert wanted
    assert found == wanted


def test_a_state_is_close_to_its_territory_and_its_territory_exact(graph):
    def matches(thing, name):
        return {
            q.object.value
            for q in graph.quads
            if q.subject.value == THING + thing and q.predicate.value == SKOS + name
        }

    feature = "https://sws.geonames.org/174982/"

    assert feature in matches("state/armenia", "closeMatch")
    assert feature not in matches("state/armenia", "exactMatch")
    assert matches("place/armenia", "exactMatch") == {feature}


def test_nothing_is_said_to_be_the_same_as_anything(graph):
    assert [q for q in graph.quads if q.predicate.value == OWL + "sameAs"] == []


@pytest.mark.parametrize(
    ("authority", "thing"),
    [(a, thing) for a, things in NOT_VERIFIED.items() for thing in things],
)
def test_what_was_not_verified_is_left_out(authority, thing, codes, graph):
    kinds = {
        short(q.subject.value)
        for q in graph.quads
        if q.predicate.value == RDF + "type" and q.graph_name == REGISTER
    }

    assert thing in kinds
    assert (thing, authority) not in codes
