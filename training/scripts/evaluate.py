"""Measure a pipeline on the dev sets and print one table.

Two settings. *Gold*: the corpus's own tokens and sentences are given. *Raw*: the text of a whole
document, its sentences joined by one space, is all the pipeline gets; a word counts as right only
where its characters are those of a gold word (F1 over words, as in the CoNLL 2018 shared task, but
with label subtypes). LAS and UAS come without punctuation, as spaCy's scorer counts, and with it.
A sentence counts as right where both its ends are; an entity where its characters and class are.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import spacy  # noqa: E402
from corpus import Sentence, read_conllu, read_ner  # noqa: E402
from spacy.language import Language  # noqa: E402
from spacy.tokens import Doc  # noqa: E402

import accord.language.pipeline  # noqa: E402, F401

Word = tuple[int, int]


class Gold:
    """One document of a corpus: its text, and its words and sentences by character."""

    def __init__(self, sents: list[Sentence]) -> None:
        self.sents = sents
        self.words: list[str] = []
        self.spaces: list[bool] = []
        self.starts: list[bool] = []
        for sent in sents:
            self.words += sent.words
            self.spaces += [*sent.spaces[:-1], True]
            self.starts += [True] + [False] * (len(sent) - 1)
        self.offsets: list[Word] = []
        self.text = ""
        for word, space in zip(self.words, self.spaces, strict=True):
            self.offsets.append((len(self.text), len(self.text) + len(word)))
            self.text += word + (" " if space else "")
        self.text = self.text.rstrip()

    def sentence_spans(self) -> set[Word]:
        """Return first and last character of each sentence."""
        out, i = set(), 0
        for sent in self.sents:
            out.add((self.offsets[i][0], self.offsets[i + len(sent) - 1][1]))
            i += len(sent)
        return out

    def tokens(self) -> dict[Word, dict[str, object]]:
        """Return each word's annotation, heads as the characters of the head."""
        out: dict[Word, dict[str, object]] = {}
        i = 0
        for sent in self.sents:
            for k in range(len(sent)):
                head = sent.heads[k]
                out[self.offsets[i + k]] = {
                    "upos": sent.upos[k],
                    "xpos": sent.xpos[k],
                    "feats": sent.feats[k],
                    "lemma": sent.lemmas[k],
                    "head": "root" if head == k else self.offsets[i + head],
                    "dep": sent.deps[k],
                }
            i += len(sent)
        return out

    def entities(self) -> set[tuple[int, int, str]]:
        """Return entities by character."""
        out = set()
        i = 0
        for sent in self.sents:
            start = 0
            for k, tag in enumerate(sent.entities):
                if tag[0] in "BS":
                    start = i + k
                if tag[0] in "ES":
                    out.add((self.offsets[start][0], self.offsets[i + k][1], tag[2:]))
            i += len(sent)
        return out

    def doc(self, nlp: Language) -> Doc:
        """Return a Doc with gold words and sentences, to be annotated.

        The newswire corpus has blocks, often paragraphs: where one starts a sentence starts, but
        others may start inside.
        """
        blocks = bool(self.sents[0].entities)
        inner = None if blocks else False
        starts: list[bool | int | None] = [start or inner for start in self.starts]
        return Doc(nlp.vocab, words=self.words, spaces=self.spaces, sent_starts=starts)


def load(path: Path, kind: str) -> list[Gold]:
    """Read the documents of a corpus file."""
    reader = read_ner if kind == "ner" else read_conllu
    return [Gold(list(group)) for _, group in groupby(reader(path), key=lambda s: s.doc)]


def annotated(doc: Doc) -> dict[Word, dict[str, object]]:
    """Return each word's predicted annotation in the form of `Gold.tokens`."""

    def place(token: spacy.tokens.Token) -> Word:
        return (token.idx, token.idx + len(token))

    return {
        place(t): {
            "upos": t.pos_,
            "xpos": t.tag_,
            "feats": str(t.morph),
            "lemma": t.lemma_,
            "head": "root" if t.head.i == t.i else place(t.head),
            "dep": t.dep_,
        }
        for t in doc
        if not t.is_space
    }


def sentence_spans(doc: Doc) -> set[Word]:
    """Return first and last character of each predicted sentence, white space left out."""
    out = set()
    for sent in doc.sents:
        words = [t for t in sent if not t.is_space]
        if words:
            out.add((words[0].idx, words[-1].idx + len(words[-1])))
    return out


def f1(hit: float, found: float, gold: float) -> float:
    """Harmonic mean of precision and recall, in per cent."""
    return 200 * hit / max(1, found + gold)


