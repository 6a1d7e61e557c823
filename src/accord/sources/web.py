"""An address of which nobody said what it is: a feed, a sitemap or a page, told by its content."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from accord.errors import ArticleError, SourceError
from accord.sources.feed import Feed
from accord.sources.location import Location
from accord.sources.page import Pages, SinglePage
from accord.sources.sitemap import BOUNDS, Sitemap, is_sitemap

_JUST_NOW = 60.0
"""Seconds for which what was told by its content is not asked for again."""


@dataclass(frozen=True, slots=True)
class Web:
    """Whatever is at an address; see :class:`Feed`, :class:`Sitemap` and :class:`SinglePage`."""

    name: str
    iri: str
    pages: Pages
    most: int | None = None

    def discover(self) -> Iterator[Location]:
        """Yield the page, or those that the feed or the sitemap leads to.

        :raises SourceError: if there is nothing at the address
        """
        try:
            found = self.pages.fetcher.fetch(self.iri, bounds=BOUNDS, stale=False)
        except ArticleError as error:
            raise SourceError(error.what, error.remedy) from error
        content = found.read()
        if _is_feed(content):
            yield from Feed(self.name, self.iri, self.pages, self.most).locations(found)
        elif is_sitemap(content, found.address):
            yield from Sitemap(self.name, self.iri, self.pages, self.most).discover()
        else:
            yield from SinglePage(
                self.name, self.iri, replace(self.pages, fresh=_JUST_NOW)
            ).discover()


def _is_feed(content: bytes) -> bool:
    start = content[:2000]
    return any(mark in start for mark in (b"<rss", b"<feed", b"<rdf:RDF", b"<channel"))
