"""How surely a candidate is the subject: features, weighed by a logistic regression.

Each feature is a number from -1 to 1, and 0 where nothing is known, so that a lack of knowledge
speaks neither for nor against. The weights stand in ``mappings/linking.yaml``; they were fitted by
``benchmarks/linking.py fit``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from accord.linking.candidate import Candidate
from accord.linking.names import closest, folded, is_acronym
from accord.linking.rules import Rules, rules
from accord.linking.subject import Subject
from accord.vocabulary import PLACES

_SIMILAR = 0.8
"""Names less alike than this are different names."""

_LEEWAY = timedelta(days=366)
"""Dates of items are often years only, which stand for their first day."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with how surely it is the subject, 0 to 1, and why."""

    candidate: Candidate
    confidence: float
    features: Mapping[str, float]

    @property
    def odds(self) -> float:
        """The natural logarithm of the odds."""
        bounded = min(max(self.confidence, 1e-9), 1 - 1e-9)
        return math.log(bounded / (1 - bounded))


def score(
    subject: Subject, candidates: Iterable[Candidate], given: Rules | None = None
) -> list[Scored]:
    """Return the candidates, the surest first; of equals, the one with the lower IRI."""
    given = given or rules()
    scored = []
    for candidate in candidates:
        found = features(subject, candidate, given)
        total = given.bias + sum(given.weights.get(name, 0.0) * x for name, x in found.items())
        scored.append(Scored(candidate, 1 / (1 + math.exp(-total)), found))
    return sorted(scored, key=lambda item: (-item.confidence, item.candidate.iri))


def features(
    subject: Subject, candidate: Candidate, given: Rules | None = None
) -> dict[str, float]:
    """Return what speaks for (above 0) and against (below 0) a candidate.

    ``name``: how alike the closest names are, from 0 (different) to 1 (only spelt differently).
    ``label``: both are mainly called so. ``names``: the share of the subject's further names that
    the candidate has. ``acronym``: nothing but an acronym is the same. ``surname``: a person of
    whom only one name is known, which may be a relative's. ``type``, ``country``,
    ``period``: agreement or contradiction. ``companions``: what is mentioned beside the subject is
    the candidate's country or related to it. ``related``: the latter alone.
    """
    theirs = (candidate.label, *candidate.aliases)
    alike = closest(*_comparable(subject, theirs))
    spelt = {folded(name) for name in theirs}
    same = [name for name in subject.names if folded(name) in spelt]
    further = [name for name in subject.aliases if folded(name) != folded(subject.label)]
    return {
        "name": max(0.0, (alike - _SIMILAR) / (1 - _SIMILAR)),
        "label": float(folded(subject.label) == folded(candidate.label)),
        "names": sum(name in same for name in further) / len(further) if further else 0.0,
        "acronym": float(bool(same) and all(map(is_acronym, same))),
        "surname": float(
            subject.kind == "Person" and not any(" " in name for name in subject.names)
        ),
        "type": _type(subject, candidate, given or rules()),
        "country": _country(subject, candidate),
        "period": _period(subject, candidate),
        "companions": _companions(subject, candidate),
        "related": float(bool(candidate.related & set(subject.companions))),
    }


def _comparable(
    subject: Subject, theirs: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names to be compared: of persons those in full, where both have any.

    Otherwise all of a family would be one, since everybody in it is also called by the surname.
    """
    if subject.kind == "Person":
        full = tuple(name for name in subject.names if " " in name)
        others = tuple(name for name in theirs if " " in name)
        if full and others:
            return full, others
    return subject.names, theirs


def _type(subject: Subject, candidate: Candidate, given: Rules) -> float:
    expected = given.types.get(subject.kind)
    if not expected or not candidate.types:
        return 0.0
    return 1.0 if expected & candidate.types else -1.0


def _country(subject: Subject, candidate: Candidate) -> float:
    if subject.country is None or not candidate.countries:
        return 0.0
    return 1.0 if subject.country in candidate.countries else -1.0


def _period(subject: Subject, candidate: Candidate) -> float:
    """Compare the days on which the subject was there with the candidate's beginning and end.

    An accord is concluded on one day, which must be that of the candidate. Of the others an
    article may speak after their end, which says little, but hardly before their beginning.
    """
    if subject.period is None or subject.kind in PLACES:
        return 0.0
    first, last = subject.period
    begun, ended = candidate.inception, candidate.dissolved
    if subject.kind == "Agreement":
        day = begun or ended
        return 0.0 if day is None else _same_day(day, first, last)
    if begun is not None and begun > last + _LEEWAY:
        return -1.0
    if ended is not None and ended + _LEEWAY < first:
        return -0.5
    return 0.5 if begun is not None and ended is not None else 0.25 * (begun is not None)


def _same_day(day: date, first: date, last: date) -> float:
    if first - timedelta(days=31) <= day <= last + timedelta(days=31):
        return 1.0
    return 0.0 if (day.month, day.day) == (1, 1) and day.year == first.year else -1.0


def _companions(subject: Subject, candidate: Candidate) -> float:
    """Return the weight, falling with its rank, of the first companion that the candidate has."""
    around = (candidate.countries | candidate.related) - {candidate.qid}
    if not subject.companions or not around:
        return 0.0
    for rank, item in enumerate(subject.companions):
        if item in around:
            return 1 / (1 + rank / 4)
    return -0.5
