"""The Turtle files: their schemes and links are whole, and a store has them as they are now."""

import re
from collections import Counter

import pytest
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import OWL, SKOS

from accord.graph import BASE, ID, ONTOLOGY
from accord.ontology import FILES, outdated_graphs
from accord.resources import resource
from accord.store import PREFIXES, open_store
from tests.unit.ontology_files import WIKIDATA, graph, union


@pytest.fixture(scope="module")
def files() -> dict[str, Graph]:
    return {name: graph(name) for name in FILES}


@pytest.fixture(scope="module")
def everything() -> Graph:
    return union()


def test_no_blank_nodes(everything):
    assert not [node for triple in everything for node in triple if isinstance(node, BNode)]


def test_every_entity_and_concept_that_is_named_exists(everything):
    subjects = set(everything.subjects())
    named = {
        node
        for node in everything.objects()
        if isinstance(node, URIRef) and str(node).startswith((ID, f"{BASE}scheme/"))
    }
    assert named
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
    own = [prefix for prefix, iri in PREFIXES.items() if iri.startswith(BASE)]
    for prefix in set(own) - {"accord", "graph"}:
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
        (outdated,) = outdated_graphs(store)
        assert outdated.iri == f"{BASE}graph/schemes"
