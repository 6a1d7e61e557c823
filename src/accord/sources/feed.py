"""RSS and Atom feeds, and the pages that they lead to."""

from __future__ import annotations

import hashlib
from calendar import timegm
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from accord.article import Known
from accord.errors import ArticleError, SourceError
from accord.sources.address import joined
from accord.sources.fetching import Bounds, Fetched
from accord.sources.location import Location
from accord.sources.page import Entry, Pages

_BOUNDS = Bounds(size=20_000_000)


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed; ``iri`` is its address, ``most`` the entries that are read, from the top."""

    name: str
    iri: str
    pages: Pages
    most: int | None = None

    def discover(self) -> Iterator[Location]:
        """Yield the pages of the entries, which are fetched one by one.

        :raises SourceError: if the feed cannot be had, or is none
        """
        try:
            found = self.pages.fetcher.fetch(self.iri, bounds=_BOUNDS, stale=False)
        except ArticleError as error:
            raise SourceError(f"The feed {self.name}: {error.what}", error.remedy) from error
        yield from self.locations(found)

    def locations(self, found: Fetched) -> Iterator[Location]:
        """Yield the pages of the entries of the feed as it was fetched.

        :raises SourceError: if it is none
        """
        for number, entry in enumerate(entries(found.read(), found.address, self.name)):
            if number == self.most:
                return
            yield self.pages.locate(entry, _fallback(self.iri, entry, number))


def entries(content: bytes, address: str, name: str) -> Iterator[Entry]:
    """Yield what a feed says of its pages.

    :param address: of the feed, against which relative addresses are read
    :raises SourceError: if it is no feed
    """
    import feedparser

    try:
        parsed = feedparser.parse(content, sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # damaged feeds lead the library anywhere
        raise SourceError(
            f"The feed {name} cannot be read: {error}.", f"Look at {address}."
        ) from error
    if not parsed.get("version") and not parsed.entries:
        reason = parsed.get("bozo_exception", "it has no entries")
        raise SourceError(
            f"The feed {name} is none: {reason}.", f"Look at {address} with a browser."
        )
    outlet = _plain(parsed.feed.get("title"))
    for entry in parsed.entries:
        link = entry.get("link")
        yield Entry(
            joined(address, link) if link else None,
            Known(
                title=_plain(entry.get("title")),
                published=_day(entry),
                outlet=outlet,
                author=_plain(entry.get("author")),
            ),
            _moment(
                entry.get("updated_parsed" if "updated_parsed" in entry else "published_parsed")
            ),
        )


def _day(entry: Any) -> str | None:
    """Return the entry's date as it is written, in the time of its place."""
    return entry.get("published") or None


def _moment(parsed: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError):
        return None


def _plain(value: str | None) -> str | None:
    """Return words without the marks that feeds put into them."""
    if not value or not value.strip():
        return None
    if "<" not in value and "&" not in value:
        return " ".join(value.split())
    from lxml.html import fromstring

    return " ".join(fromstring(f"<p>{value}</p>").text_content().split()) or None


def _fallback(iri: str, entry: Entry, number: int) -> str:
    said = f"{entry.known.title}{entry.known.published}" if entry.known.title else str(number)
    return f"{iri}#entry-{hashlib.sha256(said.encode()).hexdigest()[:8]}"
