"""Numbers with what they count: "at least 11 people", "15 to 20 kilometers", "70 percent"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from accord.claim import Quantity
from accord.language.labels import text_of
from accord.language.quantities.numbers import number_words, scales, shares
from accord.language.syntax import Tree
from accord.language.times.points import alternatives
from accord.language.wordlists import word_lists

#: How far before a number the words may begin that bound it, in characters.
_BEFORE = 40
#: How far behind a number what it counts may stand, in tokens.
_REACH = 5
_DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_GLUED = re.compile(r"(\d[\d,.]*)(km|kms|mi|m|mn|bn)")
_SQUARE = ("square", "sq")
_PEOPLE = "people"


class Counted(NamedTuple):
    """A quantity at tokens ``start`` to ``end`` (exclusive) that counts the noun at ``noun``.

    Where no noun says what is counted ("11 were killed"), ``noun`` is the number itself.
    """

    start: int
    end: int
    noun: int
    quantity: Quantity


class _Words(NamedTuple):
    lower: re.Pattern[str]
    upper: re.Pattern[str]
    links: frozenset[str]
    between: frozenset[str]
    uncounted: frozenset[str]
    durations: frozenset[str]
    fractions: frozenset[str]
    phrasal: frozenset[str]
    harm: frozenset[str]
    forces: frozenset[str]
    dimensions: frozenset[str]
    units: dict[str, str]


def find_quantities(
    tree: Tree, times: tuple[tuple[int, int], ...] = (), *, durations: bool = False
) -> list[Counted]:
    """Return the quantities of a document, left to right. Vague numerals ("dozens") give none.

    :param times: characters that belong to time expressions, ascending; no number there counts
    :param durations: return what counts hours, days or years, instead of all else
    """
    return list(_Counting(tree, times, durations).find())


class _Counting:
    """Finds the quantities of one document."""

    def __init__(self, tree: Tree, times: tuple[tuple[int, int], ...], durations: bool) -> None:
        self.tree, self.times, self.durations = tree, times, durations
        self.text, self.doc, self.words = text_of(tree.doc), tree.doc, _words()

    def find(self) -> Iterator[Counted]:
        at = clock = 0
        while at < len(self.tree.words):
            value, end, unit = self._number(at)
            start, offset = at, self.doc[at].idx
            at += 1
            while clock < len(self.times) and self.times[clock][1] <= offset:
                clock += 1
            if value is None or (clock < len(self.times) and self.times[clock][0] <= offset):
                continue
            low, high = value, value
            second, after, unit_behind = self._second(start, end)
            if second is not None and second > low:
                high, end, unit = second, after, unit or unit_behind
            at = end
            found = self._counted(start, end, low, high, unit)
            if found is not None:
                yield found
                at = max(at, found.noun + 1)

    def _counted(self, start: int, end: int, low: float, high: float, unit: str) -> Counted | None:
        noun = end - 1 if unit else self._noun(start, end)
        if noun < 0 and not self._stands_alone(start):
            return None
        word = unit or (self.tree.words[noun] if noun >= 0 else _PEOPLE)
        if word in self.words.fractions or self._is_title(start):
            return None
        if (word in self.words.durations) != self.durations:
            return None
        if noun > 0 and self.tree.words[noun - 1] in _SQUARE:
            word = f"square {word}"
        before = self.text[max(0, self.doc[start].idx - _BEFORE) : self.doc[start].idx]
        lower, upper = self.words.lower.search(before), self.words.upper.search(before)
        if start > 1 and self.tree.lemmas[start - 2] in self.words.phrasal:
            # "Handed over 2,000 rifles": over belongs to the verb.
            lower = upper = None
        quantity = Quantity(
            min=None if upper else _tidy(low),
            max=None if lower and not upper else _tidy(high),
            unit=self.words.units.get(word, word),
        )
        return Counted(start, max(end, noun + 1), noun if noun >= 0 else start, quantity)

    def _second(self, start: int, end: int) -> tuple[float | None, int, str]:
        """Read the upper end of a range: "15 to 20", "between 15 and 20"."""
        words = self.tree.words
        if end + 1 >= len(words):
            return None, end, ""
        opened = start > 0 and words[start - 1] in self.words.between
        if words[end] in self.words.links or (opened and words[end] == "and"):
            return self._number(end + 1)
        return None, end, ""

    def _noun(self, start: int, end: int) -> int:
        """Return the noun that a number counts, or -1."""
        tree = self.tree
        for k in (end - 1, start):
            head = tree.heads[k]
            near = end <= head < end + _REACH
            if near and tree.deps[k] in ("nummod", "compound", "amod") and self._counts(head):
                return head
        noun = end
        while noun < min(end + _REACH, len(tree.words)) and (
            tree.pos[noun] in ("ADJ", "ADV") or tree.words[noun] in ("-", "–")
        ):
            noun += 1
        if noun < len(tree.words) and self._counts(noun):
            if tree.deps[noun] == "compound" and noun < tree.heads[noun] < noun + _REACH:
                return tree.heads[noun] if tree.words[noun] not in self.words.units else noun
            return noun
        for k in tree.children(end - 1, "nmod"):
            # "Twelve of the ships had docked".
            if tree.preposition(k) == "of" and tree.pos[k] == "NOUN":
                return k
        return -1

    def _counts(self, k: int) -> bool:
        word = self.tree.words[k]
        return (self.tree.pos[k] == "NOUN" and word[:1].isalpha()) or word in self.words.units

    def _stands_alone(self, start: int) -> bool:
        """Whether a number means people: "more than 330,000 were killed", "wounding 20"."""
        tree = self.tree
        if tree.pos[start] != "NUM" or tree.words[start] == "one":
            return False
        head = tree.heads[start]
        if tree.preposition(start) == "of":
            # "A joint force of 83,000".
            return tree.lemmas[head] in self.words.forces
        return tree.deps[start] in ("nsubj:pass", "obj") and tree.lemmas[head] in self.words.harm

    def _is_title(self, start: int) -> bool:
        return start > 0 and self.tree.words[start - 1].rstrip(".") in self.words.uncounted

    def _number(self, i: int) -> tuple[float | None, int, str]:
        """Read a number at a token: its value, the token behind it, and a unit written with it."""
        tree, word = self.tree, self.tree.words[i]
        value: float | None = None
        end, unit = i + 1, ""
        if _DIGITS.fullmatch(word) and len(word) < 16:
            value = float(word.replace(",", ""))
        elif (glued := _GLUED.fullmatch(word)) and _DIGITS.fullmatch(glued[1]):
            value, unit = self._glued(i, float(glued[1].replace(",", "")), glued[2])
        elif word in number_words() and tree.pos[i] == "NUM":
            value, end = self._spelt(i)
        elif word in ("a", "an") and tree.words[i + 1 : i + 2] and tree.words[i + 1] in scales():
            value = 1.0
        elif word == "half" and tree.words[i + 1 : i + 2] == ["a"] and self._scaled(i + 2):
            value, end = 0.5, i + 2
        elif (share := self._share(i)) is not None:
            return share[0], share[1], "percent"
        if value is None:
            return None, i, ""
        while end < len(tree.words) and tree.words[end] in scales() and value < 1e12:
            value, end = value * scales()[tree.words[end]], end + 1
        return value, end, unit

    def _scaled(self, i: int) -> bool:
        return i < len(self.tree.words) and self.tree.words[i] in scales()

    def _glued(self, i: int, value: float, unit: str) -> tuple[float, str]:
        """Read "15km"; "1.2m people" are a million, and "1.2m wide" is a length."""
        behind = self.tree.words[i + 1] if i + 1 < len(self.tree.words) else ""
        if unit == "m" and behind not in self.words.dimensions and "." in self.tree.words[i]:
            unit = "mn"
        if unit in scales():
            return value * scales()[unit], ""
        return value, unit

    def _spelt(self, i: int) -> tuple[float, int]:
        """Read a number in words, "twenty-five" with its hyphen."""
        words, values = self.tree.words, number_words()
        value, end = values[words[i]], i + 1
        behind = end + (words[end : end + 1] in (["-"], ["–"]))
        if value >= 20 and behind < len(words) and 0 < values.get(words[behind], 0) < 10:
            return float(value + values[words[behind]]), behind + 1
        return float(value), end

    def _share(self, i: int) -> tuple[float, int] | None:
        """Read a share in words: "half of the weapons" is 50 percent."""
        words = self.tree.words
        for length in (2, 1):
            phrase = " ".join(words[i : i + length])
            behind = words[i + length : i + length + 1]
            if phrase in shares() and behind and behind[0] in ("of", "the", "its", "their"):
                return float(shares()[phrase]), i + length
        return None


def _tidy(value: float) -> float | int:
    return int(value) if value == int(value) else value


@cache
def _words() -> _Words:
    numbers, units = word_lists("numbers"), word_lists("units")

    def ending(key: str) -> re.Pattern[str]:
        about = alternatives(numbers["about"])
        return re.compile(
            rf"(?<!\w){alternatives(numbers[key])}\s+(?:{about}\s+){{0,2}}$", re.IGNORECASE
        )

    return _Words(
        lower=ending("at_least"),
        upper=ending("at_most"),
        links=frozenset(numbers["links"]),
        between=frozenset(numbers["between"]),
        uncounted=frozenset(numbers["not_counts"]),
        durations=frozenset(units["durations"]),
        fractions=frozenset(numbers["fractions"]),
        phrasal=frozenset(numbers["phrasal"]),
        harm=frozenset(numbers["harm"]),
        forces=frozenset(word_lists("things")["forces"]),
        dimensions=frozenset(
            word for key, words in units.items() if key.startswith("of_") for word in words
        ),
        units={
            word: unit
            for unit, words in units.items()
            if unit != "durations" and not unit.startswith("of_")
            for word in words
        },
    )
