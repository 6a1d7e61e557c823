"""Tokens a second of the whole pipeline and of a baseline, in one run, on one thread."""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import spacy  # noqa: E402
from spacy.language import Language  # noqa: E402

import accord.language.pipeline  # noqa: E402, F401


def texts(folder: Path, limit: int) -> list[str]:
    """Return raw articles, in the order of their names."""
    return [p.read_text(encoding="utf-8") for p in sorted(folder.glob("*.txt"))[:limit]]


def measure(nlp: Language, articles: list[str]) -> float:
    """Return tokens a second over all articles, read as a stream."""
    began = time.process_time()
    count = sum(len(doc) for doc in nlp.pipe(articles))
    return count / (time.process_time() - began)


def compare(model: Path, baseline: Path, news: Path, articles: int) -> str:
    """Measure both in turn, three times, and return the medians as text."""
    whole = spacy.load(model)
    base = spacy.load(baseline, exclude=["morphologizer", "trainable_lemmatizer", "lemmatizer"])
    batch = texts(news, articles)
    for nlp in (whole, base):
        list(nlp.pipe(batch[:20]))
    rounds = [(measure(whole, batch), measure(base, batch)) for _ in range(3)]
    ours = sorted(r[0] for r in rounds)[1]
    theirs = sorted(r[1] for r in rounds)[1]
    ratio = sorted(a / b for a, b in rounds)[1]
    return (
        f"whole pipeline {whole.pipe_names}: {ours:,.0f} tokens/s; "
        f"baseline {base.pipe_names}: {theirs:,.0f} tokens/s; ratio {ratio:.2f}"
    )


def main() -> None:
    """Compare: ``speed.py MODEL BASELINE NEWS_FOLDER``."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("baseline", type=Path)
    parser.add_argument("news", type=Path)
    parser.add_argument("--articles", type=int, default=150)
    args = parser.parse_args()
    print(compare(args.model, args.baseline, args.news, args.articles))


if __name__ == "__main__":
    main()
