"""Which parties the head of an argument stands for, be it a name, an adjective or a pronoun."""

from __future__ import annotations

from functools import cache

from accord.language.actors.parties import Parties, Party
from accord.language.actors.party import party_of
from accord.language.syntax import Tree
from accord.vocabulary import Vocabulary

_HYPHENS = ("-", "–", "‑")


class Participants:
    """Says who is meant by the arguments of one document's predicates."""

    def __init__(self, tree: Tree, parties: Parties) -> None:
        self.tree, self.parties = tree, parties

    def who(self, k: int) -> tuple[Party, ...]:
        """Return the parties of an argument, which may be an adjective: "Syrian offensives"."""
        tree = self.tree
        word = tree.words[k]
        if tree.pos[k] == "ADJ" and "-" in word and k not in self.parties.names:
            # "pro-Russian": the name behind the prefix.
            party = self._called(word.partition("-")[2])
            if party is not None:
                return (party,)
        span = self.parties.names.get(k)
        if span is not None and span.start <= k < span.end - 1 and k + 1 < len(tree.words):
            # "Iran-backed Houthis", which is a name as a whole: Iran by itself.
            party = self._called(word) if tree.words[k + 1] in _HYPHENS else None
            if party is not None:
                return (party,)
        if tree.deps[k] in ("amod", "compound", "nmod:desc") and tree.pos[k] != "NOUN":
            return self.parties.modifier(k) or self.parties.resolve(k)
        return self.parties.resolve(k)

    def _called(self, word: str) -> Party | None:
        """Return the party that a single word names, whatever stands around it."""
        vocabulary = self.parties.vocabulary
        iri = _single_words(vocabulary).get(word.casefold())
        entity = vocabulary.entity(iri) if iri else None
        return party_of(entity, vocabulary) if entity is not None else None


@cache
def _single_words(vocabulary: Vocabulary) -> dict[str, str]:
    """Return the IRI of the actor behind each name or demonym of one word, case folded."""
    found: dict[str, str] = {}
    states_first = sorted(
        vocabulary.entities.values(), key=lambda entity: (entity.kind != "Government", entity.iri)
    )
    for entity in states_first:
        if entity.is_place:
            continue
        for name in (entity.label, *entity.demonyms, *entity.aliases):
            if " " not in name:
                found.setdefault(name.casefold(), entity.iri)
    return found
