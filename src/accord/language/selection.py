"""Which drafts stay, and what becomes of them: duties, demands, promises, violations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from accord.claim import ClaimType
from accord.language.frames import Frame
from accord.language.matching import Draft, Matcher
from accord.language.parties import Party
from accord.language.reading import Reading
from accord.language.stance import EVENTS
from accord.language.wordlists import word_lists

_BY_AGREEMENT = Frame("as an agreement says", ClaimType.OBLIGATION, ())
_NOTHING = Draft(-1, _BY_AGREEMENT, ClaimType.OBLIGATION)


#: What happens in the saying of it.
_SPOKEN = frozenset({ClaimType.COMMITMENT, ClaimType.AGREEMENT})


class Selection:
    """Chooses among the drafts of one document and completes them."""

    def __init__(self, reading: Reading) -> None:
        self.reading, self.doc, self.tree = reading, reading.doc, reading.tree
        self.parties, self.stance, self.accords = reading.parties, reading.stance, reading.accords
        self.things = reading.things
        self.acts = self.things["strikes"] | self.things["duties"] | {"violation", "breach"}
        self.subordinators = frozenset(word_lists("grammar")["subordinators"])
        self.despite = frozenset(word_lists("grammar")["despite"])

    def drafts(self) -> list[Draft]:
        """Return the drafts that make claims, in no particular order."""
        matcher = Matcher(self.tree, self.reading.arguments, self.reading.frames)
        found = [d for d in matcher.drafts() if not self.reading.is_outside(d.token)]
        return list(self._kept(found))

    def _kept(self, drafts: list[Draft]) -> Iterator[Draft]:
        covered = self._covered(drafts)
        strong = {d.token: d for d in drafts if not d.weak}
        hit = {k for d in drafts if d.type is ClaimType.INCIDENT for k in d.target_tokens}
        kept = [d.token for d in drafts if d.type is ClaimType.COMPLIANCE]
        hit.update(k for i in kept for k in self.tree.patients(i))
        yield from self._duties(drafts, covered)
        for draft in drafts:
            owner = covered.get(draft.token)
            if owner is not None and owner is not draft:
                continue
            if draft.type is not ClaimType.COMPLIANCE and self._is_failed(draft):
                continue
            if draft.frame.owed and draft.token in kept:
                continue
            if self.stance.unreal(draft) and not draft.frame.content:
                continue
            if draft.type in _SPOKEN and self._only_meant(draft.token):
                continue
            if self._same_event(draft, strong):
                continue
            if draft.weak and (draft.token in hit or self._said_by_verb(draft, strong)):
                continue
            if draft.type is ClaimType.AGREEMENT and not self._with_parties(draft):
                continue
            yield from self._despite(draft)
            uncertain = draft.type in EVENTS or draft.type is ClaimType.VIOLATION
            if uncertain and self.stance.in_condition(draft.token):
                continue
            empty = not (draft.actors or draft.targets or self._has_place(draft))
            if draft.weak and empty and not self._exists(draft.token):
                continue
            yield self._retyped(draft)

    def _same_event(self, draft: Draft, strong: dict[int, Draft]) -> bool:
        """Whether a verb only says more of an attack: "killed and displaced", or the targeting of
        "launched missiles targeting them"."""
        if draft.type is not ClaimType.INCIDENT or draft.weak:
            return False
        head = self.tree.heads[draft.token]
        found = strong.get(head)
        if self.tree.deps[draft.token] in ("acl", "acl:relcl"):
            missiles = self.things["munitions"] | self.things["strikes"]
            if self.tree.lemmas[self.tree.core(head)] not in missiles:
                return False
            found = next((strong[k] for k in self.tree.climb(draft.token) if k in strong), None)
        elif self.tree.deps[draft.token] != "conj":
            return False
        if found is None or found is draft or found.type is not ClaimType.INCIDENT:
            return False
        if draft.actors and found.actors and draft.actors != found.actors:
            return not any(p.acts for p in draft.actors)
        if not found.targets:
            found.targets, found.target_tokens = draft.targets, draft.target_tokens
        return True

    def _only_meant(self, i: int) -> bool:
        """Whether a promise or a signature is only an infinitive: "it is its job to guarantee"."""
        if self.tree.pos[i] != "VERB" or not self.tree.is_infinitive(i):
            return False
        return all(operator != "transparent" for operator, _ in self.stance.operators(i))

    def _is_failed(self, draft: Draft) -> bool:
        """Whether "failed to withdraw" is a matter of compliance, which its own frame says."""
        return draft.frame.owed and any(
            operator == "failed" for operator, _ in self.stance.operators(draft.token)
        )

    def _with_parties(self, draft: Draft) -> bool:
        """Whether an agreement has parties; those in its own name count."""
        if not any(p.acts for p in draft.actors):
            low, high = self.reading.clause(draft.token)
            for mention in self.accords.within(low, high):
                labels = [self.reading.vocabulary.entities[iri] for iri in mention.parties]
                draft.actors = tuple(Party(e.label, e.kind, e.label, e.iri) for e in labels)
                if draft.actors:
                    break
        return any(p.acts for p in draft.actors)

    def _despite(self, draft: Draft) -> Iterator[Draft]:
        """Yield the violation in "shelling despite the deal" and "an advance in breach of it"."""
        if draft.type not in (ClaimType.INCIDENT, ClaimType.DEPLOYMENT):
            return
        sentence = self.doc[draft.token].sent
        for mention in self.accords.within(sentence.start, sentence.end):
            if self.tree.preposition(mention.token) in self.despite:
                yield replace(draft, type=ClaimType.VIOLATION)
                return

    def _covered(self, drafts: list[Draft]) -> dict[int, Draft]:
        """Return the tokens inside what somebody wants, promises or threatens."""
        covered: dict[int, Draft] = {}
        for draft in drafts:
            if draft.frame.content:
                heads = list(draft.complements)
                heads += [k for p, k in self.tree.obliques(draft.token) if p in ("for", "of", "to")]
                self._cover(heads, draft, covered)
        return covered

    def _cover(self, heads: list[int], draft: Draft, covered: dict[int, Draft]) -> None:
        queue = list(heads)
        while queue:
            i = queue.pop()
            if i in covered:
                continue
            if i != draft.token:
                covered[i] = draft
            queue += [
                k
                for k in self.tree.kids[i]
                if self.tree.deps[k] not in ("acl:relcl", "parataxis", "appos")
                and not (
                    self.tree.deps[k] == "advcl" and self.subordinators & set(self.tree.marks(k))
                )
            ]

    def _said_by_verb(self, draft: Draft, strong: dict[int, Draft]) -> bool:
        """Whether the verb above a noun already makes the same claim: "launched an attack"."""
        for steps, head in enumerate(self.tree.climb(draft.token)):
            found = strong.get(head)
            if found is not None and found.type is draft.type:
                if not found.actors:
                    found.actors = draft.actors
                if not found.targets:
                    found.targets = draft.targets
                return True
            if steps > 3 or self.tree.deps[head] in ("acl:relcl", "root"):
                break
        return False

    def _duties(self, drafts: list[Draft], covered: dict[int, Draft]) -> Iterator[Draft]:
        """Yield the obligations in what agreements say: "agreed to V", "a deal under which ..."."""
        done: set[int] = set()
        for draft in drafts:
            if draft.frame.content == "duty" and draft.token not in covered and draft.complements:
                head = draft.complements[0]
                if self.tree.lemmas[head] in self.things["not_duties"]:
                    continue
                done.update(draft.complements)
                yield Draft(
                    head,
                    draft.frame,
                    ClaimType.OBLIGATION,
                    actors=draft.actors,
                    targets=self.parties.resolve_all(self.tree.patients(head)),
                )
        for i, pos in enumerate(self.tree.pos):
            if pos != "VERB" or i in done or i in covered or self.reading.is_outside(i):
                continue
            owed = self.stance.is_owed(i) and (
                self.tree.lemmas[i] in self.reading.arguments.owed or self._special_near(i)
            )
            zoned = (
                self.stance.is_future(i)
                and self.tree.deps[i] == "acl:relcl"
                and self.reading.places.is_special(self.tree.heads[i])
            )
            if not (owed or zoned or self.stance.by_agreement(i)):
                continue
            actors = self.parties.resolve_all(self.tree.agents(i))
            if any(p.acts for p in actors) or self.tree.is_passive(i):
                self._cover([i], _NOTHING, covered)
                yield Draft(
                    i,
                    _BY_AGREEMENT,
                    ClaimType.OBLIGATION,
                    actors=tuple(p for p in actors if p.acts),
                    targets=self.parties.resolve_all(self._removed(i)),
                    target_tokens=self._removed(i),
                )
        yield from self._musts(covered, done)

    def _removed(self, i: int) -> list[int]:
        """Return what an act is directed at; of a place that is evacuated, what leaves it."""
        found = [k for p, k in self.tree.obliques(i) if p == "of"]
        return found or self.tree.patients(i)

    def _musts(self, covered: dict[int, Draft], done: set[int]) -> Iterator[Draft]:
        """Yield what a speaker says that another party must do, whatever the verb."""
        for i, pos in enumerate(self.tree.pos):
            if (
                pos not in ("VERB", "AUX")
                or i in done
                or i in covered
                or self.reading.is_outside(i)
            ):
                continue
            if not self.stance.is_demand(i):
                continue
            agents = self.tree.agents(i) or self.tree.surface_subject(i)
            parties = tuple(p for p in self.parties.resolve_all(agents) if p.acts)
            if not parties:
                # "The violations must end", "the attacks must be stopped": whoever commits them.
                parties = tuple(
                    p
                    for k in self.tree.surface_subject(i)
                    if self.tree.lemmas[k] in self.acts
                    for p in self.parties.owners(k)
                    if p.acts
                )
            voice = self.reading.voices.get(i)
            if not parties or not any(p.known or p.kind == "Group" for p in parties):
                continue
            sides = {p.side for p in parties}
            kind = ClaimType.DEMAND
            if voice is None or voice.holder is None or voice.holder in sides:
                kind = ClaimType.OBLIGATION
                sentence = self.doc[i].sent
                owed = self.tree.lemmas[i] in self.reading.arguments.owed and self.accords.main
                if not (owed or self.accords.within(sentence.start, sentence.end)):
                    continue
            draft = Draft(i, _BY_AGREEMENT, kind, actors=parties, actor_tokens=agents)
            draft.target_tokens = self.tree.patients(i)
            draft.targets = self.parties.resolve_all(draft.target_tokens)
            self._cover([i], draft, covered)
            covered[i] = _NOTHING
            yield draft

    def _special_near(self, i: int) -> bool:
        low, high = max(self.tree.left[i], i - 20), min(self.tree.right[i] + 1, i + 20)
        return any(self.reading.places.is_special(k) for k in range(low, high))

    def _retyped(self, draft: Draft) -> Draft:
        """Turn what a party says that it will do into its Commitment, "X must" into a Demand."""
        voice = self.reading.voices.get(draft.token)
        i = draft.token
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
        return draft

    def _exists(self, i: int) -> bool:
        """Whether it is "there have been attacks"."""
        return any(self.tree.words[k] == "there" for k in self.tree.kids[self.tree.heads[i]])

    def _has_place(self, draft: Draft) -> bool:
        low, high = self.reading.clause(draft.token)
        return self.reading.places.near(draft.token, low, high) is not None
