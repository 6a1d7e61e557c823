"""Measure whether merging the words of a name before parsing helps the parse.

Names are runs of proper nouns that hang together by ``flat`` or ``compound`` in the gold tree: the
best that any list of names could find. Compared are only arcs outside of names (each name counted
once, by its head), with gold tokens and sentences: parsed word by word and then folded, against
parsed with each name as one token.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import spacy
from corpus import Sentence, merge_names, read_conllu
from spacy.language import Language
from spacy.tokens import Doc

import accord.language.pipeline  # noqa: F401

Arc = tuple[int, int, str]


def groups(sent: Sentence) -> list[list[int]]:
    """Return the words of a sentence, those of one name together."""
    out: list[list[int]] = []
    for i, pos in enumerate(sent.upos):
        run = out[-1] if out else []
        joined = bool(run) and pos == "PROPN" == sent.upos[run[-1]]
        if joined:
            inside = sent.heads[i] in run and sent.deps[i].split(":")[0] in ("flat", "compound")
            reached = any(sent.heads[k] == i and sent.deps[k] == "compound" for k in run)
            joined = inside or reached
        if joined:
            run.append(i)
        else:
            out.append([i])
    return out


def folded(heads: list[int], deps: list[str], parts: list[list[int]]) -> list[Arc]:
    """Return one arc for each group: (group, group of its head, label)."""
    of = {i: g for g, part in enumerate(parts) for i in part}
    arcs = []
    for g, part in enumerate(parts):
        lead = next((i for i in part if heads[i] == i or of[heads[i]] != g), part[0])
        arcs.append((g, of[heads[lead]], deps[lead]))
    return arcs


def parse(nlp: Language, words: list[list[str]]) -> list[tuple[list[int], list[str]]]:
    """Parse sentences given as words -> heads and labels of each."""
    docs = [Doc(nlp.vocab, words=w, sent_starts=[True, *[False] * (len(w) - 1)]) for w in words]
    return [([t.head.i for t in doc], [t.dep_ for t in doc]) for doc in nlp.pipe(docs)]


def main() -> None:
    """Compare: ``merging.py MODEL FILE...``."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("files", nargs="+", type=Path)
    args = parser.parse_args()
    nlp = spacy.load(args.model)
    sents = [merge_names(sent) for path in args.files for sent in read_conllu(path)]
    parts = [groups(sent) for sent in sents]
    several = [any(len(part) > 1 for part in cut) for cut in parts]
    names = sum(len(part) > 1 for cut in parts for part in cut)
    print(f"{names} names of several words in {sum(several)} of {len(sents)} sentences")
    gold = [folded(s.heads, s.deps, cut) for s, cut in zip(sents, parts, strict=True)]
    plain = parse(nlp, [sent.words for sent in sents])
    ways: dict[str, Callable[[list[str]], str]] = {
        "as one token, in full": " ".join,
        "as one token, its last word": lambda words: words[-1],
    }
    guesses = {"word by word": [folded(h, d, c) for (h, d), c in zip(plain, parts, strict=True)]}
    for way, form in ways.items():
        merged = [
            [form([sent.words[i] for i in part]) for part in cut]
            for sent, cut in zip(sents, parts, strict=True)
        ]
        found = parse(nlp, merged)
        guesses[way] = [
            [(i, head, dep) for i, (head, dep) in enumerate(zip(heads, deps, strict=True))]
            for heads, deps in found
        ]
    for way, guess in guesses.items():
        hit: Counter[str] = Counter()
        for wanted, got, cut, counted in zip(gold, guess, parts, several, strict=True):
            for right, arc, part in zip(wanted, got, cut, strict=True):
                if not counted or right[2] == "punct":
                    continue
                for kind in ("all", "names") if len(part) > 1 else ("all",):
                    hit[f"{kind} total"] += 1
                    hit[f"{kind} las"] += right == arc
        shown = ", ".join(
            f"{kind}: LAS {100 * hit[f'{kind} las'] / hit[f'{kind} total']:.2f}"
            for kind in ("all", "names")
        )
        print(f"{way}: {shown} (sentences with such names)")


if __name__ == "__main__":
    main()
