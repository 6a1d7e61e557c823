"""Periods of time: their first and last day, and what they are in EDTF (levels 0 and 1)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

#: The month in which each season begins, spring (21) first.
_SEASONS = {21: 3, 22: 6, 23: 9, 24: 12}


class Period(NamedTuple):
    """A period: its EDTF form with first and last day; None where the year is not known."""

    edtf: str
    first: date | None = None
    last: date | None = None


def day(when: date) -> Period:
    """Return a day."""
    return Period(when.isoformat(), when, when)


def month(year: int, number: int) -> Period:
    """Return a month, 1 to 12."""
    first = date(year, number, 1)
    return Period(f"{year:04}-{number:02}", first, first.replace(day=monthrange(year, number)[1]))


def shifted_month(year: int, number: int, by: int) -> Period:
    """Return the month that is so many months after another."""
    months = year * 12 + number - 1 + by
    return month(months // 12, months % 12 + 1)


def year(number: int) -> Period:
    """Return a year."""
    return Period(f"{number:04}", date(number, 1, 1), date(number, 12, 31))


def years(prefix: int) -> Period:
    """Return a decade (three digits of its years) or a century (two): 199 is ``199X``."""
    missing = 4 - len(str(prefix))
    low = prefix * 10**missing
    return Period(f"{prefix}{'X' * missing}", date(low, 1, 1), date(low + 10**missing - 1, 12, 31))


def season(in_year: int, code: int) -> Period:
    """Return a season of a year, 21 for spring to 24 for winter, as EDTF has them."""
    start = _SEASONS[code]
    end = shifted_month(in_year, start, 2 if start < 12 else 0)
    return Period(f"{in_year:04}-{code}", date(in_year, start, 1), end.last)


def week(when: date, by: int = 0) -> Period:
    """Return the week of a day, Monday to Sunday, or one that is so many weeks later."""
    monday = when - timedelta(days=when.weekday()) + timedelta(weeks=by)
    return between(day(monday), day(monday + timedelta(days=6)))


def weekend(when: date, by: int = 0) -> Period:
    """Return Saturday and Sunday of a day's week, or of one that is so many weeks later."""
    saturday = when + timedelta(days=5 - when.weekday(), weeks=by)
    return between(day(saturday), day(saturday + timedelta(days=1)))


def open_day(number: int, of_month: int) -> Period:
    """Return a day of which the year is not known.

    :raises ValueError: if the month never has such a day
    """
    if not 1 <= number <= monthrange(2000, of_month)[1]:
        raise ValueError(f"no day {number} in month {of_month}")
    return Period(f"XXXX-{of_month:02}-{number:02}")


def open_month(number: int) -> Period:
    """Return a month of which the year is not known."""
    return Period(f"XXXX-{number:02}")


def between(first: Period, last: Period) -> Period:
    """Return the period from the beginning of one to the end of another.

    :raises ValueError: if it would end before it begins
    """
    if first.edtf == last.edtf:
        return first
    if first.first and last.last and first.first > last.last:
        raise ValueError(f"{first.edtf} is after {last.edtf}")
    return Period(f"{_limit(first.edtf, '0')}/{_limit(last.edtf, '9')}", first.first, last.last)


def since(edtf: str) -> str:
    """Return the interval that begins with a period and has no end, as EDTF."""
    return f"{_limit(edtf.partition('/')[0], '0')}/.."


def until(edtf: str) -> str:
    """Return the interval that ends with a period, as EDTF."""
    return f"../{_limit(edtf.rpartition('/')[2], '9')}"


def _limit(edtf: str, digit: str) -> str:
    """Return the first or the last year of a decade: an interval has no other bounds."""
    return edtf if edtf.startswith("XXXX") else edtf.replace("X", digit)
