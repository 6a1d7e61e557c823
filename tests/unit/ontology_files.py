"""The ontology's files as rdflib graphs, parsed once for all tests, and what uses their terms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from rdflib import Graph, Literal

from accord.graph import ONTOLOGY
from accord.graph.jsonld import sorted_ntriples
from accord.ontology import FILES, shipped
from accord.resources import resource
from tests.conftest import ROOT

WIKIDATA = "http://www.wikidata.org/entity/"


@cache
def graph(name: str) -> Graph:
    """Return one file of ``ontology/``, or a table of ``mappings/``; not to be changed."""
    path = ROOT / "ontology" / f"{name}.ttl"
    if path.exists():
        return Graph().parse(path)
    return Graph().parse(data=sorted_ntriples(shipped(name)), format="nt")


@cache
def union(*names: str) -> Graph:
    """Return several files as one graph, all that are loaded into a store without names."""
    together = Graph()
    for name in names or FILES:
        together += graph(name)
    return together


def terms(triples: Graph) -> set[str]:
    """Return Accord's terms that stand anywhere in a graph, datatypes included, as local names."""
    nodes = {node for triple in triples for node in triple}
    datatypes = {node.datatype for node in nodes if isinstance(node, Literal) and node.datatype}
    found = {str(node) for node in nodes | datatypes if node.startswith(ONTOLOGY)}
    return {iri.removeprefix(ONTOLOGY) for iri in found if iri != ONTOLOGY}


def texts_that_make() -> Iterator[tuple[Path, str]]:
    """Yield what writes triples: the mapping, the rules, and the code, with its text."""
    yield _read(resource("mappings", "claim.context.jsonld"))
    yield from map(_read, sorted(resource("mappings").glob("rules/**/*.rq")))
    yield from map(_read, sorted((ROOT / "src" / "accord").rglob("*.py")))


def texts_that_ask() -> Iterator[tuple[Path, str]]:
    """Yield what reads triples: the named queries and the shapes, with its text."""
    yield from map(_read, sorted(resource("ontology").glob("queries/**/*.rq")))
    yield _read(resource("ontology", "shapes.ttl"))


def named_in(text: str) -> set[str]:
    """Return the local names of Accord's terms in code, a query, Turtle or JSON."""
    # "accord:holder", f"{ONTOLOGY}sha256"; not "accord://..." nor a prefix's declaration.
    found = re.findall(r"(?:\baccord:|\{ONTOLOGY\}|ontology#)([A-Za-z][\w-]*)", text)
    return {name.rstrip("-") for name in found} - {"NAME"}


def _read(path: Path) -> tuple[Path, str]:
    return path, path.read_text(encoding="utf-8")
