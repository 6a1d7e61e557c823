"""Whose post it is: the names in a title, and those behind "of" and "for"."""

from __future__ import annotations

from collections.abc import Callable

from spacy.tokens import Span

from accord.language.actors.organisations import Organisations
from accord.language.actors.party import Party, clean, party_of, side_of, twofold
from accord.language.syntax import Tree
from accord.language.wordlists import word_sets
from accord.vocabulary import Entity, Vocabulary

_BODIES = ("ArmedGroup", "Organisation", "ArmedForces", "Party", "Outlet", "Unknown")


class Employers:
    """Finds who is named in a title of one document.

    ``persons`` and ``owners`` are set by whoever asks: the names of persons, by token, and whom the
    modifiers of a noun name.
    """

    persons: dict[int, Span]
    owners: Callable[[int], list[Party]]

    def __init__(
        self,
        tree: Tree,
        vocabulary: Vocabulary,
        names: dict[int, Span],
        demonyms: dict[int, Span],
        organisations: Organisations,
    ) -> None:
        self.tree, self.vocabulary = tree, vocabulary
        self.names, self.demonyms, self.organisations = names, demonyms, organisations
        self.lists = word_sets("persons")
        self.human = self.lists["human"] | word_sets("actors")["persons"]
        self.fighters = word_sets("coreference")["fighters"]

    def owner(self, head: int) -> Party | None:
        """Return whom "its leader" is of; "his vice president" is of his state."""
        sides = (side_of(p, self.vocabulary) if p.person else p for p in self.owners(head))
        return next((p for p in sides if self.employs(p)), None)

    def employs(self, party: Party) -> bool:
        """Whether somebody can speak for it: no person, and no "party" or "state" at large."""
        if party.kind == "Group":
            return bool({party.label, party.label.removesuffix("s")} & self.fighters)
        return party.acts and not party.person

    def prepositional(self, head: int, end: int) -> Party | None:
        """Return whom "of" and "for" name behind the noun: "spokesman for the rebels"."""
        lemma = self.tree.lemmas[head]
        for k in range(head + 1, end):
            word = self.tree.words[k]
            if word in self.lists["of"] or (word == "for" and lemma in self.lists["speaks_for"]):
                found = self.body(range(k + 1, end), states=True)
                return self.longer(found, end) if found else None
            if word in self.lists["not_employer"]:
                return None
        return None

    def longer(self, found: tuple[int, Party], end: int) -> Party:
        """Return the whole name where a state's is only its first word: "Peru Solidarity Forum"."""
        stop, party = found
        start = stop - 1
        while stop < end and self.tree.pos[stop] == "PROPN" and stop not in self.persons:
            if self.tree.words[stop].rstrip(".") in self.lists["ranks"]:
                break
            stop += 1
        if party.kind != "Government" or stop == start + 1 or start in self.demonyms:
            return party
        name = clean(self.tree.doc[start:stop].text)
        return Party(name, "Unknown", name)

    def named(self, region: range) -> list[tuple[int, Party]]:
        """Return the actors that are named in a title, each at its first token."""
        found: list[tuple[int, Party]] = []
        for k in region:
            span = self.names.get(k) or self.demonyms.get(k)
            party: Party | None = None
            people = twofold(self.tree.doc, self.demonyms, k)
            if people is not None:
                party = people
            elif span is not None and span.kb_id_:
                if span.start != k:
                    continue
                party = self.actor(self.vocabulary.entities[span.kb_id_])
            elif k in self.organisations.spans and self.organisations.spans[k].start == k:
                party = self.organisations.party(k)
            if party is None or party.person:
                continue
            end = self.end(k)
            behind = self.tree.words[end : end + 2]
            if behind[:1] in (["-"], ["–"]) and set(behind[1:]) & self.lists["backed"]:
                continue
            found.append((k, party))
        return found

    def body(self, region: range, states: bool = False) -> tuple[int, Party] | None:
        """Return the first organisation that is named there, with the token behind its name."""
        for k, party in self.named(region):
            if party.kind in _BODIES or (states and party.kind == "Government"):
                return self.end(k), party
        return None

    def end(self, k: int) -> int:
        """Return the token behind the name that covers one, or behind that one alone."""
        span = self.names.get(k) or self.demonyms.get(k) or self.organisations.spans.get(k)
        return span.end if span is not None else k + 1

    def actor(self, entity: Entity) -> Party | None:
        """Return an entity as an employer: a province is its state's."""
        if not entity.is_place:
            return party_of(entity, self.vocabulary)
        for iri in entity.within:
            within = self.vocabulary.entity(iri)
            if within is not None and within.kind == "Government":
                return party_of(within, self.vocabulary)
        return None
