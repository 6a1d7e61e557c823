"""Measure how well a small network finds what frames miss. Nothing of it is shipped.

For each word that is no function word: which of the thirteen types of claims it makes, if any. One
hidden layer reads the encoder's vector of the word and of nothing else in the sentence but its
head's and its children's lemmas, with tags, labels, names, quotation marks, and the types of the
frames that have its lemma or its head's among their triggers.

Prints, for sentences of articles that were left out of the training (four parts in turn), how many
of the types that are annotated for a sentence are found, by the frames that fire in it, by the
network, and by both.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from claim_actors import trigger
from spacy.tokens import Doc

from accord.claim import ClaimType
from accord.extraction import document, pipeline
from accord.language.frames.frame import Frames
from accord.language.frames.matching import Matcher
from accord.language.frames.reader import load_frames
from accord.language.neural.network import Floats, leaky
from accord.language.neural.traits import CASES, STATES, Traits
from accord.language.pipeline import MODEL
from accord.language.reading import Reading
from accord.settings import load_settings
from accord.sources.files import File
from accord.vocabulary import load_vocabulary

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))
from claims import TRAINING, passages

TYPES = tuple(ClaimType)
SETS = ("samples", "others", "news", TRAINING)
PARTS = 4
FIRSTS = 8
CONTENT = frozenset({"VERB", "NOUN", "ADJ", "AUX", "PROPN", "ADV", "NUM"})
HIDDEN, EPOCHS, RATE, DECAY, BATCH = 128, 20, 0.002, 0.05, 256
DROP_INPUT, DROP_HIDDEN, NEGATIVES = 0.3, 0.4, 0.5
LEVELS = (0.15, 0.2, 0.25, 0.3, 0.4, 0.5)


@dataclass(slots=True)
class Example:
    """The words of one annotated text that may make claims (N).

    ``features`` is N x inputs, ``gold`` and ``fired`` N x types, ``sentences`` numbers those.
    """

    which: str
    name: str
    features: Floats
    gold: Floats
    fired: Floats
    sentences: np.ndarray


class Features:
    """Turns words into numbers."""

    def __init__(self, nlp_labels: dict[str, list[str]], frames: Frames) -> None:
        with np.load(MODEL / "encoder" / "weights.npz") as stored:
            vectors = stored["vectors"].astype(np.float32)
        words = json.loads((MODEL / "encoder" / "lists.json").read_text(encoding="utf-8"))
        self.vectors = vectors / vectors.std()
        self.vectors[0] = 0
        self.rows = {word: row for row, word in enumerate(words["vector_words"])}
        self.known = {
            key: {label: row for row, label in enumerate(["", *labels])}
            for key, labels in nlp_labels.items()
        }
        self.lexicon: dict[str, Floats] = {}
        for (_, word), found in frames.index.items():
            types = self.lexicon.setdefault(word, np.zeros(len(TYPES), np.float32))
            for further, frame in found:
                place = TYPES.index(frame.type)
                types[place] = max(types[place], 0.5 if further else 1.0)

    def of(self, doc: Doc, traits: Traits) -> Floats:
        """Return the features of a document's words (words x inputs)."""
        strings, heads, count = doc.vocab.strings, traits.heads, len(traits.places)
        lemmas = [strings[key].lower() for key in traits.lemmas]
        vectors = self.vectors[[self.rows.get(lemma, 0) for lemma in lemmas]]
        below, labels_below = np.zeros_like(vectors), np.zeros((count, len(self.known["deps"])))
        tags = self._rows("tags", [strings[key] for key in traits.tags])
        deps = self._rows("deps", [strings[key] for key in traits.deps])
        names = self._rows("names", [strings[key] for key in traits.names])
        for i, head in enumerate(heads.tolist()):
            if i != head:
                labels_below[head, deps[i]] = 1
                if doc[int(traits.places[i])].pos_ in CONTENT:
                    below[head] += vectors[i]
        nothing = np.zeros(len(TYPES), np.float32)
        frames = np.stack([self.lexicon.get(lemma, nothing) for lemma in lemmas])
        marks = [
            (tags, len(self.known["tags"])),
            (deps, len(self.known["deps"])),
            (tags[heads], len(self.known["tags"])),
            (deps[heads], len(self.known["deps"])),
            (2 * names + traits.inner, 2 * len(self.known["names"])),
            (traits.cases, CASES),
            (traits.states, STATES),
            (np.minimum(traits.firsts, FIRSTS - 1), FIRSTS),
        ]
        parts = [2 * doc.tensor[traits.places], 0.7 * vectors, 0.7 * vectors[heads], 0.5 * below]
        parts += [np.eye(size, dtype=np.float32)[rows] for rows, size in marks]
        parts += [labels_below, 2 * frames, frames[heads]]
        return np.concatenate(parts, axis=1).astype(np.float32)

    def _rows(self, key: str, labels: list[str]) -> np.ndarray:
        return np.array([self.known[key].get(label, 0) for label in labels], np.int64)


