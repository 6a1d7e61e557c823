"""When a claim holds or happened and by when it is due: which time goes with which predicate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from accord.claim import NORMS, ClaimType
from accord.language.accords.resolution import Accords
from accord.language.frames.matching import Draft
from accord.language.speech.attributions import CLASSES, Voice
from accord.language.syntax import Tree
from accord.language.times import periods
from accord.language.times.dates import TimeExpression
from accord.language.times.spots import Spot, Spots
from accord.language.times.tenses import Tenses
from accord.language.wordlists import word_lists

#: A predicate in such a clause has no share in the time of the clause around it.
_ASIDE = frozenset({"acl:relcl", "acl", "amod", "appos", "compound", "nmod:poss"})
_CLAUSES = frozenset({"xcomp", "ccomp", "advcl", "conj", "acl"})
_REACH = 6
#: How far behind a noun for an event its time may stand, in tokens.
_NEAR = 25
_PRESENT = ("VBZ", "VBP")
_DAY = re.compile(r"(?:\d{4}|XXXX)-\d\d-\d\d")
#: What is said to be so is so when it is said.
_SAID = frozenset({ClaimType.DEMAND, ClaimType.COMMITMENT, ClaimType.THREAT})
_STATES = frozenset(
    {ClaimType.CONTROL, ClaimType.COMPLIANCE, ClaimType.VIOLATION, ClaimType.AGREEMENT}
)
#: These hold without a time of their own, unless the words give them one.
_TIMELESS = frozenset({ClaimType.ZONE, ClaimType.ALIGNMENT, ClaimType.OBLIGATION})


class Times:
    """The times of one document, ready to be asked for those of a claim."""

    def __init__(
        self,
        tree: Tree,
        tenses: Tenses,
        dates: list[TimeExpression],
        accords: Accords,
        voices: dict[int, Voice],
    ) -> None:
        self.tree, self.tenses, self.accords, self.voices = tree, tenses, accords, voices
        words = word_lists("dates")
        self.aspect = frozenset(words["aspect"])
        self.apart = frozenset(words["apart"])
        self.reports = frozenset(words["reports"])
        self.openers = frozenset(word_lists("grammar")["subordinators"])
        cues = word_lists("cues")
        self.cues = frozenset(lemma for key in CLASSES for lemma in cues.get(key, ()))
        self.extending = frozenset(words["extending"])
        self.expiry = frozenset(words["expiry"])
        self.spots = Spots(tree, tenses, accords, dates)

    def of(self, draft: Draft) -> tuple[str | None, str | None]:
        """Return when a claim holds or happened, and by when it is due, as EDTF."""
        i = draft.token
        near = self.spots.near(i)
        ranks = {k: rank for rank, k in reversed(list(enumerate(self._governors(draft))))}
        time: tuple[int, int, str] | None = None
        due: tuple[int, int, str] | None = None
        for spot in near:
            rank = self._rank(spot, draft, ranks)
            below = rank is None and draft.type in NORMS and self._below(spot, draft)
            if rank is None and not below:
                continue
            value, is_due = self._value(spot, draft)
            found = (rank or 0, abs(spot.token - i), value)
            if is_due:
                due = min(due or found, found)
            elif value and not below:
                time = min(time or found, found)
        told = time[2] if time else self._said(draft, near) or self._told_before(draft)
        return told, due[2] if due else None

    # -- which of them are a claim's --------------------------------------------------------------

    def _governors(self, draft: Draft) -> Iterator[int]:
        """Yield the predicate and those around it that share its time, the nearest first."""
        yield from self._around(draft)
        # "Was brokered by Qatar and announced on Monday": what is coordinated, at last.
        yield from (
            k
            for k in self.tree.conjuncts(draft.token)
            if self.tree.pos[k] == "VERB" and not self.tree.children(k, "nsubj", "nsubj:pass")
        )

    def _around(self, draft: Draft) -> Iterator[int]:
        tree, at = self.tree, draft.token
        yield at
        for _ in range(_REACH):
            dep, head = tree.deps[at], tree.heads[at]
            if dep == "acl:relcl" and draft.type is ClaimType.MEETING and self._where(at):
                # "A summit next week in Sochi, where they will discuss it".
                at = head
                yield at
                continue
            if head == at or dep in _ASIDE:
                return
            if tree.pos[at] in ("VERB", "AUX") or tree.children(at, "cop"):
                aspect = dep in ("xcomp", "advcl", "ccomp") and tree.lemmas[head] in self.aspect
                shared = dep == "conj" and not tree.children(at, "nsubj", "nsubj:pass")
                # "Took the town on May 2 and now control the road": now is not then.
                shared = shared and not (tree.tags[at] in _PRESENT and tree.tags[head] == "VBD")
                trailing = dep == "advcl" and tree.tags[at] == "VBG" and not tree.marks(at)
                if not (aspect or shared or trailing):
                    return
            elif draft.type in _TIMELESS or tree.preposition(at) in self.apart:
                return
            at = head
            yield at

    def _rank(self, spot: Spot, draft: Draft, ranks: dict[int, int]) -> int | None:
        """Return how far a time is from a claim, or None if it is none of its."""
        i = draft.token
        if i in spot.chain:
            return 0
        if self._when(i) == spot.token:
            return 0
        predicate = spot.predicate
        if self.accords.at(predicate) is not None:
            if draft.type is ClaimType.AGREEMENT and self.tree.heads[predicate] in ranks:
                return 1
            return None
        if predicate in ranks:
            return ranks[predicate]
        if self.tree.lemmas[i] in self.aspect and self.tree.heads[predicate] == i:
            # "Is scheduled to be held on May 5".
            return 1 if self.tree.deps[predicate] == "xcomp" else None
        if self._trails(spot, i):
            return _REACH
        if predicate >= 0 and self._since(predicate) and self._clause_head(predicate) in ranks:
            return ranks[self._clause_head(predicate)] + 1
        return None

    def _trails(self, spot: Spot, i: int) -> bool:
        """Whether a time follows a noun with no verb between them: "a blast in Idlib on May 5"."""
        tree = self.tree
        if tree.pos[i] != "NOUN" or not i < spot.token or spot.token - i > _NEAR:
            return False
        return not any(
            (tree.pos[k] in ("VERB", "AUX", "PUNCT") and tree.deps[k] not in ("amod", "compound"))
            or tree.lemmas[k] in self.reports
            for k in range(
                i + 1, self.tenses.token(spot.expression.start, spot.expression.start + 1)
            )
            if tree.words[k] not in ("-", "“", "”", '"')
        )

    def _since(self, predicate: int) -> bool:
        """Whether it is in a clause or phrase of "since the war broke out in 2011"."""
        return "since" in (*self.tree.marks(predicate), self.tree.preposition(predicate))

    def _clause_head(self, predicate: int) -> int:
        return self.tree.heads[predicate]

    def _below(self, spot: Spot, draft: Draft) -> bool:
        """Whether a time stands in what a claim says is to be done: "agreed to leave by May 2"."""
        at = spot.predicate
        for _ in range(_REACH):
            if at < 0 or self.tree.deps[at] not in _CLAUSES:
                break
            if self.tree.deps[at] == "conj" and self.tree.heads[at] == draft.token:
                break
            at = self.tree.heads[at]
            if at == draft.token:
                return True
        expired = self.tree.lemmas[spot.predicate] in self.expiry
        return expired and draft.type in (ClaimType.OBLIGATION, ClaimType.COMPLIANCE)

    def _value(self, spot: Spot, draft: Draft) -> tuple[str, bool]:
        """Return what a time is for a claim, and whether it is its deadline."""
        edtf, sort = spot.expression.edtf, spot.expression.sort
        norm = draft.type in NORMS
        if self.tree.lemmas[spot.predicate] in self.expiry and draft.type is not (
            ClaimType.AGREEMENT
        ):
            return edtf, norm
        if sort == "term":
            # What an agreement sets counts from the agreement, of which the text gives no day.
            return (edtf, True) if draft.type in _SAID else ("", False)
        if norm and not spot.inner and (sort in ("deadline", "until") or self._extended(spot)):
            return edtf, True
        open_end = "/" not in edtf
        if spot.predicate not in (-1, draft.token) and self._since(spot.predicate) and open_end:
            return periods.since(edtf), False
        if sort == "from" and open_end and not spot.inner:
            return periods.since(edtf), False
        if sort == "until" and open_end:
            return periods.until(edtf), False
        if sort == "after" and not spot.inner:
            return "", False
        return edtf, False

    def _when(self, i: int) -> int:
        """Return the time in front of its clause: "in July 2016, when their forces fought"."""
        tree = self.tree
        k = next((k for k in tree.kids[i] if tree.words[k] == "when"), 0) - 1
        while k > 0 and tree.words[k] == ",":
            k -= 1
        if k < 0:
            return -1
        return next((t for t in self.spots.around(k) if tree.left[t] <= k <= tree.right[t]), -1)

    def _where(self, i: int) -> bool:
        return any(self.tree.words[k] == "where" for k in self.tree.kids[i])

    def _extended(self, spot: Spot) -> bool:
        """Whether it is the day to which something is put off: "extended to February 18"."""
        first = self.tenses.token(spot.expression.start, spot.expression.start + 1)
        return (
            first > 0
            and self.tree.words[first - 1] == "to"
            and any(self.tree.lemmas[k] in self.extending for k in spot.chain)
        )

    def _said(self, draft: Draft, near: list[Spot]) -> str | None:
        """Return the time of the utterance, for what holds when it is said."""
        if draft.type in _TIMELESS or self.tree.deps[draft.token] in ("amod", "compound"):
            return None
        if draft.type not in _SAID | _STATES and not self._lasts(draft.token):
            return None
        voice = self.voices.get(draft.token)
        cues = list(range(voice.cue.start, voice.cue.end)) if voice else []
        at = draft.token
        for head in islice(self.tree.climb(at), _REACH):
            own = self.tree.children(at, "nsubj", "nsubj:pass") and self.tree.deps[at] == "conj"
            if own or self.openers & set(self.tree.marks(at)) or self.tree.deps[at] == "acl:relcl":
                break
            if self.tree.lemmas[head] in self.cues:
                cues.append(head)
            at = head
        said = {spot.predicate: spot.expression.edtf for spot in reversed(near)}
        return next((said[cue] for cue in cues if cue in said and cue != draft.token), None)

    def _told_before(self, draft: Draft) -> str | None:
        """Return the day of the sentence before, where a meeting is told on: "They talked ..."."""
        i = draft.token
        if draft.type is not ClaimType.MEETING or self.tree.pos[i] != "VERB":
            return None
        start = self.tree.doc[i].sent.start
        if start == 0 or self.tenses.of(i) != "past" or self.spots.near(i):
            return None
        for spot in reversed(self.spots.near(start - 1)):
            told = spot.predicate >= 0 and self.tenses.of(spot.predicate) == "past"
            if told and spot.expression.sort == "time" and _DAY.fullmatch(spot.expression.edtf):
                return spot.expression.edtf
        return None

    def _lasts(self, i: int) -> bool:
        """Whether a predicate tells a course of things and no finished event."""
        tree = self.tree
        aux = tree.auxiliaries(i)
        if tree.tags[i] == "VBG" and "be" in aux:
            return True
        return tree.tags[i] in _PRESENT and "have" not in aux
