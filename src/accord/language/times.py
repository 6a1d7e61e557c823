"""When a claim holds or happened and by when it is due: which time goes with which predicate."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from accord.claim import NORMS, ClaimType
from accord.language.accords import Accords
from accord.language.attribution import CLASSES, Attribution
from accord.language.dates import TimeExpression
from accord.language.matching import Draft
from accord.language.syntax import Tree
from accord.language.tenses import Tenses
from accord.language.wordlists import word_lists

#: A predicate in such a clause has no share in the time of the clause around it.
_ASIDE = frozenset({"acl:relcl", "acl", "amod", "appos", "compound", "nmod:poss"})
_CLAUSES = frozenset({"xcomp", "ccomp", "advcl", "conj", "acl"})
_REACH = 6
#: How far behind a noun for an event its time may stand, in tokens.
_NEAR = 25
#: What is said to be so is so when it is said.
_SAID = frozenset({ClaimType.DEMAND, ClaimType.COMMITMENT, ClaimType.THREAT})
_STATES = frozenset(
    {ClaimType.CONTROL, ClaimType.COMPLIANCE, ClaimType.VIOLATION, ClaimType.AGREEMENT}
)
#: These hold without a time of their own, unless the words give them one.
_TIMELESS = frozenset({ClaimType.ZONE, ClaimType.ALIGNMENT, ClaimType.OBLIGATION})


@dataclass(frozen=True, slots=True)
class _Spot:
    """A time expression in the parse: its head token and what it depends on, to the predicate."""

    token: int
    expression: TimeExpression
    chain: tuple[int, ...]
    inner: bool = False

    @property
    def predicate(self) -> int:
        return self.chain[-1] if self.chain else -1


class Times:
    """The times of one document, ready to be asked for those of a claim."""

    def __init__(
        self,
        tree: Tree,
        tenses: Tenses,
        dates: list[TimeExpression],
        accords: Accords,
        voices: dict[int, Attribution],
    ) -> None:
        self.tree, self.tenses, self.accords, self.voices = tree, tenses, accords, voices
        words = word_lists("dates")
        self.aspect = frozenset(words["aspect"])
        self.apart = frozenset(words["apart"])
        self.making = frozenset(words["making"])
        self.reports = frozenset(words["reports"])
        self.openers = frozenset(word_lists("grammar")["subordinators"])
        cues = word_lists("cues")
        self.cues = frozenset(lemma for key in CLASSES for lemma in cues.get(key, ()))
        self.extending = frozenset(words["extending"])
        self.expiry = frozenset(words["expiry"])
        self.spots = [self._spot(date) for date in dates]
        self.tokens = [spot.token for spot in self.spots]

    def of(self, draft: Draft) -> tuple[str | None, str | None]:
        """Return when a claim holds or happened, and by when it is due, as EDTF."""
        i = draft.token
        near = self._near(i)
        if not near:
            return None, None
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
        said = None if time else self._said(draft, near)
        return time[2] if time else said, due[2] if due else None

    # -- where the times stand ------------------------------------------------------------------

    def _near(self, i: int) -> list[_Spot]:
        """Return the times in the sentence of a token."""
        sentence = self.tree.doc[i].sent
        low = bisect_left(self.tokens, sentence.start)
        return self.spots[low : bisect_left(self.tokens, sentence.end)]

    def _spot(self, date: TimeExpression) -> _Spot:
        tree = self.tree
        token = self.tenses.token(date.start, date.end)
        first = self.tenses.token(date.start, date.start + 1)
        opening = first
        while opening > 0 and tree.pos[opening - 1] in ("ADP", "SCONJ", "ADV"):
            opening -= 1
        head = tree.heads[token]
        inner = (
            head > token
            and tree.pos[head] in ("NOUN", "PROPN")
            and not tree.preposition(token)
            and all(tree.pos[k] != "VERB" for k in range(token, head))
            and tree.words[head - 1] not in ("“", '"', ",", "”")
        )
        if opening > 0 and tree.pos[opening - 1] == "VERB" and not (inner and first == opening):
            # "said last month groups were": what stands right behind a verb is the verb's.
            return _Spot(token, date, (opening - 1,))
        if date.sort == "offset":
            return _Spot(token, date, (head,) if head > token else ())
        chain: list[int] = []
        at = token
        for _ in range(_REACH):
            if tree.heads[at] == at:
                break
            at = tree.heads[at]
            chain.append(at)
            if tree.pos[at] in ("VERB", "AUX") or tree.children(at, "cop", "nsubj"):
                chain[-1] = self._told(first, at)
                break
            if self.accords.at(at) and (inner or tree.preposition(token) in ("of", "from")):
                # "The deal of March 5": the date is the deal's, not that of what is said of it.
                break
        return _Spot(token, date, tuple(chain), inner)

    def _told(self, first: int, predicate: int) -> int:
        """Return the verb on the other side of a comma: "left on May 2, the army said"."""
        tree = self.tree
        between = range(first + 1, predicate)
        if not any(tree.words[k] == "," for k in between):
            return predicate
        start = tree.doc[first].sent.start
        before = [k for k in range(start, first) if tree.pos[k] == "VERB"]
        reports = tree.deps[predicate] == "parataxis" or any(
            tree.deps[k] in ("ccomp", "parataxis") and tree.heads[k] == predicate for k in before
        )
        return before[-1] if reports and before else predicate

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
                trailing = dep == "advcl" and tree.tags[at] == "VBG" and not tree.marks(at)
                if not (aspect or shared or trailing):
                    return
            elif draft.type in _TIMELESS or tree.preposition(at) in self.apart:
                return
            at = head
            yield at

    def _rank(self, spot: _Spot, draft: Draft, ranks: dict[int, int]) -> int | None:
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
        if self._trails(spot, i):
            return _REACH
        if predicate >= 0 and self._since(predicate) and self._clause_head(predicate) in ranks:
            return ranks[self._clause_head(predicate)] + 1
        return None

    def _trails(self, spot: _Spot, i: int) -> bool:
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
        """Whether a clause is one of "since the war broke out in 2011"."""
        return "since" in self.tree.marks(predicate)

    def _clause_head(self, predicate: int) -> int:
        return self.tree.heads[predicate]

    def _below(self, spot: _Spot, draft: Draft) -> bool:
        """Whether a time stands in what a claim says is to be done: "agreed to leave by May 2"."""
        at = spot.predicate
        for _ in range(_REACH):
            if at < 0 or self.tree.deps[at] not in _CLAUSES:
                break
            at = self.tree.heads[at]
            if at == draft.token:
                return True
        expired = self.tree.lemmas[spot.predicate] in self.expiry
        return expired and draft.type in (ClaimType.OBLIGATION, ClaimType.COMPLIANCE)

    def _value(self, spot: _Spot, draft: Draft) -> tuple[str, bool]:
        """Return what a time is for a claim, and whether it is its deadline."""
        edtf, sort = spot.expression.edtf, spot.expression.sort
        norm = draft.type in NORMS
        if self.tree.lemmas[spot.predicate] in self.expiry and draft.type is not (
            ClaimType.AGREEMENT
        ):
            return edtf, norm
        if norm and not spot.inner and (sort in ("deadline", "until") or self._extended(spot)):
            return edtf, True
        open_end = "/" not in edtf
        if spot.predicate not in (-1, draft.token) and self._since(spot.predicate) and open_end:
            return f"{edtf}/..", False
        if sort == "until" and open_end:
            return f"../{edtf}", False
        if sort == "after" and not spot.inner:
            return "", False
        return edtf, False

    def _when(self, i: int) -> int:
        """Return the time in front of its clause: "in July 2016, when their forces fought"."""
        tree = self.tree
        first = tree.left[i]
        if first == 0 or "when" not in (tree.words[first], *tree.words[first - 1 : first]):
            return -1
        k = first - 1
        while k > 0 and tree.words[k] in ("when", ","):
            k -= 1
        low = bisect_left(self.tokens, k - 2)
        return next(
            (t for t in self.tokens[low : low + 3] if tree.left[t] <= k <= tree.right[t]), -1
        )

    def _where(self, i: int) -> bool:
        return any(self.tree.words[k] == "where" for k in self.tree.kids[i])

    def _extended(self, spot: _Spot) -> bool:
        """Whether it is the day to which something is put off: "extended to February 18"."""
        first = self.tenses.token(spot.expression.start, spot.expression.start + 1)
        return (
            first > 0
            and self.tree.words[first - 1] == "to"
            and any(self.tree.lemmas[k] in self.extending for k in spot.chain)
        )

    def _said(self, draft: Draft, near: list[_Spot]) -> str | None:
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

    def _lasts(self, i: int) -> bool:
        """Whether a predicate tells a course of things and no finished event."""
        tree = self.tree
        aux = tree.auxiliaries(i)
        if tree.tags[i] == "VBG" and "be" in aux:
            return True
        return tree.tags[i] in ("VBZ", "VBP") and "have" not in aux
