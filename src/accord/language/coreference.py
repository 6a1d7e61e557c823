"""Pronouns and definite descriptions: to whom "it", "she" and "the two countries" go back."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from accord.language.persons import Party
from accord.language.syntax import Tree
from accord.language.wordlists import word_lists

#: How many earlier mentions a pronoun or a definite description may reach back.
_MEMORY = 40
PERSONAL = frozenset({"he", "she", "him", "his", "her", "hers", "himself", "herself"})
_THINGS = frozenset({"it", "its", "itself"})
_PLURAL = frozenset({"they", "them", "their", "theirs", "themselves", "both"})
FIRST = frozenset({"we", "us", "our", "ours", "i", "me", "my", "mine", "ourselves"})
_DEFINITE = frozenset(
    {"the", "this", "that", "these", "those", "its", "their", "both", "neither", "either"}
)
_DASHES = frozenset({",", "—", "–", "-"})
_BY_KIND = (
    (("Person", "Unknown Person"), "persons"),
    (("ArmedGroup", "Organisation", "Party"), "same_group"),
    (("Government",), "same_state"),
    (("Organisation", "ArmedForces"), "same_organisation"),
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A noun phrase that names parties: its head, and whether it is a subject."""

    token: int
    parties: tuple[Party, ...]
    noun: str
    subject: bool


class Coreference:
    """The mentions of a document so far, and what goes back to them."""

    def __init__(self, tree: Tree, side: Callable[[Party], Party]) -> None:
        self.tree, self.doc, self.side = tree, tree.doc, side
        self.lists = {key: frozenset(words) for key, words in word_lists("actors").items()}
        self.mentions: list[Mention] = []
        self.positions: list[int] = []
        #: For each token inside reported speech, the side that speaks: what "we" means there.
        self.voices: dict[int, Party] = {}
        #: For each he or she inside an indirect report, the speaker, if nobody else was named.
        self.speakers: dict[int, Party] = {}

    def add(self, mention: Mention) -> None:
        """Add the next mention of the text."""
        self.mentions.append(mention)
        self.positions.append(mention.token)

    def before(self, i: int) -> Iterable[Mention]:
        """Return the mentions before a token, the nearest first."""
        at = bisect_left(self.positions, i)
        return reversed(self.mentions[max(0, at - _MEMORY) : at])

    def last_person(self, i: int, side: str | None = None) -> Party | None:
        """Return the person named last before a token, of one side if that is given."""
        for mention in self.before(i):
            for party in mention.parties:
                if party.person and (side is None or party.side == side):
                    return party
        return None

    def pronoun(self, i: int) -> tuple[Party, ...]:
        """Return whom a pronoun means; nobody for any other word."""
        word = self.tree.words[i]
        if word in FIRST:
            return (self.voices[i],) if i in self.voices else ()
        if word in PERSONAL:
            person = self.speakers.get(i) or self.last_person(i)
            return (person,) if person else ()
        if word == "latter":
            return next((mention.parties for mention in self.before(i)), ())
        if word in _THINGS or word in _PLURAL:
            return self._reproached(i) or self._earlier_subject(i, word in _PLURAL)
        return ()

    def definite(self, i: int) -> tuple[Party, ...]:
        """Return whom "the group", "the two countries" or "the army" means."""
        lemma = self.tree.lemmas[i]
        determiners = {self.tree.words[k] for k in self.tree.children(i, "det", "nmod:poss")}
        if not determiners & _DEFINITE or self._restricted(i):
            return ()
        if lemma in self.lists["pair"] and self._is_pair(i):
            return self._last_pair(i)
        if self.tree.children(i, "amod", "compound", "nmod"):
            return ()
        for mention in self.before(i):
            if mention.noun == lemma:
                return mention.parties
        for kinds, words in _BY_KIND:
            if lemma in self.lists[words]:
                for mention in self.before(i):
                    if mention.parties[0].kind in kinds:
                        return mention.parties[:1]
        return ()

    def _reproached(self, i: int) -> tuple[Party, ...]:
        """In "criticised Turkey for its failure" the pronoun means the one that is criticised."""
        noun = self.tree.heads[i]
        if self.tree.deps[i] != "nmod:poss" or self.tree.preposition(noun) not in ("for", "of"):
            return ()
        objects = self.tree.children(self.tree.heads[noun], "obj")
        for mention in self.before(i):
            if mention.token in objects:
                return mention.parties
        return ()

    def _earlier_subject(self, i: int, plural: bool) -> tuple[Party, ...]:
        """Return the nearest subject of the sentence, else the main one of the sentence before."""
        start = self.doc[i].sent.start
        inside: tuple[Party, ...] = ()
        before: tuple[Party, ...] = ()
        sentence = -1
        for mention in self.before(i):
            many = len(mention.parties) > 1 or self.tree.tags[mention.token] in ("NNS", "NNPS")
            if mention.parties[0].person or (many and not plural):
                continue
            if mention.token >= start:
                if mention.subject or (plural and many):
                    return mention.parties
                inside = inside or mention.parties
                continue
            if inside and not plural:
                return inside
            here = self.doc[mention.token].sent.start
            if sentence not in (-1, here) and before:
                break
            sentence = here
            if not before or mention.subject or self.tree.deps[mention.token] == "root":
                before = mention.parties
        return before or inside

    def _restricted(self, i: int) -> bool:
        """Whether a relative clause without a comma says which one is meant."""
        return any(
            self.tree.words[self.tree.left[k] - 1] not in _DASHES
            for k in self.tree.children(i, "acl:relcl")
            if self.tree.left[k] > 0
        )

    def _is_pair(self, i: int) -> bool:
        if self.tree.lemmas[i] in ("party", "side") and self.tree.tags[i] == "NNS":
            return not self.tree.children(i, "nmod", "amod", "compound")
        return any(self.tree.words[k] in ("two", "both", "neither") for k in self.tree.kids[i])

    def _last_pair(self, i: int) -> tuple[Party, ...]:
        pair: dict[str, Party] = {}
        for mention in self.before(i):
            if self.tree.deps[mention.token] == "nmod:poss":
                continue
            for party in reversed(mention.parties):
                if party.kind in ("Government", "Person", "ArmedForces", "ArmedGroup"):
                    side = self.side(party)
                    pair.setdefault(side.label, side)
                if len(pair) == 2:
                    return tuple(reversed(pair.values()))
        return ()
