"""The ontology is consistent by itself and with a store of the sample articles (OWL 2 RL).

The reasoner sees no contradiction that is not there to be seen: the ontology's disjoint classes,
asymmetric and irreflexive properties, and each is broken once on purpose.
"""

import gc
import re

import owlrl
import pytest
from pyoxigraph import Quad
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF

from accord.graph import BASE
from accord.ingestion import Ingestion
from accord.progress import Progress
from accord.settings import Settings
from accord.store import open_store
from tests.conftest import EXAMPLES, ROOT
from tests.unit.ontology_files import graph
from tests.unit.test_ontology_terms import misused

HEAD = """
@prefix : <urn:x:> .
@prefix accord: <https://w3id.org/accord-kg/ontology#> .
@prefix geo: <http://www.opengis.net/ont/geosparql#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
ERRORS = "http://www.daml.org/2002/03/agents/agent-ont#error"


def contradictions(triples: Graph) -> list[str]:
    """Close a graph under OWL 2 RL and return what the reasoner finds wrong with it."""
    owlrl.DeductiveClosure(
        owlrl.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False
    ).expand(triples)
    return sorted(str(message) for message in triples.objects(None, URIRef(ERRORS)))


def ontology_with(turtle: str) -> Graph:
    together = Graph()
    together += graph("accord")
    return together.parse(data=HEAD + turtle, format="turtle")


@pytest.fixture(scope="module")
def quads(tmp_path_factory) -> list[Quad]:
    """All that a store holds once the sample articles are in it."""
    address = str(tmp_path_factory.mktemp("reasoning") / "store")
    with Ingestion([EXAMPLES], Settings(store=address), Progress(quiet=True)) as run:
        for batch in run.plan():
            run.load(run.extract(batch))
    # An exception that was caught on the way may hold on to the store until it is collected.
    gc.collect()
    with open_store(address) as store:
        return list(store.quads())


@pytest.fixture(scope="module")
def stored(quads) -> Graph:
    """The same as one graph, without the graphs' names."""
    lines = {f"{q.subject} {q.predicate} {q.object} ." for q in quads}
    return Graph().parse(data="\n".join(lines), format="nt")


def test_the_reasoner_finds_nothing_wrong_with_the_ontology():
    assert contradictions(ontology_with("")) == []


#: A graph that is wrong, and a word of what the reasoner says about it.
PLANTED = [
    (":ankara a accord:Place . :c accord:holder :ankara .", "Actor"),
    (
        ":c accord:actor :z . :d accord:agreement :a . :a accord:zone :z . :z a accord:Zone .",
        "Place",
    ),
    (":a accord:party :z . :z a accord:Zone .", "Actor"),
    (":c a accord:ThreatClaim , accord:DemandClaim .", "ThreatClaim"),
    (":c accord:agreement :e . :e a accord:Event .", "Event"),
    (":c accord:statedIn :x . :d accord:concerns :x .", "Obligation"),
    (":u a accord:Utterance ; accord:evidence :s .", "Activity"),
    (
        ":r a accord:Extraction . :c prov:wasGeneratedBy :x . :x accord:statedIn :n .",
        "Activity",
    ),
    (":o accord:partOfObligation :o .", "Irreflexive"),
    (":a accord:supplements :b . :b accord:supplements :a .", "asymmetric"),
    (":a accord:within :b . :b accord:within :a .", "asymmetric"),
    (":s accord:incompatibleWith :s .", "Irreflexive"),
    (":p a accord:Person ; accord:partOf :s .", "Person"),
    (":m org:organization :p . :p a accord:Person .", "Person"),
    (":g a accord:ArmedGroup , accord:Government .", "ArmedGroup"),
    (":x geo:hasGeometry :g . :g a accord:Place .", "Geometry"),
    (":s skos:hasTopConcept :t . :t a skos:ConceptScheme .", "ConceptScheme"),
    (":c accord:latest '2019-02-31'^^xsd:date .", "date"),
]


@pytest.fixture(scope="module")
def found() -> list[str]:
    """What the reasoner says of all the planted graphs, in one go; their nodes are kept apart."""
    planted = [
        re.sub(r"(?<!\w):(?=\w)", f":case{case}-", wrong) for case, (wrong, _) in enumerate(PLANTED)
    ]
    return contradictions(ontology_with("\n".join(planted)))


@pytest.mark.parametrize("case", range(len(PLANTED)))
def test_a_planted_contradiction_is_found(found, case):
    wrong, word = PLANTED[case]
    said = [message for message in found if f":case{case}-" in message or "2019-02-31" in message]
    assert any(word in message for message in said), (wrong, said)


def test_the_store_of_the_sample_articles_is_consistent(stored):
    assert len(stored) > 10_000
    ontology = graph("accord")
    # What only people read has no axiom; without it the closure takes half the time.
    read_only = set(ontology.subjects(RDF.type, OWL.AnnotationProperty))
    bare = Graph()
    for subject, predicate, value in stored:
        if predicate not in read_only:
            bare.add((subject, predicate, value))
    assert contradictions(bare) == []


def test_the_store_uses_what_is_declared_and_as_it_is_declared(stored):
    assert misused(stored, graph("accord")) == set()
    assert any(isinstance(value, Literal) for value in stored.objects())


def test_the_graphs_of_a_store_are_those_that_the_page_lists(quads):
    page = (ROOT / "ontology" / "README.md").read_text(encoding="utf-8")
    listed = re.findall(
        r"`(graph/[\w/]+)`", page.partition("\n## Graphs\n")[2].partition("\n## ")[0]
    )
    patterns = {name: re.sub("[A-Z]{2,}", r"[\\w.-]+", name) for name in listed}
    names = {quad.graph_name.value.removeprefix(BASE) for quad in quads}
    kinds = {
        name: [p for p, regex in patterns.items() if re.fullmatch(regex, name)] for name in names
    }
    assert [name for name, found in kinds.items() if len(found) != 1] == []
    # One run over new articles supersedes nothing, and nobody has accepted a link yet.
    later = {"graph/superseded/HASH", "graph/links/accepted"}
    assert set(listed) - {found[0] for found in kinds.values()} <= later
