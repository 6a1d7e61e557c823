"""A membership: who holds which post of whom, as an article says (``org:Membership``)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Membership:
    """A person's post, as one passage of an article gives it.

    ``person`` and ``organization`` are labels, canonical where the vocabulary has them; ``side`` is
    for whom the organization stands. ``role`` is the post in the article's words, empty where only
    the affiliation is said. ``start`` and ``end`` are character offsets of the passage in the
    article's text (Unicode code points, end exclusive).
    """

    person: str
    organization: str
    side: str
    role: str
    start: int
    end: int
