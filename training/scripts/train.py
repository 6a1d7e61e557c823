"""Train the shared network on treebanks and names together, and write its weights.

Each step takes one treebank batch and, mostly, one batch of the newswire corpus, each with its own
losses through the one encoder. Weights are averaged (exponential moving average) for dev and for
export. Several workers can train one network: each goes its own way for some steps, then all take
the mean of their weights (local SGD: Stich, ICLR 2019).
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
from batches import Featuriser, Labels, augment, batches, resplit
from corpus import Sentence, merge_names, read_conllu, read_ner
from network import Dims, Network
from trainer import Trainer

Source = list[Sentence]


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("data", type=Path, help="folder of the corpora")
    parser.add_argument("vectors", type=Path, help="vectors.npz")
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=int, default=10_000, help="length of the schedule")
    parser.add_argument("--stop", type=int, help="step to stop at, before the schedule's end")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=2e-3, help="highest learning rate")
    parser.add_argument("--hidden", type=int, default=208, help="of one direction of the LSTM")
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--dropout", type=float, default=0.33)
    parser.add_argument("--gum", type=int, default=2, help="how often GUM counts in an epoch")
    parser.add_argument("--tokens", type=int, default=1000, help="tokens in a batch")
    parser.add_argument("--names", type=float, default=0.6, help="newswire batches a step")
    parser.add_argument("--weight", type=float, default=2.0, help="of the loss of names")
    parser.add_argument("--filters", type=int, default=32, help="of characters, of each width")
    parser.add_argument("--every", type=int, default=500, help="steps between two scores")
    parser.add_argument("--start", type=Path, help="weights.pt to go on from")
    parser.add_argument("--splitter", type=Path, help="what cuts the newswire blocks to sentences")
    parser.add_argument("--rank", type=int, default=0, help="number of this worker")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--meet", type=Path, help="file over which the workers find each other")
    parser.add_argument("--together", type=int, default=25, help="steps between two means")
    return parser.parse_args()


def prepare(args: argparse.Namespace) -> tuple[Trainer, Source, Source, Source, Source]:
    """Read the corpora and build the network -> trainer, trees, names, dev trees, dev names."""
    bank, wire = args.data / "treebank", args.data / "ner"

    def trees(name: str) -> Source:
        return [merge_names(sent) for sent in read_conllu(bank / f"{name}.conllu")]

    def names(name: str) -> Source:
        sents = [merge_names(sent) for sent in read_ner(wire / f"{name}.tsv")]
        return resplit(sents, args.splitter) if args.splitter else sents

    ewt, gum, wired = trees("ewt-train"), trees("gum-train"), names("train")
    labels = Labels.collect(ewt + gum, wired)
    stored = np.load(args.vectors)
    vectors = stored["vectors"]
    table = np.concatenate([np.zeros((1, vectors.shape[1]), np.float32), vectors])
    sizes = {name: len(values) for name, values in labels.sets.items() if name != "counts"}
    dims = Dims(
        **sizes,
        vectors=len(table),
        vector_size=table.shape[1],
        hidden=args.hidden,
        layers=args.layers,
        char_filters=args.filters,
    )
    net = Network(dims, torch.tensor(table), args.dropout)
    if args.start:
        net.load_state_dict(torch.load(args.start))
    print(vars(dims), sum(p.numel() for p in net.parameters()), flush=True)
    trainer = Trainer(net, labels, Featuriser(labels, ["", *stored["words"].tolist()]))
    return trainer, ewt + gum * args.gum, wired, trees("ewt-dev") + trees("gum-dev"), names("dev")


def share(net: Network, workers: int) -> None:
    """Give all workers the mean of their weights."""
    with torch.no_grad():
        flat = torch.cat([p.flatten() for p in net.parameters()])
        dist.all_reduce(flat)
        flat /= workers
        at = 0
        for p in net.parameters():
            p.copy_(flat[at : at + p.numel()].view_as(p))
            at += p.numel()


class Draw:
    """Batches of a corpus without end, shuffled anew in each epoch, augmented."""

    def __init__(self, sents: Source, tokens: int, rng: random.Random) -> None:
        self.sents, self.tokens, self.rng = sents, tokens, rng
        self.queue: list[Source] = []

    def __call__(self) -> Source:
        """Return the next batch."""
        if not self.queue:
            self.queue = batches(self.sents, self.tokens, self.rng)
        return [augment(sent, self.rng) for sent in self.queue.pop()]


def rate_at(step: int, args: argparse.Namespace) -> float:
    """Return the learning rate of a step: a short rise, then half a cosine down to 1e-5."""
    rise = min(1.0, step / (100 if args.start else 300))
    fall = 0.5 + 0.5 * math.cos(math.pi * step / args.steps)
    return float(args.rate) * rise * fall + 1e-5


def main() -> None:
    """Train: ``train.py DATA VECTORS OUT --steps N``."""
    args = arguments()
    torch.manual_seed(args.seed)
    torch.set_num_threads(1)
    rng = random.Random(args.seed)
    trainer, trees, names, dev_trees, dev_names = prepare(args)
    net = trainer.net
    if args.workers > 1:
        meet = f"file://{args.meet.resolve()}"
        dist.init_process_group("gloo", meet, rank=args.rank, world_size=args.workers)
        rng = random.Random(args.seed * 1000 + args.rank)
        torch.manual_seed(args.seed * 1000 + args.rank)
    optimiser = torch.optim.AdamW(
        net.parameters(), lr=args.rate, betas=(0.9, 0.98), weight_decay=1e-4, fused=True
    )
    next_trees, next_names = Draw(trees, args.tokens, rng), Draw(names, args.tokens, rng)
    began = time.time()
    sums: dict[str, float] = defaultdict(float)
    last = args.stop or args.steps
    for step in range(1, last + 1):
        for group in optimiser.param_groups:
            group["lr"] = rate_at(step, args)
        optimiser.zero_grad()
        losses = trainer.tree_loss(next_trees())
        torch.stack(list(losses.values())).sum().backward()  # type: ignore[no-untyped-call]
        if rng.random() < args.names:
            losses["ner"] = trainer.name_loss(next_names())
            (losses["ner"] * args.weight).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        if args.workers > 1 and step % args.together == 0:
            share(net, args.workers)
        trainer.update_average(step)
        for key, value in losses.items():
            sums[key] += float(value.detach()) / args.every
        if args.rank == 0 and (step % args.every == 0 or step == last):
            scores = trainer.dev(dev_trees, dev_names)
            shown = " ".join(f"{k} {v:.2f}" for k, v in scores.items())
            mean = " ".join(f"{k} {v:.3f}" for k, v in sums.items())
            print(f"{step} {time.time() - began:.0f}s | {shown} | {mean}", flush=True)
            sums.clear()
            settings = {k: str(v) for k, v in vars(args).items()}
            trainer.save(args.out, {"step": step, "scores": scores, "arguments": settings})


if __name__ == "__main__":
    main()
