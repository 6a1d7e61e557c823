"""Train the network that finds utterances.

Sixty articles of the training part are held out: their scores choose the epoch. With ``--held 0``
all are learned from, and the last epoch is kept. The dev part is never looked at here; ``accord
attributions`` and the scorer measure it.
"""

from __future__ import annotations

import argparse
import json
import pickle
import random
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from attribution_batches import Batch, Labels, Prepared, scores
from attribution_corpus import Example
from attribution_network import Dims, Network
from torch import nn

from accord.language.pipeline import MODEL

#: Of so many words in place of a cue per cue the network learns that there is nothing around them.
NEGATIVES = 0.4


def initial_lemmas(net: Network, lemmas: list[str]) -> None:
    """Start the vectors of lemmas from those that the encoder has of the same forms."""
    with np.load(MODEL / "encoder" / "weights.npz") as stored:
        vectors = stored["vectors"].astype(np.float32)
    words = json.loads((MODEL / "encoder" / "lists.json").read_text(encoding="utf-8"))
    rows = {word: row for row, word in enumerate(words["vector_words"])}
    known = [i for i, lemma in enumerate(lemmas) if lemma in rows]
    with torch.no_grad():
        net.lemma.weight *= 0.3
        net.lemma.weight[known] = torch.from_numpy(vectors[[rows[lemmas[i]] for i in known]])
        net.lemma.weight *= 0.5 / net.lemma.weight[known].std()


def train(args: argparse.Namespace) -> None:
    """Run all epochs; keeps the averaged weights of the best one in ``best.pt``."""
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    with args.examples.open("rb") as file:
        examples: list[Example] = pickle.load(file)
    held = {
        e.name for e in random.Random(7).sample(sorted(examples, key=lambda e: e.name), args.held)
    }
    rest = [e for e in examples if e.name not in held]
    labels = Labels.of(rest)
    seen = [Prepared(e, labels) for e in rest]
    unseen = [Prepared(e, labels) for e in examples if e.name in held]
    dims = Dims()
    net = Network(dims, labels.sizes())
    initial_lemmas(net, labels.sets["lemmas"])
    optimizer = torch.optim.AdamW(
        net.parameters(), lr=args.rate, weight_decay=0.05, betas=(0.9, 0.98)
    )
    steps = args.epochs * -(-len(seen) // args.articles)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer,
        args.rate,
        total_steps=steps + 1,
        pct_start=0.12,
        div_factor=8,
        final_div_factor=50,
    )
    average = {key: value.detach().clone() for key, value in net.state_dict().items()}
    generator = random.Random(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    step, best = 0, 0.0
    for epoch in range(args.epochs):
        generator.shuffle(seen)
        sums: Counter[str] = Counter()
        for at in range(0, len(seen), args.articles):
            batch = Batch.of(seen[at : at + args.articles], labels, generator, NEGATIVES)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                cue, role = batch.losses(net)
            # A cue is one word in forty, its window a hundred.
            (3 * cue + role).backward()
            nn.utils.clip_grad_norm_(net.parameters(), 2.0)
            optimizer.step()
            optimizer.zero_grad()
            schedule.step()
            step += 1
            with torch.no_grad():
                for key, value in net.state_dict().items():
                    average[key].lerp_(value, 1 - min(0.998, (1 + step) / (15 + step)))
            sums.update(cue=float(cue.detach()), role=float(role.detach()))
        keep = {key: value.clone() for key, value in net.state_dict().items()}
        net.load_state_dict(average)
        found = scores(net, unseen, labels) if unseen else {}
        if sum(found.values()) >= best:
            best = sum(found.values())
            torch.save(
                {"state": average, "sets": labels.sets, "dims": vars(dims)}, args.out / "best.pt"
            )
        net.load_state_dict(keep)
        print(epoch, dict(sums), {role: round(f, 1) for role, f in found.items()}, flush=True)


def main() -> None:
    """Train: ``train_attribution.py EXAMPLES.pickle OUT``."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("examples", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--epochs", type=int, default=9)
    parser.add_argument("--held", type=int, default=60, help="articles held out")
    parser.add_argument("--articles", type=int, default=4, help="articles in one step")
    parser.add_argument("--rate", type=float, default=0.0022)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    train(parser.parse_args())


if __name__ == "__main__":
    main()
