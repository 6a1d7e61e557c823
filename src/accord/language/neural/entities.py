"""The spaCy component for names, dates and sums."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.scorer import get_ner_prf
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import filter_spans

from accord.language.neural.network import Floats, Ints, best_tags, dense, leaky
from accord.language.neural.parts import Batch, Part


class EntityRecogniser(Part):
    """Writes entities; spans that are there already stay."""

    def ready(self) -> None:
        """Forbid what is no well-formed sequence of begin, inside, end, single and outside."""
        tags = self.lists["entities"]
        self.kinds = [tag[0] for tag in tags]
        self.names = [tag[2:] for tag in tags]
        barrier = np.zeros((len(tags), len(tags)), np.float32)
        for i, left in enumerate(tags):
            for j, right in enumerate(tags):
                opened = left[0] in "BI"
                goes_on = right[0] in "IE"
                if opened != goes_on or (opened and left[2:] != right[2:]):
                    barrier[i, j] = -1e4
        self.moves: Floats = self.weights["transitions"] + barrier
        self.start = np.array([-1e4 if kind in "IE" else 0 for kind in self.kinds], np.float32)
        self.end = np.array([-1e4 if kind in "BI" else 0 for kind in self.kinds], np.float32)

    def annotate(self, docs: list[Doc]) -> None:
        """Recognise entities in docs."""
        batch = Batch.of(docs)
        scores = dense(leaky(dense(batch.tensors(), self.weights, "mlp")), self.weights, "entity")
        ends = np.cumsum(batch.lengths)
        scores[ends - batch.lengths] += self.start
        scores[ends - 1] += self.end
        tags = best_tags(scores, self.moves, batch.lengths)
        for doc, places, (mine,) in batch.split(tags):
            spans = self._spans(doc, places, mine)
            if doc.ents:
                spans = filter_spans(
                    [*doc.ents, *(s for s in spans if not any(t.ent_type for t in s))]
                )
            doc.set_ents(spans)

    def _spans(self, doc: Doc, places: Ints, tags: Ints) -> list[Span]:
        """Make spans of one doc's tags."""
        spans = []
        outside = self.kinds.index("O")
        start = 0
        for i in np.flatnonzero(tags != outside).tolist():
            kind = self.kinds[int(tags[i])]
            if kind in "BS":
                start = i
            if kind in "ES":
                label = self.names[int(tags[i])]
                spans.append(Span(doc, int(places[start]), int(places[i]) + 1, label=label))
        return spans

    def score(self, examples: Iterable[Example], **kwargs: Any) -> dict[str, Any]:
        """Score entities."""
        scores: dict[str, Any] = get_ner_prf(examples, **kwargs)
        return scores


@Language.factory(
    "accord_ner",
    requires=["doc.tensor"],
    assigns=["doc.ents", "token.ent_iob", "token.ent_type"],
    default_score_weights={"ents_f": 0.3},
)
def create_ner(nlp: Language, name: str) -> EntityRecogniser:
    """Make the component for entities."""
    return EntityRecogniser(nlp.vocab, name)
