"""What the spaCy components around the shared network have in common.

The encoder leaves a contextual vector of each token in ``doc.tensor``; the others read it there and
each writes its own annotation, so that any of them can be disabled or replaced. White space tokens
are no input to the network.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from accord.language.neural.network import Floats, Ints, Weights

#: Tokens that are encoded together: enough for good matrix products, few enough for the cache.
BATCH_TOKENS = 3000


def write(doc: Doc, attributes: list[int | str], values: NDArray[Any]) -> None:
    """Write attributes of all tokens at once (values: tokens x attributes, ids or signed)."""
    table: Any = np.ascontiguousarray(values).view(np.uint64)
    doc.from_array(attributes, table)


def read(doc: Doc, attributes: list[str]) -> NDArray[np.uint64]:
    """Read attributes of all tokens at once (tokens x attributes)."""
    table: Any = doc.to_array(list(attributes))
    out: NDArray[np.uint64] = table.reshape(len(doc), len(attributes)).astype(np.uint64)
    return out


@dataclass(slots=True)
class Batch:
    """The words (not the white space) of some docs, and where their sentences are."""

    docs: list[Doc]
    keys: NDArray[np.uint64]  # form of each word
    places: list[Ints]  # for each doc: the words' places in it
    lengths: Ints  # of sentences

    @classmethod
    def of(cls, docs: list[Doc]) -> Self:
        """Collect the words of docs; without sentence boundaries a doc is one sentence."""
        keys, places, lengths = [], [], []
        for doc in docs:
            table = read(doc, ["ORTH", "IS_SPACE", "SENT_START"])
            words = np.flatnonzero(table[:, 1] == 0)
            keys.append(table[words, 0])
            places.append(words.astype(np.int64))
            if len(words):
                # A sentence that starts at white space starts at the next word.
                number = np.cumsum(table[:, 2] == 1)[words]
                cuts = np.flatnonzero(np.diff(number)) + 1
                lengths.append(np.diff(np.concatenate([[0], cuts, [len(words)]])))
        return cls(
            docs,
            np.concatenate(keys) if keys else np.zeros(0, np.uint64),
            places,
            np.concatenate(lengths).astype(np.int64) if lengths else np.zeros(0, np.int64),
        )

    def tensors(self) -> Floats:
        """Join the vectors that the encoder left (words x size).

        :raises ValueError: where the encoder did not run before.
        """
        parts = []
        for doc, places in zip(self.docs, self.places, strict=True):
            if len(doc) and len(doc.tensor) != len(doc):
                raise ValueError("the encoder must run before the tagger, parser and ner")
            if len(places):
                parts.append(doc.tensor[places])
        out: Floats = np.concatenate(parts)
        return out

    def split(self, *values: NDArray[Any]) -> Iterator[tuple[Doc, Ints, list[NDArray[Any]]]]:
        """Cut arrays over all words into those of each doc."""
        start = 0
        for doc, places in zip(self.docs, self.places, strict=True):
            end = start + len(places)
            yield doc, places, [value[start:end] for value in values]
            start = end


class Part:
    """A component with arrays and lists that it reads and writes itself."""

    def __init__(self, vocab: Any, name: str) -> None:
        self.vocab = vocab
        self.name = name
        self.weights: Weights = {}
        self.lists: dict[str, list[str]] = {}

    def ready(self) -> None:
        """Prepare what follows from weights and lists, after they were read."""

    def annotate(self, docs: list[Doc]) -> None:
        """Write the component's annotation into docs."""
        raise NotImplementedError

    def __call__(self, doc: Doc) -> Doc:
        """Annotate one doc."""
        return self._batch([doc])[0]

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Annotate docs in batches of about `BATCH_TOKENS` tokens."""
        group: list[Doc] = []
        count = 0
        for doc in stream:
            group.append(doc)
            count += len(doc)
            if count >= BATCH_TOKENS or len(group) >= batch_size:
                yield from self._batch(group)
                group, count = [], 0
        yield from self._batch(group)

    def _batch(self, docs: list[Doc]) -> list[Doc]:
        """Annotate the docs that have words; one of white space only stays as it is."""
        full = [doc for doc in docs if not all(token.is_space for token in doc)]
        if full:
            self.annotate(full)
        return docs

    def set(self, weights: Weights, lists: dict[str, list[str]]) -> None:
        """Give the component what training made."""
        self.weights, self.lists = weights, lists
        self.ready()

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write ``weights.npz`` (half precision) and ``lists.json``."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        halves: dict[str, Any] = {
            key: value.astype(np.float16) for key, value in self.weights.items()
        }
        np.savez(folder / "weights.npz", **halves)
        text = json.dumps(self.lists, ensure_ascii=False)
        (folder / "lists.json").write_text(text, encoding="utf-8")

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> Self:
        """Read what `to_disk` wrote."""
        folder = Path(path)
        with np.load(folder / "weights.npz") as stored:
            weights = {key: stored[key].astype(np.float32) for key in stored.files}
        lists = json.loads((folder / "lists.json").read_text(encoding="utf-8"))
        self.set(weights, lists)
        return self

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Return the same as one string of bytes."""
        import srsly  # type: ignore[import-untyped]

        arrays = {key: value.astype(np.float16) for key, value in self.weights.items()}
        data: bytes = srsly.msgpack_dumps({"weights": arrays, "lists": self.lists})
        return data

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Self:
        """Read what `to_bytes` returned."""
        import srsly

        stored = srsly.msgpack_loads(data)
        weights = {key: np.asarray(value, np.float32) for key, value in stored["weights"].items()}
        self.set(weights, stored["lists"])
        return self
