"""Bytes on disk: a file or a member of a zip, unpacked if it ends in ``.gz``."""

from __future__ import annotations

import gzip
import os
import threading
import zipfile
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePath
from typing import IO, BinaryIO, cast
from urllib.parse import quote

from accord.errors import ArticleError
from accord.sources.content import LARGEST_BYTES


@dataclass(frozen=True, slots=True)
class Blob:
    """The place of some bytes: a path, and the member's name if it is that of a zip."""

    path: Path
    member: str | None = None

    @property
    def iri(self) -> str:
        """The IRI: of a member the archive's, with the member as its fragment."""
        iri = self.path.as_uri()
        return f"{iri}#{quote(self.member)}" if self.member else iri

    def part(self, fragment: str) -> str:
        """Return the IRI of a part of the bytes."""
        return f"{self.iri}{'/' if self.member else '#'}{fragment}"

    @property
    def label(self) -> str:
        """What messages call it."""
        return f"{self.path}: {self.member}" if self.member else str(self.path)

    @property
    def file_name(self) -> str:
        """The name without folders, and without ``.gz``."""
        name = PurePath(self.member or self.path).name
        return name[:-3] if self.packed else name

    @property
    def packed(self) -> bool:
        """Tell whether the bytes are packed with gzip."""
        return (self.member or self.path.name).lower().endswith(".gz")

    def read(self) -> bytes:
        """Return the bytes, unpacked.

        :raises ArticleError: if they cannot be read, or are more than any article has
        """
        try:
            if self.member is None and not self.packed and self.path.is_file():
                size = self.path.stat().st_size
                content = self.path.read_bytes() if size <= LARGEST_BYTES else b""
            else:
                with self.open() as stream:
                    content = stream.read(LARGEST_BYTES + 1)
                size = len(content)
        except BROKEN as error:
            raise self.unreadable(error) from error
        if size > LARGEST_BYTES:
            raise ArticleError(
                f"{self.label} has more than {LARGEST_BYTES:,} bytes.",
                "If it holds many articles, split it into files of one, or into lines of JSON.",
            )
        return content

    def open(self) -> BinaryIO:
        """Open the bytes, unpacked, for reading from their beginning.

        What this and the stream raise is translated by :meth:`unreadable`.
        """
        if self.member is None:
            return _binary(gzip.open(self.path) if self.packed else self.path.open("rb"))
        stream = _archive(self.path, self.stamp()).open(self.member)
        return _binary(gzip.open(stream) if self.packed else stream)

    def read_line(self, offset: int) -> bytes:
        """Return the line that begins at an offset into the unpacked bytes.

        Lines that are read one after the other are found without unpacking anew.

        :raises ArticleError: if they cannot be read, or the line is longer than any article
        """
        try:
            stamp = self.stamp()
            with _AT_WORK:
                stream = _stream(self, stamp)
                stream.seek(offset)
                line = stream.readline(LARGEST_BYTES + 1)
        except BROKEN as error:
            raise self.unreadable(error) from error
        if len(line) > LARGEST_BYTES:
            raise ArticleError(
                f"{self.label} has a line of more than {LARGEST_BYTES:,} bytes.", "Split it."
            )
        return line

    def stamp(self) -> tuple[int, int]:
        """Return what changes when the file does.

        :raises OSError: if it is not there
        """
        return _stamp(self.path)

    def unreadable(self, error: Exception) -> ArticleError:
        """Return the error for bytes that cannot be read."""
        reason = error.strerror if isinstance(error, OSError) else None
        remedy = "Check its permissions." if reason else "It is damaged or packed in another way."
        return ArticleError(f"{self.label} cannot be read: {reason or error}.", remedy)


_AT_WORK = threading.Lock()
"""A stream has one position: whoever moves it holds this."""

BROKEN = (OSError, EOFError, zlib.error, zipfile.BadZipFile, KeyError, ValueError, RuntimeError)
"""What reading a damaged, encrypted or vanished file raises."""


def members(path: Path) -> list[str]:
    """Return the names of the files in a zip, in order.

    :raises ArticleError: if it cannot be read
    """
    try:
        infos = _archive(path, _stamp(path)).infolist()
    except BROKEN as error:
        raise Blob(path).unreadable(error) from error
    return sorted(info.filename for info in infos if not info.is_dir())


def _binary(stream: gzip.GzipFile | IO[bytes]) -> BinaryIO:
    # They have the methods, but no common type.
    return cast(BinaryIO, stream)


def _stamp(path: Path) -> tuple[int, int]:
    status = os.stat(path)  # noqa: PTH116 - with the error of a file that is gone
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=2)
def _archive(path: Path, stamp: tuple[int, int]) -> zipfile.ZipFile:
    return zipfile.ZipFile(path)


@lru_cache(maxsize=2)
def _stream(blob: Blob, stamp: tuple[int, int]) -> BinaryIO:
    return blob.open()
