"""The spaCy components for contextual vectors, tags and lemmas; see also parsing and entities."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.scorer import Scorer
from spacy.tokens import Doc
from spacy.training import Example

from accord.language.neural.lemmas import apply
from accord.language.neural.network import Encoder, WordEncoder, dense, leaky
from accord.language.neural.parts import Batch, Part, read, write


class TokenEncoder(Part):
    """Writes ``doc.tensor``: one contextual vector for each token (float32)."""

    def ready(self) -> None:
        """Build the network of the arrays."""
        words = WordEncoder(self.weights, self.lists["words"], self.lists["vector_words"])
        self.encoder = Encoder(words, self.weights)

    def annotate(self, docs: list[Doc]) -> None:
        """Encode docs."""
        batch = Batch.of(docs)
        vectors = self.encoder.run(batch.keys, self.vocab.strings.__getitem__, batch.lengths)
        for doc, places, (rows,) in batch.split(vectors):
            if len(places) == len(doc):
                doc.tensor = rows
            else:
                doc.tensor = np.zeros((len(doc), self.encoder.size), np.float32)
                doc.tensor[places] = rows


class Tagger(Part):
    """Writes tags (XPOS), parts of speech and morphology."""

    def ready(self) -> None:
        """Prepare the labels' ids, and which morphology goes with which part of speech."""
        strings = self.vocab.strings
        morphs = [label.partition("|") for label in self.lists["morphs"]]
        upos = self.lists["upos"]
        self.upos_of = np.array([upos.index(pos) for pos, _, _ in morphs])
        self.pos_ids = np.array([strings[pos] for pos, _, _ in morphs], np.uint64)
        self.morph_ids = np.array(
            [self.vocab.morphology.add(feats) for _, _, feats in morphs], np.uint64
        )
        self.tag_ids = np.array([strings.add(tag) for tag in self.lists["xpos"]], np.uint64)
        self.space = np.array(
            [strings.add("_SP"), strings["SPACE"], self.vocab.morphology.add("")], np.uint64
        )

    def annotate(self, docs: list[Doc]) -> None:
        """Tag docs."""
        batch = Batch.of(docs)
        hidden = leaky(dense(batch.tensors(), self.weights, "mlp"))
        tags = dense(hidden, self.weights, "xpos").argmax(axis=1)
        upos = dense(hidden, self.weights, "upos")
        # A label of morphology names its part of speech; both scores count.
        joint = (dense(hidden, self.weights, "morph") + upos[:, self.upos_of]).argmax(axis=1)
        rows = np.stack([self.tag_ids[tags], self.pos_ids[joint], self.morph_ids[joint]], axis=1)
        for doc, places, (mine,) in batch.split(rows):
            if len(places) == len(doc):
                values = mine
            else:
                values = np.tile(self.space, (len(doc), 1))
                values[places] = mine
            write(doc, ["TAG", "POS", "MORPH"], values)

    def score(self, examples: Iterable[Example], **kwargs: Any) -> dict[str, Any]:
        """Score tags, parts of speech and morphology."""
        examples = list(examples)
        scores: dict[str, Any] = {}
        for attribute in ("tag", "pos", "morph"):
            scores |= Scorer.score_token_attr(examples, attribute, **kwargs)
        return scores


class Lemmatizer(Part):
    """Writes lemmas: the rule with the highest score, or the one that a known word has."""

    def ready(self) -> None:
        """Start with no lemma remembered, and read the table of known words."""
        self.memory: dict[tuple[int, int], int] = {}
        self.rules = self.lists["lemmas"]

    def annotate(self, docs: list[Doc]) -> None:
        """Lemmatise docs."""
        batch = Batch.of(docs)
        hidden = leaky(dense(batch.tensors(), self.weights, "mlp"))
        rules = dense(hidden, self.weights, "lemma").argmax(axis=1)
        strings, memory = self.vocab.strings, self.memory
        lemmas = []
        for pair in zip(batch.keys.tolist(), rules.tolist(), strict=True):
            lemma = memory.get(pair)
            if lemma is None:
                lemma = strings.add(apply(self.rules[pair[1]], strings[pair[0]]))
                if len(memory) > 60_000:
                    memory.clear()
                memory[pair] = lemma
            lemmas.append(lemma)
        found = np.array(lemmas, np.uint64)
        for doc, places, (mine,) in batch.split(found):
            values = read(doc, ["ORTH"])
            values[places, 0] = mine
            write(doc, ["LEMMA"], values)

    def score(self, examples: Iterable[Example], **kwargs: Any) -> dict[str, Any]:
        """Score lemmas."""
        return Scorer.score_token_attr(examples, "lemma", **kwargs)


@Language.factory("accord_encoder", assigns=["doc.tensor"])
def create_encoder(nlp: Language, name: str) -> TokenEncoder:
    """Make the component that encodes tokens."""
    return TokenEncoder(nlp.vocab, name)


@Language.factory(
    "accord_tagger",
    requires=["doc.tensor"],
    assigns=["token.tag", "token.pos", "token.morph"],
    default_score_weights={"tag_acc": 0.1, "pos_acc": 0.1, "morph_acc": 0.1},
)
def create_tagger(nlp: Language, name: str) -> Tagger:
    """Make the component for tags, parts of speech and morphology."""
    return Tagger(nlp.vocab, name)


@Language.factory(
    "accord_lemmatizer",
    requires=["doc.tensor"],
    assigns=["token.lemma"],
    default_score_weights={"lemma_acc": 0.1},
)
def create_lemmatizer(nlp: Language, name: str) -> Lemmatizer:
    """Make the component for lemmas."""
    return Lemmatizer(nlp.vocab, name)


@Language.component("accord_forget", requires=["doc.tensor"])
def forget(doc: Doc) -> Doc:
    """Drop the vectors after their last reader: they take 1.7 kB a token."""
    doc.tensor = np.zeros((0,), np.float32)
    return doc
