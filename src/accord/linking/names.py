"""How alike two names are, spelling aside: transliterations, articles, apostrophes, accents.

What counts as a spelling is data: ``names`` in ``mappings/linking.yaml``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import fuzz

from accord.linking.rules import rules

_MARKS = re.compile(r"['‘’ʼʿʾ`´ʹʻ.\"“”]")
_BREAKS = re.compile(r"[-‐-―/,_:;&]+")
_ASIDE = re.compile(r"\s*\([^)]*\)")
_NUMBER = re.compile(r"^(?:\d+|[ivx]+)$")


@lru_cache(maxsize=100_000)
def folded(name: str) -> str:
    """Return a name without what spellings differ in; words that only point ("the", "al") go too.

    >>> folded("Hay’et Tahrir al-Sham") == folded("Hayat Tahrir ash-Sham")
    True
    """
    plain = unicodedata.normalize("NFKD", _ASIDE.sub("", name) or name)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    # The dotless i has no decomposition.
    words = _BREAKS.sub(" ", _MARKS.sub("", plain.casefold().replace("ı", "i"))).split()
    kept = [word for word in words if word not in rules().articles] or words
    return " ".join(map(_respelt, kept))


@lru_cache(maxsize=100_000)
def _respelt(word: str) -> str:
    if _NUMBER.match(word):
        return word
    word = next((family[0] for family in rules().families if word in family), word)
    for pattern, spelling in rules().spellings:
        word = pattern.sub(spelling, word)
    return word


def similarity(one: str, other: str) -> float:
    """Return how alike two names are, 0 to 1; 1 if only their spelling differs.

    Numbers are never a matter of spelling: "Minsk I" is not "Minsk II". Nor may a whole word have
    no counterpart: "Idlib" is not "Idlib District", however many letters they share.
    """
    a, b = folded(one), folded(other)
    if a == b:
        return 1.0
    if not a or not b or _numbers(a) != _numbers(b):
        return 0.0
    alike: float = fuzz.token_sort_ratio(a, b) / 100
    if len(a.split()) != len(b.split()) and a.replace(" ", "") != b.replace(" ", ""):
        return alike * rules().word_missing
    # Of two persons with one surname, the surname must not carry the given name.
    weakest = min(_weakest(a, b), _weakest(b, a))
    return min(alike, (alike + weakest) / 2)


def _weakest(one: str, other: str) -> float:
    """Return how alike the word is to its best counterpart that has the worst one."""
    words = [max(fuzz.ratio(word, twin) for twin in other.split()) for word in one.split()]
    return min(words, default=0.0) / 100


def closest(one: Iterable[str], other: Iterable[str]) -> float:
    """Return how alike the two most similar of two sets of names are."""
    others = tuple(other)
    return max((similarity(a, b) for a in one for b in others), default=0.0)


def is_acronym(name: str) -> bool:
    """Tell whether a name is an acronym: two to six letters, at most one of them small."""
    letters = [letter for letter in name if letter.isalpha()]
    small = sum(letter.islower() for letter in letters)
    return 2 <= len(letters) <= 6 and " " not in name and small <= 1 and small < len(letters) - 1


def _numbers(name: str) -> list[str]:
    return sorted(word for word in name.split() if _NUMBER.match(word))
