"""Write treebank files as spaCy's binary training corpus, for the baseline pipelines."""

from __future__ import annotations

import argparse
from itertools import groupby
from pathlib import Path

from corpus import Sentence, merge_names, read_conllu
from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab


def to_doc(vocab: Vocab, sentences: list[Sentence]) -> Doc:
    """Make one Doc with gold tokens and all treebank annotation of the sentences."""
    words: list[str] = []
    spaces: list[bool] = []
    heads: list[int] = []
    deps: list[str] = []
    starts: list[bool | int | None] = []
    for sent in sentences:
        offset = len(words)
        words += sent.words
        spaces += [*sent.spaces[:-1], True]
        heads += [offset + head for head in sent.heads]
        deps += sent.deps
        starts += [True] + [False] * (len(sent) - 1)
    flat = {
        name: [value for sent in sentences for value in getattr(sent, name)]
        for name in ("upos", "xpos", "feats", "lemmas")
    }
    return Doc(
        vocab,
        words=words,
        spaces=spaces,
        heads=heads or None,
        deps=deps or None,
        pos=flat["upos"] or None,
        tags=flat["xpos"] or None,
        morphs=flat["feats"] or None,
        lemmas=flat["lemmas"] or None,
        sent_starts=None if heads else starts,
    )


def main() -> None:
    """Convert: ``to_spacy.py OUT IN.conllu... --sentences N`` (sentences in one Doc)."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--sentences", type=int, default=10)
    args = parser.parse_args()
    vocab = Vocab()
    store = DocBin(store_user_data=False)
    for path in args.files:
        for _, group in groupby(read_conllu(path), key=lambda sent: sent.doc):
            sents = [merge_names(sent) for sent in group]
            for i in range(0, len(sents), args.sentences):
                store.add(to_doc(vocab, sents[i : i + args.sentences]))
    args.out.parent.mkdir(parents=True, exist_ok=True)
    store.to_disk(args.out)
    print(f"{args.out}: {len(store)} documents")


if __name__ == "__main__":
    main()
