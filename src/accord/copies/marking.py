"""Marking: keeps right in a store which articles are copies of which.

Each article that is long enough has one more small graph, ``graph/text/KEY``, with its fingerprint
and, if it is a copy, of what and how much. The graphs are the index: the texts that a new one may
share are found by the keys of its bands, in the store itself, so there is nothing beside it that
could disagree with it. How many texts a new one is compared with has a limit.

An article that turns out to be a copy, or of another original, because an earlier one came or the
original went, has a graph rewritten that is its own; what was derived from its claims has to be
derived again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from accord.copies.fingerprint import Fingerprint, limits
from accord.copies.originals import Copied, find_originals
from accord.graph import BASE, ID, ONTOLOGY, NamedGraph, graph_iri
from accord.graph.jsonld import ntriples
from accord.store import Store

TEXTS = f"{BASE}graph/text/"
"""What the names of fingerprints' graphs start with."""

_LOOKUP = 100
"""Fingerprints read, or originals looked up, by one query."""


@dataclass(frozen=True, slots=True)
class Marked:
    """Graphs to write, names of graphs to drop, and names of article graphs to derive for again.

    The last are of articles that stay as they are, but not as whose copies.
    """

    graphs: list[NamedGraph]
    drop: list[str]
    changed: list[str]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the store says of a text."""

    fingerprint: Fingerprint
    copied: Copied | None


def mark_copies(
    store: Store, coming: Mapping[str, Fingerprint | None], going: Iterable[str] = ()
) -> Marked:
    """Return what to write so that copies are marked as such after a change of the store.

    :param coming: of articles that are new or replaced, by their IRIs, the fingerprint, or None
        where the text is too short for one
    :param going: names of article graphs that are dropped
    """
    leaving = {f"{ID}article/{key_of(graph)}" for graph in going}
    before = _read(store, {*coming, *leaving})
    new = {
        article: _since(print_, before.get(article))
        for article, print_ in coming.items()
        if print_ is not None and article not in leaving
    }
    gone = before.keys() - new.keys()
    known: dict[str, _Known] = {}
    asked, parted = set(new), {article for article in before if before[article].copied is None}
    ask, part = asked, parted
    while True:
        old = _with_bands(store, (known[one] for one in ask - new.keys()))
        near = _candidates(store, [*old, *(new[one] for one in sorted(ask & new.keys()))])
        near |= _copies_of(store, part)
        known |= _read(store, near - known.keys() - new.keys() - gone)
        roots = {text.copied.original for text in known.values() if text.copied}
        known |= _read(store, roots - known.keys() - new.keys() - gone)
        found = find_originals(
            [*new.values(), *(text.fingerprint for text in known.values())],
            settled={one: text.copied for one, text in known.items() if one not in asked},
        )
        changed = {article for article in known if found[article] != known[article].copied}
        # Whoever is not a copy of the same original as before may be like texts not yet looked at,
        # and whoever is no original any more leaves its copies without one.
        ask = changed - asked
        part = {article for article in changed if known[article].copied is None} - parted
        if not ask and not part:
            break
        asked, parted = asked | ask, parted | part
    graphs = [_graph(print_, found[article]) for article, print_ in sorted(new.items())]
    old = _with_bands(store, (known[article] for article in changed))
    graphs += [_graph(print_, found[print_.article]) for print_ in old]
    return Marked(
        graphs,
        [text_iri(article) for article in sorted(gone)],
        [graph_iri(article) for article in sorted(changed)],
    )


def text_iri(article: str) -> str:
    """Return the IRI of an article's fingerprint, which is also the name of its graph."""
    return f"{TEXTS}{key_of(article)}"


def key_of(iri: str) -> str:
    """Return what the IRI of an article, and the names of its graphs, end with."""
    return iri.rsplit("/", 1)[-1]


def _since(print_: Fingerprint, before: _Known | None) -> Fingerprint:
    """Return a fingerprint with the time when the store first had the article."""
    return print_ if before is None else replace(print_, captured=before.fingerprint.captured)


