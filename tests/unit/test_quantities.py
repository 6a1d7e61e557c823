"""Numbers with what they count, and which of them is a claim's."""

from __future__ import annotations

from typing import Any

import pytest
from spacy.language import Language

from accord.article import parse_article
from accord.extraction import extract, pipeline
from accord.language.quantities.counts import find_quantities
from accord.language.quantities.numbers import number_words, scales, shares


@pytest.fixture(scope="module")
def nlp() -> Language:
    return pipeline()


def amounts(nlp: Language, text: str) -> list[tuple[Any, Any, str]]:
    found = find_quantities(nlp(text)._.accord_tree)
    return [(c.quantity.min, c.quantity.max, c.quantity.unit) for c in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("At least 11 people were killed in the attack.", [(11, None, "people")]),
        ("More than 330,000 have been killed.", [(330_000, None, "people")]),
        ("As many as 40 rebels surrendered.", [(None, 40, "rebels")]),
        ("Nearly 300 civilians died.", [(None, 300, "civilians")]),
        ("About 70 percent of the zone is held by them.", [(70, 70, "percent")]),
        ("Half of the heavy weapons have been withdrawn.", [(50, 50, "percent")]),
        ("The zone is 15 to 20 kilometers deep.", [(15, 20, "km")]),
        ("The army said 15-20 rockets were fired.", [(15, 20, "rockets")]),
        ("They hold between 15 and 20 towns.", [(15, 20, "towns")]),
        ("Azerbaijan seized 40 square kilometres of land.", [(40, 40, "km2")]),
        ("Twenty-five soldiers were wounded.", [(25, 25, "soldiers")]),
        ("Rebels seized two dozen villages.", [(24, 24, "villages")]),
        ("The war displaced 1.4 million people.", [(1_400_000, 1_400_000, "people")]),
        ("Half a million people fled.", [(500_000, 500_000, "people")]),
        ("The ELN handed over 2,000 rifles.", [(2000, 2000, "rifles")]),
        ("Sixteen of the hostages were freed.", [(16, 16, "hostages")]),
        ("The war claimed 5,000 lives.", [(5000, 5000, "people")]),
        # Neither vague numerals, nor durations, nor numbers that are names.
        ("Dozens of people were killed.", []),
        ("Hundreds of thousands have fled.", []),
        ("After ten years of war they stopped.", []),
        ("Resolution 2118 demands that they stop.", []),
        ("The M4 highway is closed.", []),
    ],
)
def test_what_is_counted(nlp: Language, text: str, expected: list[tuple[Any, Any, str]]) -> None:
    assert amounts(nlp, text) == expected


def test_a_number_in_a_date_counts_nothing(nlp: Language) -> None:
    text = "In 2015 rebels took the town."
    tree = nlp(text)._.accord_tree
    assert find_quantities(tree, ((3, 7),)) == []


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        (
            "Bombardment killed at least 11 people, including nine civilians, in Idlib.",
            "Incident",
            (11, None, "people", "killed"),
        ),
        (
            "Rebels fired 50 missiles at the town of Idlib.",
            "Incident",
            (50, 50, "missiles", "fired"),
        ),
        ("Turkey sent 5,000 soldiers into Idlib.", "Deployment", (5000, 5000, "soldiers", "sent")),
        (
            "Under the ceasefire deal Hamas must free 33 hostages.",
            "Obligation",
            (33, 33, "hostages", "freed"),
        ),
        (
            "The parties agreed on Thursday to extend the truce by 18 days.",
            "Agreement",
            (18, 18, "days", "extension"),
        ),
        (
            "Israeli troops deployed within a radius of 5 km of the Litani River.",
            "Deployment",
            (5, 5, "km", "radius"),
        ),
        # The parties themselves are not counted.
        ("Under the ceasefire the two sides must withdraw their troops.", "Obligation", None),
    ],
)
def test_the_quantity_of_a_claim(text: str, kind: str, expected: tuple[Any, ...] | None) -> None:
    ((_, claims),) = extract([parse_article(f"Ceasefire: the latest\n\n{text}\n", "test")])
    found = [claim.quantity for claim in claims if claim.type == kind]
    assert len(found) == 1
    quantity = found[0]
    values = quantity and (quantity.min, quantity.max, quantity.unit, quantity.of)
    assert values == expected


def test_number_words_have_their_values() -> None:
    assert number_words()["zero"] == 0
    assert number_words()["nineteen"] == 19
    assert number_words()["ninety"] == 90
    assert scales()["dozen"] == 12
    assert scales()["million"] == 1_000_000
    assert shares()["half"] == 50
