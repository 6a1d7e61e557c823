"""The spaCy component for heads and labels."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.scorer import Scorer
from spacy.tokens import Doc
from spacy.training import Example

from accord.language.neural.network import Floats, Ints, dense, leaky, product
from accord.language.neural.parts import Batch, Part, write
from accord.language.neural.trees import best_tree


class Parser(Part):
    """Writes heads and labels: the best tree of each sentence over biaffine scores.

    Dozat and Manning, "Deep biaffine attention for neural dependency parsing", ICLR 2017.
    """

    def ready(self) -> None:
        """Prepare the labels' ids."""
        self.dep_ids = np.array([self.vocab.strings.add(d) for d in self.lists["deps"]], np.uint64)
        self.space = self.vocab.strings.add("dep")
        self.root = self.lists["deps"].index("ROOT")

    def annotate(self, docs: list[Doc]) -> None:
        """Parse docs."""
        batch = Batch.of(docs)
        x = batch.tensors()
        w = self.weights
        both = leaky(dense(x, w, "mlps"))  # head, child, label head, label child
        root = leaky(dense(w["root"][None], w, "mlps"))
        arc, label = w["arc"].shape[0], w["label"].shape[0]
        heads_of = both[:, :arc]
        children = product(both[:, arc : 2 * arc], w["arc"]) + w["arc_bias"]
        above, below = both[:, 2 * arc : 2 * arc + label], both[:, 2 * arc + label :]
        heads = np.empty(len(x), np.int64)  # in the batch; own number for a root
        start = 0
        for size in batch.lengths.tolist():
            end = start + size
            scores = np.empty((size, size + 1), np.float32)
            np.matmul(children[start:end], heads_of[start:end].T, out=scores[:, 1:])
            scores[:, 0] = children[start:end] @ root[0, :arc]
            tree = np.array(best_tree(scores)) - 1
            heads[start:end] = np.where(tree < 0, np.arange(size), tree) + start
            start = end
        is_root = heads == np.arange(len(x))
        above = np.where(is_root[:, None], root[:, 2 * arc : 2 * arc + label], above[heads])
        deps = self._labels(above, below)
        deps[is_root] = self.root
        numbers = np.arange(len(x))
        for doc, places, (mine, names, own) in batch.split(heads, self.dep_ids[deps], numbers):
            self._write(doc, places, mine - own[0] if len(own) else mine, names)

    def _labels(self, above: Floats, below: Floats) -> Ints:
        """Return the best label of each arc but the root's."""
        w = self.weights
        size, count = w["label"].shape[0], len(self.dep_ids)
        scores = product(below, w["label_child"]) + product(above, w["label_head"])
        scores += w["label_bias"]
        for i in range(0, len(below), 512):
            mixed = product(below[i : i + 512], w["label"].reshape(size, -1))
            mixed = mixed.reshape(-1, count, size)
            scores[i : i + 512] += np.einsum("nls,ns->nl", mixed, above[i : i + 512])
        scores[:, self.root] = -np.inf
        best: Ints = scores.argmax(axis=1)
        return best

    def _write(self, doc: Doc, places: Ints, heads: Ints, names: NDArray[np.uint64]) -> None:
        """Write one doc's arcs; white space hangs on the word before it."""
        values = np.empty((len(doc), 2), np.int64)
        if len(places) == len(doc):
            values[:, 0] = heads - np.arange(len(doc))
            values[:, 1] = names.view(np.int64)
        elif len(places):
            last = np.searchsorted(places, np.arange(len(doc)), side="right") - 1
            values[:, 0] = places[np.maximum(last, 0)] - np.arange(len(doc))
            values[:, 1] = np.array(self.space, np.uint64).view(np.int64)
            values[places, 0] = places[heads] - places
            values[places, 1] = names.view(np.int64)
        else:
            values[:, 0] = -np.arange(len(doc))
            values[:, 1] = np.array(self.space, np.uint64).view(np.int64)
        write(doc, ["HEAD", "DEP"], values)

    def score(self, examples: Iterable[Example], **kwargs: Any) -> dict[str, Any]:
        """Score arcs (punctuation left out, as spaCy does) and sentences."""
        examples = list(examples)
        kwargs.setdefault("getter", lambda token, attribute: getattr(token, f"{attribute}_"))
        kwargs.setdefault("ignore_labels", ("p", "punct"))
        scores = Scorer.score_spans(
            examples, "sents", has_annotation=lambda d: d.has_annotation("SENT_START")
        )
        scores.pop("sents_per_type", None)
        scores |= Scorer.score_deps(examples, "dep", **kwargs)
        return scores


@Language.factory(
    "accord_parser",
    requires=["doc.tensor"],
    assigns=["token.dep", "token.head"],
    default_score_weights={"dep_uas": 0.15, "dep_las": 0.15},
)
def create_parser(nlp: Language, name: str) -> Parser:
    """Make the component for heads and labels."""
    return Parser(nlp.vocab, name)
