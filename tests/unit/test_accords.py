"""Mentions of agreements: which known one is meant, or which of the article's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from accord.article import parse_article
from accord.extraction import document, extract, pipeline
from accord.language.accords.names import agrees, local_key
from accord.language.accords.resolution import Accords
from accord.language.frames.reader import load_frames
from accord.language.reading import Reading
from accord.vocabulary import load_vocabulary


def accords(text: str, published: str | None = None) -> Accords:
    article = parse_article(text, "test")
    if published:
        article = replace(article, published=date.fromisoformat(published))
    nlp = pipeline()
    (doc,) = nlp.pipe([document(article, nlp)])
    return Reading(doc, load_vocabulary(), load_frames()).accords


def keys(text: str, published: str | None = None) -> list[str]:
    return [mention.key for mention in accords(text, published).mentions]


@pytest.mark.parametrize(
    ("text", "published", "key"),
    [
        # by name
        (
            "Ukraine accused the rebels of violating the Minsk ceasefire.",
            "2015-06-04",
            "minsk-2015",
        ),
        ("Houthi fighters broke the Stockholm Agreement.", None, "stockholm-2018"),
        # by month and by those who brokered it, who are no parties
        (
            "The February agreement on Donbas, brokered by Germany and France, is not observed.",
            "2015-06-04",
            "minsk-2015",
        ),
        # by parties
        (
            "Israel bombed Khiam despite the ceasefire between Israel and Lebanon, "
            "which took effect on November 27.",
            "2025-01-10",
            "lebanon-2024",
        ),
        # by the day on which it took effect, and the place
        (
            "Azerbaijan said that the truce over Nagorno-Karabakh took effect on November 10.",
            "2020-12-01",
            "karabakh-2020",
        ),
        # by venue
        (
            "The army and the Rapid Support Forces signed a truce in Jeddah on Saturday.",
            "2023-05-23",
            "jeddah-ceasefire-2023",
        ),
    ],
)
def test_a_known_agreement_is_recognised(text: str, published: str | None, key: str) -> None:
    assert set(keys(text, published)) == {key}


def test_all_mentions_of_an_unknown_agreement_are_one() -> None:
    text = (
        "Borduria and Syldavia signed a peace accord in Klow on Saturday. Under the Klow accord, "
        "Borduria must withdraw its troops. Syldavia said that the deal was being broken."
    )
    found = accords(text, "2021-03-01")
    assert {mention.key for mention in found.mentions} == {"klow-2021"}
    assert not any(mention.known for mention in found.mentions)


def test_without_a_year_the_key_has_none() -> None:
    assert set(keys("Borduria broke the Klow accord. The Klow accord is dead.")) == {"klow"}


def test_nothing_that_identifies_it_no_key() -> None:
    assert keys("The two sides want a ceasefire. Fighting went on for weeks.") == [""]


def test_where_a_truce_is_broken_is_not_its_name() -> None:
    assert keys("The army accused the rebels of breaking the truce in Davao del Norte.") == [""]


def test_an_agreement_is_not_younger_than_the_article() -> None:
    assert "minsk-2015" not in keys("They signed the Minsk Protocol.", "2014-10-01")


def test_the_deal_is_the_one_that_was_named_last() -> None:
    text = (
        "Russia broke the Minsk agreements. The deal was signed long ago. The Stockholm Agreement "
        "is about Hodeidah. The accord is observed."
    )
    assert keys(text) == ["minsk-2015", "minsk-2015", "stockholm-2018", "stockholm-2018"]


def test_an_agreement_named_only_later_is_meant_from_the_start() -> None:
    text = (
        "The rebels failed to withdraw as required under the agreement reached last month. "
        "The UN urged both sides to implement the Stockholm Agreement."
    )
    assert set(keys(text, "2019-01-15")) == {"stockholm-2018"}


@pytest.mark.parametrize(
    ("value", "fits"),
    [
        ("2018-09-17", 4.0),
        ("XXXX-09-17", 3.0),
        ("2018-09", 3.0),
        ("XXXX-09", 1.5),
        ("2018", 1.5),
        ("2018-09-19", 3.0),
        ("2018-10", -2.0),
        ("2017", -1.0),
        ("2018-01/2018-12", 0.0),
    ],
)
def test_how_far_a_date_speaks_for_an_agreement(value: str, fits: float) -> None:
    assert agrees(value, load_vocabulary().agreements["sochi-2018"]) == fits


def test_keys_are_short_slugs() -> None:
    assert local_key(["Bangui"], "", "2019") == "bangui-2019"
    assert local_key(["Armée Nationale", "Chad"], "truce", "") == "armee-nationale-chad-truce"


def test_what_accords_ask_for_is_asked_under_the_one_at_issue() -> None:
    text = (
        "The Sochi memorandum set a deadline. He said that Russia expected Turkey to complete "
        "the removal of heavy weapons soon."
    )
    ((_, found),) = extract([parse_article(text, "test")])
    assert [c.agreement for c in found if c.type == "Demand"] == ["sochi-2018"]


def test_the_lead_tells_the_year_of_the_headlines_deal() -> None:
    text = (
        "Rebels sign new peace deal in Klow\n\nA wing of the rebels signed a peace deal on Sunday. "
        "Another had accepted a disarmament accord in August 2017."
    )
    assert keys(text, "2021-03-01") == ["klow-2021", "klow-2021", ""]


def test_a_day_alone_is_no_agreement() -> None:
    assert (
        keys("Borduria and Syldavia signed an accord on May 4.", "2017-05-10")[0] != "astana-2017"
    )


def test_of_an_agreement_and_its_appendix_the_first_is_meant() -> None:
    text = "The Ethiopian government and the TPLF signed a peace agreement in November 2022."
    assert keys(text, "2023-02-01") == ["pretoria-2022"]


def test_a_truce_is_one_that_is_called_so() -> None:
    text = "Yemen's government and the Houthis have extended a nationwide truce in Yemen."
    assert keys(text, "2022-06-02") == ["yemen-truce-2022"]


def test_of_what_kind_it_is_is_no_name() -> None:
    text = "Borduria and Syldavia signed the Military Agreement in Klow in May 1991."
    assert keys(text) == ["klow-1991"]