def _graph(print_: Fingerprint, copied: Copied | None) -> NamedGraph:
    iri = text_iri(print_.article)
    nodes: list[dict[str, Any]] = [
        {
            "id": iri,
            "type": "Fingerprint",
            "fingerprintOf": print_.article,
            "lastDay": print_.day,
            "firstCaptured": print_.captured,
            "shingles": print_.shingles,
            "sample": print_.sample,
            "bands": print_.bands,
        }
    ]
    if copied is not None:
        nodes.append(
            {"id": print_.article, "copyOf": copied.original, "commonText": str(copied.share)}
        )
    return NamedGraph(iri, ntriples(nodes))


def _candidates(store: Store, prints: Sequence[Fingerprint]) -> set[str]:
    """Return the articles that share bands with texts, of each text the likeliest.

    Of one band no more are read than the limit, so that what stands at the end of every report of
    a newspaper costs no more the longer it appears.
    """
    use = limits()
    near: set[str] = set()
    for print_ in prints:
        graphs = store.holding(f"{ONTOLOGY}band", print_.bands, use.same_band)
        shared = Counter(f"{ID}article/{key_of(graph)}" for graph in graphs)
        shared.pop(print_.article, None)
        likeliest = sorted(shared, key=lambda article: (-shared[article], article))
        near.update(likeliest[: use.candidates])
    return near


def _copies_of(store: Store, originals: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for values in _parts(originals):
        rows: Any = store.query(
            f"SELECT ?copy WHERE {{ VALUES ?original {{ {values} }} "
            "GRAPH ?g { ?copy accord:copyOf ?original } }"
        )
        found.update(row["copy"].value for row in rows)
    return found


def _read(store: Store, articles: Iterable[str]) -> dict[str, _Known]:
    """Return what the store has of articles' texts, but for the bands, by the articles' IRIs."""
    found: dict[str, _Known] = {}
    for values in _parts(map(text_iri, articles)):
        rows: Any = store.query(
            "SELECT ?article ?day ?captured ?shingles ?sample ?original ?share "
            f"WHERE {{ VALUES ?g {{ {values} }} GRAPH ?g {{ ?g accord:fingerprintOf ?article ; "
            "accord:firstCaptured ?captured ; accord:shingleCount ?shingles ; "
            "accord:sample ?sample } OPTIONAL { GRAPH ?g { ?g accord:lastDay ?day } } "
            "OPTIONAL { GRAPH ?g { ?article accord:copyOf ?original ; accord:commonText ?share } } "
            "}"
        )
        for row in rows:
            article, day, original = row["article"].value, row["day"], row["original"]
            print_ = Fingerprint(
                article=article,
                day=None if day is None else day.value,
                captured=row["captured"].value,
                shingles=int(row["shingles"].value),
                sample=row["sample"].value,
                bands=(),
            )
            copied = original and Copied(original.value, float(row["share"].value))
            found[article] = _Known(print_, copied)
    return found


def _with_bands(store: Store, known: Iterable[_Known]) -> list[Fingerprint]:
    """Return fingerprints that the store has, with their bands."""
    prints = {text_iri(text.fingerprint.article): text.fingerprint for text in known}
    bands: dict[str, list[str]] = {}
    for values in _parts(prints):
        rows: Any = store.query(
            f"SELECT ?g ?band WHERE {{ VALUES ?g {{ {values} }} "
            "GRAPH ?g { ?g accord:band ?band } }"
        )
        for row in rows:
            bands.setdefault(row["g"].value, []).append(row["band"].value)
    return [replace(prints[iri], bands=tuple(sorted(bands.get(iri, ())))) for iri in sorted(prints)]


def _parts(iris: Iterable[str]) -> Iterator[str]:
    """Yield IRIs as SPARQL writes them, a few at a time."""
    wanted = sorted(iris)
    for start in range(0, len(wanted), _LOOKUP):
        yield " ".join(f"<{iri}>" for iri in wanted[start : start + _LOOKUP])
