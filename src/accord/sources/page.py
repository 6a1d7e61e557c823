"""Pages: single addresses, and what feeds and sitemaps lead to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from accord.article import Article, Known
from accord.errors import ArticleError
from accord.sources.address import canonical, name_of
from accord.sources.broken import Broken
from accord.sources.content import Kind, Origin, Reading, to_article
from accord.sources.fetching import Fetcher
from accord.sources.location import Location

_KINDS = {
    "": Kind.HTML,
    "text/html": Kind.HTML,
    "application/xhtml+xml": Kind.HTML,
    "text/plain": Kind.TEXT,
    "text/markdown": Kind.MARKDOWN,
    "application/json": Kind.JSON,
}

REVISIT = 24 * 3600.0
"""Seconds after which a page is asked for again, if its feed does not say that it changed."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was fetched: ``iri`` is the address it is listed under, ``path`` has its bytes.

    ``address`` is where it came from in the end, after redirects.
    """

    iri: str
    path: Path
    address: str
    kind: Kind
    charset: str | None = None
    known: Known = field(default_factory=Known)
    reading: Reading = field(default_factory=Reading)

    @property
    def name(self) -> str:
        """The article's id in claims, made from the page's address."""
        return name_of(self.iri)

    def read(self) -> bytes:
        """Return the page as it was fetched, from disk.

        :raises ArticleError: if it is not there any more
        """
        try:
            return self.path.read_bytes()
        except OSError as error:
            raise ArticleError(
                f"{self.iri} is in the cache no more: {error.strerror}.", "A later run fetches it."
            ) from error

    def article(self, content: bytes, largest: int) -> Article:
        """Turn the page into an article.

        :raises ArticleError: as :func:`~accord.sources.content.to_article`
        """
        origin = Origin(
            self.iri,
            self.iri,
            self.name,
            self.reading,
            address=self.address,
            charset=self.charset,
            known=self.known,
        )
        return to_article(origin, content, self.kind, largest)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed or a sitemap says of a page. ``address`` is as it stands there, or nothing."""

    address: str | None
    known: Known = field(default_factory=Known)
    changed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pages:
    """Fetches the pages of a source.

    ``fresh`` are the seconds for which a page is not asked for again.
    """

    fetcher: Fetcher
    reading: Reading
    fresh: float = REVISIT

    def locate(self, entry: Entry, fallback: str) -> Location:
        """Fetch a page, or say why it cannot be had.

        :param fallback: the IRI of an entry without an address that can be used
        """
        iri = fallback
        try:
            if not entry.address:
                title = entry.known.title or fallback.rpartition("#")[2]
                raise ArticleError(
                    f"The entry {title!r} of {fallback.partition('#')[0]} has no address.",
                    "Its site left it out.",
                )
            iri = canonical(entry.address)
            found = self.fetcher.fetch(entry.address, fresh=self.fresh, changed=entry.changed)
            if found.media not in _KINDS:
                raise ArticleError(f"{iri} is no page but {found.media}.")
        except ArticleError as error:
            return Broken.by(error, iri, name_of(iri))
        return Page(
            iri,
            found.path,
            found.address,
            _KINDS[found.media],
            found.charset,
            entry.known,
            self.reading,
        )


@dataclass(frozen=True, slots=True)
class SinglePage:
    """One page as a source."""

    name: str
    iri: str
    pages: Pages

    def discover(self) -> Iterator[Location]:
        """Yield the page."""
        yield self.pages.locate(Entry(self.iri), self.iri)
