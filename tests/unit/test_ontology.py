"""The Turtle files: they parse, use what is declared, and link only what was verified."""

import csv
import re
from collections import Counter

import pytest
from rdflib import RDF, BNode, Graph, Literal, URIRef
from rdflib.namespace import OWL, RDFS, SKOS

from accord.graph import BASE, ID, ONTOLOGY
from accord.ontology import FILES, outdated_graphs
from accord.query import named_queries
from accord.resources import resource
from accord.store import PREFIXES, open_store
from tests.conftest import SHARED

WIKIDATA = "http://www.wikidata.org/entity/"


@pytest.fixture(scope="module")
def files() -> dict[str, Graph]:
    return {name: Graph().parse(resource("ontology", f"{name}.ttl")) for name in FILES}


@pytest.fixture(scope="module")
def everything(files) -> Graph:
    union = Graph()
    for graph in files.values():
        union += graph
    return union


@pytest.fixture(scope="module")
def declared(files) -> set[str]:
    return {str(term) for term in files["accord"].subjects() if str(term).startswith(ONTOLOGY)}


def test_no_blank_nodes(everything):
    assert not [node for triple in everything for node in triple if isinstance(node, BNode)]


def test_every_term_of_ours_that_is_used_is_declared(everything, declared):
    used = {str(node) for triple in everything for node in triple if node.startswith(ONTOLOGY)}
    used |= {
        str(node.datatype)
        for node in everything.objects()
        if isinstance(node, Literal) and str(node.datatype).startswith(ONTOLOGY)
    }
    texts = [query.sparql for query in named_queries()]
    texts.append(resource("mappings", "claim.context.jsonld").read_text(encoding="utf-8"))
    for text in texts:
        used |= {ONTOLOGY + name for name in re.findall(r"\baccord:(\w+)", text)}
    assert used - declared - {ONTOLOGY} == set()


def test_every_term_has_a_label_and_a_definition(files, declared):
    for term in map(URIRef, declared):
        assert len(list(files["accord"].objects(term, RDFS.label))) == 1, term
        assert len(list(files["accord"].objects(term, SKOS.definition))) == 1, term
        assert files["accord"].value(term, RDF.type) is not None, term


def test_every_entity_and_concept_that_is_named_exists(everything):
    subjects = set(everything.subjects())
    named = {
        node
        for node in everything.objects()
        if isinstance(node, URIRef) and node.startswith((ID, f"{BASE}scheme/"))
    }
    assert named - subjects == set()


def test_the_schemes_have_exactly_the_values_of_a_claim(files):
    from accord.claim import Modality, Polarity, Status

    for name, values in (("status", Status), ("polarity", Polarity), ("modality", Modality)):
        concepts = {
            str(concept).rpartition("/")[2]
            for concept in files["schemes"].subjects(SKOS.inScheme, URIRef(f"{BASE}scheme/{name}"))
        }
        assert concepts == {value.value for value in values}


def test_the_cue_classes_are_the_same_in_scheme_code_and_word_lists(files):
    from accord.language.speech.attributions import CLASSES
    from accord.language.wordlists import word_lists

    scheme = URIRef(f"{BASE}scheme/cue")
    concepts = set(files["schemes"].subjects(SKOS.inScheme, scheme))
    assert set(files["schemes"].objects(scheme, SKOS.hasTopConcept)) == concepts
    codes = {}
    for concept in concepts:
        (codes[concept],) = map(str, files["schemes"].objects(concept, SKOS.notation))
        assert str(concept) == f"{BASE}scheme/cue/{codes[concept]}"
        for term in (SKOS.prefLabel, SKOS.definition, SKOS.example):
            assert len(list(files["schemes"].objects(concept, term))) == 1, (concept, term)
    assert set(codes.values()) == set(CLASSES)
    for name in CLASSES:
        assert word_lists("cues")[name], f"no words for {name}"


def test_incompatibility_is_symmetric_and_never_of_a_thing_with_itself(files):
    pairs = set(files["schemes"].subject_objects(URIRef(f"{ONTOLOGY}incompatibleWith")))
    assert pairs
    assert {(b, a) for a, b in pairs} == pairs
    assert all(a != b for a, b in pairs)


def test_a_wikidata_item_stands_on_one_entity_and_is_well_formed(everything):
    links = [
        (entity, str(item).removeprefix(WIKIDATA))
        for entity, item in everything.subject_objects(SKOS.exactMatch)
        if item.startswith(WIKIDATA)
    ]
    assert links
    assert max(Counter(item for _, item in links).values()) == 1
    assert max(Counter(entity for entity, _ in links).values()) == 1
    for _, item in links:
        assert re.fullmatch(r"Q[1-9]\d*", item)
    assert not list(everything.subject_objects(OWL.sameAs))


def test_only_verified_wikidata_items_are_linked(everything):
    table = SHARED / "vocabulary" / "entities.tsv"
    if not table.exists():
        pytest.skip("the research table is not beside this checkout (../shared/vocabulary)")
    with table.open(encoding="utf-8") as lines:
        verified = {
            row["label"]: row["qid"]
            for row in csv.DictReader(lines, delimiter="\t")
            if row["verified"] == "yes"
        }
    labels = {entity: str(label) for entity, label in everything.subject_objects(SKOS.prefLabel)}
    for entity, item in everything.subject_objects(SKOS.exactMatch):
        if item.startswith(WIKIDATA):
            assert item.removeprefix(WIKIDATA) in verified.values(), entity
            label = labels[entity]
            if label in verified:
                assert verified[label] == item.removeprefix(WIKIDATA), label


def test_no_code_stands_without_its_scheme(everything):
    for entity, code in everything.subject_objects(SKOS.notation):
        assert str(code.datatype).startswith(ONTOLOGY), (entity, code)
    assert (
        URIRef(f"{ID}place/idlib-governorate"),
        SKOS.notation,
        Literal("SY-ID", datatype=URIRef(f"{ONTOLOGY}iso3166-2")),
    ) in everything


def test_the_prefixes_of_queries_are_those_of_the_files(everything):
    assert PREFIXES["accord"] == ONTOLOGY
    for prefix in ("actor", "place", "agreement", "status", "polarity", "modality"):
        assert any(str(node).startswith(PREFIXES[prefix]) for node in everything.subjects())


def test_the_files_are_loaded_once_and_again_when_they_change(tmp_path, monkeypatch):
    with open_store(tmp_path / "store", create=True) as store:
        assert len(outdated_graphs(store)) == len(FILES)
        store.replace(outdated_graphs(store))
        assert outdated_graphs(store) == []
        changed = tmp_path / "schemes.ttl"
        changed.write_text(resource("ontology", "schemes.ttl").read_text() + "\n# edited\n")
        monkeypatch.setattr(
            "accord.ontology.resource",
            lambda *parts: changed if parts[-1] == "schemes.ttl" else resource(*parts),
        )
        (graph,) = outdated_graphs(store)
        assert graph.iri == f"{BASE}graph/schemes"
