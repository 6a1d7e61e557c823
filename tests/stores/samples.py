"""A small store with graphs as Accord writes them: articles with claims, and captures of them."""

from __future__ import annotations

from collections.abc import Iterable

from accord.graph import BASE, NamedGraph
from accord.provenance.capture import Capture

XSD = "http://www.w3.org/2001/XMLSchema#"
EX = "https://example.org/"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


def article(number: int, words: str = "") -> NamedGraph:
    """An article's graph with one claim, and with literals that servers may rewrite."""
    iri = f"{BASE}id/article/{number:04}"
    claim = f"{BASE}id/claim/{number:04}"
    triples = [
        f"<{iri}> {TYPE} <{BASE}ontology#Article>",
        f"<{claim}> {TYPE} <{BASE}ontology#DemandClaim>",
        f"<{claim}> <{BASE}ontology#holder> <{BASE}id/actor/russia>",
        f"<{claim}> <{BASE}ontology#statedIn> <{iri}>",
        f'<{claim}> <{EX}yes> "true"^^<{XSD}boolean>',
        f'<{claim}> <{EX}share> "1.50"^^<{XSD}decimal>',
        f'<{claim}> <{EX}when> "2019-02-08T10:00:00+00:00"^^<{XSD}dateTime>',
        f'<{claim}> <{EX}words> "{words} “é”\\n😀 {number}"',
        f'<{claim}> <{EX}words> "Sochi"@en-GB',
    ]
    return NamedGraph(f"{BASE}graph/article/{number:04}", _sorted(triples))


def capture(number: int) -> NamedGraph:
    """The graph that says that an article is there."""
    return Capture(
        location=f"file:///{number}.txt",
        name=f"{number}.txt",
        digest="0" * 64,
        version="1",
        captured="2019-02-08T10:00:00+00:00",
        holds=f"{BASE}id/article/{number:04}",
    ).graph()


def graphs(numbers: Iterable[int]) -> list[NamedGraph]:
    return [graph for number in numbers for graph in (capture(number), article(number))]


def run_graph(triples: str) -> NamedGraph:
    return NamedGraph(f"{BASE}graph/run/one", triples)


def _sorted(triples: Iterable[str]) -> str:
    return "".join(sorted(f"{triple} .\n" for triple in triples))
