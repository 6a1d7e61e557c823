"""Articles as tensors, the losses of a batch, and the scores of what the network finds."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass

import numpy as np
import torch
from attribution_corpus import ROLES, Example, Stretch
from attribution_network import CUES, FIRSTS, Crf, Network
from attribution_network import ROLES as LABELS
from numpy.typing import NDArray
from torch import Tensor

from accord.language.neural.network import best_tags
from accord.language.neural.utterances import stretches
from accord.language.neural.windows import Windows

#: A lemma seen less often is an unknown word.
SEEN = 3
#: Words of which this part is in a cue may stand in for one that is none.
LIKELY = 0.12
#: Part of the lemmas that the network does not get to see.
HIDDEN = 0.15

Around = tuple[int, int, list[Stretch], list[Stretch]]


@dataclass(slots=True)
class Labels:
    """The strings that have rows in the tables, and how often a lemma is in a cue."""

    sets: dict[str, list[str]]
    index: dict[str, dict[str, int]]
    likely: set[str]

    @classmethod
    def of(cls, examples: list[Example]) -> Labels:
        """Collect the strings of the training examples."""
        counts = Counter(lemma for e in examples for lemma in e.lemmas)
        inside = Counter(
            e.lemmas[i] for e in examples for start, end, *_ in e.cues() for i in range(start, end)
        )
        sets = {"lemmas": ["", *sorted(lemma for lemma, n in counts.items() if n >= SEEN)]}
        for name in ("tags", "deps", "names"):
            sets[name] = ["", *sorted({x for e in examples for x in getattr(e, name)} - {""})]
        index = {name: {x: i for i, x in enumerate(values)} for name, values in sets.items()}
        likely = {x for x, n in inside.items() if n > 3 and n >= LIKELY * counts[x]}
        return cls(sets, index, likely)

    def sizes(self) -> dict[str, int]:
        """Return the sizes of the sets."""
        return {name: len(values) for name, values in self.sets.items()}


class Prepared:
    """One article as rows of tables, with its cues and with words that might be one."""

    def __init__(self, example: Example, labels: Labels) -> None:
        self.traits, self.gold = example.traits, example.gold
        self.vectors = torch.from_numpy(example.vectors)
        rows = {
            name: np.array([labels.index[name].get(x, 0) for x in getattr(example, name)], np.int64)
            for name in labels.sets
        }
        traits, self.deps = example.traits, rows["deps"]
        self.lemmas = torch.from_numpy(rows["lemmas"])
        self.heads = torch.from_numpy(traits.heads)
        marks = {
            "tag": rows["tags"],
            "dep": rows["deps"],
            "head_tag": rows["tags"][traits.heads],
            "name": 2 * rows["names"] + traits.inner,
            "case": traits.cases,
            "state": traits.states,
            "first": np.minimum(traits.firsts, FIRSTS - 1),
        }
        self.marks = {name: torch.from_numpy(values) for name, values in marks.items()}
        self.segments = torch.from_numpy(traits.segments())
        self.cues = example.cues()
        self.tags = torch.zeros(len(rows["lemmas"]), dtype=torch.long)
        for start, end, *_ in self.cues:
            self.tags[start], self.tags[start + 1 : end] = 1, 2
        self.others = [
            i for i, x in enumerate(example.lemmas) if x in labels.likely and not self.tags[i]
        ]


class Batch:
    """Some articles, one behind the other."""

    def __init__(self, articles: list[Prepared], labels: Labels) -> None:
        self.articles, self.labels = articles, labels
        counts = [len(article.lemmas) for article in articles]
        self.starts = (np.cumsum(counts) - counts).tolist()
        self.vectors = torch.cat([article.vectors for article in articles]).float()
        self.lemmas = torch.cat([article.lemmas for article in articles])
        self.heads = torch.cat(
            [a.heads + start for a, start in zip(articles, self.starts, strict=True)]
        )
        self.marks = {
            name: torch.cat([article.marks[name] for article in articles])
            for name in articles[0].marks
        }
        self.segments = torch.cat([article.segments for article in articles])
        self.around: list[list[Around]] = []

    @classmethod
    def of(
        cls, articles: list[Prepared], labels: Labels, generator: random.Random, negatives: float
    ) -> Batch:
        """Make a batch to learn from: some lemmas hidden, among the cues words that are none."""
        batch = cls(articles, labels)
        hidden = torch.rand(batch.lemmas.shape) < HIDDEN
        batch.lemmas = batch.lemmas.masked_fill(hidden, 0)
        for article in articles:
            count = min(len(article.others), round(negatives * len(article.cues)))
            none: list[Around] = [
                (i, i + 1, [], []) for i in generator.sample(article.others, count)
            ]
            batch.around.append(sorted([*article.cues, *none], key=lambda cue: cue[:2]))
        return batch

    def encode(self, net: Network) -> Tensor:
        """Read the words (words x 2 hidden)."""
        words = net.words(self.vectors, self.lemmas, self.heads, self.marks)
        return net.encode(words, self.segments)

    def losses(self, net: Network) -> tuple[Tensor, Tensor]:
        """Return the losses of cues and of what is around them, per word."""
        hidden = self.encode(net)
        count = len(hidden)
        tags = torch.cat([article.tags for article in self.articles])
        cue = crf_loss(net.cue_crf, net.cue(hidden), tags, self.segments)
        rows, lengths, gold = self.windows()
        role = crf_loss(net.role_crf, self.label(net, hidden, rows, lengths), gold, lengths)
        return cue / count, role / count

    def label(
        self, net: Network, hidden: Tensor, rows: dict[str, Tensor], lengths: Tensor
    ) -> Tensor:
        """Score the words of windows (N x roles)."""
        sums = torch.cat([hidden.new_zeros(1, hidden.shape[1]), hidden.cumsum(0)])
        start, end = rows["start"], rows["end"]
        centres = (sums[end] - sums[start]) / (end - start)[:, None]
        return net.label(hidden, centres, rows, lengths)

    def windows(self) -> tuple[dict[str, Tensor], Tensor, Tensor]:
        """Return the relations in all windows, their lengths, and the labels in them."""
        columns: dict[str, list[NDArray[np.int64]]] = {}
        lengths, labels, number = [], [], 0
        for article, first, around in zip(self.articles, self.starts, self.around, strict=True):
            if not around:
                continue
            starts, ends = (np.array([cue[k] for cue in around]) for k in (0, 1))
            w = Windows.of(article.traits, starts, ends)
            found = {
                "words": w.words + first,
                "owners": w.owners + number,
                "distance": w.distances,
                "sentence": w.sentences,
                "paragraph": w.paragraphs,
                "quote": w.quotes,
                "level": w.levels,
                "branch": w.ranks * len(self.labels.sets["deps"]) + article.deps[w.branches],
                "start": starts + first,
                "end": ends + first,
            }
            for name, values in found.items():
                columns.setdefault(name, []).append(values)
            lengths.append(w.lengths)
            labels.append(_labels(w, around))
            number += len(around)
        rows = {name: torch.from_numpy(np.concatenate(v)) for name, v in columns.items()}
        return (
            rows,
            torch.from_numpy(np.concatenate(lengths)),
            torch.from_numpy(np.concatenate(labels)),
        )


def _labels(windows: Windows, around: list[Around]) -> NDArray[np.int64]:
    """Return the label of each word in the windows."""
    labels = np.zeros(len(windows.words), np.int64)
    offsets = np.cumsum(windows.lengths) - windows.lengths
    for offset, length, (_, _, *roles) in zip(offsets, windows.lengths, around, strict=True):
        low = windows.words[offset]
        for begin, spans in zip((1, 3), roles, strict=True):
            for start, end in spans:
                start, end = max(start - low, 0), min(end - low, length)
                if start < end:
                    labels[offset + start] = begin
                    labels[offset + start + 1 : offset + end] = begin + 1
    return labels


def crf_loss(crf: Crf, scores: Tensor, gold: Tensor, lengths: Tensor) -> Tensor:
    """Return the summed loss of stretches that follow each other."""
    mask = torch.arange(int(lengths.max()))[None] < lengths[:, None]
    laid = torch.zeros(*mask.shape, scores.shape[1])
    laid[mask] = scores.float()
    labels = torch.zeros(mask.shape, dtype=torch.long)
    labels[mask] = gold
    with torch.autocast("cpu", enabled=False):
        return crf.loss(laid, labels, mask).sum()


def _decode(crf: Crf, scores: Tensor, lengths: Tensor) -> NDArray[np.int64]:
    """Return the best labels of stretches that follow each other."""
    values, sizes = scores.float().numpy().copy(), lengths.numpy()
    values[np.cumsum(sizes) - sizes] += crf.start.numpy()
    return best_tags(values, crf.transitions().detach().numpy(), sizes)


@torch.no_grad()
def predict(net: Network, article: Prepared, labels: Labels) -> list[dict[str, list[Stretch]]]:
    """Return the utterances of one article."""
    batch = Batch([article], labels)
    hidden = batch.encode(net)
    tags = _decode(net.cue_crf, net.cue(hidden), batch.segments)
    cues = list(stretches(tags, CUES.index("B"), CUES.index("I")))
    if not cues:
        return []
    batch.around = [[(start, end, [], []) for start, end in cues]]
    rows, lengths, _ = batch.windows()
    found = _decode(net.role_crf, batch.label(net, hidden, rows, lengths), lengths)
    utterances = []
    for cue, at, length in zip(
        cues, (lengths.cumsum(0) - lengths).tolist(), lengths.tolist(), strict=True
    ):
        low = int(rows["words"][at])
        mine = found[at : at + length]
        source, content = (
            [
                (low + a, low + b)
                for a, b in stretches(mine, LABELS.index(f"B-{role}"), LABELS.index(f"I-{role}"))
            ]
            for role in ("source", "content")
        )
        if content:
            utterances.append({"cue": [cue], "source": source, "content": content})
    return utterances


def scores(net: Network, articles: list[Prepared], labels: Labels) -> dict[str, float]:
    """Return the exact F1 of sources, cues and contents (stretches of words)."""
    net.eval()
    count: Counter[tuple[str, str]] = Counter()
    for article in articles:
        found = predict(net, article, labels)
        for role in ROLES:
            gold = {span for one in article.gold for span in one[role]}
            mine = {span for one in found for span in one[role]}
            count[role, "both"] += len(gold & mine)
            count[role, "sum"] += len(gold) + len(mine)
    net.train()
    return {role: 200 * count[role, "both"] / max(1, count[role, "sum"]) for role in ROLES}
