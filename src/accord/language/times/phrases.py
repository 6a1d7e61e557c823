"""Time phrases: points in time with the words around: "between May and July", "by the end of"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from accord.language.times.points import Point, alternatives, find_points
from accord.language.wordlists import word_lists

#: How far before a point the words that bear on it may reach.
_BEFORE = 40
_DAYS = frozenset({"monthday", "daymonth", "iso", "dayfirst"})
#: Points that are times only if the words around them say so.
_BARE = frozenset({"month", "season", "year", "period"})
_SHORT_YEAR = re.compile(r"\s?[-–/](\d\d)\b(?![-–\d])")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One time phrase at characters ``start`` to ``end`` (exclusive), without its preposition.

    ``first`` and ``last`` are its ends, the same point if it is no range. ``near`` says how many
    days from the article's a day is if the text says both ("yesterday, May 31"). ``sort`` is
    ``time``, ``deadline`` (by), ``until``, ``since``, ``from`` or ``after``; ``ends`` tells "the
    end of" a period from all of it.
    """

    start: int
    end: int
    first: Point
    last: Point
    sort: str = "time"
    near: int | None = None
    ends: bool = False


@lru_cache(maxsize=2)
def find_phrases(text: str) -> tuple[Phrase, ...]:
    """Return the time phrases of a text, left to right; they do not overlap."""
    phrases: list[Phrase] = []
    points = list(find_points(text))
    at = 0
    while at < len(points):
        phrase, at = _join(text, points, at)
        floor = phrases[-1].end if phrases else 0
        placed = _place(text, phrase, floor)
        if placed is not None:
            phrases.append(placed)
    return tuple(phrases)


def _join(text: str, points: list[Point], at: int) -> tuple[Phrase, int]:
    """Return the phrase that begins with a point, and the number of the point behind it."""
    first, at = points[at], at + 1
    near: int | None = None
    if at < len(points):
        first, near, at = _same_day(text, first, points[at], at)
    last = first
    short = _SHORT_YEAR.match(text, first.end)
    if first.kind == "year" and first.year is not None and short:
        year = first.year // 100 * 100 + int(short[1])
        if year > first.year:
            last = replace(first, start=short.start(1), end=short.end(), year=year)
    elif at < len(points) and _is_range(text, first, points[at]):
        last, at = points[at], at + 1
        if last.kind in ("daymonth", "monthday") and at < len(points):
            last, _, at = _same_day(text, last, points[at], at)
        if _open_year(first) and not _open_year(last):
            first = replace(first, year=last.year, year_step=last.year_step)
    return Phrase(first.start, max(first.end, last.end), first, last, near=near), at


def _same_day(text: str, one: Point, two: Point, at: int) -> tuple[Point, int | None, int]:
    """Take "Thursday, May 30" and "yesterday (May 31)" for one day."""
    gap = text[one.end : two.start].strip(" ,(").casefold()
    if len(text[one.end : two.start]) > 6 or gap not in ("", "the", "on"):
        return one, None, at
    closing = two.end + (text[two.end : two.end + 1] == ")")
    if two.kind in _DAYS and one.kind in ("weekday", "near") and one.step is None:
        near = one.count if one.kind == "near" else None
        return replace(two, start=one.start, end=closing, weekday=one.weekday), near, at + 1
    if one.kind in _DAYS and two.kind == "weekday" and "(" in text[one.end : two.start]:
        return replace(one, end=closing, weekday=two.weekday), None, at + 1
    return one, None, at


def _is_range(text: str, one: Point, two: Point) -> bool:
    gap = text[one.end : two.start].casefold().split()
    opener = _marks().opener.search(text[max(0, one.start - _BEFORE) : one.start])
    if not gap or gap[0] not in _marks().links or len(gap) > 2 or "\n" in text[one.end : two.start]:
        return False
    if len(gap) > 1 and gap[1] not in ("the", "early", "mid", "late"):
        return False
    alike = one.kind == two.kind or {one.kind, two.kind} <= _DAYS
    if one.kind in ("ago", "away", "span", "narrative", "name", "overnight"):
        return False
    if gap[0] == "and" and not (opener and opener[1].casefold() == "between"):
        # "On Monday and Tuesday", but not "in 2014 and 2019".
        return alike and len(gap) == 1 and _follows(one, two)
    return alike or (bool(opener) and {one.kind, two.kind} <= _DAYS | {"month", "year", "weekday"})


