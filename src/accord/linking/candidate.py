"""What a subject of the graph may be in another data set, and who proposes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from accord.linking.subject import Subject

ENTITY = "http://www.wikidata.org/entity/"
"""What the IRIs of Wikidata's items start with."""


_AT_A_TIME = 200
"""Subjects that one source is asked about before the next."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity of another data set that a subject may be the same as.

    What a source does not say stays empty, and says nothing against the candidate. Types,
    countries and relations are bare QIDs ("Q43"), whatever the source.

    :ivar iri: "http://www.wikidata.org/entity/Q43"
    :ivar label: its name in the first of the languages asked for that has one
    :ivar aliases: its other names, labels in other languages included, in no particular order
    :ivar types: its classes with all their superclasses
    :ivar countries: where it is or whose citizen it is
    :ivar inception: the first day of the earliest date on which it began or was born
    :ivar dissolved: the first day of the latest date on which it ended or died
    :ivar related: what it is a member, part or party of, or who has taken part in it
    :ivar sitelinks: articles of Wikimedia projects about it: how well known it is
    :ivar score: what the source itself makes of the match, 0 to 100 where it says so
    """

    iri: str
    label: str
    aliases: tuple[str, ...] = ()
    description: str = ""
    types: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    inception: date | None = None
    dissolved: date | None = None
    related: frozenset[str] = frozenset()
    sitelinks: int = 0
    score: float | None = None

    @property
    def qid(self) -> str:
        """The last part of its IRI: "Q43"."""
        return self.iri.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A subject for which a source could not be asked, with the reason, for people."""

    subject: Subject
    why: str


class CandidateSource(Protocol):
    """Who proposes candidates: a SPARQL endpoint, an API, a reconciliation service."""

    name: str
    """What the source is called in reports and mappings: "wikidata"."""

    unanswered: list[Unanswered]
    """The subjects of all calls so far that got no answer. "No candidates" is not known of them."""

    @property
    def requests(self) -> int:
        """Requests that were sent so far, each attempt counted."""

    def candidates(self, subjects: Sequence[Subject]) -> Iterator[tuple[Subject, list[Candidate]]]:
        """Yield each subject that was answered, in the order given, with what it may be.

        An empty list says that the source knows nothing of that name. A subject for which the
        source could not be asked is not yielded: it is in :attr:`unanswered`. Requests are made
        for many subjects at a time, when the first of them is taken.
        """


class InTurn:
    """A source made of several: each is asked about what those before it know nothing of.

    A subject that one of them could not be asked about is not answered: the candidates of the next
    may lack the right one.
    """

    def __init__(self, sources: Sequence[CandidateSource]) -> None:
        self.name = "+".join(dict.fromkeys(source.name for source in sources))
        self._sources = sources
        self.unanswered: list[Unanswered] = []

    @property
    def requests(self) -> int:
        """See :attr:`CandidateSource.requests`."""
        return sum(source.requests for source in self._sources)

    def candidates(self, subjects: Sequence[Subject]) -> Iterator[tuple[Subject, list[Candidate]]]:
        """See :meth:`CandidateSource.candidates`."""
        for start in range(0, len(subjects), _AT_A_TIME):
            some = subjects[start : start + _AT_A_TIME]
            found: dict[str, list[Candidate]] = {}
            missed: dict[str, Unanswered] = {}
            for source in self._sources:
                before = len(source.unanswered)
                ahead = [one for one in some if not found.get(one.iri) and one.iri not in missed]
                found |= {subject.iri: known for subject, known in source.candidates(ahead)}
                missed |= {lost.subject.iri: lost for lost in source.unanswered[before:]}
            for subject in some:
                if subject.iri in missed:
                    self.unanswered.append(missed[subject.iri])
                else:
                    yield subject, found.get(subject.iri, [])
