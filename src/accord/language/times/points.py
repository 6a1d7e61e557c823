"""Where a text names a point in time, and what the words say of it; nothing is resolved yet.

The words are those of ``mappings/words/dates.yaml``. A general parser of dates (``dateparser``)
was weighed against rules of our own: it fills in what a text leaves open, knows neither intervals
nor EDTF, and reads "may" and "second" as dates; so the forms that news use are written down here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from accord.language.quantities.numbers import number_words
from accord.language.wordlists import word_lists


@dataclass(frozen=True, slots=True)
class Point:
    """A point in time as the words at characters ``start`` to ``end`` (exclusive) put it.

    ``kind`` is the name of a form in :func:`_patterns`. ``month`` counts from 1, ``weekday`` from
    Monday as 0, ``season`` from spring as 21. ``step`` is -1 for last, 0 for this and 1 for next,
    ``year_step`` the same of the year in "March last year"; None if nothing says so. ``count``
    is how many of ``unit``, and ``word`` the one word that tells how ("ago", "first").
    """

    start: int
    end: int
    kind: str
    year: int | None = None
    year_step: int | None = None
    month: int = 0
    day: int = 0
    last_day: int = 0
    weekday: int | None = None
    season: int = 0
    step: int | None = None
    unit: str = ""
    count: int = 0
    word: str = ""


def find_points(text: str) -> Iterator[Point]:
    """Yield the points in time that a text names, left to right; they do not overlap.

    A month or a year alone is one too: whether it is meant as such, its neighbours must say.
    """
    pattern, forms, tables = _grammar()
    for match in pattern.finditer(text):
        kind = match.lastgroup or ""
        fields = forms[kind].match(text, match.start())
        if kind != "name" and fields is not None:
            yield _point(kind, fields, tables)


def alternatives(words: list[str] | dict[str, int] | dict[str, str]) -> str:
    """Return a pattern for any of the words, the longest first."""
    chosen = sorted(words, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in chosen) + ")"


@dataclass(frozen=True)
class _Tables:
    """What words of time stand for."""

    months: dict[str, int]
    weekdays: dict[str, int]
    seasons: dict[str, int]
    units: dict[str, str]
    steps: dict[str, int]
    near: dict[str, int]
    counts: dict[str, int]


def _point(kind: str, match: re.Match[str], tables: _Tables) -> Point:
    groups = {key: " ".join(words.casefold().split()) for key, words in _groups(match)}
    month = groups.get("month", "").rstrip(".")
    weekday = groups.get("weekday", "").rstrip(".")
    count = groups.get("count", "")
    return Point(
        start=match.start(),
        end=match.end(),
        kind=kind,
        year=_digits(groups.get("year")),
        year_step=tables.steps.get(groups.get("year_step", "")),
        month=tables.months.get(month, 0) or _digits(groups.get("number")) or 0,
        day=_digits(groups.get("day")) or 0,
        last_day=_digits(groups.get("last_day")) or 0,
        weekday=tables.weekdays.get(weekday),
        season=tables.seasons.get(groups.get("season", ""), 0),
        step=tables.steps.get(groups.get("step", "")),
        unit=tables.units.get(groups.get("unit", ""), ""),
        count=_digits(count)
        or tables.counts.get(count, 0)
        or tables.near.get(count, kind == "ago"),
        word=groups.get("word", ""),
    )


def _groups(match: re.Match[str]) -> list[tuple[str, str]]:
    return [(key, words) for key, words in match.groupdict().items() if words]


def _digits(words: str | None) -> int | None:
    found = re.match(r"\d+", words or "")
    return int(found[0]) if found else None


def _numbered(items: list[str], first: int) -> dict[str, int]:
    return {name: n for n, names in enumerate(items, first) for name in names.split()}


@cache
def _tables() -> _Tables:
    lists = word_lists("dates")
    steps = (("last", -1), ("this", 0), ("next", 1))
    return _Tables(
        months=_numbered(lists["months"], 1),
        weekdays=_numbered(lists["weekdays"], 0),
        seasons=_numbered(lists["seasons"], 21),
        units={name: names.split()[0] for names in lists["units"] for name in names.split()},
        steps={word: step for name, step in steps for word in lists[name]},
        near={
            words: int(key.removeprefix("days_"))
            for key in lists
            if key.startswith("days_")
            for words in lists[key]
        },
        counts={"a": 1, "an": 1} | {word: n for word, n in number_words().items() if n},
    )


@cache
def _grammar() -> tuple[re.Pattern[str], dict[str, re.Pattern[str]], _Tables]:
    """Return the pattern of all forms, of each, and the tables of their words."""
    patterns = _patterns(_tables())
    forms = {kind: re.compile(form, re.IGNORECASE) for kind, form in patterns.items()}
    bare = {kind: re.sub(r"\(\?P<\w+>", "(?:", form) for kind, form in patterns.items()}
    whole = "|".join(f"(?P<{kind}>{form})" for kind, form in bare.items())
    return re.compile(rf"(?<![\w./])(?:{whole})", re.IGNORECASE), forms, _tables()


def _patterns(tables: _Tables) -> dict[str, str]:
    """Return a pattern for each form; of two that fit at one place, the first is taken."""
    lists = word_lists("dates")
    # Months and days need their capital, for the words "may", "march", "sat" and "sun".
    capital = r"(?=(?-i:[A-Z]))"
    full = alternatives([names.split()[0] for names in lists["months"]])
    # A full stop behind a short name belongs to it.
    short = alternatives([name for names in lists["months"] for name in names.split()[1:]])
    month = rf"{capital}(?P<month>{full}\b|{short}\b\.?)"
    weekday = rf"{capital}(?P<weekday>{alternatives(tables.weekdays)}\b)"
    digits = r"(?:3[01]|[12]\d|0?[1-9])(?!\d|[.,:]\d)(?:st|nd|rd|th)?\b"
    year = r"(?P<year>(?:19|20)\d\d)(?!\d|[.,]\d|\s?%|[\w])"
    count = rf"(?P<count>\d{{1,3}}|{alternatives(tables.counts)})"
    unit = rf"(?P<unit>{alternatives(tables.units)})\b"
    # "Last week" says when, "in past weeks" does not.
    singular = rf"(?P<unit>{alternatives(list(tables.units.values()))})\b"
    step = rf"(?P<step>{alternatives(tables.steps)})"
    any_year = r"(?P<year>1[5-9]\d\d|20\d\d)(?!\d|[.,]\d|\s?%|[\w])"
    which = rf"(?:{any_year}|(?:the\s+)?(?P<year_step>{alternatives(tables.steps)})\s+year\b)"
    tail = rf"(?:,?\s+(?:of\s+)?{which})"
    join = r"\s?(?:and|to|or|through|until|-|–|—)\s?(?:the\s+)?"
    # "January 29 and 30 in Sochi", but not "May 5 and 6 people".
    closing = rf"(?=\W*$|\W*[\n,.;:)\]–—\"”’]|\s+(?:{'|'.join(lists['behind_days'])})\b|\s+\d{{4}})"
    hours = alternatives(lists["hours"])
    return {
        "name": rf"(?:{alternatives(lists['names'])})\b",
        "iso": r"(?P<year>\d{4})-(?P<number>\d\d)-(?P<day>\d\d)(?!\d)",
        "dayfirst": r"(?P<day>\d\d?)[./](?P<number>\d\d?)[./](?P<year>(?:19|20)\d\d)\b",
        "monthday": rf"{month}\s?(?P<day>{digits})"
        rf"(?:{join}(?P<last_day>{digits}){closing})?{tail}?",
        "daymonth": rf"(?P<day>{digits})(?:{join}(?P<last_day>{digits}))?\s(?:of\s)?{month}{tail}?",
        "piece": rf"(?P<word>first|second|third|fourth|last|final)\s+(?P<unit>quarter|half)\s+of\s+"
        rf"(?:the\s+year\b|{which})",
        "decade": r"(?P<year>(?:19|20)\d)0[’']?s\b",
        "century": r"(?P<count>1\d|20|21)(?:th|st)\s+century\b",
        "season": rf"(?:{step}\s+)?(?P<season>{alternatives(tables.seasons)})\b{tail}?",
        "weekday": rf"(?:{step}\s+)?{weekday}(?:\s+{hours}\b)?"
        r"(?:\s+(?:of\s+)?(?P<year_step>last|this|next)\s+week\b)?",
        "month": rf"(?:{step}\s+)?{month}{tail}?",
        "near": rf"(?P<count>{alternatives(tables.near)})\b",
        "overnight": rf"{alternatives(lists['overnight'])}\b",
        "narrative": rf"(?:(?P<word>{alternatives(lists['same'])}|"
        rf"{alternatives(lists['following'])}|{alternatives(lists['preceding'])})"
        r"\s+(?P<unit>day|week|month|year))\b(?!\s+of\b)",
        "span": rf"{step}\s+{count}\s+{unit}",
        "unit": rf"{step}\s+{singular}",
        "ago": rf"(?:{count}|the)[\s-]{unit}\s+"
        r"(?P<word>ago|earlier|before|previously|later|after)\b",
        "away": rf"(?P<word>within|in)\s+(?:the\s+next\s+)?{count}\s+{unit}",
        "then": r"then\b",
        "weekend": r"the\s+weekend\b",
        "period": r"the\s+(?P<unit>week|month|year)\b",
        "year": year,
    }
