"""WARC archives, such as those of Common Crawl News: the pages in them, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from accord.article import Article
from accord.errors import ArticleError
from accord.sources.address import charset_of, name_of
from accord.sources.blob import Blob
from accord.sources.broken import Broken
from accord.sources.content import LARGEST_BYTES, Kind, Origin, Reading, to_article

_PAGES = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True)
class Record:
    """A page in an archive; ``offset`` is that of its record in the file as it is."""

    path: Path
    offset: int
    address: str
    charset: str | None = None
    reading: Reading = field(default_factory=Reading)

    @property
    def iri(self) -> str:
        """The archive's IRI with the record's offset as its fragment."""
        return Blob(self.path).part(f"offset={self.offset}")

    @property
    def name(self) -> str:
        """The article's id in claims, made from its address."""
        return name_of(self.address)

    def read(self) -> bytes:
        """Return the page's bytes.

        :raises ArticleError: if they cannot be read
        """
        from warcio.archiveiterator import ArchiveIterator

        try:
            with self.path.open("rb") as file:
                file.seek(self.offset)
                record = next(iter(ArchiveIterator(file)))
                content = _read_to_end(record.content_stream())
                _read_to_end(record.raw_stream)
                # The library takes a record that breaks off for one that ends.
                missing = record.raw_stream.limit if len(content) <= LARGEST_BYTES else 0
        except Exception as error:  # the library raises whatever broken bytes lead it to
            raise Blob(self.path).unreadable(error) from error
        if missing or len(content) > LARGEST_BYTES:
            why = "breaks off" if missing else f"has more than {LARGEST_BYTES:,} bytes"
            raise ArticleError(f"{self.path}: the page {self.address} {why}.")
        return content

    def article(self, content: bytes, largest: int) -> Article:
        """Turn the page into an article.

        :raises ArticleError: as :func:`~accord.sources.content.to_article`
        """
        origin = Origin(
            f"{self.path}: {self.address}",
            self.iri,
            self.name,
            self.reading,
            address=self.address,
            charset=self.charset,
        )
        return to_article(origin, content, Kind.HTML, largest)


def records(path: Path, reading: Reading) -> Iterator[Record | Broken]:
    """Yield the pages that an archive has answers with; where it breaks off, a broken one.

    It is read as a stream: an archive may be larger than memory.
    """
    from warcio.archiveiterator import ArchiveIterator

    offset = 0
    try:
        with path.open("rb") as file:
            iterator = ArchiveIterator(file)
            for record in iterator:
                if record.format != "warc":
                    raise ValueError("it is no WARC archive")
                offset = iterator.get_record_offset()
                address = record.rec_headers.get_header("WARC-Target-URI") or ""
                if _is_page(record) and address.startswith(("http://", "https://")):
                    media = record.http_headers.get_header("Content-Type")
                    yield Record(path, offset, address, charset_of(media), reading)
            offset = iterator.offset
        if offset < path.stat().st_size:
            raise ValueError(f"it breaks off after {offset:,} bytes")
    except Exception as error:  # noqa: BLE001 - broken bytes lead the library anywhere
        found = Blob(path).unreadable(error)
        yield Broken.by(found, Blob(path).part(f"broken={offset}"), path.stem)


def _read_to_end(stream: Any) -> bytes:
    """Return what is left of a stream, which gives at a time what it likes, or enough of it."""
    content = bytearray()
    while len(content) <= LARGEST_BYTES and (chunk := stream.read(65_536)):
        content += chunk
    return bytes(content)


def _is_page(record: Any) -> bool:
    if record.rec_type != "response" or record.http_headers is None:
        return False
    media = record.http_headers.get_header("Content-Type") or ""
    return str(record.http_headers.get_statuscode()) == "200" and media.lower().startswith(_PAGES)
