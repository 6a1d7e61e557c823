"""How many or how much a claim speaks of: which of a sentence's quantities is its own."""

from __future__ import annotations

from bisect import bisect_left
from functools import cache, cached_property
from itertools import islice

from accord.claim import NORMS, ClaimType, Quantity
from accord.language.frames.matching import Draft
from accord.language.inflection import verb_forms
from accord.language.quantities.counts import Counted, find_quantities
from accord.language.syntax import SUBJECTS, Tree
from accord.language.wordlists import word_lists

_REACH = 7
#: Below this a number with "the" or "all" before it says which, and not how many.
_SMALL = 10
#: Parts of a sentence that a claim's own number does not stand in.
_ASIDE = frozenset({"acl:relcl", "ccomp", "parataxis", "appos"})
_LENGTHS = frozenset({"km", "m", "mi"})
_AREAS = frozenset({"ha", "km2", "mi2"})
_MOVES = frozenset(
    {ClaimType.DEPLOYMENT, *NORMS} - {ClaimType.AGREEMENT, ClaimType.VIOLATION, ClaimType.ZONE}
)


class Amounts:
    """The quantities of one document, ready to be asked for that of a claim."""

    def __init__(self, tree: Tree, quantities: list[Counted]) -> None:
        self.tree, self.quantities = tree, quantities
        things = {key: frozenset(words) for key, words in word_lists("things").items()}
        self.people = (
            things["casualties"] | things["forces"] | frozenset(word_lists("units")["people"])
        )
        self.arms = things["munitions"] | things["weapons"]
        self.strikes, self.agreements = things["strikes"], things["agreements"]
        self.ground = things["ground"]
        numbers = {key: frozenset(words) for key, words in word_lists("numbers").items()}
        self.sides, self.works = numbers["sides"], numbers["works"]
        self.definite = numbers["definite"]
        self.harm = numbers["harm"]
        self.extending = frozenset(word_lists("dates")["extending"])

    def of(self, draft: Draft, start: int, end: int) -> Quantity | None:
        """Return the quantity of a claim, of which the clause is tokens ``start`` to ``end``."""
        if draft.type is ClaimType.ZONE:
            start = min(start, self.tree.left[draft.token])
            end = max(end, self.tree.right[draft.token] + 1)
        near = _within(self.quantities, start, end)
        lasting = self._duration(draft, start, end)
        if lasting is not None:
            return lasting
        best: tuple[int, int, Quantity] | None = None
        for counted in near:
            rank = self._rank(draft, counted)
            if rank is None or not self._fits(draft, counted):
                continue
            quantity = counted.quantity.model_copy(update={"of": self._what(draft, counted)})
            found = (rank, counted.start, quantity)
            if best is None or found[:2] < best[:2]:
                best = found
        return best[2] if best else None

    def _duration(self, draft: Draft, start: int, end: int) -> Quantity | None:
        """Return by how long something is put off, or how long an agreement is to last."""
        tree = self.tree
        extends = tree.lemmas[draft.token] in self.extending
        if not extends and draft.type not in (ClaimType.AGREEMENT, ClaimType.COMPLIANCE):
            return None
        for counted in _within(self._durations, start, end):
            for head in islice(tree.climb(counted.noun), 3):
                if tree.lemmas[head] in self.agreements:
                    return counted.quantity.model_copy(update={"of": tree.lemmas[head]})
                if tree.pos[head] == "VERB":
                    if tree.lemmas[head] in self.extending:
                        return counted.quantity.model_copy(update={"of": "extension"})
                    break
        return None

    @cached_property
    def _durations(self) -> list[Counted]:
        return find_quantities(self.tree, durations=True)

    def _rank(self, draft: Draft, counted: Counted) -> int | None:
        """Return how many steps a number is from the predicate, or None if it is another's."""
        tree = self.tree
        if counted.noun == draft.token:
            return 0
        if draft.type is ClaimType.ZONE:
            return abs(counted.noun - draft.token)
        own = {draft.token, *draft.complements}
        own |= {k for k in tree.conjuncts(draft.token) if not tree.children(k, *SUBJECTS)}
        around = set(islice(tree.climb(draft.token), _REACH))
        at = counted.noun
        for steps, head in enumerate(islice(tree.climb(at), _REACH), 1):
            if tree.preposition(at) == "according to":
                return None
            if self._apart(at) and at not in own | around:
                return None
            if tree.deps[at] in _ASIDE and head not in own:
                return None
            if tree.deps[at] == "nsubj" and head == draft.token and tree.children(head, "obj"):
                # Who does it is not counted: "two soldiers shelled the village".
                return None
            if head in own:
                return steps + (head != draft.token)
            if tree.lemmas[head] in self.harm and draft.type is ClaimType.INCIDENT:
                return _REACH + steps if head in around or not self._apart(head) else None
            at = head
        if draft.type is ClaimType.CONTROL and counted.quantity.unit == "percent":
            return _REACH
        return None

    def _apart(self, i: int) -> bool:
        """Whether a predicate has a subject of its own: it makes its own claim."""
        tree = self.tree
        return tree.deps[i] in ("conj", "parataxis", "advcl") and bool(tree.children(i, *SUBJECTS))

    def _fits(self, draft: Draft, counted: Counted) -> bool:
        """Whether a claim of a type counts such a thing."""
        unit, lemma = counted.quantity.unit, self.tree.lemmas[counted.noun]
        alone = counted.noun == counted.start
        if lemma in self.sides | self.agreements or (self._definite(counted) and not alone):
            return False
        if draft.type is ClaimType.ZONE:
            return unit in _LENGTHS | _AREAS
        if unit in _LENGTHS and draft.type is ClaimType.CONTROL:
            return True
        if unit in _LENGTHS:
            # "Within 5 km of the river", "within a radius of 5 km".
            measured = self.tree.words[self.tree.heads[counted.noun]] in _dimensions()
            return draft.type in _MOVES and (
                measured or self.tree.deps[counted.noun] in ("obj", "obl", "unmarked", "advmod")
            )
        if draft.type is ClaimType.INCIDENT:
            if self.tree.lemmas[draft.token] in self.harm and lemma in self.strikes - self.arms:
                return False
            return alone or unit == "people" or lemma in self.people | self.arms | self.strikes
        if draft.type is ClaimType.VIOLATION:
            return lemma not in self.ground
        if draft.type is ClaimType.CONTROL:
            return unit in _AREAS or unit == "percent" or lemma in self.ground | self.people
        if lemma in self.ground - self.works:
            return False
        return draft.type not in (ClaimType.ALIGNMENT, ClaimType.MEETING, ClaimType.THREAT)

    def _definite(self, counted: Counted) -> bool:
        """Whether a small number only says which are meant: "the three ports", "both sides"."""
        tree = self.tree
        if counted.noun in tree.kids[counted.start]:
            return False  # "Four of its soldiers" are counted.
        most = max(counted.quantity.min or 0, counted.quantity.max or 0)
        words = {
            tree.words[k] for k in tree.children(counted.noun, "det", "det:predet", "nmod:poss")
        }
        return most < _SMALL and counted.quantity.unit != "percent" and bool(words & self.definite)

    def _what(self, draft: Draft, counted: Counted) -> str:
        """Return what the number is of: a dimension, a share's whole, or what happened to it."""
        tree = self.tree
        unit = counted.quantity.unit
        if unit in _LENGTHS:
            sentence = tree.doc[counted.start].sent
            low, high = (
                max(sentence.start, counted.start - _REACH),
                min(sentence.end, counted.end + 2),
            )
            for k in sorted(range(low, high), key=lambda k: abs(k - counted.noun)):
                if tree.words[k] in _dimensions():
                    return _dimensions()[tree.words[k]]
            return "extent" if draft.type is ClaimType.ZONE else "distance"
        if unit == "percent":
            for k in tree.children(counted.noun, "nmod", "obl"):
                words = [tree.words[m] for m in (*tree.children(k, "amod", "compound"), k)]
                return " ".join(words)
        for head in islice(tree.climb(counted.noun), _REACH):
            if tree.pos[head] in ("VERB", "AUX"):
                return _participle(tree.lemmas[head])
        return tree.lemmas[draft.token]


def _within(found: list[Counted], start: int, end: int) -> list[Counted]:
    low = bisect_left(found, start, key=lambda counted: counted.start)
    return found[low : bisect_left(found, end, key=lambda counted: counted.start)]


@cache
def _dimensions() -> dict[str, str]:
    lists = word_lists("units").items()
    return {
        word: key.removeprefix("of_")
        for key, words in lists
        if key.startswith("of_")
        for word in words
    }


@cache
def _participles() -> dict[str, str]:
    return {words.split()[0]: words.split()[-1] for words in word_lists("irregular")["forms"]}


def _participle(verb: str) -> str:
    """Return "killed" for "kill", "sent" for "send"."""
    regular = [form for form in verb_forms(verb) if form.endswith("ed")]
    return _participles().get(verb) or min(regular, key=len, default=verb)
