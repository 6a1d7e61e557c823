"""Definite descriptions: to whom "the group", "the diplomat" and "the two countries" go back.

Where several are as likely, nobody is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterator

from accord.language.actors.memory import PARTIES, STATES, Memory, Mention
from accord.language.actors.party import Party
from accord.language.actors.persons import Persons
from accord.language.actors.pronouns import FIRST, PERSONAL, Pronouns
from accord.language.syntax import Tree
from accord.language.wordlists import word_sets

__all__ = ["FIRST", "PERSONAL", "Coreference"]

_WORDS = word_sets("coreference")
_DASHES = frozenset({",", "—", "–", "-"})
_GROUPS = ("ArmedGroup", "Party", "Organisation", "Group")
_BY_KIND: tuple[tuple[tuple[str, ...], str], ...] = (
    (("ArmedGroup", "Party"), "same_group"),
    (("Organisation", "Unknown"), "same_group"),
    (("Government",), "same_state"),
    (("ArmedForces",), "same_forces"),
    (("Organisation", "Unknown"), "same_organisation"),
)
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5}


class Coreference(Memory):
    """The mentions of a document so far, and what goes back to them."""

    def __init__(
        self,
        tree: Tree,
        persons: Persons,
        side: Callable[[Party], Party],
        nationalities: Container[int] = frozenset(),
    ) -> None:
        """Start with no mentions.

        :param side: returns the party for which a party stands
        :param nationalities: tokens that say of which state something is: "Turkish"
        """
        super().__init__(tree, side)
        self.persons, self.nationalities = persons, nationalities
        self.pronouns = Pronouns(self)

    def definite(self, i: int) -> tuple[Party, ...]:
        """Return whom "the group", "the two countries" or "the army" means."""
        lemma = self.tree.lemmas[i]
        determiners = {self.tree.words[k] for k in self.tree.children(i, "det", "nmod:poss")}
        counted = {self.tree.words[k] for k in self.tree.children(i, "nummod")} & _NUMBERS.keys()
        if lemma in _WORDS["pair"] and self._is_pair(i) and not self._restricted(i):
            number = max((_NUMBERS[word] for word in counted), default=2)
            return self._last_of(i, lemma, number)
        if not determiners & _WORDS["definite"] or self._restricted(i) or counted:
            return ()
        if self.tree.children(i, "nmod"):
            return ()
        modifiers = self.tree.children(i, "amod", "compound")
        if modifiers:
            return self._armed(i, modifiers)
        group = self.same_group(i)
        if group is not None:
            return (group,)
        for mention in self.before(i):
            if self._is_rebel(mention, lemma):
                continue
            longer = mention.parties[0].kind == "Group" and " " in mention.parties[0].label
            if mention.noun == lemma and (mention.named or (longer and mention.several)):
                return mention.parties
        if lemma in self.groups:
            return self.groups[lemma]
        for kinds, words in _BY_KIND:
            if lemma in _WORDS[words]:
                for mention in self.before(i):
                    if mention.parties[0].kind in kinds and mention.named:
                        return mention.parties[:1]
        return ()

    def same_group(self, i: int) -> Party | None:
        """Return the one group that a noun is used of: the rebels, the coalition."""
        lemma = self.tree.lemmas[i]
        groups = self.called.get(lemma, {}) or self.elsewhere.get(lemma, {})
        if len(groups) == 1:
            only = next(iter(groups.values()))
            if lemma in self.called or self.is_only_group(only):
                return only
        if lemma in _WORDS["fighters"]:
            return self.main_group()
        for mention in self.before(i):
            alone = mention.named and len(mention.parties) == 1
            if mention.noun == lemma and alone and not self._is_rebel(mention, lemma):
                return mention.parties[0]
        return None

    def _is_rebel(self, mention: Mention, lemma: str) -> bool:
        """Whether "the army" is not meant: a group of rebels, though it may call itself so."""
        return lemma in _WORDS["same_forces"] and mention.parties[0].kind == "ArmedGroup"

    def _armed(self, i: int, modifiers: list[int]) -> tuple[Party, ...]:
        """Return whom "the paramilitary group" means: the one called so, else the last group."""
        lemmas = {self.tree.lemmas[k] for k in modifiers}
        if self.tree.lemmas[i] not in _WORDS["groups"] or lemmas - _WORDS["armed"]:
            return ()
        for lemma in lemmas:
            groups = self.called.get(lemma, {})
            if len(groups) == 1:
                return tuple(groups.values())
        for mention in self.before(i):
            if mention.parties[0].kind == "ArmedGroup" and mention.named:
                return mention.parties[:1]
        return ()

    def same_person(self, i: int, side: str | None = None) -> Mention | None:
        """Return the mention of the person whom a post names again: "the diplomat".

        The nearest who holds such a post, or who was only called so, "an official".

        :param side: only persons who stand for it
        """
        lemma = self.tree.lemmas[i]
        if self.is_new(i) or lemma not in self.persons.human:
            return None
        words = {
            self.tree.lemmas[k]
            for k in self.tree.children(i, "amod", "compound")
            if self.tree.pos[k] in ("NOUN", "PROPN", "ADJ")
            and k not in self.nationalities
            and k not in self.at
        }
        for mention in self.before(i):
            party = mention.parties[0]
            if mention.sex is None or (side is not None and party.side != side):
                continue
            if not mention.named:
                if mention.noun == lemma:
                    return mention
            elif party.person and self.persons.holds(party, lemma, words):
                return mention
        return None

    def is_new(self, i: int) -> bool:
        """Whether a noun phrase speaks of somebody for the first time: "a Turkish official".

        So do plurals: "Israeli officials" are nobody who was named.
        """
        words = {self.tree.words[k] for k in self.tree.children(i, "det", "nummod", "amod")}
        if any(self.tree.words[k] in PERSONAL for k in self.tree.children(i, "nmod:poss")):
            # "His deputy" is somebody else.
            return True
        if self.tree.tags[i] in ("NNS", "NNPS"):
            return True
        if words & _WORDS["indefinite"]:
            return not (words & _WORDS["definite"])
        determined = self.tree.children(i, "det", "nmod:poss")
        return not determined and self.tree.tags[i] == "NN" and not self.doc[i].is_title

    def _restricted(self, i: int) -> bool:
        """Whether a relative clause without a comma says which one is meant."""
        return any(
            not _DASHES
            & set(self.tree.words[max(self.tree.left[k] - 1, 0) : self.tree.left[k] + 1])
            for k in self.tree.children(i, "acl:relcl")
        )

    def _is_pair(self, i: int) -> bool:
        children = {self.tree.words[k] for k in self.tree.kids[i]}
        if self.tree.lemmas[i] in _WORDS["sides"] and self.tree.tags[i] == "NNS":
            named = self.tree.children(i, "nmod", "amod", "compound")
            return not named and bool(children & (_WORDS["definite"] | _NUMBERS.keys()))
        if children & {"both", "neither", "either"}:
            return True
        if self.tree.lemmas[i] in _WORDS["rivals"] and self.tree.tags[i] == "NNS":
            named = self.tree.children(i, "nmod", "amod", "compound")
            return not named and "the" in children
        return bool(children & _NUMBERS.keys()) and bool(children & _WORDS["definite"])

    def _last_of(self, i: int, lemma: str, number: int) -> tuple[Party, ...]:
        """Return the last so many parties that the noun fits.

        Those that one phrase names, or one sentence; where a sentence names more, the two that the
        article is about. "Both sides" are always those two.
        """
        kinds: tuple[str, ...] = PARTIES
        if lemma in _WORDS["states"]:
            kinds = STATES
        elif lemma in _WORDS["groups"]:
            kinds = _GROUPS
        # Who urges both sides is none of them.
        speaking = {
            c
            for at in self.tree.climb(i)
            for k in self.tree.children(at, "nsubj")
            for c in self.tree.conjuncts(k)
        }
        speakers = {
            self.side(party).label
            for k in speaking
            if k in self.at and k != i
            for party in self.at[k].parties
        }
        first: Collection[str] = speakers if self.tree.deps[i] in ("obj", "obl", "iobj") else ()
        about = (self.protagonists(first) or self.protagonists(speakers)) if number == 2 else ()
        if lemma in _WORDS["sides"] and about:
            return about
        low = self.low(i) if lemma in _WORDS["sides"] else 0
        human = lemma in self.persons.lists["human"]
        pair: dict[str, Party] = {}
        near: dict[str, Party] = {}
        sentence = -1
        for mention in self.before(i):
            if mention.token < low:
                pair = {}
                break
            if mention.sentence != sentence:
                if len(near) == number:
                    break
                if len(near) > number or len(pair) >= number:
                    near = {}
                    break
                sentence, near = mention.sentence, {}
            if self.tree.deps[mention.token] == "nmod:poss" or not mention.named:
                continue
            if mention.token in speaking or (human and mention.sex is None and not mention.several):
                continue
            sides = {side.label: side for side in self._fitting(mention, kinds, lemma)}
            if len(sides) == number:
                return tuple(sides.values())
            for label in reversed(sides):
                near.setdefault(label, sides[label])
                pair.setdefault(label, sides[label])
        if len(near) == number:
            return tuple(reversed(near.values()))
        if about and all(side.kind in kinds for side in about):
            return about
        return tuple(reversed(pair.values())) if len(pair) == number == 2 else ()

    def _fitting(self, mention: Mention, kinds: tuple[str, ...], lemma: str) -> Iterator[Party]:
        for party in mention.parties:
            if party.kind in kinds:
                side = self.side(party)
                if lemma not in _WORDS["states"] or side.kind == "Government":
                    yield side
