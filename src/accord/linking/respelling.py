"""Names in other transliterations, for those that a source does not know as they are written.

A lookup finds exact names only. Which letters stand for each other is data: ``respellings`` in
``mappings/linking.yaml``. What is found by a respelt name is scored by the name as it was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, product

from accord.linking.candidate import Candidate, CandidateSource, Unanswered
from accord.linking.rules import rules
from accord.linking.subject import Subject

_OF_A_WORD = 8
"""Spellings of one word, and"""
_OF_A_NAME = 16
"""of one name that are tried, those with the fewest changes first."""

_LOOKED_AT = 4096
"""Ways to spell a name from which they are taken: long names have too many."""


class Respelt:
    """A :class:`~accord.linking.candidate.CandidateSource`: another one, asked by other names."""

    def __init__(self, source: CandidateSource) -> None:
        self._source = source
        self.name = source.name
        self.unanswered: list[Unanswered] = []

    @property
    def requests(self) -> int:
        """None of its own: the other source counts them."""
        return 0

    def candidates(self, subjects: Sequence[Subject]) -> Iterator[tuple[Subject, list[Candidate]]]:
        """See :meth:`accord.linking.candidate.CandidateSource.candidates`."""
        own = {subject.iri: subject for subject in subjects}
        asked = []
        for subject in subjects:
            others = list(dict.fromkeys(one for name in subject.names for one in respelt(name)))
            if others:
                asked.append(replace(subject, label=others[0], aliases=tuple(others[1:])))
        before = len(self._source.unanswered)
        found = {subject.iri: hits for subject, hits in self._source.candidates(asked)}
        # They are the other source's too: it must not count them a second time.
        lost = self._source.unanswered[before:]
        del self._source.unanswered[before:]
        self.unanswered += [Unanswered(own[one.subject.iri], one.why) for one in lost]
        away = {one.subject.iri for one in lost}
        for subject in subjects:
            if subject.iri not in away:
                yield subject, found.get(subject.iri, [])


def respelt(name: str) -> list[str]:
    """Return a name's other spellings, those with the fewest changes first.

    >>> "Jaish Al Izza" in respelt("Jeish Al Izza")
    True
    """
    words = [_spellings(word) for word in name.replace("-", " - ").split()]
    ways = sorted(
        islice(product(*words), _LOOKED_AT), key=lambda way: sum(edits for _, edits in way)
    )
    found = (" ".join(word for word, _ in way).replace(" - ", "-") for way in ways)
    return [one for one in dict.fromkeys(found) if one != name][:_OF_A_NAME]


def _spellings(word: str) -> list[tuple[str, int]]:
    """Return a word as it is, as one change and as two changes have it, each with their number."""
    found = {word: 0}
    for edits in (1, 2):
        for known in list(found):
            for other in _changed(known):
                found.setdefault(other, edits)
    return list(found.items())[:_OF_A_WORD]


def _changed(word: str) -> Iterable[str]:
    for family in rules().families:
        if word.casefold() in family:
            yield from (other.capitalize() for other in family if other != word.casefold())
            return
    for pattern, text in rules().respellings:
        other = pattern.sub(text, word)
        if other != word:
            yield other
