"""One ingestion: what is new at the sources, extracted in batches, loaded one batch at a time.

Nothing here needs Prefect; ``flows/ingest.py`` says what runs in which order. A batch goes from
extraction to the store as a file of the run's spool: only its path is handed on.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from accord.batches import batches
from accord.discovery import Discovery, chosen
from accord.errors import AccordError, ArticleError
from accord.graph import short_hash
from accord.loading import changes
from accord.operations import run_report
from accord.operations.dead_letters import DeadLetters
from accord.operations.logs import Count, event
from accord.operations.run_report import Summary
from accord.outcome import Outcome, extract_batch, read_outcomes, refuse
from accord.processes import Killed, WorkerPool
from accord.progress import Progress
from accord.provenance.capture import Capture, find_captures
from accord.provenance.run import start_run
from accord.rules.derivation import Derivation
from accord.settings import Settings
from accord.sources import Location, Source, digest
from accord.sources.files import Files
from accord.spool import Spool, is_left
from accord.store import open_store
from accord.versions import current_versions

__all__ = ["Ingestion", "Summary", "unchanged_summary"]

Pieces = Iterable[tuple[Sequence[Location], Path | Killed]]
"""Pieces of a batch, with the files of their outcomes or how they ended their processes."""


class Ingestion:
    """A run over sources. It owns the store, the worker processes and the run's spool.

    A context manager; :meth:`plan`, :meth:`extract` and :meth:`load` are its steps. Only
    :meth:`extract` may be called from several threads.

    :param sources: names of ``[[source]]`` tables, what :func:`~accord.sources.source_of` takes,
        or sources
    :raises StoreError: if the store cannot be opened
    """

    def __init__(
        self, sources: Sequence[str | Path | Source], settings: Settings, progress: Progress
    ) -> None:
        self._sources = [chosen(given, settings) for given in sources]
        self._settings = settings
        self._progress = progress
        self._started = time.monotonic()
        self._run = start_run(self._sources, current_versions(settings.model))
        self._recorded = False
        self._probe = False
        self._handled: set[str] = set()
        self._spool = Spool(self._sources, settings)
        self.summary = Summary(
            settings.store,
            sources=tuple(source.name for source in self._sources),
            run=self._run.iri,
            started=self._run.started,
            interrupted=self._spool.interrupted,
        )
        self._retries = Count("accord.store")
        try:
            self._store = open_store(
                settings.store, create=True, settings=settings, patience=settings.store_patience
            )
        except AccordError as error:
            self._close(error)
            raise
        self.summary.kind = self._store.kind
        self._letters = DeadLetters(settings)
        self._derivation = Derivation(self._store)
        self._one_at_a_time = threading.Lock()
        self._stopped = threading.Event()
        self._discovery = Discovery(self._sources, self._stopped)
        self.summary.failed = self._discovery.failed
        local = settings.workers > 1 and settings.dask is None
        self._pool = WorkerPool(settings.workers) if local else None

    def plan(self) -> list[tuple[Location, ...]]:
        """Do all that comes before extraction: :meth:`resume`, :meth:`discover`, :meth:`compare`.

        :returns: the batches of the locations that the store does not have as they are now
        """
        self.resume()
        found: list[Location] = []
        while more := self.discover():
            found += more
        return self.compare(found)

    def resume(self) -> None:
        """Load what an earlier run has extracted and could not load."""
        # What a run that was killed has left, or what rules that have changed derive now.
        if self._derivation.begin():
            self._derivation.finish()
        before = self.summary.loaded + len(self.summary.set_aside)
        for batch in self._spool.left():
            self.load(batch)
        self.summary.recovered = self.summary.loaded + len(self.summary.set_aside) - before

    def discover(self) -> list[Location]:
        """Return the next locations of the sources, a few batches of them, or none at the end.

        :raises UsageError: if a source does not exist, or a folder has no articles
        """
        found = self._discovery.take(4 * self._settings.batch * self._settings.workers)
        self.summary.discovered += len(found)
        return found

    def compare(self, locations: Sequence[Location]) -> list[tuple[Location, ...]]:
        """Return batches of those of some locations that the store does not have as they are."""
        # What an earlier run had left was loaded just now.
        asked = [location for location in locations if location.iri not in self._handled]
        known = find_captures(self._store, (location.iri for location in asked))
        version = current_versions(self._settings.model).key
        new = [
            location
            for location in asked
            if not _is_current(location, known.get(location.iri), version)
        ]
        self.summary.unchanged += len(asked) - len(new)
        self._progress.start(len(new))
        return batches(new, self._settings.batch, self._settings.workers)

    def extract(self, locations: Sequence[Location]) -> Path:
        """Extract a batch, here or in a worker process, and return the file of its outcomes.

        :raises AccordError: if the run's folder cannot be written
        """
        if self._pool is None:
            # The language pipeline remembers word forms as it goes: not from two threads.
            with self._one_at_a_time:
                return self._spool.write(
                    lambda target: extract_batch(locations, target, self._settings, self._tick)
                )
        pool = self._pool
        return self.gather(
            lambda target: pool.run(partial(_in_worker, target, self._settings), locations),
            len(locations),
        )

    def gather(self, extracted: Callable[[Path], Pieces], number: int) -> Path:
        """Return the file of the outcomes of a batch that others extract, in pieces.

        :param extracted: yields each piece of the batch with the file of its outcomes, or with how
            the process ended that worked on it; is given a path that it may make its own of
        :param number: of locations
        :raises AccordError: if the run's folder cannot be written
        """
        outcomes = self._spool.write(lambda target: self._join(extracted(target), target))
        self._progress.advance(number)
        return outcomes

    def _join(self, pieces: Pieces, target: Path) -> None:
        with target.open("wb") as whole:
            for piece, part in pieces:
                if isinstance(part, Killed):
                    killed = ArticleError(
                        f"{piece[0].iri} ended the process that read it ({part}).",
                        "It may need more memory than there is: set workers to fewer.",
                    )
                    part = refuse(piece[0], killed, _part(target, piece), self._settings)
                whole.write(part.read_bytes())
                part.unlink()

    def load(self, outcomes: Path) -> None:
        """Put a batch into the store, all or nothing, and derive what follows from it.

        :raises StoreError: if it cannot be written
        """
        batch = list(read_outcomes(outcomes))
        made = changes(self._store, batch, self._run, recorded=self._recorded)
        # Before the store says that they are set aside: a letter too many is cleared one day.
        for outcome in batch:
            if outcome.letter is not None:
                self._letters.put(outcome.letter)
        self._store.replace(made.graphs, drop=made.drop)
        outcomes.unlink()
        self._recorded = self._recorded or bool(made.graphs)
        self._derivation.finish()
        self.summary.new_claims.update(made.new_claims)
        for outcome in batch:
            self._count(outcome)

    def _count(self, outcome: Outcome) -> None:
        capture = outcome.capture
        self._handled.add(capture.location)
        about: dict[str, Any] = {
            "location": capture.location,
            "article": capture.holds or capture.name,
        }
        if capture.reason is None:
            self._letters.clear(capture.location)
            self.summary.loaded += 1
            self.summary.claims.update(outcome.claims)
            event("article loaded", claims=sum(outcome.claims.values()), **about)
        else:
            self.summary.set_aside[capture.location] = capture.reason
            event("article set aside", logging.WARNING, reason=capture.reason, **about)

    def forget(self) -> None:
        """Leave no report: what was to be found out is known, and another run does the work."""
        self._probe = True

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
            self._pool.close(at_once=error is not None)
        self._store.close()
        self._progress.stop()
        self._close(error)

    def _close(self, error: BaseException | None) -> None:
        """Let go of the spool and the log, and write the report."""
        if error is not None:
            self.summary.error = str(error) or f"It was stopped ({type(error).__name__})."
        self.summary.store_retries = self._retries.number
        self._retries.close()
        self._spool.close(self.summary.error)
        self.summary.seconds = time.monotonic() - self._started
        if self._probe:
            return
        event("run ended", **{**self.summary.document(), "set_aside": len(self.summary.set_aside)})
        try:
            run_report.keep(self.summary)
        except AccordError:
            # What ended the run is what there is to say, most likely for the same reason.
            if error is None:
                raise


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


def _in_worker(target: Path, settings: Settings, locations: Sequence[Location]) -> Path:
    return extract_batch(locations, _part(target, locations), settings, lambda: None)


def _part(target: Path, locations: Sequence[Location]) -> Path:
    """Return the file for a piece of a batch, which a spool that is left behind throws away."""
    return target.with_suffix(f".{short_hash(locations[0].iri)}.{len(locations)}{target.suffix}")


def unchanged_summary(sources: Sequence[str | Path], settings: Settings) -> Summary | None:
    """Return the summary of a run that has nothing to do, or None if there is something to do.

    Only files and folders are looked at: of other sources nobody knows without asking them.
    """
    found = [chosen(source, settings) for source in sources]
    if not all(isinstance(source, Files) for source in found) or is_left(found, settings):
        return None
    with Ingestion(sources, settings, Progress(quiet=True)) as run:
        if run.plan():
            run.forget()
            return None
    return run.summary
