"""Which time of a sentence is a claim's, and the date of an article that bears none."""

from __future__ import annotations

import pytest

from accord.article import Article, parse_article
from accord.claim import Claim
from accord.extraction import extract
from accord.graph import article_graph
from accord.versions import current_versions
from accord.vocabulary import load_vocabulary

THURSDAY = "Date: 2024-03-14\n"


def read(text: str) -> tuple[Article, list[Claim]]:
    ((article, claims),) = extract([parse_article(text, "test")])
    return article, claims


def times(text: str, kind: str) -> list[tuple[str | None, str | None]]:
    _, claims = read(f"{THURSDAY}Ceasefire: the latest\n\n{text}\n")
    return [(claim.time, claim.due) for claim in claims if claim.type == kind]


@pytest.mark.parametrize(
    ("text", "kind", "time"),
    [
        # What happened on a day, and the day on which it was told.
        (
            "At least 21 people were killed on Tuesday in an air strike on the town of Rafah, "
            "the ministry said on Wednesday.",
            "Incident",
            "2024-03-12",
        ),
        ("Hamas urged Israel on Sunday to withdraw its troops.", "Demand", "2024-03-10"),
        (
            "Hamas rejected it on Sunday, and Israel bombed Gaza City the next day.",
            "Incident",
            "2024-03-11",
        ),
        (
            "Russia has withdrawn its heavy weapons from the line of contact since February.",
            "Deployment",
            "2024-02/..",
        ),
        (
            "The Houthis fired 15 missiles at ships in the Red Sea between November and January.",
            "Incident",
            "2023-11/2024-01",
        ),
        (
            "Ethiopia and Eritrea signed a peace agreement on 9 July 2018.",
            "Agreement",
            "2018-07-09",
        ),
        (
            "Lebanon's army deployed 5,000 soldiers along the border last week.",
            "Deployment",
            "2024-03-04/2024-03-10",
        ),
        (
            "Before dawn on Friday, Moroccan forces moved into the strip.",
            "Deployment",
            "2024-03-08",
        ),
        (
            "The truce last failed in February, when Turkish jets killed three fighters in Sinjar.",
            "Incident",
            "2024-02",
        ),
        # The day of an agreement is not that of what breaks it.
        ("Armenia violated the ceasefire of 10 November 2020.", "Violation", None),
    ],
)
def test_a_claim_has_the_time_of_its_own_clause(text: str, kind: str, time: str | None) -> None:
    assert times(text, kind) == [(time, None)]


@pytest.mark.parametrize(
    ("text", "kind", "due"),
    [
        (
            "Armenia must withdraw its troops from the districts by the end of the month, "
            "Azerbaijan said.",
            "Demand",
            "2024-03-31",
        ),
        (
            "Under the peace deal signed on 23 August, the FARC must lay down their weapons "
            "within 180 days.",
            "Obligation",
            "2024-02-19",
        ),
        (
            "Colombia's government and the ELN agreed to extend their ceasefire until 3 August.",
            "Agreement",
            "2024-08-03",
        ),
    ],
)
def test_what_must_be_done_by_a_day_is_due_on_it(text: str, kind: str, due: str) -> None:
    assert times(text, kind) == [(None, due)]


@pytest.mark.parametrize(
    ("text", "inferred", "time"),
    [
        # A day of the week with a day of the month, and a year that the text speaks of.
        (
            "The front has been quiet since 2018. On Thursday, May 30, rebels shelled the town of "
            "Idlib, the army said.",
            "2019-05-30/2019-06-05",
            "2019-05-30",
        ),
        (
            "The truce of 2018 held. Rebels shelled Idlib on Thursday, May 30. The army said so "
            "yesterday, May 31.",
            "2019-06-01",
            "2019-05-30",
        ),
        # The day on which somebody spoke.
        (
            "The truce is dead, the army said on January 10, 2018. Rebels shelled the town of "
            "Idlib on Tuesday.",
            "2018-01-10/2018-01-16",
            "2018-01-09",
        ),
        # The caption of a picture gives no more than the month.
        (
            "A street in Idlib on January 7, 2018. / AFP PHOTO / A. Nobody\n\n"
            "Rebels shelled the town of Idlib in December.",
            "2018-01",
            "2017-12",
        ),
        # A date before others that are told as past is not the article's.
        (
            "The pact of 2022 held; on Saturday, June 25, talks failed. The sides broke off "
            "contact on July 20. Rebels shelled the town of Idlib on Tuesday.",
            None,
            None,
        ),
        # An old picture, and a year of long ago, say nothing of the article's day.
        (
            "A street in Idlib on January 7, 2018. / AFP PHOTO / FILE\n\n"
            "Rebels shelled the town of Idlib in December.",
            None,
            "XXXX-12",
        ),
        ("The war began in 2011. Rebels shelled the town of Idlib on May 5.", None, "XXXX-05-05"),
        ("Rebels shelled the town of Idlib on Tuesday, despite the truce.", None, None),
    ],
)
def test_the_date_of_an_undated_article_is_inferred_where_the_text_allows(
    text: str, inferred: str | None, time: str | None
) -> None:
    article, claims = read(f"Rebels break truce\n\n{text}\n")
    assert article.published is None
    assert article.inferred == inferred
    assert [c.time for c in claims if c.type == "Incident" and "shelled" in c.text] == [time]


@pytest.mark.parametrize(
    ("address", "inferred"),
    [
        ("https://example.org/news/2020/03/16/first-patrol", "2020-03-16"),
        ("https://example.org/news/2020-3-16/first-patrol", "2020-03-16"),
        ("https://example.org/2020/03/first-patrol", "2020-03"),
        ("https://example.org/2020/31/first-patrol", None),
        ("https://example.org/articles/37145", None),
    ],
)
def test_the_address_of_a_page_may_hold_the_date(address: str, inferred: str | None) -> None:
    article, _ = read(f"URL: {address}\nRebels break truce\n\nRebels shelled the town of Idlib.\n")
    assert article.inferred == inferred


def test_an_article_with_a_date_is_not_dated_anew() -> None:
    article, _ = read(f"{THURSDAY}Rebels shelled Idlib on Monday, May 30, 2022, the army said.\n")
    assert article.inferred is None


def test_the_graph_keeps_an_inferred_date_apart_from_the_articles_own() -> None:
    text = "Rebels break truce\n\nRebels shelled the town of Idlib on January 10.\n"
    article, claims = read(f"URL: https://example.org/2018/01/12/idlib\n{text}")
    triples = article_graph(article, claims, current_versions(), load_vocabulary()).triples
    assert 'inferredDate> "2018-01-12"' in triples
    assert "publishedOn" not in triples
