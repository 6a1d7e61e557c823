"""A run's proposals as rows of a mapping set, joined with what people have said of earlier ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from accord import __version__
from accord.linking.decision import Decision, Verdict
from accord.linking.scoring import Scored
from accord.linking.sssom import CLOSE, EXACT, SCORED, Link, MappingSet
from accord.settings import data_folder

HEADER: dict[str, object] = {
    "mapping_set_id": "https://w3id.org/accord-kg/graph/links/proposed",
    "mapping_set_title": "Links that accord link has proposed",
    "license": "https://creativecommons.org/publicdomain/zero/1.0/",
    "comment": "A row without reviewer_label is a proposal and is loaded nowhere. To accept it, "
    "write your name there; to reject it, write Not into predicate_modifier as well.",
}

_CANDIDATES = 5
"""Candidates of one ambiguous name that are kept."""


def joined(
    before: MappingSet, decisions: Iterable[Decision], asked: Collection[str], day: date
) -> MappingSet:
    """Return the file with new proposals in the place of a former run's.

    What a person has confirmed, rejected or imported stays, and is not proposed again; so do the
    proposals for subjects that could not be asked about this time. A proposal that is as it was
    keeps its day.

    :param asked: IRIs of the subjects that were decided
    """
    own = [link for link in before.links if not link.confirmed and link.justification == SCORED]
    former = {(link.subject, link.object): link for link in own if link.subject in asked}
    kept = [link for link in before.links if former.get((link.subject, link.object)) != link]
    said = {(link.subject, link.object) for link in kept}
    for decision in decisions:
        for link in proposals(decision, day):
            pair = (link.subject, link.object)
            if pair not in said:
                old = former.get(pair)
                same = old is not None and replace(old, day=day) == link
                kept.append(old if same and old is not None else link)
    kept.sort(key=lambda link: (link.subject, -(link.confidence or 0), link.object))
    return MappingSet(kept, {**HEADER, **before.header})


def proposals(decision: Decision, day: date) -> Iterator[Link]:
    """Yield the rows that a decision makes: its link, or its candidates for a person to choose."""
    subject, candidates = decision.subject, decision.candidates
    if decision.verdict is Verdict.LINK:
        candidates = candidates[:1]
    for scored in candidates[:_CANDIDATES]:
        item = scored.candidate
        remarks = [item.description]
        if decision.verdict is Verdict.AMBIGUOUS:
            number = len(candidates)
            remarks.append(f"{f'one of {number}' if number > 1 else 'unsure'}: {decision.why}")
        yield Link(
            subject=subject.iri,
            object=item.iri,
            predicate=_predicate(decision, scored),
            subject_label=subject.label,
            object_label=item.label,
            confidence=round(scored.confidence, 3),
            tool="accord",
            tool_version=__version__,
            day=day,
            comment="; ".join(filter(None, remarks)),
        )


def _predicate(decision: Decision, scored: Scored) -> str:
    """Return an exact match, or a close one where something speaks against sameness.

    A candidate of no known class, or one that was not there at the time, may be a part, a
    predecessor or a namesake in another role.
    """
    known = scored.features
    doubtful = known["type"] <= 0 or known["period"] < 0 or known["country"] < 0
    return CLOSE if decision.verdict is Verdict.LINK and doubtful else EXACT


def proposals_file() -> Path:
    """Return the file of proposals where none is named."""
    return data_folder() / "links.sssom.tsv"
