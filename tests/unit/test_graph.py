import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, NamedNode, RdfFormat, parse
from rdflib import Graph, URIRef
from rdflib.namespace import SKOS

from accord import graph
from accord.article import parse_article
from accord.claim import Claim, ClaimType, Quantity
from accord.errors import ClaimError
from accord.graph import BASE, ONTOLOGY, article_graph, jsonld
from accord.graph.days import bounds
from accord.ontology import outdated_graphs
from accord.provenance.capture import Capture
from accord.query import find_query
from accord.resources import resource
from accord.rules.derivation import Derivation
from accord.store.memory import MemoryStore
from accord.versions import Versions
from accord.vocabulary import load_vocabulary

ARTICLE = parse_article("Source: The Herald\nTruce\nTurkey delays. Russia says so, it said.\n", "a")
VERSIONS = Versions("1.0", "m", "p")
IRI = graph.article_iri(ARTICLE)
HOLDER = URIRef(ONTOLOGY + "holder")


def claim(**fields):
    start = ARTICLE.raw.index("Turkey")
    return Claim.model_validate(
        {
            "article": "a",
            "start": start,
            "end": start + 14,
            "text": "Turkey delays.",
            "type": "Compliance",
            "status": "delayed",
            "holder": "Russia",
            "actor": ["Turkey"],
            "agreement": "sochi-2018",
        }
        | fields
    )


def as_rdflib(*claims, article=ARTICLE, versions=VERSIONS):
    named = article_graph(article, claims, versions, load_vocabulary())
    return Graph().parse(data=named.triples, format="nt")


def values(of: Graph, name: str) -> set[str]:
    return {str(value) for value in of.objects(None, URIRef(ONTOLOGY + name))}


def test_same_input_same_triples_and_no_blank_nodes():
    claims = [claim(), claim(holder="outlet", status="fulfilled"), claim(place="Nowhere Hill")]
    one = article_graph(ARTICLE, claims, VERSIONS, load_vocabulary())
    again = article_graph(replace(ARTICLE, name="copy"), claims, VERSIONS, load_vocabulary())
    assert one == again
    for quad in parse(one.triples, format=RdfFormat.N_TRIPLES):
        assert isinstance(quad.subject, NamedNode)
        assert not isinstance(quad.object, BlankNode)


def test_another_version_gives_another_run_but_the_same_claims():
    one, other = as_rdflib(claim()), as_rdflib(claim(), versions=Versions("1.1", "m", "p"))
    iris = set(one.subjects(URIRef(ONTOLOGY + "holder")))
    assert iris == set(other.subjects(URIRef(ONTOLOGY + "holder")))
    assert values(one, "softwareVersion") == {"1.0"}
    assert values(other, "softwareVersion") == {"1.1"}


def test_known_names_are_the_vocabularys_and_unknown_ones_keep_their_label():
    made = as_rdflib(claim(actor=["Turkey", "Committee of Nine"]))
    actors = values(made, "actor")
    assert load_vocabulary().iri("Turkey") in actors
    (unknown,) = actors - {load_vocabulary().iri("Turkey")}
    assert str(made.value(URIRef(unknown), SKOS.prefLabel)) == "Committee of Nine"


def test_claims_of_one_duty_meet_at_one_obligation():
    made = as_rdflib(
        claim(), claim(holder="Turkey", status="fulfilled"), claim(type="Meeting", status=None)
    )
    assert len(values(made, "concerns")) == 1
    assert len(set(made.subjects(URIRef(ONTOLOGY + "concerns")))) == 2


def test_outlet_holds_what_the_article_says_itself():
    made = as_rdflib(claim(holder="outlet"))
    assert values(made, "holder") == values(made, "publishedBy")


@given(
    type=st.sampled_from(list(ClaimType)),
    names=st.lists(st.text(min_size=1).filter(str.strip), min_size=1, max_size=4),
    text=st.text(min_size=1),
    number=st.one_of(st.integers(-(10**9), 10**9), st.floats(0.001, 1e6)),
)
def test_no_statement_is_lost_in_the_mapping(type, names, text, number):
    status = "partly" if type is ClaimType.COMPLIANCE else None
    made = as_rdflib(
        claim(
            type=type,
            status=status,
            actor=names,
            target=names[:1],
            start=0,
            end=len(text),
            text=text,
            action=names[0],
            time="2019-01/2019-02",
            due="2018-10-15",
            quantity=Quantity(min=number, unit="km", of="depth"),
        )
    )
    (iri,) = made.subjects(URIRef(ONTOLOGY + "holder"))
    assert len(set(made.objects(iri, URIRef(ONTOLOGY + "actor")))) == len(set(names))
    assert values(made, "earliest") == {"2019-01-01"}
    assert values(made, "latest") == {"2019-02-28"}
    assert values(made, "dueLatest") == {"2018-10-15"}
    assert {float(value) for value in values(made, "minimum")} == {float(number)}


def test_a_key_that_the_context_lacks_is_refused(monkeypatch):
    known = {key: term for key, term in jsonld.terms().items() if key != "place"}
    monkeypatch.setattr(jsonld, "terms", lambda: known)
    with pytest.raises(ClaimError, match=r"no term for place.*claim\.context"):
        as_rdflib(claim(place="Idlib"))


