"""The noun phrases of a document that later ones may go back to, and how often sides are named."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from itertools import islice

from accord.language.actors.party import Party
from accord.language.syntax import Tree
from accord.language.wordlists import word_sets

#: How many earlier mentions a pronoun or a definite description may reach back.
_REACH = 40
#: "It", "they" and "both sides" go back so many sentences at most.
_BACK = 2
#: A side in the title counts so often; two sides stand out if they are named so many times as
#: often as the third.
_TITLED, _CLEAR = 3, 1.3
#: One armed group is meant by "the rebels" if it is named so many times as often as the next, and
#: so many times at all.
_ALONE, _OFTEN = 2, 3
#: Of the sides, only so many of the first can be the two that an article is about.
_MANY = 12
PERSONS = ("Person", "Unknown Person")
STATES = ("Government", "ArmedForces", *PERSONS)
PARTIES = (*STATES, "ArmedGroup")


@dataclass(frozen=True, slots=True)
class Mention:
    """A noun phrase that names parties.

    ``noun`` is the lemma of its head, ``sentence`` the first token of its sentence. ``sex`` is set
    for one human being, also for one without a name who speaks for a party. ``several`` says that
    a plural pronoun fits it.
    """

    token: int
    parties: tuple[Party, ...]
    noun: str
    subject: bool
    main: bool
    sentence: int
    sex: str | None = None
    several: bool = False
    quoted: bool = False
    named: bool = True
    titled: bool = False


class Memory:
    """The mentions of a document so far."""

    def __init__(self, tree: Tree, side: Callable[[Party], Party]) -> None:
        """Start with no mentions.

        :param side: returns the party for which a party stands
        """
        self.tree, self.doc, self.side = tree, tree.doc, side
        self.mentions: list[Mention] = []
        self.positions: list[int] = []
        #: The mentions by the heads of their phrases.
        self.at: dict[int, Mention] = {}
        #: The groups that the text calls rebels, militants and so on, by that noun; and those that
        #: others call so.
        self.called: dict[str, dict[str, Party]] = {}
        self.elsewhere: dict[str, dict[str, Party]] = {}
        #: People without a name, by their noun: "the monitors" are the ceasefire monitors.
        self.groups: dict[str, tuple[Party, ...]] = {}
        #: How often each side is named, more in the title.
        self.counts: dict[str, float] = {}
        self._sides: dict[str, Party] = {}
        self._fighting: set[str] = set()
        self._ranked: list[str] = []
        self._counting = True
        words = word_sets("coreference")
        self._callings = words["fighters"] | words["callings"]

    def add(self, mention: Mention) -> None:
        """Add the next mention of the text."""
        for party in mention.parties if self._counting else ():
            if party.kind in PARTIES:
                side = self.side(party)
                self._sides[side.label] = side
                if side.kind == "ArmedGroup":
                    self._fighting.add(side.label)
                weight = _TITLED if mention.titled else 1
                self.counts[side.label] = self.counts.get(side.label, 0) + weight
        first = mention.parties[0]
        if mention.several and first.kind == "Group" and " " in first.label:
            self.groups[mention.noun] = mention.parties
        self.mentions.append(mention)
        self.positions.append(mention.token)
        self.at[mention.token] = mention

    def clear(self) -> None:
        """Forget the mentions, to collect them once more."""
        self._counting = not self.mentions
        self.mentions, self.positions, self.at, self.groups = [], [], {}, {}

    def call(self, noun: str, party: Party, here: bool = True) -> None:
        """Note that the text calls a group so, or if not ``here``, that others do."""
        if noun in self._callings:
            called = self.called if here else self.elsewhere
            called.setdefault(noun, {})[party.label] = party

    def before(self, i: int) -> Iterator[Mention]:
        """Yield the mentions before a token, the nearest first."""
        at = bisect_left(self.positions, i)
        return islice((self.mentions[k] for k in range(at - 1, -1, -1)), _REACH)

    def low(self, i: int) -> int:
        """Return the first token of the sentence before the last one."""
        low = self.doc[i].sent.start
        for _ in range(_BACK):
            low = self.doc[low - 1].sent.start if low else 0
        return low

    def is_only_group(self, party: Party) -> bool:
        """Whether no other armed group is named in the document."""
        return self._fighting <= {party.label}

    def main_group(self) -> Party | None:
        """Return the armed group that the document is about, if one stands out."""
        if self._counting or not self._fighting:
            return None
        order = sorted(self._fighting, key=lambda label: (-self.counts[label], label))
        if self.counts[order[0]] < _OFTEN:
            return None
        if len(order) > 1 and self.counts[order[0]] < _ALONE * self.counts[order[1]]:
            return None
        return self._sides[order[0]]

    def protagonists(self, without: Container[str] = frozenset()) -> tuple[Party, ...]:
        """Return the two sides that the article is about, if two stand out."""
        if self._counting:
            return ()
        if not self._ranked:
            # Once a document: the counts do not change any more.
            order = sorted(self.counts, key=lambda label: (-self.counts[label], label))
            self._ranked = order[:_MANY]
        ranked = [label for label in self._ranked if label not in without]
        if len(ranked) < 2:
            return ()
        third = self.counts[ranked[2]] if len(ranked) > 2 else 0
        if self.counts[ranked[1]] < _CLEAR * third:
            return ()
        return tuple(self._sides[label] for label in ranked[:2])
