"""An article: a news report's text with what its file says of date, outlet, address and title.

All offsets are Unicode code points into the text as read, end exclusive. Of a text file this is
the file with its line ends as they stand; of a page or record it is the headline, an empty line,
and the main text, which its source has taken out of it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit, urlunsplit

from dateutil import parser as dateparser

from accord.resources import resource
from accord.yamls import read_yaml


class Stretch(NamedTuple):
    """A stretch of an article's text: code points ``start`` to ``end``, end exclusive."""

    start: int
    end: int


_URL_SAFE = "%:/?#@!$&'()*+,;=~-._"

_NOWHERE = Stretch(0, 0)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an article beside its text: a page's metadata, or a record's fields.

    ``title`` is the text's first line, where it is given; ``published`` a date in any usual form.
    All of it counts more than what the text itself says at its top.
    """

    title: str | None = None
    published: str | None = None
    outlet: str | None = None
    address: str | None = None
    author: str | None = None


_NOTHING = Known()


@dataclass(frozen=True, slots=True)
class Article:
    """One news report.

    ``raw`` is the text as read; ``text`` is the same text with look-alike characters replaced one
    for one (non-breaking spaces, for instance), so that offsets into one hold for the other.
    ``headers`` and ``boilerplate`` are stretches that the language pipeline sees but that no
    claim may come from. ``published`` is the date that the file gives; where it gives none,
    ``inferred`` is what the language pipeline makes of the text, as EDTF ("2018-01"), and times
    are counted from it. ``notes`` says what a person should know about the reading.
    """

    name: str
    raw: str
    text: str
    location: str = ""
    title: Stretch | None = None
    published: date | None = None
    inferred: str | None = None
    outlet: str | None = None
    address: str | None = None
    author: str | None = None
    headers: Stretch = _NOWHERE
    boilerplate: tuple[Stretch, ...] = ()
    notes: tuple[str, ...] = field(default=(), compare=False)

    def quote(self, stretch: Stretch) -> str:
        """Return the exact words of the file in a stretch."""
        return self.raw[stretch.start : stretch.end]

    @property
    def digest(self) -> str:
        """SHA-256 of the text as read, in UTF-8, as 64 hexadecimal digits."""
        return hashlib.sha256(self.raw.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def key(self) -> str:
        """What the article's IRI is made from: its canonical address, else its content."""
        if self.address:
            return hashlib.sha256(self.address.encode()).hexdigest()[:24]
        return self.digest[:24]


def parse_article(raw: str, name: str, location: str = "", known: Known = _NOTHING) -> Article:
    """Find headers, title and boilerplate in a text and replace its look-alike characters.

    :param raw: the text as read from the file, line ends untranslated
    :param name: the article's id in claims, by convention the file's stem
    :param location: the IRI of the place that it was read from
    :param known: what is known of the article beside the text
    """
    rules = _rules()
    text = rules.replace(raw)
    lines = [Stretch(*match.span()) for match in re.finditer(r"[^\r\n]+", text)]
    lines = [line for line in lines if text[line.start : line.end].strip()]
    values, headers, lines = _split_headers(text, lines, rules)
    date = known.published or values.get("date") or _dateline(text, lines, rules)
    published, notes = _published(date)
    address, wrong = _address(known.address or values.get("address"))
    boilerplate = tuple(_boilerplate(text, lines, rules))
    return Article(
        name=name,
        raw=raw,
        text=text,
        location=location,
        title=(
            Stretch(0, len(known.title))
            if known.title
            else _title(text, [line for line in lines if line not in boilerplate], rules)
        ),
        published=published,
        outlet=known.outlet or values.get("outlet"),
        address=address,
        author=known.author or values.get("author"),
        headers=headers,
        boilerplate=boilerplate,
        notes=(*notes, *wrong),
    )


def canonical_address(address: str) -> str:
    """Return an address without fragment, tracking parameters, default port and trailing slash."""
    parts = urlsplit(address.strip())
    host = quote((parts.hostname or "").rstrip("."), safe=":")
    if ":" in host:  # IPv6
        host = f"[{host}]"
    if parts.port and parts.port not in (80, 443):
        host = f"{host}:{parts.port}"
    query = "&".join(
        pair
        for pair in quote(parts.query, safe=_URL_SAFE).split("&")
        if pair and not _rules().tracking.match(pair.partition("=")[0])
    )
    path = quote(parts.path, safe=_URL_SAFE).rstrip("/")
    return urlunsplit((parts.scheme.lower(), host, path, query, ""))


@dataclass(frozen=True)
class _Rules:
    """``mappings/reading.yaml``, compiled."""

    lookalikes: dict[int, str]
    apostrophe: re.Pattern[str]
    headers: dict[str, str]
    boilerplate: re.Pattern[str]
    related: re.Pattern[str]
    tracking: re.Pattern[str]
    title_words: int
    date: re.Pattern[str]
    opening: re.Pattern[str]
    apart: re.Pattern[str]
    dateline_words: int
    byline_words: int
    dateline_lines: int

    def replace(self, raw: str) -> str:
        return self.apostrophe.sub("’", raw.translate(self.lookalikes))


