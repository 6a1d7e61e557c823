"""One run of linking: subjects without a link, what they may be, proposals, accepted links.

Nothing here needs Prefect; ``flows/link.py`` says what runs in which order. Answers stay in the
cache, so that a run that was killed goes on where it stopped.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from accord.linking.acceptance import items_of, load_accepted
from accord.linking.decision import Decision, Verdict, decide, settle
from accord.linking.mapping_set import curated, winning
from accord.linking.proposals import HEADER, joined, proposals_file
from accord.linking.rules import rules
from accord.linking.services import opened_source
from accord.linking.sssom import Link, MappingSet, read_links, write_links
from accord.linking.subject import Subject, subjects
from accord.progress import Progress
from accord.settings import Settings
from accord.store import open_store

_AT_A_TIME = 200
"""Subjects of a task."""


@dataclass(slots=True)
class Summary:
    """What a run did. ``unanswered`` has the reason for each subject that could not be asked."""

    store: str
    file: str
    subjects: int = 0
    linked: int = 0
    proposed: int = 0
    ambiguous: int = 0
    none: int = 0
    accepted: int = 0
    requests: int = 0
    seconds: float = 0.0
    unanswered: dict[str, str] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """Return the summary for machines."""
        return {
            **{name: getattr(self, name) for name in self.__slots__ if name != "seconds"},
            "seconds": round(self.seconds, 3),
        }

    def markdown(self) -> str:
        """Return the summary as Markdown, for the artifact of a Prefect run and for people."""
        return (
            f"{self.subjects} names: {self.linked} are linked already, {self.proposed} links "
            f"proposed, {self.ambiguous} ambiguous, {self.none} without a candidate, "
            f"{len(self.unanswered)} not answered; {self.requests} requests, "
            f"{self.seconds:.1f} s. {self.accepted} accepted links are in the store."
        )


class Linkage:
    """A run over a store. A context manager; :meth:`plan`, :meth:`propose`, :meth:`conclude`.

    :param out: the file of proposals; the one of the data folder without it
    :param offline: ask nobody; only the cache answers
    :raises StoreError: if the store cannot be opened
    :raises LinkError: if the file is wrong
    """

    def __init__(
        self, settings: Settings, progress: Progress, out: Path | None = None, offline: bool = False
    ) -> None:
        self._started = time.monotonic()
        self._progress = progress
        self._out = out or proposals_file()
        self._before = read_links(self._out) if self._out.exists() else MappingSet(header=HEADER)
        self._decisions: list[Decision] = []
        self._asked: set[str] = set()
        self.summary = Summary(settings.store, str(self._out))
        with ExitStack() as stack:
            patience = settings.store_patience
            self._store = stack.enter_context(
                open_store(settings.store, settings=settings, patience=patience)
            )
            self._source = stack.enter_context(
                opened_source(settings, offline=offline, types=rules().types)
            )
            self._open = stack.pop_all()

    def plan(self) -> list[list[Subject]]:
        """Return the subjects that have no confirmed link, in batches."""
        linked = items_of([*curated(), *self._accepted()])
        every = subjects(self._store, linked)
        new = [subject for subject in every if subject.iri not in linked]
        self.summary.subjects, self.summary.linked = len(every), len(every) - len(new)
        self._progress.start(len(new), "linking")
        return [new[start : start + _AT_A_TIME] for start in range(0, len(new), _AT_A_TIME)]

    def propose(self, batch: Sequence[Subject]) -> None:
        """Ask for candidates of some subjects and decide on them."""
        refused = {
            (link.subject, link.object)
            for link in (*curated(), *self._before.links)
            if link.confirmed and link.negated
        }
        for subject, candidates in self._source.candidates(batch):
            left = [one for one in candidates if (subject.iri, one.iri) not in refused]
            self._decisions.append(decide(subject, left))
            self._asked.add(subject.iri)
        self._progress.advance(len(batch))

    def conclude(self) -> None:
        """Write the proposals, and put the accepted links into the store.

        :raises LinkError: if accepted links contradict each other, or the file cannot be written
        :raises StoreError: if the store cannot be written
        """
        taken = {
            item: subject for subject, item in items_of([*curated(), *self._accepted()]).items()
        }
        decisions = settle(self._decisions, taken)
        day = datetime.now(UTC).date()
        write_links(self._out, joined(self._before, decisions, self._asked, day))
        verdicts = [decision.verdict for decision in decisions]
        done = self.summary
        done.proposed = verdicts.count(Verdict.LINK)
        done.ambiguous = verdicts.count(Verdict.AMBIGUOUS)
        done.none = verdicts.count(Verdict.NONE)
        done.unanswered = {one.subject.label: one.why for one in self._source.unanswered}
        done.requests = self._source.requests
        done.accepted = load_accepted(self._store, self._out, self._before.links)
        done.seconds = time.monotonic() - self._started

    def _accepted(self) -> list[Link]:
        return winning(self._before.links, curated())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()
        self._progress.stop()
