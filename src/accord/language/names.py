"""Known names in a text: ``doc.spans["names"]`` and ``doc.spans["demonyms"]``.

Each span's ``kb_id_`` is the IRI of the entity and its label the entity's kind. Known names win
over the statistical entities that they overlap; all others stay in ``doc.ents``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc, Span

from accord.language.wordlists import word_lists
from accord.vocabulary import Entity, Vocabulary, load_vocabulary

NAMES, DEMONYMS = "names", "demonyms"

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’‘ʼ`´][^\W_]+)*")
_BETWEEN = re.compile(r"['’]s? |['’]? ?|[ \[]+|[”\"] | [“\"]|[-‑–]|\n")
_POSSESSIVE = re.compile(r"['’‘]s?$", re.IGNORECASE)
_APOSTROPHES = re.compile(r"['’‘ʼ`´]")
_LETTERS = str.maketrans({"ı": "i", "ø": "o", "Ø": "O", "ł": "l", "đ": "d", "æ": "ae", "ß": "ss"})
_DATELINE = re.compile(
    r"^[ \t“\"]*(?:[A-Z][A-Z .,'’/-]{2,60}(?:, [A-Z][\w. ]{1,25})?(?: ?\([^()\n]{2,40}\))?\s*"
    r"[—–:-]{1,2}\s|[A-Z][\w .,'’/-]{2,40}\([A-Z][\w/ .]{1,20}\)\s*[—–-]{1,2}\s)",
    re.MULTILINE,
)


class _Word(NamedTuple):
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


def _words(text: str, articles: frozenset[str]) -> Iterator[_Word]:
    for match in _WORD.finditer(text):
        written = match.group()
        cut = _POSSESSIVE.search(written)
        end = match.end() - (len(cut.group()) if cut else 0)
        written = text[match.start() : end]
        key = fold(written)
        if key in articles and (text[end : end + 1] == "-" or key in ("al", "el")):
            key = "al"
        yield _Word(key, match.start(), end, written)


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

    def __call__(self, text: str) -> list[list[Match]]:
        """Return for each name its readings, the preferred first; all have the same extent."""
        words = list(_words(text, self.articles))
        found: list[list[Match]] = []
        at = 0
        while at < len(words):
            readings: list[Match] = []
            step = 1
            for form in self.forms.get(words[at].key, ()):
                size = len(form.keys)
                if readings and size < step:
                    break
                if self._fits(form, words, at, text):
                    step = size
                    last = words[at + size - 1]
                    readings.append(Match(words[at].start, last.end, form.iri, form.sort))
            if readings:
                found.append(readings)
            at += step
        return found

    def _fits(self, form: _Form, words: list[_Word], at: int, text: str) -> bool:
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


class NamesComponent:
    """Sets ``doc.spans["names"]`` and ``doc.spans["demonyms"]`` and merges names with ``doc.ents``.

    Names never overlap each other. A capital is the government unless it stands as a place.
    """

    def __init__(self, vocabulary: Vocabulary | None = None) -> None:
        self.vocabulary = vocabulary or load_vocabulary()
        self.matcher = NameMatcher(self.vocabulary)
        lists = word_lists("names")
        self.locative = frozenset(lists["locative"])
        self.not_locative = frozenset(lists["not_locative"])
        self.place_nouns = frozenset(lists["place_nouns"])

    def __call__(self, doc: Doc) -> Doc:
        """Find the known names of a document."""
        text = doc.text
        datelines = [match.span() for match in _DATELINE.finditer(text)]
        persons = [ent for ent in doc.ents if ent.label_ in ("Person", "PERSON")]
        inside_person = {token.i: ent for ent in persons for token in ent}
        names: list[Span] = []
        demonyms: list[Span] = []
        line = 0
        for readings in self.matcher(text):
            start, end = readings[0].start, readings[0].end
            while line < len(datelines) and datelines[line][1] <= start:
                line += 1
            dateline = line < len(datelines) and datelines[line][0] <= start
            span = doc.char_span(start, end, alignment_mode="expand")
            if span is None or (names and names[-1].end > span.start):
                continue
            person = inside_person.get(span.start)
            if person is not None and self._part_of_person(person, span, readings):
                continue
            best = readings[0]
            if best.sort == "demonym":
                demonyms.append(self._span(doc, span, best.iri))
                continue
            if any(reading.sort == "metonym" for reading in readings):
                place = dateline or self._stands_as_place(doc, span, names)
                names.append(self._metonym(doc, span, readings, place))
                continue
            names.append(self._span(doc, span, best.iri))
        doc.spans[NAMES] = names
        doc.spans[DEMONYMS] = demonyms
        _merge_entities(doc, names)
        return doc

    def _part_of_person(self, person: Span, span: Span, readings: list[Match]) -> bool:
        """Whether the name is only a part of a person's: the Jordan of "Michael Jordan"."""
        if len(person) <= len(span) or not all(token.pos_ == "PROPN" for token in person):
            return False
        return all(self.vocabulary.entities[r.iri].kind != "Person" for r in readings)

    def _span(self, doc: Doc, span: Span, iri: str) -> Span:
        kind = self.vocabulary.entities[iri].kind
        return Span(doc, span.start, span.end, label=kind, kb_id=iri)

    def _metonym(self, doc: Doc, span: Span, readings: list[Match], place: bool) -> Span:
        if not place:
            iri = next(reading.iri for reading in readings if reading.sort == "metonym")
            return self._span(doc, span, iri)
        for reading in readings:
            if self.vocabulary.entities[reading.iri].is_place:
                return self._span(doc, span, reading.iri)
        return Span(doc, span.start, span.end, label="Place")

    def _stands_as_place(self, doc: Doc, span: Span, before: list[Span]) -> bool:
        """Whether a capital is meant as a place, from the words around it."""
        if span.end < len(doc) and doc[span.end].lower_ in self.place_nouns:
            return True
        at = span.start - 1
        while (
            at >= 0 and span.start - at <= 3 and doc[at].lower_ in ("the", "central", "city", "of")
        ):
            at -= 1
        if at < 0:
            return False
        word = doc[at].lower_
        if word in self.locative:
            return at == 0 or doc[at - 1].lower_ not in self.not_locative
        if word == "and" and before and before[-1].end == at:
            return before[-1].label_ == "Place" and "city" not in word
        return False


def _merge_entities(doc: Doc, names: list[Span]) -> None:
    taken = {token.i for span in names for token in span}
    kept = [ent for ent in doc.ents if not any(token.i in taken for token in ent)]
    doc.ents = tuple(sorted([*names, *kept], key=lambda span: span.start))


@Language.factory("accord_names", assigns=["doc.spans", "doc.ents"])
def make_names(nlp: Language, name: str) -> NamesComponent:
    """Make the component that finds known names; see :class:`NamesComponent`."""
    return NamesComponent()
