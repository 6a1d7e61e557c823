"""What a construction makes of a claim: denied, expected, failed, demanded, promised, owed."""

from __future__ import annotations

from accord.claim import ClaimType, Modality, Polarity, Status
from accord.language.accords.resolution import Accords
from accord.language.frames.matching import Draft
from accord.language.syntax import Tree
from accord.language.wordlists import word_lists

EVENTS = frozenset(
    {ClaimType.INCIDENT, ClaimType.DEPLOYMENT, ClaimType.CONTROL, ClaimType.COMPLIANCE}
)
_FUTURE = frozenset({"will", "would", "shall", "'ll", "’ll"})
_MUST = frozenset({"must", "should", "ought"})
_MAY = frozenset({"may", "might", "could"})
_IF = frozenset({"if", "unless", "whether", "lest", "should"})
_REACH = 6


class Stance:
    """Reads polarity, modality and status of the predicates of one document."""

    def __init__(self, tree: Tree, accords: Accords) -> None:
        self.tree, self.accords = tree, accords
        lists = word_lists("operators")
        self.words = {word: key for key in _OPERATORS for word in lists[key]}
        self.under = frozenset(word_lists("grammar")["under"])
        self.planned = dict.fromkeys(lists["expected"], "expected")
        self.parts = frozenset(word_lists("things")["accord_parts"])
        self.partly = frozenset(lists["partly"])

    def operators(self, i: int) -> list[tuple[str, int]]:
        """Return the operators above a predicate, the nearest first, with their tokens."""
        found: list[tuple[str, int]] = []
        at = i
        for steps, head in enumerate(self.tree.climb(i)):
            dep = self.tree.deps[at]
            noun = self.tree.pos[at] in ("NOUN", "PROPN")
            if steps > _REACH or dep in ("acl:relcl", "parataxis", "appos"):
                break
            if dep == "acl" and not self.tree.is_infinitive(at) and not noun:
                break
            if dep == "advcl" and not (self.tree.is_infinitive(at) or self.tree.tags[at] == "VBG"):
                break
            if dep in ("nsubj", "nmod:poss"):
                break
            operator = self.words.get(self.tree.lemmas[head])
            if operator == "unreal" and self.tree.pos[head] == "VERB":
                # "plans to send", while what stands in a plan is nothing yet.
                operator = self.planned.get(self.tree.lemmas[head], operator)
            if operator and dep != "conj" and not (operator == "failed" and noun):
                found.append((operator, head))
            at = head
        return found

    def polarity(self, i: int) -> Polarity:
        """Return whether the predicate itself is negated."""
        denied = self.tree.negated(i)
        for operator, head in self.operators(i):
            if operator in ("possible", "transparent", "expected"):
                denied ^= self.tree.negated(head)
            elif operator in ("failed", "denied"):
                denied = not denied
        if "cannot" in self.tree.auxiliaries(i) and not self.tree.negated(i):
            denied = True
        return Polarity.DENIED if denied else Polarity.AFFIRMED

    def modality(self, i: int) -> Modality:
        """Return how the predicate is put: asserted, expected, possible or conditional."""
        found = {operator for operator, _ in self.operators(i)}
        auxiliaries = self.tree.auxiliaries(i)
        for _, head in self.operators(i):
            auxiliaries |= self.tree.auxiliaries(head)
        conditions = [*self.tree.children(i, "advcl"), i]
        for k in conditions:
            if self.tree.deps[k] == "advcl" and {"if", "unless", "provided"} & set(
                self.tree.marks(k)
            ):
                return Modality.CONDITIONAL
        if auxiliaries & _MAY or "possible" in found:
            return Modality.POSSIBLE
        if auxiliaries & _FUTURE or "expected" in found:
            return Modality.EXPECTED
        return Modality.ASSERTED

    def unreal(self, draft: Draft) -> bool:
        """Whether the predicate stands under a word that says nothing of its happening."""
        return any(operator == "unreal" for operator, _ in self.operators(draft.token))

    def status(self, draft: Draft) -> Status:
        """Return the status of a Compliance."""
        i = draft.token
        if draft.status != "by tense":
            return Status(draft.status)
        found = {operator for operator, _ in self.operators(i)}
        if "failed" in found or self.polarity(i) is Polarity.DENIED:
            return Status.NOT_FULFILLED
        if "delayed" in found:
            return Status.DELAYED
        if any(self.tree.lemmas[k] in self.partly for k in self._adverbs(i)):
            return Status.PARTLY
        if any(self.tree.deps[k] == "conj" and self._but(i, k) for k in self.tree.kids[i]):
            return Status.PARTLY
        if (
            self.tree.tags[i] == "VBG"
            or found & {"transparent"}
            or self.tree.tags[i] in ("VBP", "VBZ")
        ):
            return Status.IN_PROGRESS
        if self.modality(i) is not Modality.ASSERTED:
            return Status.UNCLEAR
        return Status.FULFILLED

    def _but(self, i: int, k: int) -> bool:
        but = any(self.tree.lemmas[c] == "but" for c in self.tree.children(k, "cc"))
        return but and any(self.tree.negated(c) for c in self.tree.conjuncts(k))

    def _adverbs(self, i: int) -> list[int]:
        return self.tree.children(i, "advmod", "obl")

    def is_demand(self, i: int) -> bool:
        """Whether the predicate is put as a must or a should."""
        return bool(self.tree.auxiliaries(i) & _MUST) or any(
            self.tree.lemmas[head] in ("have", "need")
            and self.tree.deps[i] == "xcomp"
            and self.tree.words[head + 1 : head + 2] != ["yet"]
            for head in [self.tree.heads[i]]
        )

    def is_future(self, i: int) -> bool:
        """Whether the predicate is put as a will or a would."""
        return bool(self.tree.auxiliaries(i) & _FUTURE)

    def in_condition(self, i: int) -> bool:
        """Whether the predicate stands in an if-clause, or in what might be."""
        at = i
        for steps, head in enumerate([i, *self.tree.climb(i)]):
            if steps > 3 or (steps and self.tree.deps[at] in ("acl:relcl", "ccomp", "parataxis")):
                break
            if self.tree.deps[head] in ("advcl", "ccomp") and set(self.tree.marks(head)) & _IF:
                return True
            at = head
        return False

    def is_owed(self, i: int) -> bool:
        """Whether it is "X is to withdraw" or "X has to", which news says of what was agreed."""
        head = self.tree.heads[i]
        must = self.tree.deps[i] == "xcomp" and self.tree.lemmas[head] == "have"
        if self.tree.words[head + 1 : head + 2] == ["yet"]:
            return False
        return bool(self.accords.mentions) and (self._is_to(i) or must)

    def by_agreement(self, i: int) -> bool:
        """Whether a duty is stated as what an agreement says: "under the deal X will withdraw"."""
        future = self.is_future(i) or self.is_demand(i) or self._is_to(i)
        first = self._first_of_list(i)
        if first != i and (future or self.tree.tags[i] in ("VBZ", "VBP", "VB")):
            return self.by_agreement(first)
        if not future:
            return False
        if any(self.is_basis(k) for k in self.tree.kids[i]):
            return True
        at = i
        for steps, head in enumerate(self.tree.climb(i)):
            if steps > 3:
                break
            if self.tree.deps[at] in ("acl:relcl", "acl") and self.accords.at(head) is not None:
                return True
            at = head
        return False

    def _first_of_list(self, i: int) -> int:
        """Return the first verb of "under the deal X will free them, Y withdraws and Z leaves"."""
        tree, head = self.tree, self.tree.heads[i]
        joined = tree.deps[i] in ("conj", "parataxis")
        joined = joined or (tree.deps[i] == "advcl" and "while" in tree.marks(i))
        own = any(tree.deps[k].startswith("nsubj") for k in tree.kids[i])
        return head if joined and own and tree.pos[head] == "VERB" and head < i else i

    def is_basis(self, k: int) -> bool:
        """Whether it is "under the accord", "as part of the deal", "under the truce's terms"."""
        tree = self.tree
        words = tree.basis(k)
        if self.accords.at(k) is not None:
            return words in self.under
        if tree.lemmas[k] not in self.parts:
            return False
        wholes = [c for p, c in tree.obliques(k) if p == "of"] + tree.children(k, "nmod:poss")
        stated = words in self.under or (words, tree.lemmas[k]) == ("as", "part")
        return stated and any(self.accords.at(c) is not None for c in wholes)

    def _is_to(self, i: int) -> bool:
        """Whether it is "X is to withdraw"."""
        head = self.tree.heads[i]
        return (
            self.tree.deps[i] in ("xcomp", "ccomp")
            and self.tree.lemmas[head] == "be"
            and self.tree.is_infinitive(i)
        ) or ("be" in self.tree.auxiliaries(i) and self.tree.is_infinitive(i))


_OPERATORS = ("transparent", "possible", "expected", "delayed", "failed", "denied", "unreal")
