"""Upkeep of derived graphs: what becomes of them when articles are replaced or dropped.

It is written in the same transaction as the articles. What was derived for them goes, and with it
every statement that points to their claims, since what is derived from two articles has a graph of
its own. A marker (``accord:PendingDerivation``, in a
small graph of its own) says that there is something to derive, until that is done.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from accord.graph import BASE, ONTOLOGY, NamedGraph
from accord.graph.jsonld import sorted_ntriples
from accord.rules import load_rules
from accord.store import Store

DERIVED = f"{BASE}graph/derived/"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
MANY = 500
"""Graphs, articles or pairs in one query or update."""


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Graphs to replace, and names of graphs to drop."""

    graphs: list[NamedGraph]
    drop: list[str]


def upkeep(store: Store, replaced: Iterable[str], dropped: Iterable[str] = ()) -> Upkeep:
    """Return what becomes of derived graphs when article graphs are replaced or dropped.

    :param replaced: names of article graphs that get other content, new ones among them
    :param dropped: names of article graphs that go
    """
    coming, gone = sorted(set(replaced)), set(dropped)
    changed = sorted({*coming, *gone})
    derived = select_graphs(store, "accord:derivedFor", map(article_of, changed))
    graphs = [marker(article_of(graph), load_rules()) for graph in coming if graph not in gone]
    return Upkeep(graphs, derived)


def marker(article: str, rules: Iterable[str]) -> NamedGraph:
    """Return the graph that says that rules, by name, are still to run for an article."""
    iri = marker_iri(article)
    names = load_rules()
    triples = [triple(iri, f"{ONTOLOGY}byRule", names[name].iri) for name in rules]
    triples.append(triple(iri, TYPE, f"{ONTOLOGY}PendingDerivation"))
    triples.append(triple(iri, f"{ONTOLOGY}derivedFor", article))
    return NamedGraph(iri, sorted_ntriples(triples))


def marker_iri(article: str) -> str:
    """Return the name of the graph of an article's marker, given the article's IRI."""
    return f"{DERIVED}pending/{article.rsplit('/', 1)[-1]}"


def marked(store: Store) -> dict[str, set[str]]:
    """Return the names of the rules that are still to run, by the article's IRI."""
    rows: Any = store.query(
        "SELECT ?article ?rule WHERE { GRAPH ?g { ?g a accord:PendingDerivation ; "
        "accord:derivedFor ?article ; accord:byRule ?rule } }"
    )
    found: dict[str, set[str]] = {}
    for row in rows:
        name = row["rule"].value.rsplit("/", 1)[-1]
        found.setdefault(row["article"].value, set()).add(name)
    return found


def select_graphs(store: Store, predicate: str, values: Iterable[str]) -> list[str]:
    """Return the graphs that say of themselves that a property has one of some IRIs."""
    wanted = sorted(set(values))
    found: set[str] = set()
    for start in range(0, len(wanted), MANY):
        part = " ".join(f"<{value}>" for value in wanted[start : start + MANY])
        rows: Any = store.query(
            f"SELECT DISTINCT ?g WHERE {{ VALUES ?value {{ {part} }} "
            f"GRAPH ?g {{ ?g {predicate} ?value }} }}"
        )
        found.update(row["g"].value for row in rows)
    return sorted(found)


def triple(subject: str, predicate: str, value: str) -> Triple:
    """Return a triple of three IRIs."""
    return Triple(NamedNode(subject), NamedNode(predicate), NamedNode(value))


def text(subject: str, predicate: str, value: str, language: str | None = None) -> Triple:
    """Return a triple with a text as its value."""
    return Triple(NamedNode(subject), NamedNode(predicate), Literal(value, language=language))


def article_of(graph: str) -> str:
    """Return the IRI of the article that a graph is of."""
    return graph.replace("/graph/article/", "/id/article/")
