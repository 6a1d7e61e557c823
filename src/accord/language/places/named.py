"""The places and zones that a document names, or goes back to."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter

from accord.language.actors.parties import Parties
from accord.language.actors.party import clean
from accord.language.names import fold
from accord.language.places.names import PlaceNames
from accord.language.speech.sources import CLASSES
from accord.language.syntax import Tree
from accord.language.wordlists import word_lists
from accord.vocabulary import Entity, Vocabulary

_DEFINITE = frozenset({"the", "this", "that", "these", "those"})
#: "There" and "the area" go back over so many tokens at most.
_MEMORY = 150
#: So many words above a place may say that it is only where somebody spoke.
_STEPS = 8


class Places:
    """The places of one document, found by token."""

    def __init__(self, tree: Tree, parties: Parties, vocabulary: Vocabulary) -> None:
        self.tree, self.parties, self.vocabulary = tree, parties, vocabulary
        things = word_lists("things")
        self.lists = {key: frozenset(words) for key, words in word_lists("places").items()}
        self.zones = frozenset(things["zones"])
        self.kinds = frozenset(things["zone_kinds"]) | {"line"}
        self.words = Counter(fold(word) for word in tree.words)
        self.zone_of: dict[frozenset[str], Entity | None] = {}
        self.names = PlaceNames(tree, parties, vocabulary)
        accords = word_lists("accords")
        talk = (*things["meetings"], *accords["making"], *accords["mediating"])
        cues = (word for key in CLASSES for word in word_lists("cues")[key])
        self.talk = frozenset(talk) | self.lists["said"]
        self.cues = frozenset(cues)
        actors = word_lists("actors")
        self.speakers = frozenset((*actors["persons"], *actors["government"]))
        self.again: set[int] = set()
        #: Where something was said, signed or talked about.
        self.backdrops: set[int] = set()
        self.found: dict[int, str] = {}
        self._find()
        self.positions = sorted(self.found)

    def at(self, i: int) -> str | None:
        """Return the canonical label of the place that a token names or goes back to."""
        return self.found.get(i)

    def among(self, start: int, end: int) -> list[int]:
        """Return the tokens ``start`` to ``end`` (exclusive) that name a place."""
        return self.positions[bisect_left(self.positions, start) : bisect_left(self.positions, end)]

    def near(self, i: int, start: int, end: int) -> str | None:
        """Return the nearest place among tokens ``start`` to ``end`` (exclusive)."""
        named = self.among(start, end)
        return self.found[min(named, key=lambda k: abs(k - i))] if named else None

    def before(self, i: int, start: int, but: frozenset[int] = frozenset()) -> str | None:
        """Return the last place in tokens ``start`` to ``i``, a zone before others."""
        named = [k for k in self.among(start, i) if k not in but]
        zones = [k for k in named if self.is_special(k)]
        return self.found[(zones or named)[-1]] if named else None

    def is_special(self, i: int) -> bool:
        """Whether a noun is a zone of a known kind: demilitarized, buffer, de-escalation."""
        span = self.parties.names.get(i)
        if span is not None and span.label_ == "Zone" and span.text.lower() != span.text:
            return self.tree.lemmas[i] in self.zones
        if self.tree.lemmas[i] not in self.zones:
            return False
        return bool(self._kinds(i))

    def _kinds(self, i: int) -> list[str]:
        """Return the words that say of what kind a zone is, before it or with "of" behind it."""
        near = [k for k in range(max(self.tree.left[i], i - 6), i) if self._is_kind(k)]
        near += [
            k
            for k in self.tree.children(i, "nmod")
            if self.tree.preposition(k) == "of" and self._is_kind(k)
        ]
        return [_american(self.tree.words[k]) for k in near]

    def _is_kind(self, k: int) -> bool:
        return self.tree.lemmas[k] in self.kinds or self.tree.words[k] in self.kinds

    def is_country(self, i: int) -> bool:
        """Whether the place is a whole country."""
        iri = self.vocabulary.iri(self.found.get(i, ""))
        entity = self.vocabulary.entity(iri) if iri else None
        return entity is not None and entity.kind == "Government"

    def is_zone(self, i: int) -> bool:
        """Whether a noun is a word for a zone, whatever its kind."""
        return self.tree.lemmas[i] in self.zones

    # -- finding ---------------------------------------------------------------------------------

    def _find(self) -> None:
        last: int | None = None
        zone: int | None = None
        for i in range(len(self.tree.words)):
            label = self.names.at(i) or self._special(i)
            if label is None:
                label = self._again(i, last, zone)
                if label is not None:
                    self.again.add(i)
            if label is None:
                continue
            self.found[i] = label
            if self.is_special(i):
                zone = i
            if i not in self.again and self._is_backdrop(i):
                self.backdrops.add(i)
            elif last is None or i in self.again or not self._within(i, last):
                last = i

    def _within(self, i: int, last: int) -> bool:
        """Whether a place only says where the one before it lies: "the zone in the north"."""
        return self.tree.left[last] <= i <= self.tree.right[last] and (
            self.is_special(last) or self.tree.deps[i] != "appos"
        )

    def _is_backdrop(self, k: int) -> bool:
        """Whether it is only said where: "officials in Juba said", "signed in Rimbo"."""
        below = k
        for steps, head in enumerate(self.tree.climb(k)):
            if steps > _STEPS:
                break
            lemma, where = self.tree.lemmas[head], self.tree.preposition(below)
            speaks = self.tree.deps[below] == "nsubj" and self.tree.lemmas[below] in self.speakers
            if lemma in self.talk and where in ("in", "at", "outside", "near", "from"):
                return True
            if lemma in self.talk or (lemma in self.cues and speaks):
                return speaks
            if self.tree.pos[head] == "VERB":
                break
            below = head
        return False

    def _special(self, i: int) -> str | None:
        if not self.is_special(i):
            return None
        known = self._zone(i)
        if known is not None:
            return known.label
        # "hold a zone in X": the parser may hang the place on the verb.
        heads = [i, self.tree.heads[i]] if self.tree.deps[i] in ("obj", "nsubj:pass") else [i]
        phrases = [phrase for head in heads for phrase in self.tree.obliques(head)]
        inside = [k for p, k in phrases if p in ("in", "inside", "within", "around")]
        where = next((label for k in inside if (label := self.names.at(k))), None)
        kinds = [k for k in range(max(self.tree.left[i], i - 6), i) if self._is_kind(k)]
        return where or clean(self.tree.doc[kinds[-1] if kinds else i : i + 1].text)

    def _again(self, i: int, last: int | None, zone: int | None) -> str | None:
        """Return the place that "there", "the area", "the zone" or "the country" goes back to."""
        tree, lemma = self.tree, self.tree.lemmas[i]
        if tree.words[i] in ("there", "here"):
            if tree.pos[i] != "ADV" or tree.deps[i] == "expl":
                return None
            return self._recent(i, last)
        if lemma in self.lists["wars"] and {tree.words[k] for k in tree.kids[i]} == {"the"}:
            return self.names.country
        if tree.words[i] == "where":
            # "Sochi, where they met": the place right before it, wherever the parser hangs it.
            return next((self.found[k] for k in range(i - 1, i - 5, -1) if k in self.found), None)
        if tree.tags[i] == "NNS" and lemma in self.lists["countries"]:
            return None
        if tree.pos[i] != "NOUN" or not {tree.words[k] for k in tree.kids[i]} & _DEFINITE:
            return None
        if tree.children(i, "compound", "nmod:poss") or self._further(i):
            return None
        if lemma in self.lists["countries"]:
            return self.names.country
        if lemma in ("zone", "corridor") and zone is not None:
            return self.found[zone]
        if lemma in self.lists["again"] | self.lists["towns"]:
            return self._recent(i, last)
        return None

    def _further(self, i: int) -> bool:
        """Whether a noun has a name or a phrase of its own that says which place it is."""
        for k in self.tree.conjuncts(i)[1:]:
            if self.tree.children(k, "nmod"):
                return True  # "the city and governorate of X"
        for k in self.tree.kids[i]:
            if k in self.parties.names or k in self.parties.places or k in self.parties.demonyms:
                return True
            if k > i and self.tree.deps[k] in ("nmod", "acl:relcl", "acl"):
                return True
        return False

    def _recent(self, i: int, last: int | None) -> str | None:
        return self.found[last] if last is not None and i - last <= _MEMORY else None

    # -- zones -----------------------------------------------------------------------------------

    def _zone(self, i: int) -> Entity | None:
        """Return the known zone that "the demilitarised zone" means in this article."""
        key = frozenset(self._kinds(i))
        if key not in self.zone_of:
            self.zone_of[key] = self._best_zone(key)
        return self.zone_of[key]

    def _best_zone(self, kinds: frozenset[str]) -> Entity | None:
        best: tuple[int, Entity] | None = None
        for entity in self.vocabulary.entities.values():
            if entity.kind != "Zone":
                continue
            names = [entity.label, *entity.aliases]
            if not any(kind in _american(name.casefold()) for kind in kinds for name in names):
                continue
            own = {fold(w) for w in re.findall(r"\b[A-Z]\w+", entity.label)}
            own -= {_american(fold(kind)) for kind in self.kinds} | self.zones
            score = min((self.words[word] for word in own), default=0)
            if score and (best is None or score > best[0]):
                best = (score, entity)
        return best[1] if best else None


def _american(word: str) -> str:
    return word.replace("ised", "ized").replace("isation", "ization")
