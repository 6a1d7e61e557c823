"""Which of the places in a text a claim is about."""

from __future__ import annotations

from bisect import bisect_right

from accord.claim import NORMS, ClaimType
from accord.language.accords.resolution import Accords
from accord.language.frames.matching import Draft
from accord.language.names import fold
from accord.language.places.named import Places
from accord.language.syntax import Tree
from accord.language.wordlists import word_lists

#: What a step through the parse costs, from a place up to the predicate ...
_DOWN = {"acl:relcl": 3.0, "advcl": 3.0, "ccomp": 3.0, "parataxis": 3.0, "acl": 2.5, "conj": 1.5}
#: ... and from the predicate up to what both hang on. Farther than ``_FAR`` is another matter.
_UP = {"ccomp": 3.0, "advcl": 2.5, "parataxis": 3.0, "conj": 1.5, "xcomp": 0.5}
_FAR = 7.0
#: Types whose place stands beside the predicate or not at all, and how near that is.
_BESIDE = {ClaimType.MEETING: 3.0, ClaimType.ALIGNMENT: 3.0, ClaimType.AGREEMENT: 4.0}
#: Types whose place is the one that the paragraph is about, if their sentence names none.
_LASTING = NORMS - {ClaimType.AGREEMENT} | {
    ClaimType.INCIDENT,
    ClaimType.DEPLOYMENT,
    ClaimType.CONTROL,
}
#: Types that somebody makes by saying so.
_VOICED = frozenset({ClaimType.DEMAND, ClaimType.COMMITMENT, ClaimType.THREAT})
#: What it costs to be a whole country, or the place where an agreement was made.
_WIDE, _VENUE = 1.0, 1.5
#: ... and to say where something else happened, before or after which this did.
_ASIDE = 3.0
_STEPS = 14
#: A paragraph of more tokens speaks of more than one thing.
_LONG = 600
#: A place stands so to the noun that it names: "the city of X", "the town, X".
_BEFORE = frozenset({"compound", "amod", "flat", "nmod:poss"})
_NAMED = frozenset({"nmod", "appos", "flat", "compound"})


