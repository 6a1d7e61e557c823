"""Excerpts: claims of a store, article by article, with all that their articles say of them.

One article's graph is in memory at a time, beside the vocabulary and the IRIs of the claims that
were selected.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from pyoxigraph import Literal, NamedNode, QuerySolutions, Triple

from accord.errors import UsageError
from accord.graph import BASE
from accord.ontology import FILES
from accord.shapes import Statements, Term
from accord.store import PREFIXES, Answer, Store

_LOOKUP = 500
"""Nodes looked up by one query."""

Row = Mapping[str, Term | None]


@dataclass(frozen=True)
class Excerpt:
    """The selected claims of one article, with the statements of the article's graph."""

    graph: NamedNode
    article: NamedNode
    names: tuple[str, ...]
    claims: tuple[NamedNode, ...]
    statements: Statements

    def described(self, *nodes: Term) -> list[Triple]:
        """Return what the article's graph says of nodes, and of the nodes that these name.

        Of a claim that is all that it rests on: evidence, article, outlet, extraction, obligations.
        """
        left = list(reversed(nodes))
        seen = set(nodes)
        found = []
        while left:
            node = left.pop()
            for triple in about(self.statements, node):
                found.append(triple)
                if triple.object not in seen and isinstance(triple.object, NamedNode):
                    seen.add(triple.object)
                    left.append(triple.object)
        return found


class Selection:
    """The claims that are to be published, found in a store.

    :param store: the store
    :param claims: IRIs of claims by the names of their graphs; all claims without it
    """

    def __init__(self, store: Store, claims: Mapping[str, Sequence[str]] | None = None) -> None:
        self.store = store
        self._claims = claims

    @classmethod
    def of_rows(cls, store: Store, rows: Iterable[Row]) -> Selection:
        """Select the claims that the rows of an answer name: see :func:`claims_of`."""
        return cls(store, claims_of(store, rows))

    @cached_property
    def vocabulary(self) -> Statements:
        """What the store's vocabulary graphs say."""
        triples: list[Triple] = []
        for name in FILES:
            triples.extend(_triples(self.store, f"{BASE}graph/{name}"))
        return Statements(triples)

    def __iter__(self) -> Iterator[Excerpt]:
        """Yield the articles that have claims among them, in the order of their graphs' names."""
        if self._claims is None:
            rows = _rows(self.store, "GRAPH ?graph { ?article a accord:Article }", "graph")
            names = sorted({row["graph"].value for row in rows})
        else:
            names = sorted(self._claims)
        for name in names:
            statements = Statements(_triples(self.store, name))
            article = next(statements.instances(term("accord", "Article")), None)
            own = sorted(node.value for node in statements.with_predicate(term("accord", "holder")))  # type: ignore[union-attr]
            wanted = own if self._claims is None else set(self._claims[name])
            claims = tuple(NamedNode(iri) for iri in own if iri in wanted)
            if claims and isinstance(article, NamedNode):
                yield Excerpt(NamedNode(name), article, self._names(article), claims, statements)

    def captured(self, article: NamedNode) -> str:
        """Return when an article was first captured, as an ISO 8601 time."""
        where = f"GRAPH ?c {{ ?c accord:holds {article} ; prov:generatedAtTime ?time }}"
        return min((row["time"].value for row in _rows(self.store, where, "time")), default="")

    def _names(self, article: NamedNode) -> tuple[str, ...]:
        where = f"GRAPH ?c {{ ?c accord:holds {article} ; dcterms:identifier ?name }}"
        return tuple(sorted({row["name"].value for row in _rows(self.store, where, "name")}))


def solutions(answer: Answer) -> tuple[list[str], list[Row]]:
    """Return the names of an answer's columns, and its rows.

    :raises UsageError: if it is not the answer to a SELECT
    """
    if not isinstance(answer, QuerySolutions):
        raise UsageError(
            "Only a SELECT query has rows.", "Write SELECT in the place of ASK or CONSTRUCT."
        )
    names = [variable.value for variable in answer.variables]
    return names, [{name: row[name] for name in names} for row in answer]


def claims_of(store: Store, rows: Iterable[Row]) -> dict[str, list[str]]:
    """Return the claims that the rows of an answer name, by graph.

    They are those whose IRIs stand in it; if there are none, those whose exact words do, in the
    articles that it names, if it names any; and if there are none of these either, all claims of
    these articles.
    """
    rows = list(rows)
    terms = {value for row in rows for value in row.values() if value is not None}
    iris = [value for value in terms if isinstance(value, NamedNode)]
    found = _lookup(store, iris, "GRAPH ?graph { ?claim accord:holder ?holder }", "claim")
    if found:
        return found
    texts = [Literal(value.value) for value in terms if isinstance(value, Literal)]
    named = "GRAPH ?capture { ?capture dcterms:identifier ?name ; accord:holds ?article } "
    claim = "GRAPH ?graph { ?claim accord:statedIn ?article ; accord:holder ?holder }"
    articles = _lookup(store, texts, named + claim, "name")
    quoted = (
        "GRAPH ?graph { ?quote oa:exact ?words . ?span oa:hasSelector ?quote . "
        "?claim accord:evidence ?span ; accord:holder ?holder }"
    )
    found = _lookup(store, texts, quoted, "words")
    if articles and found:
        return {graph: claims for graph, claims in found.items() if graph in articles}
    return found or articles


def about(statements: Statements, node: Term) -> Iterator[Triple]:
    """Yield the triples of a subject."""
    for predicate in statements.predicates(node):
        for value in statements.objects(node, predicate):
            yield Triple(node, predicate, value)  # type: ignore[arg-type]


def term(prefix: str, name: str) -> NamedNode:
    """Return a term of one of the namespaces that every query knows."""
    return NamedNode(PREFIXES[prefix] + name)


def _lookup(
    store: Store, values: Sequence[Term], where: str, variable: str
) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    left = iter(sorted(map(str, values)))
    while some := " ".join(islice(left, _LOOKUP)):
        for row in _rows(store, f"VALUES ?{variable} {{ {some} }} {where}", "graph", "claim"):
            claims = found.setdefault(row["graph"].value, [])
            if row["claim"].value not in claims:
                claims.append(row["claim"].value)
    return found


def _triples(store: Store, graph: str) -> Iterator[Triple]:
    for row in _rows(store, f"GRAPH <{graph}> {{ ?s ?p ?o }}", "s", "p", "o"):
        yield Triple(row["s"], row["p"], row["o"])


def _rows(store: Store, where: str, *names: str) -> Iterator[Any]:
    answer: Any = store.query(
        f"SELECT {' '.join(f'?{name}' for name in names)} WHERE {{ {where} }}"
    )
    return iter(answer)
