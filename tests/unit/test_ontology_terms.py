"""Every term is declared, used and documented; the whole keeps to OWL 2 DL as far as this sees."""

import json
import re

import pytest
from rdflib import RDF, RDFS, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, SH, SKOS, XSD

from accord.graph import ONTOLOGY
from accord.linking.identifiers import identifiers
from accord.linking.rules import rules
from accord.resources import resource
from tests.unit.ontology_files import (
    graph,
    named_in,
    terms,
    texts_that_ask,
    texts_that_make,
    union,
)

DATA = ("schemes", "actors", "agreements", "geometries", "identifiers")
PROPERTIES = {OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
KINDS = PROPERTIES | {OWL.Class, RDFS.Datatype, OWL.Ontology}
BUILT_IN = tuple(str(space._NS) for space in (RDF, RDFS, OWL, XSD))
#: What an axiom of each kind relates: kinds of the subject and of the object.
AXIOMS = {
    RDFS.subClassOf: ({OWL.Class}, {OWL.Class}),
    OWL.disjointWith: ({OWL.Class}, {OWL.Class}),
    RDFS.domain: ({OWL.ObjectProperty, OWL.DatatypeProperty}, {OWL.Class}),
    RDFS.range: ({OWL.ObjectProperty, OWL.DatatypeProperty}, {OWL.Class, RDFS.Datatype}),
    RDFS.subPropertyOf: (PROPERTIES, PROPERTIES),
}


@pytest.fixture(scope="module")
def ontology():
    return graph("accord")


@pytest.fixture(scope="module")
def ours(ontology) -> set[str]:
    found = {str(s) for s in ontology.subjects(RDF.type) if s.startswith(ONTOLOGY)}
    return {iri.removeprefix(ONTOLOGY) for iri in found}


def built_in(iri: URIRef) -> bool:
    return str(iri).startswith(BUILT_IN)


def kinds(ontology, term) -> set[URIRef]:
    return set(ontology.objects(term, RDF.type)) & KINDS


def made() -> set[str]:
    """Terms that the files of data, the mapping, the rules or the code write."""
    schemes = {each.scheme for each in identifiers()} | rules().schemes.keys()
    return (terms(union(*DATA)) | schemes).union(*(named_in(text) for _, text in texts_that_make()))


def test_every_term_that_is_used_is_declared(ontology, ours):
    used = dict.fromkeys(terms(ontology) | terms(union(*DATA)), "ontology/*.ttl")
    for path, text in [*texts_that_make(), *texts_that_ask()]:
        used |= dict.fromkeys(named_in(text), path.name)
    assert {name: where for name, where in used.items() if name not in ours} == {}


def test_every_term_that_is_declared_is_used(ontology, ours):
    """Something writes it, or it stands above or around what is written."""
    used = made() & ours
    above = {RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range}
    for name in list(used):
        around = (o for p in above for o in ontology.objects(URIRef(ONTOLOGY + name), p))
        used |= {str(term).removeprefix(ONTOLOGY) for term in around}
    assert ours - used == set()


def test_what_asks_asks_for_terms_that_something_writes(ours):
    written = made()
    for path, text in texts_that_ask():
        parents = {"Actor", "Claim"}
        assert named_in(text) - written - parents == set(), path


def test_every_term_has_a_label_a_definition_and_an_example(ontology, ours):
    for name in ours:
        term = URIRef(ONTOLOGY + name)
        for predicate in (RDFS.label, SKOS.definition):
            texts = list(ontology.objects(term, predicate))
            assert len(texts) == 1, (name, predicate)
            text = texts[0]
            assert text.language == "en" and text.strip() == str(text) != "", (name, predicate)
        assert ontology.value(term, SKOS.definition).endswith("."), name
        assert list(ontology.objects(term, SKOS.example)), name


def test_no_two_terms_have_one_label(ontology, ours):
    for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty):
        found = [t for t in ontology.subjects(RDF.type, kind) if t.startswith(ONTOLOGY)]
        labels = [str(ontology.value(term, RDFS.label)) for term in found]
        assert len(labels) == len(set(labels)), sorted(labels)


def test_every_property_of_ours_has_a_domain_or_says_what_it_is_of(ontology, ours):
    """A domain or range that does not hold of all uses is left out, on purpose and by name."""
    free = {"venue", "description"}
    for name in ours:
        term = URIRef(ONTOLOGY + name)
        if kinds(ontology, term) & PROPERTIES and name not in free:
            assert ontology.value(term, RDFS.domain), name


