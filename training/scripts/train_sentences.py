"""Train the sentence splitter on whole documents of the treebanks and the newswire corpus."""

from __future__ import annotations

import argparse
import json
import random
from itertools import groupby
from pathlib import Path

import numpy as np
import torch
from corpus import Sentence, curly, merge_names, read_conllu, read_ner
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from accord.language.neural.sentences import (
    AFTER,
    BEFORE,
    LAYOUT,
    SHAPE_ROWS,
    WORD_ROWS,
    directed,
    rows,
)


class Splitter(nn.Module):
    """Hashed words and shapes, a window, one hidden layer."""

    def __init__(self, size: int = 32, hidden: int = 128) -> None:
        super().__init__()
        self.word = nn.Embedding(WORD_ROWS, size)
        self.shape = nn.Embedding(SHAPE_ROWS, size)
        nn.init.normal_(self.word.weight, std=0.1)
        nn.init.normal_(self.shape.weight, std=0.1)
        self.hidden = nn.Linear((BEFORE + 1 + AFTER) * (size + LAYOUT), hidden)
        self.out = nn.Linear(hidden, 1)
        self.size = size

    def forward(self, words: Tensor, shapes: Tensor, marks: Tensor) -> Tensor:
        """Score windows in which shape -1 is a place outside the document."""
        x = torch.cat([self.word(words) + self.shape(shapes.clamp(min=0)), marks], 2)
        x = x * (shapes > -1)[:, :, None]
        h = F.relu(self.hidden(F.dropout(x.flatten(1), 0.2, self.training)))
        out: Tensor = self.out(F.dropout(h, 0.3, self.training))[:, 0]
        return out


def line_breaks(sents: list[Sentence], text: str) -> list[int]:
    """Count the line breaks before each sentence in the article's raw text (0: none or unknown)."""
    squeezed = [(i, ch) for i, ch in enumerate(text) if not ch.isspace()]
    flat = "".join(ch for _, ch in squeezed)
    counts = []
    cursor = 0
    for sent in sents:
        probe = "".join(sent.words)[:25]
        at = flat.find(probe, cursor, cursor + 3000)
        if at < 0:
            counts.append(0)
            continue
        cursor = at + len(probe)
        begin = squeezed[at][0]
        counts.append(text[squeezed[at - 1][0] : begin].count("\n") if at else 2)
    return counts


#: After these a block of the newswire corpus, often a paragraph, may or may not start a sentence.
_UNSURE = frozenset(
    [".", "!", "?", "...", "…", ":", ";", '"', "”", "’", "'", ")", "]", "--", "—", "–", "-"]
)


class Segment:
    """Arrays of a run of text: word rows, shape rows, layout, sentence starts, and their weights.

    :param blocks: whether the sentences are blocks of the newswire corpus, whose insides do not
        say where sentences start: there only what follows no mark counts, as no start.
    """

    def __init__(
        self, sents: list[Sentence], rng: random.Random, ends: bool, blocks: bool = False
    ) -> None:
        words, shapes, marks, starts, weights = [], [], [], [], []
        bent = rng.random() < 0.4
        for number, sent in enumerate(sents):
            forms = sent.words
            # A headline has no stop, mostly before a line break, at times in running text.
            often = 0.3 if ends and number == len(sents) - 1 else 0.03
            cut = len(forms) > 3 and forms[-1] == "." and rng.random() < often and not blocks
            if bent:
                forms = curly(forms, sent.spaces)
            if rng.random() < 0.02:
                forms = [w.upper() for w in forms]
            before = True
            for i, form in enumerate(forms[:-1] if cut else forms):
                after = sent.spaces[i] or i == len(forms) - 1
                row = rows(directed(form, before, after))
                words.append(row[0])
                shapes.append(row[1])
                marks.append((float(before),))
                starts.append(i == 0)
                weights.append(float(not (blocks and i and forms[i - 1] in _UNSURE)))
                before = after
        self.words = np.array(words)
        self.shapes = np.array(shapes)
        self.marks = np.array(marks, np.float32)
        self.starts = np.array(starts)
        self.weights = np.array(weights, np.float32)


