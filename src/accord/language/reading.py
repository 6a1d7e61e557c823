"""Everything that is read of a document before its claims: speech, dates, accords, places.

What only some claims need is read when it is first asked for.
"""

from __future__ import annotations

import sys
from bisect import bisect_right
from functools import cached_property

from spacy.tokens import Doc

from accord.article import Article
from accord.language.accords.resolution import Accords
from accord.language.actors.parties import Parties
from accord.language.claims.stance import Stance
from accord.language.frames.arguments import Arguments
from accord.language.frames.frame import Frames
from accord.language.frames.matching import owed_verbs
from accord.language.labels import text_of
from accord.language.places.named import Places
from accord.language.quantities.counts import Counted, find_quantities
from accord.language.speech.attributions import Voice
from accord.language.syntax import Tree
from accord.language.times.dates import find_dates
from accord.language.times.dating import infer_date
from accord.language.times.reckoning import Anchor
from accord.language.times.tenses import Tenses
from accord.language.wordlists import word_lists
from accord.vocabulary import Vocabulary


class Reading:
    """What has been found in one document, and where; all its tables are in the text's order."""

    def __init__(self, doc: Doc, vocabulary: Vocabulary, frames: Frames) -> None:
        self.doc, self.vocabulary, self.frames = doc, vocabulary, frames
        self.article: Article | None = doc._.article
        self.tree: Tree = doc._.accord_tree
        self.parties: Parties = doc._.accord_parties
        self.voices: dict[int, Voice] = doc._.accord_voices
        published = self.article.published if self.article else None
        self.tenses = Tenses(self.tree)
        self._barred = self._bars()
        #: The day from which the article counts, if it has no date of its own.
        self.inferred: Anchor | None = None
        if published is None:
            address = self.article.address if self.article else None
            self.inferred = infer_date(self.tree, self.tenses, self._barred, address)
        if self.inferred is not None:
            published = self.inferred.day
        self.dates = find_dates(
            text_of(doc),
            self.inferred or published,
            tense=self.tenses,
            sentences=[sentence.start_char for sentence in doc.sents],
        )
        self.accords = Accords(self.tree, self.parties, vocabulary, self.dates, published)
        self.things = {key: frozenset(words) for key, words in word_lists("things").items()}

    @cached_property
    def places(self) -> Places:
        """The places that the text names."""
        return Places(self.tree, self.parties, self.vocabulary)

    @cached_property
    def quantities(self) -> list[Counted]:
        """The numbers with what they count, but for dates."""
        times = tuple((found.start, found.end) for found in self.dates)
        return find_quantities(self.tree, times)

    @cached_property
    def stance(self) -> Stance:
        """What the text says as a fact, and what not."""
        return Stance(self.tree, self.accords)

    @cached_property
    def arguments(self) -> Arguments:
        """Who and what plays which part in a frame."""
        verbs = owed_verbs(self.frames)
        return Arguments(self.tree, self.parties, self.places, self.accords, self.quantities, verbs)

    @property
    def raw(self) -> str:
        """The text as it stands in the file, to quote from."""
        return self.article.raw if self.article else text_of(self.doc)

    def is_outside(self, i: int) -> bool:
        """Whether a token stands in the article's headers or in boilerplate."""
        at = self.doc[i].idx
        last = bisect_right(self._barred, (at, sys.maxsize)) - 1
        return last >= 0 and at < self._barred[last][1]

    def clause(self, i: int) -> tuple[int, int]:
        """Return the clause around a predicate: up to the verb that it belongs to."""
        at = i
        for head in self.tree.climb(i):
            dep = self.tree.deps[at]
            if dep in ("acl:relcl", "acl", "amod", "appos"):
                return min(self.tree.left[head], self.tree.left[at]), self.tree.right[at] + 1
            if dep in ("ccomp", "advcl", "parataxis", "conj", "root") and (
                self.tree.pos[at] in ("VERB", "AUX") or self.tree.children(at, "cop")
            ):
                break
            at = head
        low, high = self.tree.left[at], self.tree.right[at] + 1
        for k in self.tree.children(at, "conj"):
            if self.tree.pos[k] == "VERB" and k > i and self.tree.surface_subject(k):
                high = min(high, max(self.tree.left[k], i + 1))
        return low, high

    def _bars(self) -> list[tuple[int, int]]:
        """Return the stretches of characters that no claim may come from, left to right."""
        if self.article is None:
            return []
        return sorted((s.start, s.end) for s in (self.article.headers, *self.article.boilerplate))
