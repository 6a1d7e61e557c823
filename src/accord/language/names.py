"""The names of the vocabulary, found in a text however they are spelt."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from accord.language.wordlists import word_lists
from accord.vocabulary import Entity, Vocabulary

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’‘ʼ`´][^\W_]+)*")
_BETWEEN = re.compile(r"['’]s? |['’]? ?|[ \[]+|[”\"] | [“\"]|[-‑–]|\n")
_APOSTROPHE = ("'", "’", "‘")
_APOSTROPHES = re.compile(r"['’‘ʼ`´]")
_LETTERS = str.maketrans({"ı": "i", "ø": "o", "Ø": "O", "ł": "l", "đ": "d", "æ": "ae", "ß": "ss"})


class Word(NamedTuple):
    """A word at characters ``start`` to ``end`` (exclusive), no possessive; ``key`` is folded."""

    key: str
    start: int
    end: int
    written: str


class _Form(NamedTuple):
    """One way to write an entity's name."""

    keys: tuple[str, ...]
    capitals: tuple[bool, ...]
    acronym: bool
    iri: str
    sort: str


class Match(NamedTuple):
    """A known name at characters ``start`` to ``end`` (exclusive); ``sort`` says how it matched."""

    start: int
    end: int
    iri: str
    sort: str


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """Return a word without case, accents, dots and apostrophes."""
    plain = unicodedata.normalize("NFKD", word.translate(_LETTERS))
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return _APOSTROPHES.sub("", plain).replace(".", "").casefold()


def _words(text: str, articles: frozenset[str]) -> Iterator[Word]:
    for match in _WORD.finditer(text):
        written = match.group()
        start, end = match.span()
        if written[-1] in "sS" and written[-2:-1] in _APOSTROPHE:
            written, end = written[:-2], end - 2  # A possessive.
        key = fold(written)
        if key in articles and (text[end : end + 1] == "-" or key in ("al", "el")):
            key = "al"
        yield Word(key, start, end, written)


@dataclass
class NameMatcher:
    """Finds the names of a vocabulary in a text, the longest at each place, left to right.

    ``caseless``: a name's capitals need not stand in the text.
    """

    vocabulary: Vocabulary
    caseless: bool = False
    forms: dict[str, list[_Form]] = field(init=False)

    def __post_init__(self) -> None:
        lists = word_lists("names")
        self.articles = frozenset(lists["articles"])
        self.forms = {}
        for entity in self.vocabulary.entities.values():
            for sort, names in _sorts(entity):
                for name in names:
                    self._add(name, sort, entity)
        for forms in self.forms.values():
            forms.sort(key=lambda form: (-len(form.keys), _RANK[form.sort], form.iri))

    def _add(self, name: str, sort: str, entity: Entity) -> None:
        words = list(_words(name, self.articles))
        if not words:
            return
        self.forms.setdefault(words[0].key, []).append(
            _Form(
                keys=tuple(word.key for word in words),
                capitals=tuple(word.written[0].isupper() and not self.caseless for word in words),
                acronym=len(words) == 1 and len(name) <= 6 and name.replace(".", "").isupper(),
                iri=entity.iri,
                sort=sort,
            )
        )

    def words(self, text: str) -> list[Word]:
        """Return the words of a text, for :meth:`__call__` of this matcher or another one."""
        return list(_words(text, self.articles))

    def __call__(self, text: str, words: list[Word] | None = None) -> list[list[Match]]:
        """Return for each name its readings, the preferred first; all have the same extent.

        :param words: the text's :meth:`words`, where they are known already
        """
        words = self.words(text) if words is None else words
        found: list[list[Match]] = []
        at = 0
        for start in [i for i, word in enumerate(words) if word.key in self.forms]:
            if start < at:
                continue  # Within a name that began before.
            at = start
            size, readings = self._at(words, at, text)
            # "National Liberation Front" wins over the newspaper in "The National Liberation ...".
            for later in range(at + 1, at + size):
                longer, others = self._at(words, later, text)
                if longer > size:
                    at, size, readings = later, longer, others
                    break
            if readings:
                found.append(readings)
            at += max(size, 1)
        return found

    def _at(self, words: list[Word], at: int, text: str) -> tuple[int, list[Match]]:
        """Return the longest name that starts at a word: its number of words, its readings."""
        size, readings = 0, []
        for form in self.forms.get(words[at].key, ()):
            if len(form.keys) < size:
                break
            if self._fits(form, words, at, text):
                size = len(form.keys)
                last = words[at + size - 1]
                readings.append(Match(words[at].start, last.end, form.iri, form.sort))
        return size, readings

    def _fits(self, form: _Form, words: list[Word], at: int, text: str) -> bool:
        if at + len(form.keys) > len(words):
            return False
        for offset, key in enumerate(form.keys):
            word = words[at + offset]
            if word.key != key:
                return False
            if form.capitals[offset] and not word.written[0].isupper():
                return False
            if offset and not _near(text, words[at + offset - 1].end, word.start):
                return False
        last = words[at + len(form.keys) - 1]
        if form.keys[0] == "the" and re.match(r" [A-Z]", text[last.end : last.end + 2]):
            return False  # "The National Police" is not the newspaper
        return not form.acronym or words[at].written.replace(".", "").isupper()


_RANK = {"label": 0, "alias": 0, "metonym": 1, "description": 2, "short": 3, "demonym": 4}


def _sorts(entity: Entity) -> Iterator[tuple[str, tuple[str, ...]]]:
    # "Idlib (city)" is called plain Idlib only where nothing else is.
    name, qualifier, _ = entity.label.partition(" (")
    yield ("short" if qualifier else "label"), (name,)
    yield "alias", entity.aliases
    yield "metonym", entity.metonyms
    yield "description", entity.descriptions
    yield "demonym", entity.demonyms


def _near(text: str, end: int, start: int) -> bool:
    """Whether nothing but a space, a hyphen, a quote or a possessive stands between two words."""
    between = text[end:start]
    return len(between) <= 3 and bool(_BETWEEN.fullmatch(between))
