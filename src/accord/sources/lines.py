"""Lines of JSON, a record each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath

from accord.article import Article
from accord.errors import ArticleError
from accord.sources.blob import BROKEN, Blob
from accord.sources.broken import Broken
from accord.sources.content import LARGEST_BYTES, Kind, Origin, Reading, to_article


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file: ``number`` counts from 1, ``offset`` is that of its first byte."""

    blob: Blob
    number: int
    offset: int
    reading: Reading = field(default_factory=Reading)

    @property
    def iri(self) -> str:
        """The file's IRI with the line as its fragment, in the manner of RFC 5147."""
        return self.blob.part(f"line={self.number - 1},{self.number}")

    @property
    def name(self) -> str:
        """The file's stem and the line's number."""
        return f"{PurePath(self.blob.file_name).stem}-{self.number}"

    def read(self) -> bytes:
        """Return the line's bytes.

        :raises ArticleError: if they cannot be read
        """
        return self.blob.read_line(self.offset)

    def article(self, content: bytes, largest: int) -> Article:
        """Turn the line into an article.

        :raises ArticleError: as :func:`~accord.sources.content.to_article`
        """
        origin = Origin(
            f"{self.blob.label}, line {self.number},", self.iri, self.name, self.reading
        )
        return to_article(origin, content, Kind.JSON, largest)


def lines(blob: Blob, reading: Reading) -> Iterator[Line | Broken]:
    """Yield the lines of a file that are not empty; where it breaks off, a broken one."""
    number = offset = 0
    try:
        with blob.open() as stream:
            # A line without an end is not read whole: reading it again says what is wrong.
            while line := stream.readline(LARGEST_BYTES):
                number += 1
                if line.strip():
                    yield Line(blob, number, offset, reading)
                offset += len(line)
                while not line.endswith(b"\n") and (line := stream.readline(LARGEST_BYTES)):
                    offset += len(line)
    except BROKEN as error:
        found: ArticleError = blob.unreadable(error)
        stem = PurePath(blob.file_name).stem
        yield Broken.by(found, blob.part(f"line={number},{number + 1}"), f"{stem}-{number + 1}")
