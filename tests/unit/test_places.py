"""Places: which are named, which are gone back to, and which one a claim is about."""

from __future__ import annotations

import pytest

from accord.article import parse_article
from accord.claim import Claim
from accord.extraction import document, extract, pipeline
from accord.language.frames.reader import load_frames
from accord.language.places.named import Places
from accord.language.reading import Reading
from accord.vocabulary import load_vocabulary


def places(text: str) -> Places:
    nlp = pipeline()
    (doc,) = nlp.pipe([document(parse_article(text, "test"), nlp)])
    return Reading(doc, load_vocabulary(), load_frames()).places


def labels(text: str) -> list[str]:
    found = places(text)
    return [found.found[k] for k in found.positions]


def claim(text: str, kind: str) -> Claim:
    ((_, found),) = extract([parse_article(text, "test")])
    return next(claim for claim in found if claim.type == kind)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Troops fought in northern Sudan on Monday.", ["northern Sudan"]),
        ("They reached the Mokel valley at night.", ["Mokel valley"]),
        ("Rebels took the Trans-Euphrates area.", ["Trans-Euphrates area"]),
        ("The army vowed to liberate the whole of Libya.", []),
        ("The army vowed to liberate entire Libya.", ["Libya"]),
        ("Libya condemned the attack.", []),
        ("The Minister of Yemen spoke.", []),
        ("Mercenaries were told to get out of Libya at once.", ["Libya"]),
        ("Drones flew along the Military Demarcation Line.", ["Military Demarcation Line"]),
        ("Houthis say they have left Hodeidah ports.", ["Hodeidah port"]),
    ],
)
def test_names_of_places(text: str, expected: list[str]) -> None:
    assert labels(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rebels hold Sirte. The army shelled the city.", ["Sirte", "Sirte"]),
        ("Rebels hold Sirte. Troops fought there.", ["Sirte", "Sirte"]),
        ("Fighting went on in Malakal, where two people died.", ["Malakal", "Malakal"]),
        ("Rebels hold Sirte. Two soldiers died in the city of Misrata.", ["Sirte", "Misrata"]),
        ("Troops shelled Hodeidah. They will leave the country.", ["Hodeidah (city)", "Yemen"]),
        ("Troops shelled Hodeidah. The two countries met.", ["Hodeidah (city)"]),
        (
            "They fought in Sirte. The accord was signed in Rimbo. Troops left the city.",
            ["Sirte", "Rimbo", "Sirte"],
        ),
    ],
)
def test_there_and_the_city_go_back(text: str, expected: list[str]) -> None:
    assert labels(text) == expected


def test_a_dateline_is_no_place() -> None:
    assert labels("KHARTOUM, Sudan (AP) — Fighting went on in Omdurman.") == ["Omdurman"]


@pytest.mark.parametrize(
    ("text", "kind", "place"),
    [
        # the nearest in the sentence's structure, and the most exact
        (
            "Israeli strikes on the town of Khiam in southern Lebanon killed two people on Sunday.",
            "Incident",
            "Khiam",
        ),
        # not what only names the accord, nor where it was signed
        (
            "Martin Griffiths urged the Houthis to implement the Stockholm Agreement in Hodeidah.",
            "Demand",
            "Hodeidah (city)",
        ),
        # not where something else is to happen
        (
            "The army shelled Omdurman ahead of peace talks in Geneva.",
            "Incident",
            "Omdurman",
        ),
        # the place that the paragraph is about
        (
            "Armenia must withdraw from Kalbajar under the November 10 agreement. "
            "Azerbaijan said that Armenia was violating the deal.",
            "Violation",
            "Kalbajar",
        ),
    ],
)
def test_the_place_of_a_claim(text: str, kind: str, place: str) -> None:
    assert claim(text, kind).place == place


@pytest.mark.parametrize(
    "text",
    [
        "Officials in Aden demanded that the Houthis withdraw.",
        '"The Houthis are violating the ceasefire agreement," an official in Aden said.',
    ],
)
def test_where_somebody_speaks_is_no_place_of_what_he_says(text: str) -> None:
    ((_, found),) = extract([parse_article(text, "test")])
    assert found
    assert {one.place for one in found} == {None}


def test_a_topic_is_no_place_of_a_meeting() -> None:
    text = "The presidents of Russia and Turkey met in Geneva to discuss the ceasefire in Libya."
    assert claim(text, "Meeting").place == "Geneva"


def test_a_new_paragraph_does_not_inherit_the_place() -> None:
    text = (
        "Rebels attacked Kalbajar with rockets.\n\n"
        "Azerbaijan said that Armenia was violating the ceasefire agreement."
    )
    assert claim(text, "Violation").place is None


def test_where_it_was_announced_is_not_gone_back_to() -> None:
    text = (
        "Troops left Kalbajar. The accord was announced in Geneva. "
        "Azerbaijan said that Armenia was violating the deal."
    )
    assert claim(text, "Violation").place == "Kalbajar"
