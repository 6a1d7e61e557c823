"""Whose government, army and country is meant where a text does not say."""

from __future__ import annotations

from functools import cache, cached_property

from spacy.tokens import Doc

from accord.language.actors.memory import Memory
from accord.language.actors.party import Party, party_of
from accord.language.known_names import DEMONYMS, NAMES
from accord.language.names import fold
from accord.language.wordlists import word_sets
from accord.vocabulary import Entity, Vocabulary

#: Whoever is named in the title, or among so many first tokens, is whom the article is about.
_TITLE, _LEAD = 30, 80
#: One state stands out if it is named so many times as often as the next ...
_CLEAR = 1.5
#: ... and it is whose President it is that is named, if so many times.
_ALONE = 2


class States:
    """The states of one document."""

    def __init__(self, doc: Doc, vocabulary: Vocabulary, memory: Memory) -> None:
        self.doc, self.vocabulary, self.memory = doc, vocabulary, memory
        self.lists = word_sets("actors")

    def government(self, i: int) -> Entity | None:
        """Return whose a bare "government" is.

        The one said last; else that of the ground on which it all happens; else of the state that
        the article is about.
        """
        for mention in self.memory.before(i):
            said = mention.parties[0]
            if mention.noun in self.lists["of_state"] and said.kind == "Government":
                return self.vocabulary.entity(said.iri or "")
            armies = {mention.noun, self.doc[i].lemma_.lower()} <= self.lists["armies"]
            if armies and said.kind == "ArmedForces":
                army = self.vocabulary.entity(said.iri or "")
                state = self.vocabulary.side(army) if army is not None else None
                if state is not None and state.kind == "Government":
                    return state
        return self.vocabulary.entity(self.ground or self._main_state)

    def main_government(self) -> Entity | None:
        """Return the state that the article is about, if no other is named half as often."""
        return self.vocabulary.entity(_outstanding(self.counts, _ALONE))

    @cached_property
    def ground(self) -> str:
        """IRI of the state within which most of the places lie, if one stands out."""
        counts: dict[str, int] = {}
        for span in self.doc.spans.get(NAMES, ()):
            entity = self.vocabulary.entity(span.kb_id_)
            if entity is None or not entity.is_place or fold(entity.label) in self._seats:
                continue
            state = self._state_of(entity)
            if state is not None:
                counts[state.iri] = counts.get(state.iri, 0) + 1
        return _outstanding(counts)

    @cached_property
    def _seats(self) -> frozenset[str]:
        return frozenset(capitals(self.vocabulary))

    def _state_of(self, entity: Entity) -> Entity | None:
        """Return the state in which a place lies."""
        seen = {entity.iri}
        while entity.kind != "Government":
            above = next((iri for iri in entity.within if iri not in seen), None)
            within = self.vocabulary.entity(above or "")
            if within is None:
                return None
            seen.add(within.iri)
            entity = within
        return entity

    @cached_property
    def _main_state(self) -> str:
        """IRI of the state that the article is about, if one stands out, or heads it alone."""
        titled = self.counts and self._titled
        return next(iter(titled)) if len(titled) == 1 else _outstanding(self.counts)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How often each state is named, more in the lead."""
        counts: dict[str, int] = {}
        #: The states named in the title.
        self._titled: set[str] = set()
        spans = [*self.doc.spans.get(NAMES, ()), *self.doc.spans.get(DEMONYMS, ())]
        first = (i for i, token in enumerate(self.doc[:_TITLE]) if "\n" in token.text and i)
        title = next(first, 0)
        places = {
            span.end - 1
            for span in spans
            if span.label_ == "Place" and self.doc[span.end : span.end + 1].text == ","
        }
        for span in spans:
            if span.label_ in ("Government", "ArmedForces", "Person") and span.kb_id_:
                side = self.vocabulary.side(self.vocabulary.entities[span.kb_id_])
                if side.kind != "Government":
                    continue
                if span.start > 1 and span.start - 2 in places:
                    # The country of a dateline.
                    continue
                weight = 3 if span.start < _LEAD else 1
                if span.end <= title:
                    weight = 5
                    self._titled.add(side.iri)
                counts[side.iri] = counts.get(side.iri, 0) + weight
        return counts

    def army(self, party: Party) -> Party:
        """Return the armed forces of a state, as far as the vocabulary has them; else it itself."""
        state = self.vocabulary.entity(party.iri) if party.iri else None
        if state is not None and state.kind == "Person":
            state = self.vocabulary.side(state)
        if state is not None and state.kind == "Government":
            army = _armies(self.vocabulary).get(state.iri)
            return party_of(army or state, self.vocabulary)
        return party


def _outstanding(counts: dict[str, int], clear: float = _CLEAR) -> str:
    """Return what is counted clearly more often than all else, or nothing."""
    ranked = sorted(counts, key=lambda iri: (-counts[iri], iri))
    if not ranked or (len(ranked) > 1 and counts[ranked[0]] < clear * counts[ranked[1]]):
        return ""
    return ranked[0]


@cache
def _armies(vocabulary: Vocabulary) -> dict[str, Entity]:
    """Return for each state its regular armed forces: those that bear its demonym."""
    armies: dict[str, Entity] = {}
    for entity in vocabulary.entities.values():
        for iri in entity.part_of if entity.kind == "ArmedForces" else ():
            state = vocabulary.entity(iri)
            regular = {
                f"{demonym} {noun}"
                for demonym in (state.demonyms if state else ())
                for noun in ("army", "military", "forces", "troops")
            }
            if regular & {*entity.aliases, *entity.descriptions}:
                armies.setdefault(iri, entity)
    return armies


@cache
def capitals(vocabulary: Vocabulary) -> dict[str, Entity]:
    """Return the states by the folded names of their capitals, and of themselves."""
    return {
        fold(name): entity
        for entity in vocabulary.entities.values()
        if entity.kind == "Government"
        for name in (entity.label, *entity.metonyms)
    }
