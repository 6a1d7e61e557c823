"""Mentions of agreements, resolved to known ones or to one of the article's own."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from accord.language.accord_clues import ClueReader, Clues, score
from accord.language.accord_names import agrees, local_key, named, prepare
from accord.language.dates import TimeExpression
from accord.language.names import fold
from accord.language.parties import Parties
from accord.language.syntax import Tree
from accord.language.wordlists import word_lists
from accord.vocabulary import Agreement, Entity, Vocabulary

#: What a mention must score to be taken for a known agreement.
_ENOUGH = 3.0
#: What it must score to be taken for one that other mentions decide for.
_SOME = 1.75
#: Scores that are nearer to each other than this do not decide between two agreements.
_MARGIN = 0.3
#: Of an agreement that no mention names, the article as a whole must say so much (0 to 2).
_CLEAR = 0.9
#: Days after its conclusion in which an article may say "the truce" and nothing more.
_FRESH = 600


@dataclass(frozen=True, slots=True)
class Mention:
    """The noun at token ``token`` names an agreement; ``key`` is empty where nothing says which.

    ``known`` says whether the key is of an agreement of the vocabulary, or of this article only.
    """

    token: int
    key: str
    parties: tuple[str, ...] = ()
    named: bool = False
    known: bool = False


@dataclass(slots=True)
class _Local:
    """An agreement that only this article tells of."""

    names: set[str]
    parties: set[str]
    labels: list[str]
    noun: str
    year: str = ""

    @property
    def key(self) -> str:
        return local_key(self.labels, self.noun, self.year)


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
        self.dates, self.published = dates, published
        self.nouns = frozenset(word_lists("things")["agreements"])
        self.vague = frozenset(word_lists("grammar")["vague_agreements"])
        self.plain = frozenset(word_lists("accords")["plain"])
        self.prepared = prepare(vocabulary)
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

    def before(self, token: int) -> str:
        """Return the key of the agreement that was mentioned last before a token, else of the
        one that the article is about; empty if there is none."""
        for at in range(bisect_left(self.positions, token) - 1, -1, -1):
            if self.mentions[at].key:
                return self.mentions[at].key
        return self.main

    # -- finding -------------------------------------------------------------------------------

    def _mentions(self) -> list[Mention]:
        reader = ClueReader(self.tree, self.parties, self.dates)
        read = [reader.read(i, weights) for i, weights in self._nouns()]
        ranked = [self._ranked(clues) for clues in read]
        certain = Counter(key for scores in ranked if (key := _clear(scores)))
        keys = [_choose(scores, certain) for scores in ranked]
        locals_ = self._locals(read, keys)
        whole = "" if any(keys) else self._by_context(read)
        found: list[tuple[str, bool]] = []
        last = ("", False)
        for at, clues in enumerate(read):
            local = locals_[at]
            if keys[at]:
                this = (keys[at], True)
            elif local is not None:
                this = (local.key, False)
            elif clues.definite and self._goes_back(clues, last[0]):
                this = last if last[0] else (whole, bool(whole))
            else:
                this = ("", False)
            last = this if this[0] else last
            found.append(this)
        only = Counter(this for this in found if this[0])
        if len(only) == 1:
            # "the agreement reached last month": it is named only further down.
            (one,) = only
            found = [
                one if not this[0] and c.definite and self._goes_back(c, one[0]) else this
                for this, c in zip(found, read, strict=True)
            ]
        return [
            Mention(c.token, key, c.parties, bool(c.weights), known)
            for c, (key, known) in zip(read, found, strict=True)
        ]

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
            if self._is_modifier(i):
                continue
            if lemma not in self.vague or self._qualified(i):
                yield i, {}

    def _is_modifier(self, i: int) -> bool:
        """Whether it only says of what kind another agreement is: "ceasefire deal"."""
        head = self.tree.heads[i]
        return self.tree.deps[i] == "compound" and self.tree.lemmas[head] in self.nouns

    def _qualified(self, i: int) -> bool:
        """Whether a word such as "plan" is meant as an agreement."""
        near = self.tree.kids[i]
        return any(self.tree.lemmas[k] in ("peace", "ceasefire", "truce") for k in near)

    # -- known ones ----------------------------------------------------------------------------

    def _ranked(self, clues: Clues) -> list[tuple[float, str]]:
        """Return the known agreements that a mention may mean, with their scores, best first."""
        found = []
        for deal in self.vocabulary.agreements.values():
            if self.published and deal.concluded and deal.concluded > self.published:
                continue
            fits = score(clues, deal, self.prepared.keywords[deal.key], self._bound(deal))
            if fits <= 0:
                continue
            fits += self.context[deal.key] + self._recency(deal)
            if fits >= _SOME:
                found.append((fits, deal.key))
        return sorted(found, reverse=True)[:4]

    def _bound(self, deal: Agreement) -> frozenset[str]:
        return self.prepared.sides[deal.key]

    def _recency(self, deal: Agreement) -> float:
        """Of two that fit alike, the later one; an old one is named if it is meant."""
        if deal.concluded is None:
            return 0.0
        late = (deal.concluded.toordinal() % 100_000) / 10_000_000
        if self.published:
            late -= min((self.published - deal.concluded).days / 3650, 1.0)
        return late

    def _context(self) -> dict[str, float]:
        """Return how well the article as a whole fits each agreement, 0 to 2."""
        named = {span.kb_id_ for span in self.parties.names.values()}
        sides = {side.iri for iri in named for side in [self._side(iri)] if side is not None}
        words = {fold(word) for word in set(self.tree.words)}
        values = {found.edtf for found in self.dates}
        found = {}
        for deal in self.vocabulary.agreements.values():
            dated = any(agrees(value, deal) >= 3.0 for value in values)
            wanted = self._bound(deal)
            bound = len(wanted & sides) / max(1, len(wanted))
            found[deal.key] = 0.5 * bound
            found[deal.key] += 0.5 if self.prepared.keywords[deal.key] & words else 0.0
            found[deal.key] += 1.0 if dated else 0.0
        return found

    def _by_context(self, read: list[Clues]) -> str:
        """Return what "the truce" means in an article that names no agreement at all."""
        if self.published is None or not any(clues.definite for clues in read):
            return ""
        fits = []
        for deal in self.vocabulary.agreements.values():
            if deal.concluded is None or len(deal.bound) < 2:
                continue
            age = (self.published - deal.concluded).days
            if 0 <= age <= _FRESH and self.context[deal.key] >= _CLEAR:
                fits.append((self.context[deal.key], -age, deal.key))
        return max(fits)[2] if fits else ""

    def _side(self, iri: str) -> Entity | None:
        entity = self.vocabulary.entity(iri)
        if entity is None or entity.is_place:
            return None
        return self.vocabulary.side(entity)

    # -- the article's own ---------------------------------------------------------------------

    def _locals(self, read: list[Clues], keys: list[str]) -> list[_Local | None]:
        """Return for each mention the agreement of this article that it names, if it does."""
        made: list[_Local] = []
        found: list[_Local | None] = []
        for clues, key in zip(read, keys, strict=True):
            local = None if key else self._local(clues, made)
            found.append(local)
            if local is not None:
                local.year = local.year or clues.year
        return found

    def _local(self, clues: Clues, made: list[_Local]) -> _Local | None:
        places = (" ".join(clues.title), *clues.venues, *clues.zones)
        names = {fold(name) for name in places} - {""}
        for earlier in made:
            other = clues.year and earlier.year and clues.year != earlier.year
            parties = len(set(clues.parties)) > 1 and set(clues.parties) == earlier.parties
            if not other and (names & earlier.names or (parties and not names)):
                earlier.names |= names
                return earlier
        if not (clues.title or clues.made or len(clues.parties) > 1):
            # "broke the truce in the valley": where it was broken, and no name.
            return None
        labels = [" ".join(clues.title)] if clues.title else list((*clues.venues, *clues.zones)[:1])
        noun = ""
        if not labels and len(clues.parties) > 1:
            entities = [self.vocabulary.entity(iri) for iri in clues.parties]
            labels = sorted(entity.label for entity in entities if entity is not None)
            noun = self.tree.lemmas[clues.token]
        if not labels or not (clues.definite or clues.made or clues.title):
            return None
        made.append(_Local(names, set(clues.parties), labels, noun))
        return made[-1]

    def _goes_back(self, clues: Clues, key: str) -> bool:
        """Whether a mention may mean an agreement that was named elsewhere."""
        if clues.title:
            return False
        deal = self.vocabulary.agreements.get(key)
        if deal is None or not clues.parties:
            return True
        return bool(set(clues.parties) & self._bound(deal))

    def _main(self) -> str:
        """Return the agreement that the article is about: the one that it names most."""
        counts = Counter(mention.key for mention in self.mentions if mention.key)
        return max(counts, key=lambda key: (counts[key], key), default="")


def _clear(ranked: list[tuple[float, str]]) -> str:
    """Return the key that a mention itself decides for, if it does."""
    if not ranked or ranked[0][0] < _ENOUGH:
        return ""
    return ranked[0][1] if len(ranked) == 1 or ranked[0][0] - ranked[1][0] >= _MARGIN else ""


def _choose(ranked: list[tuple[float, str]], certain: Counter[str]) -> str:
    """Return the best key; of those that fit alike, the one that the article is about."""
    if not ranked:
        return ""
    near = [key for fits, key in ranked if ranked[0][0] - fits < _MARGIN]
    best = max(near, key=lambda key: certain[key])
    return best if ranked[0][0] >= _ENOUGH or certain[best] else ""
