"""Zones: of which the text says where they lie and how large they are."""

from __future__ import annotations

from accord.language.places.named import Places
from accord.language.quantities.counts import Counted
from accord.language.syntax import Tree
from accord.language.wordlists import word_lists

#: A length may stand so many tokens behind a zone ("a zone 15 to 20 kilometres deep"), or before
#: the adjective that it belongs to ("five kilometres wide").
_BEHIND, _BEFORE = 8, 4


class Zones:
    """Answers what frames ask about the zones of one document."""

    def __init__(self, tree: Tree, places: Places, quantities: list[Counted]) -> None:
        self.tree, self.places = tree, places
        lists = {key: frozenset(words) for key, words in word_lists("places").items()}
        self.clauses = lists["clauses"]
        self.lying, self.boundaries = lists["lying"], lists["boundaries"]
        lengths = [q for q in quantities if q.quantity.unit in lists["lengths"]]
        self.lengths = frozenset(k for q in lengths for k in range(q.start, q.end))

    def is_sized(self, k: int) -> bool:
        """Whether it is a zone with its size: "a security zone of 50 kilometres"."""
        if not self.places.is_zone(k):
            return False
        start = self.tree.left[k]
        behind = min(max(self.tree.right[k] + 1, k + 2), k + 1 + _BEHIND)
        # What follows in a clause of its own is said there.
        stops = (t for t in range(k + 1, behind) if self.tree.words[t] in self.clauses)
        return any(t in self.lengths for t in range(start, next(stops, behind)))

    def is_laid_out(self, k: int) -> bool:
        """Whether it is a zone, and the text says where it lies or how large it is."""
        if self.is_sized(k):
            return True
        if not self.places.is_special(k):
            return False
        span = self.places.parties.names.get(k)
        if span is not None and any(token.lower_ in ("in", "along") for token in span):
            return True
        heads = [k]
        if self.tree.deps[k] in ("obj", "nsubj", "nsubj:pass"):
            heads.append(self.tree.heads[k])
        return any(
            self._lies(preposition, noun)
            for head in heads
            for preposition, noun in self.tree.obliques(head)
            if noun != k
        )

    def _lies(self, preposition: str, noun: int) -> bool:
        words = preposition.split(" ")
        if not set(words) & self.lying or (words == ["of"]):
            return False
        return self.places.at(noun) is not None or self.tree.lemmas[noun] in self.boundaries

    def is_measured(self, k: int) -> bool:
        """Whether an adjective says how deep or wide a zone is: "five kilometres wide"."""
        if not any(t in self.lengths for t in range(max(0, k - _BEFORE), k)):
            return False
        nouns = [*self.tree.surface_subject(k)]
        if self.tree.deps[k] in ("amod", "acl", "appos", "acl:relcl"):
            nouns.append(self.tree.heads[k])
        return any(self.places.is_zone(noun) for noun in nouns)
