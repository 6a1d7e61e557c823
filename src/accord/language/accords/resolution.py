"""Mentions of agreements, resolved to known ones or to one of the article's own."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from accord.language.accords.clues import ClueReader, Clues, fit
from accord.language.accords.local import LocalAccord, LocalAccords
from accord.language.accords.names import agrees, named, prepare
from accord.language.actors.parties import Parties
from accord.language.known_names import words_of
from accord.language.labels import text_of
from accord.language.names import fold
from accord.language.syntax import Tree
from accord.language.times.dates import TimeExpression
from accord.language.wordlists import word_lists
from accord.vocabulary import Agreement, Entity, Vocabulary

#: What a mention must score to be taken for a known agreement.
_ENOUGH = 3.0
#: What it must score to be taken for one that other mentions decide for.
_SOME = 1.75
#: Scores that are nearer to each other than this do not decide between two agreements.
_MARGIN = 0.3
#: Of an agreement that no mention names, the article must name so much (0 to 1) ...
_CLEAR = 0.9
#: ... and of one that a mention says nothing of but its date.
_ABOUT = 0.75
#: Days after its conclusion in which an article may say "the truce" and nothing more.
_FRESH = 600
#: Of an agreement and its appendix, the first is meant by default.
_APPENDIX = 0.4
#: A known agreement's key, or an agreement of the article's own; empty if nothing says which.
_Reference = str | LocalAccord | None


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
        self.kinds = frozenset(word_lists("accords")["kinds"])
        self.signing = frozenset(word_lists("accords")["signing"])
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

    def before(self, token: int, start: int) -> str:
        """Return the key of the agreement that was mentioned last in tokens ``start`` to ``token``,
        else of the one that the article is about; empty if there is none."""
        spoken = self.within(start, token)
        return next((mention.key for mention in reversed(spoken) if mention.key), self.main)

    # -- finding -------------------------------------------------------------------------------

    def _mentions(self) -> list[Mention]:
        reader = ClueReader(self.tree, self.parties, self.dates)
        read = [reader.read(i, weights) for i, weights in self._nouns()]
        ranked = [self._ranked(clues) for clues in read]
        certain = Counter(key for scores in ranked if (key := _clear(scores)))
        own = LocalAccords(self.vocabulary)
        named: list[_Reference] = []
        for clues, scores in zip(read, ranked, strict=True):
            noun = self.tree.lemmas[clues.token]
            ref = _choose(scores, certain) or own.of(clues, noun)
            if isinstance(ref, LocalAccord):
                ref.learn(clues)
            named.append(ref)
        refs = self._linked(read, named)
        for local in own.found:
            if local.news and not local.year and self.published:
                local.year = str(self.published.year)
        return [
            Mention(
                clues.token,
                ref.key if isinstance(ref, LocalAccord) else ref or "",
                clues.parties,
                bool(clues.weights),
                bool(ref) and isinstance(ref, str),
            )
            for clues, ref in zip(read, refs, strict=True)
        ]

    def _linked(self, read: list[Clues], named: list[_Reference]) -> list[_Reference]:
        """Return to which agreement each mention refers, also those that only go back to one."""
        whole = "" if any(named) else self._by_context(read)
        found: list[_Reference] = []
        last: _Reference = whole
        for clues, ref in zip(read, named, strict=True):
            if not ref and clues.definite and self._goes_back(clues, last):
                ref = last
            last = ref or last
            found.append(ref)
        if len({ref for ref in found if ref}) == 1:
            # "the agreement reached last month" is named only further down, and "signed a deal"
            # in the lead is the deal of the headline.
            one = next(ref for ref in found if ref)
            for at, clues in enumerate(read):
                open_ = not found[at] and (clues.definite or clues.made)
                found[at] = one if open_ and self._goes_back(clues, one) else found[at]
                if found[at] and isinstance(one, LocalAccord):
                    one.learn(clues)
        return found

    def _nouns(self) -> Iterator[tuple[int, dict[str, float]]]:
        """Yield the nouns for agreements, with the weight that a name gives to each key."""
        doc = self.tree.doc
        names = named(self.vocabulary, text_of(doc), words_of(doc))
        at = 0
        for i, lemma in enumerate(self.tree.lemmas):
            start = self.tree.offsets[i]
            end = start + len(self.tree.written[i])
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
        tree = self.tree
        if tree.lemmas[i] == "resolution" and any(
            tree.tags[k] == "CD" or tree.words[k] in ("un", "u.n.", "council") for k in tree.kids[i]
        ):
            return True  # "Resolution 1701", "a Security Council resolution"
        signed = tree.children(i, "acl", "acl:relcl")
        if tree.deps[i] in ("obj", "nsubj:pass"):
            signed.append(tree.heads[i])
        if any(tree.lemmas[k] in self.signing for k in signed):
            return True
        between = [k for p, k in tree.obliques(i) if p == "between"]
        if any(p.acts for k in between for p in self.parties.resolve(k)):
            return True  # "the understandings between the two armies"
        return any(tree.lemmas[k] in self.kinds for k in tree.kids[i])

    # -- known ones ----------------------------------------------------------------------------

    def _ranked(self, clues: Clues) -> list[tuple[float, str]]:
        """Return the known agreements that a mention may mean, with their scores, best first."""
        found = []
        for deal in self.vocabulary.agreements.values():
            if self.published and deal.concluded and deal.concluded > self.published:
                continue
            if deal.key not in clues.weights and self.context[deal.key][0] == 0:
                continue  # The article names none of its parties and places.
            match = fit(clues, deal, self.prepared)
            about, dated = self.context[deal.key]
            if match.score <= 0 or not (match.supported or about >= _ABOUT):
                continue  # Many things are agreed on the same day.
            fits = match.score + about + dated + self._recency(deal)
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
        late -= _APPENDIX if deal.key in self.prepared.appendices else 0.0
        if self.published:
            late -= min((self.published - deal.concluded).days / 3650, 1.0)
        return late

    def _context(self) -> dict[str, tuple[float, float]]:
        """Return how well the article as a whole fits each agreement.

        First by whom and which places it names, 0 to 1, then by its dates, 0 or 1.
        """
        named = {span.kb_id_ for span in self.parties.names.values()}
        sides = {side.iri for iri in named for side in [self._side(iri)] if side is not None}
        words = {fold(word) for word in set(self.tree.words)}
        values = {found.edtf for found in self.dates}
        found = {}
        for deal in self.vocabulary.agreements.values():
            wanted = self._bound(deal)
            bound = len(wanted & sides) / max(1, len(wanted))
            placed = 0.5 if self.prepared.keywords[deal.key] & words else 0.0
            about = 0.5 * bound + placed
            dated = bool(about) and any(agrees(value, deal) >= 3.0 for value in values)
            found[deal.key] = (about, 1.0 if dated else 0.0)
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
            if 0 <= age <= _FRESH and self.context[deal.key][0] >= _CLEAR:
                fits.append((sum(self.context[deal.key]), -age, deal.key))
        return max(fits)[2] if fits else ""

    def _side(self, iri: str) -> Entity | None:
        entity = self.vocabulary.entity(iri)
        if entity is None or entity.is_place:
            return None
        return self.vocabulary.side(entity)

    def _goes_back(self, clues: Clues, ref: _Reference) -> bool:
        """Whether a mention may mean an agreement that was named elsewhere."""
        if clues.title:
            return False
        if isinstance(ref, LocalAccord) and clues.year:
            # What is news was made in the year of the article.
            news = str(self.published.year) if ref.news and self.published else ""
            year = ref.year or news
            if year != clues.year and (year or not clues.definite):
                return False
        deal = self.vocabulary.agreements.get(ref) if isinstance(ref, str) else None
        if deal is not None and any(agrees(value, deal) < 0 for value in clues.dates):
            return False
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