@cache
def _rules() -> _Rules:
    data: Any = read_yaml(resource("mappings", "reading.yaml"))
    return _Rules(
        lookalikes={ord(char): new for new, chars in data["lookalikes"].items() for char in chars},
        apostrophe=_any_of(data["apostrophes"]),
        headers={name.casefold(): key for key, names in data["headers"].items() for name in names},
        boilerplate=_any_of(data["boilerplate"]),
        related=_any_of(data["related"]),
        tracking=_any_of(data["tracking"]),
        title_words=data["title"]["most_words"],
        date=_any_of(data["dateline"]["dates"]),
        opening=_around(data["dateline"]["opening"], data["dateline"]["dates"]),
        apart=_around(data["dateline"]["apart"], data["dateline"]["dates"]),
        dateline_words=data["dateline"]["most_words"],
        byline_words=data["dateline"]["byline_words"],
        dateline_lines=data["dateline"]["among_lines"],
    )


def _any_of(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


def _around(pattern: str, dates: list[str]) -> re.Pattern[str]:
    """Put the dates into the pattern, in which, unlike in a date, capitals count."""
    return re.compile(pattern.replace("{date}", f"(?P<date>(?i:{'|'.join(dates)}))"))


def _split_headers(
    text: str, lines: list[Stretch], rules: _Rules
) -> tuple[dict[str, str], Stretch, list[Stretch]]:
    """Take the metadata lines off the top: ``Name: value``, or a bare address."""
    values: dict[str, str] = {}
    for number, line in enumerate(lines):
        words = text[line.start : line.end].strip()
        name, colon, value = words.partition(":")
        key = rules.headers.get(name.strip().casefold()) if colon else None
        if re.fullmatch(r"https?://\S+", words):
            key, value = "address", words
        if key is None:
            end = lines[number - 1].end if number else 0
            return values, Stretch(0, end), lines[number:]
        if value.strip():
            values.setdefault(key, value.strip())
    return values, Stretch(0, lines[-1].end if lines else 0), []


def _address(value: str | None) -> tuple[str | None, tuple[str, ...]]:
    if value is None:
        return None, ()
    try:
        address = canonical_address(value)
        parts = urlsplit(address)
    except ValueError:
        parts = None
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        return None, (f"The address {value[:200]!r} cannot be read; the article has none.",)
    return address, ()


def _published(value: str | None) -> tuple[date | None, tuple[str, ...]]:
    if value is None:
        return None, ()
    # A part that the text does not give must not be filled in from today's date: parse against
    # two different defaults and accept only what does not depend on them.
    try:
        first, second = (
            dateparser.parse(value, default=default)
            for default in (datetime(2000, 1, 1), datetime(2001, 2, 2))
        )
    except (ValueError, OverflowError):
        return None, (f"The date {value!r} cannot be read; the article counts as undated.",)
    if first.date() != second.date():
        return None, (f"The date {value!r} is not complete; the article counts as undated.",)
    return first.date(), ()


def _dateline(text: str, lines: list[Stretch], rules: _Rules) -> str | None:
    """Return the date on a short line at the top, or in front of the report's first words."""
    for line in lines[: rules.dateline_lines]:
        words = text[line.start : line.end]
        if opening := rules.opening.match(words):
            return opening["date"]
        if len(words.split()) <= rules.dateline_words and (found := rules.date.search(words)):
            return found[0]
        sentence = len(words.split()) > rules.byline_words or words.rstrip().endswith(
            (".", "!", "?")
        )
        if not sentence and (byline := rules.apart.search(words.strip())):
            return byline["date"]
    return None


def _boilerplate(text: str, lines: list[Stretch], rules: _Rules) -> list[Stretch]:
    """Return the lines that belong to the page and not to the report.

    After a line such as "Read more" the headlines of other reports follow: they are boilerplate
    up to the next line that ends as a sentence does.
    """
    found = []
    after_related = False
    for line in lines:
        words = text[line.start : line.end].strip()
        sentence = bool(re.search(r"[.!?:…][\"'”’)]*$", words))
        if rules.boilerplate.fullmatch(words):
            found.append(line)
            after_related = bool(rules.related.fullmatch(words))
        elif after_related and not sentence:
            found.append(line)
        else:
            after_related = False
    return found


def _title(text: str, lines: list[Stretch], rules: _Rules) -> Stretch | None:
    """Return the first line if it reads like a headline: short, and without a full stop."""
    if len(lines) < 2:
        return None
    line = lines[0]
    words = text[line.start : line.end].strip()
    if words.endswith((".", "”", '"')) or len(words.split()) > rules.title_words:
        return None
    return line
