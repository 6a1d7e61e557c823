#!/usr/bin/env python3
"""Fit the weights of confidence on annotated articles, and show how far they can be trusted.

    python benchmarks/fit_confidence.py [--write]

Extracts the claims of all annotated articles, takes those for right that match an annotated claim
(see claims.py), and fits a logistic regression with a penalty on large weights to what spoke for
and against each (accord.language.claims.confidence).
Prints the reliability of confidences for articles
that were left out of the fit, ten parts of the articles in turn. ``--write`` puts the weights of
all articles into mappings/confidence.yaml.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from claims import NEWS, SETS, Names, equal_claims, pair, passages
from numpy.typing import NDArray

from accord.extraction import document, pipeline
from accord.language.claims.confidence import evidence, load_least
from accord.language.claims.finder import ClaimFinder
from accord.language.frames.reader import load_frames
from accord.language.reading import Reading
from accord.settings import load_settings
from accord.sources.files import File
from accord.vocabulary import load_vocabulary

WEIGHTS = Path(__file__).parent.parent / "mappings" / "confidence.yaml"
#: Evidence that stands on fewer claims than this has no weight of its own.
RARE = 5
PENALTY = 1.0
PARTS = 10
BINS = (0.0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 1.01)


@dataclass(frozen=True, slots=True)
class Example:
    """A claim that was found: where, what speaks for and against it, whether it is right."""

    article: str
    evidence: tuple[str, ...]
    right: bool


def examples(news: Path = NEWS) -> list[Example]:
    """Extract the claims of all annotated articles and compare them with the annotations."""
    nlp, vocabulary = pipeline(), load_vocabulary()
    same, largest = equal_claims(Names(vocabulary)), load_settings().largest_article
    found = []
    for passage in (passage for name in SETS for passage in passages(name, news)):
        article = File(passage.file).article(passage.file.read_bytes(), largest)
        reading = Reading(nlp(document(article, nlp)), vocabulary, load_frames())
        finder = ClaimFinder(reading)
        kept = set(finder.find(unsure=True))
        made = [(d, c) for d, c in finder.made if c in kept and passage.holds(c)]
        right = {j for _, j in pair(passage.claims, [claim for _, claim in made], same)}
        found += [
            Example(passage.file.stem, evidence(draft, claim, reading), number in right)
            for number, (draft, claim) in enumerate(made)
        ]
    return found


def fit(data: Sequence[Example]) -> tuple[float, dict[str, float]]:
    """Return bias and weights: Newton's method for a logistic regression with an L2 penalty."""
    counts: dict[str, int] = {}
    for example in data:
        for name in example.evidence:
            counts[name] = counts.get(name, 0) + 1
    names = sorted(name for name, count in counts.items() if count >= RARE)
    x, y = _matrix(data, names), np.array([example.right for example in data], np.float64)
    weights = np.zeros(x.shape[1])
    penalty = np.full(x.shape[1], PENALTY)
    penalty[0] = 1e-6  # The bias is free.
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ weights))
        gradient = x.T @ (p - y) + penalty * weights
        hessian = (x * (p * (1 - p))[:, None]).T @ x + np.diag(penalty)
        step = np.linalg.solve(hessian, gradient)
        weights -= step
        if float(np.abs(step).max()) < 1e-8:
            break
    return float(weights[0]), dict(zip(names, map(float, weights[1:]), strict=True))


def predict(data: Sequence[Example], model: tuple[float, dict[str, float]]) -> NDArray[np.float64]:
    """Return the confidence of each example."""
    bias, weights = model
    totals = [bias + sum(weights.get(name, 0.0) for name in e.evidence) for e in data]
    return np.asarray(1 / (1 + np.exp(-np.array(totals))))


def held_out(data: Sequence[Example]) -> NDArray[np.float64]:
    """Return for each example the confidence of a fit that has not seen its article."""
    articles = sorted({example.article for example in data})
    part = {article: number % PARTS for number, article in enumerate(articles)}
    result = np.zeros(len(data))
    for number in range(PARTS):
        inside = [i for i, example in enumerate(data) if part[example.article] == number]
        model = fit([example for example in data if part[example.article] != number])
        result[inside] = predict([data[i] for i in inside], model)
    return result


def reliability(data: Sequence[Example]) -> Iterator[str]:
    """Yield the lines of the table: claims by confidence, and how many of them are right."""
    scores = held_out(data)
    right = np.array([example.right for example in data])
    yield f"{'confidence':14}{'claims':>8}{'mean':>8}{'right':>8}"
    for low, high in pairwise(BINS):
        inside = (scores >= low) & (scores < high)
        if inside.any():
            share = right[inside].mean()
            label = f"{low:.1f} to {min(high, 1.0):.1f}"
            yield f"{label:14}{inside.sum():8}{scores[inside].mean():8.2f}{share:8.2f}"
    for least in (0.5, 0.7, 0.8):
        inside = scores >= least
        share = right[inside].mean() if inside.any() else float("nan")
        recall = right[inside].sum() / max(1, right.sum())
        found = f"at {least} or more: {inside.sum()} claims, {share:.2f} right"
        yield f"{found} ({recall:.2f} of all that are right)"
    brier = float(((scores - right) ** 2).mean())
    yield f"all: {len(data)} claims, {right.mean():.2f} right; Brier score {brier:.3f}"


def _matrix(data: Sequence[Example], names: Sequence[str]) -> NDArray[np.float64]:
    place = {name: number for number, name in enumerate(names, 1)}
    x = np.zeros((len(data), len(names) + 1))
    x[:, 0] = 1.0
    for row, example in enumerate(data):
        for name in example.evidence:
            if name in place:
                x[row, place[name]] = 1.0
    return x


def written(model: tuple[float, dict[str, float]], data: Sequence[Example]) -> str:
    """Return the weights as YAML, the heaviest first."""
    bias, weights = model
    lines = [
        "# What speaks for and against a claim, and how much: language/claims/confidence.py.",
        f"# Fitted by benchmarks/fit_confidence.py on {len(data)} claims of "
        f"{len({example.article for example in data})} annotated articles.",
        "# How sure a claim must be to be one: where an accord is named in the article, and else.",
        "least:",
        *(f"  {name}: {least}" for name, least in load_least().items()),
        f"bias: {bias:.2f}",
        "weights:",
    ]
    lines += [
        f"  {name!r}: {weight:.2f}" if "," in name else f"  {name}: {weight:.2f}"
        for name, weight in sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true", help="write mappings/confidence.yaml")
    parser.add_argument("--news", type=Path, default=NEWS, help="folder of the news articles")
    options = parser.parse_args()
    data = examples(options.news)
    print(*reliability(data), sep="\n")
    if options.write:
        WEIGHTS.write_text(written(fit(data), data), encoding="utf-8")
        print(f"{WEIGHTS} written.")


if __name__ == "__main__":
    main()
