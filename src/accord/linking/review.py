"""A person's look at proposals: subject by subject, accepting, rejecting or leaving them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from accord.errors import UsageError
from accord.linking.mapping_set import code_of
from accord.linking.sssom import BROAD, CLOSE, EXACT, Link, MappingSet

KEYS = {"a": EXACT, "c": CLOSE, "b": BROAD}
"""What a key accepts a proposal as."""

HELP = "a accept, c accept as close, b as broader, r reject, s skip, q quit; a2 is the second one"


@dataclass(frozen=True, slots=True)
class Question:
    """The open proposals for one subject, the surest first."""

    subject: str
    label: str
    proposals: tuple[Link, ...]


def questions(links: MappingSet) -> Iterator[Question]:
    """Yield the subjects that have proposals which nobody has confirmed, in the file's order."""
    waiting = [link for link in links.links if not link.confirmed]
    waiting.sort(key=lambda link: link.subject)
    for subject, rows in groupby(waiting, key=lambda link: link.subject):
        surest = sorted(rows, key=lambda link: -(link.confidence or 0))
        yield Question(subject, surest[0].subject_label, tuple(surest))


def answered(question: Question, reply: str, reviewer: str, day: date) -> tuple[Link, ...]:
    """Return the proposals of a question as a reply has them.

    A letter and a number say which proposal; without a number, accepting means the first and
    rejecting means all. To accept one exactly is to reject the others of the same data set.

    :raises UsageError: if the reply is none of those in :data:`HELP`
    """
    key, number = reply[:1], reply[1:]
    if key == "s" and not number:
        return question.proposals
    if key not in (*KEYS, "r") or not (number.isdecimal() or not number):
        raise UsageError(f"{reply!r} is no answer.", HELP)
    chosen = int(number or 1) - 1
    if not 0 <= chosen < len(question.proposals):
        raise UsageError(f"There is no proposal {number}.", HELP)
    found = []
    data_set = _data_set(question.proposals[chosen])
    for place, link in enumerate(question.proposals):
        if key == "r" and (not number or place == chosen):
            link = link.reject(reviewer, day)
        elif key in KEYS and place == chosen:
            link = link.accept(reviewer, KEYS[key], day)
        elif key == "a" and _data_set(link) == data_set:
            link = link.reject(reviewer, day)
        found.append(link)
    return tuple(found)


def _data_set(link: Link) -> str:
    code = code_of(link.object)
    return code[0] if code else ""


def replaced(links: MappingSet, rows: Sequence[Link]) -> MappingSet:
    """Return the file with rows in the place of those of the same subject and object."""
    new = {(link.subject, link.object): link for link in rows}
    return MappingSet(
        [new.get((link.subject, link.object), link) for link in links.links], links.header
    )
