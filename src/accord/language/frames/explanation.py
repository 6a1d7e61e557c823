"""Why a sentence makes its claims: which frame fired on what, and what was dropped."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc

from accord.article import parse_article
from accord.claim import Claim
from accord.language.claims.finder import ClaimFinder
from accord.language.frames.constructions import construction
from accord.language.frames.frame import Source
from accord.language.frames.matching import Draft
from accord.language.frames.reader import load_frames
from accord.language.reading import Reading
from accord.vocabulary import load_vocabulary


@dataclass(frozen=True, slots=True)
class Explanation:
    """What became of a trigger.

    ``place`` are the trigger's characters (end exclusive) in the text explained. ``roles`` says
    for each role from which argument of the frame it is taken, and which words fill it.
    ``operators`` are the words above the trigger that change what it says. ``claim`` is the claim
    made; without one, ``reason`` says why.
    """

    trigger: str
    place: tuple[int, int]
    frame: str
    where: str
    type: str
    construction: str
    roles: tuple[str, ...]
    operators: tuple[str, ...]
    claim: Claim | None
    reason: str


def explain(text: str, nlp: Language) -> list[Explanation]:
    """Explain what a text makes of the frames, in the order of the text.

    A sentence by itself is read as part of an article about a conflict: the test of whether an
    article is about one needs more words than a sentence has.

    :param text: a sentence or more
    :param nlp: the whole pipeline, as :func:`accord.extraction.pipeline` returns it
    """
    doc = nlp.make_doc(text)
    doc._.article = parse_article(text, "text")
    reading = Reading(nlp(doc), load_vocabulary(), load_frames())
    trace: list[tuple[Draft, str]] = []
    finder = ClaimFinder(reading, trace)
    finder.find(relevant=True, unsure=True)
    explainer = _Explainer(reading)
    told = [explainer.of(draft, claim, "") for draft, claim in finder.made]
    told += [explainer.of(draft, None, why) for draft, why in trace]
    return sorted(told, key=lambda e: (e.place, e.claim is None, e.type, e.frame))


class _Explainer:
    def __init__(self, reading: Reading) -> None:
        self.reading, self.tree, self.doc = reading, reading.tree, reading.doc

    def of(self, draft: Draft, claim: Claim | None, reason: str) -> Explanation:
        i = draft.token
        operators = self.reading.stance.operators(i)
        return Explanation(
            trigger=self.doc[i].text,
            place=(self.doc[i].idx, self.doc[i].idx + len(self.doc[i])),
            frame=draft.frame.name,
            where=draft.frame.where,
            type=draft.type.value,
            construction=construction(draft, self.reading),
            roles=tuple(self._roles(draft)),
            operators=tuple(f"{self.doc[k].text} ({kind})" for kind, k in operators),
            claim=claim,
            reason=reason,
        )

    def _roles(self, draft: Draft) -> list[str]:
        found = []
        for role, tokens in (("actor", draft.actor_tokens), ("target", draft.target_tokens)):
            if tokens:
                source = self._source(draft, role)
                words = ", ".join(self._phrase(self.doc, k) for k in tokens)
                parties = draft.actors if role == "actor" else draft.targets
                names = ", ".join(dict.fromkeys(p.label for p in parties))
                found.append(f"{role} = {source}: {words} -> {names}")
        if draft.complements:
            heads = ", ".join(self.doc[k].text for k in draft.complements)
            found.append(f"content: {heads}")
        return found

    def _source(self, draft: Draft, role: str) -> str:
        """Return the argument of the frame that gave a role."""
        arguments = self.reading.arguments
        for source in draft.frame.sources(role):
            found = [k for a in source.arguments for k in arguments.fillers(draft.token, a)]
            if self._fits(source, found):
                return str(source)
        return "the construction"

    def _fits(self, source: Source, found: list[int]) -> bool:
        if source.kind == "any":
            return bool(found)
        return any(self.reading.arguments.is_a(source.kind, [k]) for k in found)

    def _phrase(self, doc: Doc, k: int) -> str:
        return self.reading.parties.phrase(k) or doc[k].text
