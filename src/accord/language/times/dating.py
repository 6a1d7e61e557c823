"""When an article appeared, inferred from what it says where no header or dateline tells it.

The address of the page may hold the date. Else three things in a text can give it away, taken in
this order: a day that is named both by its date
and from the article's own day ("yesterday, May 31"); a day of the week with its date ("on
Thursday, May 30"), or the date on which somebody is reported to have spoken; and the full date in
the caption of a news picture. A year that is not written out follows from the day of the week:
it is the first one, from the latest year that the text speaks of, in which the two fall together.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from accord.language.labels import text_of
from accord.language.syntax import Tree
from accord.language.times.phrases import Phrase, find_phrases
from accord.language.times.reckoning import Anchor
from accord.language.times.tenses import Tenses
from accord.language.wordlists import word_lists

_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-](\d\d?)(?:[/-](\d\d?))?(?=[/-]|$)")
#: Day and date fall together again after five, six or eleven years.
_CYCLE = 5
#: How many weekdays and dates are compared, of a text that is full of them.
_MOST = 60
_DAYS = frozenset({"monthday", "daymonth", "iso"})
#: A day without a year that lies so many days ahead of the article is one of the year before.
_SOON = 90
#: How far from a time, in tokens, an event stands beside it.
_BESIDE = 8
#: By how many days the article may be younger than the day that dates it.
_BEHIND = {"day": 0, "week": 6, "month": 31}


def infer_date(
    tree: Tree, tenses: Tenses, outside: list[tuple[int, int]], address: str | None = None
) -> Anchor | None:
    """Return the day of an article that has no date, as exactly as its text gives it.

    :param outside: stretches of characters that are no part of the report, ascending
    :param address: the address of its page, if known
    """
    return addressed(address or "") or _Dating(tree, tenses, outside).anchor()


def addressed(address: str) -> Anchor | None:
    """Return the day or month in the address of a page: ``/2020/03/16/``, ``/2020-03/``."""
    found = _ADDRESS.search(address)
    if found is None:
        return None
    day = _date(int(found[1]), int(found[2]), int(found[3] or 1))
    return Anchor(day, "day" if found[3] else "month") if day else None


def written(anchor: Anchor) -> str:
    """Return an inferred day as EDTF, no more exact than it is known."""
    if anchor.grain == "week":
        return f"{anchor.day}/{anchor.day + timedelta(days=_BEHIND['week'])}"
    return anchor.day.isoformat()[: {"day": 10, "month": 7, "year": 4}[anchor.grain]]


class _Dating:
    def __init__(self, tree: Tree, tenses: Tenses, outside: list[tuple[int, int]]) -> None:
        self.tree, self.tenses, self.text = tree, tenses, text_of(tree.doc)
        self.phrases = [p for p in find_phrases(self.text) if not _within(p.start, outside)]
        self._known: dict[int, str] = {}
        words = word_lists("dates")
        self.captions, self.archive = words["caption"], words["archive"]
        things = word_lists("things")
        self.events = frozenset(things["meetings"] + things["strikes"])
        self.speech = frozenset(words["reporting"])
        self.past_years = [
            phrase.first.year
            for phrase in self.phrases
            if phrase.first.kind not in ("decade", "century")
            and phrase.first.year is not None
            and self._tense(phrase) not in ("future", "would")
        ]

    def anchor(self) -> Anchor | None:
        found = list(self._anchors())
        for anchor in sorted(
            found, key=lambda a: (list(_BEHIND).index(a.grain), -a.day.toordinal())
        ):
            if not self._refuted(anchor):
                return anchor
        return None

    def _refuted(self, anchor: Anchor) -> bool:
        """Whether the text tells something past of a later day or year."""
        last = anchor.day + timedelta(days=_BEHIND[anchor.grain])
        if any(year > last.year for year in self.past_years if year):
            return True
        past = [phrase.first for phrase in self.phrases if self._tense(phrase) == "past"]
        for point in past:
            if point.kind in _DAYS:
                day = _date(point.year or anchor.day.year, point.month, point.day)
                # Without a year, "July 20" may as well be of the year before.
                horizon = last + timedelta(days=_SOON) if point.year is None else date.max
                if day is not None and last < day < horizon:
                    return True
        return False

    def _anchors(self) -> Iterator[Anchor]:
        weekdays = list(islice(self._bare_weekdays(), _MOST))
        for phrase in islice((p for p in self.phrases if p.first.kind in _DAYS), _MOST):
            day = self._full(phrase) or self._solved(phrase, weekdays)
            if day is None:
                day = self._by_others(phrase, weekdays)
            if day is None:
                continue
            if phrase.near is not None:
                yield Anchor(day - timedelta(days=phrase.near))
            elif self._tense(phrase) in ("future", "would"):
                continue
            elif phrase.first.weekday is not None or self._reported(phrase):
                yield Anchor(day, "week")
            elif self._caption(phrase):
                yield Anchor(day, "month")

    def _full(self, phrase: Phrase) -> date | None:
        """Return a day that is written with its year."""
        point = phrase.first
        if point.kind not in _DAYS or point.year is None:
            return None
        return _date(point.year, point.month, point.day)

    def _solved(self, phrase: Phrase, weekdays: list[tuple[int, frozenset[str]]]) -> date | None:
        """Return a day without a year, by the day of the week that the text gives to it."""
        point = phrase.first
        if point.weekday is not None:
            return self._first(point.month, point.day, point.weekday)
        about = self._about(phrase)
        for weekday, events in weekdays:
            # "What happened on Thursday during a conversation": "on May 30 a conversation ...".
            if events & about:
                return self._first(point.month, point.day, weekday)
        return None

    def _by_others(self, phrase: Phrase, weekdays: list[tuple[int, frozenset[str]]]) -> date | None:
        """Return "yesterday, May 31" in the year of another day that can be dated."""
        if phrase.near is None:
            return None
        for other in self.phrases[:_MOST]:
            if other.first.kind in _DAYS and other is not phrase:
                day = self._solved(other, weekdays)
                found = day and _date(day.year, phrase.first.month, phrase.first.day)
                if day and found and abs((found - day).days) <= _BEHIND["month"]:
                    return found
        return None

    def _first(self, month: int, day: int, weekday: int) -> date | None:
        known = [year for year in self.past_years if year]
        if not known:
            return None
        for year in range(max(known), max(known) + _CYCLE + 1):
            found = _date(year, month, day)
            if found is not None and found.weekday() == weekday:
                return found
        return None

    def _bare_weekdays(self) -> Iterator[tuple[int, frozenset[str]]]:
        for phrase in self.phrases:
            point = phrase.first
            if point.kind == "weekday" and point.weekday is not None and point is phrase.last:
                yield point.weekday, self._about(phrase)

    def _about(self, phrase: Phrase) -> frozenset[str]:
        """Return the nouns for events that stand beside a time expression."""
        tree = self.tree
        token = self.tenses.token(phrase.start, phrase.end)
        sentence = tree.doc[token].sent
        low, high = max(sentence.start, token - _BESIDE), min(sentence.end, token + _BESIDE)
        return frozenset(lemma for lemma in tree.lemmas[low:high] if lemma in self.events)

    def _reported(self, phrase: Phrase) -> bool:
        """Whether it is the day on which somebody spoke: the news is of that day."""
        tree = self.tree
        token = self.tenses.token(phrase.start, phrase.end)
        head = tree.heads[token]
        return tree.lemmas[head] in self.speech and tree.tags[head] == "VBD"

    def _caption(self, phrase: Phrase) -> bool:
        start = self.text.rfind("\n", 0, phrase.start) + 1
        end = self.text.find("\n", phrase.end)
        line = self.text[start : end if end >= 0 else None][:600].casefold()
        return any(mark in line for mark in self.captions) and not any(
            mark in line.split() for mark in self.archive
        )

    def _tense(self, phrase: Phrase) -> str:
        if phrase.start not in self._known:
            self._known[phrase.start] = self.tenses(phrase.start, phrase.end)
        return self._known[phrase.start]


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _within(at: int, stretches: list[tuple[int, int]]) -> bool:
    last = bisect_right(stretches, (at, len(stretches) and stretches[-1][1])) - 1
    return last >= 0 and at < stretches[last][1]
