"""Structured logs: one JSON object a line, with the run and the article that a line is about."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from accord.errors import UsageError

STDERR = "-"
"""The target that stands for standard error."""

_root = logging.getLogger("accord")
_events = logging.getLogger("accord.run")
# Without a target nothing is written, not even warnings: what people are told is elsewhere.
_events.addHandler(logging.NullHandler())
_current: dict[str, Any] = {}
"""Fields of every line: one process has one run at a time."""


class _Lines(logging.Formatter):
    """A record as a JSON object: time (ISO 8601, UTC), level, logger, message, fields, stack."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_current,
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["stack"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def configure(target: str | None) -> None:
    """Send the logs of Accord to a file, or to standard error for ``-``; without a target, nowhere.

    Calling it again replaces the target.

    :raises UsageError: if the file cannot be written
    """
    for handler in [old for old in _root.handlers if isinstance(old.formatter, _Lines)]:
        _root.removeHandler(handler)
        handler.close()
    if not target:
        return
    try:
        handler = (
            logging.StreamHandler(sys.stderr)
            if target == STDERR
            else logging.FileHandler(Path(target), encoding="utf-8")
        )
    except OSError as error:
        raise UsageError(
            f"The log {target} cannot be written: {error.strerror}.",
            "Name another file in ACCORD_LOG or --log, or - for standard error.",
        ) from error
    handler.setFormatter(_Lines())
    # The endpoint's access log has a handler and a form of its own.
    handler.addFilter(lambda record: record.name != "accord.access")
    _root.addHandler(handler)
    _root.setLevel(logging.INFO)


def event(message: str, level: int = logging.INFO, **fields: Any) -> None:
    """Write a line; its fields are what a machine filters by."""
    _events.log(level, message, extra={"fields": fields})


@contextmanager
def within(**fields: Any) -> Iterator[None]:
    """Give every line that is written during the block these fields."""
    before = dict(_current)
    _current.update(fields)
    try:
        yield
    finally:
        _current.clear()
        _current.update(before)


class Count(logging.Handler):
    """Counts warnings of a logger while it is attached, and keeps the last one."""

    def __init__(self, logger: str) -> None:
        super().__init__(logging.WARNING)
        self._logger = logging.getLogger(logger)
        self.number = 0
        self.last = ""
        self._logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Count a record."""
        self.number += 1
        self.last = record.getMessage()

    def close(self) -> None:
        """Stop counting."""
        self._logger.removeHandler(self)
        super().close()
