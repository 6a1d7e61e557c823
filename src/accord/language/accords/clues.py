"""What a mention of an agreement says of which one it is: name, place, parties and dates."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from accord.language.accords.names import Prepared, agrees
from accord.language.actors.parties import Parties
from accord.language.names import fold
from accord.language.syntax import Tree
from accord.language.times.dates import TimeExpression
from accord.language.wordlists import word_lists
from accord.vocabulary import Agreement

_MONTHS = "January February March April May June July August September October November December"
_BEFORE = ("compound", "amod", "nmod:poss", "nmod", "det", "flat", "nummod", "dep", "appos")
_DEFINITE = frozenset({"the", "this", "that", "these", "those", "its", "their", "both"})
#: A phrase is read up to so many tokens to either side of its noun.
_REACH = 20


@dataclass(frozen=True, slots=True)
class Clues:
    """What stands in the mention whose noun is ``token``; names of actors are IRIs of sides."""

    token: int
    #: Keys of agreements that have this name, with the weight of the name.
    weights: dict[str, float]
    #: Proper words before the noun, as they stand: "Minsk" in "the Minsk ceasefire".
    title: tuple[str, ...]
    #: Names of places in or on which it is, and in which it was made.
    zones: tuple[str, ...]
    venues: tuple[str, ...]
    parties: tuple[str, ...]
    mediators: tuple[str, ...]
    #: Folded words of the phrase and of the sentence, without the names of actors.
    words: frozenset[str]
    wide: frozenset[str]
    #: EDTF of the dates in the mention, and of those in a sentence that says how it was made.
    dates: tuple[str, ...]
    made_on: tuple[str, ...]
    definite: bool
    made: bool
    #: Whether it is called a truce or a ceasefire.
    truce: bool = False

    @property
    def bare(self) -> bool:
        """Whether it says nothing of which agreement it means."""
        return not (
            self.weights or self.title or self.zones or self.venues or self.parties or self.dates
        )

    @property
    def year(self) -> str:
        """The year that it gives, if it gives one."""
        years = (value[:4] for value in (*self.dates, *self.made_on))
        return next((year for year in years if year.isdigit()), "")


class ClueReader:
    """Reads the clues of one document's mentions."""

    def __init__(self, tree: Tree, parties: Parties, dates: list[TimeExpression]) -> None:
        self.tree, self.parties, self.doc = tree, parties, tree.doc
        self.dates, self.starts = dates, [found.start for found in dates]
        self.lists = {key: frozenset(words) for key, words in word_lists("accords").items()}
        self.makers = self.lists["making"] | self.lists["mediating"]
        self.stems = frozenset(word.removesuffix("e") for word in self.lists["mediating"])
        self.title_words = frozenset(word_lists("grammar")["title_words"]) | self.lists["untelling"]
        self.locative = frozenset(word_lists("grammar")["locative"]) | {"at", "on", "for", "over"}

    def read(self, i: int, weights: dict[str, float]) -> Clues:
        """Return the clues of the mention whose noun is token ``i``."""
        tree = self.tree
        start, end = max(tree.left[i], i - _REACH), min(tree.right[i] + 1, i + _REACH)
        sentence = self.doc[i].sent
        zones = self._places([i])
        makers = [v for v in self._makers(i) if tree.lemmas[v] in self.makers]
        venues = self._places(makers)
        made = bool(makers)
        bound, helped = self._sides(i, makers)
        kids = {tree.words[k] for k in tree.kids[i]}
        own = self._dates(start, end, i)
        wide = self._dates(sentence.start, sentence.end, sentence.start)
        return Clues(
            token=i,
            weights=weights,
            title=self._title(i, start),
            zones=zones,
            venues=venues,
            parties=bound,
            mediators=helped,
            words=self._words(start, end),
            wide=self._words(sentence.start, sentence.end),
            dates=tuple(own),
            made_on=tuple(wide) if made and tree.deps[i] in ("obj", "nsubj:pass", "obl") else (),
            definite=bool(kids & _DEFINITE) or bool(weights) or bool(tree.children(i, "nmod:poss")),
            made=made,
            truce=any(tree.lemmas[k] in self.lists["truces"] for k in (i, *tree.kids[i])),
        )

    def _makers(self, i: int) -> Iterable[int]:
        """Yield the verbs that say how it was made: above the noun, or in a clause on it."""
        tree = self.tree
        for k in tree.kids[i]:
            if tree.deps[k] in ("acl", "acl:relcl") and (
                tree.tags[k] == "VBN" or tree.deps[k] == "acl:relcl"
            ):
                yield k
        if tree.deps[i] in ("obj", "nsubj:pass", "obl", "nsubj"):
            yield tree.heads[i]

    def _sides(self, i: int, makers: list[int]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the sides that are said to have made it, and those that helped."""
        tree = self.tree
        bound: list[str] = []
        helped: list[str] = []
        for k in tree.kids[i]:
            if k < i and tree.deps[k] in _BEFORE:
                inside = range(max(tree.left[k], i - _REACH), tree.right[k] + 1)
                mediated = any(tree.lemmas[t] in self.lists["mediating"] for t in inside)
                mediated |= any(
                    tree.words[t].rpartition("-")[2].removesuffix("ed") in self.stems
                    for t in inside
                )
                (helped if mediated else bound).extend(self._named(inside))
                if len(bound) == 1 and self._is_capital(k):
                    bound.clear()  # "the Minsk deal": where, and not with whom, it was made.
            elif tree.deps[k] in ("nmod", "obl") and tree.preposition(k) in self.lists["between"]:
                bound.extend(self._resolved(tree.conjuncts(k)))
        for verb in makers:
            lemma = tree.lemmas[verb]
            if lemma in self.lists["mediating"]:
                helped.extend(self._resolved(tree.agents(verb)))
            elif lemma in self.lists["making"] and i not in tree.agents(verb):
                bound.extend(self._resolved(tree.agents(verb)))
                bound.extend(
                    self._resolved(
                        k for p, k in tree.obliques(verb) if p in ("with", "between", "by")
                    )
                )
        bound = list(dict.fromkeys(bound))
        return tuple(bound), tuple(dict.fromkeys(iri for iri in helped if iri not in bound))

    def _named(self, tokens: Iterable[int]) -> list[str]:
        """Return the sides that words before the noun name: "Russian-Turkish", "Israel-Hamas"."""
        found = []
        for k in tokens:
            span = self.parties.names.get(k) or self.parties.demonyms.get(k)
            if span is not None and span.kb_id_ and k == span.start:
                found.append(span.kb_id_)
        return [side for iri in found for side in self._side(iri)]

    def _is_capital(self, k: int) -> bool:
        """Whether a name is a capital's, which stands for its government or for itself."""
        span = self.parties.names.get(k)
        entity = self.parties.vocabulary.entity(span.kb_id_) if span is not None else None
        return entity is not None and span is not None and span.text in entity.metonyms

    def _resolved(self, tokens: Iterable[int]) -> list[str]:
        vocabulary = self.parties.vocabulary
        sides = [vocabulary.iri(p.side) for p in self.parties.resolve_all(tokens) if p.acts]
        return [iri for iri in sides if iri is not None]

    def _side(self, iri: str) -> list[str]:
        entity = self.parties.vocabulary.entity(iri)
        if entity is None or entity.is_place:
            return []
        return [self.parties.vocabulary.side(entity).iri]

    def _title(self, i: int, start: int) -> tuple[str, ...]:
        """Return the proper words right before the noun that are no parties and no dates."""
        found = []
        for k in range(start, i):
            word = self.doc[k].text
            if not word[0].isupper() or self.tree.pos[k] not in ("PROPN", "NOUN", "ADJ"):
                continue
            if self.tree.heads[k] != i and not self._in_title(k, i):
                continue
            span = self.parties.names.get(k)
            entity = self.parties.vocabulary.entity(span.kb_id_) if span is not None else None
            if k in self.parties.demonyms or k in self.parties.persons:
                continue
            if entity is not None and not entity.is_place and not self._is_capital(k):
                # "Moscow" is the place where it was made; "Russia" is a party.
                continue
            if (
                word in _MONTHS.split()
                or fold(word) in self.title_words
                or self.doc[k].is_sent_start
            ):
                continue
            found.append(word)
        return tuple(found)

    def _in_title(self, k: int, i: int) -> bool:
        for steps, head in enumerate(self.tree.climb(k)):
            if head == i:
                return True
            if steps > 2 or self.tree.deps[head] not in ("compound", "flat", "amod", "nmod"):
                return False
        return False

    def _places(self, heads: list[int]) -> tuple[str, ...]:
        """Return the names of the places in phrases on these words: "signed in Geneva"."""
        found = []
        for head in heads:
            for preposition, k in self.tree.obliques(head):
                if preposition.split(" ")[-1] not in self.locative:
                    continue
                span = self.parties.names.get(k) or self.parties.places.get(k)
                if span is None and k + 1 < len(self.doc):
                    # "the town of X"
                    inner = [c for c in self.tree.children(k, "nmod") if self.tree.preposition(c)]
                    span = next((s for c in inner if (s := self.parties.names.get(c))), None)
                if span is None or self._is_actor(span.kb_id_):
                    continue
                found.append(span.text)
        return tuple(found)

    def _is_actor(self, iri: str) -> bool:
        entity = self.parties.vocabulary.entity(iri) if iri else None
        return entity is not None and not entity.is_place and entity.kind != "Government"

    def _words(self, start: int, end: int) -> frozenset[str]:
        found = set()
        for k in range(start, end):
            span = self.parties.names.get(k)
            entity = self.parties.vocabulary.entity(span.kb_id_) if span is not None else None
            if entity is None or entity.is_place:
                found.add(fold(self.tree.words[k]))
        return frozenset(found)

    def _dates(self, start: int, end: int, i: int) -> list[str]:
        low, high = self.doc[start].idx, self.doc[end - 1].idx + len(self.doc[end - 1])
        at = bisect_left(self.starts, low)
        found = []
        while at < len(self.dates) and self.dates[at].start < high:
            if self.dates[at].sort != "deadline":
                found.append(self.dates[at].edtf)
            at += 1
        months = _MONTHS.split()
        for k in range(start, i):
            word = self.doc[k].text
            if word in months and not any(value[5:7] for value in found):
                found.append(f"XXXX-{months.index(word) + 1:02}")
        return found


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a mention fits a known agreement: by what it says, and by its dates alone."""

    said: float
    dated: float
    #: Whether a name, a place or a party of the agreement stands in the mention or its sentence.
    supported: bool

    @property
    def score(self) -> float:
        """About 3 is enough for the mention to be taken for the agreement."""
        return self.said + self.dated


def fit(clues: Clues, deal: Agreement, prepared: Prepared) -> Fit:
    """Return how well a mention fits a known agreement."""
    keywords, bound = prepared.keywords[deal.key], prepared.sides[deal.key]
    truce = deal.key in prepared.truces
    found = clues.weights.get(deal.key, 0.0)
    title = {fold(word) for word in (*clues.title, *clues.venues, *clues.zones)}
    title = {part for word in title for part in word.split()}
    placed = True
    if keywords & title:
        found += 2.5
    elif keywords & clues.words:
        found += 1.5
    elif keywords & clues.wide:
        found += 0.75
    else:
        placed = False
        if (clues.title or clues.venues) and not clues.weights:
            found -= 1.5  # It has another name, or was made elsewhere.
    parties = set(clues.parties)
    shared = parties & bound
    if len(shared) > 1:
        found += 2.0 + (0.5 if parties == deal.bound else 0.0)
    elif shared:
        found += 0.5
    if bound and parties - bound:
        found -= 1.0 if shared else 2.0
    found += 0.5 if clues.truce and truce else 0.0
    helped = bool(set(clues.mediators) & deal.bound)
    found += 0.5 if helped else 0.0
    own = max((agrees(value, deal) for value in clues.dates), default=0.0)
    wide = max((agrees(value, deal) for value in clues.made_on), default=0.0)
    supported = bool(clues.weights.get(deal.key) or placed or shared or helped)
    return Fit(found, own if own else max(wide, 0.0), supported)
