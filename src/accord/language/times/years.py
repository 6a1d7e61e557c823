"""The year of a day or month that is given without one: the article's, the one before or after."""

from __future__ import annotations

from datetime import date, timedelta

from accord.language.times.points import Point
from accord.language.times.reckoning import Anchor

#: In news a day without a year is rather past than ahead.
_AHEAD = 1.5
#: By how many days the article's own may be wrong, if it is known only so exactly.
_SLACK = {"day": 1, "week": 7, "month": 31, "year": 365}


def likely_year(point: Point, month: int, day: int, anchor: Anchor, tense: str) -> int | None:
    """Return the year that the article's date, the weekday and the tense give to a day or month.

    :param day: the day of the month, or 0 if a month is meant
    :param tense: ``past``, ``future``, or nothing if the text does not say
    """
    today = anchor.day
    if point.weekday is not None:
        near = range(today.year - 3, today.year + 2)
        fitting = [year for year in near if _weekday(year, month, day) == point.weekday]
        if fitting:
            return min(fitting, key=lambda year: _distance(year, month, day, today))
    years = range(max(today.year - 1, 1), today.year + 2)
    slack = timedelta(days=_SLACK[anchor.grain])
    if point.step == -1:
        return max(year for year in years if _starts(year, month, day) < today.replace(day=1))
    if point.step == 0:
        return today.year
    if point.step == 1:
        return min(year for year in years if _starts(year, month, day) > today)
    if tense == "past":
        return max(year for year in years if _starts(year, month, day) <= today + slack)
    if tense == "future":
        floor = today - slack if day else today.replace(day=1)
        return min(year for year in years if _starts(year, month, day) >= floor)
    return min(years, key=lambda year: _distance(year, month, day or 15, today))


def first_year(start: date, month: int, day: int) -> int:
    """Return the year of the first such day, or month if it is 0, that is not before another."""
    return start.year + ((month, day or 31) < (start.month, start.day))


def _starts(year: int, month: int, day: int) -> date:
    return date(year, month, min(day or 1, 28))


def _weekday(year: int, month: int, day: int) -> int | None:
    try:
        return date(year, month, day).weekday()
    except ValueError:
        return None


def _distance(year: int, month: int, day: int, today: date) -> float:
    """Return how far a day is from the article's; news looks back more than ahead."""
    days = (date(year, month, min(day, 28)) - today).days
    return days * _AHEAD if days > 0 else -days
