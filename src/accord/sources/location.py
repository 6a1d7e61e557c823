"""What every source has: a name, and locations that it discovers one after the other."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Protocol, runtime_checkable

from accord.article import Article
from accord.errors import ArticleError, SourceError


class Location(Protocol):
    """A place that may hold an article: a file, a line of one, a page that was fetched.

    Locations are small values that other processes can take: they hold paths and offsets, not
    texts. What can be read from one never needs the network.
    """

    @property
    def iri(self) -> str:
        """The IRI of the place, the same in every run."""

    @property
    def name(self) -> str:
        """The article's id in claims."""

    def read(self) -> bytes:
        """Return the bytes as they came.

        :raises ArticleError: if there are none to be had, with the reason
        """

    def article(self, content: bytes, largest: int) -> Article:
        """Turn the bytes that :meth:`read` returned into an article.

        :param largest: the most characters that an article may have
        :raises ArticleError: if they are none that can be used
        """


@runtime_checkable
class Source(Protocol):
    """Where articles come from: files and folders, a feed, a sitemap, an archive."""

    @property
    def name(self) -> str:
        """What a person calls it: the name in ``accord.toml``, else what was given."""

    @property
    def iri(self) -> str:
        """The IRI of the folder, feed or archive, which runs are recorded and locked by."""

    def discover(self) -> Iterator[Location]:
        """Yield the source's locations, one after the other, as they are found.

        An entry that is broken is a location whose ``read`` raises :class:`ArticleError`.

        :raises UsageError: if the source cannot be what was meant: a folder that does not exist
        :raises SourceError: if the source as a whole cannot be read now: a feed that is away
        """


def discover(sources: Iterable[Source]) -> Iterator[Location]:
    """Yield the locations of sources, in their order, each once.

    :raises UsageError: as :meth:`Source.discover`
    :raises SourceError: likewise
    """
    seen: set[str] = set()
    for source in sources:
        yield from _new(source, seen)


def articles(sources: Iterable[Source], largest: int) -> Iterator[Article | ArticleError]:
    """Yield the articles of sources, or why one cannot be used, in the sources' order.

    A source that cannot be read as a whole yields the reason as well.

    :param largest: characters above which an article is refused
    :raises UsageError: as :meth:`Source.discover`
    """
    seen: set[str] = set()
    for source in sources:
        try:
            for location in _new(source, seen):
                try:
                    yield location.article(location.read(), largest)
                except ArticleError as error:
                    yield error
        except SourceError as error:
            yield ArticleError(error.what, error.remedy)


def _new(source: Source, seen: set[str]) -> Iterator[Location]:
    for location in source.discover():
        if location.iri not in seen:
            seen.add(location.iri)
            yield location


def digest(content: bytes) -> str:
    """Return the SHA-256 of a location's bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
