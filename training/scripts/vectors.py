"""Train word vectors on raw text: newswire (training part), PolNeAR, and the treebanks."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import numpy as np
from corpus import merge_names, read_conllu, read_ner
from gensim.models import Word2Vec  # type: ignore[import-untyped]

from accord.language.neural.words import normal

#: A rough tokeniser, good enough for vectors: clitics off, hyphens and punctuation apart.
_TOKEN = re.compile(
    r"[A-Za-zÀ-ÿ]+(?=n['’]t\b)|n['’]t\b|['’](?:s|re|ve|ll|d|m)\b|\w[\w.,]*\w|\w|[^\w\s]"
)


def main() -> None:
    """Write ``vectors.npz`` (``words``, ``vectors`` float32 of words x size) from raw text."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--epochs", type=int, default=15)
    args = parser.parse_args()
    sentences: list[list[str]] = []
    for name in ("ewt-train", "gum-train"):
        for sent in read_conllu(args.data / "treebank" / f"{name}.conllu"):
            sentences.append([normal(word) for word in merge_names(sent).words])
    # The articles of the dev part stay out, also as raw text: only the training file is read.
    for sent in read_ner(args.data / "ner" / "train.tsv"):
        sentences.append([normal(word) for word in merge_names(sent).words])
    for path in sorted((args.data / "polnear" / "train" / "text").glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                sentences.append([normal(word) for word in _TOKEN.findall(line)])
    total = sum(map(len, sentences))
    model = Word2Vec(
        sentences,
        vector_size=args.size,
        window=4,
        min_count=4,
        sg=1,
        negative=8,
        sample=1e-4,
        epochs=args.epochs,
        workers=1,
        seed=7,
    )
    words = model.wv.index_to_key
    vectors = np.asarray(model.wv.vectors, dtype=np.float32)
    vectors /= vectors.std()
    np.savez(args.out, words=np.array(words), vectors=vectors)
    near = model.wv.most_similar("minister")[:5]
    print(f"{total} tokens, {len(words)} words; nearest to 'minister': {near}")


if __name__ == "__main__":
    main()
