"""Where: the place or zone that a predicate is about."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter

from accord.language.names import fold
from accord.language.parties import Parties
from accord.language.syntax import Tree
from accord.language.wordlists import word_lists
from accord.vocabulary import Entity, Vocabulary


class Places:
    """The places of one document, found by token."""

    def __init__(self, tree: Tree, parties: Parties, vocabulary: Vocabulary) -> None:
        self.tree, self.parties, self.vocabulary = tree, parties, vocabulary
        things = word_lists("things")
        self.zones = frozenset(things["zones"])
        self.kinds = frozenset(things["zone_kinds"]) | {"line"}
        self.words = Counter(fold(word) for word in tree.words)
        self.zone_of: dict[frozenset[str], Entity | None] = {}
        self.locative = frozenset(word_lists("grammar")["locative"])
        self.found = self._find()
        self.positions = sorted(self.found)

    def at(self, i: int) -> str | None:
        """Return the canonical label of the place that a token names."""
        return self.found.get(i)

    def near(self, i: int, start: int, end: int) -> str | None:
        """Return the place that the predicate ``i`` is about, from its clause.

        The clause is tokens ``start`` to ``end`` (exclusive). A zone wins over a place, a phrase
        of the predicate itself over others, the nearer one over the farther.
        """
        own = {noun for _, noun in self.tree.obliques(i)} | set(self.tree.kids[i])
        best: tuple[tuple[int, int, int], str] | None = None
        low, high = bisect_left(self.positions, start), bisect_left(self.positions, end)
        for token in self.positions[low:high]:
            label = self.found[token]
            rank = (0 if token in own else 1, 0 if self._is_zone(token) else 1, abs(token - i))
            if best is None or rank < best[0]:
                best = (rank, label)
        return best[1] if best else None

    def only(self, start: int, end: int) -> str | None:
        """Return the one place that is named among tokens ``start`` to ``end``, if it is one."""
        low, high = bisect_left(self.positions, start), bisect_left(self.positions, end)
        labels = {self.found[token] for token in self.positions[low:high]}
        return labels.pop() if len(labels) == 1 else None

    def is_special(self, i: int) -> bool:
        """Whether a noun is a zone of a known kind: demilitarized, buffer, de-escalation."""
        span = self.parties.names.get(i)
        if span is not None and span.label_ == "Zone" and span.text.lower() != span.text:
            return self.tree.lemmas[i] in self.zones
        if self.tree.lemmas[i] not in self.zones:
            return False
        return any(self._kind(k) for k in range(max(self.tree.left[i], i - 6), i))

    def _kind(self, k: int) -> bool:
        return self.tree.lemmas[k] in self.kinds or self.tree.words[k] in self.kinds

    def _is_zone(self, i: int) -> bool:
        return self.tree.lemmas[i] in self.zones

    def _find(self) -> dict[int, str]:
        found: dict[int, str] = {}
        last = ""
        for i in range(len(self.tree.words)):
            if i and self._is_zone(i - 1):
                last = found.get(i - 1, last)
            span = self.parties.names.get(i)
            if span is not None:
                if i == span.root.i or i == span.end - 1:
                    entity = self.vocabulary.entity(span.kb_id_) if span.kb_id_ else None
                    if entity is None:
                        found[span.root.i] = span.text
                    elif entity.is_place or (
                        entity.kind == "Government" and self._locative(span.root.i)
                    ):
                        found[span.root.i] = entity.label
            elif i in self.parties.demonyms:
                continue
            elif i in self.parties.places and i == self.parties.places[i].root.i:
                found[i] = re.sub(r"\s+", " ", self.parties.places[i].text).strip()
            elif last and self.tree.lemmas[i] in ("zone", "corridor") and self._bare(i):
                found[i] = last
            elif self.is_special(i):
                zone = self._zone(i)
                if zone:
                    found[i] = zone.label
        return found

    def _bare(self, i: int) -> bool:
        """Whether it is just "the zone"."""
        return [self.tree.words[k] for k in self.tree.kids[i]][:1] == ["the"] and not (
            self.tree.children(i, "amod", "compound")
        )

    def _locative(self, i: int) -> bool:
        return (
            self.tree.deps[i] in ("obl", "nmod")
            and self.tree.preposition(i).split(" ")[-1] in self.locative
        )

    def _zone(self, i: int) -> Entity | None:
        """Return the known zone that "the demilitarised zone" means in this article."""
        kinds = {
            _american(self.tree.words[k])
            for k in range(max(self.tree.left[i], i - 6), i)
            if self._kind(k)
        }
        key = frozenset(kinds)
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
