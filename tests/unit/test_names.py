"""Known names: spellings, longest match, metonyms, demonyms, and peace with the recogniser."""

from __future__ import annotations

import random

import pytest
import spacy
from spacy.tokens import Doc, Span

from accord.extraction import pipeline
from accord.language.known_names import NamesComponent
from accord.language.names import fold
from accord.vocabulary import load_vocabulary


def read(text: str) -> Doc:
    """Name what is in a text, with a bare tokeniser in front."""
    return NamesComponent()(spacy.blank("en")(text))


def labels(text: str) -> list[str]:
    words, doc = load_vocabulary(), read(text)
    return [
        words.entities[span.kb_id_].label if span.kb_id_ else f"place {span.text}"
        for span in doc.spans["names"]
    ]


@pytest.mark.parametrize(
    "written",
    [
        "Hay'at Tahrir al-Sham",
        "Hay’at Tahrir al-Sham",
        "Hayat Tahrir ash-Sham",
        "Hayat Tahrir Al Sham",
        "HAYAT TAHRIR AL-SHAM",
        "HTS",
    ],
)
def test_spellings_of_one_name_are_one(written: str) -> None:
    assert labels(f"Fighters of {written} left.") == ["Hay'at Tahrir al-Sham"]


def test_accents_and_possessives_do_not_matter() -> None:
    assert labels("Erdoğan’s and Erdogan's")[0] == labels("Erdogan")[0]
    assert fold("Çavuşoğlu") == fold("Cavusoglu")


def test_the_longest_name_wins() -> None:
    assert labels("the Syrian Observatory for Human Rights said") == [
        "Syrian Observatory for Human Rights"
    ]


def test_an_acronym_needs_its_capitals() -> None:
    assert labels("It told us so.") == []
    assert labels("The US said so.") == ["United States"]


def test_a_common_noun_is_no_state() -> None:
    assert labels("They ate turkey.") == []


@pytest.mark.parametrize(
    "text",
    [
        "Moscow said that it would help.",
        "a deal with Moscow",
        "according to Moscow",
        "an agreement between Ankara and Moscow",
        "forces loyal to Moscow",
        "pressure on Moscow",
        "Moscow, which backs the rebels, said so.",
        "relations between Ankara and Moscow",
        "Moscow's demand",
    ],
)
def test_a_capital_is_the_government(text: str) -> None:
    assert "Russia" in labels(text)


@pytest.mark.parametrize(
    "text",
    [
        "at a news conference in Moscow",
        "They flew to Moscow.",
        "near Moscow",
        "The Moscow talks failed.",
        "MOSCOW – The minister spoke.",
        "MOSCOW, March 5 (Reuters) - The minister spoke.",
        "MOSCOW, March 5, 2015 - The minister spoke.",
        "MOSCOW, March 5, 2015\n\nThe minister spoke.",
        "Moscow, 5 March (TASS) — The minister spoke.",
        "Drones shelled Moscow.",
        "on the outskirts of Moscow",
        "the capital, Moscow",
        "a Moscow-based group",
    ],
)
def test_a_capital_as_a_place_is_no_government(text: str) -> None:
    assert "Russia" not in labels(text)


def test_demonyms_are_kept_apart_from_names() -> None:
    doc = read("The Turkish foreign minister spoke.")
    assert [span.text for span in doc.spans["demonyms"]] == ["Turkish"]
    assert not doc.spans["names"]


def test_a_known_name_replaces_what_the_recogniser_saw_there() -> None:
    doc = spacy.blank("en")("Tahrir al-Sham met John Smith.")
    doc.ents = [Span(doc, 0, 1, "Location"), Span(doc, len(doc) - 3, len(doc) - 1, "Person")]
    NamesComponent()(doc)
    assert [(ent.text, ent.label_) for ent in doc.ents] == [
        ("Tahrir al-Sham", "ArmedGroup"),
        ("John Smith", "Person"),
    ]


def test_a_state_inside_the_name_of_a_person_is_none() -> None:
    doc = spacy.blank("en")("Michael Jordan played.")
    for token in doc[:2]:
        token.pos_ = "PROPN"
    doc.ents = [Span(doc, 0, 2, "Person")]
    NamesComponent()(doc)
    assert not doc.spans["names"]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "“", "— :", "'s", "al-"])
def test_texts_without_names_give_none(text: str) -> None:
    assert labels(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "The army said that Hay'at Tahrir al-Sham accepted the truce on Monday.",
        "Fighters of Hay’at Tahrir al-Sham and Jabhat Fatah al-Sham left Jisr al-Shughur.",
        "A Free Syrian Army group pulled out of Ras Isa. The National Liberation Front stayed.",
    ],
)
def test_a_known_name_is_whole_in_the_parse(text: str) -> None:
    doc = pipeline()(text)
    found = [span for span in doc.spans["names"] if len(span) > 1]
    assert found
    for span in found:
        outward = [token for token in span if token.head not in span or token.head == token]
        assert len(outward) == 1, f"{span}: {[(t.text, t.dep_, t.head.text) for t in span]}"
        assert span[0].sent == span[-1].sent


def test_mending_makes_no_circle_whatever_the_parse() -> None:
    nlp = pipeline()
    words = "The National Liberation Front left Hay'at Tahrir al-Sham alone".split()  # noqa: SIM905
    rng = random.Random(7)
    for _ in range(200):
        # Any tree over the words: each hangs on one that is nearer to the root.
        order = rng.sample(range(len(words)), len(words))
        heads = [0] * len(words)
        for place, token in enumerate(order):
            heads[token] = order[rng.randrange(place)] if place else token
        deps = [
            "ROOT" if head == i else rng.choice(["nsubj", "flat", "conj"])
            for i, head in enumerate(heads)
        ]
        doc = Doc(nlp.vocab, words=words, heads=heads, deps=deps)
        nlp.get_pipe("accord_names")(doc)
        for token in doc:
            assert len(list(token.ancestors)) < len(doc)
        assert sum(token.head == token for token in doc) == 1
        for start, end in ((1, 4), (5, 8)):
            inside = range(start, end)
            assert sum(doc[i].head.i not in inside or doc[i].head.i == i for i in inside) == 1


def test_the_longest_name_wins_also_where_a_shorter_one_starts_before_it() -> None:
    doc = read("The National Liberation Front told The National that The National Police left.")
    assert [span.text for span in doc.spans["names"]] == [
        "National Liberation Front",
        "The National",
    ]
