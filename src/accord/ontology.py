"""The ontology, the vocabulary and its links as named graphs of a store, beside the articles."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from accord.graph import BASE, ONTOLOGY, NamedGraph
from accord.graph.jsonld import sorted_ntriples
from accord.resources import resource
from accord.store import Store

FILES = ("accord", "schemes", "actors", "agreements", "geometries", "links", "identifiers")
"""The graphs, by name: Turtle files of ``ontology/``, and two tables of ``mappings/``."""

_TABLES = {"links": "links.sssom.tsv", "identifiers": "identifiers.tsv"}


def outdated_graphs(store: Store) -> list[NamedGraph]:
    """Return the graphs of those files that the store does not have as they are now."""
    names = " ".join(f"<{BASE}graph/{name}>" for name in FILES)
    rows: Any = store.query(
        f"SELECT ?g ?hash WHERE {{ VALUES ?g {{ {names} }} GRAPH ?g {{ ?g accord:sha256 ?hash }} }}"
    )
    stored = {row["g"].value: row["hash"].value for row in rows}
    graphs = []
    for name in FILES:
        iri = f"{BASE}graph/{name}"
        digest = hashlib.sha256(_path(name).read_bytes()).hexdigest()
        if stored.get(iri) != digest:
            triples = shipped(name)
            triples.append(Triple(NamedNode(iri), NamedNode(f"{ONTOLOGY}sha256"), Literal(digest)))
            graphs.append(NamedGraph(iri, sorted_ntriples(triples)))
    return graphs


def shipped(name: str) -> list[Triple]:
    """Return what one of the :data:`FILES` says.

    :raises LinkError: if a table is wrong, naming the line
    """
    # Not at the top: these two look at the ontology themselves.
    from accord.linking import identifiers, mapping_set

    if name == "links":
        return list(mapping_set.triples(mapping_set.curated()))
    if name == "identifiers":
        return list(identifiers.triples(identifiers.identifiers()))
    return [quad.triple for quad in parse(path=str(_path(name)), format=RdfFormat.TURTLE)]


def _path(name: str) -> Path:
    if name in _TABLES:
        return resource("mappings", _TABLES[name])
    return resource("ontology", f"{name}.ttl")
