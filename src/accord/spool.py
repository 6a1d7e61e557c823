"""The spool: extracted batches on disk, from their extraction until the store has them.

A run over the same sources into the same store has the same folder each time. What an outage of
the store, or a kill, leaves there is loaded by the next run, which need not extract it again.
"""

from __future__ import annotations

import fcntl
import itertools
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from accord.errors import AccordError
from accord.graph import short_hash
from accord.settings import Settings, data_folder
from accord.sources import Source
from accord.versions import current_versions

_READY = ".jsonl"
_UNFINISHED = ".part"


class Spool:
    """The folder of a run's batches, held by one process at a time.

    :param sources: the sources of the run
    :raises AccordError: if the folder cannot be written, or another run holds it
    """

    def __init__(self, sources: Sequence[Source], settings: Settings) -> None:
        places = sorted(source.iri for source in sources)
        self.folder = data_folder() / "runs" / short_hash(settings.store, *places)
        self._version = short_hash(current_versions(settings.model).key)[:8]
        self._numbers = itertools.count()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock = (self.folder / "lock").open("w")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._lock.close()
            raise AccordError(
                f"Another run loads {', '.join(places)} into {settings.store}.",
                "Wait until it ends: two at a time would do the same work.",
            ) from error
        except OSError as error:
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

    def close(self) -> None:
        """Let go of the folder; an empty one is removed."""
        if not self.left():
            shutil.rmtree(self.folder, ignore_errors=True)
        self._lock.close()

    def _is_current(self, path: Path) -> bool:
        """Tell whether this software, model and mappings made a file."""
        return path.name == "lock" or path.name.startswith(f"{self._version}-")
