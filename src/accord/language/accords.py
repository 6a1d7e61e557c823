"""Mentions of agreements, resolved to the keys of known ones where the text identifies them."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from accord.language.accord_names import agrees, named, prepare
from accord.language.dates import TimeExpression
from accord.language.names import fold
from accord.language.parties import Parties
from accord.language.syntax import Tree
from accord.language.wordlists import word_lists
from accord.vocabulary import Agreement, Entity, Vocabulary

#: What a mention must score to be taken for a known agreement.
_ENOUGH = 3.0
#: Scores that are nearer to each other than this do not decide between two agreements.
_MARGIN = 0.3
_MONTHS = "January February March April May June July August September October November December"


@dataclass(frozen=True, slots=True)
class Mention:
    """The noun at token ``token`` names an agreement; ``key`` is empty where it is not known."""

    token: int
    key: str
    parties: tuple[str, ...] = ()
    named: bool = False


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A mention before it is decided which agreement it means; ``ranked`` has the best first."""

    token: int
    ranked: list[tuple[float, str]]
    parties: tuple[str, ...]
    named: bool
    definite: bool

    @property
    def best(self) -> str:
        """The key that the mention itself decides for, if it does."""
        if not self.ranked:
            return ""
        clear = len(self.ranked) == 1 or self.ranked[0][0] - self.ranked[1][0] >= _MARGIN
        return self.ranked[0][1] if clear else ""

    def choose(self, certain: Counter[str]) -> str:
        """Return the best key; of those that fit alike, the one that the article is about."""
        near = [key for score, key in self.ranked if self.ranked[0][0] - score < _MARGIN]
        return max(near, key=lambda key: certain[key], default="")


