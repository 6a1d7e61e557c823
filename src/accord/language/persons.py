"""Parties, and the persons of a document: their full names and the sides that they speak for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from spacy.tokens import Doc, Span

from accord.language.inflection import known_forms
from accord.language.labels import entity_class
from accord.language.syntax import Tree
from accord.language.wordlists import word_lists
from accord.vocabulary import Entity, Vocabulary

#: A title stands at most so many tokens before a name, or behind it.
_BEFORE, _BEHIND = 10, 14
_STOPS = frozenset({",", ";", ":", "“", '"', "”", "—", "–", ".", "that", "said", "and", "while"})
_ENDS = frozenset({",", "—", ")", "said"})


@dataclass(frozen=True, slots=True)
class Party:
    """Someone or something that a noun phrase means.

    ``kind`` is the vocabulary's class, or ``Unknown Person``, ``Group`` (people without a name),
    ``Unknown`` (a name that the vocabulary lacks), ``Civilians`` or ``Thing``. ``side`` is the
    label of whom it stands for, ``iri`` the vocabulary's, if it has one.
    """

    label: str
    kind: str
    side: str
    iri: str | None = None

    @property
    def acts(self) -> bool:
        """Whether it can hold a claim or be a party, unlike a place or a thing."""
        return self.kind not in ("Thing", "Place", "Zone", "Civilians")

    @property
    def known(self) -> bool:
        """Whether the vocabulary has it."""
        return self.iri is not None

    @property
    def person(self) -> bool:
        """Whether it is one human being."""
        return self.kind in ("Person", "Unknown Person")


def party_of(entity: Entity, vocabulary: Vocabulary) -> Party:
    """Return the party that an entity of the vocabulary is."""
    return Party(entity.label, entity.kind, vocabulary.side(entity).label, entity.iri)


def by_token(spans: Iterable[Span]) -> dict[int, Span]:
    """Return for each token the span that covers it."""
    return {i: span for span in spans for i in range(span.start, span.end)}


def entities(doc: Doc, *classes: str) -> dict[int, Span]:
    """Return for each token the statistical entity of one of these classes that covers it."""
    return by_token(ent for ent in doc.ents if entity_class(ent.label_) in classes)


def clean(text: str) -> str:
    """Return a name on one line, without quotation marks around or inside it."""
    return re.sub(r"\s+", " ", re.sub(r"[“”\"‘]|(?<!\w)['’]|['’](?!\w)", "", text)).strip(" ,-–—")


class Persons:
    """The persons that a document names and the vocabulary does not know.

    The longest form of a name is the full name; for whom somebody speaks stands in a title
    ("Turkish foreign minister X") or an apposition ("X, spokesman of Y").
    """

    def __init__(
        self,
        tree: Tree,
        vocabulary: Vocabulary,
        names: dict[int, Span],
        demonyms: dict[int, Span],
    ) -> None:
        self.tree, self.vocabulary = tree, vocabulary
        self.names, self.demonyms = names, demonyms
        self.lists = {key: frozenset(words) for key, words in word_lists("actors").items()}
        self.full_names: dict[str, str] = {}
        self.sides: dict[str, str] = {}
        nouns = known_forms()["NOUN"]
        spans = [
            ent
            for ent in tree.doc.ents
            if entity_class(ent.label_) == "Person"
            and (ent.kb_id_ or ent.text.lower() not in nouns)
        ]
        self.spans = by_token(spans)
        for span in spans:
            if not span.kb_id_:
                self._register(span)

    def party(self, span: Span) -> Party:
        """Return the person whom a name means, also one by the last name only."""
        full = self.full_names.get(span[-1].lower_, span.text)
        name = clean(full)
        return Party(name, "Unknown Person", self.sides.get(full, name))

    def _register(self, span: Span) -> None:
        last = span[-1].lower_
        name = self.full_names.get(last, span.text)
        if len(span.text) > len(name):
            if name in self.sides:
                self.sides[span.text] = self.sides.pop(name)
            name = span.text
        self.full_names[last] = name
        if name not in self.sides:
            side = self._side(span)
            if side is not None:
                self.sides[name] = side.label

    def _side(self, span: Span) -> Entity | None:
        words, doc = self.tree.words, self.tree.doc
        start = max(span.sent.start, span.start - _BEFORE)
        cut = max((k for k in range(start, span.start) if words[k] in _STOPS), default=start - 1)
        found = self._employer(range(cut + 1, span.start))
        if found is not None:
            return found
        if span.end < len(doc) and words[span.end] in (",", "-", "–", "—", "("):
            end = min(span.sent.end, span.end + _BEHIND)
            behind = range(span.end + 1, end)
            stop = next((k for k in behind if words[k] in _ENDS), end)
            return self._employer(range(span.end + 1, stop))
        return None

    def _employer(self, title: range) -> Entity | None:
        """Return the side that a title names, if it is one: "US envoy for Syria" is American."""
        if not any(self.tree.lemmas[k] in self.lists["persons"] for k in title):
            return None
        for k in title:
            span = self.names.get(k) or self.demonyms.get(k)
            if span is None or span.start != k or not span.kb_id_:
                continue
            if k > 0 and self.tree.words[k - 1] in self.lists["not_employer"]:
                continue
            entity = self.vocabulary.entities[span.kb_id_]
            if entity.kind != "Person" and not entity.is_place:
                return self.vocabulary.side(entity)
            for iri in entity.within:
                within = self.vocabulary.entity(iri)
                if within is not None and within.kind == "Government":
                    return within
        return None
