"""An audit: a whole store against the rules of ``ontology/shapes.ttl``, one graph at a time."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from pyoxigraph import Triple

from accord.graph import BASE
from accord.ontology import FILES
from accord.shapes import Shape, Statements, Term, load_shapes
from accord.shapes.statements import TYPE
from accord.store import Store
from accord.validation import Violation, exceeded, violations, vocabulary

_LOOKUP = 500
"""Nodes whose types are looked up by one query."""


class Audit:
    """The check of a store. ``graphs`` and ``statements`` count what was seen so far.

    In memory are the vocabulary, one graph at a time, and what graphs have in common: the actors,
    places, agreements and obligations that they name. How many claims there are does not matter.

    :param store: the store
    """

    def __init__(self, store: Store) -> None:
        self.graphs = 0
        self.statements = 0
        self._store = store
        self._shared: dict[tuple[int, Term], set[Term]] = {}
        self._rules = [
            (shape, rule)
            for shape in load_shapes()
            if shape.across_graphs
            for rule in shape.properties
            if rule.maximum is not None
        ]

    def violations(self) -> Iterator[Violation]:
        """Yield the violations: of the vocabulary, of each graph, and of all graphs together."""
        names = {f"{BASE}graph/{name}" for name in FILES}
        known = self._vocabulary(names)
        if known is None:
            known = vocabulary()
        else:
            yield from self._look_at(known, "")
        by_graph = itertools.groupby(self._store.quads(), key=lambda quad: quad.graph_name)
        for graph, quads in by_graph:
            name = getattr(graph, "value", "")
            if name not in names:
                own = Statements((quad.triple for quad in quads), known)
                own.beside = self._with_types(own, known)
                yield from self._look_at(own, name)
        yield from self._across_graphs()

    def _look_at(self, statements: Statements, graph: str) -> Iterator[Violation]:
        self.graphs += 1
        self.statements += len(statements)
        yield from violations(statements, graph)
        for number, (shape, rule) in enumerate(self._rules):
            for focus in shape.focus_nodes(statements):
                values = rule.values(focus, statements)
                # More than that in one graph has been told already.
                if len(values) <= (rule.maximum or 0):
                    self._shared.setdefault((number, focus), set()).update(values)

    def _across_graphs(self) -> Iterator[Violation]:
        for (number, focus), values in self._shared.items():
            rule: Shape = self._rules[number][1]
            if len(values) > (rule.maximum or 0):
                yield exceeded(rule, focus, sorted(values, key=str))

    def _vocabulary(self, names: set[str]) -> Statements | None:
        triples: list[Triple] = []
        for name in sorted(names):
            rows: Any = self._store.query(
                f"SELECT ?s ?p ?o WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"
            )
            triples.extend(Triple(*row) for row in rows)
        return Statements(triples) if triples else None

    def _with_types(self, own: Statements, known: Statements) -> Statements:
        """Return what is known with the types of the nodes that other graphs describe."""
        foreign = sorted(node.value for node in own.untyped() if node.value.startswith(BASE))
        if not foreign:
            return known
        types: list[Triple] = []
        for start in range(0, len(foreign), _LOOKUP):
            values = " ".join(f"<{iri}>" for iri in foreign[start : start + _LOOKUP])
            rows: Any = self._store.query(
                f"SELECT DISTINCT ?node ?type WHERE {{ VALUES ?node {{ {values} }} "
                "GRAPH ?g { ?node a ?type } }"
            )
            types.extend(Triple(node, TYPE, kind) for node, kind in rows)
        return Statements(types, known)
