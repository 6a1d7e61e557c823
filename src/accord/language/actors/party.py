"""Parties: whom a noun phrase means, and for whom they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from spacy.tokens import Doc, Span

from accord.language.labels import entity_class
from accord.vocabulary import Entity, Vocabulary


@dataclass(frozen=True, slots=True)
class Party:
    """Someone or something that a noun phrase means.

    ``kind`` is the vocabulary's class, or ``Unknown Person``, ``Group`` (people without a name),
    ``Unknown`` (a name that the vocabulary lacks), ``Civilians`` or ``Thing``. A name that the
    vocabulary lacks has one of its classes where the text shows which. ``side`` is the label of
    whom it stands for, ``iri`` the vocabulary's, if it has one; a ministry that the vocabulary
    lacks has its state's.
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
        """Whether it is one human being with a name."""
        return self.kind in ("Person", "Unknown Person")


def party_of(entity: Entity, vocabulary: Vocabulary) -> Party:
    """Return the party that an entity of the vocabulary is."""
    return Party(entity.label, entity.kind, vocabulary.side(entity).label, entity.iri)


def side_of(party: Party, vocabulary: Vocabulary) -> Party:
    """Return the party for which a party stands; for most that is itself."""
    entity = vocabulary.entity(party.iri) if party.iri else None
    if entity is None:
        entity = vocabulary.entity(vocabulary.iri(party.side) or "")
        if entity is None or party.side == party.label:
            kind = "Unknown" if party.person and party.side != party.label else party.kind
            return Party(party.side, kind, party.side)
    return party_of(vocabulary.side(entity), vocabulary)


def by_token(spans: Iterable[Span]) -> dict[int, Span]:
    """Return for each token the span that covers it."""
    return {i: span for span in spans for i in range(span.start, span.end)}


def entities(doc: Doc, *classes: str) -> dict[int, Span]:
    """Return for each token the statistical entity of one of these classes that covers it."""
    return by_token(ent for ent in doc.ents if entity_class(ent.label_) in classes)


def twofold(doc: Doc, demonyms: dict[int, Span], k: int) -> Party | None:
    """Return the Bosnian Serbs, who are neither Bosnia nor Serbia, by one of their two words."""
    for start in (k, k - 1):
        one, other = demonyms.get(start), demonyms.get(start + 1)
        if one is not None and other is not None and one.kb_id_ != other.kb_id_:
            text = doc[start : start + 2].text
            people = text if text.endswith(("s", "ish", "ese", "ch")) else f"{text}s"
            return Party(people, "Unknown", people)
    return None


def clean(text: str) -> str:
    """Return a name on one line, without quotation marks around or inside it."""
    return re.sub(r"\s+", " ", re.sub(r"[“”\"‘]|(?<!\w)['’]|['’](?!\w)", "", text)).strip(" ,-–—")
