"""Label sets, features and batches for training the network."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import torch
from corpus import Sentence, curly
from torch import Tensor

from accord.language.neural.lemmas import rule
from accord.language.neural.words import characters, normal


class Labels:
    """All closed sets of the network, as lists; made from training data."""

    def __init__(self, sets: dict[str, list[str]]) -> None:
        self.sets = sets
        self.index = {name: {v: i for i, v in enumerate(values)} for name, values in sets.items()}

    @classmethod
    def collect(cls, trees: list[Sentence], names: list[Sentence]) -> Labels:
        """Count what occurs. Words seen once share row 0; rare lemma rules are left out."""
        words: Counter[str] = Counter()
        lemma: Counter[str] = Counter()
        morph: Counter[str] = Counter()
        for sent in trees:
            words.update(normal(word) for word in sent.words)
            lemma.update(rule(w, n) for w, n in zip(sent.words, sent.lemmas, strict=True))
            morph.update(f"{u}|{f}" for u, f in zip(sent.upos, sent.feats, strict=True))
        for sent in names:
            words.update(normal(word) for word in sent.words)
        return cls(
            {
                "words": ["", *sorted(w for w, n in words.items() if n > 1)],
                "upos": sorted({u for s in trees for u in s.upos}),
                "xpos": sorted({x for s in trees for x in s.xpos}),
                "morphs": sorted(m for m, n in morph.items()),
                "lemmas": sorted(r for r, n in lemma.items() if n > 2 and r != "=_"),
                "deps": sorted({d for s in trees for d in s.deps}),
                "entities": sorted({e for s in names for e in s.entities}),
                "counts": [
                    str(words[w]) for w in ["", *sorted(w for w, n in words.items() if n > 1)]
                ],
            }
        )


class Featuriser:
    """Word form -> table rows and characters, remembered."""

    def __init__(self, labels: Labels, vector_words: list[str]) -> None:
        self.words = labels.index["words"]
        self.vectors = {word: i for i, word in enumerate(vector_words)}
        counts = torch.tensor([float(n) for n in labels.sets["counts"]])
        self.drop = 0.3 / (0.3 + counts)
        self.memory: dict[str, tuple[int, int, list[int]]] = {}

    def word(self, form: str) -> tuple[int, int, list[int]]:
        """Return the rows in both word tables (0 is unknown) and the characters."""
        known = self.memory.get(form)
        if known is None:
            key = normal(form)
            known = (self.words.get(key, 0), self.vectors.get(key, 0), characters(form))
            self.memory[form] = known
        return known

    def batch(self, sentences: list[list[str]], training: bool) -> tuple[Tensor, ...]:
        """Return types' ids, vectors, characters, the batch's type indexes, and lengths."""
        types: dict[str, int] = {}
        longest = max(map(len, sentences))
        index = torch.zeros(len(sentences), longest, dtype=torch.long)
        for i, words in enumerate(sentences):
            index[i, : len(words)] = torch.tensor([types.setdefault(w, len(types)) for w in words])
        rows = [self.word(w) for w in types]
        ids = torch.tensor([r[0] for r in rows])
        vectors = torch.tensor([r[1] for r in rows])
        chars = torch.tensor([r[2] for r in rows])
        if training:
            lost = torch.rand(len(rows)) < self.drop[ids]
            ids = torch.where(lost, 0, ids)
            also = (torch.rand(len(rows)) < 0.1) | (lost & (torch.rand(len(rows)) < 0.3))
            vectors = torch.where(also, 0, vectors)
        lengths = torch.tensor([len(words) for words in sentences])
        return ids, vectors, chars, index, lengths


def augment(sent: Sentence, rng: random.Random) -> Sentence:
    """Vary case, quotation marks and the final stop, so that headlines and curly text are known."""
    words = sent.words
    draw = rng.random()
    if draw < 0.02:
        words = [w.upper() for w in words]
    elif draw < 0.04:
        words = [w.lower() for w in words]
    elif draw < 0.06:
        words = [w[:1].upper() + w[1:] if len(w) > 3 else w for w in words]
    if rng.random() < 0.4 and any(ch in word for word in words for ch in "\"'"):
        words = curly(words, sent.spaces)
    elif rng.random() < 0.3:
        words = [w.replace("’", "'").replace("“", '"').replace("”", '"') for w in words]
    last = len(words) - 1
    if last > 3 and words[last] == "." and rng.random() < 0.12:
        copy = Sentence(doc=sent.doc, words=words[:last], spaces=sent.spaces[:last])
        if sent.heads:
            if last in sent.heads[:last]:
                return _with_words(sent, words)
            for name in ("upos", "xpos", "feats", "lemmas", "heads", "deps"):
                setattr(copy, name, getattr(sent, name)[:last])
        if sent.entities:
            copy.entities = sent.entities[:last]
            if sent.entities[last] != "O":
                return _with_words(sent, words)
        return copy
    return sent if words is sent.words else _with_words(sent, words)


def _with_words(sent: Sentence, words: list[str]) -> Sentence:
    copy = Sentence(**{name: getattr(sent, name) for name in Sentence.__slots__})
    copy.words = words
    return copy


def batches(sents: list[Sentence], size: int, rng: random.Random) -> list[list[Sentence]]:
    """Cut sentences, roughly sorted by length, into batches of about `size` tokens, shuffled."""
    order = sorted(sents, key=lambda s: len(s) * rng.uniform(0.85, 1.15))
    out: list[list[Sentence]] = []
    group: list[Sentence] = []
    widest = 0
    for sent in order:
        widest = max(widest, len(sent))
        if group and widest * (len(group) + 1) > size:
            out.append(group)
            group, widest = [], len(sent)
        group.append(sent)
    out.append(group)
    rng.shuffle(out)
    return out


def padded(rows: list[list[int]], fill: int) -> Tensor:
    """Make one rectangular tensor of rows."""
    out = torch.full((len(rows), max(map(len, rows))), fill, dtype=torch.long)
    for i, row in enumerate(rows):
        out[i, : len(row)] = torch.tensor(row, dtype=torch.long)
    return out


def resplit(sents: list[Sentence], splitter: Path) -> list[Sentence]:
    """Cut the newswire corpus's blocks, often whole paragraphs, into sentences as at run time."""
    import spacy

    import accord.language.neural.sentences  # noqa: F401

    nlp = spacy.blank("en")
    nlp.add_pipe("accord_sentences").from_disk(splitter)  # type: ignore[attr-defined]
    out = []
    for sent in sents:
        doc = nlp(spacy.tokens.Doc(nlp.vocab, words=sent.words, spaces=sent.spaces))
        cuts = [
            t.i for t in doc if t.is_sent_start and (t.i == 0 or sent.entities[t.i][0] in "BSO")
        ]
        for start, end in zip(cuts, [*cuts[1:], len(sent)], strict=True):
            out.append(
                Sentence(
                    words=sent.words[start:end],
                    spaces=sent.spaces[start:end],
                    entities=sent.entities[start:end],
                    doc=sent.doc,
                )
            )
    return out
