"""What is owed, asked or promised without a word for it: "under the deal X will", "X must".

These claims come from constructions, and not from the triggers of a frame.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import replace

from accord.claim import ClaimType
from accord.language.actors.parties import Party
from accord.language.frames.frame import Frame
from accord.language.frames.matching import Draft
from accord.language.reading import Reading

BY_AGREEMENT = Frame("as an agreement says", ClaimType.OBLIGATION, ())
MUST = Frame("must or should", ClaimType.DEMAND, ())
WILL = Frame("will, said of oneself", ClaimType.COMMITMENT, ())

_POWERS = frozenset({"Government", "ArmedGroup", "ArmedForces", "Group", "Organisation"})
#: How far to the left and right of a verb a zone of an accord may stand.
_NEAR = 20


class Duties:
    """Finds the duties, demands and promises of one document that no frame names."""

    def __init__(self, reading: Reading) -> None:
        self.reading, self.tree = reading, reading.tree
        self.parties, self.stance, self.accords = reading.parties, reading.stance, reading.accords
        self.things = reading.things
        self.acts = self.things["strikes"] | self.things["endings"] | {"violation", "breach"}
        self.owed_acts = reading.arguments.owed - self.things["not_duties"]
        self.conduct = self.things["conduct"] | reading.arguments.owed
        names = ("owed_acts", "endings", "movements", "truces", "access", "duties")
        self.provided = frozenset(word for name in names for word in self.things[name])
        #: Verbs of what an agreement was found to say, in the order of the text.
        self.told: list[int] = []

    def agreed(self, draft: Draft) -> Draft | None:
        """Return the obligation in "X and Y agreed to V", for a draft of the agreement."""
        if draft.frame.content != "duty" or not draft.complements:
            return None
        head = draft.complements[0]
        acting = tuple(p for p in draft.actors if p.acts)
        if self.tree.lemmas[head] in self.things["not_duties"] or not acting:
            return None
        return Draft(
            head,
            draft.frame,
            ClaimType.OBLIGATION,
            actors=acting,
            targets=self.parties.resolve_all(self.tree.patients(head)),
        )

    def provisions(self, draft: Draft) -> Iterator[Draft]:
        """Yield a duty for each thing of a list: "the deal calls for a truce and a swap".

        A draft that is no such list is yielded as it is.
        """
        i, tree = draft.token, self.tree
        listed = [] if draft.complements else self.listed(draft)
        if len(listed) < 2:
            yield draft
            return
        ends = [start for _, start in listed[1:]] + [tree.right[i] + 1]
        for (k, start), end in zip(listed, ends, strict=True):
            doers = [
                d
                for d in self.reading.arguments.fillers(k, "doer")
                if start <= d < end and any(p.acts for p in self.reading.arguments.who(d))
            ]
            actors = [p for d in doers for p in self.reading.arguments.who(d) if p.acts]
            moved = [t for p, t in tree.obliques(k) if p == "of" and t not in doers]
            yield replace(
                draft,
                actors=tuple(dict.fromkeys(actors)),
                actor_tokens=doers,
                targets=self.parties.resolve_all(moved),
                target_tokens=moved,
                complements=[k],
                span=(start, end),
            )

    def listed(self, draft: Draft) -> list[tuple[int, int]]:
        """Return the acts that an accord lists, as nouns, each with where its phrase begins.

        Parsers hang the members of long lists anywhere; that they are members is seen by the
        comma or "and" before them.
        """
        i, tree = draft.token, self.tree
        if draft.type is not ClaimType.OBLIGATION or not draft.frame.open or tree.pos[i] != "VERB":
            return []
        found = []
        for k in range(i + 1, tree.right[i] + 1):
            if tree.pos[k] in ("VERB", "AUX") and k > i + 2:
                break
            if tree.pos[k] != "NOUN" or tree.lemmas[k] not in self.provided:
                continue
            parts = tree.children(k, "det", "amod", "compound", "nummod", "nmod:poss")
            start = min([k, *(tree.left[c] for c in parts if c < k)])
            before = tree.words[start - 1]
            if before in (",", ";", "and") or start - 1 <= i + 1:
                found.append((k, start))
        return found

    def owed(self, barred: Container[int]) -> Iterator[Draft]:
        """Yield what an agreement says that somebody will, must or is to do."""
        for i in self._verbs(barred):
            stated = self.stance.is_owed(i) and (
                self.tree.lemmas[i] in self.owed_acts or self._special_near(i)
            )
            zoned = (
                self.stance.is_future(i)
                and self.tree.deps[i] == "acl:relcl"
                and self.reading.places.is_special(self.tree.heads[i])
            )
            told = self.stance.by_agreement(i) or self._goes_on(i)
            if not (stated or zoned or told):
                continue
            if told:
                self.told.append(i)
            if self.tree.lemmas[i] in self.things["not_duties"] | self.things["not_acts"]:
                continue
            agents = self.tree.agents(i)
            actors = self.parties.resolve_all(agents)
            if any(p.acts for p in actors) or self.tree.is_passive(i):
                removed = self._removed(i)
                yield Draft(
                    i,
                    BY_AGREEMENT,
                    ClaimType.OBLIGATION,
                    actors=tuple(p for p in actors if p.acts),
                    targets=self.parties.resolve_all(removed),
                    actor_tokens=agents,
                    target_tokens=removed,
                )

    def _goes_on(self, i: int) -> bool:
        """Whether a sentence behind "under the deal X would ..." tells what else would be done.

        The outlet says "would" there of what was agreed, and of little else.
        """
        if not self.told or i in self.reading.voices or "would" not in self.tree.auxiliaries(i):
            return False
        if self.tree.lemmas[i] not in self.conduct or self.tree.negated(self.tree.heads[i]):
            return False
        if self.tree.deps[i] not in ("root", "conj", "parataxis"):
            return False
        between = self.reading.doc[self.told[-1] : i + 1].text
        start = self.reading.doc[i].sent.start
        last = self.reading.doc[self.told[-1]].sent
        return last.end >= start - 1 and between.count("\n\n") <= 1

    def musts(self, barred: Container[int]) -> Iterator[Draft]:
        """Yield what a speaker says that another party must do, whatever the verb."""
        for i in self._verbs(barred):
            if not self.stance.is_demand(i):
                continue
            agents = self.tree.agents(i) or self.tree.surface_subject(i)
            parties = tuple(p for p in self.parties.resolve_all(agents) if p.acts)
            if not parties:
                parties = self._behind(i) or self._addressed(i, agents)
            if not parties or not any(p.known or p.kind == "Group" for p in parties):
                continue
            voice = self.reading.voices.get(i)
            if self._had_to(i) and (voice is None or voice.kind == "direct"):
                continue
            kind = ClaimType.DEMAND
            if voice is None or not voice.holder or voice.holder in {p.side for p in parties}:
                kind = ClaimType.OBLIGATION
                if not self._by_accord(i) or self._only_says(i):
                    continue
            draft = Draft(i, MUST, kind, actors=parties, actor_tokens=agents)
            draft.target_tokens = self.tree.patients(i)
            draft.targets = self.parties.resolve_all(draft.target_tokens)
            yield draft

    def promises(self, barred: Container[int]) -> Iterator[Draft]:
        """Yield what a party says that it will do itself: a promise, or a threat if it warns."""
        for i in self._verbs(barred):
            lemma = self.tree.lemmas[i]
            if lemma in self.things["not_promised"] or not self._ahead(i):
                continue
            voice = self.reading.voices.get(i)
            agents = self.tree.agents(i)
            parties = tuple(p for p in self.parties.resolve_all(agents) if p.acts)
            teller = None
            if voice is None or not voice.holder:
                teller = self._teller(i)
            holder = voice.holder if voice is not None else ""
            own = (teller.side if teller is not None else holder) in {p.side for p in parties}
            armed = any(p.kind in _POWERS for p in parties)
            if not own or not (armed or lemma in self.conduct):
                continue
            warns = lemma in self.things["hostile"]
            warns = warns or (voice is not None and voice.cue_class == "warn")
            threat = warns and not self.tree.negated(i)
            if not threat and not (self._will(i) and self._matters(i, lemma)):
                continue
            kind = ClaimType.THREAT if threat else ClaimType.COMMITMENT
            patients = self.tree.patients(i)
            targets = self.parties.resolve_all(patients)
            draft = Draft(i, WILL, kind, parties, targets, [], agents, patients)
            draft.holder = teller
            yield draft

    def _teller(self, i: int) -> Party | None:
        """Return who announces it, where no attribution was found: "X announced that it will"."""
        head = self.tree.heads[i]
        if self.tree.deps[i] != "ccomp" or self.tree.lemmas[head] not in self.things["declaring"]:
            return None
        telling = self.parties.resolve_all(self.tree.agents(head))
        return next((p for p in telling if p.acts), None)

    def _ahead(self, i: int) -> bool:
        """Whether it is put as what will be, would be or could be."""
        return self._will(i) or bool(self.tree.auxiliaries(i) & {"could", "may", "might"})

    def _will(self, i: int) -> bool:
        if self.stance.is_future(i):
            return True
        head = self.tree.heads[i]
        carried = self.tree.deps[i] == "xcomp" and self.stance.words.get(self.tree.lemmas[head])
        return carried == "transparent" and self.stance.is_future(head)

    def _matters(self, i: int, lemma: str) -> bool:
        """Whether it is an act that accords ask for, or one towards an accord."""
        if lemma in self.conduct:
            return True
        objects = self.tree.patients(i)
        return self.reading.arguments.is_a("agreements", objects)

    # -- parts ---------------------------------------------------------------------------------

    def _verbs(self, barred: Container[int]) -> Iterator[int]:
        for i, pos in enumerate(self.tree.pos):
            if pos == "VERB" and i not in barred and not self.reading.is_outside(i):
                yield i

    def _had_to(self, i: int) -> bool:
        """Whether it only tells what was necessary: "they had to leave", "never had to fight"."""
        head = self.tree.heads[i]
        carried = self.tree.deps[i] == "xcomp" and self.tree.lemmas[head] in ("have", "need")
        return carried and (self.tree.tags[head] in ("VBD", "VBN") or self.tree.negated(head))

    def _addressed(self, i: int, agents: list[int]) -> tuple[Party, ...]:
        """Return whom "you must" means: of whom the same speaker last said that they must."""
        voice = self.reading.voices.get(i)
        if voice is None or not any(self.tree.words[k] == "you" for k in agents):
            return ()
        for k in range(i - 1, -1, -1):
            before = self.reading.voices.get(k)
            same = before is not None and before.holder == voice.holder
            if not same or self.tree.pos[k] != "VERB" or not self.stance.is_demand(k):
                continue
            named = self.parties.resolve_all(self.tree.agents(k))
            if others := tuple(p for p in named if p.acts and p.side != voice.holder):
                return others
        return ()

    def _only_says(self, i: int) -> bool:
        """Whether it only opens what is said: "we must remember that", "it must be noted that"."""
        return self.tree.lemmas[i] in self.things["saying_words"] and bool(
            self.tree.children(i, "ccomp")
        )

    def _behind(self, i: int) -> tuple[Party, ...]:
        """Return whose acts "the violations must end", "the attacks must be stopped" is about."""
        return tuple(
            p
            for k in self.tree.surface_subject(i)
            if self.tree.lemmas[k] in self.acts
            for d in self.reading.arguments.fillers(k, "doer")
            for p in self.reading.arguments.who(d)
            if p.acts
        )

    def _by_accord(self, i: int) -> bool:
        """Whether what the outlet, or the party itself, says that it must do is a matter of one."""
        sentence = self.reading.doc[i].sent
        if self.accords.within(sentence.start, sentence.end):
            return True
        return self.tree.lemmas[i] in self.reading.arguments.owed and bool(self.accords.mentions)

    def _removed(self, i: int) -> list[int]:
        """Return what an act is directed at; of a place that is evacuated, what leaves it."""
        found = [k for p, k in self.tree.obliques(i) if p == "of"]
        return found or self.tree.patients(i)

    def _special_near(self, i: int) -> bool:
        low = max(self.tree.left[i], i - _NEAR)
        high = min(self.tree.right[i] + 1, i + _NEAR)
        return any(self.reading.places.is_special(k) for k in range(low, high))
