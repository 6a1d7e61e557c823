"""``doc._.claims``: what is claimed in an article, by whom, about whose conduct."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from accord.claim import NORMS, Claim, ClaimType, Modality, Polarity, Status
from accord.language import relevance
from accord.language.actors.parties import Party
from accord.language.claims.confidence import confidence, evidence, load_least
from accord.language.claims.holders import Holders
from accord.language.claims.selection import Selection
from accord.language.claims.slots import Slots
from accord.language.frames.matching import Draft
from accord.language.frames.reader import load_frames
from accord.language.known_names import NAMES
from accord.language.reading import Reading
from accord.language.surface_forms import surface_forms
from accord.language.times.dating import written
from accord.language.wordlists import word_sets
from accord.vocabulary import Vocabulary, load_vocabulary

#: What somebody wants or owes is asserted as such, though the act itself is yet to come.
_DEONTIC = frozenset({ClaimType.OBLIGATION, ClaimType.COMMITMENT, ClaimType.DEMAND})
#: What only sides of a conflict and organisations do, not persons for themselves.
_OF_PARTIES = frozenset(
    {
        ClaimType.AGREEMENT,
        ClaimType.MEETING,
        ClaimType.COMMITMENT,
        ClaimType.OBLIGATION,
        ClaimType.COMPLIANCE,
        ClaimType.CONTROL,
        ClaimType.DEPLOYMENT,
    }
)
_TARGETED = frozenset({ClaimType.INCIDENT, ClaimType.THREAT})


class ClaimFinder:
    """Makes the claims of one document."""

    def __init__(self, reading: Reading, trace: list[tuple[Draft, str]] | None = None) -> None:
        """Make the claims of what has been read.

        :param trace: if given, each draft that makes no claim is added to it, with the reason
        """
        self.trace = trace
        self.reading, self.doc, self.article = reading, reading.doc, reading.article
        self.vocabulary, self.tree, self.parties = reading.vocabulary, reading.tree, reading.parties
        self.voices, self.accords = reading.voices, reading.accords
        self.no_names = word_sets("grammar")["no_names"]
        self.made: list[tuple[Draft, Claim]] = []

    def find(self, relevant: bool = False, unsure: bool = False) -> list[Claim]:
        """Return the claims in the order of their evidence.

        :param relevant: take the text to be about conflict without looking
        :param unsure: keep the claims whose confidence is too low as well
        """
        # Asked here too: a pipeline may be called by itself, and not by `accord.extraction.read`.
        if not relevant and not relevance.is_relevant(self.doc):
            return []
        self.stance, self.holders = self.reading.stance, Holders(self.reading)
        drafts = Selection(self.reading, self.trace).drafts()
        self.slots = Slots(self.reading, drafts)
        unique: dict[tuple[object, ...], Claim] = {}
        for draft in drafts:
            claim = self._claim(draft)
            sure = isinstance(claim, str) or (claim.confidence or 0.0) >= self._least()
            if not sure and not unsure:
                claim = "its confidence is too low"
            if isinstance(claim, str):
                if self.trace is not None:
                    self.trace.append((draft, claim))
                continue
            if draft.mutual and len(claim.actor) == 2:
                # "each side accused the other", and the text says elsewhere which two they are.
                for one, other in (claim.actor, claim.actor[::-1]):
                    each = claim.model_copy(update={"holder": one, "actor": (other,)})
                    self.made.append((draft, each))
                    unique.setdefault(_key(each), each)
                continue
            self.made.append((draft, claim))
            if unique.setdefault(_key(claim), claim) is not claim:
                # The same of another clause: "regained ground when it overran the bases".
                start, end = self.slots.evidence(draft, narrow=True)
                place = {"start": start, "end": end, "text": self.reading.raw[start:end]}
                narrow = claim.model_copy(update=place)
                if start < end and narrow.action != unique[_key(claim)].action:
                    unique.setdefault(_key(narrow), narrow)
        return sorted(unique.values(), key=lambda c: (c.start, c.end, c.type, c.actor, c.target))

    def _least(self) -> float:
        """Return how sure a claim must be: surer where the article names no accord."""
        least = load_least()
        return least["accord" if self.accords.mentions else "no accord"]

    def _claim(self, draft: Draft) -> Claim | str:
        """Return a draft's claim, or the reason why it is none."""
        i = draft.token
        holder, speaker = self.holders.of(draft)
        if draft.holder is not None:
            holder = draft.holder.side
            speaker = draft.holder.label if draft.holder.label != holder else None
        actors = [self._actor_label(p, draft.type in NORMS) for p in draft.actors if p.acts]
        actors = [label for label in actors if label.casefold() not in self.no_names]
        targets = [t for t in self._target_labels(draft) if t.casefold() not in self.no_names]
        if draft.type is ClaimType.DEMAND and set(actors) == {holder}:
            return "nobody demands of himself"
        if draft.type in (ClaimType.COMMITMENT, ClaimType.THREAT, ClaimType.COMPLIANCE) and (
            not actors and self.tree.pos[i] != "VERB" and not draft.frame.open
        ):
            return "nobody is named whose act it is"
        if draft.type in _OF_PARTIES and not self._public(draft, actors):
            return "nobody in it stands for a side"
        start, end = self.slots.evidence(draft)
        if start >= end:
            return "no evidence"
        if bound := self._bound(draft):
            actors = bound
        accord = self.slots.agreement(draft, start, end)
        time, due = self.slots.time(draft)
        polarity = self.stance.polarity(i)
        if draft.frame.denied:
            polarity = Polarity.DENIED
        status: Status | None = None
        if draft.type is ClaimType.COMPLIANCE:
            status, polarity = self.stance.status(draft), Polarity.AFFIRMED
        voice = self.voices.get(i)
        if voice is not None and voice.cue_class == "deny" and draft.frame.holder == "":
            polarity = Polarity.DENIED
        modality = self.stance.modality(i)
        if any(self.stance.modality(k) is Modality.CONDITIONAL for k in draft.complements):
            modality = Modality.CONDITIONAL  # "ready to free them if ..."
        if draft.type in _DEONTIC and modality is not Modality.CONDITIONAL:
            modality = Modality.ASSERTED
        claim = Claim(
            article=self.article.name if self.article else "text",
            start=start,
            end=end,
            text=self.reading.raw[start:end],
            type=draft.type,
            holder=holder,
            speaker=speaker,
            actor=tuple(dict.fromkeys(actors)),
            target=tuple(dict.fromkeys(t for t in targets if t not in actors)),
            agreement=accord,
            place=self.slots.place(draft),
            action=self.slots.action(draft),
            status=status,
            polarity=polarity,
            modality=modality,
            time=time,
            due=due,
            quantity=self.slots.quantity(draft),
        )
        return claim.model_copy(
            update={"confidence": confidence(evidence(draft, claim, self.reading))}
        )

    def _public(self, draft: Draft, actors: list[str]) -> bool:
        """Whether somebody in it is more than a private person; or nobody is named."""
        if not actors:
            return draft.type is not ClaimType.MEETING or bool(self.accords.mentions)
        acting = [p for p in draft.actors if p.acts]
        private = ("Person", "Unknown Person", "Unknown", "Civilians")
        return not acting or any(p.kind not in private or p.side != p.label for p in acting)

    def _bound(self, draft: Draft) -> list[str]:
        """Return the parties of the accord at issue, where the text says "both sides"."""
        if len(draft.actor_tokens) != 1:
            return []
        k = draft.actor_tokens[0]
        if self.tree.lemmas[k] not in self.reading.things["both_sides"] or self.tree.tags[
            k
        ] not in ("NNS", "NN"):
            return []
        if self.tree.tags[k] == "NN" and not any(
            self.tree.words[c] in ("neither", "either", "each") for c in self.tree.kids[k]
        ):
            return []
        if self.tree.children(k, "nmod", "amod", "compound", "nmod:poss"):
            return []
        deal = self.vocabulary.agreements.get(self.accords.main)
        bound: set[str] = set()
        for iris in (deal.parties, deal.bound) if deal is not None else ():
            bound = bound or (set(iris) if 1 < len(iris) < 4 else set())
        if deal is None and self.accords.main:
            named = [m.parties for m in self.accords.mentions if m.key == self.accords.main]
            longest = max(named, key=len, default=())
            bound = set(longest)
        bound = bound if 1 < len(bound) < 4 else self._two_named()
        if not bound:
            return [self.parties.phrase(k)]
        return sorted(e.label for iri in bound if (e := self.vocabulary.entity(iri)))

    def _two_named(self) -> set[str]:
        """Return the two sides of an article that is about two and no third, by their names."""
        counts: dict[str, int] = {}
        for span in self.doc.spans.get(NAMES, ()):
            entity = self.vocabulary.entity(span.kb_id_) if span.kb_id_ else None
            side = self.vocabulary.side(entity) if entity is not None else None
            if side is not None and side.kind in ("Government", "ArmedGroup", "ArmedForces"):
                counts[side.iri] = counts.get(side.iri, 0) + 1
        ranked = sorted(counts, key=lambda iri: (-counts[iri], iri))
        third = counts[ranked[2]] if len(ranked) > 2 else 0
        if len(ranked) < 2 or 2 * third > counts[ranked[1]]:
            return set()
        return set(ranked[:2])

    def _target_labels(self, draft: Draft) -> Iterator[str]:
        """Yield whom or what it is directed at; a thing counts as its owner's, or not at all."""
        if draft.type in (ClaimType.AGREEMENT, ClaimType.ZONE, ClaimType.MEETING):
            return
        for k in draft.target_tokens or [-1] * len(draft.targets):
            for party in self.reading.arguments.who(k) if k >= 0 else draft.targets:
                if k >= 0 and (self.tree.pos[k] == "NUM" or self.tree.words[k].isdigit()):
                    continue
                if party.acts or party.kind == "Civilians":
                    yield party.label
                elif k >= 0 and self.tree.lemmas[k] in _further(draft):
                    continue  # "opened fire": no target, but a part of the verb.
                elif k >= 0 and party.kind == "Thing":
                    owners = [p for p in self.parties.owners(k) if p.acts]
                    if owners:
                        yield from (owner.side for owner in owners)
                    elif (
                        self.tree.lemmas[k] in self.reading.things["weapons"]
                        or draft.type in _TARGETED
                    ):
                        yield party.label

    def _actor_label(self, party: Party, norm: bool) -> str:
        """Return an actor's name; whoever holds an office acts for its side."""
        if party.kind == "Person" or (party.kind == "Unknown Person" and party.side):
            return party.side
        if party.kind == "Government" or (norm and party.kind == "ArmedForces"):
            # What its army owes, a state owes: two reports of one duty must meet.
            return party.side
        return party.label


