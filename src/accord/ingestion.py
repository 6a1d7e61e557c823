"""One ingestion: what is new at the sources, extracted in batches, loaded one batch at a time.

Nothing here needs Prefect; ``flows/ingest.py`` says what runs in which order. A batch goes from
extraction to the store as a file of the run's spool: only its path is handed on.
"""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from accord.batch import extract_batch, read_outcomes
from accord.errors import AccordError, ArticleError
from accord.graph import NamedGraph
from accord.ontology import outdated_graphs
from accord.processes import worker_pool
from accord.progress import Progress
from accord.provenance.capture import Capture, find_captures, orphaned_graphs
from accord.provenance.run import start_run
from accord.provenance.superseded import keep
from accord.rules.derivation import Derivation
from accord.rules.upkeep import upkeep
from accord.settings import Settings
from accord.sources import Location, digest, discover, source_of
from accord.spool import Spool
from accord.store import open_store
from accord.versions import current_versions


@dataclass(slots=True)
class Summary:
    """What a run did. ``set_aside`` has a reason for each location; ``seconds`` is wall time.

    ``kind`` is the store's: "folder", or what server it is.
    """

    store: str
    kind: str = "folder"
    unchanged: int = 0
    loaded: int = 0
    set_aside: dict[str, str] = field(default_factory=dict)
    claims: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Articles a second, the set-aside ones included."""
        return (self.loaded + len(self.set_aside)) / self.seconds if self.seconds else 0.0

    def document(self) -> dict[str, Any]:
        """Return the summary for machines."""
        return {
            "store": self.store,
            "kind": self.kind,
            "loaded": self.loaded,
            "unchanged": self.unchanged,
            "set_aside": self.set_aside,
            "claims": dict(sorted(self.claims.items())),
            "seconds": round(self.seconds, 3),
            "articles_per_second": round(self.rate, 3),
        }

    def markdown(self) -> str:
        """Return the summary as Markdown, for the artifact of a Prefect run."""
        rows = "\n".join(f"| {kind} | {count} |" for kind, count in sorted(self.claims.items()))
        reasons = "\n".join(f"- {reason}" for reason in self.set_aside.values())
        return (
            f"{self.loaded} articles loaded into `{self.store}`, {self.unchanged} unchanged, "
            f"{len(self.set_aside)} set aside, {self.seconds:.1f} s.\n\n"
            f"| type | claims |\n|---|---|\n{rows}\n\n{reasons}"
        )


class Ingestion:
    """A run over sources. It owns the store, the worker processes and the run's spool.

    A context manager; :meth:`plan`, :meth:`extract` and :meth:`load` are its steps. Only
    :meth:`extract` may be called from several threads.

    :param sources: what :func:`~accord.sources.source_of` takes
    :raises StoreError: if the store cannot be opened
    """

    def __init__(
        self, sources: Sequence[str | Path], settings: Settings, progress: Progress
    ) -> None:
        self._sources = [source_of(source) for source in sources]
        self._settings = settings
        self._progress = progress
        self._started = time.monotonic()
        self._run = start_run(self._sources, current_versions(settings.model))
        self._recorded = False
        self._spool = Spool(self._sources, settings)
        try:
            self._store = open_store(
                settings.store, create=True, settings=settings, patience=settings.store_patience
            )
        except AccordError:
            self._spool.close()
            raise
        self.summary = Summary(settings.store, self._store.kind)
        self._derivation = Derivation(self._store)
        self._one_at_a_time = threading.Lock()
        self._stopped = threading.Event()
        self._pool = worker_pool(settings.workers) if settings.workers > 1 else None

    def plan(self) -> list[tuple[Location, ...]]:
        """Return batches of the locations that the store does not have as they are now.

        What an earlier run has extracted and could not load is loaded first.

        :raises UsageError: if a source does not exist, or a folder has no articles
        """
        locations = list(discover(self._sources))
        # What a run that was killed has left, or what rules that have changed derive now.
        if self._derivation.begin():
            self._derivation.finish()
        for batch in self._spool.left():
            self.load(batch)
        known = find_captures(self._store, (location.iri for location in locations))
        version = current_versions(self._settings.model).key
        new = [
            location
            for location in locations
            if not _is_current(location, known.get(location.iri), version)
        ]
        self.summary.unchanged = len(locations) - len(new) - self.summary.loaded
        self._progress.start(len(new))
        # Small runs are split as well, so that each worker has something to do.
        size = max(1, min(self._settings.batch, -(-len(new) // self._settings.workers)))
        return [tuple(new[start : start + size]) for start in range(0, len(new), size)]

    def extract(self, locations: Sequence[Location]) -> Path:
        """Extract a batch, here or in a worker process, and return the file of its outcomes.

        :raises AccordError: if the run's folder cannot be written
        """
        pool = self._pool
        if pool is None:
            # The language pipeline remembers word forms as it goes: not from two threads.
            with self._one_at_a_time:
                return self._spool.write(
                    lambda target: extract_batch(locations, target, self._settings, self._tick)
                )
        outcomes = self._spool.write(
            lambda target: pool.submit(_in_worker, locations, target, self._settings).result()
        )
        self._progress.advance(len(locations))
        return outcomes

    def load(self, outcomes: Path) -> None:
        """Put a batch into the store, all or nothing, and derive what follows from it.

        :raises StoreError: if it cannot be written
        """
        batch = list(read_outcomes(outcomes))
        known = find_captures(self._store, (outcome.capture.location for outcome in batch))
        graphs: dict[str, NamedGraph] = {}
        captures = []
        for outcome in batch:
            capture = replace(outcome.capture, run=self._run.iri)
            before = known.get(capture.location)
            if outcome.graph is not None:
                graphs[outcome.graph.iri] = outcome.graph
            elif before is not None:
                # What was read here before is not lost because the file is broken now.
                capture = replace(capture, holds=before.holds)
            captures.append(capture)
            if outcome.graph is not None or not capture.same_as(before):
                graphs[capture.iri] = capture.graph()
        orphans = orphaned_graphs(self._store, list(known.values()), captures)
        articles = [outcome.graph for outcome in batch if outcome.graph is not None]
        kept = keep(self._store, articles, orphans, datetime.now(UTC).isoformat(timespec="seconds"))
        derived = upkeep(self._store, [graph.iri for graph in articles], orphans)
        run = [self._run.graph()] if graphs and not self._recorded else []
        self._store.replace(
            [
                *run,
                *outdated_graphs(self._store),
                *kept.graphs,
                # Before the captures, which say that all the rest is there: a server without
                # transactions may break off anywhere in between.
                *derived.graphs,
                *graphs.values(),
            ],
            drop=[*orphans, *kept.drop, *derived.drop],
        )
        outcomes.unlink()
        self._recorded = self._recorded or bool(run)
        self._derivation.finish()
        for outcome in batch:
            if outcome.capture.reason is None:
                self.summary.loaded += 1
                self.summary.claims.update(outcome.claims)
            else:
                self.summary.set_aside[outcome.capture.location] = outcome.capture.reason

    def _tick(self) -> None:
        if self._stopped.is_set():
            raise _StoppedError
        self._progress.advance(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopped.set()
        if self._pool is not None:
            if error is not None:
                for worker in multiprocessing.active_children():
                    worker.terminate()
            self._pool.shutdown(cancel_futures=True)
        self._store.close()
        self._progress.stop()
        self._spool.close()
        self.summary.seconds = time.monotonic() - self._started


class _StoppedError(Exception):
    """The run is over; a batch that is still being extracted is given up."""


def _is_current(location: Location, capture: Capture | None, version: str) -> bool:
    # What was set aside is looked at again: a setting may admit it now.
    if capture is None or capture.reason or capture.version != version:
        return False
    try:
        return capture.digest == digest(location.read())
    except ArticleError:
        return False


def _in_worker(locations: Sequence[Location], target: Path, settings: Settings) -> None:
    extract_batch(locations, target, settings, lambda: None)


def unchanged_summary(sources: Sequence[str | Path], settings: Settings) -> Summary | None:
    """Return the summary of a run that has nothing to do, or None if there is something to do."""
    with Ingestion(sources, settings, Progress(quiet=True)) as run:
        if run.plan():
            return None
    return run.summary
