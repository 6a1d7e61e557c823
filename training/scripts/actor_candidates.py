"""Who may be the actor of a claim, and what speaks for and against each: no choice yet.

Candidates are the parties that the sentence and those before it name, adjectives and pronouns
included, the parties of the accord at issue, and the three that the article names most often. What
speaks for one is a set of words, which `claim_actors.py` fits weights for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from accord.claim import NORMS, OUTLET, ClaimType
from accord.language.actors.parties import Party
from accord.language.claims.holders import Holders
from accord.language.frames.frame import Frame, Source
from accord.language.frames.matching import Draft, Matcher
from accord.language.reading import Reading

_NOUNS = ("NOUN", "PROPN", "PRON")
_INNER = ("compound", "flat", "fixed")
_MODIFIERS = ("amod", "compound", "nmod", "nmod:poss")
#: Words that stand for a name, where what they go back to was not found.
_NO_NAMES = frozenset(
    {"which", "what", "who", "that", "whom", "whose", "it", "they", "he", "she", "we", "i"}
    | {"himself", "itself", "themselves"}
)
#: Distances in words, and sentences before, that are told apart.
_DISTANCES = (0, 3, 8, 15)
_STEPS = 4
_OFTEN = 3
#: What counts differently for each type, and for verbs, passives and nouns.
_BY_TYPE = ("by rule", "holds the claim", "is agent", "is patient", "bound", "named most",
            "not in the sentence", "is subject", "below it")  # fmt: skip
#: Kinds that are not counted among the sides of an article.
_UNKNOWN = ("Unknown", "Unknown Person", "Group")


@dataclass(slots=True)
class Candidate:
    """Somebody whose conduct a claim may be about; without a party: nobody who is named."""

    label: str
    party: Party | None
    evidence: set[str] = field(default_factory=set)


def actor_label(party: Party, norm: bool) -> str:
    """Return an actor's name; whoever holds an office acts for its side.

    :param norm: what its army owes, a state owes: two reports of one duty must meet
    """
    if party.kind == "Person" or (party.kind == "Unknown Person" and party.side):
        return party.side
    if party.kind == "Government" or (norm and party.kind == "ArmedForces"):
        return party.side
    return party.label


class Candidates:
    """Finds the candidates for the actors of one document's claims."""

    def __init__(self, reading: Reading) -> None:
        self.reading, self.tree, self.parties = reading, reading.tree, reading.parties
        self.holders = Holders(reading)
        self.numbers = {s.start: number for number, s in enumerate(reading.doc.sents)}
        self.mentions = list(self._mentions())
        counts = Counter(
            party.side
            for _, _, found in self.mentions
            for party in found
            if party.known or party.kind not in _UNKNOWN
        )
        ranked = sorted(counts, key=lambda side: (-counts[side], side))
        self.ranks = {side: rank for rank, side in enumerate(ranked)}
        self.bound = self._bound()

    def _mentions(self) -> Iterable[tuple[int, int, list[Party]]]:
        """Yield each word that means somebody: its place, its sentence's number, and whom."""
        tree = self.tree
        for k, pos in enumerate(tree.pos):
            noun = pos in _NOUNS and tree.deps[k] not in _INNER
            if noun or (k in self.parties.demonyms and tree.deps[k] in _MODIFIERS):
                found = [p for p in self.reading.arguments.who(k) if p.acts]
                if found:
                    yield k, self._sentence(k), found

    def _sentence(self, i: int) -> int:
        return self.numbers[self.reading.doc[i].sent.start]

    def _bound(self) -> set[str]:
        """Return the sides that the accord at issue binds, or that the text says concluded it."""
        accords, vocabulary = self.reading.accords, self.reading.vocabulary
        deal = vocabulary.agreements.get(accords.main)
        iris = [iri for found in ((deal.parties, deal.bound) if deal else ()) for iri in found]
        iris += [iri for m in accords.mentions if m.key == accords.main for iri in m.parties]
        entities = [vocabulary.entity(iri) for iri in iris]
        return {vocabulary.side(entity).label for entity in entities if entity is not None}

    def of(self, draft: Draft) -> list[Candidate]:
        """Return the candidates for a draft in the order of the text, nobody last."""
        norm, here = draft.type in NORMS, self._sentence(draft.token)
        relations = self._relations(draft.token)
        found: dict[str, Candidate] = {}
        for k, number, parties in self.mentions:
            if number > here:
                break
            for party in parties:
                label = actor_label(party, norm)
                if label.casefold() in _NO_NAMES:
                    continue
                candidate = found.setdefault(label, Candidate(label, party))
                candidate.evidence.add(f"kind {party.kind}")
                if party.known:
                    candidate.evidence.add("known")
                candidate.evidence.update(self._mention(draft.token, k, here - number, relations))
        holder, speaker = self.holders.of(draft)
        rule = {actor_label(p, norm) for p in draft.actors if p.acts}
        target = {actor_label(p, norm) for p in draft.targets if p.acts}
        for candidate in found.values():
            evidence, party = candidate.evidence, candidate.party
            if party is None:
                continue
            rank = self.ranks.get(party.side, 9)
            often = "most" if rank == 0 else f"{rank + 1}." if rank < 4 else "seldom"
            evidence.add(f"named {often}" if rank < 9 else "hardly named")
            if party.side in self.bound:
                evidence.add("bound")
            if holder in (candidate.label, party.side):
                evidence.add("holds the claim")
            if speaker == candidate.label:
                evidence.add("voices the claim")
            if candidate.label in rule:
                evidence.add("by rule")
                evidence.add("by rule, alone" if len(rule) == 1 else "by rule, with others")
            elif rule:
                evidence.add("another by rule")
            if candidate.label in target:
                evidence.add("target by rule")
            if "in the sentence" not in evidence:
                evidence.add("not in the sentence")
        near = ("in the sentence", "one sentence before", "two sentences before", "bound")
        kept = [
            candidate
            for candidate in found.values()
            if candidate.evidence.intersection(near)
            or (candidate.party and self.ranks.get(candidate.party.side, 9) < _OFTEN)
        ]
        word = self._word(draft.token)
        for candidate in kept:
            evidence = candidate.evidence
            crossed = [name for name in _BY_TYPE if name in evidence]
            evidence |= {f"{kind}: {name}" for kind in (draft.type, word) for name in crossed}
            if "by rule" in evidence:
                evidence |= {f"by rule: {n}" for n in evidence if n.startswith(("kind", "named"))}
        nobody = self._nobody(draft, kept, bool(rule), holder)
        return [*kept, Candidate("", None, nobody)]

    def _word(self, i: int) -> str:
        if self.tree.pos[i] not in ("VERB", "AUX"):
            return "noun"
        return "passive" if self.tree.is_passive(i) else "verb"

    def _nobody(self, draft: Draft, others: list[Candidate], rule: bool, holder: str) -> set[str]:
        """Return what speaks for nobody."""
        word = self._word(draft.token)
        found = {"", str(draft.type), word, self.tree.pos[draft.token]}
        found.add("somebody by rule" if rule else "nobody by rule")
        found.add(f"{word}, " + ("somebody by rule" if rule else "nobody by rule"))
        found.add("the outlet's" if holder == OUTLET else "somebody's claim")
        found.add(f"of {min(len(others), 4)}")
        if any(c.evidence & {"is agent", "is subject"} for c in others):
            found.add("beside an agent")
        return {f"nobody: {name}" if name else "nobody" for name in found}

    def _relations(self, i: int) -> dict[int, set[str]]:
        """Return how words stand to a predicate, for those that stand to it at all."""
        tree, fillers = self.tree, self.reading.arguments.fillers
        found: dict[int, set[str]] = {}

        def add(tokens: Iterable[int], name: str) -> None:
            for k in tokens:
                found.setdefault(k, set()).add(name)

        patients, subjects = tree.patients(i), tree.surface_subject(i)
        add(tree.agents(i), "is agent")
        add(subjects, "is subject")
        add(patients, "is patient")
        for preposition, k in tree.obliques(i):
            add([k], f"is {preposition.split(' ')[-1] or 'bare'}-phrase")
        for role in ("doer", "owner", "committer"):
            add(fillers(i, role), f"is {role}")
        for name, tokens in (("patient", patients), ("subject", subjects)):
            for k in tokens:
                add(fillers(k, "owner"), f"owns the {name}")
        for steps, head in enumerate(tree.climb(i)):
            if steps > _STEPS:
                break
            above = f"of the {'verb' if tree.pos[head] in ('VERB', 'AUX') else 'noun'} above"
            add([head], f"{steps + 1} above")
            add(tree.agents(head), f"is agent {above}, {min(steps, 2)}")
            add(tree.patients(head), f"is patient {above}, {min(steps, 2)}")
            for preposition, k in tree.obliques(head):
                add([k], f"is {preposition.split(' ')[-1] or 'bare'}-phrase above")
        return found

    def _mention(
        self, i: int, k: int, before: int, relations: dict[int, set[str]]
    ) -> Iterable[str]:
        """Yield what a mention at ``k``, so many sentences before, says for its party."""
        tree = self.tree
        relation = tree.deps[k].partition(":")[0]
        if before:
            yield {1: "one sentence before", 2: "two sentences before"}.get(before, "earlier")
            if before == 1:
                yield f"{relation} one sentence before"
            return
        yield "in the sentence"
        distance = sum(abs(k - i) > limit for limit in _DISTANCES)
        yield f"{'before' if k < i else 'behind'} it, distance {distance}"
        yield from relations.get(k, ())
        yield from relations.get(tree.core(k), ())
        if tree.left[i] <= k <= tree.right[i]:
            yield "below it"
        if tree.pos[k] == "PRON":
            yield "pronoun"
        if k in self.parties.demonyms:
            yield "adjective"
        yield relation


_ACTOR = tuple(
    Source((name,), "party") for name in ("subject", "doer", "committer", "by", "bearer")
)
_TARGET = tuple(Source((name,)) for name in ("object", "on", "against", "with", "to", "from"))


@cache
def frame_of(kind: ClaimType) -> Frame:
    """Return a frame without triggers for a type: subject or agent acts, the object is acted on."""
    status = "by tense" if kind is ClaimType.COMPLIANCE else ""
    roles = (("actor", _ACTOR), ("target", _TARGET))
    return Frame(f"frameless {kind.value}", kind, (), roles=roles, status=status)


class FramelessMatcher(Matcher):
    """Makes drafts of predicates that no frame knows."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading.tree, reading.arguments, reading.frames)

    def draft(self, i: int, kind: ClaimType) -> Draft:
        """Return a draft of a type at a predicate, with its arguments."""
        frame = frame_of(kind)
        draft = Draft(i, frame, kind, status=frame.status)
        self._fill(draft)
        return draft
