"""Derivation: keeps the graphs that rules derive in step with the articles of a store.

:mod:`~accord.rules.upkeep` marks articles that were replaced; :class:`Derivation` derives for those
that have a marker and removes it, so that a run that is killed in between is finished by the next.
The graph ``graph/rules`` says which rules, with which hashes, the derived graphs are by; when these
are not the installed ones, all articles are marked for the rules that have changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import Triple

from accord.graph import BASE, ONTOLOGY, NamedGraph, graph_iri
from accord.graph.jsonld import sorted_ntriples
from accord.rules import TOPICS, Rule, load_rules
from accord.rules.topics import Topics, find_pairs, find_topics
from accord.rules.upkeep import (
    MANY,
    TYPE,
    article_of,
    marked,
    marker,
    marker_iri,
    select_graphs,
    text,
    triple,
)
from accord.store import Store
from accord.vocabulary import load_vocabulary

LEDGER = f"{BASE}graph/rules"
SIDES = f"{BASE}graph/sides"
_DERIVED_FROM = "http://www.w3.org/ns/prov#wasDerivedFrom"
_DCTERMS = "http://purl.org/dc/terms/"
_BATCH = 25
"""Articles that are derived for in one transaction."""

Compared = tuple[str, str, str]
"""A claim, another one, and the graph of that one's article."""


@dataclass(slots=True)
class Derived:
    """What a derivation did: for how many articles, and how many statements each rule made."""

    articles: int = 0
    statements: Counter[str] = field(default_factory=Counter)


