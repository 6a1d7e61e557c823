"""Zones: where they lie, how large they are, who polices them, what they exclude."""

from __future__ import annotations

import pytest

from accord.article import parse_article
from accord.claim import Claim
from accord.extraction import extract

ACCORD = " The ceasefire agreement was violated by militants with artillery."


def zones(text: str) -> list[Claim]:
    ((_, found),) = extract([parse_article(text + ACCORD, "test")])
    return [claim for claim in found if claim.type == "Zone"]


@pytest.mark.parametrize(
    ("text", "place", "size"),
    [
        (
            "It created a demilitarised zone 15 to 20 kilometres deep along the line of contact.",
            "demilitarised zone",
            (15, 20),
        ),
        (
            "The Lachin corridor, which is five kilometres wide, remains open.",
            "Lachin corridor",
            (5, 5),
        ),
        ("It provides for a security zone of at least 50 kilometres.", "security zone", (50, None)),
        ("Troops hold a five-kilometre-wide buffer zone in Abkhazia.", "Abkhazia", (5, 5)),
        (
            "The buffer zone runs along the border between Eritrea and Ethiopia.",
            "buffer zone",
            None,
        ),
        ("Heavy weapons are banned from the demilitarised zone.", "demilitarised zone", None),
    ],
)
def test_what_a_text_says_of_a_zone(
    text: str, place: str, size: tuple[int, int | None] | None
) -> None:
    found = zones(text)
    assert found
    assert {claim.place for claim in found} == {place}
    sizes = [(c.quantity.min, c.quantity.max) for c in found if c.quantity is not None]
    assert sizes == ([size] if size else [])


def test_who_polices_a_zone() -> None:
    (claim,) = zones("Turkish troops and Russian police patrol the demilitarised zone in Idlib.")
    assert set(claim.actor) == {"Turkey", "Russia"}
    assert claim.place == "Idlib demilitarized zone"


def test_where_an_agreed_zone_lies_is_told_beside_the_duty() -> None:
    text = "Russia and Turkey signed a deal to create a demilitarised zone in northwest Idlib."
    assert [claim.place for claim in zones(text)] == ["Idlib demilitarized zone"]


@pytest.mark.parametrize(
    "text",
    [
        "The truce is holding in the de-escalation zone.",
        "Two soldiers were killed in the buffer zone on Monday.",
        "Militants tried to seize control of the entire de-escalation zone.",
        "The army called for a buffer zone.",
    ],
)
def test_to_name_a_zone_is_to_say_nothing_of_it(text: str) -> None:
    assert zones(text) == []
