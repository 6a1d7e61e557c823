"""The spool: extracted batches on disk, from their extraction until the store has them.

A run over the same sources into the same store has the same folder each time. What an outage of
the store, or a kill, leaves there is loaded by the next run, which need not extract it again. Each
source is read by one run at a time.
"""

from __future__ import annotations

import fcntl
import itertools
import json
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from accord.errors import AccordError
from accord.graph import short_hash
from accord.settings import Settings, data_folder
from accord.sources import Source
from accord.versions import current_versions

_READY = ".jsonl"
_UNFINISHED = ".part"
_MARKER = "run"


def is_left(sources: Sequence[Source], settings: Settings) -> bool:
    """Tell whether a run over sources goes on, or did not end as it should."""
    return _folder(sorted({source.iri for source in sources}), settings).exists()


class Spool:
    """The folder of a run's batches, held by one process at a time.

    ``interrupted`` says how the last run over these sources ended, if it did not end as it should:
    "that started at ... was killed".

    :param sources: the sources of the run
    :raises AccordError: if the folder cannot be written, or another run holds one of the sources
    """

    def __init__(self, sources: Sequence[Source], settings: Settings) -> None:
        places = sorted({source.iri for source in sources})
        self.folder = _folder(places, settings)
        self._version = short_hash(current_versions(settings.model).key)[:8]
        self._numbers = itertools.count()
        self._locks: list[IO[str]] = []
        locks = data_folder() / "locks"
        try:
            locks.mkdir(parents=True, exist_ok=True)
            # In their order, so that two runs never hold what the other waits for.
            for place in places:
                self._lock(locks / short_hash(settings.store, place), place, settings.store)
            self.folder.mkdir(parents=True, exist_ok=True)
            self.interrupted = self._begin()
        except OSError as error:
            self._unlock()
            raise self.unwritable(error) from error
        for path in self.folder.iterdir():
            if path.suffix == _UNFINISHED or not self._is_current(path):
                path.unlink()

    def left(self) -> list[Path]:
        """Return the batches that wait to be loaded, the oldest first."""
        ready = (path for path in self.folder.iterdir() if path.suffix == _READY)
        return sorted(ready, key=lambda path: (path.stat().st_mtime_ns, path.name))

    def write(self, extract: Callable[[Path], object]) -> Path:
        """Have a batch written, and return its file, which is there whole or not at all.

        :raises AccordError: if the folder cannot be written
        """
        name = f"{self._version}-{next(self._numbers)}"
        try:
            while (target := self.folder / f"{name}{_READY}").exists():
                name = f"{self._version}-{next(self._numbers)}"
            unfinished = target.with_suffix(_UNFINISHED)
            extract(unfinished)
            return unfinished.rename(target)
        except OSError as error:
            raise self.unwritable(error) from error

    def unwritable(self, error: OSError) -> AccordError:
        """Return the error for a folder that cannot be written."""
        return AccordError(
            f"The run's folder {self.folder} cannot be written: {error.strerror}.",
            "Free some space, or name another disk in XDG_DATA_HOME. What was loaded stays.",
        )

    def close(self, error: str = "") -> None:
        """Let go of the folder; an empty one is removed.

        :param error: what ended the run, if it did not end as it should
        """
        if not self.left():
            shutil.rmtree(self.folder, ignore_errors=True)
        elif error:
            marker = {**json.loads((self.folder / _MARKER).read_text()), "error": error}
            (self.folder / _MARKER).write_text(json.dumps(marker))
        self._unlock()

    def _begin(self) -> str:
        """Write down that a run has begun, and return how the one before it ended."""
        marker = self.folder / _MARKER
        before: dict[str, str] = {}
        # A kill may have come while it was being written.
        with suppress(FileNotFoundError, ValueError):
            before = json.loads(marker.read_text())
        now = datetime.now(UTC).isoformat(timespec="seconds")
        marker.write_text(json.dumps({"started": now}))
        if not before:
            return ""
        how = f"ended with an error ({before['error']})" if "error" in before else "was killed"
        return f"that started at {before['started']} {how}"

    def _lock(self, path: Path, place: str, store: str) -> None:
        lock = path.open("w")
        self._locks.append(lock)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._unlock()
            raise AccordError(
                f"Another run loads {place} into {store}.",
                "Wait until it ends: two at a time would do the same work.",
            ) from error

    def _unlock(self) -> None:
        for lock in self._locks:
            lock.close()

    def _is_current(self, path: Path) -> bool:
        """Tell whether this software, model and mappings made a file."""
        return path.name == _MARKER or path.name.startswith(f"{self._version}-")


def _folder(places: Sequence[str], settings: Settings) -> Path:
    return data_folder() / "runs" / short_hash(settings.store, *places)