def test_the_ontology_says_what_it_is_and_which_version(ontology):
    header = URIRef(ONTOLOGY.rstrip("#"))
    assert (header, RDF.type, OWL.Ontology) in ontology
    version = str(ontology.value(header, OWL.versionInfo))
    assert ontology.value(header, OWL.versionIRI) == URIRef(f"{header}/{version}")
    assert ontology.value(header, OWL.priorVersion) != ontology.value(header, OWL.versionIRI)
    for needed in (DCTERMS.title, DCTERMS.description, DCTERMS.creator, DCTERMS.license):
        assert ontology.value(header, needed), needed
    created, modified = (ontology.value(header, p) for p in (DCTERMS.created, DCTERMS.modified))
    assert created.datatype == modified.datatype == XSD.date and created <= modified
    vann = "http://purl.org/vocab/vann/preferredNamespace"
    assert str(ontology.value(header, URIRef(f"{vann}Uri"))) == ONTOLOGY
    assert str(ontology.value(header, URIRef(f"{vann}Prefix"))) == "accord"


def test_every_term_is_of_exactly_one_kind(ontology):
    """OWL 2 DL: no name is a class and a datatype, or a property of two kinds."""
    for term in set(ontology.subjects(RDF.type)):
        assert len(kinds(ontology, term)) == 1, term


def test_axioms_relate_what_is_declared_and_of_the_right_kind(ontology):
    for predicate, (left, right) in AXIOMS.items():
        for subject, value in ontology.subject_objects(predicate):
            assert kinds(ontology, subject) <= left, (subject, predicate, value)
            if value.startswith(str(XSD._NS)):
                assert predicate == RDFS.range and kinds(ontology, subject) == {
                    OWL.DatatypeProperty
                }
                continue
            assert kinds(ontology, value) <= right and kinds(ontology, value), (subject, value)
            if predicate == RDFS.subPropertyOf:
                assert kinds(ontology, subject) == kinds(ontology, value), (subject, value)
            if predicate == RDFS.range:
                wanted = {OWL.ObjectProperty: OWL.Class, OWL.DatatypeProperty: RDFS.Datatype}
                (kind,) = kinds(ontology, subject)
                assert kinds(ontology, value) == {wanted[kind]}, (subject, value)


def test_every_predicate_class_and_datatype_is_declared_and_used_as_its_kind(ontology):
    """In the ontology's files themselves; of the articles' graphs see test_ontology_reasoning."""
    assert misused(union(), ontology) == set()


def misused(triples, ontology) -> set[tuple[str, str]]:
    """Return predicates, classes and datatypes that are not declared, or used as another kind."""
    wrong = set()
    for _, predicate, value in triples:
        datatype = value.datatype if isinstance(value, Literal) else None
        if datatype and not built_in(datatype) and kinds(ontology, datatype) != {RDFS.Datatype}:
            wrong.add((str(datatype), "no datatype"))
        if predicate == RDF.type and not built_in(value) and kinds(ontology, value) != {OWL.Class}:
            wrong.add((str(value), "no class"))
        if not built_in(predicate):
            fit = OWL.DatatypeProperty if isinstance(value, Literal) else OWL.ObjectProperty
            if not kinds(ontology, predicate) & {fit, OWL.AnnotationProperty}:
                wrong.add((str(predicate), f"used as {fit.fragment}"))
    return wrong


def test_the_mapping_writes_what_is_declared_and_as_its_kind(ontology):
    text = resource("mappings", "claim.context.jsonld").read_text(encoding="utf-8")
    context = json.loads(text)["@context"]
    prefixes = {key: value for key, value in context.items() if str(value).endswith(("#", "/"))}

    def full(name: str) -> URIRef:
        prefix, _, local = name.partition(":")
        return URIRef(prefixes[prefix] + local)

    for key, value in context.items():
        if key in prefixes or key.startswith("@") or str(value).startswith("@"):
            continue
        if isinstance(value, str):
            assert kinds(ontology, full(value)) == {OWL.Class}, f"{key}: {value} is no class"
            continue
        things = value.get("@type") == "@id"
        wanted = OWL.ObjectProperty if things else OWL.DatatypeProperty
        assert kinds(ontology, full(value["@id"])) & {wanted, OWL.AnnotationProperty}, key
        if ":" in value.get("@type", ""):
            datatype = full(value["@type"])
            assert built_in(datatype) or kinds(ontology, datatype) == {RDFS.Datatype}, key
            stated = ontology.value(full(value["@id"]), RDFS.range)
            assert stated in (None, datatype), f"{key}: {stated} in the ontology, {datatype} here"


