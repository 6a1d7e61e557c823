"""The network that finds utterances: what it sees, how it runs, and that it is stored whole."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from spacy.tokens import Doc

from accord.language.neural.traits import (
    CLOSES,
    INSIDE,
    LONE,
    LONGEST,
    OPENS,
    OUTSIDE,
    UNCLOSED,
    Traits,
)
from accord.language.neural.utterances import Utterances, stretches
from accord.language.neural.windows import BEFORE, BEHIND, LEVELS, Windows
from accord.language.pipeline import load

TEXT = (
    "“We have left the town,” the minister said on Monday. He added that nobody would return.\n\n"
    "The ministry denied a report by the agency that its troops had opened fire."
)


def read(text: str) -> Doc:
    """Run all but the last component, which drops the vectors."""
    nlp = load()
    doc = nlp.make_doc(text)
    for name, component in nlp.pipeline:
        if name != "forget":
            doc = component(doc)
    return doc


def states(text: str) -> list[int]:
    return Traits.of(read(text)).states.tolist()


def test_a_word_knows_how_it_stands_to_the_quotation_marks() -> None:
    assert states("He “left” it") == [OUTSIDE, OPENS, INSIDE, CLOSES, OUTSIDE]
    assert states("He “left\n\nit now") == [OUTSIDE, OPENS, UNCLOSED, OUTSIDE, OUTSIDE]
    assert states("He left” it") == [OUTSIDE, OUTSIDE, LONE, OUTSIDE]
    assert states("“ “left”") == [LONE, OPENS, INSIDE, CLOSES]


def test_quotations_have_numbers_and_none_runs_over_a_paragraph() -> None:
    traits = Traits.of(read("“One two” and “three.\n\nFour “five”"))
    words = {q: [i for i, n in enumerate(traits.quotes) if n == q] for q in set(traits.quotes)}
    assert {q: len(places) for q, places in words.items() if q >= 0} == {0: 4, 1: 3, 2: 3}


def test_what_is_read_together_is_bounded_and_whole() -> None:
    traits = Traits.of(read("It rained and it snowed " * 200 + "\n\nIt rained."))
    lengths = traits.segments()
    assert lengths.sum() == len(traits.places)
    assert lengths.max() <= LONGEST


def window(cue: int, count: int = 400) -> Windows:
    heads = np.minimum(np.arange(count) + 1, count - 1)
    traits = SimpleNamespace(
        heads=heads,
        sentences=np.arange(count) // 20,
        paragraphs=np.arange(count) // 100,
        quotes=np.where(np.arange(count) % 50 < 5, np.arange(count) // 50, -1),
    )
    return Windows.of(traits, np.array([cue]), np.array([cue + 1]))  # type: ignore[arg-type]


def test_a_window_holds_the_cue_and_is_bounded() -> None:
    for cue in (0, 1, 199, 200, 399):
        found = window(cue)
        assert cue in found.words
        assert len(found.words) <= BEFORE + 1 + BEHIND
        assert found.distances[found.words == cue] == found.distances.max() // 2 or cue in (0, 399)


def test_words_below_the_cue_and_above_it_are_told_apart() -> None:
    found = window(200)
    level = dict(zip(found.words.tolist(), found.levels.tolist(), strict=True))
    # Each word hangs on the next: what is before the cue is below it, what is behind above.
    assert level[200] == 0
    assert level[195] == 0
    assert [level[200 + k] for k in (1, 2, 3)] == [1, 2, 3]
    assert level[230] == LEVELS - 1
    branch = dict(zip(found.words.tolist(), found.branches.tolist(), strict=True))
    assert branch[195] == 199


def test_stretches_end_where_another_begins() -> None:
    tags = np.array([1, 2, 1, 0, 2, 2, 1, 2])
    assert list(stretches(tags, 1, 2)) == [(0, 2), (2, 3), (6, 8)]


def test_an_utterance_has_cue_source_and_content() -> None:
    doc = read(TEXT)
    found = {
        doc[slice(*u.cue)].text: (
            [doc[slice(*s)].text for s in u.source],
            " ".join(doc[slice(*s)].text for s in u.content),
        )
        for u in doc._.utterances
    }
    assert any("said" in cue and source == ["the minister"] for cue, (source, _) in found.items())
    assert any("added" in cue and "nobody would return" in c for cue, (_, c) in found.items())
    assert all(u.score > 0 for u in doc._.utterances)


def test_what_is_found_does_not_depend_on_the_batch() -> None:
    nlp = load()
    texts = [TEXT, "It rained.", TEXT * 3, "“No,” he said."]
    together = [doc._.utterances for doc in nlp.pipe(texts)]
    assert together == [nlp(text)._.utterances for text in texts]
    assert together[0]
    assert not together[1]


def test_the_component_comes_back_whole_from_bytes() -> None:
    nlp = load()
    part = nlp.get_pipe("utterances")
    other = Utterances(nlp.vocab, "other").from_bytes(part.to_bytes())
    doc = read(TEXT)
    before = list(doc._.utterances)
    assert other(doc)._.utterances == before


def test_without_vectors_it_says_what_is_missing() -> None:
    nlp = load()
    doc = read(TEXT)
    doc.tensor = np.zeros((0,), np.float32)
    with pytest.raises(ValueError, match="encoder must run before"):
        nlp.get_pipe("utterances")(doc)
