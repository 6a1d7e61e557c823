"""A copy of one store into another, graph by graph, whatever kinds the two are of.

What the target has already is left as it is, so that a copy which broke off goes on where it
stopped. In memory are the names of all graphs and one batch of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from pyoxigraph import BlankNode, Literal, RdfFormat, parse

from accord.errors import StoreError
from accord.graph import NamedGraph
from accord.provenance.capture import CAPTURES
from accord.rules.derivation import LEDGER
from accord.store import PREFIXES, Store

_BATCH = 5000
"""Triples read and written in one request, unless one graph has more."""

_MANY = 500
"""Graphs in one request."""

_LONG = 300
"""Characters of a triple that are shown."""

_OURS = PREFIXES["graph"]
"""What the names of Accord's graphs start with."""

_XSD = PREFIXES["xsd"]
_TRUTHS = {"1": "true", "0": "false"}

_Graphs = dict[str, list[str]]
"""Triples by graph, as sorted lines of N-Triples."""


@dataclass(slots=True)
class CopySummary:
    """What a copy did, in graphs; ``quads`` are those that were written.

    ``rewritten`` graphs came back from the target with the same values written otherwise (1.50 as
    1.5). ``differing`` are those that came back with something else, each with an example.
    ``foreign`` graphs of the source are none of Accord's and were left out, and
    ``only_in_target`` ones are in the target but not in the source.
    """

    source: str
    target: str
    copied: int = 0
    unchanged: int = 0
    quads: int = 0
    rewritten: int = 0
    differing: dict[str, str] = field(default_factory=dict)
    foreign: int = 0
    only_in_target: int = 0
    seconds: float = 0.0

    def document(self) -> dict[str, Any]:
        """Return the summary for machines."""
        return asdict(self) | {"seconds": round(self.seconds, 3)}


class Copy:
    """A copy about to be made.

    Graphs that say of others that they are there (captures, and the ledger of the rules) come
    last, so that a copy which breaks off claims nothing that is not there.

    :param every: also graphs that are none of Accord's
    :raises StoreError: if one of the stores does not say which graphs it has
    """

    def __init__(self, source: Store, target: Store, *, every: bool = False) -> None:
        self._source, self._target = source, target
        sizes = _sizes(source)
        self._there = _sizes(target)
        self._sizes = {
            name: sizes[name]
            for name in sorted(sizes, key=lambda name: (_says_of_others(name), name))
            if every or name.startswith(_OURS)
        }
        self.quads = sum(self._sizes.values())
        """How many quads there are to compare or to copy."""
        self._summary = CopySummary(
            source=source.address,
            target=target.address,
            foreign=len(sizes) - len(self._sizes),
            only_in_target=sum(
                name not in self._sizes and (every or name.startswith(_OURS))
                for name in self._there
            ),
        )

    def run(self, tell: Callable[[int], None] = lambda quads: None) -> CopySummary:
        """Copy what the target does not have, and read back what was written.

        :param tell: is told of every batch how many quads it has
        :raises StoreError: if a store does not answer, sends less than it has, or cannot be
            written; what was copied before stays
        """
        began = time.monotonic()
        for batch in self._batches():
            self._copy(batch)
            tell(sum(self._sizes[name] for name in batch))
        self._summary.seconds = time.monotonic() - began
        return self._summary

    def _batches(self) -> Iterator[list[str]]:
        batch: list[str] = []
        size = 0
        for name, triples in self._sizes.items():
            # Not even in one batch: a server without transactions may lose its end.
            turns = batch and _says_of_others(name) != _says_of_others(batch[-1])
            if batch and (turns or size + triples > _BATCH or len(batch) == _MANY):
                yield batch
                batch, size = [], 0
            batch.append(name)
            size += triples
        if batch:
            yield batch

    def _copy(self, batch: Sequence[str]) -> None:
        wanted = _read(self._source, batch, self._sizes)
        as_many = [name for name in batch if self._there.get(name) == len(wanted[name])]
        present = _read(self._target, as_many, self._there)
        missing = [
            name for name in batch if name not in present or not _same(wanted[name], present[name])
        ]
        self._summary.unchanged += len(batch) - len(missing)
        if not missing:
            return
        self._target.replace(NamedGraph(name, "".join(wanted[name])) for name in missing)
        written = _read(self._target, missing, {name: len(wanted[name]) for name in missing})
        for name in missing:
            self._summary.copied += 1
            self._summary.quads += len(wanted[name])
            if not _same(wanted[name], written[name]):
                self._summary.differing[name] = _difference(wanted[name], written[name])
            elif wanted[name] != written[name]:
                self._summary.rewritten += 1


