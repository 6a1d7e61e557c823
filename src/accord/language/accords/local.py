"""Agreements that the vocabulary does not know: one for all mentions of it in an article."""

from __future__ import annotations

from dataclasses import dataclass

from accord.language.accords.clues import Clues
from accord.language.accords.names import local_key
from accord.language.names import fold
from accord.vocabulary import Vocabulary


@dataclass(slots=True, eq=False)
class LocalAccord:
    """An agreement that only this article tells of.

    ``names`` are the folded words by which it was mentioned, ``labels`` what its key is made of.
    """

    names: set[str]
    parties: set[str]
    labels: list[str]
    noun: str
    year: str = ""
    #: Whether the article reports that it was made.
    news: bool = False

    @property
    def key(self) -> str:
        """A slug of its name and year."""
        return local_key(self.labels, self.noun, self.year)

    def learn(self, clues: Clues) -> None:
        """Take from a mention what the others did not tell."""
        self.year = self.year or clues.year
        self.news = self.news or clues.made


class LocalAccords:
    """The agreements of one article's own, as its mentions are read from left to right."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.found: list[LocalAccord] = []

    def of(self, clues: Clues, noun: str) -> LocalAccord | None:
        """Return the agreement that a mention names, if it names one.

        :param noun: lemma of the word that it is called by
        """
        title = " ".join(clues.title)
        names = {fold(name) for name in (title, *clues.venues, *clues.zones)} - {""}
        parties = set(clues.parties)
        for earlier in self.found:
            other = clues.year and earlier.year and clues.year != earlier.year
            same = len(parties) > 1 and parties == earlier.parties
            if not other and (names & earlier.names or (same and not names)):
                earlier.names |= names
                return earlier
        if not (clues.title or clues.made or len(parties) > 1):
            # "broke the truce in the valley": where it was broken, and no name.
            return None
        labels = [title] if title else list((*clues.venues, *clues.zones)[:1])
        if labels:
            noun = ""
        elif len(parties) > 1:
            entities = [self.vocabulary.entity(iri) for iri in clues.parties]
            labels = sorted(entity.label for entity in entities if entity is not None)
        if not labels or not (clues.definite or clues.made or title):
            return None
        self.found.append(LocalAccord(names, parties, labels, noun))
        return self.found[-1]
