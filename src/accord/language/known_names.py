"""Known names: ``doc.spans["names"]`` and ``doc.spans["demonyms"]``, and whole in the parse.

Each span's ``kb_id_`` is the IRI of the entity and its label the entity's kind. Known names win
over the statistical entities that they overlap; all others stay in ``doc.ents``.

Statistics split what they have not seen: "Hay'at | Tahrir al-Sham accepted". Merging a name into
one token before the parse was measured and does not help (``training/README.md``). So names are
found before the sentences are, and the finished parse is mended where it tears one apart.
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from accord.language.actors.acronyms import spelt_out
from accord.language.labels import entity_class, text_of
from accord.language.names import Match, NameMatcher, Word
from accord.language.neural.parts import write
from accord.language.wordlists import word_lists
from accord.vocabulary import load_vocabulary

NAMES, DEMONYMS = "names", "demonyms"

_READINGS, _WORDS = "accord_names", "accord_words"
_PROPER = frozenset({"label", "alias", "short"})
#: Labels that say least of what a name does in its sentence; the others come first.
_WEAK = ("conj", "appos", "compound", "flat", "amod", "det", "nmod:poss", "punct", "dep", "ROOT")

#: "KYIV, Feb 19, 2015 (Agency) - ", "Beirut (Agency) - ", "Juba, 7 May — ", "BEIRUT, Jan 27, 2025"
#: alone on its line.
_DAY = r"(?:[A-Z][a-z]{2,8}\.? \d{1,2}|\d{1,2} [A-Z][a-z]{2,8}\.?)(?:,? \d{4})?"
_DATELINE = re.compile(
    r"^[ \t“\"]*(?:[A-Z][A-Z .,'’/-]{2,60}(?:, [A-Z][\w. ]{1,25})?(?:, \d{4})?"
    r"(?: ?\([^()\n]{2,40}\))?\s*[—–:-]{1,2}\s"
    r"|[A-Z][\w .,'’/-]{2,40}\([A-Z][\w/ .]{1,20}\)\s*[—–-]{1,2}\s"
    rf"|[A-Z][\w .'’/-]{{2,40}}, {_DAY}(?: ?\([^()\n]{{2,40}}\))?(?:\s*[—–:-]{{1,2}}\s|[ \t]*$))",
    re.MULTILINE,
)


class WholeNames:
    """Finds the known names and forbids sentence starts inside them, where nothing else is set."""

    def __call__(self, doc: Doc) -> Doc:
        """Set ``is_sent_start`` inside names."""
        starts = np.array([token.sent_start for token in doc], np.int64)
        for span in _name_spans(doc, name_readings(doc)):
            inside = starts[span.start + 1 : span.end]
            inside[inside == 0] = -1
        write(doc, ["SENT_START"], starts)
        return doc


def mend(doc: Doc) -> None:
    """Let one word of each known name govern the others, if the parse has it otherwise.

    Descriptions such as "Turkish troops" are left alone: in "Russian and Turkish troops" their
    words do hang on different ones.
    """
    if not doc.has_annotation("DEP"):
        return
    for span in _name_spans(doc, doc.user_data[_READINGS]):
        outward = [token for token in span if token.head not in span or token.head == token]
        if len(outward) < 2 or span[0].sent != span[-1].sent:
            continue
        # Above the governing word there is no other word of the name: that would be a circle.
        free = [token for token in outward if not any(above in span for above in token.ancestors)]
        governor = min(free, key=_weakness)
        for token in outward:
            if token != governor:
                token.head = governor
                token.dep_ = "flat" if token.i > governor.i else "compound"


def _weakness(token: Token) -> int:
    return _WEAK.index(token.dep_) if token.dep_ in _WEAK else -1


@cache
def _matcher() -> NameMatcher:
    return NameMatcher(load_vocabulary())


def name_readings(doc: Doc) -> list[list[Match]]:
    """Return the readings of each known name; the text is searched once a document."""
    if _READINGS not in doc.user_data:
        text, matcher = text_of(doc), _matcher()
        words = doc.user_data[_WORDS] = matcher.words(text)
        doc.user_data[_READINGS] = matcher(text, words)
    found: list[list[Match]] = doc.user_data[_READINGS]
    return found


def words_of(doc: Doc) -> list[Word] | None:
    """Return the words of a document as matchers of names see them, where they are known."""
    words: list[Word] | None = doc.user_data.get(_WORDS)
    return words


def _name_spans(doc: Doc, readings: list[list[Match]]) -> list[Span]:
    """Return the names of several words, all of them capitalised, as spans of tokens."""
    spans = []
    for match, *_ in readings:
        span = doc.char_span(match.start, match.end) if match.sort in _PROPER else None
        if span is None or len(span) < 2 or "\n" in span.text:
            continue
        words = [token.text for token in span if token.text[0].isalnum()]
        if all(word[0].isupper() or "-" in word for word in words):
            spans.append(span)
    return spans


@Language.factory("accord_whole_names", assigns=["token.is_sent_start"])
def make_whole_names(nlp: Language, name: str) -> WholeNames:
    """Make the component that keeps names whole; it goes before all others."""
    return WholeNames()


class NamesComponent:
    """Sets ``doc.spans["names"]`` and ``doc.spans["demonyms"]`` and merges names with ``doc.ents``.

    Names never overlap each other. A capital is the government unless it stands as a place.
    """

    def __init__(self) -> None:
        self.vocabulary = load_vocabulary()
        lists = word_lists("names")
        self.locative = frozenset(lists["locative"])
        self.not_locative = frozenset(lists["not_locative"])
        self.place_nouns = frozenset(lists["place_nouns"])
        self.place_of = frozenset(lists["place_of"])
        self.place_before = frozenset(lists["place_before"])

    def __call__(self, doc: Doc) -> Doc:
        """Find the known names of a document."""
        text = text_of(doc)
        datelines = [match.span() for match in _DATELINE.finditer(text)]
        persons = [ent for ent in doc.ents if ent.label_ in ("Person", "PERSON")]
        inside_person = {token.i: ent for ent in persons for token in ent}
        others = [ent for ent in doc.ents if entity_class(ent.label_) == "Organization"]
        inside_other = {token.i: ent for ent in others for token in ent}
        introduced = spelt_out(text)
        names: list[Span] = []
        demonyms: list[Span] = []
        line = 0
        for readings in name_readings(doc):
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
            if self._part_of_group(inside_other.get(span.start), span, readings):
                continue
            if self._of_another(introduced.get(span.text), readings):
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
        mend(doc)
        return doc

    def _part_of_person(self, person: Span, span: Span, readings: list[Match]) -> bool:
        """Whether the name is only a part of a person's: the Jordan of "Michael Jordan"."""
        if len(person) <= len(span) or not all(token.pos_ == "PROPN" for token in person):
            return False
        if person.start < span.start and span.end < person.end:
            return True  # The Hadi of "Abdul Sattar Hadi Al-Janabi".
        return all(self.vocabulary.entities[r.iri].kind != "Person" for r in readings)

    def _of_another(self, words: list[str] | None, readings: list[Match]) -> bool:
        """Whether letters stand for another name in this text: the SAA of "Some Airways (SAA)"."""
        if words is None:
            return False
        entities = [self.vocabulary.entities[reading.iri] for reading in readings]
        known = " ".join(name for e in entities for name in (e.label, *e.aliases)).casefold()
        return not any(word.casefold() in known for word in words)

    def _part_of_group(self, other: Span | None, span: Span, readings: list[Match]) -> bool:
        """Whether it is the end of another's name: the Liberation Army of "X Liberation Army"."""
        if other is None or not other.start < span.start or other.end > span.end:
            return False
        before = other.doc[span.start - 1]
        own = other.doc[other.start].lower_ != "the" or span.start - other.start > 1
        group = all(self.vocabulary.entities[r.iri].kind == "ArmedGroup" for r in readings)
        return (
            group and own and len(span) > 1 and before.pos_ == "PROPN" and before.text[0].isupper()
        )

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
        behind = [token.lower_ for token in doc[span.end : span.end + 2]]
        if behind and (behind[0] in self.place_nouns or behind in (["-", "based"], ["–", "based"])):
            return True
        ahead = [token.lower_ for token in doc[max(span.start - 2, 0) : span.start]]
        if ahead and (ahead[-1] in self.place_before or " ".join(ahead) in self.place_before):
            return True
        if len(ahead) == 2 and ahead[1] == "of" and ahead[0] in self.place_of:
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
