"""Time expressions as EDTF, resolved against the day on which an article appeared.

What the text and the article's date do not give stays open: "March 5" in an undated article is
``XXXX-03-05``, and "last week" in one is nothing.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from accord.language.quantities import NUMBER_WORDS

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
_DAYS = {
    name: number
    for number, name in enumerate(
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    )
}
_SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
_NUMBERS = {"a": 1, "an": 1} | {
    word: number for word, number in NUMBER_WORDS.items() if 1 <= number <= 12
}

_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_ORD = r"(?:st|nd|rd|th)?"
_DAY = rf"(?:3[01]|[12]\d|0?[1-9])(?!\d){_ORD}\b"
_YEAR = r"(?:19|20)\d\d\b"
_WEEKDAY = "(?:" + "|".join(_DAYS) + r")\b"


class TimeExpression(NamedTuple):
    """A time expression at characters ``start`` to ``end`` (exclusive).

    ``edtf`` is its value; ``sort`` is ``deadline`` (by, until), ``since`` or ``time``.
    """

    start: int
    end: int
    edtf: str
    sort: str


def find_dates(text: str, published: date | None = None) -> list[TimeExpression]:
    """Return the time expressions of a text that can be given a value, left to right.

    :param text: any text; offsets are code points into it
    :param published: the day on which the article appeared, if known
    """
    found: list[TimeExpression] = []
    for match in _ANY.finditer(text):
        value = _value(match, published)
        if value is None:
            continue
        lead = (match.group("lead") or "").casefold().split()
        sort = "time"
        if lead and lead[-1] == "since":
            sort, value = "since", f"{value.partition('/')[0]}/.."
        elif lead and lead[-1] in ("by", "until", "till", "before"):
            sort = "deadline"
        start = match.start("body")
        found.append(TimeExpression(start, match.end(), value, sort))
    return found


def _value(match: re.Match[str], published: date | None) -> str | None:
    for name, make in _MAKERS.items():
        if match.group(name) is not None:
            try:
                return make(match.group(name).casefold(), published)
            except (ValueError, OverflowError):
                return None
    return None


# -- patterns and what they mean -------------------------------------------------------------------


def _iso(words: str, published: date | None) -> str | None:
    return date.fromisoformat(words).isoformat()


def _month_day(words: str, published: date | None) -> str | None:
    month = _MONTHS[_first(_MONTH, words).rstrip(".")]
    year = re.search(_YEAR, words)
    rest = words.replace(year.group(), "") if year else words
    days = [int(number) for number in re.findall(r"\d+", rest)]
    if not days or not all(1 <= day <= 31 for day in days):
        return None
    written = int(year.group()) if year else None
    values = [_day(written, month, day, published) for day in days[:2]]
    return values[0] if len(values) == 1 else f"{values[0]}/{values[1]}"


def _day(year: int | None, month: int, day: int, published: date | None) -> str:
    if year is None and published is not None:
        year = _nearest_year(month, day, published)
    if year is None:
        if day > monthrange(2000, month)[1]:
            raise ValueError(f"no day {day} in month {month}")
        return f"XXXX-{month:02}-{day:02}"
    return date(year, month, day).isoformat()


def _nearest_year(month: int, day: int, published: date) -> int:
    """Return the year that puts a day nearest to the article's; news looks back more than ahead."""
    return min(
        (published.year - 1, published.year, published.year + 1),
        key=lambda year: _distance(year, month, day, published),
    )


def _distance(year: int, month: int, day: int, published: date) -> float:
    days = (date(year, month, min(day, 28)) - published).days
    return days * 1.5 if days > 0 else -days


def _month_year(words: str, published: date | None) -> str | None:
    month = _MONTHS[_first(_MONTH, words).rstrip(".")]
    year = re.search(_YEAR, words)
    if year:
        return f"{year.group()}-{month:02}"
    if published is None:
        return f"XXXX-{month:02}"
    return f"{_nearest_year(month, 15, published)}-{month:02}"


def _year(words: str, published: date | None) -> str | None:
    return _first(_YEAR, words)


def _season(words: str, published: date | None) -> str | None:
    year = re.search(_YEAR, words)
    season = _SEASONS[_first("|".join(_SEASONS), words)]
    return f"{year.group()}-{season}" if year else None


