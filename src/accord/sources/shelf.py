"""Pages as their servers sent them, kept on disk, so that nobody is asked twice.

Files, and not a database: a page is read by its path, in whichever process extracts it.

An answer is two files: ``KEY.json`` says what was asked, when and how it was answered;
``KEY-DIGEST`` has the bytes, if there are any. Each is written whole or not at all, the bytes
first, so that a kill in between leaves the answer before it.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from accord.errors import AccordError

_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A kept answer: ``about`` as it was put, its bytes' file, and its age in seconds."""

    about: dict[str, Any]
    path: Path
    age: float

    def read(self) -> bytes:
        """Return the answer's bytes."""
        return self.path.read_bytes()


class Shelf:
    """A folder of answers by key; any number of processes may share it.

    :param folder: made when the first answer is put into it
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, key: str) -> Answer | None:
        """Return the answer to what a key stands for, or None if there is no whole one."""
        entry = self._entry(key)
        try:
            about = json.loads(entry.read_bytes())
            path = entry.with_name(about.pop("bytes"))
            age = max(0.0, time.time() - entry.stat().st_mtime)
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return None
        return Answer(about, path, age) if path.exists() else None

    def put(self, key: str, content: bytes, about: dict[str, Any]) -> Answer:
        """Keep an answer in the place of the one before it.

        :param about: JSON values that say what the answer is
        :raises AccordError: if the folder cannot be written
        """
        entry = self._entry(key)
        before = self.get(key)
        path = entry.with_name(f"{entry.stem}-{hashlib.sha256(content).hexdigest()[:16]}")
        try:
            entry.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                _write(path, content)
            _write(entry, _entry_of(about, path))
        except OSError as error:
            raise self._unwritable(error) from error
        if before is not None and before.path != path:
            before.path.unlink(missing_ok=True)
        return Answer(about, path, 0.0)

    def renew(self, key: str, kept: Answer, about: dict[str, Any]) -> None:
        """Say that an answer was found unchanged: its bytes stay, and its age begins anew.

        :raises AccordError: if the folder cannot be written
        """
        try:
            _write(self._entry(key), _entry_of(about, kept.path))
        except OSError as error:
            raise self._unwritable(error) from error

    def clear_out(self, older: float) -> None:
        """Remove answers that are older than so many seconds; looks for them once a day."""
        marker = self.folder / "cleared"
        now = time.time()
        try:
            if not self.folder.exists() or (
                marker.exists() and now - marker.stat().st_mtime < _DAY
            ):
                return
            marker.touch()
            for entry in self.folder.glob("??/*.json"):
                if now - entry.stat().st_mtime > older:
                    for file in entry.parent.glob(f"{entry.stem}*"):
                        file.unlink(missing_ok=True)
        except FileNotFoundError:
            return  # another process is at it
        except OSError as error:
            raise self._unwritable(error) from error

    def _entry(self, key: str) -> Path:
        name = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        return self.folder / name[:2] / f"{name}.json"

    def _unwritable(self, error: OSError) -> AccordError:
        return AccordError(
            f"The folder {self.folder} cannot be written: {error.strerror}.",
            "Free some space, or name another folder in the setting cache.",
        )


def _entry_of(about: dict[str, Any], path: Path) -> bytes:
    return json.dumps({**about, "bytes": path.name}, ensure_ascii=False).encode()


def _write(path: Path, content: bytes) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(name).rename(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
