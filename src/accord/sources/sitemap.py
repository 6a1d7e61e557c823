"""Sitemaps (sitemaps.org), their indexes, and the pages that they list."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dateutil import parser as dateparser

from accord.article import Known
from accord.errors import ArticleError, SourceError
from accord.sources.address import canonical, host_of, name_of
from accord.sources.broken import Broken
from accord.sources.fetching import Bounds
from accord.sources.location import Location
from accord.sources.page import Entry, Pages

_SIZE = 50_000_000
"""The most bytes that a sitemap may have, by its standard."""

BOUNDS = Bounds(size=_SIZE, seconds=120.0)
_DEEPEST = 3
"""How far indexes are followed that list indexes; the standard does not know such ones."""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A sitemap or an index of them; ``iri`` is its address, ``most`` the pages that are read."""

    name: str
    iri: str
    pages: Pages
    most: int | None = None

    def discover(self) -> Iterator[Location]:
        """Yield the pages, which are fetched one by one, the last changed of a sitemap first.

        A sitemap that an index lists and that cannot be had is a broken location.

        :raises SourceError: if the first one cannot be had, or is none
        """
        seen: set[str] = set()
        number = 0
        for entry in self._entries(self.iri, 0, seen):
            if isinstance(entry, Broken):
                yield entry
                continue
            if number == self.most:
                return
            number += 1
            yield self.pages.locate(entry, f"{self.iri}#entry-{number}")

    def _entries(self, address: str, depth: int, seen: set[str]) -> Iterator[Entry | Broken]:
        seen.add(address)
        try:
            found = self.pages.fetcher.fetch(address, bounds=BOUNDS, stale=False)
            listed, below = read(found.read(), found.address)
        except ArticleError as error:
            if depth == 0:
                raise SourceError(f"The sitemap {self.name}: {error.what}", error.remedy) from error
            yield Broken.by(error, canonical(address), name_of(address))
            return
        yield from listed
        for each in below:
            if each not in seen and depth < _DEEPEST:
                yield from self._entries(each, depth + 1, seen)


def read(content: bytes, address: str) -> tuple[list[Entry], list[str]]:
    """Return the pages that a sitemap lists, the last changed first, and the sitemaps.

    Only those on its own host count, as the standard has it.

    :raises ArticleError: if it is no sitemap
    """
    from lxml import etree

    content = _unpacked(content, address)
    if not content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        words = content.decode("utf-8", "replace").split()
        return [Entry(word) for word in words if _is_own(word, address)], []
    # No entities, no network: a sitemap needs neither.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise ArticleError(f"{address} is no sitemap: {error}.") from error
    if root is None or str(root.tag).rpartition("}")[2] not in ("urlset", "sitemapindex"):
        raise ArticleError(f"{address} is no sitemap.", "Its first element is another.")
    below = [_text(each, "loc") for each in root.iterfind("{*}sitemap")]
    entries = [_entry(each) for each in root.iterfind("{*}url")]
    entries = [entry for entry in entries if _is_own(entry.address or "", address)]
    entries.sort(key=lambda entry: entry.changed or _LONG_AGO, reverse=True)
    return entries, [each for each in below if each and _is_own(each, address)]


def is_sitemap(content: bytes, address: str) -> bool:
    """Tell whether bytes begin as a sitemap does.

    :raises ArticleError: if they are packed and damaged
    """
    start = _unpacked(content, address)[:2000]
    return b"<urlset" in start or b"<sitemapindex" in start


def _entry(element: Any) -> Entry:
    return Entry(
        _text(element, "loc"),
        Known(
            title=_text(element, "{*}news/{*}title"),
            published=_text(element, "{*}news/{*}publication_date"),
            outlet=_text(element, "{*}news/{*}publication/{*}name"),
        ),
        _moment(_text(element, "lastmod")),
    )


def _text(element: Any, path: str) -> str | None:
    found = element.findtext(path if path.startswith("{") else f"{{*}}{path}")
    return " ".join(found.split()) or None if found else None


_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def _moment(value: str | None) -> datetime | None:
    try:
        moment = dateparser.isoparse(value) if value else None
    except ValueError:
        return None
    # A day alone ends when it ends.
    if moment is not None and value is not None and len(value) <= 10:
        moment = moment.replace(hour=23, minute=59)
    return moment.replace(tzinfo=moment.tzinfo or UTC) if moment else None


def _is_own(link: str, address: str) -> bool:
    try:
        return host_of(canonical(link)) == host_of(address)
    except ArticleError:
        return False


def _unpacked(content: bytes, address: str) -> bytes:
    if not content.startswith(b"\x1f\x8b"):
        return content
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        content = unpacker.decompress(content, _SIZE + 1)
    except zlib.error as error:
        raise ArticleError(f"{address} cannot be unpacked: {error}.") from error
    if len(content) > _SIZE:
        raise ArticleError(f"{address} has more than {_SIZE:,} bytes.")
    return content
