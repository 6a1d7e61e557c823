"""Captures: what the last run found at each location. They are the store's own ledger.

Each location has one small named graph, written in the same transaction as the article that was
found there, so that the two cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any

from accord.graph import BASE, NamedGraph, graph_iri, short_hash
from accord.graph.jsonld import ntriples, terms
from accord.store import Store

CAPTURES = f"{BASE}graph/capture/"
"""What the names of captures' graphs start with."""

_LOOKUP = 500
"""Captures looked up by one query."""

_NEEDED = frozenset({"location", "name", "digest", "version", "captured"})
_FIELDS = (*_NEEDED, "holds", "reason", "run", "note")


@dataclass(frozen=True, slots=True)
class Capture:
    """What a run found at one location: an article, or the reason why it was set aside.

    ``digest`` is the SHA-256 of the bytes found there, ``version`` the key of the
    :class:`~accord.versions.Versions` that read them, ``captured`` an ISO 8601 time in UTC.
    ``holds`` is the IRI of the article; if ``reason`` is given too, the article is the last one
    that could be read there. ``run`` is the IRI of the :class:`~accord.provenance.run.Run` that
    made it.
    """

    location: str
    name: str
    digest: str
    version: str
    captured: str
    holds: str | None = None
    reason: str | None = None
    note: tuple[str, ...] = ()
    run: str | None = None

    @property
    def iri(self) -> str:
        """The capture's IRI, which is also the name of its graph."""
        return capture_iri(self.location)

    def node(self) -> dict[str, Any]:
        """Return the capture as a node of the JSON-LD mapping."""
        return {"id": self.iri, "type": "Capture", **asdict(self)}

    def graph(self) -> NamedGraph:
        """Return the capture's named graph."""
        return NamedGraph(self.iri, ntriples([self.node()]))

    def same_as(self, other: Capture | None) -> bool:
        """Tell whether the other says the same of the location, whichever run made it."""
        return other is not None and replace(other, captured=self.captured, run=self.run) == self


def capture_iri(location: str) -> str:
    """Return the IRI of a location's capture."""
    return f"{CAPTURES}{short_hash(location)}"


def find_captures(store: Store, locations: Iterable[str]) -> dict[str, Capture]:
    """Return the captures of those locations that the store knows, by location."""
    iris = [capture_iri(location) for location in locations]
    found: dict[str, Capture] = {}
    for start in range(0, len(iris), _LOOKUP):
        values = " ".join(f"<{iri}>" for iri in iris[start : start + _LOOKUP])
        for capture in _select(store, f"VALUES ?c {{ {values} }}"):
            found[capture.location] = capture
    return found


def captures_of(store: Store, articles: Iterable[str]) -> Iterator[Capture]:
    """Yield the captures that hold articles, given the IRIs of these."""
    wanted = sorted(articles)
    for start in range(0, len(wanted), _LOOKUP):
        values = " ".join(f"<{iri}>" for iri in wanted[start : start + _LOOKUP])
        # By the article first, which is in the index.
        yield from _select(
            store, f"VALUES ?held {{ {values} }} GRAPH ?c {{ ?c accord:holds ?held }}"
        )


def set_aside(store: Store) -> list[Capture]:
    """Return the captures of all locations that are set aside, by location."""
    captures = _select(store, "GRAPH ?c { ?c accord:setAsideBecause ?reason }")
    return sorted(captures, key=lambda capture: capture.location)


def orphaned_graphs(store: Store, before: Sequence[Capture], after: Sequence[Capture]) -> list[str]:
    """Return the article graphs that no location holds any more once captures are replaced.

    :param before: the captures as the store has them
    :param after: the captures that will stand in their place
    """
    left = {capture.holds for capture in before if capture.holds}
    left -= {capture.holds for capture in after}
    if not left:
        return []
    values = " ".join(f"<{article}>" for article in left)
    replaced = {capture.iri for capture in after}
    rows: Any = store.query(
        f"SELECT ?article ?c WHERE {{ VALUES ?article {{ {values} }} "
        "GRAPH ?c { ?c accord:holds ?article } }"
    )
    held = {row["article"].value for row in rows if row["c"].value not in replaced}
    return sorted(graph_iri(article) for article in left - held if article)


def _select(store: Store, where: str) -> Iterator[Capture]:
    rows: Any = store.query(f"SELECT ?c ?p ?o WHERE {{ {where} GRAPH ?c {{ ?c ?p ?o }} }}")
    found: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        said = found.setdefault(row["c"].value, {})
        said.setdefault(row["p"].value, []).append(row["o"].value)
    keys = _keys()
    for said in found.values():
        fields = {keys[iri]: values for iri, values in said.items() if iri in keys}
        note = tuple(sorted(fields.pop("note", ())))
        if fields.keys() >= _NEEDED:
            yield Capture(**{name: min(values) for name, values in fields.items()}, note=note)


@cache
def _keys() -> dict[str, str]:
    """Return the fields of a capture by the IRIs of their predicates."""
    mapping = terms()
    return {mapping[name].predicate[1:-1]: name for name in _FIELDS}