def test_a_class_that_the_context_lacks_is_refused():
    with pytest.raises(ClaimError, match=r"Nonsense.*claim\.context"):
        jsonld.ntriples([{"id": "https://example.org/1", "type": "Nonsense"}])


def test_what_is_no_iri_is_refused():
    broken = replace(ARTICLE, address="https://example.org/{not an iri}")
    with pytest.raises(ClaimError, match=r"not an iri.*Invalid IRI"):
        as_rdflib(article=broken)


def test_the_context_has_every_term_of_a_claim():
    assert set(Claim.model_fields) <= set(jsonld.terms())


def standard(nodes):
    """What a general JSON-LD processor makes of nodes."""
    context = json.loads(resource("mappings", "claim.context.jsonld").read_text(encoding="utf-8"))
    document = json.dumps(context | {"@graph": nodes})
    return jsonld.sorted_ntriples(quad.triple for quad in parse(document, RdfFormat.JSON_LD))


def is_iri(text):
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


IRIS = st.from_regex(r"https://example\.org/[a-zé%2C#=,;]{0,8}", fullmatch=True).filter(is_iri)
#: Without lone surrogates, which no article has.
TEXTS = st.text(st.characters(codec="utf-8"), min_size=1)
VALUES = {
    "type": st.sampled_from(["Demand", "Span", "Article"]),
    "holder": IRIS,
    "actor": st.lists(IRIS, max_size=3),
    "text": TEXTS,
    "label": TEXTS,
    "time": st.just("2018-10"),
    "start": st.integers(0, 10**6),
    "min": st.integers(-9, 9).map(str),
    "note": st.lists(TEXTS, max_size=2),
}


@given(node=st.fixed_dictionaries({"id": IRIS}, optional=VALUES))
def test_terms_are_written_as_a_general_json_ld_processor_does(node):
    given_values = {key: value for key, value in node.items() if value != []}
    assert jsonld.ntriples([node]) == standard([given_values])


@pytest.mark.parametrize(
    ("edtf", "first", "last"),
    [
        (None, None, None),
        ("XXXX-03-05", None, None),
        ("XXXX-11/..", None, None),
        ("2019", "2019-01-01", "2019-12-31"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2018-09-17", "2018-09-17", "2018-09-17"),
        ("2020-03-05/..", "2020-03-05", None),
        ("../2020", None, "2020-12-31"),
        ("2020-03/", "2020-03-01", None),
        ("2018-01-10?", "2018-01-10", "2018-01-10"),
        ("2019/2020-03", "2019-01-01", "2020-03-31"),
        ("[2018-01-10,2018-01-17]", "2018-01-10", "2018-01-17"),
    ],
)
def test_dates_have_a_first_and_a_last_day(edtf, first, last):
    assert bounds(edtf) == (first, last)


@pytest.mark.parametrize("text", ["soon", "2019-13", "2019-00", "..", "2019-02-30"])
def test_a_date_that_is_not_edtf_is_refused(text):
    with pytest.raises(ClaimError, match=f"'{text}' is not EDTF"):
        bounds(text)


def test_a_specific_obligation_is_part_of_the_general_one():
    text = "Turkey has yet to pull back its heavy arms"
    one = claim(action="withdraw", target=["heavy weapons"], place="Idlib demilitarized zone")
    made = as_rdflib(one, claim(holder="Turkey", status="fulfilled", action="implement"))
    other = as_rdflib(
        claim(text=text, end=claim().start + len(text), action="pull", place=one.place)
    )
    specific, general = (
        {
            str(o)
            for s in made.subjects(HOLDER, URIRef(load_vocabulary().iri(holder)))
            for o in made.objects(s, URIRef(ONTOLOGY + "concerns"))
        }
        for holder in ("Russia", "Turkey")
    )
    assert specific == values(other, "concerns")
    assert not specific & general
    node = URIRef(specific.pop())
    chain = [node]
    while (broader := made.value(chain[-1], URIRef(ONTOLOGY + "partOfObligation"))) is not None:
        chain.append(broader)
    assert str(chain[-1]) in general
    assert len(chain) == 4
    assert str(made.value(node, URIRef(ONTOLOGY + "requires"))) == f"{BASE}scheme/action/withdraw"


@pytest.mark.parametrize(
    ("mine", "theirs", "contradicted"),
    [
        ({"action": "implement"}, {"action": "withdraw"}, True),
        ({"action": "withdraw"}, {"action": "withdraw"}, True),
        ({"action": "release"}, {"action": "withdraw"}, False),
    ],
)
def test_what_contradicts_a_claim_on_a_part_contradicts_one_on_the_whole(
    mine, theirs, contradicted
):
    store = MemoryStore()
    fulfilled = claim(holder="Turkey", status="fulfilled", **mine)
    made = article_graph(ARTICLE, [fulfilled, claim(**theirs)], VERSIONS, load_vocabulary())
    capture = Capture("file:///a.txt", "a", "0", "1", "2019-02-08T00:00:00Z", holds=IRI)
    store.replace([*outdated_graphs(store), made, capture.graph()])
    rules = Derivation(store)
    rules.begin()
    rules.finish()
    rows = list(store.query(find_query("contradictions").sparql))
    assert {row["holder"].value for row in rows} == (
        {"Russia", "Turkey"} if contradicted else set()
    )