def _follows(one: Point, two: Point) -> bool:
    """Whether a month, a day of the week or a year comes next after another."""
    if one.kind == "month":
        return two.month == one.month % 12 + 1
    if one.kind == "weekday" and one.weekday is not None:
        return two.weekday == (one.weekday + 1) % 7
    return one.kind == "year" and one.year is not None and two.year == one.year + 1


def _open_year(point: Point) -> bool:
    return point.year is None and point.year_step is None


def _place(text: str, phrase: Phrase, floor: int) -> Phrase | None:
    """Read the words before a phrase; None for a bare month or year that is not meant as such."""
    marks = _marks()
    before = text[max(floor, phrase.start - _BEFORE) : phrase.start]
    start, part, ends = phrase.start, False, False
    if found := marks.part.search(before):
        start, part = start - len(found[0]), True
        ends = found["ends"] is not None
        before = before[: found.start()]
    if marks.recurrent.search(before):
        return None
    first = phrase.first
    sort = next((s for s, pattern in marks.sorts.items() if pattern.search(before)), "time")
    if first.kind in _BARE and first is phrase.last and not part:
        meant = first.step is not None or (not _open_year(first) and first.kind != "year")
        meant = meant or (first.kind != "period" and bool(marks.lead.search(before)))
        if first.kind == "year" and not meant:
            meant = bool(marks.determiner.search(before) and marks.noun.match(text, phrase.end))
        if not meant:
            return None
    if first.kind in ("month", "year") and first is not phrase.last and sort == "time":
        # "May to June" may be a person's; "1990-2010" is hardly ever a sum.
        named = first.kind == "year" or marks.lead.search(before) or marks.opener.search(before)
        if not named and _open_year(phrase.last):
            return None
    if first.kind == "period" and not part:
        return None
    return replace(phrase, start=start, sort=sort, ends=ends)


@dataclass(frozen=True)
class _Marks:
    """Patterns for the words before a point; each is searched in what stands before it."""

    part: re.Pattern[str]
    lead: re.Pattern[str]
    determiner: re.Pattern[str]
    noun: re.Pattern[str]
    opener: re.Pattern[str]
    recurrent: re.Pattern[str]
    sorts: dict[str, re.Pattern[str]]
    links: frozenset[str]


@cache
def _marks() -> _Marks:
    lists = word_lists("dates")

    hours = alternatives(lists["hours"])
    clock = (
        rf"(?:(?:{hours}|\d{{1,2}}(?:[:.]\d\d)?\s?(?:[ap]\.?m\.?)?(?:\s[A-Z]{{3}})?)\s+(?:on\s+)?)?"
    )

    def ending(words: list[str]) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w){alternatives(words)}\s+(?:the\s+)?{clock}$", re.IGNORECASE)

    parts, ends = alternatives(lists["parts"]), alternatives(lists["ends"])
    return _Marks(
        part=re.compile(
            rf"(?<!\w)(?:the\s+)?(?:(?P<ends>{ends})|{parts})(?:\s+|-)(?:the\s+)?$", re.IGNORECASE
        ),
        lead=re.compile(rf"(?:(?<!\w){alternatives(lists['leads'])}\s+(?:the\s+)?|\()$", re.I),
        determiner=re.compile(rf"{alternatives(lists['year_determiners'])}\s+$", re.IGNORECASE),
        recurrent=ending(lists["recurrent"]),
        noun=re.compile(r"\s+[A-Za-z]"),
        opener=re.compile(
            rf"\b({alternatives(lists['range_openers'])})\s+(?:the\s+)?"
            rf"(?:{parts}\s+|{parts}-)?$",
            re.IGNORECASE,
        ),
        sorts={
            sort: ending(lists[key])
            for sort, key in (
                ("deadline", "by"),
                ("until", "until"),
                ("since", "since"),
                ("from", "from"),
                ("after", "after"),
            )
        },
        links=frozenset(lists["range_links"]),
    )
