"""What becomes of a subject: a link, several candidates for a person to choose from, or none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from accord.linking.candidate import Candidate
from accord.linking.rules import Rules, rules
from accord.linking.scoring import Scored, score
from accord.linking.subject import Subject


class Verdict(StrEnum):
    """What is said of a subject.

    ``AMBIGUOUS``: candidates are kept, because several could be meant or the only one is not
    sure. ``NONE``: no candidate comes into question.
    """

    LINK = "link"
    AMBIGUOUS = "ambiguous"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Decision:
    """A subject's verdict, with the candidates that come into question, the surest first.

    :ivar why: for a person: what keeps an ambiguous one from being a link
    """

    subject: Subject
    verdict: Verdict
    candidates: tuple[Scored, ...] = ()
    why: str = ""


def decide(
    subject: Subject, candidates: Iterable[Candidate], given: Rules | None = None
) -> Decision:
    """Decide on a subject by the thresholds of ``mappings/linking.yaml``.

    The best candidate is a link if it is sure enough and far enough above the second. Otherwise
    those that are worth a look are kept.
    """
    given = given or rules()
    kept = [each for each in score(subject, candidates, given) if each.confidence >= given.review]
    if not kept:
        return Decision(subject, Verdict.NONE)
    best = kept[0]
    if best.confidence < given.link:
        return Decision(subject, Verdict.AMBIGUOUS, tuple(kept), "none is sure enough")
    if len(kept) > 1 and best.odds - kept[1].odds < given.margin:
        why = f"{kept[1].candidate.qid} is nearly as likely"
        return Decision(subject, Verdict.AMBIGUOUS, tuple(kept), why)
    return Decision(subject, Verdict.LINK, tuple(kept))


def settle(decisions: Sequence[Decision], taken: Mapping[str, str]) -> list[Decision]:
    """Return the decisions with no item linked twice.

    Where two subjects would get one item, or one gets what another has already, a person has to
    say whether the two are one.

    :param taken: subject by item, of confirmed links
    """
    wanted: dict[str, list[str]] = {}
    for decision in decisions:
        if decision.verdict is Verdict.LINK:
            item = decision.candidates[0].candidate.iri
            wanted.setdefault(item, []).append(decision.subject.iri)
    settled = []
    for decision in decisions:
        if decision.verdict is Verdict.LINK:
            item, own = decision.candidates[0].candidate.iri, decision.subject.iri
            others = [iri for iri in (taken.get(item, own), *wanted[item]) if iri != own]
            if others:
                why = f"the item is also that of {others[0]}"
                decision = replace(decision, verdict=Verdict.AMBIGUOUS, why=why)
        settled.append(decision)
    return settled
