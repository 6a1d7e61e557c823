"""Stores of small invented articles, for tests of what is derived from claims."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from accord.article import Article
from accord.claim import OUTLET, Claim, ClaimType
from accord.graph import BASE, NamedGraph, article_graph, article_iri
from accord.ontology import outdated_graphs
from accord.rules.derivation import Derivation, Derived
from accord.rules.upkeep import upkeep
from accord.store import Store
from accord.store.memory import MemoryStore
from accord.versions import Versions
from accord.vocabulary import load_vocabulary

VERSIONS = Versions("test", "test", "test")


def claim(kind: str = "Compliance", holder: str = OUTLET, **fields: Any) -> dict[str, Any]:
    """Return a claim's fields: without others, that Turkey fulfils what it owes under Sochi."""
    given = {"type": ClaimType(kind), "holder": holder, "actor": ("Turkey",), "action": "fulfil"}
    if kind in ("Compliance", "Violation"):
        given["agreement"] = "sochi-2018"
    if kind == "Compliance":
        given["status"] = "fulfilled"
    return given | fields


def make(
    name: str, *claims: dict[str, Any], day: str | None = "2019-02-08", inferred: str | None = None
) -> tuple[Article, NamedGraph]:
    """Return an article and its graph; ``words`` of a claim are quoted, ``outlet`` is the name."""
    text, made, quotations = f"{name}\n", [], []
    for number, fields in enumerate(claims):
        values = dict(fields)
        words = values.pop("words", None)
        start = len(text)
        text += f"“{words}”, it said" if words else f"Sentence {number} of {name}"
        if words:
            quotations.append((start, start + len(words) + 2))
        values |= {"start": start, "end": len(text), "text": text[start:]}
        made.append(Claim(article=name, **values))
        text += ".\n"
    article = Article(
        name=name,
        raw=text,
        text=text,
        published=date.fromisoformat(day) if day else None,
        inferred=inferred,
        outlet=name.split("-")[0],
        address=f"https://news.example/{name}",
    )
    graph = article_graph(article, made, VERSIONS, load_vocabulary(), quotations=quotations)
    return article, graph


def prepared(store: Store | None = None) -> Store:
    """Return an empty store, in memory if none is given, with the ontology in it."""
    store = store or MemoryStore()
    store.replace(outdated_graphs(store))
    return store


def load(store: Store, *graphs: NamedGraph, drop: Iterable[str] = ()) -> None:
    """Load articles' graphs as an ingestion does, up to where it would derive."""
    gone = list(drop)
    derived = upkeep(store, [graph.iri for graph in graphs], gone)
    store.replace([*graphs, *derived.graphs], drop=[*gone, *derived.drop])


def derive(store: Store, *, anew: bool = False) -> Derived:
    """Derive what is pending."""
    derivation = Derivation(store)
    derivation.begin(anew)
    return derivation.finish()


def copy_of(copy: Article, original: Article) -> NamedGraph:
    """Return a graph that says that an article is a copy of another one."""
    line = f"<{article_iri(copy)}> <{BASE}ontology#copyOf> <{article_iri(original)}> .\n"
    return NamedGraph(f"{BASE}graph/copies", line)


def related(store: Store, relation: str) -> set[frozenset[tuple[str, str]]]:
    """Return the pairs of claims that a rule relates, each claim as article and number."""
    rows: Any = store.query(
        "SELECT ?d ?a1 ?s1 ?a2 ?s2 WHERE { "
        f"GRAPH ?d {{ ?c1 accord:{relation} ?c2 }} "
        "GRAPH ?g1 { ?c1 accord:statedIn ?r1 ; accord:evidence/oa:hasSelector/oa:start ?s1 . "
        "?r1 schema:url ?a1 } "
        "GRAPH ?g2 { ?c2 accord:statedIn ?r2 ; accord:evidence/oa:hasSelector/oa:start ?s2 . "
        "?r2 schema:url ?a2 } }"
    )
    found = [
        frozenset((row[f"a{n}"].value.rsplit("/", 1)[-1], row[f"s{n}"].value) for n in "12")
        for row in rows
    ]
    assert len(found) == len(set(found)), "a relation is stated twice"
    return set(found)


def articles(pairs: Iterable[frozenset[tuple[str, str]]]) -> set[frozenset[str]]:
    """Return the pairs of articles of pairs of claims."""
    return {frozenset(article for article, _ in pair) for pair in pairs}
