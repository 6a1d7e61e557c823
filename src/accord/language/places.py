"""The places and zones that a document names, or goes back to."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from functools import cached_property

from accord.language.names import fold
from accord.language.parties import Parties
from accord.language.party import clean
from accord.language.syntax import Tree
from accord.language.wordlists import word_lists
from accord.vocabulary import Entity, Vocabulary

_DEFINITE = frozenset({"the", "this", "that", "these", "those"})
#: "There" and "the area" go back over so many tokens at most.
_MEMORY = 150
#: Before the dash or colon of a dateline stand so many tokens at most.
_DATELINE = 9


class Places:
    """The places of one document, found by token."""

    def __init__(self, tree: Tree, parties: Parties, vocabulary: Vocabulary) -> None:
        self.tree, self.parties, self.vocabulary = tree, parties, vocabulary
        things = word_lists("things")
        self.lists = {key: frozenset(words) for key, words in word_lists("places").items()}
        self.actors = {key: frozenset(words) for key, words in word_lists("actors").items()}
        self.zones = frozenset(things["zones"])
        self.kinds = frozenset(things["zone_kinds"]) | {"line"}
        self.words = Counter(fold(word) for word in tree.words)
        self.zone_of: dict[frozenset[str], Entity | None] = {}
        self.locative = frozenset(word_lists("grammar")["locative"])
        self.datelines = self._datelines()
        self.again: set[int] = set()
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
            label = self._named(i) or self._special(i)
            if label is None:
                label = self._again(i, last, zone)
                if label is not None:
                    self.again.add(i)
            if label is None:
                continue
            self.found[i] = label
            if self.is_special(i):
                zone = i
            if last is None or i in self.again or not self._within(i, last):
                last = i

    def _within(self, i: int, last: int) -> bool:
        """Whether a place only says where the one before it lies: "the zone in the north"."""
        return self.tree.left[last] <= i <= self.tree.right[last] and (
            self.is_special(last) or self.tree.deps[i] != "appos"
        )

    def _named(self, i: int) -> str | None:
        if i in self.datelines:
            return None
        span = self.parties.names.get(i)
        if span is not None:
            if i != span.root.i and i != span.end - 1:
                return None
            entity = self.vocabulary.entity(span.kb_id_) if span.kb_id_ else None
            if self._prefixed(i):
                return None
            if entity is None:
                return clean(span.text)
            if entity.is_place:
                return entity.label if span.root.i == i else None
            if entity.kind != "Government" or span.root.i != i:
                return None
            if span.start and self.tree.words[span.start - 1] in self.lists["directions"]:
                return f"{self.tree.words[span.start - 1]} {entity.label}"
            whole = any(self.tree.words[k] in self.lists["whole"] for k in self.tree.kids[i])
            return entity.label if whole or self._locative(i) else None
        if i in self.parties.demonyms:
            return None
        return self._unknown(i) or self._war(i)

    def _unknown(self, i: int) -> str | None:
        """Return a name that is no entity's, in the longest form that stands here."""
        tree = self.tree
        span = self.parties.places.get(i) or self.parties.others.get(i)
        proper = self.tree.doc[i].text[0].isupper()
        if span is not None and span.label_ not in ("Location", "Facility", "LOC", "GPE", "FAC"):
            span = None
        if span is not None and i == span.root.i:
            head = tree.heads[i]
            follows = span.end < len(tree.words) and tree.lemmas[span.end]
            if follows in self.lists["parts_of_names"] and head == span.end:
                return None  # The noun behind it has the whole name.
            if tree.deps[i] == "amod" or tree.pos[i] not in ("PROPN", "NOUN", "X"):
                return None
            crowd = self.actors["forces"] | self.actors["group"] | self.actors["persons"]
            if tree.deps[i] == "compound" and tree.lemmas[head] in crowd:
                return None  # "Islamist militants"
            if (
                tree.preposition(i) == "of"
                and tree.lemmas[head] in crowd | self.actors["government"]
            ):
                return None  # "the governments of X"
            return clean(span.text)
        lemma = tree.lemmas[i]
        if span is None and lemma in self.lists["parts_of_names"] | self.lists["perhaps_of_names"]:
            start = i
            while start and tree.doc[start - 1].text[0].isupper() and self._free(start - 1):
                start -= 1
            while start and tree.words[start - 1] in ("-", "–") and self._free(start - 2):
                start -= 2
            sentence = tree.doc[i].sent.start
            if start < i and start > sentence and not proper:
                return clean(tree.doc[start : i + 1].text)
        return None

    def _free(self, k: int) -> bool:
        """Whether a capitalised word belongs to no known name, person or people."""
        if k < 0 or not self.tree.doc[k].text[0].isupper():
            return False
        return (
            self.tree.pos[k] == "PROPN"
            and (k not in self.parties.names or self._prefixed(k))
            and k not in self.parties.demonyms
            and k not in self.parties.persons
        )

    def _prefixed(self, k: int) -> bool:
        """Whether a known name is only a part of the word: the Euphrates of "Trans-Euphrates"."""
        first, hyphen, _ = self.tree.words[k].partition("-")
        return bool(hyphen) and first in self.lists["prefixes"]

    def _war(self, i: int) -> str | None:
        """Return the country of "the Syrian war"."""
        if self.tree.lemmas[i] not in self.lists["wars"]:
            return None
        owners = [p for p in self.parties.owners(i) if p.kind == "Government"]
        return owners[0].side if len(owners) == 1 else None

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
        where = next((label for k in inside if (label := self._named(k))), None)
        kinds = [k for k in range(max(self.tree.left[i], i - 6), i) if self._is_kind(k)]
        return where or clean(self.tree.doc[kinds[-1] if kinds else i : i + 1].text)

    def _again(self, i: int, last: int | None, zone: int | None) -> str | None:
        """Return the place that "there", "the area", "the zone" or "the country" goes back to."""
        tree, lemma = self.tree, self.tree.lemmas[i]
        if tree.words[i] in ("there", "here"):
            if tree.pos[i] != "ADV" or tree.deps[i] == "expl":
                return None
            return self._recent(i, last)
        if tree.words[i] == "where":
            # "Sochi, where they met": the place right before it, wherever the parser hangs it.
            near = last if last is not None and i - last <= 4 else None
            return self.found[near] if near is not None else None
        if tree.tags[i] == "NNS" and lemma in self.lists["countries"]:
            return None
        if tree.pos[i] != "NOUN" or not {tree.words[k] for k in tree.kids[i]} & _DEFINITE:
            return None
        if tree.children(i, "compound", "nmod:poss") or self._further(i):
            return None
        if lemma in self.lists["countries"]:
            return self._country
        if lemma in ("zone", "corridor") and zone is not None:
            return self.found[zone]
        if lemma in self.lists["again"] | self.lists["towns"]:
            return self._recent(i, last)
        return None

    def _further(self, i: int) -> bool:
        """Whether a noun has a name or a phrase of its own that says which place it is."""
        for k in self.tree.kids[i]:
            if k in self.parties.names or k in self.parties.places or k in self.parties.demonyms:
                return True
            if k > i and self.tree.deps[k] in ("nmod", "acl:relcl", "acl"):
                return True
        return False

    def _recent(self, i: int, last: int | None) -> str | None:
        return self.found[last] if last is not None and i - last <= _MEMORY else None

    @cached_property
    def _country(self) -> str | None:
        """The country that most of the places lie in, or that is named as a place most often."""
        counts: Counter[str] = Counter()
        for span in set(self.parties.names.values()):
            entity = self.vocabulary.entity(span.kb_id_) if span.kb_id_ else None
            for _ in range(4):
                if entity is None or not entity.is_place or not entity.within:
                    break
                entity = self.vocabulary.entity(entity.within[0])
            if entity is None or entity.kind != "Government":
                continue
            if span.label_ != "Government" or self._locative(span.root.i):
                counts[entity.label] += 1
        return counts.most_common(1)[0][0] if counts else None

    def _locative(self, i: int) -> bool:
        return (
            self.tree.deps[i] in ("obl", "nmod")
            and self.tree.preposition(i).split(" ")[-1] in self.locative
        )

    def _datelines(self) -> frozenset[int]:
        """Return the tokens of names before the dash of a dateline: "GOMA, DR Congo (AP) —"."""
        found: set[int] = set()
        doc = self.tree.doc
        for sentence in doc.sents:
            for k in range(sentence.start + 1, min(sentence.start + _DATELINE, sentence.end)):
                if doc[k].text in ("—", "–", "--", "-", ":"):
                    if doc[sentence.start].text.isupper():
                        found.update(range(sentence.start, k))
                    break
        return frozenset(found)

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