def trees(nlp: Language, corpus: list[Gold], raw: bool) -> dict[str, float]:
    """Score tokens, tags, lemmas, arcs and sentences."""
    inputs: Iterable[str | Doc] = [g.text if raw else g.doc(nlp) for g in corpus]
    hit: Counter[str] = Counter()
    found: Counter[str] = Counter()
    gold: Counter[str] = Counter()
    for doc, want in zip(nlp.pipe(inputs), corpus, strict=True):
        guess, truth = annotated(doc), want.tokens()
        gold["word"] += len(truth)
        found["word"] += len(guess)
        gold["content"] += sum(t["dep"] != "punct" for t in truth.values())
        found["content"] += sum(t["dep"] != "punct" for t in guess.values())
        for place in guess.keys() & truth.keys():
            g, t = guess[place], truth[place]
            hit["token"] += 1
            for name in ("upos", "xpos", "feats", "lemma"):
                hit[name] += g[name] == t[name]
            arc = g["head"] == t["head"]
            both = arc and g["dep"] == t["dep"]
            hit["uas all"] += arc
            hit["las all"] += both
            if t["dep"] != "punct":
                hit["uas"] += arc
                hit["las"] += both
        guessed, wanted = sentence_spans(doc), want.sentence_spans()
        hit["sent"] += len(guessed & wanted)
        found["sent"] += len(guessed)
        gold["sent"] += len(wanted)
    out = {}
    for name in ("token", "upos", "xpos", "feats", "lemma", "uas all", "las all"):
        out[name] = f1(hit[name], found["word"], gold["word"])
    for name in ("uas", "las"):
        # With gold tokens every word is scored against its gold label, as spaCy's accuracy is.
        total = found["content"] if raw else gold["content"]
        out[name] = f1(hit[name], total, gold["content"])
    out["sent"] = f1(hit["sent"], found["sent"], gold["sent"])
    return out


def names(nlp: Language, corpus: list[Gold], raw: bool) -> tuple[float, dict[str, float]]:
    """Score entities: F1 over all classes, and of each."""
    inputs: Iterable[str | Doc] = [g.text if raw else g.doc(nlp) for g in corpus]
    hit: Counter[str] = Counter()
    found: Counter[str] = Counter()
    gold: Counter[str] = Counter()
    for doc, want in zip(nlp.pipe(inputs), corpus, strict=True):
        guess = {(e.start_char, e.end_char, e.label_) for e in doc.ents}
        truth = want.entities()
        for counter, spans in ((hit, guess & truth), (found, guess), (gold, truth)):
            counter.update(label for _, _, label in spans)
    each = {label: f1(hit[label], found[label], gold[label]) for label in sorted(gold)}
    return f1(hit.total(), found.total(), gold.total()), each


def main() -> None:
    """Evaluate: ``evaluate.py MODEL DATA [--baseline MODEL]``."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--baseline", type=Path, help="pipeline to compare the speed with")
    args = parser.parse_args()
    began = time.perf_counter()
    nlp = spacy.load(args.model)
    seconds = time.perf_counter() - began
    size = sum(f.stat().st_size for f in args.model.rglob("*") if f.is_file()) / 1e6
    ewt = load(args.data / "treebank" / "ewt-dev.conllu", "tree")
    gum = load(args.data / "treebank" / "gum-dev.conllu", "tree")
    news = [g for g in gum if "_news_" in g.sents[0].doc]
    sets = {"EWT": ewt, "GUM": gum, "both": ewt + gum, "GUM news": news}
    columns = [
        "token",
        "sent",
        "upos",
        "xpos",
        "feats",
        "lemma",
        "uas",
        "las",
        "uas all",
        "las all",
    ]
    print("| set | " + " | ".join(columns) + " |")
    print("|" + "---|" * (len(columns) + 1))
    for raw in (False, True):
        for name, corpus in sets.items():
            scores = trees(nlp, corpus, raw)
            row = " | ".join(f"{scores[c]:.2f}" for c in columns)
            print(f"| {name}, {'raw' if raw else 'gold'} | {row} |", flush=True)
    wire = load(args.data / "ner" / "dev.tsv", "ner")
    for raw in (False, True):
        total, each = names(nlp, wire, raw)
        shown = ", ".join(f"{label} {value:.1f}" for label, value in each.items())
        print(f"\nNER F1, newswire dev, {'raw' if raw else 'gold tokens'}: {total:.2f} ({shown})")
    print(f"\nsize {size:.1f} MB, load {seconds:.2f} s")
    if args.baseline:
        from speed import compare

        print(compare(args.model, args.baseline, args.data / "news", 150))


if __name__ == "__main__":
    main()