def examples() -> Iterator[Example]:
    """Read the annotated texts; their encoder's vectors are kept for it."""
    nlp, vocabulary, frames = pipeline(), load_vocabulary(), load_frames()
    for name in ("forget", "accord_claims"):
        nlp.remove_pipe(name)
    labels = {
        "tags": list(nlp.get_pipe("tagger").lists["xpos"]),
        "deps": list(nlp.get_pipe("parser").lists["deps"]),
        "names": [
            label[2:] for label in nlp.get_pipe("ner").lists["entities"] if label[:2] == "B-"
        ],
    }
    features, largest = Features(labels, frames), load_settings().largest_article
    for which in SETS:
        for passage in passages(which):
            article = File(passage.file).article(passage.file.read_bytes(), largest)
            doc = nlp(document(article, nlp))
            reading, traits = Reading(doc, vocabulary, frames), Traits.of(doc)
            gold, fired = (np.zeros((len(doc), len(TYPES)), np.float32) for _ in range(2))
            for claim in passage.claims:
                token = trigger(doc, claim)
                if token is not None:
                    gold[token.i, TYPES.index(claim.type)] = 1
            for draft in Matcher(reading.tree, reading.arguments, frames).drafts():
                fired[draft.token, TYPES.index(draft.type)] = 1
            kept = [
                passage.start <= doc[i].idx < passage.end
                and doc[i].pos_ in CONTENT
                and not reading.is_outside(i)
                for i in traits.places.tolist()
            ]
            yield Example(
                which,
                passage.file.stem,
                features.of(doc, traits)[kept],
                gold[traits.places][kept],
                fired[traits.places][kept],
                traits.sentences[kept],
            )


def train(x: Floats, y: Floats, seed: int) -> list[Floats]:
    """Return the weights of two layers: AdamW, dropout, half of the words without a claim."""
    random = np.random.default_rng(seed)
    sizes = (x.shape[1], HIDDEN, len(TYPES))
    weights: list[Floats] = []
    for rows, columns in ((sizes[0], sizes[1]), (sizes[1], sizes[2])):
        limit = rows**-0.5
        weights.append(random.uniform(-limit, limit, (rows, columns)).astype(np.float32))
        weights.append(np.zeros(columns, np.float32))
    weights[3] -= 4
    moments = [(np.zeros_like(w), np.zeros_like(w)) for w in weights]
    some, none = np.flatnonzero(y.any(axis=1)), np.flatnonzero(~y.any(axis=1))
    count = int(NEGATIVES * len(none))
    total, step = EPOCHS * -(-(len(some) + count) // BATCH), 0
    for _ in range(EPOCHS):
        order = random.permutation(
            np.concatenate([some, random.choice(none, count, replace=False)])
        )
        for at in range(0, len(order), BATCH):
            rows = order[at : at + BATCH]
            step += 1
            gradients = _gradients(weights, x[rows], y[rows], random)
            rate = RATE * min(step / (0.15 * total), 1.0, 1.02 - step / total)
            for k, gradient in enumerate(gradients):
                mean, square = moments[k]
                mean += 0.1 * (gradient - mean)
                square += 0.001 * (gradient**2 - square)
                moved = (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
                weights[k] *= 1 - rate * DECAY
                weights[k] -= (rate * moved).astype(np.float32)
    return weights


def _gradients(
    weights: Sequence[Floats], x: Floats, y: Floats, random: np.random.Generator
) -> list[Floats]:
    """Return the gradients of the cross entropy, words without a claim counted for all of them."""
    first, bias, second, last = weights
    x = x * (random.random(x.shape, np.float32) > DROP_INPUT) / (1 - DROP_INPUT)
    before = x @ first + bias
    kept = (random.random(before.shape, np.float32) > DROP_HIDDEN) / np.float32(1 - DROP_HIDDEN)
    hidden = np.maximum(before, 0.1 * before) * kept
    found = 1 / (1 + np.exp(-(hidden @ second + last)))
    counts = np.where(y.any(axis=1), 1, 1 / NEGATIVES)[:, None]
    error = ((found - y) * counts / len(x)).astype(np.float32)
    inner = (error @ second.T) * kept * np.where(before > 0, 1, 0.1).astype(np.float32)
    return [x.T @ inner, inner.sum(axis=0), hidden.T @ error, error.sum(axis=0)]


def scores(weights: Sequence[Floats], x: Floats) -> Floats:
    """Return how likely each word makes a claim of each type (words x types)."""
    out: Floats = leaky(x @ weights[0] + weights[1]) @ weights[2] + weights[3]
    return 1 / (1 + np.exp(-out))


def table(data: Sequence[Example], held: str) -> Iterator[str]:
    """Yield the lines for the texts of one set, each left out once."""
    tested = sorted((e for e in data if e.which == held), key=lambda e: e.name)
    rows = []
    for part in range(PARTS):
        out = tested[part::PARTS]
        names = {e.name for e in out}
        rest = [e for e in data if e.name not in names]
        x, y = (np.concatenate([getattr(e, key) for e in rest]) for key in ("features", "gold"))
        weights = train(x, y, part)
        for e in out:
            found = scores(weights, e.features)
            for number in np.unique(e.sentences):
                of = e.sentences == number
                rows.append([e.gold[of].max(0), e.fired[of].max(0), found[of].max(0)])
    gold, fired, found = (np.array(column) for column in zip(*rows, strict=True))
    yield f"{held}: {int(gold.sum())} types of claims in {len(gold)} sentences"
    yield _line("frames", gold, fired > 0)
    for level in LEVELS:
        yield _line(f"network, {level} or more", gold, found >= level)
        yield _line(f"both, {level} or more", gold, (found >= level) | (fired > 0))


def _line(label: str, gold: Floats, found: np.ndarray) -> str:
    right = (gold > 0) & found
    precision, recall = right.sum() / max(1, found.sum()), right.sum() / max(1, gold.sum())
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return f"  {label:24} P {precision:.3f} R {recall:.3f} F1 {f1:.3f}"


def main() -> None:
    """Measure: ``claim_triggers.py``."""
    argparse.ArgumentParser(description=main.__doc__).parse_args()
    data = list(examples())
    for held in ("others", TRAINING):
        print(*table(data, held), sep="\n")


if __name__ == "__main__":
    main()
