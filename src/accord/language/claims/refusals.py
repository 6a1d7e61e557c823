"""Why a draft makes no claim: another one says the same, it is not real, or nobody did it."""

from __future__ import annotations

from collections.abc import Mapping

from accord.claim import NORMS, ClaimType, Modality
from accord.language.actors.parties import Party
from accord.language.claims.stance import EVENTS
from accord.language.frames.matching import Draft
from accord.language.reading import Reading
from accord.language.wordlists import word_sets

#: What happens in the saying of it.
_SPOKEN = frozenset({ClaimType.COMMITMENT, ClaimType.AGREEMENT})
#: In what is agreed or owed, where a zone lies is told as a fact.
_TELLING = frozenset(
    {ClaimType.AGREEMENT, ClaimType.OBLIGATION, ClaimType.COMPLIANCE, ClaimType.COMMITMENT}
)


class Refusals:
    """Says of each draft of one document whether it makes a claim, and if not, why."""

    def __init__(self, reading: Reading, drafts: list[Draft], covered: Mapping[int, Draft]) -> None:
        """Judge the drafts of what has been read.

        :param drafts: all drafts, since some are refused for what others say
        :param covered: the tokens inside what somebody wants, promises or threatens
        """
        self.reading, self.doc, self.tree = reading, reading.doc, reading.tree
        self.parties, self.stance, self.accords = reading.parties, reading.stance, reading.accords
        self.things = reading.things
        self.violent = self.things["strikes"] | self.things["wars"] | self.things["munitions"]
        grammar = word_sets("grammar")
        self.anybody, self.temporal = grammar["anybody"], grammar["temporal"]
        self.covered = covered
        self.strong = {d.token: d for d in drafts if not d.weak}
        self.complied = {d.token for d in drafts if d.type is ClaimType.COMPLIANCE}
        self.hit = {k for d in drafts if d.type is ClaimType.INCIDENT for k in d.target_tokens}
        self.hit.update(k for i in self.complied for k in self.tree.patients(i))

    def reason(self, draft: Draft) -> str:
        """Return why a draft makes no claim, "" if it makes one."""
        i = draft.token
        owner = self.covered.get(i)
        told = draft.type is ClaimType.ZONE and owner is not None and owner.type in _TELLING
        if owner is not None and owner is not draft and not told:
            return f"it is what {owner.frame.name!r} is about"
        if draft.type is not ClaimType.COMPLIANCE and self._is_failed(draft):
            return "it failed, which is a matter of compliance"
        if draft.frame.owed and i in self.complied and draft.type is not ClaimType.COMPLIANCE:
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
        if self._same_event(draft):
            return "another verb tells of the same event"
        if draft.weak and i in self.hit:
            return "another trigger has it as its target"
        brokered = draft.type is ClaimType.AGREEMENT and self.reading.arguments.is_hyphenated(i)
        if (draft.weak or brokered) and self._said_by_verb(draft):
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

    def _same_event(self, draft: Draft) -> bool:
        """Whether a verb only says more of an attack: "killed and displaced", or the targeting of
        "launched missiles targeting them"."""
        if draft.type is not ClaimType.INCIDENT or draft.weak:
            return False
        head = self.tree.heads[draft.token]
        found = self.strong.get(head)
        if self.tree.deps[draft.token] in ("acl", "acl:relcl"):
            missiles = self.things["munitions"] | self.things["strikes"]
            if self.tree.lemmas[self.tree.core(head)] not in missiles:
                return False
            found = next(
                (self.strong[k] for k in self.tree.climb(draft.token) if k in self.strong), None
            )
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

    def _said_by_verb(self, draft: Draft) -> bool:
        """Whether the verb above a noun already makes the same claim: "launched an attack"."""
        for steps, head in enumerate(self.tree.climb(draft.token)):
            found = self.strong.get(head)
            if found is not None and found.type is draft.type:
                if not found.actors:
                    found.actors = draft.actors
                if not found.targets:
                    found.targets = draft.targets
                return True
            if steps > 3 or self.tree.deps[head] in ("acl:relcl", "root"):
                break
        return False

    def _only_dates(self, i: int) -> bool:
        """Whether it is "since the truce took hold", "when the accord was signed"."""
        return self.tree.deps[i] == "advcl" and bool(self.temporal & set(self.tree.marks(i)))

    def _only_meant(self, i: int) -> bool:
        """Whether a promise or a signature is only an infinitive: "it is its job to guarantee"."""
        if self.tree.pos[i] != "VERB" or not self.tree.is_infinitive(i):
            return False
        if self.tree.children(i, "cop"):
            return False  # "was due to expire"
        return all(operator != "transparent" for operator, _ in self.stance.operators(i))

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

    def _chosen_not_to(self, i: int) -> bool:
        before = self.tree.words[max(0, i - 3) : i]
        return self.tree.is_infinitive(i) and before[-2:] == ["not", "to"]

    def _is_failed(self, draft: Draft) -> bool:
        """Whether "failed to withdraw" is a matter of compliance, which its own frame says."""
        return draft.frame.owed and any(
            operator == "failed" for operator, _ in self.stance.operators(draft.token)
        )

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

    def _asked(self, i: int) -> bool:
        """Whether it is the very thing that a question asks."""
        sentence = self.doc[i].sent
        asks = any(token.text == "?" for token in sentence[-3:])
        return asks and self.tree.deps[i] in ("root", "ccomp", "xcomp", "conj")

    def _of_anybody(self, i: int) -> bool:
        """Whether it is "those who gave up their guns"."""
        if self.tree.deps[i] != "acl:relcl":
            return False
        return self.tree.words[self.tree.heads[i]] in self.anybody

    def _of_private_persons(self, draft: Draft) -> bool:
        """Whether somebody meets, and nobody of them is a party: "we talked to residents"."""
        i = draft.token
        acting = any(p.acts for p in draft.actors)
        if acting or self.tree.pos[i] != "VERB" or self.tree.is_passive(i):
            return False
        agents = self.tree.agents(i)
        meetings = self.things["meetings"]
        return bool(agents) and all(self.tree.lemmas[k] not in meetings for k in agents)

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

    def _by_accident(self, draft: Draft) -> bool:
        """Whether a sentence of a disaster, and of no violence, tells of the dead."""
        if any(p.acts for p in draft.actors) or self.tree.lemmas[draft.token] in self.violent:
            return False
        sentence = self.doc[draft.token].sent
        lemmas = set(self.tree.lemmas[sentence.start : sentence.end])
        return bool(lemmas & self.things["accidents"]) and not lemmas & self.violent

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

    def _exists(self, i: int) -> bool:
        """Whether it is "there have been attacks"."""
        return any(self.tree.words[k] == "there" for k in self.tree.kids[self.tree.heads[i]])

    def _has_place(self, draft: Draft) -> bool:
        low, high = self.reading.clause(draft.token)
        return self.reading.places.near(draft.token, low, high) is not None
