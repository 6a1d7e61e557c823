"""Counting from a day: this week, three months ago, on Thursday, in the past two years."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from accord.language.times import periods
from accord.language.times.periods import Period
from accord.language.times.points import Point

#: How exactly a day is known: of two grains, the later is the coarser.
GRAINS = ("day", "week", "month", "year")
_QUARTER, _WINTER = 92, 24


class Anchor(NamedTuple):
    """The day from which an article counts, known to within its ``grain``."""

    day: date
    grain: str = "day"

    def knows(self, grain: str) -> bool:
        """Whether the day is known at least as exactly as that."""
        return GRAINS.index(self.grain) <= GRAINS.index(grain)


def grain_of(unit: str) -> str:
    """Return how exactly the article's day must be known to count in a unit from it."""
    return {"month": "month", "quarter": "month"}.get(
        unit, "year" if unit in ("year", "decade", "century") else "day"
    )


def moved(start: date, unit: str, by: int, *, exact: bool = False) -> Period | None:
    """Return the period of a unit's kind that lies so many units from a day.

    :param exact: a day, where weeks and months are counted from one
    """
    if unit == "hour":
        days = -(-abs(by) // 24)
        return periods.day(start + timedelta(days=days if by > 0 else -days))
    if unit == "day":
        return periods.day(start + timedelta(days=by))
    if unit in ("week", "fortnight"):
        weeks = by * (2 if unit == "fortnight" else 1)
        return (
            periods.day(start + timedelta(weeks=weeks)) if exact else periods.week(start, by=weeks)
        )
    if unit == "month":
        moved = periods.shifted_month(start.year, start.month, by)
        if exact and moved.first and moved.last:
            return periods.day(moved.first.replace(day=min(start.day, moved.last.day)))
        return moved
    if unit in ("year", "decade"):
        return periods.year(start.year + by * (10 if unit == "decade" else 1))
    return None


def neighbour(unit: str, step: int, anchor: Anchor) -> Period | None:
    """Return this week, last month, next year."""
    today = anchor.day
    if unit == "weekend":
        return periods.weekend(today, step) if anchor.knows("day") else None
    if not anchor.knows(grain_of(unit)):
        return None
    if unit == "quarter":
        quarter = today.year * 4 + (today.month - 1) // 3 + step
        first = periods.month(quarter // 4, quarter % 4 * 3 + 1)
        return periods.between(first, periods.shifted_month(quarter // 4, quarter % 4 * 3 + 1, 2))
    if unit == "decade":
        return periods.years(today.year // 10 + step)
    if unit == "century":
        return periods.years(today.year // 100 + step)
    return moved(today, unit, step) if unit not in ("hour", "day") else None


def span(point: Point, anchor: Anchor) -> Period | None:
    """Return "the past two weeks", from or to the article's day."""
    if not point.step or not point.count:
        return None
    today = anchor.day
    other = moved(today, point.unit, point.step * point.count, exact=True)
    if other is None or other.first is None:
        return None
    if point.unit in ("year", "decade"):
        ends = periods.year(today.year), other
    elif point.unit == "month":
        ends = (
            periods.month(today.year, today.month),
            periods.month(other.first.year, other.first.month),
        )
    else:
        ends = periods.day(today), other
    return periods.between(*(ends if point.step > 0 else ends[::-1]))


def nearby_weekday(point: Point, tense: str, anchor: Anchor) -> date:
    """Return the day that a weekday means, seen from the article's."""
    today = anchor.day
    weekday = point.weekday or 0
    if point.year_step is not None:
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=point.year_step)
        return monday + timedelta(days=weekday)
    back = (today.weekday() - weekday) % 7
    if anchor.grain == "week" and point.step is None:
        # The article appeared on this day or in the week behind it.
        return today - timedelta(days=back) if back <= 3 else today + timedelta(days=7 - back)
    if point.step == 1:
        return today + timedelta(days=7 - back)
    if point.step == -1:
        return today - timedelta(days=back or 7)
    if tense in ("future", "would") and back:
        return today + timedelta(days=7 - back)
    if point.step == 0 and tense != "past":
        return today - timedelta(days=today.weekday()) + timedelta(days=weekday)
    return today - timedelta(days=back)


def season(point: Point, tense: str, anchor: Anchor) -> Period | None:
    """Return "last summer", "this winter"; the season of no year is the last or the next."""
    if not anchor.knows("month"):
        return None
    today = anchor.day
    begun = [
        year
        for year in (today.year - 1, today.year)
        if (start := periods.season(year, point.season).first) and start <= today
    ]
    year = max(begun)
    current = periods.season(year, point.season).first
    if point.step == -1 and current and (today - current).days < _QUARTER:
        year -= 1
    elif point.step == 1 or (point.step is None and tense == "future"):
        year += 1
    elif point.step == 0 and point.season != _WINTER:
        year = today.year
    return periods.season(year, point.season)


def piece(point: Point, in_year: int) -> Period | None:
    """Return "the first half", "the third quarter" of a year."""
    size = 3 if point.unit == "quarter" else 6
    number = {"first": 0, "second": 1, "third": 2, "fourth": 3}.get(point.word, 12 // size - 1)
    if (number + 1) * size > 12:
        return None
    start = number * size + 1
    return periods.between(periods.month(in_year, start), periods.month(in_year, start + size - 1))