def _further(draft: Draft) -> set[str]:
    """Return the words that stand below the heads of a frame's triggers."""
    return {word for _, words in draft.frame.triggers for word in words[1:]}


def _key(claim: Claim) -> tuple[object, ...]:
    """Return what two claims of a document differ in, if they are two."""
    return claim.start, claim.end, claim.type, claim.holder, claim.actor, claim.target


def _names(doc: Doc) -> set[str]:
    """Return the names of everybody and of every place in a document's claims and memberships."""
    names = {name for m in doc._.memberships or () for name in (m.person, m.organization)}
    for claim in doc._.claims:
        names.update([claim.holder, *claim.actor, *claim.target])
        names.update(name for name in (claim.speaker, claim.place) if name)
    return names


class ClaimsComponent:
    """Sets ``doc._.claims`` and ``doc._.mentions``, for an article in ``doc._.article``."""

    def __init__(self, vocabulary: Vocabulary | None = None) -> None:
        self.vocabulary = vocabulary or load_vocabulary()
        for name in ("article", "claims", "mentions"):
            if not Doc.has_extension(name):
                Doc.set_extension(name, default=None)

    def __call__(self, doc: Doc) -> Doc:
        """Find the claims of a document."""
        reading = Reading(doc, self.vocabulary, load_frames())
        doc._.claims = ClaimFinder(reading).find()
        doc._.mentions = surface_forms(reading, _names(doc)) if doc._.claims else []
        if reading.article is not None and reading.inferred is not None:
            doc._.article = replace(reading.article, inferred=written(reading.inferred))
        return doc


@Language.factory("accord_claims", requires=["doc._.attributions"], assigns=["doc._.claims"])
def make_claims(nlp: Language, name: str) -> ClaimsComponent:
    """Make the component that finds the claims; see :class:`ClaimsComponent`."""
    return ClaimsComponent()
