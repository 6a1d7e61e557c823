"""What there is at the sources, a chunk at a time, so that a run's memory stays bounded."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from accord.errors import SourceError
from accord.operations.dead_letters import DeadLetters
from accord.operations.logs import event
from accord.settings import Settings
from accord.sources import Location, Source, source_of

_PAUSES = (5.0, 20.0)
"""Seconds before a source that could not be read is asked again."""

_LONGEST = 30.0
"""Seconds after which what was discovered is worked on, while more may be to come."""


class Discovery:
    """The locations of sources, one source after the other, each location once.

    A source that cannot be read is asked again; if that is no good either, the others are read all
    the same, and ``failed`` has the reason by the source's name.

    :param stopped: set when the run is over: nothing is waited for then
    """

    def __init__(self, sources: Sequence[Source], stopped: threading.Event) -> None:
        self.failed: dict[str, str] = {}
        self._sources = sources
        self._stopped = stopped
        self._locations = self._discover()

    def take(self, most: int) -> list[Location]:
        """Return the next locations, or none at the end.

        :raises UsageError: if a source does not exist, or a folder has no articles
        """
        until = time.monotonic() + _LONGEST
        found: list[Location] = []
        for location in islice(self._locations, most):
            found.append(location)
            if time.monotonic() > until:
                break
        return found

    def _discover(self) -> Iterator[Location]:
        seen: set[str] = set()
        for source in self._sources:
            for pause in (*_PAUSES, None):
                try:
                    for location in source.discover():
                        if location.iri not in seen:
                            seen.add(location.iri)
                            yield location
                    break
                except SourceError as error:
                    about = {"source": source.name, "reason": str(error)}
                    if pause is None:
                        self.failed[source.name] = str(error)
                        event("source failed", logging.ERROR, **about)
                    else:
                        event("source did not answer", logging.WARNING, **about)
                        self._stopped.wait(pause)


def chosen(given: str | Path | Source, settings: Settings) -> Source:
    """Return the source that is meant: a source, a table's name, a place, or the dead letters."""
    if not isinstance(given, (str, Path)):
        return given
    letters = DeadLetters(settings)
    return letters if given == letters.name else source_of(given, settings)
