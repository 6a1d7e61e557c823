"""Bodies of states, by their names: ministries, parliaments, armies."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from accord.language.actors.party import Party, party_of
from accord.language.names import fold
from accord.language.wordlists import word_sets
from accord.vocabulary import Entity, Vocabulary


class Institutions:
    """Says which names are those of a state's bodies, and which body of a state is meant."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.lists = word_sets("organisations")

    def is_only(self, words: set[str], state: Entity) -> bool:
        """Whether a name says no more than state and service: no "Malian Liberation Army"."""
        if _phrases(" ".join(words)) & self.lists["institutions"]:
            return True
        own = {word.lower() for name in (state.label, *state.demonyms) for word in name.split()}
        parts = {part for phrase in self.lists["services"] for part in phrase.split()}
        return words <= own | parts | self.lists["plain"]

    def is_institution(self, name: str) -> bool:
        """Whether it is a ministry or another body of a state, by the name alone."""
        phrases = _phrases(name)
        if phrases & self.lists["institutions"]:
            return True
        parts = {part for phrase in self.lists["services"] for part in phrase.split()}
        return bool(phrases & self.lists["services"]) and set(name.lower().split()) <= parts

    def is_body(self, name: str) -> bool:
        """Whether it is a body of a state if a state's name stands with it."""
        return bool(_phrases(name) & (self.lists["institutions"] | self.lists["services"]))

    def institution(self, state: Entity, name: str) -> Party:
        """Return a body of a state: the vocabulary's, else one of that name that stands for it.

        :param name: with or without the state's name: "Defence Ministry", "Turkish parliament"
        """
        known = _bodies(self.vocabulary)
        for form in (name, *(f"{demonym} {name}" for demonym in state.demonyms)):
            entity = known.get(fold(form))
            if entity is not None and self.vocabulary.side(entity) == state:
                return party_of(entity, self.vocabulary)
        words = {fold(word) for word in re.findall(r"[\w'’]+", name)}
        own = {fold(word) for word in (*state.demonyms, *state.label.split(), *state.aliases)}
        if state.demonyms and not words & own:
            name = f"{state.demonyms[0]} {name}"
        return Party(name, "Government", state.label, state.iri)


def _phrases(name: str) -> set[str]:
    words = name.lower().split()
    return {*words, *(" ".join(pair) for pair in pairwise(words))}


@cache
def _bodies(vocabulary: Vocabulary) -> dict[str, Entity]:
    """Return the vocabulary's organisations and forces by every name, folded."""
    return {
        fold(name): entity
        for entity in vocabulary.entities.values()
        if entity.kind in ("Organisation", "ArmedForces")
        for name in (entity.label, *entity.aliases, *entity.descriptions)
    }
