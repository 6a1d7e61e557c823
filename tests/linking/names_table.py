"""Tables of names with right answers, and how good decisions on them are.

A row is a name as an article has it, with what an article tells around it: the kind, the country
and a year, and whom it mentions beside. ``expected`` is the key of an item of the small Wikidata
(tests/fixtures/wikidata.tsv), ``NIL`` where none of them is meant, or ``AMBIGUOUS`` where a careful
reader could not say which. Countries and companions are keys too.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from accord.linking.decision import Decision, Verdict
from accord.linking.subject import Subject
from tests.linking.wikidata_model import by_key

TEST = Path(__file__).parent / "names.tsv"
NIL, AMBIGUOUS = "NIL", "AMBIGUOUS"


@dataclass(frozen=True, slots=True)
class Row:
    subject: Subject
    expected: str
    """A QID, ``NIL`` or ``AMBIGUOUS``."""

    about: str


@dataclass(frozen=True, slots=True)
class Figures:
    """``precision``: of the links made, how many are right. ``recall``: of the names that can be
    linked, how many are linked rightly. ``none``: of the names that nothing is right for, how many
    were decided to have none; ``none_right``: of those decisions, how many are right. ``kept``: of
    the ambiguous names, how many were left to a person with more than one candidate."""

    precision: float
    recall: float
    none: float
    none_right: float
    kept: float
    links: int


def rows(path: Path) -> list[Row]:
    qids = by_key()
    with path.open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Row(
            Subject(
                iri=f"https://w3id.org/accord-kg/id/name/{number}",
                label=row["name"],
                kind=row["kind"],
                country=qids[row["country"]] if row["country"] else None,
                period=_year(row["year"]),
                companions=tuple(qids[key] for key in row["beside"].split()),
            ),
            qids.get(row["expected"], row["expected"]),
            row["about"],
        )
        for number, row in enumerate(table)
    ]


def right(row: Row, decision: Decision) -> bool:
    """Whether the decision is the expected one."""
    if decision.verdict is Verdict.LINK:
        return decision.candidates[0].candidate.qid == row.expected
    return decision.verdict is {NIL: Verdict.NONE, AMBIGUOUS: Verdict.AMBIGUOUS}.get(row.expected)


def figures(given: Sequence[Row], decisions: Iterable[Decision]) -> Figures:
    pairs = list(zip(given, decisions, strict=True))
    linked = [pair for pair in pairs if pair[1].verdict is Verdict.LINK]
    none = [pair for pair in pairs if pair[1].verdict is Verdict.NONE]
    good = sum(right(*pair) for pair in linked)
    nil = [pair for pair in pairs if pair[0].expected == NIL]
    unclear = [pair for pair in pairs if pair[0].expected == AMBIGUOUS]
    return Figures(
        precision=_share(good, len(linked)),
        recall=_share(good, len(pairs) - len(nil) - len(unclear)),
        none=_share(sum(right(*pair) for pair in nil), len(nil)),
        none_right=_share(sum(row.expected == NIL for row, _ in none), len(none)),
        kept=_share(sum(right(*pair) for pair in unclear), len(unclear)),
        links=len(linked),
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _year(text: str) -> tuple[date, date] | None:
    return (date(int(text), 1, 1), date(int(text), 12, 31)) if text else None
