"""PolNeAR as examples for the network that finds utterances, with what our pipeline says of them.

An example is one article: its words' traits and vectors, and its attributions as stretches of
words. Reading and parsing all of them takes two minutes; they are kept in a file.
"""

from __future__ import annotations

import argparse
import pickle
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from accord.article import parse_article
from accord.extraction import BEFORE
from accord.language import known_names  # noqa: F401  (registers the factory)
from accord.language.neural.traits import Traits
from accord.language.pipeline import load

ROLES = ("source", "cue", "content")
#: What the scorer takes off the edges of a stretch.
EDGE = " \t\r\n\u00a0\"'“”‘’`.,;:!?()[]-–—…"

Stretch = tuple[int, int]
Gold = dict[str, list[Stretch]]


@dataclass(slots=True)
class Example:
    """One article; the arrays of strings have an item for each word."""

    name: str
    traits: Traits
    vectors: NDArray[np.float16]
    lemmas: list[str]
    tags: list[str]
    deps: list[str]
    names: list[str]
    gold: list[Gold]
    rows: dict[str, NDArray[np.int64]] = field(default_factory=dict)

    def cues(self) -> list[tuple[int, int, list[Stretch], list[Stretch]]]:
        """Return first word, end, sources and contents of each cue, in the text's order.

        Of the attributions 0.2% have no cue or two; the network cannot learn from them.
        """
        found = {}
        taken: set[int] = set()
        for gold in self.gold:
            if len(gold["cue"]) == 1 and gold["content"]:
                start, end = gold["cue"][0]
                if taken.isdisjoint(range(start, end)):
                    taken.update(range(start, end))
                    found[start] = (start, end, gold["source"], gold["content"])
        return [found[start] for start in sorted(found)]


def trim(text: str, start: int, end: int) -> Stretch:
    """Take quotation marks, punctuation and white space off both edges."""
    while start < end and text[start] in EDGE:
        start += 1
    while end > start and text[end - 1] in EDGE:
        end -= 1
    return start, end


def annotations(path: Path, text: str) -> list[Gold]:
    """Read one file of annotations, as stretches of characters; broken lines are passed over."""
    spans: dict[str, list[Stretch]] = {}
    found = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        key, _, rest = line.partition("\t")
        if re.fullmatch(r"T[0-9]+", key) and re.match(r"\S+ [0-9]", rest):
            places = rest.split("\t")[0].split(" ", 1)[1].split(";")
            pairs = [tuple(map(int, place.split())) for place in places]
            spans[key] = [trim(text, start, end) for start, end in pairs]
        elif re.fullmatch(r"E[0-9]+", key) and rest.startswith("Attribution"):
            gold: Gold = defaultdict(list)
            for part in rest.split()[1:]:
                role, _, target = part.partition(":")
                role = role.rstrip("0123456789").lower()
                if role in ROLES:
                    gold[role] += spans.get(target, [])
            found.append(gold)
    return found


def files(folder: Path) -> Iterator[tuple[str, str, list[Gold]]]:
    """Yield name, text and annotations of each article; of several annotators the first."""
    chosen: dict[str, Path] = {}
    for path in sorted((folder / "attributions").glob("*.ann")):
        chosen.setdefault(re.sub(r"_[0-9a-f]{4}$", "", path.stem), path)
    for path in sorted((folder / "text").glob("*.txt")):
        if path.stem in chosen:
            with path.open(encoding="utf-8", newline="") as file:
                text = file.read()
            yield path.stem, text, annotations(chosen[path.stem], text)


def examples(folder: Path) -> Iterator[Example]:
    """Yield the articles of a folder as our own pipeline reads them."""
    nlp = load.__wrapped__()
    nlp.add_pipe(BEFORE, first=True)
    # The vectors are needed, and old weights are not.
    nlp.disable_pipes(*(name for name in ("utterances", "forget") if name in nlp.pipe_names))
    strings = nlp.vocab.strings
    pairs = (
        (nlp.make_doc(parse_article(text, name).text), (name, gold))
        for name, text, gold in files(folder)
    )
    for doc, (name, gold) in nlp.pipe(pairs, as_tuples=True, batch_size=32):
        traits = Traits.of(doc)
        tokens = [doc[place] for place in traits.places.tolist()]
        starts = np.array([token.idx for token in tokens])
        ends = np.array([token.idx + len(token) for token in tokens])
        yield Example(
            name=name,
            traits=traits,
            vectors=doc.tensor[traits.places].astype(np.float16),
            lemmas=[strings[key].lower() for key in traits.lemmas.tolist()],
            tags=[strings[key] for key in traits.tags.tolist()],
            deps=[strings[key] for key in traits.deps.tolist()],
            names=[strings[key] for key in traits.names.tolist()],
            gold=[
                {role: sorted(_words(one[role], starts, ends)) for role in ROLES} for one in gold
            ],
        )


def _words(
    stretches: list[Stretch], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> set[Stretch]:
    """Turn stretches of characters into stretches of words."""
    found = set()
    for start, end in stretches:
        first = int(np.searchsorted(ends, start, side="right"))
        last = int(np.searchsorted(starts, end, side="left"))
        if first < last:
            found.add((first, last))
    return found


def main() -> None:
    """Read and keep: ``attribution_corpus.py POLNEAR/train EXAMPLES.pickle``."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    found = list(examples(args.folder))
    args.out.parent.mkdir(parents=True, exist_ok=True)
    with args.out.open("wb") as file:
        pickle.dump(found, file)
    words = sum(len(example.lemmas) for example in found)
    print(f"{len(found)} articles, {words} words, {sum(len(e.gold) for e in found)} attributions")


if __name__ == "__main__":
    main()
