"""What one would write instead: spaCy, rdflib and SPARQLWrapper in one straight script.

    python benchmarks/baseline.py ARTICLES --endpoint http://127.0.0.1:7878 [--one-by-one]

The same spaCy pipeline finds the same claims; each becomes a node of an rdflib graph, written out
by hand term by term, and each article's graph goes to the server as one ``INSERT DATA``. It does
without all else: no look at what is there already, no batches that are whole or not, no check of
the graph, no provenance of versions, no rules, one process.

``--one-by-one`` calls ``nlp(text)`` for each article, as many scripts do, and not ``nlp.pipe``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from pathlib import Path

from rdflib import RDF, XSD, Graph, Literal, Namespace, URIRef
from spacy.language import Language
from spacy.tokens import Doc
from SPARQLWrapper import POST, SPARQLWrapper

from accord.claim import Claim
from accord.extraction import pipeline

ACCORD = Namespace("https://w3id.org/accord-kg/ontology#")
OA = Namespace("http://www.w3.org/ns/oa#")
DCTERMS = Namespace("http://purl.org/dc/terms/")
ID = Namespace("https://example.org/id/")
SCHEME = Namespace("https://w3id.org/accord-kg/scheme/")


def run(paths: list[Path], endpoint: str, one_by_one: bool = False) -> dict[str, float]:
    """Extract, map and load articles; returns counts and seconds of wall and processor time."""
    nlp = pipeline()
    # The start is not counted, here as little as in what this is compared with.
    list(nlp.pipe(["Russia called on Turkey to withdraw."]))
    wall, cpu = time.perf_counter(), time.process_time()
    triples = claims = 0
    for path, doc in zip(paths, documents(nlp, paths, one_by_one), strict=True):
        graph = map_article(path, doc)
        insert(graph, endpoint, ID[f"graph/{path.stem}"])
        triples += len(graph)
        claims += len(doc._.claims)
    return {
        "articles": len(paths),
        "claims": claims,
        "triples": triples,
        "wall": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
    }


def documents(nlp: Language, paths: list[Path], one_by_one: bool) -> list[Doc] | map[Doc]:
    """Return the articles' documents, one after the other."""
    texts = (path.read_text(encoding="utf-8", errors="replace") for path in paths)
    return map(nlp, texts) if one_by_one else nlp.pipe(texts)  # type: ignore[return-value]


def map_article(path: Path, doc: Doc) -> Graph:
    """Write an article and its claims as triples."""
    graph = Graph()
    article = ID[f"article/{path.stem}"]
    graph.add((article, RDF.type, ACCORD.Article))
    graph.add((article, DCTERMS.identifier, Literal(path.name)))
    graph.add((article, ACCORD.sha256, Literal(hashlib.sha256(doc.text.encode()).hexdigest())))
    for number, claim in enumerate(doc._.claims):
        add_claim(graph, article, ID[f"claim/{path.stem}/{number}"], claim)
    return graph


def add_claim(graph: Graph, article: URIRef, node: URIRef, claim: Claim) -> None:
    """Write a claim with its evidence."""
    graph.add((node, RDF.type, ACCORD[f"{claim.type.value}Claim"]))
    graph.add((node, ACCORD.statedIn, article))
    graph.add((node, ACCORD.holder, name(claim.holder)))
    graph.add((node, ACCORD.polarity, SCHEME[f"polarity/{claim.polarity.value}"]))
    graph.add((node, ACCORD.modality, SCHEME[f"modality/{claim.modality.value}"]))
    for actor in claim.actor:
        graph.add((node, ACCORD.actor, name(actor)))
    for target in claim.target:
        graph.add((node, ACCORD.target, name(target)))
    for term, value in (
        (ACCORD.speaker, claim.speaker),
        (ACCORD.agreement, claim.agreement),
        (ACCORD.place, claim.place),
    ):
        if value:
            graph.add((node, term, name(value)))
    for term, value in (
        (ACCORD.action, claim.action),
        (ACCORD.time, claim.time),
        (ACCORD.due, claim.due),
    ):
        if value:
            graph.add((node, term, Literal(value)))
    if claim.status:
        graph.add((node, ACCORD.status, SCHEME[f"status/{claim.status.value}"]))
    if claim.confidence is not None:
        graph.add((node, ACCORD.confidence, Literal(claim.confidence, datatype=XSD.decimal)))
    evidence, position, quote = (URIRef(f"{node}#{part}") for part in ("e", "position", "quote"))
    graph.add((node, ACCORD.evidence, evidence))
    graph.add((evidence, RDF.type, OA.SpecificResource))
    graph.add((evidence, OA.hasSource, article))
    for selector, kind in ((position, OA.TextPositionSelector), (quote, OA.TextQuoteSelector)):
        graph.add((evidence, OA.hasSelector, selector))
        graph.add((selector, RDF.type, kind))
    graph.add((position, OA.start, Literal(claim.start, datatype=XSD.nonNegativeInteger)))
    graph.add((position, OA.end, Literal(claim.end, datatype=XSD.nonNegativeInteger)))
    graph.add((quote, OA.exact, Literal(claim.text)))


def name(label: str) -> URIRef:
    """Return an IRI for a name."""
    return ID[f"name/{hashlib.sha256(label.encode()).hexdigest()[:24]}"]


def insert(graph: Graph, endpoint: str, target: URIRef) -> None:
    """Send a graph to the server as one update."""
    client = SPARQLWrapper(f"{endpoint}/update")
    client.setMethod(POST)
    client.setQuery(f"INSERT DATA {{ GRAPH <{target}> {{ {graph.serialize(format='nt')} }} }}")
    client.query()


def main() -> None:
    """Run the script and print its figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("articles", type=Path)
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--one-by-one", action="store_true")
    options = parser.parse_args()
    paths = sorted(options.articles.glob("*.txt"))
    json.dump(run(paths, options.endpoint, options.one_by_one), sys.stdout)


if __name__ == "__main__":
    main()
