"""A mention: what an article calls an actor, a place, an agreement or an event."""

from __future__ import annotations

from dataclasses import dataclass

#: Kinds beside the classes of actors and places: an agreement by its key, an event by its name.
AGREEMENT, EVENT = "Agreement", "Event"


@dataclass(frozen=True, slots=True)
class Mention:
    """One surface form of one entity, in one article.

    ``form`` is the article's text at its first occurrence, from ``start`` to ``end`` (character
    offsets, Unicode code points, end exclusive), on one line; it stands there ``occurrences``
    times in this sense. ``kind`` is the entity's class, :data:`AGREEMENT` or :data:`EVENT`;
    ``name`` is its canonical label, the longest form of a name that the vocabulary lacks, or an
    agreement's key. ``iri`` is the vocabulary's, if it has one.
    """

    form: str
    start: int
    end: int
    kind: str
    name: str
    iri: str | None = None
    occurrences: int = 1
