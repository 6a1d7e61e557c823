"""Numbers with what they count: "at least 11 people", "15 to 20 kilometers", "70 percent"."""

from __future__ import annotations

import re
from typing import NamedTuple

from accord.claim import Quantity
from accord.language.syntax import Tree
from accord.language.wordlists import word_lists

#: Numbers up to a hundred that news write out.
NUMBER_WORDS = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "hundred": 100}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000}
_LOWER = re.compile(r"\b(at least|more than|over|no (?:fewer|less) than)(?: about)? $", re.I)
_UPPER = re.compile(r"\b(at most|fewer than|less than|up to|under|as many as) $", re.I)
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")


class Counted(NamedTuple):
    """A quantity at tokens ``start`` to ``end`` (exclusive) that counts the noun at ``noun``."""

    start: int
    end: int
    noun: int
    quantity: Quantity


def find_quantities(tree: Tree) -> list[Counted]:
    """Return the quantities of a document, left to right. Vague numerals ("dozens") give none."""
    found: list[Counted] = []
    units = {word: unit for unit, words in word_lists("units").items() for word in words}
    text, doc = tree.doc.text, tree.doc
    at = 0
    while at < len(tree.words):
        value, end = _number(tree, at)
        if value is None:
            at += 1
            continue
        start, low, high = at, value, value
        if end + 1 < len(tree.words) and tree.words[end] in ("to", "-", "–", "and", "or"):
            second, after = _number(tree, end + 1)
            if second is not None and second > low and tree.words[end] != "and":
                high, end = second, after
        at = end
        noun = end
        while noun < min(end + 4, len(tree.words)) and tree.pos[noun] in ("ADJ", "ADV", "PUNCT"):
            noun += 1
        if noun >= len(tree.words) or (
            tree.pos[noun] not in ("NOUN", "SYM") and tree.words[noun] not in units
        ):
            noun = -1
            if not _killed(tree, start):
                continue
        before = text[max(0, doc[start].idx - 24) : doc[start].idx]
        lower, upper = _LOWER.search(before), _UPPER.search(before)
        word = tree.words[noun] if noun >= 0 else "people"
        if noun >= 0 and tree.lemmas[noun] in _CALENDAR:
            continue
        quantity = Quantity(
            min=None if upper else _tidy(low),
            max=None if lower else _tidy(high),
            unit=units.get(word, "people" if word in ("persons", "civilians") else word),
        )
        found.append(Counted(start, max(end, noun + 1), noun if noun >= 0 else start, quantity))
    return found


_CALENDAR = frozenset(
    {"day", "week", "month", "year", "hour", "minute", "time", "january", "o'clock"}
)


def _killed(tree: Tree, i: int) -> bool:
    return tree.deps[i] in ("nsubj:pass", "obj") and tree.pos[i] == "NUM"


def _tidy(value: float) -> float | int:
    return int(value) if value == int(value) else value


def _number(tree: Tree, i: int) -> tuple[float | None, int]:
    """Read a number at a token; return its value and the token behind it."""
    word = tree.words[i]
    value: float | None = None
    if _NUMBER.fullmatch(word) and len(word) < 16:
        value = float(word.replace(",", ""))
    elif word in NUMBER_WORDS and tree.pos[i] == "NUM":
        value = float(NUMBER_WORDS[word])
    if value is None:
        return None, i
    end = i + 1
    while end < len(tree.words) and tree.words[end] in _SCALES and value < 1e12:
        value, end = value * _SCALES[tree.words[end]], end + 1
    return value, end
