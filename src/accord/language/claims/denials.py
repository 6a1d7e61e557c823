"""Denials without the thing denied: "the army rejected the accusation", "it denies this".

What somebody rejects there was said before, mostly in the same sentence or in the one above. The
claim is made again, with the denier as its holder and with the opposite polarity.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from accord.claim import ClaimType
from accord.language.actors.parties import Party
from accord.language.frames.frame import Frame
from accord.language.frames.matching import Draft
from accord.language.reading import Reading
from accord.language.wordlists import word_lists

DENIED = Frame("denied in general", ClaimType.VIOLATION, (), denied=True)
#: What is denied was said so many sentences before at most.
_BACK = 2
#: What somebody may be accused of.
_ACTS = frozenset(
    {
        ClaimType.VIOLATION,
        ClaimType.COMPLIANCE,
        ClaimType.INCIDENT,
        ClaimType.ALIGNMENT,
        ClaimType.DEPLOYMENT,
    }
)


class Denials:
    """Finds what the parties of one document deny without saying it again."""

    def __init__(self, reading: Reading) -> None:
        self.reading, self.tree, self.doc = reading, reading.tree, reading.doc
        self.parties = reading.parties
        lists = word_lists("operators")
        self.denying = frozenset(lists["denying"])
        self.anaphors = frozenset(lists["anaphors"]) | reading.things["accusations"]

    def drafts(self, made: Sequence[Draft]) -> Iterator[Draft]:
        """Yield what is denied, for each verb that says so.

        :param made: the drafts of claims of the document, in any order
        """
        acts = sorted((d for d in made if d.type in _ACTS), key=lambda d: d.token)
        for i, pos in enumerate(self.tree.pos):
            if pos != "VERB" or self.tree.lemmas[i] not in self.denying:
                continue
            if not self._general(i) or self.reading.is_outside(i):
                continue
            denier = next((p for p in self._parties(self.tree.agents(i)) if p.acts), None)
            denied = denier and self._accused(i, denier, acts)
            if denier and denied:
                frame = replace(DENIED, type=denied.type)
                yield replace(denied, token=i, frame=frame, actors=(denier,), holder=denier)

    def _accused(self, i: int, denier: Party, acts: Sequence[Draft]) -> Draft | None:
        """Return the last act before a verb that the denier was accused of."""
        start = self.doc[i].sent.start
        for _ in range(_BACK):
            start = self.doc[start - 1].sent.start if start else 0
        before = [d for d in acts if start <= d.token < i]
        own = [d for d in before if denier.side in {p.side for p in d.actors}]
        return own[-1] if own and self._is_charge(own[-1], denier, i) else None

    def _is_charge(self, draft: Draft, denier: Party, i: int) -> bool:
        """Whether somebody else says it, or it stands in the sentence that denies it."""
        voice = self.reading.voices.get(draft.token)
        if voice is None or not voice.holder:
            return self.doc[draft.token].sent.start == self.doc[i].sent.start
        return voice.holder != denier.side

    def _general(self, i: int) -> bool:
        """Whether a verb's object is only "this" or "the accusation", or it has none at all."""
        tree = self.tree
        if tree.negated(i) or tree.is_passive(i) or tree.complement(i):
            return False
        objects = tree.patients(i)
        if any(tree.words[k] == "which" and tree.words[k - 1] == "," for k in tree.kids[i]):
            return True  # ", which Kigali denies": whatever noun stands before it.
        if not objects:
            return tree.lemmas[i] == "deny"
        return all(
            tree.lemmas[k] in self.anaphors
            and not tree.complement(k)
            and not any(p in ("of", "about", "on") for p, _ in tree.obliques(k))
            for k in objects
        )

    def _parties(self, tokens: list[int]) -> list[Party]:
        return [p for k in tokens for p in self.parties.resolve(k)]
