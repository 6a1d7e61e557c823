"""Which drafts stay, and what becomes of them: duties, demands, promises, violations.

Why a draft does not stay is in :mod:`~accord.language.claims.refusals`, what is no claim by itself
since it lies inside another one's content in :mod:`~accord.language.claims.coverage`.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator
from dataclasses import replace

from accord.claim import ClaimType, Polarity
from accord.language.claims.coverage import Coverage
from accord.language.claims.denials import Denials
from accord.language.claims.duties import BY_AGREEMENT, Duties
from accord.language.claims.refusals import Refusals
from accord.language.claims.stance import EVENTS
from accord.language.frames.matching import Draft, Matcher
from accord.language.reading import Reading
from accord.language.wordlists import word_sets

_NOTHING = Draft(-1, BY_AGREEMENT, ClaimType.OBLIGATION)


class Selection:
    """Chooses among the drafts of one document and completes them."""

    def __init__(self, reading: Reading, trace: list[tuple[Draft, str]] | None = None) -> None:
        """Select among the drafts of what has been read.

        :param trace: if given, each draft that makes no claim is added to it, with the reason
        """
        self.duties, self.trace = Duties(reading), trace
        self.reading, self.doc, self.tree = reading, reading.doc, reading.tree
        self.stance, self.accords = reading.stance, reading.accords
        self.things = reading.things
        self.despite = word_sets("grammar")["despite"]
        self.accusing = word_sets("grammar")["accusing"]

    def drafts(self) -> list[Draft]:
        """Return the drafts that make claims, in no particular order."""
        matcher = Matcher(self.tree, self.reading.arguments, self.reading.frames, self.trace)
        found = []
        for draft in matcher.drafts():
            if self.reading.is_outside(draft.token):
                self._drop(draft, "headers and boilerplate make no claims")
            else:
                found.append(draft)
        kept = [each for draft in self._kept(found) for each in self._mutual(draft)]
        return [*kept, *Denials(self.reading).drafts(kept)]

    def _drop(self, draft: Draft, why: str) -> None:
        if self.trace is not None:
            self.trace.append((draft, why))

    def _kept(self, drafts: list[Draft]) -> Iterator[Draft]:
        covered = Coverage(self.reading, drafts, self.duties)
        refusals = Refusals(self.reading, drafts, covered)
        yield from self._unnamed(drafts, covered)
        for draft in drafts:
            why = refusals.reason(draft)
            if why:
                self._drop(draft, why)
                continue
            yield from self._despite(draft)
            yield from self.duties.provisions(self._retyped(draft))

    def _mutual(self, draft: Draft) -> Iterator[Draft]:
        """Yield what each of two sides says of the other: "accused each other of breaches"."""
        verb = self._accusing_each_other(draft.token)
        sides = tuple(dict.fromkeys(p for p in draft.actors if p.acts))
        if verb is None or len(sides) != 2:
            yield replace(draft, mutual=True) if verb is not None else draft
            return
        for one, other in (sides, sides[::-1]):
            yield replace(draft, actors=(other,), holder=one)

    def _accusing_each_other(self, i: int) -> int | None:
        for verb in [*self.tree.climb(i)][:4]:
            if self.tree.lemmas[verb] in self.accusing and self.tree.pos[verb] == "VERB":
                patients = self.tree.patients(verb)
                return verb if any(self.tree.is_reciprocal(k) for k in patients) else None
        return None

    def _unnamed(self, drafts: list[Draft], covered: Coverage) -> Iterator[Draft]:
        """Yield what is owed, asked or promised without a frame's word for it."""
        done: dict[int, Draft] = {}
        for draft in drafts:
            if draft.token in covered and covered[draft.token] is not draft:
                continue
            duty = self.duties.agreed(draft)
            if duty is not None:
                done.update(dict.fromkeys(draft.complements, draft))
                yield duty
        for draft in self.duties.owed(ChainMap(done, covered)):
            covered.cover([draft.token], _NOTHING)
            yield draft
        for draft in self.duties.musts(ChainMap(done, covered)):
            covered.cover([draft.token], draft)
            covered[draft.token] = _NOTHING
            yield draft
        complied = {d.token for d in drafts if d.type is ClaimType.COMPLIANCE}
        told = {
            d.token: d
            for d in drafts
            if (d.type in EVENTS or d.type is ClaimType.THREAT) and d.token not in complied
        }
        for draft in self.duties.promises(ChainMap(done, covered, told)):
            covered.cover([draft.token], draft)
            covered[draft.token] = _NOTHING
            yield draft

    def _despite(self, draft: Draft) -> Iterator[Draft]:
        """Yield the violation in "shelling despite the deal" and "an advance in breach of it"."""
        if draft.type not in (ClaimType.INCIDENT, ClaimType.DEPLOYMENT, ClaimType.CONTROL):
            return
        sentence = self.doc[draft.token].sent
        pledges = self.things["pledges"]
        if any(
            p in self.despite and self.tree.lemmas[k] in pledges
            for head in (draft.token, self.tree.heads[draft.token])
            for p, k in self.tree.obliques(head)
        ):
            yield replace(draft, type=ClaimType.VIOLATION)
            return
        for mention in self.accords.within(sentence.start, sentence.end):
            if self._set_aside(mention.token):
                yield replace(draft, type=ClaimType.VIOLATION)
                return

    def _set_aside(self, k: int) -> bool:
        """Whether it is "despite the truce", "in spite of the truce"."""
        return self.tree.basis(k) in self.despite

    def _retyped(self, draft: Draft) -> Draft:
        """Turn what a party says that it will do into its Commitment, "X must" into a Demand,
        what was done "in line with the deal" into a Compliance."""
        voice = self.reading.voices.get(draft.token)
        i = draft.token
        if draft.type is ClaimType.COMMITMENT and self._hostile(draft):
            return replace(draft, type=ClaimType.THREAT)
        sides = {party.side for party in draft.actors}
        if draft.type in EVENTS and self.tree.pos[i] in ("VERB", "AUX"):
            if voice is not None and voice.holder in sides and self.stance.is_future(i):
                kind = ClaimType.COMMITMENT
                if draft.type is ClaimType.INCIDENT:
                    kind = ClaimType.THREAT
                return replace(draft, type=kind)
            if self.stance.is_demand(i) and draft.actors:
                kind = ClaimType.OBLIGATION
                if voice is not None and voice.holder not in sides:
                    kind = ClaimType.DEMAND
                return replace(draft, type=kind)
        if draft.type is ClaimType.DEPLOYMENT and draft.frame.owed:
            undone = bool(self.accords.mentions) and self._undone(i) and bool(draft.actors)
            if undone or self._in_line(i):
                return replace(draft, type=ClaimType.COMPLIANCE, status="by tense")
        return draft

    def _hostile(self, draft: Draft) -> bool:
        """Whether what is promised is an attack: "vowed to strike back", "will fight them"."""
        heads = draft.complements if draft.frame.content else [draft.token]
        hostile, strikes = self.things["hostile"], self.things["strikes"]
        return any(
            not self.tree.negated(k)
            and not self.tree.negated(draft.token)
            and (
                self.tree.lemmas[k] in hostile
                or (
                    self.tree.lemmas[k] in self.things["hostile_again"]
                    and any(
                        self.tree.lemmas[t] in strikes
                        for t in [*self.tree.patients(k), *(n for _, n in self.tree.obliques(k))]
                    )
                )
            )
            for k in heads
        )

    def _undone(self, i: int) -> bool:
        """Whether forces have not gone, where an accord is at issue: "X had not withdrawn"."""
        leaving = self.tree.lemmas[i] in self.things["leaving"]
        if any(operator == "denied" for operator, _ in self.stance.operators(i)):
            return False  # Whoever "denied that they left" does not tell what they owe.
        return leaving and self.stance.polarity(i) is Polarity.DENIED

    def _in_line(self, i: int) -> bool:
        """Whether it was done "in line with the deal"."""
        if self.stance.is_future(i) or self.tree.pos[i] != "VERB":
            return False
        return any(
            self.accords.at(self.tree.core(k)) is not None
            and (p in self.stance.under or self.tree.basis(k) in self.stance.under)
            for p, k in self.tree.obliques(i)
        )