def test_misuse_is_seen(ontology):
    data = """@prefix accord: <https://w3id.org/accord-kg/ontology#> . @prefix x: <urn:x:> .
        x:a accord:holder "Russia" ; accord:action x:b ; x:c x:d ; a x:Kind ;
            accord:key "k"^^x:t ."""
    wrong = misused(type(ontology)().parse(data=data, format="turtle"), ontology)
    names = {name.rpartition("#")[2].removeprefix("urn:x:") for name, _ in wrong}
    assert names == {"holder", "action", "c", "Kind", "t"}


def test_what_is_declared_of_other_ontologies_is_used(ontology):
    """In an axiom, in the files, by the mapping, a rule, the code or a shape."""
    header = resource("ontology", "accord.ttl").read_text(encoding="utf-8")
    prefixes = {ns: name for name, ns in re.findall(r"^@prefix (\w+): <(.+)> \.$", header, re.M)}
    texts = "\n".join(text for _, text in [*texts_that_make(), *texts_that_ask()])
    everything = union()
    for term in set(ontology.subjects(RDF.type)):
        if term.startswith(ONTOLOGY) or kinds(ontology, term) == {OWL.Ontology}:
            continue
        namespace, local = re.match(r"(.*[/#])([^/#]+)$", term).groups()
        axioms = sum(1 for _ in ontology.subjects(None, term))
        used = axioms or (None, term, None) in everything or (None, None, term) in everything
        written = re.search(rf"\b{prefixes[namespace]}:{re.escape(local)}\b", texts)
        assert used or written, term


def test_mappings_are_axioms_where_true_and_matches_elsewhere_never_equivalences(ontology):
    assert not list(ontology.subject_objects(OWL.equivalentClass))
    assert not list(ontology.subject_objects(OWL.equivalentProperty))
    assert not list(ontology.subject_objects(OWL.sameAs))
    standards = {
        "PROV-O": "http://www.w3.org/ns/prov#",
        "ODRL": "http://www.w3.org/ns/odrl/2/",
        "Web Annotation": "http://www.w3.org/ns/oa#",
        "GeoSPARQL": "http://www.opengis.net/ont/geosparql#",
        "SKOS": str(SKOS._NS),
        "ORG": "http://www.w3.org/ns/org#",
        "schema.org": "http://schema.org/",
        "SEM": "http://semanticweb.cs.vu.nl/2009/11/sem/",
        "FIBO": "https://spec.edmcouncil.org/fibo/",
        "EDTF": "http://id.loc.gov/datatypes/edtf/",
        "CAMEO": "https://w3id.org/accord-kg/scheme/cameo/",
        "PLOVER": "https://w3id.org/accord-kg/scheme/plover/",
    }
    mapped = [*AXIOMS, SKOS.closeMatch, SKOS.relatedMatch, SKOS.narrowMatch]
    reached = {
        str(value)
        for predicate in mapped
        for subject, value in ontology.subject_objects(predicate)
        if subject.startswith(ONTOLOGY)
    }
    for name, namespace in standards.items():
        assert any(iri.startswith(namespace) for iri in reached), f"nothing is mapped to {name}"


def test_the_shapes_allow_nothing_that_the_ontology_would_contradict(ontology):
    """A value that a shape lets in is of the property's range, or a reasoner would say it is."""
    shapes = graph("shapes")
    checked = 0
    for shape, path in shapes.subject_objects(SH.path):
        stated = ontology.value(path, RDFS.range)
        if stated is None or path == RDF.type:
            continue
        choices = [
            shape,
            *(c for way in shapes.objects(shape, SH["or"]) for c in shapes.items(way)),
        ]
        for choice in choices:
            for allowed in shapes.objects(choice, SH["class"]):
                clash = {
                    (one, other)
                    for one in ontology.transitive_objects(allowed, RDFS.subClassOf)
                    for other in ontology.transitive_objects(stated, RDFS.subClassOf)
                    if (one, OWL.disjointWith, other) in ontology
                    or (other, OWL.disjointWith, one) in ontology
                }
                assert not clash, f"{path}: {allowed} is let in, the range is {stated}"
                checked += 1
            for allowed in shapes.objects(choice, SH.datatype):
                assert allowed == stated, f"{path}: {allowed} is let in, the range is {stated}"
                checked += 1
    assert checked > 30
