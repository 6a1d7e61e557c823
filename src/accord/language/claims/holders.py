"""Who holds a claim: whoever says, wants or threatens it, else the outlet."""

from __future__ import annotations

from accord.claim import OUTLET, ClaimType
from accord.language.actors.parties import Party
from accord.language.frames.matching import Draft
from accord.language.reading import Reading
from accord.language.speech.attribution import tokens
from accord.language.speech.attributions import Voice
from accord.language.speech.sources import Sources
from accord.language.wordlists import word_lists

#: A content is looked for so many governors above a predicate.
_STEPS = 8


class Holders:
    """Finds the holders of one document's claims."""

    def __init__(self, reading: Reading) -> None:
        self.doc, self.tree, self.parties = reading.doc, reading.tree, reading.parties
        self.voices, self.accords = reading.voices, reading.accords
        self.sources = Sources(reading.tree, reading.parties)
        self.cues = {
            i: a.speaker for a in reading.doc._.attributions for i in tokens([a.cue]) if a.speaker
        }
        grammar = word_lists("grammar")
        self.recording = frozenset([*grammar["recording"], *grammar["called"]])

    def of(self, draft: Draft) -> tuple[str, str | None]:
        """Return the holder of a draft's claim, and the speaker where that is another."""
        voice = self.voices.get(draft.token)
        if voice is not None and (
            self._background(draft.token, voice) or self._presupposed(draft, voice)
        ):
            voice = None
        frame = draft.frame
        if frame.holder and draft.type in (ClaimType.DEMAND, ClaimType.THREAT):
            subjects = self.tree.agents(draft.token)
            if frame.holder == "owner":
                subjects = self.tree.noun_agents(draft.token)
            if not subjects and self.tree.deps[draft.token] == "acl:relcl":
                # "Turkey summoned the ambassadors, who were asked to ...": Turkey asked.
                subjects = self.tree.agents(self.tree.heads[self.tree.heads[draft.token]])
            wanting = [p for p in self.parties.resolve_all(subjects) if p.acts]
            if frame.holder == "owner" and not subjects:
                # "Iraqi calls for a withdrawal" are Iraq's.
                before = self.tree.children(draft.token, "amod", "compound")
                wanting = [p for k in before for p in self.parties.modifier(k) if p.acts]
            if subjects and not wanting:
                # "Foreign donors urge": people whom nobody knows.
                somebody = self.cues.get(draft.token) or self.sources.speaker(subjects[0], True)
                wanting = [somebody] if somebody is not None else []
            if draft.type is ClaimType.DEMAND:
                wanting = [p for p in wanting if p not in draft.actors]
            if wanting:
                party = wanting[0]
                speaker = party.label if party.label != party.side else None
                if speaker is None and voice is not None and voice.holder == party.side:
                    speaker = self._speaker(voice)
                return party.side, speaker
        if voice is None:
            recorder = self._recorder(draft.token)
            if recorder is not None:
                speaker = recorder.label if recorder.label != recorder.side else None
                return recorder.side, speaker
            if draft.type is ClaimType.THREAT and self.tree.pos[draft.token] == "NOUN":
                return self._threatened(draft)
            if draft.type is ClaimType.COMMITMENT and draft.frame.name == "pledge":
                return self._pledged(draft)
            return OUTLET, None
        return voice.holder, self._speaker(voice)

    def _recorder(self, i: int) -> Party | None:
        """Return who records or calls something what a noun says: "X recorded 12 breaches"."""
        if self.tree.pos[i] not in ("NOUN", "PROPN"):
            return None
        head = next(iter(self.tree.climb(i)), i)
        if self.tree.deps[i] == "nmod":
            head = next(iter(self.tree.climb(head)), head)
        recording = self.tree.lemmas[head] in self.recording
        if not recording or self.tree.pos[head] != "VERB" or self.tree.negated(head):
            return None
        if self.tree.is_infinitive(head):
            # "A day to observe the victory" says nothing.
            return None
        subjects = self.parties.resolve_all(self.tree.agents(head))
        return next((p for p in subjects if p.acts), None)

    def _threatened(self, draft: Draft) -> tuple[str, str | None]:
        """ "Russia's threat to strike" is Russia's own word."""
        owners = self.tree.children(draft.token, "nmod:poss")
        party = next((p for p in self.parties.resolve_all(owners) if p.acts), None)
        if party is None:
            return OUTLET, None
        return party.side, party.label if party.label != party.side else None

    def _pledged(self, draft: Draft) -> tuple[str, str | None]:
        """A pledge is the party's own word, unless it is told as what a deal contains."""
        sentence = self.doc[draft.token].sent
        told = any(
            self.tree.preposition(mention.token) in ("under", "according to", "as part of")
            for mention in self.accords.within(sentence.start, sentence.end)
        )
        party = next((p for p in draft.actors if p.acts), None)
        if told or party is None:
            return OUTLET, None
        return party.side, party.label if party.label != party.side else None

    def _speaker(self, voice: Voice) -> str | None:
        if voice.speaker.label == voice.holder:
            return None
        return voice.speaker.label

    def _presupposed(self, draft: Draft, voice: Voice) -> bool:
        """Whether it is the truce of "accused them of breaking the truce agreed in May"."""
        charged = voice.cue_class == "accuse" or voice.cue.root.lemma_ in self.sources.naming
        modifies = self.tree.deps[draft.token] in ("acl", "acl:relcl", "amod", "nmod", "obj")
        return draft.type is ClaimType.AGREEMENT and charged and modifies and voice.kind != "direct"

    def _background(self, i: int, voice: Voice) -> bool:
        """Whether the predicate stands in an aside of an indirect report, which is the outlet's."""
        if voice.kind == "direct":
            return False
        starts = {span.start for span in voice.content}
        if self._aside(i, min(starts)):
            return True
        at = i
        for steps, head in enumerate(self.tree.climb(i)):
            if steps > _STEPS or at in starts:
                break
            dep = self.tree.deps[at]
            left = self.tree.left[at]
            comma = left > 0 and self.tree.words[left - 1] in (",", "—", "–", "-", "(")
            if dep in ("acl:relcl", "appos", "acl") and (
                comma or self.tree.words[left] in (",", "—")
            ):
                return any(span.start <= head < span.end for span in voice.content)
            at = head
        return False

    def _aside(self, i: int, start: int) -> bool:
        """Whether a token stands between two dashes behind the beginning of a content."""
        sentence = self.doc[i].sent
        low = max(start, sentence.start)
        dashes = [k for k in range(low, sentence.end) if self.tree.words[k] in ("—", "–")]
        opened = [k for k in dashes if k < i]
        return len(dashes) == 2 and len(opened) == 1
