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

        content = None
        try:
            with self.path.open("rb") as file:
                file.seek(self.offset)
                for record in ArchiveIterator(file):
                    content = record.content_stream().read(LARGEST_BYTES + 1)
                    break
        except Exception as error:  # the library raises whatever broken bytes lead it to
            raise Blob(self.path).unreadable(error) from error
        if content is None or len(content) > LARGEST_BYTES:
            why = "is gone" if content is None else f"has more than {LARGEST_BYTES:,} bytes"
            raise ArticleError(f"{self.path}: the page {self.address} {why}.")
        return bytes(content)

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
                offset = iterator.get_record_offset()
                address = record.rec_headers.get_header("WARC-Target-URI") or ""
                if _is_page(record) and address.startswith(("http://", "https://")):
                    media = record.http_headers.get_header("Content-Type")
                    yield Record(path, offset, address, charset_of(media), reading)
    except Exception as error:  # noqa: BLE001 - broken bytes lead it anywhere
        found = Blob(path).unreadable(error)
        yield Broken.by(found, Blob(path).part(f"broken={offset}"), path.stem)


def _is_page(record: Any) -> bool:
    if record.rec_type != "response" or record.http_headers is None:
        return False
    media = record.http_headers.get_header("Content-Type") or ""
    return str(record.http_headers.get_statuscode()) == "200" and media.lower().startswith(_PAGES)