def _says_of_others(graph: str) -> bool:
    return graph.startswith(CAPTURES) or graph == LEDGER


def _sizes(store: Store) -> dict[str, int]:
    """Return how many triples each graph of a store has.

    Some servers cut an answer off after so many rows and do not say so (Virtuoso after 10,000 as
    it is set up), so it is asked again from the last name on, until there are none.
    """
    sizes: dict[str, int] = {}
    last = ""
    while True:
        rows: Any = store.query(
            "SELECT ?g ?n WHERE { { SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } "
            f"GROUP BY ?g }} FILTER(STR(?g) > {Literal(last)}) }} ORDER BY STR(?g)"
        )
        more = {row["g"].value: int(row["n"].value) for row in rows}
        if not more:
            return sizes
        sizes |= more
        last = max(more)


def _read(store: Store, graphs: Sequence[str], sizes: Mapping[str, int]) -> _Graphs:
    """Return the triples of graphs.

    :param sizes: how many triples each should have
    :raises StoreError: if the store sends fewer than it has
    """
    if not graphs:
        return {}
    found: dict[str, set[str]] = {name: set() for name in graphs}
    values = " ".join(f"<{name}>" for name in graphs)
    rows: Any = store.query(
        f"SELECT ?g ?s ?p ?o WHERE {{ VALUES ?g {{ {values} }} GRAPH ?g {{ ?s ?p ?o }} }}"
    )
    for graph, subject, predicate, value in rows:
        found[graph.value].add(f"{subject} {predicate} {value} .\n")
    read = {name: sorted(triples) for name, triples in found.items()}
    for name in graphs:
        if len(read[name]) != sizes[name]:
            _check(store, name, len(read[name]))
    return read


def _check(store: Store, graph: str, read: int) -> None:
    """Raise an error unless a store has no more of a graph than was read."""
    rows: Any = store.query(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
    size = int(next(iter(rows))["n"].value)
    if read < size:
        raise StoreError(
            f"{store.address} sends {read} of the {size} triples of the graph {graph}.",
            "Raise the server's limit on the rows of an answer (Virtuoso: ResultSetMaxRows). "
            "What was copied stays; the next copy goes on from there.",
        )


def _same(wanted: list[str], found: list[str]) -> bool:
    """Tell whether two graphs say the same, in whatever form values are written."""
    if wanted == found:
        return True
    return len(wanted) == len(found) and _values(wanted) == _values(found)


def _values(triples: Iterable[str]) -> list[str]:
    quads = parse("".join(triples).encode(), format=RdfFormat.N_TRIPLES)
    return sorted(
        f"{_value(quad.subject)} {quad.predicate} {_value(quad.object)} .\n" for quad in quads
    )


def _value(term: Any) -> str:
    """Return one form of all terms with the same value, as far as servers rewrite them.

    Blank nodes have no name that lasts, and are all taken for the same.
    """
    if isinstance(term, BlankNode):
        return "_:"
    if not isinstance(term, Literal):
        return str(term)
    text, datatype = term.value, term.datatype.value
    if datatype == f"{_XSD}boolean":
        text = _TRUTHS.get(text, text)
    elif datatype == f"{_XSD}dateTime":
        text = text.replace("+00:00", "Z")
    elif datatype.startswith(_XSD) and datatype != f"{_XSD}string":
        # What is no number, such as a date, is left as it is.
        with suppress(InvalidOperation):
            text = str(Decimal(text).normalize())
    return str(Literal(text, datatype=term.datatype))


def _difference(wanted: list[str], found: list[str]) -> str:
    """Return a triple that went and did not come back, and one that came in its place."""
    went, came = _values(wanted), _values(found)
    lost, new = (
        min(triples, default="").strip()[:_LONG]
        for triples in (set(went) - set(came), set(came) - set(went))
    )
    if len(went) != len(came):
        return f"{len(wanted)} triples went, {len(found)} came back; for instance {lost or new}"
    return f"{lost} came back as {new}"
