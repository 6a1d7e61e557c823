"""The names of places in a document, each in the longest form that stands there."""

from __future__ import annotations

from collections import Counter
from functools import cache, cached_property

from accord.language.actors.parties import Parties
from accord.language.actors.party import clean
from accord.language.places.kinds import of_kind
from accord.language.syntax import Tree
from accord.language.wordlists import word_lists
from accord.vocabulary import Entity, Vocabulary

#: Before the dash or colon of a dateline stand so many tokens at most.
_DATELINE = 9


class PlaceNames:
    """Reads the names of places; a country is a place only where it stands as one."""

    def __init__(self, tree: Tree, parties: Parties, vocabulary: Vocabulary) -> None:
        self.tree, self.parties, self.vocabulary = tree, parties, vocabulary
        self.lists = {key: frozenset(words) for key, words in word_lists("places").items()}
        self.actors = {key: frozenset(words) for key, words in word_lists("actors").items()}
        self.locative = frozenset(word_lists("grammar")["locative"])
        self.nouns = (
            self.lists["parts_of_names"]
            | self.lists["perhaps_of_names"]
            | self.lists["kinds_of_places"]
        )
        self.datelines = self._datelines()

    def at(self, i: int) -> str | None:
        """Return the canonical label of the place whose name's main word a token is."""
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
                meant = of_kind(self.tree, self.vocabulary, i, entity)
                return self._whole(i, meant.label) if span.root.i == i else None
            if span.root.i == i and self._called_capital(i, entity):
                return clean(span.text)
            if entity.kind != "Government" or span.root.i != i:
                return None
            if span.start and self.tree.words[span.start - 1] in self.lists["directions"]:
                return f"{self.tree.words[span.start - 1]} {entity.label}"
            whole = any(self.tree.words[k] in self.lists["whole"] for k in self.tree.kids[i])
            return entity.label if whole or self._locative(i) else None
        if i in self.parties.demonyms:
            return None
        return self._unknown(i) or self._war(i)

    def _whole(self, i: int, label: str) -> str:
        """Return "X port" for the X of "the X ports", where that is a place of its own."""
        head = self.tree.heads[i]
        before = self.tree.deps[i] in ("compound", "amod")
        if before and self.tree.lemmas[head] in self.lists["towns"]:
            span = self.parties.names[i]
            whole = f"{clean(span.text)} {self.tree.lemmas[head]}"
            return whole if self.vocabulary.iri(whole) else label
        return label

    def _called_capital(self, i: int, entity: Entity) -> bool:
        nouns = self.tree.children(i, "appos")
        capital = any(self.tree.lemmas[k] in self.lists["capitals"] for k in nouns)
        return capital and self.tree.doc[i].text in entity.metonyms

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
            if len(span) > 1 and tree.words[span.end - 1] in self.lists["kinds_of_places"]:
                last = tree.doc[span.end - 1]
                return clean(span[:-1].text if last.text.islower() else span.text)
            return clean(span.text)
        lemma = tree.lemmas[i]
        if span is None and lemma in self.nouns:
            start = i
            while start and tree.doc[start - 1].text[0].isupper() and self._free(start - 1):
                start -= 1
            while start and tree.words[start - 1] in ("-", "–") and self._free(start - 2):
                start -= 2
            certain = lemma in self.lists["parts_of_names"]
            if start < i and (certain or (start > tree.doc[i].sent.start and not proper)):
                end = i if lemma in self.lists["kinds_of_places"] else i + 1
                return clean(tree.doc[start:end].text)
        return None

    def _free(self, k: int) -> bool:
        """Whether a capitalised word belongs to no known name, person or people."""
        if k < 0 or not self.tree.doc[k].text[0].isupper():
            return False
        inside = k > self.tree.doc[k].sent.start
        return (
            self.tree.pos[k] in (("PROPN", "ADJ", "NOUN") if inside else ("PROPN",))
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

    @cached_property
    def country(self) -> str | None:
        """The country that most of the places lie in, or that is named as a place most often."""
        counts: Counter[str] = Counter()
        # In the order of the text: of equals the country that it names first wins, in every run.
        for span in dict.fromkeys(self.parties.names.values()):
            entity = self.vocabulary.entity(span.kb_id_) if span.kb_id_ else None
            if entity is None or (entity.is_place and entity.label in _capitals(self.vocabulary)):
                continue  # Where people meet and speak is seldom where they fight.
            for _ in range(4):
                if entity is None or not entity.is_place or not entity.within:
                    break
                entity = self.vocabulary.entity(entity.within[0])
            if entity is None or entity.kind != "Government":
                continue
            # A country that is no place here still stands in line, for a tie.
            counts[entity.label] += span.label_ != "Government" or self._locative(span.root.i)
        return next((label for label, count in counts.most_common(1) if count), None)

    def _locative(self, i: int) -> bool:
        preposition = self.tree.preposition(i)
        return self.tree.deps[i] in ("obl", "nmod") and (
            preposition.split(" ")[-1] in self.locative
            or preposition in self.lists["locative_phrases"]
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


@cache
def _capitals(vocabulary: Vocabulary) -> frozenset[str]:
    return frozenset(name for entity in vocabulary.entities.values() for name in entity.metonyms)
