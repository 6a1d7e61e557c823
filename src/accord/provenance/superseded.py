"""Superseded extractions: what a store keeps of the ones that are replaced or dropped.

Each has a small graph of its own, that says what made it, where it was found and until when it
held, and has its statements as one literal, so that no question about what is said now meets them.
Where only the versions changed and not what was said, it points to the extraction that says the
same, and a change of a word list does not double the store.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import RdfFormat, Triple, parse, serialize
from pyoxigraph import Store as Oxigraph

from accord.graph import BASE, ONTOLOGY, NamedGraph, short_hash
from accord.graph.jsonld import ntriples, sorted_ntriples
from accord.provenance.capture import Capture, captures_of
from accord.store import PREFIXES, Store
from accord.versions import Versions

_EXTRACTION = re.compile(
    rf"^<([^>]+)> <[^>]+#type> <{re.escape(ONTOLOGY)}Extraction> \.$", re.MULTILINE
)
_MANY = 500
"""Graphs looked up by one query."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Graphs to write, and names of graphs to drop."""

    graphs: list[NamedGraph]
    drop: list[str]


@dataclass(frozen=True, slots=True)
class _Said:
    """An extraction as it stands in the store: its graph's name, its article, what made it."""

    graph: str
    iri: str
    article: str
    versions: Versions


def keep(store: Store, coming: Sequence[NamedGraph], going: Iterable[str], when: str) -> Kept:
    """Return what to write so that extractions stay answerable, and what of that holds again.

    :param coming: article graphs that take the place of those of the same name
    :param going: names of article graphs that are dropped
    :param when: until when those held that the store has now, ISO 8601
    """
    new = {graph.iri: graph for graph in coming}
    made = {iri: _extraction(graph.triples) for iri, graph in new.items()}
    old = [said for said in _standing(store, [*new, *going]) if made.get(said.graph) != said.iri]
    found: dict[str, list[Capture]] = {}
    for capture in captures_of(store, {said.article for said in old}):
        found.setdefault(capture.holds or "", []).append(capture)
    graphs = []
    for said in old:
        answer: Any = store.query(
            f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{said.graph}> {{ ?s ?p ?o }} }}"
        )
        triples = sorted_ntriples(answer)
        again = new.get(said.graph)
        same = again and _content(again.triples, made[said.graph]) == _content(triples, said.iri)
        graphs.append(
            _graph(said, triples, made[said.graph] if same else "", found[said.article], when)
        )
    back = {superseded_iri(iri) for iri in made.values()}
    return Kept(graphs, _existing(store, back))


def superseded_iri(extraction: str) -> str:
    """Return the name of the graph that keeps an extraction, given the extraction's IRI."""
    return f"{BASE}graph/superseded/{short_hash(extraction)}"


def read_statements(text: str) -> list[Triple]:
    """Return the triples of a literal of statements."""
    return [quad.triple for quad in parse(text, format=RdfFormat.TURTLE)]


def _graph(
    said: _Said, triples: str, same: str, captures: Iterable[Capture], when: str
) -> NamedGraph:
    iri = superseded_iri(said.iri)
    nodes: list[dict[str, Any]] = [
        {
            "id": iri,
            "type": "SupersededGraph",
            "formerly": said.graph,
            "run": said.iri,
            "invalidated": when,
            "claims": triples.count(f" <{ONTOLOGY}holder> "),
            "sameStatements": same,
            "statements": "" if same else _turtle(triples),
        },
        {
            "id": said.iri,
            "type": "Extraction",
            "used": said.article,
            "software": said.versions.software,
            "model": said.versions.model,
            "mappings": said.versions.mappings,
        },
    ]
    for capture in captures:
        node = capture.node()
        node |= {
            "id": f"{iri}/{short_hash(capture.location)}",
            "type": "FormerCapture",
            "held": node.pop("holds"),
        }
        nodes.append(node)
    return NamedGraph(iri, ntriples(nodes))


def _turtle(triples: str) -> str:
    """Return N-Triples as Turtle: a third as long, and in the same order."""
    parsed = (quad.triple for quad in parse(triples, format=RdfFormat.N_TRIPLES))
    return (serialize(parsed, format=RdfFormat.TURTLE, prefixes=PREFIXES) or b"").decode()


def _content(triples: str, extraction: str) -> frozenset[str]:
    """Return the lines of an article's graph without what is of this extraction alone.

    Stores write some literals in a form of their own ("10"^^xsd:integer for a
    xsd:nonNegativeInteger), so that both sides go through one before they are compared.
    """
    passed = Oxigraph()
    passed.load(triples.encode(), format=RdfFormat.N_TRIPLES)
    own = f"<{extraction}>"
    lines = sorted_ntriples(quad.triple for quad in passed).splitlines()
    return frozenset(line.replace(own, "<>") for line in lines if not line.startswith(own))


def _extraction(triples: str) -> str:
    match = _EXTRACTION.search(triples)
    return match[1] if match else ""


def _standing(store: Store, graphs: Sequence[str]) -> list[_Said]:
    """Return the extractions that article graphs of the store are of."""
    found = []
    for start in range(0, len(graphs), _MANY):
        values = " ".join(f"<{iri}>" for iri in graphs[start : start + _MANY])
        rows: Any = store.query(
            f"SELECT ?g ?e ?article ?software ?model ?mappings WHERE {{ VALUES ?g {{ {values} }} "
            "GRAPH ?g { ?e a accord:Extraction ; prov:used ?article ; accord:softwareVersion "
            "?software ; accord:modelHash ?model ; accord:mappingHash ?mappings } }"
        )
        for row in rows:
            versions = Versions(*(row[name].value for name in ("software", "model", "mappings")))
            found.append(_Said(row["g"].value, row["e"].value, row["article"].value, versions))
    return sorted(found, key=lambda said: said.iri)


def _existing(store: Store, graphs: Iterable[str]) -> list[str]:
    wanted, found = sorted(graphs), []
    for start in range(0, len(wanted), _MANY):
        values = " ".join(f"<{iri}>" for iri in wanted[start : start + _MANY])
        rows: Any = store.query(
            f"SELECT ?g WHERE {{ VALUES ?g {{ {values} }} GRAPH ?g {{ ?g a "
            "accord:SupersededGraph } }"
        )
        found += [row["g"].value for row in rows]
    return found
