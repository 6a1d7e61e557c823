"""The ontology, the schemes and the vocabulary as named graphs of a store, beside the articles."""

from __future__ import annotations

import hashlib
from typing import Any

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from accord.graph import BASE, ONTOLOGY, NamedGraph
from accord.graph.jsonld import sorted_ntriples
from accord.resources import resource
from accord.store import Store

FILES = ("accord", "schemes", "actors", "agreements", "geometries")
"""Stems of the Turtle files in ``ontology/`` that go into the store."""


def outdated_graphs(store: Store) -> list[NamedGraph]:
    """Return the graphs of those files that the store does not have as they are now."""
    names = " ".join(f"<{BASE}graph/{name}>" for name in FILES)
    rows: Any = store.query(
        f"SELECT ?g ?hash WHERE {{ VALUES ?g {{ {names} }} GRAPH ?g {{ ?g accord:sha256 ?hash }} }}"
    )
    stored = {row["g"].value: row["hash"].value for row in rows}
    graphs = []
    for name in FILES:
        path = resource("ontology", f"{name}.ttl")
        iri = f"{BASE}graph/{name}"
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if stored.get(iri) != digest:
            triples = [quad.triple for quad in parse(path=str(path), format=RdfFormat.TURTLE)]
            triples.append(Triple(NamedNode(iri), NamedNode(f"{ONTOLOGY}sha256"), Literal(digest)))
            graphs.append(NamedGraph(iri, sorted_ntriples(triples)))
    return graphs
