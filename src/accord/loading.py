"""What a batch changes in a store: the graphs of its articles, and all that follows from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from accord.copies.marking import mark_copies
from accord.graph import NamedGraph
from accord.ontology import outdated_graphs
from accord.outcome import Outcome
from accord.provenance.capture import find_captures, orphaned_graphs
from accord.provenance.novelty import new_claims
from accord.provenance.run import Run
from accord.provenance.superseded import keep
from accord.rules.upkeep import upkeep
from accord.store import Store


@dataclass(frozen=True, slots=True)
class Changes:
    """Graphs to be written, in this order, and names of graphs to be dropped.

    ``new_claims`` are those that the store did not know, by type.
    """

    graphs: list[NamedGraph]
    drop: list[str]
    new_claims: Counter[str]


def changes(store: Store, batch: Sequence[Outcome], run: Run, *, recorded: bool) -> Changes:
    """Return what a batch changes; the store is only asked.

    :param recorded: whether the store has the run itself
    :raises StoreError: if the store does not answer
    """
    known = find_captures(store, (outcome.capture.location for outcome in batch))
    graphs: dict[str, NamedGraph] = {}
    captures = []
    for outcome in batch:
        capture = replace(outcome.capture, run=run.iri)
        before = known.get(capture.location)
        if outcome.graph is not None:
            graphs[outcome.graph.iri] = outcome.graph
        elif before is not None:
            # What was read here before is not lost because the file is broken now.
            capture = replace(capture, holds=before.holds)
        captures.append(capture)
        if outcome.graph is not None or not capture.same_as(before):
            graphs[capture.iri] = capture.graph()
    orphans = orphaned_graphs(store, list(known.values()), captures)
    articles = [outcome.graph for outcome in batch if outcome.graph is not None]
    # To the millisecond: of two that held within a second, one was the last.
    kept = keep(store, articles, orphans, datetime.now(UTC).isoformat(timespec="milliseconds"))
    prints = {o.capture.holds: o.fingerprint for o in batch if o.graph and o.capture.holds}
    copies = mark_copies(store, prints, orphans)
    derived = upkeep(store, [*(graph.iri for graph in articles), *copies.changed], orphans)
    written = [
        *outdated_graphs(store),
        *kept.graphs,
        # Before the captures, which say that all the rest is there: a server without
        # transactions may break off anywhere in between.
        *derived.graphs,
        *copies.graphs,
        *graphs.values(),
    ]
    if written and not recorded:
        written.insert(0, run.graph())
    drop = [*orphans, *kept.drop, *derived.drop, *copies.drop]
    return Changes(written, drop, new_claims(store, articles))
