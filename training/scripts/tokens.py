"""Compare the tokenizer with the tokens of treebank files, and print what differs most."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import spacy
from corpus import Sentence, merge_names, read_conllu
from spacy.language import Language

from accord.language.tokenizer import build

Span = tuple[int, int]


def gold(sent: Sentence) -> tuple[str, set[Span]]:
    """Return a sentence's text and its words by character."""
    text = ""
    spans = set()
    for word, space in zip(sent.words, sent.spaces, strict=True):
        spans.add((len(text), len(text) + len(word)))
        text += word + (" " if space else "")
    return text.rstrip(), spans


def regions(ours: set[Span], theirs: set[Span]) -> list[Span]:
    """Return the stretches of text in which the two differ."""
    out: list[list[int]] = []
    for start, end in sorted(ours ^ theirs):
        if out and start < out[-1][1]:
            out[-1][1] = max(out[-1][1], end)
        else:
            out.append([start, end])
    return [(start, end) for start, end in out]


def compare(nlp: Language, path: Path, differences: Counter[tuple[str, str]]) -> float:
    """Count the differences of one file, and return the F1 of words."""
    hit = found = wanted = 0
    for sent in map(merge_names, read_conllu(path)):
        text, theirs = gold(sent)
        ours = {(t.idx, t.idx + len(t)) for t in nlp.make_doc(text) if not t.is_space}
        hit += len(ours & theirs)
        found += len(ours)
        wanted += len(theirs)
        for start, end in regions(ours, theirs):
            shown = [
                " ".join(text[a:b] for a, b in sorted(spans) if a >= start and b <= end)
                for spans in (theirs, ours)
            ]
            differences[(shown[0], shown[1])] += 1
    return 200 * hit / (found + wanted)


def main() -> None:
    """Compare: ``tokens.py FILE... [--plain]`` (plain: spaCy's own English tokenizer)."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--show", type=int, default=40)
    args = parser.parse_args()
    nlp = spacy.blank("en")
    if not args.plain:
        nlp.tokenizer = build(nlp)
    differences: Counter[tuple[str, str]] = Counter()
    for path in args.files:
        print(f"{path.name}: F1 {compare(nlp, path, differences):.2f}")
    for (theirs, ours), count in differences.most_common(args.show):
        print(f"{count:5}  treebank: {theirs}   ours: {ours}")


if __name__ == "__main__":
    main()
