"""From articles to claims: offsets, order, and what no claim may come from."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accord.article import parse_article
from accord.claim import Claim
from accord.extraction import COMPONENTS, extract, pipeline
from accord.language.pipeline import load

ACTORS = ["Turkey", "Russia", "Hamas", "the Houthis", "Azerbaijan", "the rebels", "Israel"]
TEMPLATES = [
    "{a} said that {b} had violated the ceasefire.",
    "“{a} must withdraw its heavy weapons,” said {b}.",
    "{a} accused {b} of shelling a village on Monday.",
    "{a}’s failure to honour the deal angered {b}.",
    "{a}\u00a0and {b} signed a truce in\u00a0September 2018.",
    "Forces backed by {a} seized the town from {b}.",
    "{a} threatened to attack {b} unless it left the zone.",
    "“We have kept the truce”, {a} told {b}. “It was they who broke it.”",
    "At least 12 people were killed, {a} said.",
    "The zone of 15 to 20 kilometres lies between {a} and {b}.",
    "{a}: {b} is dragging its feet on the ceasefire",
    "“Unpaired {a} and “{b} shelled the town.",
]
sentence = st.builds(
    lambda template, a, b: template.format(a=a, b=b),
    st.sampled_from(TEMPLATES),
    st.sampled_from(ACTORS),
    st.sampled_from(ACTORS),
)
separator = st.sampled_from([" ", "\n", "\n\n", "\r\n\r\n", " \u00a0", "\u200b ", "\t", "…"])
articles = st.lists(st.tuples(sentence, separator), min_size=1, max_size=8).map(
    lambda parts: "".join(text + gap for text, gap in parts)
)


def claims(text: str) -> list[Claim]:
    ((_, found),) = extract([parse_article(text, "test")])
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(articles)
def test_offsets_always_give_back_the_quoted_text(text: str) -> None:
    found = claims(text)
    for claim in found:
        assert text[claim.start : claim.end] == claim.text
        assert claim.text == claim.text.strip()
    assert found == sorted(found, key=lambda claim: (claim.start, claim.end))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(articles)
def test_the_same_article_gives_the_same_claims(text: str) -> None:
    assert claims(text) == claims(text)


def test_the_quote_is_the_file_s_own_with_its_odd_characters() -> None:
    text = "Syria‘s rebels\u00a0shelled the\u00a0airbase."
    (claim,) = [claim for claim in claims(text) if claim.type == "Incident"]
    assert claim.text == text


def test_headers_and_boilerplate_give_no_claims() -> None:
    body = "Rebels shelled the airbase."
    plain = claims(f"A headline about war\n\n{body}\n")
    text = (
        "Date: Feb 8, 2019\nSource: Rebels shelled the airbase\n\nA headline about war\n\n"
        f"{body}\n\nRead more\nRebels attacked the army in Idlib\n"
    )
    assert [claim.text for claim in claims(text)] == [claim.text for claim in plain] == [body]


def test_articles_come_out_as_they_went_in() -> None:
    given_ = [parse_article(f"Rebels shelled town {n}.", f"article-{n}") for n in range(40)]
    found = list(extract(given_))
    assert [article.name for article, _ in found] == [article.name for article in given_]
    assert all(claim.article == article.name for article, some in found for claim in some)


def test_dates_are_resolved_against_the_article_s_own() -> None:
    text = "Date: Feb 8, 2019\n\nTurkey violated the ceasefire on Thursday.\n"
    assert [claim.time for claim in claims(text)] == ["2019-02-07"]


def test_odd_texts_give_no_exception() -> None:
    odd = ["", " ", "\n" * 9, "“" * 99, "A" * 5000, "RUSSIA SAYS " * 40, "| 1 | 2 |\n" * 60, "Да."]
    assert len(list(extract(parse_article(text, "odd") for text in odd))) == len(odd)


def test_the_base_pipeline_stays_as_it_was() -> None:
    assert set(COMPONENTS) <= set(pipeline().pipe_names)
    assert not set(COMPONENTS) & set(load().pipe_names)
