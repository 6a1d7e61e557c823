"""Files and folders as a source of articles: text, Markdown, pages, records, and archives."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path, PurePath
from typing import Any

from accord.article import Article
from accord.errors import ArticleError, UsageError
from accord.sources.blob import Blob, members
from accord.sources.broken import Broken
from accord.sources.content import SUFFIXES, Origin, Reading, kind_of, to_article
from accord.sources.lines import lines
from accord.sources.location import Location
from accord.sources.warc import records

LINES = frozenset({".jsonl", ".ndjson"})
"""Files with an article a line."""

_READ = frozenset({*SUFFIXES, *LINES, ".zip", ".warc"})
"""The files of a folder that are read; a file that is named itself is read whatever its suffix."""


@dataclass(frozen=True, slots=True)
class File:
    """A file with one article, which may be the member of a zip."""

    path: Path
    member: str | None = None
    reading: Reading = field(default_factory=Reading)

    @property
    def blob(self) -> Blob:
        """Where the bytes are."""
        return Blob(self.path, self.member)

    @property
    def iri(self) -> str:
        """The file's IRI (``file:///...``)."""
        return self.blob.iri

    @property
    def name(self) -> str:
        """The article's id in claims: the file's stem."""
        return PurePath(self.blob.file_name).stem

    def read(self) -> bytes:
        """Return the file's bytes, unpacked.

        :raises ArticleError: if it cannot be read
        """
        return self.blob.read()

    def article(self, content: bytes, largest: int) -> Article:
        """Turn the file's bytes into an article.

        :raises ArticleError: as :func:`~accord.sources.content.to_article`
        """
        blob = self.blob
        origin = Origin(blob.label, self.iri, self.name, self.reading)
        return to_article(origin, content, kind_of(blob.file_name, content), largest)


@dataclass(frozen=True, slots=True)
class Element:
    """One of the records of a JSON array; ``index`` counts from 0."""

    blob: Blob
    index: int
    reading: Reading = field(default_factory=Reading)

    @property
    def iri(self) -> str:
        """The file's IRI with a JSON pointer (RFC 6901) as its fragment."""
        return self.blob.part(f"/{self.index}")

    @property
    def name(self) -> str:
        """The file's stem and the place in the array, counted from 1."""
        return f"{PurePath(self.blob.file_name).stem}-{self.index + 1}"

    def read(self) -> bytes:
        """Return the record as JSON.

        :raises ArticleError: if it cannot be read
        """
        try:
            return json.dumps(
                _array(self.blob, self.blob.stamp())[self.index], ensure_ascii=False
            ).encode()
        except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
            raise self.blob.unreadable(ValueError(str(error))) from error

    def article(self, content: bytes, largest: int) -> Article:
        """Turn the record into an article.

        :raises ArticleError: as :func:`~accord.sources.content.to_article`
        """
        where = f"{self.blob.label}, record {self.index + 1},"
        origin = Origin(where, self.iri, self.name, self.reading)
        return to_article(origin, content, SUFFIXES[".json"], largest)


@dataclass(frozen=True, slots=True)
class Files:
    """A file, or the files below a folder in the order of their names.

    ``label`` is the source's name, where it has one beside its path.
    """

    path: Path
    reading: Reading = field(default_factory=Reading)
    label: str | None = None

    @property
    def name(self) -> str:
        """The path as it was given, if it has no other name."""
        return self.label or str(self.path)

    @property
    def iri(self) -> str:
        """The IRI of the file or folder (``file:///...``)."""
        return self.path.absolute().as_uri()

    def discover(self) -> Iterator[Location]:
        """Yield the files, and what is in those that hold many articles.

        :raises UsageError: if the path does not exist, or the folder has no article
        """
        if not self.path.exists():
            raise UsageError(f"{self.path} does not exist.", "Name a file or a folder of articles.")
        files = _below(self.path) if self.path.is_dir() else iter([self.path])
        found = False
        for file in files:
            found = True
            # A link keeps its own name.
            yield from _inside(Path(os.path.abspath(file)), self.reading)  # noqa: PTH100
        if not found:
            raise UsageError(
                f"The folder {self.path} has no articles.",
                f"Articles are files that end in {', '.join(sorted(_READ))}, or in these and .gz.",
            )


def _below(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if _suffix(path.name) in _READ and path.is_file() and not hidden:
            yield path


def _inside(path: Path, reading: Reading) -> Iterator[Location]:
    """Yield what a file holds: itself, or its members, lines, records."""
    suffix = _suffix(path.name)
    if suffix == ".warc":
        yield from records(path, reading)
    elif suffix == ".zip":
        try:
            names = members(path)
        except ArticleError as error:
            yield Broken.by(error, path.as_uri(), path.stem)
            return
        for name in names:
            parts = PurePath(name).parts
            hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
            if _suffix(name) in _READ - {".zip", ".warc"} and not hidden:
                yield from _members(Blob(path, name), reading)
    else:
        yield from _members(Blob(path), reading)


def _members(blob: Blob, reading: Reading) -> Iterator[Location]:
    suffix = _suffix(blob.file_name)
    if suffix in LINES:
        yield from lines(blob, reading)
        return
    if suffix == ".json":
        try:
            value = _array(blob, blob.stamp())
        except (ArticleError, OSError, ValueError, RecursionError):
            value = None  # reading it says why
        if isinstance(value, list):
            yield from (Element(blob, index, reading) for index in range(len(value)))
            return
    yield File(blob.path, blob.member, reading)


@lru_cache(maxsize=1)
def _array(blob: Blob, stamp: tuple[int, int]) -> Any:
    """Return what a file of JSON holds: its records are asked for one after the other."""
    return json.loads(blob.read())


def _suffix(name: str) -> str:
    """Return the end of a file's name, that before ``.gz`` if it has two."""
    return PurePath(name.lower().removesuffix(".gz")).suffix
