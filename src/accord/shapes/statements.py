"""Statements: the triples of one graph in memory, indexed as SHACL looks at them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

Term = NamedNode | BlankNode | Literal | Triple

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
TYPE = NamedNode(_RDF + "type")
FIRST = NamedNode(_RDF + "first")
REST = NamedNode(_RDF + "rest")
NIL = NamedNode(_RDF + "nil")
SUBCLASS = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")

_NOTHING: dict[NamedNode, list[Term]] = {}


class Statements:
    """Triples by subject and predicate, and by predicate and object.

    :param triples: the triples of the graph; they are read once
    :param beside: what else is known (the vocabulary): it answers questions about a node, but its
        nodes are not looked at for themselves
    """

    def __init__(self, triples: Iterable[Triple], beside: Statements | None = None) -> None:
        self.beside = beside
        self._forward: dict[Term, dict[NamedNode, list[Term]]] = {}
        self._typed: dict[Term, list[Term]] = defaultdict(list)
        self._backward: dict[NamedNode, dict[Term, list[Term]]] | None = None
        self._store: Store | None = None
        self._answers: dict[str, Mapping[Term, list[Term | None]]] = {}
        self._kinds: dict[Term, frozenset[Term]] = {} if beside is None else beside._kinds
        for triple in triples:
            by_predicate = self._forward.setdefault(triple.subject, {})
            values = by_predicate.setdefault(triple.predicate, [])
            if triple.object not in values:
                values.append(triple.object)
                if triple.predicate == TYPE:
                    self._typed[triple.object].append(triple.subject)

    def objects(self, node: Term, predicate: NamedNode) -> list[Term]:
        """Return what stands behind a node and a predicate, each once."""
        own = self._forward.get(node, _NOTHING).get(predicate, [])
        beside = self.beside
        if beside is None or (beside.beside is None and node not in beside._forward):
            return own
        more = beside.objects(node, predicate)
        return [*own, *(term for term in more if term not in own)] if more else own

    def subjects(self, predicate: NamedNode, node: Term) -> list[Term]:
        """Return what stands before a predicate and a node, each once."""
        own = self._reverse().get(predicate, {}).get(node, [])
        if self.beside is None:
            return own
        more = self.beside.subjects(predicate, node)
        return [*own, *(term for term in more if term not in own)] if more else own

    def __len__(self) -> int:
        """Return the number of triples, without those beside."""
        return sum(len(terms) for values in self._forward.values() for terms in values.values())

    def untyped(self) -> set[NamedNode]:
        """Return the IRIs, as subjects or objects, of which nothing says what they are."""
        named = set(self._forward)
        for values in self._forward.values():
            for terms in values.values():
                named.update(terms)
        return {
            term for term in named if isinstance(term, NamedNode) and not self.objects(term, TYPE)
        }

    def predicates(self, node: Term) -> Iterator[NamedNode]:
        """Yield the predicates that a subject has here."""
        yield from self._forward.get(node, {})

    def with_predicate(self, predicate: NamedNode) -> Iterator[Term]:
        """Yield the subjects that have a predicate."""
        return (node for node, values in self._forward.items() if predicate in values)

    def behind(self, predicate: NamedNode) -> Iterator[Term]:
        """Yield the objects of a predicate."""
        yield from self._reverse().get(predicate, {})

    def instances(self, kind: Term) -> Iterator[Term]:
        """Yield the nodes of a class or of one below it."""
        found: dict[Term, None] = {}
        for below in self._below(kind):
            found.update(dict.fromkeys(self._typed.get(below, ())))
        yield from found

    def is_a(self, node: Term, kind: Term) -> bool:
        """Tell whether a node is of a class or of one below it."""
        below = self._below(kind)
        return any(term in below for term in self.objects(node, TYPE))

    def members(self, head: Term) -> Iterator[Term]:
        """Yield the members of an RDF list."""
        while head != NIL:
            yield from self.objects(head, FIRST)
            (head,) = self.objects(head, REST)

    def answers(self, select: str) -> Mapping[Term, list[Term | None]]:
        """Return what a SELECT query of ``?this`` and perhaps ``?value`` finds, by ``?this``.

        It sees these triples only, as the default graph.
        """
        if select not in self._answers:
            found: dict[Term, list[Term | None]] = defaultdict(list)
            rows: Any = self._queryable().query(select)
            names = [variable.value for variable in rows.variables]
            for row in rows:
                found[row["this"]].append(row["value"] if "value" in names else None)
            self._answers[select] = found
        return self._answers[select]

    def _queryable(self) -> Store:
        if self._store is None:
            self._store = Store()
            self._store.extend(
                Quad(node, predicate, value)  # type: ignore[arg-type]
                for node, values in self._forward.items()
                for predicate, terms in values.items()
                for value in terms
            )
        return self._store

    def _reverse(self) -> dict[NamedNode, dict[Term, list[Term]]]:
        if self._backward is None:
            self._backward = {}
            for node, values in self._forward.items():
                for predicate, terms in values.items():
                    by_object = self._backward.setdefault(predicate, {})
                    for term in terms:
                        by_object.setdefault(term, []).append(node)
        return self._backward

    def _below(self, kind: Term) -> frozenset[Term]:
        """Return a class and all that are below it; the vocabulary says which, if there is one."""
        if kind not in self._kinds:
            top = self
            while top.beside is not None:
                top = top.beside
            found = {kind}
            left = [kind]
            while left:
                for term in top.subjects(SUBCLASS, left.pop()):
                    if term not in found:
                        found.add(term)
                        left.append(term)
            self._kinds[kind] = frozenset(found)
        return self._kinds[kind]