def segments(
    sents: list[Sentence], rng: random.Random, news: Path | None, cut: float
) -> list[Segment]:
    """Group sentences to runs of text: articles at their line breaks, treebanks at random.

    :param cut: how often a document is cut at a sentence boundary, as by a line break.
    """
    out = []
    for name, group in groupby(sents, key=lambda s: s.doc):
        members = [merge_names(s) for s in group]
        if news is not None:
            path = news / f"{name}.txt"
            if not path.exists():
                continue
            joined = rng.random() < 0.15  # some texts have lost their line breaks
            text = path.read_text(encoding="utf-8")
            breaks = [0] * len(members) if joined else line_breaks(members, text)
        else:
            rate = cut * rng.random()
            breaks = [int(rng.random() < rate) for _ in members]
        part: list[Sentence] = []
        for sent, count in zip(members, breaks, strict=True):
            if part and count:
                out.append(Segment(part, rng, True, news is not None))
                part = []
            part.append(sent)
        out.append(Segment(part, rng, False, news is not None))
    return out


def tensors(docs: list[Segment]) -> tuple[Tensor, ...]:
    """Cut windows around every token."""
    width = BEFORE + 1 + AFTER
    out: list[list[np.ndarray]] = [[], [], [], [], []]
    for doc in docs:
        index = np.arange(len(doc.words))[:, None] + np.arange(width)[None]
        for place, (values, fill) in enumerate(((doc.words, 0), (doc.shapes, -1), (doc.marks, 0))):
            pad = [(BEFORE, AFTER)] + [(0, 0)] * (values.ndim - 1)
            out[place].append(np.pad(values, pad, constant_values=fill)[index])
        out[3].append(doc.starts)
        out[4].append(doc.weights)
    words, shapes, marks, starts, weights = (torch.tensor(np.concatenate(part)) for part in out)
    return words, shapes, marks, starts.float(), weights


def main() -> None:
    """Train: ``train_sentences.py DATA OUT``."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(1)
    rng = random.Random(args.seed)
    bank = args.data / "treebank"
    corpora = [
        (list(read_conllu(bank / "ewt-train.conllu")), None, 1),
        (list(read_conllu(bank / "gum-train.conllu")), None, 2),
        (list(read_ner(args.data / "ner" / "train.tsv")), args.data / "news", 1),
    ]
    dev = {
        name: tensors(
            segments(list(read_conllu(bank / f"{name}-dev.conllu")), random.Random(9), None, 0)
        )
        for name in ("ewt", "gum")
    }
    net = Splitter()
    optimiser = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.01)
    for epoch in range(args.epochs):
        docs = [
            doc
            for sents, news, times in corpora
            for _ in range(times)
            for doc in segments(sents, rng, news, 0.4)
        ]
        words, shapes, marks, starts, weights = tensors(docs)
        for group in optimiser.param_groups:
            group["lr"] = 2e-3 * (1 - epoch / args.epochs) + 1e-5
        net.train()
        total = 0.0
        order = torch.randperm(len(words))
        for i in range(0, len(order), 2048):
            pick = order[i : i + 2048]
            hidden = words[pick]
            hidden = torch.where(torch.rand(hidden.shape) < 0.12, 0, hidden)
            loss = F.binary_cross_entropy_with_logits(
                net(hidden, shapes[pick], marks[pick]), starts[pick], weights[pick]
            )
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            total += float(loss.detach()) * len(pick)
        net.eval()
        shown = []
        with torch.no_grad():
            for name, (w, s, m, y, _) in dev.items():
                guess = net(w, s, m) > 0
                hit = float((guess & (y > 0)).sum())
                shown.append(f"{name} starts F {200 * hit / float(guess.sum() + y.sum()):.2f}")
        print(epoch, f"{total / len(words):.4f}", *shown, flush=True)
    args.out.mkdir(parents=True, exist_ok=True)
    state = {k: v.numpy().astype(np.float16) for k, v in net.state_dict().items()}
    np.savez(
        args.out / "weights.npz",
        **{
            k.removesuffix(".weight") if k.startswith(("word", "shape")) else k: v.T
            if k.endswith(".weight") and not k.startswith(("word", "shape"))
            else v
            for k, v in state.items()
        },
    )
    (args.out / "lists.json").write_text(json.dumps({}), encoding="utf-8")


if __name__ == "__main__":
    main()