class Accords:
    """The agreements that a document mentions."""

    def __init__(
        self,
        tree: Tree,
        parties: Parties,
        vocabulary: Vocabulary,
        dates: list[TimeExpression],
        published: date | None,
    ) -> None:
        self.tree, self.parties, self.vocabulary = tree, parties, vocabulary
        self.dates, self.starts = dates, [found.start for found in dates]
        self.published = published
        self.nouns = frozenset(word_lists("things")["agreements"])
        self.vague = frozenset(word_lists("grammar")["vague_agreements"])
        self.keywords = prepare(vocabulary)[1]
        self.context = self._context()
        self.mentions = self._mentions()
        self.positions = [mention.token for mention in self.mentions]
        self.main = self._main()

    def within(self, start: int, end: int) -> list[Mention]:
        """Return the mentions among tokens ``start`` to ``end`` (exclusive)."""
        at = bisect_left(self.positions, start)
        found = []
        while at < len(self.mentions) and self.mentions[at].token < end:
            found.append(self.mentions[at])
            at += 1
        return found

    def at(self, token: int) -> Mention | None:
        """Return the mention whose noun is this token."""
        found = self.within(token, token + 1)
        return found[0] if found else None

    # -- finding -------------------------------------------------------------------------------

    def _mentions(self) -> list[Mention]:
        found: list[_Candidate] = []
        for i, weights in self._nouns():
            ranked, parties = self._ranked(i, weights)
            found.append(_Candidate(i, ranked, parties, bool(weights), self._definite(i)))
        certain = Counter(candidate.best for candidate in found if candidate.best)
        mentions = []
        last = ""
        for candidate in found:
            key = candidate.choose(certain)
            parties = candidate.parties if key or len(candidate.parties) > 1 else ()
            if not key and not parties and candidate.definite:
                key = last
            last = key or last
            mentions.append(Mention(candidate.token, key, parties, candidate.named))
        return mentions

    def _nouns(self) -> Iterator[tuple[int, dict[str, float]]]:
        """Yield the nouns for agreements, with the weight that a name gives to each key."""
        doc = self.tree.doc
        names = named(self.vocabulary, doc.text)
        at = 0
        for i, lemma in enumerate(self.tree.lemmas):
            start, end = doc[i].idx, doc[i].idx + len(doc[i])
            while at < len(names) and names[at][1] <= start:
                at += 1
            if at < len(names) and names[at][0] <= start < names[at][1]:
                if end >= names[at][1]:
                    yield i, names[at][2]
                continue
            if lemma not in self.nouns or self.tree.pos[i] not in ("NOUN", "PROPN"):
                continue
            if lemma not in self.vague or self._qualified(i):
                yield i, {}

    def _qualified(self, i: int) -> bool:
        """Whether a word such as "plan" is meant as an agreement."""
        near = self.tree.kids[i]
        return any(self.tree.lemmas[k] in ("peace", "ceasefire", "truce") for k in near)

    def _definite(self, i: int) -> bool:
        words = {self.tree.words[k] for k in self.tree.kids[i]}
        return bool(words & {"the", "this", "that", "these", "its", "their"})

    def _ranked(
        self, i: int, weights: dict[str, float]
    ) -> tuple[list[tuple[float, str]], tuple[str, ...]]:
        """Return the known agreements that a mention may mean, best first, and its parties."""
        start, end = self._phrase(i)
        parties = tuple(
            dict.fromkeys(
                party.iri
                for k in range(start, end)
                for span in (self.parties.names.get(k), self.parties.demonyms.get(k))
                if span is not None and span.kb_id_ and k == span.start
                for party in [self._side(span.kb_id_)]
                if party is not None
            )
        )
        subject = self.tree.heads[i]
        if self.tree.deps[i] in ("obj", "obl") and len(parties) < 2:
            makers = self.parties.resolve_all(self.tree.agents(subject))
            sides = [self.parties.vocabulary.iri(p.side) for p in makers]
            parties = tuple(dict.fromkeys([*parties, *(iri for iri in sides if iri)]))
        words = {fold(self.tree.words[k]) for k in range(start, end)}
        sentence = self.tree.doc[i].sent
        wide = {fold(self.tree.words[k]) for k in range(sentence.start, sentence.end)}
        months = self._dates(start, end, i)
        if self.tree.deps[i] in ("obj", "nsubj:pass"):
            # "signed the accord in Addis Ababa on September 12": only what fits speaks for one.
            months += self._dates(sentence.start, sentence.end, sentence.start)
        scores = [
            (self._score(deal, weights, set(parties), words, wide, months), deal.key)
            for deal in self.vocabulary.agreements.values()
        ]
        ranked = sorted((pair for pair in scores if pair[0] >= _ENOUGH), reverse=True)
        return ranked[:4], parties

    def _side(self, iri: str) -> Entity | None:
        entity = self.vocabulary.entity(iri)
        if entity is None or entity.is_place:
            return None
        return self.vocabulary.side(entity)

    def _phrase(self, i: int) -> tuple[int, int]:
        """Return the noun's phrase, at most twenty tokens to either side."""
        return max(self.tree.left[i], i - 20), min(self.tree.right[i] + 1, i + 20)

    def _dates(self, start: int, end: int, i: int) -> list[str]:
        doc = self.tree.doc
        low, high = doc[start].idx, doc[end - 1].idx + len(doc[end - 1])
        at = bisect_left(self.starts, low)
        found = []
        while at < len(self.dates) and self.dates[at].start < high:
            found.append(self.dates[at].edtf)
            at += 1
        for k in range(start, i):
            word = self.tree.doc[k].text
            if word in _MONTHS.split():
                found.append(f"XXXX-{_MONTHS.split().index(word) + 1:02}")
        return found

    def _score(
        self,
        deal: Agreement,
        weights: dict[str, float],
        parties: set[str],
        words: set[str],
        wide: set[str],
        dates: list[str],
    ) -> float:
        if self.published and deal.concluded and deal.concluded > self.published:
            return 0.0
        score = weights.get(deal.key, 0.0)
        shared = parties & deal.bound
        if len(shared) > 1:
            score += 2.0 + (1.0 if parties == deal.bound else 0.0)
        elif shared:
            score += 0.5
        if parties - deal.bound and deal.bound:
            score -= 1.0
        keywords = self.keywords[deal.key]
        if keywords & words:
            score += 2.0
        elif keywords & wide:
            score += 1.0
        score += max((agrees(value, deal) for value in dates), default=0.0)
        if score:
            score += self.context.get(deal.key, 0.0)
            if deal.concluded:
                # Of two that fit alike, the later one.
                score += (deal.concluded.toordinal() % 100_000) / 10_000_000
                if self.published:
                    years = (self.published - deal.concluded).days / 365
                    score -= min(years * 0.1, 1.0)
        return score

    def _context(self) -> dict[str, float]:
        """Return how well the article as a whole fits each agreement, 0 to 1."""
        named = {span.kb_id_ for span in self.parties.names.values()}
        sides = {side.iri for iri in named for side in [self._side(iri)] if side is not None}
        words = {fold(word) for word in set(self.tree.words)}
        values = {found.edtf for found in self.dates}
        found = {}
        for deal in self.vocabulary.agreements.values():
            dated = any(agrees(value, deal) >= 3.0 for value in values)
            bound = len(deal.bound & sides) / max(1, len(deal.bound))
            found[deal.key] = 0.5 * bound + (0.5 if self.keywords[deal.key] & words else 0.0)
            found[deal.key] += 1.0 if dated else 0.0
        return found

    def _main(self) -> str:
        """Return the agreement that the article is about: the one that it names most."""
        counts: dict[str, int] = {}
        for mention in self.mentions:
            if mention.key:
                counts[mention.key] = counts.get(mention.key, 0) + 1
        if counts:
            return max(counts, key=lambda key: (counts[key], key))
        return ""
