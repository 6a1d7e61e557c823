"""Time expressions as EDTF, resolved against the day on which an article appeared.

What the text and the article's date do not give stays open: "March 5" in an undated article is
``XXXX-03-05``, and "last week" in one is nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from accord.language.times import periods
from accord.language.times.periods import Period
from accord.language.times.phrases import Phrase, find_phrases
from accord.language.times.points import Point
from accord.language.times.reckoning import (
    Anchor,
    grain_of,
    moved,
    nearby_weekday,
    neighbour,
    piece,
    season,
    span,
)
from accord.language.times.years import first_year, likely_year
from accord.language.wordlists import word_lists

#: How far before "the following day" the day may stand that it follows, in characters.
_NEAR = 400
_CLOSING = re.compile(r"\s*(?:[.,;]|$)")
_SENTENCE = re.compile(r"(?:[.!?][\"”’)]*\s+(?=[A-Z\"“])|\n+)")


class TimeExpression(NamedTuple):
    """A time expression at characters ``start`` to ``end`` (exclusive).

    ``edtf`` is its value; ``sort`` is ``deadline`` (by, before), ``until``, ``since``, ``from``,
    ``after``, ``term`` ("within a month", counted from the article), ``offset`` ("two days after":
    when that happened which follows) or ``time``. The value of "since 2011" is ``2011/..``, of all
    others it is that of the expression itself.
    """

    start: int
    end: int
    edtf: str
    sort: str


def find_dates(
    text: str,
    published: date | Anchor | None = None,
    *,
    tense: Callable[[int, int], str] | None = None,
    sentences: Sequence[int] | None = None,
) -> list[TimeExpression]:
    """Return the time expressions of a text that can be given a value, left to right.

    :param text: any text; offsets are code points into it
    :param published: the day on which the article appeared, if known
    :param tense: tells for the characters of a time expression whether what happens then is
        ``past`` or ``future``, or neither (``""``)
    :param sentences: where the sentences start, ascending; by punctuation if not given
    """
    anchor = Anchor(published) if isinstance(published, date) else published
    starts = sentences or [0, *(match.end() for match in _SENTENCE.finditer(text))]
    return list(_Resolver(anchor, tense or (lambda start, end: ""), starts).resolve(text))


class _Resolver:
    """Gives the phrases of one text their values, in the order of the text."""

    def __init__(
        self, anchor: Anchor | None, tense: Callable[[int, int], str], sentences: Sequence[int]
    ) -> None:
        self.anchor, self.tense, self.sentences = anchor, tense, sentences
        self.sentence = 0
        self.told: Period | None = None
        self.told_end = 0
        self.dated: Period | None = None
        self.following = frozenset(word_lists("dates")["following"])
        self.same = frozenset(word_lists("dates")["same"])

    def resolve(self, text: str) -> list[TimeExpression]:
        found = []
        for phrase in find_phrases(text):
            while (
                self.sentence + 1 < len(self.sentences)
                and self.sentences[self.sentence + 1] <= phrase.start
            ):
                self.sentence += 1
                self.dated = None
            sort = self._sort(phrase, text)
            try:
                period = self._phrase(phrase, text)
            except (ValueError, OverflowError):
                continue
            if period is None:
                continue
            if period.first is not None:
                self.told, self.told_end = period, phrase.end
            if phrase.first.year is not None:
                self.dated = self._explicit(phrase, period)
            edtf = periods.since(period.edtf) if sort == "since" else period.edtf
            found.append(TimeExpression(phrase.start, phrase.end, edtf, sort))
        return found

    def _sort(self, phrase: Phrase, text: str) -> str:
        if _is_offset(phrase.first, phrase, text):
            return "offset"
        if phrase.first.kind == "away" and phrase.first.word == "within":
            return "term" if self._beginning() is None else "deadline"
        return phrase.sort

    def _explicit(self, phrase: Phrase, period: Period) -> Period | None:
        """A year at the beginning of a sentence, or a full date, sets the year of what follows."""
        fronted = phrase.start - self.sentences[self.sentence] < 12
        return period if fronted or phrase.first.month else self.dated

    def _phrase(self, phrase: Phrase, text: str) -> Period | None:
        tense = self.tense(phrase.start, phrase.end)
        if phrase.sort == "until" or (phrase.sort == "deadline" and tense != "past"):
            # What was agreed is past, its end may well lie ahead: "gave them until Saturday".
            tense = "future" if phrase.first.kind == "weekday" else tense.replace("past", "")
        elif phrase.sort == "deadline" and phrase.first.kind != "weekday":
            tense = ""
        elif phrase.sort == "since":
            tense = "past"
        first = self._point(phrase.first, phrase, tense, text)
        if phrase.first is not phrase.last:
            last = self._point(phrase.last, phrase, tense, text)
            if first is None or last is None:
                return first or last
            if first.first and last.last and first.first > last.last and not phrase.last.year:
                last = self._after(first.first, phrase.last)
            return last and periods.between(first, last)
        if first is not None and phrase.ends and phrase.sort in ("deadline", "until"):
            return periods.day(first.last) if first.last else first
        return first

    def _point(self, point: Point, phrase: Phrase, tense: str, text: str) -> Period | None:
        if point.kind in ("monthday", "daymonth", "iso", "dayfirst", "month"):
            return self._calendar(point, phrase, tense)
        if point.kind == "year" and point.year is not None:
            return periods.year(point.year)
        if point.kind == "decade":
            return periods.years(point.year or 0)
        if point.kind == "century":
            return periods.years(point.count - 1)
        if point.kind == "then":
            return self.told if phrase.sort == "since" else None
        if point.kind in ("narrative", "ago"):
            return self._told(point, phrase, text)
        if self.anchor is None and point.year is None:
            return None
        in_year = self._year_of(point)
        if point.kind == "season" and in_year is not None:
            return periods.season(in_year, point.season)
        if point.kind == "piece" and (in_year is not None or self.anchor is not None):
            return piece(point, in_year or (self.anchor.day.year if self.anchor else 0))
        if self.anchor is None:
            return None
        if point.kind == "season":
            return season(point, tense, self.anchor)
        return self._relative(point, tense, self.anchor)

    # -- days and months ---------------------------------------------------------------------

    def _calendar(self, point: Point, phrase: Phrase, tense: str) -> Period | None:
        number, of_day = point.month, point.day
        if point.kind == "dayfirst" and number > 12 and of_day <= 12:
            number, of_day = of_day, number
        elif point.kind == "dayfirst" and number != of_day and of_day <= 12:
            # 05/10/2018 is May to one half of the world and October to the other.
            return periods.year(point.year) if point.year else None
        if not 1 <= number <= 12:
            return None
        in_year = self._year_of(point)
        if in_year is None:
            in_year = self._likely_year(point, number, of_day, tense)
        if in_year is None and point.last_day:
            days = (of_day, point.last_day)
            return periods.between(*(periods.open_day(day, number) for day in days))
        if in_year is None:
            return periods.open_day(of_day, number) if of_day else periods.open_month(number)
        if not of_day:
            return periods.month(in_year, number)
        first = periods.day(date(in_year, number, of_day))
        if point.last_day:
            return periods.between(first, periods.day(date(in_year, number, point.last_day)))
        return first

    def _year_of(self, point: Point) -> int | None:
        """Return the year that the words themselves give."""
        if point.year is not None:
            return point.year
        if point.year_step is not None and self.anchor is not None:
            return self.anchor.day.year + point.year_step
        return None

    def _likely_year(self, point: Point, number: int, of_day: int, tense: str) -> int | None:
        """Return the year that the sentence, or the article's date, gives to a day or month."""
        if self.dated is not None and self.dated.first is not None:
            return first_year(self.dated.first, number, of_day)
        if self.anchor is None or point.year_step is not None:
            return None
        return likely_year(point, number, of_day, self.anchor, tense)

    @staticmethod
    def _after(start: date, point: Point) -> Period | None:
        """Return the first such day or month that is not before another."""
        if not point.month:
            return None
        in_year = first_year(start, point.month, point.day)
        if point.day:
            return periods.day(date(in_year, point.month, point.day))
        return periods.month(in_year, point.month)

    # -- from the article's date -------------------------------------------------------------

    def _relative(self, point: Point, tense: str, anchor: Anchor) -> Period | None:
        today = anchor.day
        if point.kind == "weekday" and point.weekday is not None and anchor.knows("week"):
            return periods.day(nearby_weekday(point, tense, anchor))
        if point.kind in ("unit", "period"):
            step = point.step or 0
            return neighbour(point.unit, step, anchor) if point.unit != "day" or step else None
        if not anchor.knows("day"):
            coarse = point.kind == "span" and point.unit in ("month", "year", "decade")
            return span(point, anchor) if coarse and anchor.knows(point.unit) else None
        if point.kind == "near":
            return periods.day(today + timedelta(days=point.count))
        if point.kind == "overnight":
            return periods.between(periods.day(today - timedelta(days=1)), periods.day(today))
        if point.kind == "weekend":
            ahead = tense == "future" or today.weekday() >= 5
            return periods.weekend(today, 0 if ahead else -1)
        if point.kind == "span":
            return span(point, anchor)
        if point.kind == "away":
            start = self._beginning() or (today if tense == "future" else None)
            return moved(start, point.unit, point.count, exact=True) if start else None
        return None

    def _beginning(self) -> date | None:
        """Return the day that the sentence has named: "signed on May 2, to leave in a month"."""
        told = self.told if self.told_end > self.sentences[self.sentence] else None
        return told.first if told is not None and told.first == told.last else None

    # -- from what the text has told ---------------------------------------------------------

    def _told(self, point: Point, phrase: Phrase, text: str) -> Period | None:
        """Resolve "two days later", "the following month", "three weeks ago"."""
        told = self.told if phrase.start - self.told_end < _NEAR else None
        if point.kind == "ago":
            steps = point.count if point.word in ("later", "after") else -point.count
            if _is_offset(point, phrase, text):
                # "Accused them on Monday, two days after they met": when they met.
                told = told if self.told_end > self.sentences[self.sentence] else None
                steps = -steps
            if point.word == "ago" or (told is None and point.word == "earlier"):
                if self.anchor is None or not self.anchor.knows(grain_of(point.unit)):
                    return None
                return moved(self.anchor.day, point.unit, steps)
        else:
            steps = 0 if point.word in self.same else 1 if point.word in self.following else -1
            if told is None and steps < 0 and self.anchor is not None and point.unit != "day":
                return neighbour(point.unit, steps, self.anchor)
        if told is None or told.first is None or told.last is None:
            return None
        exact = told.first == told.last
        if point.unit in ("day", "week", "hour") and not exact:
            return None
        if point.unit == "month" and (told.last - told.first).days > 31:
            return None
        base = told.last if steps > 0 else told.first
        return moved(base, point.unit, steps)


def _is_offset(point: Point, phrase: Phrase, text: str) -> bool:
    words = point.kind == "ago" and point.word in ("before", "after")
    return words and not _CLOSING.match(text, phrase.end)