class Whereabouts:
    """Finds the places of one document's claims."""

    def __init__(self, tree: Tree, places: Places, accords: Accords) -> None:
        self.tree, self.places, self.accords = tree, places, accords
        lists = word_lists("places")
        self.aside, self.topic = frozenset(lists["aside"]), frozenset(lists["topic"])
        self.nouns = frozenset(lists["again"]) | frozenset(lists["towns"])
        self.locative = frozenset(word_lists("grammar")["locative"]) | {"at", "around", "along"}
        self.titles = self._titles()
        self.meetings = frozenset(word_lists("things")["meetings"])
        made = word_lists("accords")
        self.making = frozenset(made["making"])
        #: First tokens of paragraphs: of sentences behind a line break.
        self.starts = [
            sentence.start
            for sentence in tree.doc.sents
            if sentence.start == 0 or "\n" in tree.doc[sentence.start - 1].text_with_ws
        ]
        self.backdrops = self.titles | places.backdrops

    def _titles(self) -> frozenset[int]:
        """Return the names of places that only name an agreement: "the Minsk accord"."""
        found = set()
        for mention in self.accords.mentions:
            start = max(self.tree.left[mention.token], mention.token - _STEPS)
            for k in self.places.among(start, mention.token + 1):
                about = mention.known and fold(self.tree.words[k]) in self._zones(mention.key)
                if not about and self.tree.deps[k] in _BEFORE:
                    found.add(k)
        return frozenset(found)

    def _zones(self, key: str) -> frozenset[str]:
        """Return the folded words of the names of the zones that a known agreement is about."""
        vocabulary = self.accords.vocabulary
        zones = (vocabulary.entity(iri) for iri in vocabulary.agreements[key].zones)
        return frozenset(fold(word) for zone in zones if zone for word in zone.label.split())

    def of(self, draft: Draft, clause: tuple[int, int]) -> str | None:
        """Return the place or zone that a claim concerns.

        :param clause: first and last (exclusive) token of the clause around its predicate
        """
        i = draft.token
        sentence = self.tree.doc[i].sent
        if draft.type is ClaimType.ZONE:
            zone = self._zone(draft, sentence.start, sentence.end)
            if zone is not None:
                return zone
            return self._zone_at_issue(i)
        low, high = max(clause[0], sentence.start), min(clause[1], sentence.end)
        found = self._best(draft, low, high)
        if found is None and draft.type in NORMS:
            found = self._best(draft, sentence.start, sentence.end)
        if found is None and draft.type not in _BESIDE:
            found = self._only(draft, sentence.start, sentence.end)
        if found is None and draft.type in _LASTING:
            # What a paragraph is about goes on, unless the sentence speaks of another place.
            silent = draft.type in NORMS or not self.places.among(sentence.start, sentence.end)
            found = self.places.before(i, self.paragraph(i), self.backdrops) if silent else None
        return found

    def _zone(self, draft: Draft, start: int, end: int) -> str | None:
        """Return the zone itself of a claim about one."""
        i, tree = draft.token, self.tree
        near = [i, *tree.patients(i), *tree.agents(i), *(k for _, k in tree.obliques(i))]
        for k in (*near, *self.places.among(start, end)):
            if self.places.is_zone(k) and (label := self.places.at(k)):
                return label
        return None

    def _zone_at_issue(self, i: int) -> str | None:
        """Return what "a zone" or "it" is: the zone named last, else the one of the accord."""
        near = self.places.among(max(0, i - _LONG), i)
        zones = [k for k in near if self.places.is_special(k)]
        if zones:
            return self.places.found[zones[-1]]
        vocabulary = self.accords.vocabulary
        deal = vocabulary.agreements.get(self.accords.before(i, self.paragraph(i)))
        entities = [vocabulary.entity(iri) for iri in deal.zones] if deal is not None else []
        return next((zone.label for zone in entities if zone and zone.kind == "Zone"), None)

    def _best(self, draft: Draft, low: int, high: int) -> str | None:
        limit = _BESIDE.get(draft.type, _FAR)
        best: tuple[float, int, str] | None = None
        for token in self.places.among(low, high):
            cost = self._cost(token, draft)
            if cost is None or cost > limit:
                continue
            rank = (cost, abs(token - draft.token), self.places.found[token])
            if best is None or rank < best:
                best = rank
        return best[2] if best else None

    def _only(self, draft: Draft, low: int, high: int) -> str | None:
        """Return the one place that a stretch of text names, if it is one."""
        named = self.places.among(low, high)
        labels = {self.places.found[k] for k in named if self._cost(k, draft) is not None}
        return labels.pop() if len(labels) == 1 else None

    def paragraph(self, i: int) -> int:
        """Return the first token of the paragraph, or of its last stretch if it is very long."""
        start = self.starts[bisect_right(self.starts, i) - 1] if self.starts else 0
        return max(start, i - _LONG)

    def _cost(self, place: int, draft: Draft) -> float | None:
        """Return how far a place stands from a predicate; None if it is of something else."""
        tree, i = self.tree, draft.token
        if place in self.titles or (
            place in self.backdrops and i != tree.heads[place] and draft.type not in _BESIDE
        ):
            return None
        up = [i]
        for steps, head in enumerate(tree.climb(i)):
            if steps > _STEPS:
                break
            up.append(head)
        depth = {token: steps for steps, token in reversed(list(enumerate(up)))}
        cost, at = 0.0, place
        phrase = {place}
        for _ in range(_STEPS):
            if at in depth:
                break
            if tree.heads[at] == at or self._is_other(at, place, draft):
                return None
            named = tree.deps[at] in _NAMED and tree.preposition(at) in ("of", "")
            named &= at in phrase and tree.lemmas[tree.heads[at]] in self.nouns
            if tree.heads[at] == i and draft.type in _VOICED and tree.deps[at] == "nsubj":
                return None  # "Officials in Aden demanded": where they spoke.
            cost += 0.0 if named else _DOWN.get(tree.deps[at], 1.0)
            if tree.deps[at] in _NAMED and at in phrase:
                phrase.add(tree.heads[at])
            at = tree.heads[at]
        else:
            return None
        for k in up[: depth[at]]:
            cost += _ASIDE if tree.preposition(k) in self.aside else 0.0
            if tree.deps[k] in ("acl:relcl", "acl"):
                cost += 0.5 if tree.heads[k] in phrase else 1.5
            else:
                cost += _UP.get(tree.deps[k], 1.0)
        if self._is_venue(place) and draft.type is ClaimType.AGREEMENT:
            cost += _VENUE
        if self.places.is_country(place) and draft.type is not ClaimType.MEETING:
            cost += _WIDE
        if draft.type in NORMS and self.places.is_special(place):
            cost -= 1.0
        return cost

    def _is_other(self, at: int, place: int, draft: Draft) -> bool:
        """Whether a phrase on the way to a place speaks of another time, topic or event."""
        tree = self.tree
        preposition = tree.preposition(at)
        if preposition in self.aside:
            return True
        if draft.type is ClaimType.MEETING:
            # "discussed the situation in Syria" in Geneva.
            if at == place and preposition in self.topic:
                return True
            beside = at == place or tree.lemmas[at] in self.meetings or tree.deps[at] != "obj"
            return not beside
        return draft.type is not ClaimType.AGREEMENT and self._is_venue(at)

    def _is_venue(self, k: int) -> bool:
        """Whether a phrase or clause says where an agreement was made."""
        tree = self.tree
        head = tree.heads[k]
        if tree.lemmas[head] not in self.making or tree.deps[k] not in ("obl", "nmod"):
            return False
        if tree.preposition(k) not in ("in", "at"):
            return False
        deals = [tree.heads[head]] if tree.deps[head].startswith("acl") else tree.patients(head)
        return any(self.accords.at(t) is not None for t in deals)
