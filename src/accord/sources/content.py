"""From a location's bytes to an article, by the kind of what they hold."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import PurePath

from accord.article import Article, Known, parse_article
from accord.errors import ArticleError
from accord.sources import html, record
from accord.sources.text import decode, decode_page, require_english

LARGEST_BYTES = 20_000_000
"""More than this is read of no article, whatever the settings."""


class Kind(StrEnum):
    """What the bytes of an article may be."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"


SUFFIXES = {
    ".txt": Kind.TEXT,
    ".text": Kind.TEXT,
    ".md": Kind.MARKDOWN,
    ".markdown": Kind.MARKDOWN,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".xhtml": Kind.HTML,
    ".json": Kind.JSON,
}
"""The kinds of files, by the end of their names."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How the articles of a source are read, as its table in ``accord.toml`` says.

    ``outlet`` is the outlet of them all; ``english`` says that all are in English, so that nobody
    guesses; ``fields`` are pairs of what a record's field means and its path ("meta.published").
    """

    outlet: str | None = None
    english: bool = False
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where bytes are from: ``where`` is what messages call it.

    ``address`` is a page's own, ``charset`` what its server called its encoding, and ``known``
    what the feed says of it, which counts where the page does not say.
    """

    where: str
    iri: str
    name: str
    reading: Reading = field(default_factory=Reading)
    address: str | None = None
    charset: str | None = None
    known: Known = field(default_factory=Known)


def kind_of(name: str, content: bytes) -> Kind:
    """Tell the kind of a file's bytes by its name, else by how they begin."""
    kind = SUFFIXES.get(PurePath(name).suffix.lower())
    if kind is not None:
        return kind
    start = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return Kind.HTML
    return Kind.JSON if start.startswith(b"{") else Kind.TEXT


def to_article(origin: Origin, content: bytes, kind: Kind, largest: int) -> Article:
    """Turn bytes into an article.

    :param largest: the most characters that an article may have
    :raises ArticleError: if they are empty, binary, too large, in an encoding that cannot be told,
        in another language than English, or have no article
    """
    where = origin.where
    if not content.strip():
        raise empty(where)
    # No encoding needs more than four bytes a character: this spares decoding a huge file. Of a
    # page or a record only a part is the article.
    most = 4 * largest if kind in (Kind.TEXT, Kind.MARKDOWN) else LARGEST_BYTES
    if len(content) > most:
        raise too_large(where, len(content), "bytes", largest)
    raw, known, notes = _read(origin, content, kind)
    if len(raw) > largest:
        raise too_large(where, len(raw), "characters", largest)
    if not raw.strip("\ufeff \r\n\t"):
        raise empty(where)
    known = replace(known, outlet=origin.reading.outlet or known.outlet)
    article = parse_article(raw, origin.name, origin.iri, known)
    if not origin.reading.english:
        require_english(where, article.text[article.headers.end :])
    return replace(article, notes=(*notes, *article.notes))


def _read(origin: Origin, content: bytes, kind: Kind) -> tuple[str, Known, tuple[str, ...]]:
    """Return the text, what is known beside it, and notes on the reading."""
    if kind is Kind.HTML:
        source, notes = decode_page(origin.where, content, origin.charset)
        text, known = html.read(origin.where, source, origin.address)
    elif kind is Kind.JSON:
        source, notes = decode(origin.where, content)
        try:
            value = json.loads(source)
        except (ValueError, RecursionError) as error:
            raise ArticleError(f"{origin.where} is no JSON: {error}.", "Correct it.") from error
        text, known = record.read(origin.where, value, origin.reading.fields)
    elif kind is Kind.MARKDOWN:
        source, notes = decode(origin.where, content)
        from accord.sources import markdown

        text, known = markdown.read(origin.where, source)
    else:
        text, notes = decode(origin.where, content)
        known = Known()
    text, known = _headed(text, known, origin.known.title)
    return text, _either(known, origin.known), notes


def _headed(text: str, known: Known, fallback: str | None) -> tuple[str, Known]:
    """Put the headline on top of a page's or a record's text, which seldom begins with it."""
    title = " ".join((known.title or fallback or "").split())
    if not title:
        return text, known
    first, _, rest = text.partition("\n")
    if " ".join(first.split()).casefold() == title.casefold():
        text = rest.lstrip("\r\n")
    return f"{title}\n\n{text}", replace(known, title=title)


def _either(first: Known, second: Known) -> Known:
    return Known(
        title=first.title,
        published=first.published or second.published,
        outlet=first.outlet or second.outlet,
        address=first.address or second.address,
        author=first.author or second.author,
    )


def empty(where: str) -> ArticleError:
    """Return the error for a place with nothing in it."""
    return ArticleError(f"{where} is empty.", "Fetch the article again, or remove the file.")


def too_large(where: str, size: int, unit: str, largest: int) -> ArticleError:
    """Return the error for an article above a bound."""
    return ArticleError(
        f"{where} has {size:,} {unit}; an article may have {largest:,} characters.",
        "If it is one article, raise the setting largest_article; if it is many, split the file.",
    )
