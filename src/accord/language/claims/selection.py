"""Which drafts stay, and what becomes of them: duties, demands, promises, violations."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator
from dataclasses import replace

from accord.claim import NORMS, ClaimType, Modality, Polarity
from accord.language.actors.parties import Party
from accord.language.claims.duties import BY_AGREEMENT, Duties
from accord.language.claims.stance import EVENTS
from accord.language.frames.matching import Draft, Matcher
from accord.language.reading import Reading
from accord.language.wordlists import word_lists

_NOTHING = Draft(-1, BY_AGREEMENT, ClaimType.OBLIGATION)


#: What happens in the saying of it.
_SPOKEN = frozenset({ClaimType.COMMITMENT, ClaimType.AGREEMENT})
#: In what is agreed or owed, where a zone lies is told as a fact.
_TELLING = frozenset(
    {ClaimType.AGREEMENT, ClaimType.OBLIGATION, ClaimType.COMPLIANCE, ClaimType.COMMITMENT}
)


_WHEN = frozenset({"when", "since", "after", "before", "until", "once"})


class Selection:
    """Chooses among the drafts of one document and completes them."""

    def __init__(self, reading: Reading, trace: list[tuple[Draft, str]] | None = None) -> None:
        """Select among the drafts of what has been read.

        :param trace: if given, each draft that makes no claim is added to it, with the reason
        """
        self.duties, self.trace = Duties(reading), trace
        self.reading, self.doc, self.tree = reading, reading.doc, reading.tree
        self.parties, self.stance, self.accords = reading.parties, reading.stance, reading.accords
        self.things = reading.things
        self.violent = self.things["strikes"] | self.things["wars"] | self.things["munitions"]
        self.subordinators = frozenset(word_lists("grammar")["subordinators"])
        self.anybody = frozenset(word_lists("grammar")["anybody"])
        self.despite = frozenset(word_lists("grammar")["despite"])

    def drafts(self) -> list[Draft]:
        """Return the drafts that make claims, in no particular order."""
        matcher = Matcher(self.tree, self.reading.arguments, self.reading.frames, self.trace)
        found = []
        for draft in matcher.drafts():
            if self.reading.is_outside(draft.token):
                self._drop(draft, "headers and boilerplate make no claims")
            else:
                found.append(draft)
        return list(self._kept(found))

    def _drop(self, draft: Draft, why: str) -> None:
        if self.trace is not None:
            self.trace.append((draft, why))

    def _kept(self, drafts: list[Draft]) -> Iterator[Draft]:
        covered = self._covered(drafts)
        strong = {d.token: d for d in drafts if not d.weak}
        hit = {k for d in drafts if d.type is ClaimType.INCIDENT for k in d.target_tokens}
        complied = {d.token for d in drafts if d.type is ClaimType.COMPLIANCE}
        hit.update(k for i in complied for k in self.tree.patients(i))
        yield from self._unnamed(drafts, covered)
        for draft in drafts:
            why = self._reason(draft, covered, complied, strong, hit)
            if why:
                self._drop(draft, why)
                continue
            yield from self._despite(draft)
            yield self._retyped(draft)

    def _reason(
        self,
        draft: Draft,
        covered: dict[int, Draft],
        complied: set[int],
        strong: dict[int, Draft],
        hit: set[int],
    ) -> str:
        """Return why a draft makes no claim, "" if it makes one."""
        i = draft.token
        owner = covered.get(i)
        told = draft.type is ClaimType.ZONE and owner is not None and owner.type in _TELLING
        if owner is not None and owner is not draft and not told:
            return f"it is what {owner.frame.name!r} is about"
        if draft.type is not ClaimType.COMPLIANCE and self._is_failed(draft):
            return "it failed, which is a matter of compliance"
        if draft.frame.owed and i in complied and draft.type is not ClaimType.COMPLIANCE:
            return "the same word makes a Compliance"
        if self.stance.unreal(draft) and not draft.frame.content and not told:
            return "it stands under a word that says nothing of its happening"
        if draft.type is ClaimType.AGREEMENT and self._only_dates(i):
            return "it only says when something else was"
        if draft.type in _SPOKEN and self._only_meant(i):
            return "an infinitive only says what is meant"
        if draft.weak and self._in_name(i):
            return "it is part of a name"
        if draft.type is ClaimType.MEETING and self._of_private_persons(draft):
            return "whoever meets is no party"
        if draft.type is ClaimType.INCIDENT and self._by_accident(draft):
            return "nobody did it: a quake, a flood or a crash"
        if not draft.weak and self._asked(i):
            return "it is asked, not said"
        if draft.type is ClaimType.DEMAND and self._wanted_by_nobody(draft):
            return "whoever wants it is no party"
        if draft.type is ClaimType.INCIDENT and self._chosen_not_to(i):
            return "an attack that somebody chose not to make is no Incident"
        if self._same_event(draft, strong):
            return "another verb tells of the same event"
        if draft.weak and i in hit:
            return "another trigger has it as its target"
        if draft.weak and self._said_by_verb(draft, strong):
            return "the verb above says the same"
        if draft.type is ClaimType.AGREEMENT and not self._with_parties(draft):
            return "an Agreement needs parties"
        if draft.type in NORMS and self._of_anybody(i):
            return "it is said of anybody who does it"
        if draft.type is ClaimType.COMPLIANCE and self._only_intended(draft):
            return "an infinitive says nothing of its being done"
        uncertain = draft.type in EVENTS or draft.type is ClaimType.VIOLATION
        if uncertain and self.stance.in_condition(i):
            return "it stands in a condition"
        modality = self.stance.modality(i) if draft.type is ClaimType.INCIDENT else None
        if modality in (Modality.EXPECTED, Modality.POSSIBLE) and not self._own_future(draft):
            return "an attack that has not happened is no Incident"
        empty = not (draft.actors or draft.targets or self._has_place(draft))
        if draft.weak and empty and not self._exists(i):
            return "a noun without actor, target or place"
        return ""

    def _unnamed(self, drafts: list[Draft], covered: dict[int, Draft]) -> Iterator[Draft]:
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
            self._cover([draft.token], _NOTHING, covered)
            yield draft
        for draft in self.duties.musts(ChainMap(done, covered)):
            self._cover([draft.token], draft, covered)
            covered[draft.token] = _NOTHING
            yield draft
        complied = {d.token for d in drafts if d.type is ClaimType.COMPLIANCE}
        told = {
            d.token: d
            for d in drafts
            if (d.type in EVENTS or d.type is ClaimType.THREAT) and d.token not in complied
        }
        for draft in self.duties.promises(ChainMap(done, covered, told)):
            self._cover([draft.token], draft, covered)
            covered[draft.token] = _NOTHING
            yield draft

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
        elif self.tree.deps[draft.token] != "conj" and not self._resulting(draft.token):
            return False
        if found is None or found is draft or found.type is not ClaimType.INCIDENT:
            return False
        if draft.actors and found.actors and draft.actors != found.actors:
            return not any(p.acts for p in draft.actors)
        if not found.targets:
            found.targets, found.target_tokens = draft.targets, draft.target_tokens
        return True

    def _resulting(self, i: int) -> bool:
        """Whether it is what an attack led to: "..., killing nine people"."""
        return self.tree.deps[i] == "advcl" and self.tree.tags[i] == "VBG"

    def _of_anybody(self, i: int) -> bool:
        """Whether it is "those who gave up their guns"."""
        if self.tree.deps[i] != "acl:relcl":
            return False
        return self.tree.words[self.tree.heads[i]] in self.anybody

    def _only_intended(self, draft: Draft) -> bool:
        """Whether the duty is only meant: "to free hostages", without "began" or "failed"."""
        i = draft.token
        if draft.status != "by tense" or self.tree.pos[i] != "VERB":
            return False
        if not self.tree.is_infinitive(i) and self.tree.tags[i] != "VB":
            return False
        telling = {"failed", "delayed", "transparent"}
        found = {operator for operator, _ in self.stance.operators(i)}
        return not (telling & found or self.tree.negated(i) or self.tree.auxiliaries(i))

    def _own_future(self, draft: Draft) -> bool:
        """Whether it is told by whoever would do it, and so a threat, or asked of another."""
        voice = self.reading.voices.get(draft.token)
        sides = {party.side for party in draft.actors}
        own = voice is not None and voice.holder in sides
        return own or self.stance.is_demand(draft.token)

    def _in_name(self, i: int) -> bool:
        """Whether a noun stands in a name: the Line of Control, the Alliance for Change.

        Where every noun of the sentence has a capital, as in headlines, capitals say nothing.
        """
        if self.tree.tags[i] not in ("NNP", "NNPS") or not self.doc[i].is_title:
            return False
        sentence = self.doc[i].sent
        common = sum(token.tag_ in ("NN", "NNS") and token.is_lower for token in sentence)
        beside = [k for k in (self.tree.heads[i], *self.tree.kids[i]) if k != i]
        named = any(self.tree.tags[k] in ("NNP", "NNPS") and self.doc[k].is_title for k in beside)
        return common > 0 and named

    def _of_private_persons(self, draft: Draft) -> bool:
        """Whether somebody meets, and nobody of them is a party: "we talked to residents"."""
        i = draft.token
        acting = any(p.acts for p in draft.actors)
        if acting or self.tree.pos[i] != "VERB" or self.tree.is_passive(i):
            return False
        agents = self.tree.agents(i)
        meetings = self.things["meetings"]
        return bool(agents) and all(self.tree.lemmas[k] not in meetings for k in agents)

    def _by_accident(self, draft: Draft) -> bool:
        """Whether a sentence of a disaster, and of no violence, tells of the dead."""
        if any(p.acts for p in draft.actors) or self.tree.lemmas[draft.token] in self.violent:
            return False
        sentence = self.doc[draft.token].sent
        lemmas = set(self.tree.lemmas[sentence.start : sentence.end])
        return bool(lemmas & self.things["accidents"]) and not lemmas & self.violent

    def _asked(self, i: int) -> bool:
        """Whether it is the very thing that a question asks."""
        sentence = self.doc[i].sent
        asks = any(token.text == "?" for token in sentence[-3:])
        return asks and self.tree.deps[i] in ("root", "ccomp", "xcomp", "conj")

    def _wanted_by_nobody(self, draft: Draft) -> bool:
        """Whether a verb of wanting has a subject that is no party, and nobody else says it."""
        i = draft.token
        if draft.frame.holder != "subject" or self.tree.pos[i] != "VERB":
            return False
        wanting = self.tree.agents(i)
        voice = self.reading.voices.get(i)
        if not wanting or (voice is not None and voice.holder):
            return False
        private = all(
            self.tree.lemmas[k] in self.things["casualties"] or self.tree.tags[k] == "PRP"
            for k in wanting
        )
        return private and not any(p.acts for p in self.parties.resolve_all(wanting))

    def _chosen_not_to(self, i: int) -> bool:
        before = self.tree.words[max(0, i - 3) : i]
        return self.tree.is_infinitive(i) and before[-2:] == ["not", "to"]

    def _only_dates(self, i: int) -> bool:
        """Whether it is "since the truce took hold", "when the accord was signed"."""
        return self.tree.deps[i] == "advcl" and bool(_WHEN & set(self.tree.marks(i)))

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
            return self._between_its_own(draft)
        return any(p.acts for p in draft.actors)

    def _between_its_own(self, draft: Draft) -> bool:
        """Whether an agreement without named parties has its own, or is a truce at least."""
        low, high = self.reading.clause(draft.token)
        sentence = self.doc[draft.token].sent
        found = self.accords.within(low, high) or self.accords.within(sentence.start, sentence.end)
        vocabulary = self.reading.vocabulary
        for mention in found:
            deal = vocabulary.agreements.get(mention.key)
            bound = mention.parties or (sorted(deal.bound) if deal is not None else ())
            entities = [vocabulary.entities[iri] for iri in bound if iri in vocabulary.entities]
            draft.actors = tuple(Party(e.label, e.kind, e.label, e.iri) for e in entities)
            if draft.actors:
                return True
        truces = self.things["truces"]
        return any(
            m.key
            or self.tree.lemmas[m.token] in truces
            or any(self.tree.lemmas[k] in truces for k in self.tree.kids[m.token])
            for m in found
        )

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
                and not self._own_clause(k)
                and not self._basis(k)
                and not (
                    self.tree.deps[k] == "advcl" and self.subordinators & set(self.tree.marks(k))
                )
            ]

    def _basis(self, k: int) -> bool:
        """Whether it is "under the accord that they signed", which is no part of the duty."""
        under = self.tree.preposition(k) in self.stance.under
        return under and self.accords.at(k) is not None

    def _own_clause(self, k: int) -> bool:
        """Whether a coordinated verb has a subject of its own and says something of its own."""
        if self.tree.deps[k] != "conj" or self.tree.marks(k):
            return False
        finite = self.tree.tags[k] in ("VBZ", "VBP", "VBD")
        return finite and any(self.tree.deps[c].startswith("nsubj") for c in self.tree.kids[k])

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
                    self.tree.lemmas[k] in ("resume", "return", "launch", "intensify", "continue")
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
        return leaving and self.stance.polarity(i) is Polarity.DENIED

    def _in_line(self, i: int) -> bool:
        """Whether it was done "in line with the deal"."""
        if self.stance.is_future(i) or self.tree.pos[i] != "VERB":
            return False
        return any(
            self.accords.at(self.tree.core(k)) is not None and p in self.stance.under
            for p, k in self.tree.obliques(i)
        )

    def _exists(self, i: int) -> bool:
        """Whether it is "there have been attacks"."""
        return any(self.tree.words[k] == "there" for k in self.tree.kids[self.tree.heads[i]])

    def _has_place(self, draft: Draft) -> bool:
        low, high = self.reading.clause(draft.token)
        return self.reading.places.near(draft.token, low, high) is not None
