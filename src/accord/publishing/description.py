"""A description of a store as a data set: VoID for its statistics, DCAT for catalogues.

After https://www.w3.org/TR/void/ and https://www.w3.org/TR/vocab-dcat-3/. The numbers are counted
by the store itself, over all named graphs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from accord import __version__
from accord.graph import BASE, ONTOLOGY
from accord.publishing.excerpt import term
from accord.publishing.nanopublication import LICENCE
from accord.shapes.statements import TYPE
from accord.store import PREFIXES, Store

DATASET = NamedNode(f"{BASE}dataset")
VOID = "http://rdfs.org/ns/void#"
DCAT = "http://www.w3.org/ns/dcat#"
_MEDIA = "https://www.iana.org/assignments/media-types/"
_DISTRIBUTIONS = {
    "nquads": ("N-Quads", "application/n-quads"),
    "trig": ("TriG", "application/trig"),
    "turtle": ("Turtle, without named graphs", "text/turtle"),
    "jsonl": ("Claims as JSON Lines", "application/jsonl"),
    "csv": ("Claims as CSV", "text/csv"),
    "geojson": ("Claims as GeoJSON", "application/geo+json"),
}
_VOCABULARIES = (
    ONTOLOGY,
    "http://www.w3.org/ns/prov#",
    "http://www.w3.org/ns/oa#",
    "http://www.w3.org/ns/org#",
    "http://www.w3.org/ns/odrl/2/",
    "http://www.w3.org/2004/02/skos/core#",
    "http://www.opengis.net/ont/geosparql#",
    "http://schema.org/",
    "http://purl.org/dc/terms/",
)


def write_description(store: Store, output: BinaryIO, licence: str = LICENCE) -> None:
    """Write the description as Turtle."""
    prefixes = {"void": VOID, "dcat": DCAT, **PREFIXES}
    triples = sorted(set(describe(store, licence)), key=str)
    serialize(triples, output, format=RdfFormat.TURTLE, prefixes=prefixes)
    output.write(b"\n")


def describe(store: Store, licence: str = LICENCE) -> Iterator[Triple]:
    """Yield what there is to say of the store as a data set."""
    articles = _count(store, "GRAPH ?g { ?x a accord:Article }", "*")
    claims = _count(store, "GRAPH ?g { ?x accord:holder ?holder }", "*")
    yield from _is_a(DATASET, VOID + "Dataset", DCAT + "Dataset")
    yield _says(DATASET, "dcterms", "title", _english("Claims about obligations in ceasefire news"))
    yield _says(
        DATASET,
        "dcterms",
        "description",
        _english(
            f"{claims} claims from {articles} articles: who says what of whose obligations under "
            "ceasefires and de-escalation accords, with the exact words and their provenance. "
            "Claims are what somebody says, and not what is true."
        ),
    )
    yield _says(DATASET, "dcterms", "license", NamedNode(licence))
    yield _says(DATASET, "dcterms", "language", Literal("en"))
    yield _says(DATASET, "dcterms", "conformsTo", NamedNode(ONTOLOGY.removesuffix("#")))
    yield _says(DATASET, "dcterms", "conformsTo", NamedNode(f"{BASE}shapes"))
    for word in ("ceasefire", "peace agreements", "obligations", "claims", "news"):
        yield Triple(DATASET, NamedNode(DCAT + "keyword"), _english(word))
    yield from _times(store)
    yield from _statistics(store, articles)
    yield from _links(store)
    yield from _access(store, licence)


def _times(store: Store) -> Iterator[Triple]:
    """Yield when the store was last added to, and from when to when its articles are."""
    where = "GRAPH ?g { ?c prov:generatedAtTime ?time ; accord:extractedWith ?version }"
    for name, key in (("MIN", "issued"), ("MAX", "modified")):
        for row in _select(store, f"SELECT ({name}(STR(?time)) AS ?t) WHERE {{ {where} }}"):
            if row["t"] is not None and row["t"].value:
                when = Literal(row["t"].value, datatype=term("xsd", "dateTime"))
                yield _says(DATASET, "dcterms", key, when)
    versions = _select(
        store, "SELECT DISTINCT ?v WHERE { GRAPH ?g { ?run accord:softwareVersion ?v } }"
    )
    for row in versions:
        yield Triple(DATASET, NamedNode(DCAT + "version"), row["v"])
    where = "GRAPH ?g { ?a accord:publishedOn ?day }"
    period = NamedNode(f"{DATASET.value}#period")
    for name, key in (("MIN", "startDate"), ("MAX", "endDate")):
        for row in _select(store, f"SELECT ({name}(STR(?day)) AS ?t) WHERE {{ {where} }}"):
            if row["t"] is not None and row["t"].value:
                day = Literal(row["t"].value, datatype=term("xsd", "date"))
                yield _says(DATASET, "dcterms", "temporal", period)
                yield Triple(period, TYPE, term("dcterms", "PeriodOfTime"))
                yield Triple(period, NamedNode(DCAT + key), day)


def _statistics(store: Store, articles: int) -> Iterator[Triple]:
    for name, count in (
        ("triples", _count(store, "GRAPH ?g { ?s ?p ?o }", "*")),
        ("entities", _count(store, "GRAPH ?g { ?x a ?type }", "DISTINCT ?x")),
        ("distinctSubjects", _count(store, "GRAPH ?g { ?x ?p ?o }", "DISTINCT ?x")),
        ("distinctObjects", _count(store, "GRAPH ?g { ?s ?p ?x }", "DISTINCT ?x")),
        ("documents", articles),
    ):
        yield _void(DATASET, name, _integer(count))
    for vocabulary in _VOCABULARIES:
        yield _void(DATASET, "vocabulary", NamedNode(vocabulary))
    yield _void(DATASET, "uriSpace", Literal(f"{BASE}id/"))
    kinds = (
        ("class", "entities", "SELECT ?x (COUNT(DISTINCT ?s) AS ?n) { GRAPH ?g { ?s a ?x } }"),
        ("property", "triples", "SELECT ?x (COUNT(*) AS ?n) { GRAPH ?g { ?s ?x ?o } }"),
    )
    for kind, counted, select in kinds:
        rows = list(_select(store, f"{select} GROUP BY ?x ORDER BY ?x"))
        plural = "classes" if kind == "class" else "properties"
        yield _void(DATASET, plural, _integer(len(rows)))
        for row in rows:
            part = NamedNode(f"{DATASET.value}#{kind}-{_slug(row['x'].value)}")
            yield _void(DATASET, f"{kind}Partition", part)
            yield _void(part, kind, row["x"])
            yield _void(part, counted, row["n"])


def _links(store: Store) -> Iterator[Triple]:
    """Yield the links to Wikidata as a linkset."""
    where = (
        "GRAPH ?g { ?x skos:exactMatch ?item } "
        'FILTER(STRSTARTS(STR(?item), "http://www.wikidata.org/entity/"))'
    )
    links = NamedNode(f"{DATASET.value}#wikidata")
    wikidata = NamedNode("http://www.wikidata.org/")
    yield _void(DATASET, "subset", links)
    yield from _is_a(links, VOID + "Linkset")
    yield _void(links, "linkPredicate", term("skos", "exactMatch"))
    yield _void(links, "subjectsTarget", DATASET)
    yield _void(links, "objectsTarget", wikidata)
    yield _void(links, "triples", _integer(_count(store, where, "*")))
    yield from _is_a(wikidata, VOID + "Dataset")
    yield Triple(wikidata, term("dcterms", "title"), _english("Wikidata"))


def _access(store: Store, licence: str) -> Iterator[Triple]:
    """Yield how to get at the data: the forms that `accord export` writes, and a server's query."""
    for name, (title, media) in _DISTRIBUTIONS.items():
        form = NamedNode(f"{DATASET.value}#{name}")
        yield Triple(DATASET, NamedNode(DCAT + "distribution"), form)
        yield from _is_a(form, DCAT + "Distribution")
        yield _says(form, "dcterms", "title", _english(title))
        yield _says(form, "dcterms", "license", NamedNode(licence))
        yield Triple(form, NamedNode(DCAT + "mediaType"), NamedNode(_MEDIA + media))
    if store.address.startswith(("http://", "https://")):
        endpoint = NamedNode(f"{store.address}/query")
        service = NamedNode(f"{DATASET.value}#sparql")
        yield _void(DATASET, "sparqlEndpoint", endpoint)
        yield from _is_a(service, DCAT + "DataService")
        yield _says(service, "dcterms", "title", _english("SPARQL 1.1"))
        yield Triple(service, NamedNode(DCAT + "endpointURL"), endpoint)
        yield Triple(service, NamedNode(DCAT + "servesDataset"), DATASET)
    creator = NamedNode(BASE)
    yield _says(DATASET, "dcterms", "creator", creator)
    yield from _is_a(creator, PREFIXES["prov"] + "SoftwareAgent")
    yield _says(creator, "rdfs", "label", _english(f"Accord {__version__}"))


def _select(store: Store, sparql: str) -> Iterator[Any]:
    answer: Any = store.query(sparql)
    return iter(answer)


def _count(store: Store, where: str, what: str) -> int:
    (row,) = _select(store, f"SELECT (COUNT({what}) AS ?n) WHERE {{ {where} }}")
    return int(row["n"].value)


def _says(node: NamedNode, prefix: str, name: str, value: NamedNode | Literal) -> Triple:
    return Triple(node, term(prefix, name), value)


def _void(node: NamedNode, name: str, value: NamedNode | Literal) -> Triple:
    return Triple(node, NamedNode(VOID + name), value)


def _is_a(node: NamedNode, *kinds: str) -> Iterator[Triple]:
    return (Triple(node, TYPE, NamedNode(kind)) for kind in kinds)


def _english(text: str) -> Literal:
    return Literal(text, language="en")


def _integer(number: int) -> Literal:
    return Literal(number)


def _slug(iri: str) -> str:
    """Return a short name for a term: its prefix and name, else what its IRI ends in."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}-{iri.removeprefix(namespace)}"
    head, _, name = iri.rstrip("/#").replace("#", "/").rpartition("/")
    return f"{head.rpartition('/')[2]}-{name}"
