"""The spaCy component that finds who says what: cues, then the source and content of each cue.

The network reads the encoder's vectors with what `traits` says of each word, in one BiLSTM layer;
a cue is a stretch of that. A second, smaller one reads the words around each cue, with what
`windows` says of how they stand to it, and labels its source and its content. So attributions can
lie in one another, and each stretch belongs to a cue.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc

from accord.language.neural.network import (
    Floats,
    Ints,
    best_tags,
    dense,
    leaky,
    lstm,
    pack,
    product,
)
from accord.language.neural.parts import Part
from accord.language.neural.traits import Traits
from accord.language.neural.windows import Windows

#: Words, and cues, that go through the network together.
SLAB, CUES = 6000, 160
#: Places in a sentence, from its start, that are told apart.
FIRSTS = 8
#: The labels of words: outside, begin and inside of a cue; and of a source and a content.
CUE_LABELS = ("O", "B", "I")
ROLE_LABELS = ("O", "B-source", "I-source", "B-content", "I-content")
#: Small tables that become one for each of these groups.
_MARKS = (("tag", "dep"), ("head_tag", "state", "first"), ("name", "case"))
_RELATIONS = (("distance", "sentence"), ("paragraph", "quote", "level"), ("branch",))
_NEVER = np.float32(-1e4)

Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Utterance:
    """A cue with its source and content, as stretches of tokens (end exclusive).

    ``source`` may be empty; ``content`` is not. ``score`` is by how much the network prefers
    these labels around the cue to none at all (a difference of log likelihoods).
    """

    cue: Stretch
    source: tuple[Stretch, ...]
    content: tuple[Stretch, ...]
    score: float


class Utterances(Part):
    """Sets ``doc._.utterances``, a list of `Utterance` in the order of their cues."""

    def ready(self) -> None:
        """Fold tables together, and start with no word remembered."""
        if not Doc.has_extension("utterances"):
            Doc.set_extension("utterances", default=None)
        self.rows: dict[str, dict[int, int]] = {name: {} for name in ("lemmas", "tags")}
        self.rows |= {"deps": {}, "names": {}}
        self.known = {
            name: {label: row for row, label in enumerate(self.lists.get(name, []))}
            for name in self.rows
        }
        w = self.weights
        if not w:
            return
        self.lemma = product(w["lemma"], w["project.lemma"]) + w["project.bias"]
        self.head_lemma = product(w["lemma"], w["head_lemma"])
        self.marks = {names: _joined([w[f"mark.{name}"] for name in names]) for names in _MARKS}
        self.relations = {
            names: _joined([w[f"relation.{name}"] for name in names]) for names in _RELATIONS
        }
        self.cue_moves, self.cue_start = _moves(w["cue.moves"], CUE_LABELS)
        self.role_moves, self.role_start = _moves(w["role.moves"], ROLE_LABELS)

    def annotate(self, docs: list[Doc]) -> None:
        """Find the utterances of docs.

        :raises ValueError: where the encoder did not run before.
        """
        if any(len(doc.tensor) != len(doc) for doc in docs):
            raise ValueError("the encoder must run before the component that finds utterances")
        parts = [Traits.of(doc) for doc in docs]
        vectors = [doc.tensor[part.places] for doc, part in zip(docs, parts, strict=True)]
        ends = np.cumsum([len(part.places) for part in parts])
        found = self.find(Traits.join(parts), np.concatenate(vectors))
        for utterance in found:
            owner = int(np.searchsorted(ends, utterance[0], side="right"))
            docs[owner]._.utterances.append(utterance[1])

    def _batch(self, docs: list[Doc]) -> list[Doc]:
        for doc in docs:
            doc._.utterances = []
        return super()._batch(docs)

    def find(self, traits: Traits, vectors: Floats) -> Iterator[tuple[int, Utterance]]:
        """Yield utterances, each with its cue's place among all words.

        :param vectors: the encoder's (W x size)
        """
        columns = self._columns(traits)
        lengths = traits.segments()
        reading = np.empty((len(traits.places), self.weights["word.bias"].shape[0]), np.float32)
        starts, ends, centres = [], [], []
        for low, high, part in _slabs(lengths, SLAB):
            hidden = self._read(vectors[low:high], columns, low, high, part)
            scores = dense(hidden, self.weights, "cue")
            scores[np.cumsum(part) - part] += self.cue_start
            tags = best_tags(scores, self.cue_moves, part)
            for start, end in stretches(tags, 1, 2):
                starts.append(low + start)
                ends.append(low + end)
                centres.append(hidden[start:end].mean(axis=0))
            reading[low:high] = dense(hidden, self.weights, "word")
        for at in range(0, len(starts), CUES):
            some = slice(at, at + CUES)
            first, last = np.array(starts[some]), np.array(ends[some])
            windows = Windows.of(traits, first, last)
            centre = product(np.stack(centres[some]), self.weights["centre.weight"])
            scores = self._label(reading, centre, windows, columns["dep"])
            yield from self._utterances(traits, first, last, windows, scores)

    def _columns(self, traits: Traits) -> dict[str, Ints]:
        """Return the rows of each word in the tables of the first layer."""
        tags = self._rows_of("tags", traits.tags)
        lemmas = self._rows_of("lemmas", traits.lemmas)
        deps = self._rows_of("deps", traits.deps)
        columns = {
            "tag": tags,
            "head_tag": tags[traits.heads],
            "dep": deps,
            "name": 2 * self._rows_of("names", traits.names) + traits.inner,
            "case": traits.cases,
            "state": traits.states,
            "first": np.minimum(traits.firsts, FIRSTS - 1),
        }
        joined = {" ".join(names): self._rows(names, columns) for names in _MARKS}
        return {"lemma": lemmas, "head_lemma": lemmas[traits.heads], "dep": deps} | joined

    def _rows(self, names: tuple[str, ...], columns: dict[str, Ints]) -> Ints:
        """Return the rows in a table that stands for several."""
        kind = "mark" if names in _MARKS else "relation"
        rows = columns[names[0]]
        for name in names[1:]:
            rows = rows * len(self.weights[f"{kind}.{name}"]) + columns[name]
        return rows

    def _rows_of(self, name: str, keys: NDArray[np.uint64]) -> Ints:
        """Return the rows of strings in a table, 0 for what it does not have."""
        unique, inverse = np.unique(keys, return_inverse=True)
        memory, known = self.rows[name], self.known[name]
        rows = []
        for key in unique.tolist():
            row = memory.get(key)
            if row is None:
                text = self.vocab.strings[key]
                row = known.get(text.lower() if name == "lemmas" else text, 0)
                if len(memory) > 60_000:
                    memory.clear()
                memory[key] = row
            rows.append(row)
        return np.array(rows, np.int64)[inverse]

    def _read(
        self, vectors: Floats, columns: dict[str, Ints], low: int, high: int, lengths: Ints
    ) -> Floats:
        """Read stretches of words low to high -> words x 2H."""
        w = self.weights
        x = product(vectors, w["project.tensor"])
        x += self.lemma.take(columns["lemma"][low:high], axis=0)
        x += self.head_lemma.take(columns["head_lemma"][low:high], axis=0)
        for names, table in self.marks.items():
            x += table.take(columns[" ".join(names)][low:high], axis=0)
        gates = dense(leaky(x), w, "encoder.input")
        return lstm(gates, pack(lengths), w["encoder.recurrent"])

    def _label(self, reading: Floats, centre: Floats, windows: Windows, deps: Ints) -> Floats:
        """Score the words of windows (N x roles)."""
        w = self.weights
        columns = {
            "distance": windows.distances,
            "sentence": windows.sentences,
            "paragraph": windows.paragraphs,
            "quote": windows.quotes,
            "level": windows.levels,
            "branch": windows.ranks * len(self.known["deps"]) + deps[windows.branches],
        }
        x = reading.take(windows.words, axis=0)
        x += centre.take(windows.owners, axis=0)
        for names, table in self.relations.items():
            x += table.take(self._rows(names, columns), axis=0)
        gates = dense(leaky(x), w, "reader.input")
        return dense(lstm(gates, pack(windows.lengths), w["reader.recurrent"]), w, "role")

    def _utterances(
        self, traits: Traits, starts: Ints, ends: Ints, windows: Windows, scores: Floats
    ) -> Iterator[tuple[int, Utterance]]:
        """Yield an utterance for each cue around which there is a content."""
        offsets = np.cumsum(windows.lengths) - windows.lengths
        scores[offsets] += self.role_start
        tags = best_tags(scores, self.role_moves, windows.lengths)
        gains = scores[np.arange(len(tags)), tags] - scores[:, 0]
        moved = self.role_moves[tags[:-1], tags[1:]] - self.role_moves[0, 0]
        inside = np.ones(len(tags), bool)
        inside[offsets] = False
        gains[1:] += np.where(inside[1:], moved, 0)
        for k, offset in enumerate(offsets.tolist()):
            end = offset + int(windows.lengths[k])
            places = traits.places[windows.words[offset:end]]
            source, content = (
                tuple(
                    (int(places[a]), int(places[b - 1]) + 1)
                    for a, b in stretches(tags[offset:end], begin, begin + 1)
                )
                for begin in (1, 3)
            )
            if content:
                cue = (int(traits.places[starts[k]]), int(traits.places[ends[k] - 1]) + 1)
                score = float(gains[offset:end].sum())
                yield int(starts[k]), Utterance(cue, source, content, score)


def _joined(tables: list[Floats]) -> Floats:
    """Return one table for the sums of rows of several: one look-up for all of them."""
    joined = tables[0]
    for table in tables[1:]:
        joined = (joined[:, None] + table).reshape(-1, table.shape[1])
    return joined


def _moves(learned: Floats, labels: tuple[str, ...]) -> tuple[Floats, Floats]:
    """Forbid what is no well-formed sequence: the scores of moves, and of starts."""
    moves, start = learned.copy(), np.zeros(len(labels), np.float32)
    for j, right in enumerate(labels):
        if right[0] == "I":
            start[j] = _NEVER
            for i, left in enumerate(labels):
                if left[0] == "O" or left[1:] != right[1:]:
                    moves[i, j] += _NEVER
    return moves, start


def stretches(tags: Ints, begin: int, inside: int) -> Iterator[Stretch]:
    """Yield the stretches of one label in a sequence of tags."""
    start = -1
    # Outside all stretches nothing happens: look only where a tag changes, or begins one.
    edges = np.flatnonzero((tags == begin) | (np.diff(tags, prepend=0) != 0))
    for place in edges.tolist():
        tag = tags[place]
        if start >= 0 and tag != inside:
            yield start, place
            start = -1
        if tag == begin:
            start = place
    if start >= 0:
        yield start, len(tags)


def _slabs(lengths: Ints, size: int) -> Iterator[tuple[int, int, Ints]]:
    """Cut stretches into groups of about so many words: first word, end, the group's lengths."""
    ends = np.cumsum(lengths)
    first, low = 0, 0
    while first < len(lengths):
        last = max(int(np.searchsorted(ends, low + size, side="right")), first + 1)
        high = int(ends[last - 1])
        yield low, high, lengths[first:last]
        first, low = last, high


@Language.factory(
    "accord_utterances", requires=["doc.tensor", "token.dep"], assigns=["doc._.utterances"]
)
def create_utterances(nlp: Language, name: str) -> Utterances:
    """Make the component that finds who says what."""
    return Utterances(nlp.vocab, name)
