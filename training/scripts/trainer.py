"""The network with its losses, its averaged weights, and its scores on the dev sets."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from batches import Featuriser, Labels, batches, padded
from corpus import Sentence
from network import Network
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from accord.language.neural.lemmas import rule


class Trainer:
    """The network, its data, and its averages."""

    def __init__(self, net: Network, labels: Labels, feats: Featuriser) -> None:
        self.net, self.labels, self.feats = net, labels, feats
        self.average = {k: v.detach().clone() for k, v in net.state_dict().items()}

    def encode(self, sents: list[Sentence]) -> tuple[Tensor, Tensor, Tensor]:
        """Encode sentences -> (batch x time x 2 hidden, lengths, mask)."""
        ids, vectors, chars, index, lengths = self.feats.batch(
            [s.words for s in sents], self.net.training
        )
        with torch.autocast("cpu", dtype=torch.bfloat16):
            types = self.net.types(ids, vectors, chars)
            x = self.net.encode(types[index], lengths)
        mask = torch.arange(index.shape[1])[None] < lengths[:, None]
        return x, lengths, mask

    def ids(self, sents: list[Sentence], name: str, values: list[list[str]]) -> Tensor:
        """Label ids, -100 where a value is not in the set or there is padding."""
        index = self.labels.index[name]
        return padded([[index.get(v, -100) for v in row] for row in values], -100)

    def tree_loss(self, sents: list[Sentence]) -> dict[str, Tensor]:
        """Losses of one treebank batch."""
        x, _, mask = self.encode(sents)
        net = self.net
        with torch.autocast("cpu", dtype=torch.bfloat16):
            tagged = net.mlp(net.tag_mlp, x)
            scores = {
                "upos": net.upos(tagged),
                "xpos": net.xpos(tagged),
                "morphs": net.morph(tagged),
                "lemmas": net.lemma(tagged),
            }
            heads = padded(
                [[0 if h == i else h + 1 for i, h in enumerate(s.heads)] for s in sents], -100
            )
            arcs = net.arcs(x)
            labels = net.labels(x, heads.clamp(min=0))
        gold = {
            "upos": [s.upos for s in sents],
            "xpos": [s.xpos for s in sents],
            "morphs": [[f"{u}|{f}" for u, f in zip(s.upos, s.feats, strict=True)] for s in sents],
            "lemmas": [[rule(w, n) for w, n in zip(s.words, s.lemmas, strict=True)] for s in sents],
        }
        losses = {}
        for name, score in scores.items():
            target = self.ids(sents, name, gold[name])
            losses[name] = F.cross_entropy(score.float().flatten(0, 1), target.flatten())
        blocked = torch.cat([torch.ones(len(sents), 1, dtype=torch.bool), mask], 1)[:, None]
        arcs = arcs.float().masked_fill(~blocked, -1e4)
        losses["arcs"] = F.cross_entropy(arcs.flatten(0, 1), heads.flatten())
        target = self.ids(sents, "deps", [s.deps for s in sents])
        losses["deps"] = F.cross_entropy(labels.float().flatten(0, 1), target.flatten())
        return losses

    def name_loss(self, sents: list[Sentence]) -> Tensor:
        """Loss of one batch with names."""
        x, _, mask = self.encode(sents)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            emissions = self.net.entity(self.net.mlp(self.net.ner_mlp, x, 0.1)).float()
        tags = self.ids(sents, "entities", [s.entities for s in sents]).clamp(min=0)
        return self.net.crf_loss(emissions, tags, mask.float())

    def update_average(self, step: int) -> None:
        """Move the averages towards the weights."""
        rate = min(0.999, (1 + step) / (20 + step))
        for key, value in self.net.state_dict().items():
            self.average[key].lerp_(value, 1 - rate)

    @torch.no_grad()
    def dev(self, trees: list[Sentence], names: list[Sentence]) -> dict[str, float]:
        """Score with the averaged weights: gold tokens and sentences, greedy heads."""
        keep = {k: v.clone() for k, v in self.net.state_dict().items()}
        self.net.load_state_dict(self.average)
        self.net.eval()
        right: Counter[str] = Counter()
        total = words = 0
        index = self.labels.sets
        for group in batches(trees, 4000, random.Random(0)):
            x, _, mask = self.encode(group)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                arcs = self.net.arcs(x).float()
                blocked = torch.cat([torch.ones(len(group), 1, dtype=torch.bool), mask], 1)
                heads = arcs.masked_fill(~blocked[:, None], -1e4).argmax(2)
                deps = self.net.labels(x, heads).argmax(2)
                tagged = self.net.mlp(self.net.tag_mlp, x)
                upos = self.net.upos(tagged).argmax(2)
                xpos = self.net.xpos(tagged).argmax(2)
                lemma = self.net.lemma(tagged).argmax(2)
            for b, sent in enumerate(group):
                for i in range(len(sent)):
                    words += 1
                    right["upos"] += index["upos"][int(upos[b, i])] == sent.upos[i]
                    right["xpos"] += index["xpos"][int(xpos[b, i])] == sent.xpos[i]
                    right["lemma"] += index["lemmas"][int(lemma[b, i])] == rule(
                        sent.words[i], sent.lemmas[i]
                    )
                    if sent.deps[i] in ("punct",):
                        continue
                    total += 1
                    head = int(heads[b, i]) - 1
                    good = (i if head < 0 else head) == sent.heads[i]
                    right["uas"] += good
                    right["las"] += good and index["deps"][int(deps[b, i])] == sent.deps[i]
        hit = found = gold = 0
        for group in batches(names, 4000, random.Random(0)):
            x = self.encode(group)[0]
            with torch.autocast("cpu", dtype=torch.bfloat16):
                emissions = self.net.entity(self.net.mlp(self.net.ner_mlp, x, 0.1)).float()
            for b, sent in enumerate(group):
                tags = viterbi(emissions[b, : len(sent)].numpy(), self.net.transitions.numpy())
                guess = spans([index["entities"][t] for t in tags])
                truth = spans(sent.entities)
                hit += len(guess & truth)
                found += len(guess)
                gold += len(truth)
        self.net.load_state_dict(keep)
        self.net.train()
        out = {k: 100 * right[k] / words for k in ("upos", "xpos", "lemma")}
        out |= {k: 100 * right[k] / total for k in ("uas", "las")}
        out["ner"] = 200 * hit / max(1, found + gold)
        return out

    def save(self, out: Path, record: dict[str, object]) -> None:
        """Write the averaged weights (``weights.pt``) and the label sets (``labels.json``)."""
        out.mkdir(parents=True, exist_ok=True)
        torch.save(self.average, out / "weights.pt")
        sets = self.labels.sets
        vector_words = list(self.feats.vectors)
        text = json.dumps(
            {
                "sets": sets,
                "vector_words": vector_words,
                "dims": vars(self.net.dims),
                "record": record,
            }
        )
        (out / "labels.json").write_text(text, encoding="utf-8")


def viterbi(emissions: np.ndarray, transitions: np.ndarray) -> list[int]:
    """Return the best tag sequence (emissions: time x tags)."""
    score = emissions[0]
    back = []
    for row in emissions[1:]:
        paths = score[:, None] + transitions
        back.append(paths.argmax(0))
        score = paths.max(0) + row
    best = [int(score.argmax())]
    for pointers in reversed(back):
        best.append(int(pointers[best[-1]]))
    return best[::-1]


def spans(tags: list[str]) -> set[tuple[int, int, str]]:
    """Return the well-formed spans of a BIOES sequence."""
    out = set()
    start, label = -1, ""
    for i, tag in enumerate(tags):
        kind, _, name = tag.partition("-")
        if kind == "S":
            out.add((i, i + 1, name))
            start = -1
        elif kind == "B":
            start, label = i, name
        elif kind == "E" and start >= 0 and name == label:
            out.add((start, i + 1, name))
            start = -1
        elif kind != "I" or name != label:
            start = -1
    return out
