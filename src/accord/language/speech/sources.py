"""Cues and sources: which words report that somebody says something, and who that is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from accord.language.actors.parties import Parties, Party
from accord.language.syntax import Tree
from accord.language.wordlists import word_lists

CLASSES = ("assert", "demand", "promise", "deny", "accuse", "warn", "ask")

_MARKS = frozenset({",", "”", '"', "’"})
#: Endings of nouns for people.
_HUMAN = ("er", "or", "ist", "ian", "man", "woman", "ee")


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that reports: its token, its class, its source's head, and who that is."""

    token: int
    cue_class: str
    source: int
    speaker: Party


class Sources:
    """Finds the cues of one document, each with its source."""

    def __init__(self, tree: Tree, parties: Parties) -> None:
        self.tree, self.parties, self.doc = tree, parties, tree.doc
        lists = word_lists("cues")
        self.order = CLASSES
        self.classes = {word: name for name in reversed(CLASSES) for word in lists[name]}
        self.documents = frozenset(lists["documents"])
        self.open = frozenset(lists["open"])
        self.only_that = frozenset(lists["only_that"])
        self.nominal = frozenset(lists["nominal"])
        self.humans = frozenset([*word_lists("actors")["civilians"], *lists["speakers"]])
        self.agreements = frozenset(word_lists("things")["agreements"])
        self.person_roles = parties.people.human

    def cues(self, quoted: set[int]) -> Iterator[Cue]:
        """Yield the verbs that report, in the order of the text.

        :param quoted: tokens in quotations; a verb there reports only if it has a clause
        """
        for i in range(len(self.tree.lemmas)):
            cue = self.cue(i, quoted)
            if cue is not None:
                yield cue

    def cue(self, i: int, quoted: set[int]) -> Cue | None:
        """Return what a verb reports; None where it is no verb that does, or nobody is named."""
        lemma = self.tree.lemmas[i]
        if lemma not in self.classes or self.tree.pos[i] not in ("VERB", "AUX"):
            return None
        if i in quoted and not self.tree.children(i, "ccomp"):
            return None
        source = self._source(i)
        speaker = self.speaker(source, lemma in self.open) if source is not None else None
        if source is None or speaker is None:
            return None
        return Cue(i, self.classes[lemma], source, speaker)

    def _source(self, i: int) -> int | None:
        if self.tree.words[i - 1] in (",", "”", '"', "’") and i > 0:
            behind = self.inverted(i)
            if behind is not None:
                return behind
        if self.tree.lemmas[i] == "quote":
            subjects = self.tree.surface_subject(i)
        elif self.tree.is_passive(i):
            subjects = self.tree.agents(i)
        else:
            subjects = self.tree.surface_subject(i)
        if not subjects and self.tree.deps[i] == "advcl":
            subjects = self.tree.surface_subject(self.tree.heads[i])
        if not subjects and not self.tree.is_passive(i):
            # "It said that ...": the parser may take the pronoun for an expletive.
            subjects = self.tree.children(i, "expl") if self.tree.children(i, "ccomp") else []
        return subjects[0] if subjects else None

    def inverted(self, i: int) -> int | None:
        """Return the source in "..., said the Syrian Observatory": a name right behind the cue."""
        for k in range(i + 1, min(i + 9, self.doc[i].sent.end)):
            if k in self.parties.names:
                return self.parties.names[k].root.i if self.parties.names[k].kb_id_ else None
            if k in self.parties.persons:
                return self.parties.persons[k].root.i
            if self.tree.words[k] in ("he", "she", "they") and k == i + 1:
                return k
            if self.tree.pos[k] in ("VERB", "AUX", "ADP", "PUNCT", "SCONJ"):
                break
            if self.tree.pos[k] == "NOUN" and self.tree.deps[k] in ("nsubj", "obj"):
                following = self.tree.words[k + 1 : k + 2]
                if following and following[0] in (".", ","):
                    return k
        return None

    def _human(self, lemma: str) -> bool:
        return lemma in self.humans or (len(lemma) > 4 and lemma.endswith(_HUMAN))

    def speaker(self, i: int, anybody: bool = False) -> Party | None:
        """Return who speaks; None where the noun is not one that speaks."""
        parties = self.parties.resolve(i)
        party = parties[0]
        if party.acts:
            roles = self.tree.lemmas[i] in self.person_roles
            if roles and not party.person:
                return self.parties.last_person_of(i, party.side) or party
            if party.kind == "Group" and self.tree.words[i] in ("it", "they"):
                return None
            return party
        lemma = self.tree.lemmas[i]
        if lemma in self.agreements or party.kind in ("Place", "Zone"):
            return None
        owners = self.parties.owners(i) if lemma in self.documents else []
        if owners:
            return owners[0]
        if anybody and self.tree.pos[i] == "NOUN" and self._human(lemma):
            # "Medical staff said": nobody that we know, but somebody.
            return Party(party.label, "Group", party.label)
        return None
