"""Answers of services, kept on disk with the day on which they were given.

One SQLite file holds them all: what one request has brought is written in one transaction, so that
a process that is killed leaves either all of it or nothing, and several processes may share it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from accord.errors import AccordError

FILE = "answers.sqlite"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS answer (
  service TEXT NOT NULL, question TEXT NOT NULL, asked TEXT NOT NULL, answer TEXT NOT NULL,
  PRIMARY KEY (service, question)
) WITHOUT ROWID
"""

_MOST_VARIABLES = 500
"""Questions looked up by one statement; SQLite allows at least 999 variables."""

_PATIENCE = 60.0
"""Seconds to wait for another process that is writing."""


_T = TypeVar("_T")


class Cache:
    """What services have answered, by service and question. Answers are JSON values.

    A question is the smallest thing that can be asked, a name or an item, and not the request that
    asked many at once: whatever is asked beside it another time, its answer is found again.

    :param folder: where the file is, or will be
    :param days: age above which an answer counts no longer
    :param offline: nothing can be asked anew: answers of any age count
    :raises AccordError: if the file cannot be opened or is none
    """

    def __init__(self, folder: Path, days: float, *, offline: bool = False) -> None:
        self.folder = folder
        self.offline = offline
        self._days = days
        self._path = folder / FILE
        try:
            folder.mkdir(parents=True, exist_ok=True)
            # A flow's tasks may run in other threads, one after the other.
            self._file = sqlite3.connect(self._path, timeout=_PATIENCE, check_same_thread=False)
            with self._file:
                self._file.execute(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise self._failed(error) from error

    def get(self, service: str, questions: Iterable[str]) -> dict[str, Any]:
        """Return the answers that are there and not too old, by question.

        :raises AccordError: if the file cannot be read
        """
        oldest = datetime.min if self.offline else datetime.now(UTC) - timedelta(days=self._days)
        found: dict[str, Any] = {}
        try:
            for part in parts(list(questions), _MOST_VARIABLES):
                marks = ",".join("?" * len(part))
                rows = self._file.execute(
                    "SELECT question, answer FROM answer WHERE service = ? AND asked >= ? "
                    f"AND question IN ({marks})",
                    (service, oldest.isoformat(), *part),
                )
                found.update((question, json.loads(answer)) for question, answer in rows)
        except (sqlite3.Error, ValueError) as error:
            raise self._failed(error) from error
        return found

    def put(self, service: str, answers: Mapping[str, Any]) -> None:
        """Keep answers, all or none of them, with today's date.

        :raises AccordError: if they cannot be written
        """
        now = datetime.now(UTC).isoformat()
        rows = [
            (service, question, now, json.dumps(answer, ensure_ascii=False))
            for question, answer in answers.items()
        ]
        try:
            with self._file:
                self._file.executemany("INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?)", rows)
        except sqlite3.Error as error:
            raise self._failed(error) from error

    def __len__(self) -> int:
        """Return the number of answers, of any age."""
        (count,) = self._file.execute("SELECT count(*) FROM answer").fetchone()
        return int(count)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _failed(self, error: Exception) -> AccordError:
        return AccordError(
            f"The cache of answers {self._path} cannot be used: {error}.",
            "Name another folder with ACCORD_CACHE, or remove the file: its answers are then "
            "asked for again.",
        )


def parts(items: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    """Yield a sequence in pieces of so many items, the last one shorter."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