def _weekday(words: str, published: date | None) -> str | None:
    if published is None:
        return None
    back = (published.weekday() - _DAYS[_first(_WEEKDAY, words)]) % 7
    if words.startswith("next"):
        return (published + timedelta(days=7 - back)).isoformat()
    if words.startswith("last") and back == 0:
        back = 7
    return (published - timedelta(days=back)).isoformat()


def _relative(words: str, published: date | None) -> str | None:
    if published is None:
        return None
    step = {"last": -1, "past": -1, "previous": -1, "this": 0, "next": 1, "coming": 1}
    which = next(step[word] for word in words.split() if word in step)
    if "month" in words:
        months = published.year * 12 + published.month - 1 + which
        return f"{months // 12}-{months % 12 + 1:02}"
    if "year" in words:
        return f"{published.year + which}"
    monday = published - timedelta(days=published.weekday()) + timedelta(weeks=which)
    if "weekend" in words:
        return f"{monday + timedelta(days=5)}/{monday + timedelta(days=6)}"
    return f"{monday}/{monday + timedelta(days=6)}"


def _near(words: str, published: date | None) -> str | None:
    if published is None:
        return None
    days = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1, "overnight": 0}
    return (published + timedelta(days=days[words])).isoformat()


def _ago(words: str, published: date | None) -> str | None:
    if published is None:
        return None
    first = words.split()[0]
    number = int(first) if first.isdigit() else _NUMBERS[first]
    if "day" in words:
        return (published - timedelta(days=number)).isoformat()
    if "week" in words:
        monday = published - timedelta(days=published.weekday(), weeks=number)
        return f"{monday}/{monday + timedelta(days=6)}"
    if "month" in words:
        months = published.year * 12 + published.month - 1 - number
        return f"{months // 12}-{months % 12 + 1:02}"
    return f"{published.year - number}"


def _first(pattern: str, words: str) -> str:
    match = re.search(pattern, words)
    if match is None:
        raise ValueError(words)
    return match.group()


_MAKERS: dict[str, Callable[[str, date | None], str | None]] = {
    "iso": _iso,
    "monthday": _month_day,
    "daymonth": _month_day,
    "monthyear": _month_year,
    "season": _season,
    "weekday": _weekday,
    "relative": _relative,
    "near": _near,
    "ago": _ago,
    "partmonth": _month_year,
    "month": _month_year,
    "year": _year,
}
_COUNT = "(?:\\d{1,3}|" + "|".join(_NUMBERS) + ")"
_ANY = re.compile(
    r"\b(?P<lead>(?:since|by|until|till|before|in|from|on|after)\s+)?(?P<body>"
    r"(?P<iso>\d{4}-\d\d-\d\d)\b"
    rf"|(?P<monthday>{_MONTH} {_DAY}(?: ?(?:and|to|-|–) ?{_DAY})?(?:,? {_YEAR})?)"
    rf"|(?P<daymonth>{_DAY}(?: ?(?:and|to|-|–) ?{_DAY})? (?:of )?{_MONTH}(?:,? {_YEAR})?)"
    rf"|(?:(?:early|mid|late)[- ])?(?P<monthyear>{_MONTH},? (?:of )?{_YEAR})"
    rf"|(?:the )?(?P<season>(?:{'|'.join(_SEASONS)}) (?:of )?{_YEAR})"
    rf"|(?P<weekday>(?:(?:last|next|this) )?{_WEEKDAY})"
    r"|(?:(?:early|mid|late)(?:r)?[- ])?"
    r"(?P<relative>(?:the )?(?:last|past|previous|this|next|coming)"
    r" (?:week|month|year|weekend)\b)"
    r"|(?P<near>yesterday|today|tonight|tomorrow)\b"
    rf"|(?P<ago>{_COUNT} (?:days?|weeks?|months?|years?) (?:ago|earlier))\b"
    rf"|(?:early|mid|late|last|this)[- ](?P<partmonth>(?=(?-i:[A-Z])){_MONTH})"
    rf"|(?P<month>(?(lead)(?=(?-i:[A-Z])){_MONTH}|(?!)))"
    rf"|(?P<year>(?(lead){_YEAR}|(?!))))",
    re.IGNORECASE,
)