class Derivation:
    """The derived graphs of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rules = load_rules()

    def begin(self, anew: bool = False) -> int:
        """Mark the articles that installed rules have not seen; return how many have a marker.

        :param anew: mark all articles for all rules, and drop what was derived for none
        """
        rows: Any = self._store.query(
            f"SELECT ?rule ?hash WHERE {{ GRAPH <{LEDGER}> {{ ?rule accord:sha256 ?hash }} }}"
        )
        before = {row["rule"].value: row["hash"].value for row in rows}
        now = {rule.iri: rule.hash for rule in self._rules.values()}
        if anew or before != now:
            self._mark(
                rule for rule, by in self._rules.items() if anew or before.get(by.iri) != by.hash
            )
            gone = before.keys() - now.keys()
            stray = select_graphs(self._store, "accord:byRule", gone) if gone else []
            stray += self._strays() if anew else []
            # Last, so that a run that is killed on the way begins anew.
            self._store.replace([self._ledger(), _sides()], drop=sorted(set(stray)))
        return len(marked(self._store))

    def finish(self, tick: Callable[[int], None] = lambda _: None) -> Derived:
        """Derive for all articles that have a marker.

        :param tick: called with the number of articles that were done, after each transaction
        """
        done = Derived()
        seen: set[str] = set()
        names = marked(self._store)
        speaking = self._speaking(names)
        silent = sorted(names.keys() - speaking)
        for start in range(0, len(silent), MANY):
            articles = silent[start : start + MANY]
            self._store.replace([], drop=select_graphs(self._store, "accord:derivedFor", articles))
            done.articles += len(articles)
            tick(len(articles))
        waiting = sorted((article, names[article]) for article in speaking)
        for start in range(0, len(waiting), _BATCH):
            batch = waiting[start : start + _BATCH]
            for graph, count in self._derive(batch).items():
                # What two articles say is derived from either side.
                if graph not in seen:
                    seen.add(graph)
                    done.statements[graph.split("/")[-2]] += count
            done.articles += len(batch)
            tick(len(batch))
        return done

    def _derive(self, batch: Sequence[tuple[str, set[str]]]) -> dict[str, int]:
        """Derive for some articles; return how much each graph says that came of it."""
        topics = {article: find_topics(self._store, article) for article, _ in batch}
        # All topics first, so that the articles of a batch find each other.
        self._store.replace(self.topics_graph(found) for found in topics.values())
        graphs: dict[str, NamedGraph] = {}
        counts: dict[str, int] = {}
        for article, names in batch:
            rules = [self._rules[rule] for rule in sorted(names & self._rules.keys() - {TOPICS})]
            paired = any(rule.takes_pairs for rule in rules)
            pairs = find_pairs(self._store, topics[article]) if paired else []
            for rule in rules:
                for graph, count in self._apply(rule, article, pairs):
                    graphs[graph.iri], counts[graph.iri] = graph, count
        done = [marker_iri(article) for article, _ in batch]
        self._store.replace(graphs.values(), drop=[*self._before(batch), *done])
        return counts

    def _apply(
        self, rule: Rule, article: str, pairs: Sequence[Compared]
    ) -> Iterator[tuple[NamedGraph, int]]:
        """Yield the graphs of what a rule derives for an article, with how much each one says."""
        if not rule.takes_pairs:
            answer: Any = self._store.query(rule.query(article))
            if made := set(answer):
                count = sum(said.predicate.value == TYPE for said in made)
                yield self._graph(rule, [article], made), count
            return
        graphs = {other: graph for _, other, graph in pairs}
        found: dict[str, set[Triple]] = {}
        for start in range(0, len(pairs), MANY):
            answer = self._store.query(rule.query(article, pairs[start : start + MANY]))
            for said in answer:
                found.setdefault(graphs[said.object.value], set()).add(_one_way(said))
        for graph, made in found.items():
            yield self._graph(rule, {article, article_of(graph)}, made), len(made)

    def _graph(self, rule: Rule, articles: Iterable[str], made: Iterable[Triple]) -> NamedGraph:
        """Return the graph of what a rule derives from articles, with what it says of itself."""
        articles = sorted(articles)
        iri = rule.graph(*articles)
        read = [*map(graph_iri, articles), *rule.constants]
        if rule.needs_topics:
            read += [self._rules[TOPICS].graph(article) for article in articles]
        about = [
            triple(iri, TYPE, f"{ONTOLOGY}DerivedGraph"),
            triple(iri, f"{ONTOLOGY}byRule", rule.iri),
            text(iri, f"{ONTOLOGY}ruleHash", rule.hash),
            *(triple(iri, f"{ONTOLOGY}derivedFor", article) for article in articles),
            *(triple(iri, _DERIVED_FROM, graph) for graph in read),
        ]
        return NamedGraph(iri, sorted_ntriples([*made, *about]))

    def _speaking(self, articles: Iterable[str]) -> set[str]:
        """Return those of some articles that make claims: from the others nothing follows."""
        wanted, found = list(articles), set[str]()
        for start in range(0, len(wanted), MANY):
            values = " ".join(f"<{graph_iri(one)}>" for one in wanted[start : start + MANY])
            rows: Any = self._store.query(
                f"SELECT DISTINCT ?g WHERE {{ VALUES ?g {{ {values} }} "
                "GRAPH ?g { ?claim accord:holder ?holder } }"
            )
            found.update(article_of(row["g"].value) for row in rows)
        return found

    def _before(self, batch: Sequence[tuple[str, set[str]]]) -> list[str]:
        """Return the derived graphs of articles by the rules that they are marked for."""
        values = " ".join(
            f"(<{article}> <{self._rules[rule].iri}>)"
            for article, names in batch
            for rule in sorted(names & self._rules.keys() - {TOPICS})
        )
        rows: Any = self._store.query(
            f"SELECT DISTINCT ?g WHERE {{ VALUES (?article ?rule) {{ {values} }} GRAPH ?g {{ "
            "?g accord:derivedFor ?article ; accord:byRule ?rule ; a accord:DerivedGraph } }"
        )
        return [row["g"].value for row in rows]

    def topics_graph(self, topics: Topics) -> NamedGraph:
        """Return the graph by which an article's claims are found."""
        about = self._graph(self._rules[TOPICS], [topics.article], ())
        lines = sorted([*topics.triples(), *about.triples.splitlines()])
        return NamedGraph(about.iri, "".join(f"{line}\n" for line in lines))

    def _ledger(self) -> NamedGraph:
        triples = []
        for rule in self._rules.values():
            triples += [
                triple(rule.iri, TYPE, f"{ONTOLOGY}Rule"),
                text(rule.iri, f"{_DCTERMS}title", rule.title, "en"),
                text(rule.iri, f"{_DCTERMS}description", rule.description, "en"),
                text(rule.iri, f"{ONTOLOGY}sha256", rule.hash),
            ]
        return NamedGraph(LEDGER, sorted_ntriples(triples))

    def _mark(self, rules: Iterable[str]) -> None:
        """Mark all articles for some rules; what they are marked for already stays."""
        names = set(rules)
        before = marked(self._store)
        rows: Any = self._store.query(
            "SELECT ?article WHERE { GRAPH ?g { ?article a accord:Article } }"
        )
        articles = sorted({row["article"].value for row in rows})
        for start in range(0, len(articles), MANY):
            self._store.replace(
                marker(article, names | before.get(article, set()))
                for article in articles[start : start + MANY]
            )

    def _strays(self) -> list[str]:
        """Return the derived graphs of articles that are not in the store."""
        rows: Any = self._store.query(
            "SELECT ?g WHERE { GRAPH ?g { ?g accord:derivedFor ?article } "
            "FILTER NOT EXISTS { GRAPH ?source { ?article a accord:Article } } }"
        )
        return [row["g"].value for row in rows]


def _sides() -> NamedGraph:
    """Return the graph that says as whose an actor's words and deeds count, if not as its own."""
    vocabulary = load_vocabulary()
    actors = [entity for entity in vocabulary.entities.values() if not entity.is_place]
    sides = [(actor.iri, vocabulary.side(actor).iri) for actor in actors]
    triples = [triple(actor, f"{ONTOLOGY}side", side) for actor, side in sides if actor != side]
    return NamedGraph(SIDES, sorted_ntriples(triples))


def _one_way(said: Any) -> Triple:
    """Return a relation that holds both ways as said of the claim that comes first."""
    first, second = sorted((said.subject, said.object), key=str)
    return Triple(first, said.predicate, second)
