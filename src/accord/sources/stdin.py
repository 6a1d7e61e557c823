"""Standard input as a source: kept as a file by its content, since it can be read but once."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from accord.errors import UsageError
from accord.sources.content import Kind, Reading, kind_of
from accord.sources.files import Files
from accord.sources.location import Location

_ENDINGS = {Kind.TEXT: ".txt", Kind.HTML: ".html", Kind.JSON: ".jsonl"}


@dataclass(frozen=True, slots=True)
class Stdin:
    """What comes in at standard input: a text, a page, or records of JSON, one a line."""

    folder: Path
    reading: Reading = field(default_factory=Reading)
    name: str = "-"

    @property
    def iri(self) -> str:
        """The IRI of the folder where it is kept."""
        return self.folder.absolute().as_uri()

    def discover(self) -> Iterator[Location]:
        """Keep what comes in, and yield what is in it.

        :raises UsageError: if nothing comes in
        """
        content = _received()
        if not content.strip():
            raise UsageError("Nothing came in at standard input.", "Pipe an article into it.")
        self.folder.mkdir(parents=True, exist_ok=True)
        ending = _ending(content)
        path = self.folder / f"stdin-{hashlib.sha256(content).hexdigest()[:16]}{ending}"
        path.write_bytes(content)
        yield from Files(path, self.reading).discover()


@cache
def _received() -> bytes:
    """Return all that comes in, which comes in once."""
    return sys.stdin.buffer.read()


def _ending(content: bytes) -> str:
    kind = kind_of("-", content)
    if kind is Kind.JSON or content.lstrip().startswith(b"["):
        try:
            json.loads(content)
        except (ValueError, RecursionError):
            return _ENDINGS[kind]
        return ".json"
    return _ENDINGS[kind]
