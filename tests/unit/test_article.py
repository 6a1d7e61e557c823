from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.article import canonical_address, parse_article


def test_headers_give_date_outlet_and_address():
    article = parse_article(
        "Date: Feb 8, 2019\nSource: The Daily Herald\nURL: https://Example.org/a/?utm_source=x#top\n"
        "Talks resume\nDelegates met on Friday.\n",
        "a",
    )
    assert article.published == date(2019, 2, 8)
    assert article.outlet == "The Daily Herald"
    assert article.address == "https://example.org/a"
    assert article.quote(article.headers).startswith("Date: Feb")
    assert article.quote(article.headers).endswith("#top")
    assert article.title is not None
    assert article.quote(article.title) == "Talks resume"


def test_a_bare_address_on_the_first_line_is_a_header():
    article = parse_article("https://example.org/x\n\nKIGALI, Friday. Rebels left.\n", "a")
    assert article.address == "https://example.org/x"


def test_a_sentence_with_a_colon_is_no_header():
    article = parse_article("Russia tells Turkey: Do more\nMoscow said so.\n", "a")
    assert article.headers.end == 0
    assert article.title is not None


@pytest.mark.parametrize("value", ["February 2019", "Friday", "last week", "the 45th"])
def test_an_incomplete_date_is_noted_and_not_filled_in(value):
    article = parse_article(f"Date: {value}\nBody text here.\n", "a")
    assert article.published is None
    assert value in article.notes[0]


@pytest.mark.parametrize(
    "line",
    ["BEIRUT, Jan 27, 2025", "27 January 2025", "2025-01-27", "KYIV (Reuters), January 27th, 2025"],
)
def test_a_date_on_a_short_line_at_the_top_is_the_articles(line):
    article = parse_article(f"Truce extended\n\n{line}\n\nBoth sides agreed.\n", "a")
    assert article.published == date(2025, 1, 27)


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("By a staff writer of ours at the United Nations, 16 November 2020", date(2020, 11, 16)),
        (
            "Analysis | 9 May 2022 | The Mesopotamian Quarterly, a journal, web edition, no charge",
            date(2022, 5, 9),
        ),
        ("They said that the truce which they signed in Sochi held until 16 November 2020", None),
        (
            "The truce that they signed in the end held for all of five weeks, 16 November 2020.",
            None,
        ),
    ],
)
def test_the_date_in_a_longer_byline_stands_apart(line, published):
    assert parse_article(f"Truce extended\n\n{line}\n\nBoth agreed.\n", "a").published == published


def test_a_date_in_a_sentence_or_further_down_is_not():
    article = parse_article(
        "Talks on the accord that was signed in Sochi on May 4, 2017, and on "
        "others went on.\n\nNothing new.\n" * 3 + "Jan 27, 2025\n",
        "a",
    )
    assert article.published is None
    header = parse_article("Date: March 1, 2020\nTruce\nJan 27, 2025\nBoth agreed.\n", "a")
    assert header.published == date(2020, 3, 1)


@pytest.mark.parametrize(
    ("opening", "published"),
    [
        ("KYIV, Feb 19, 2015 - Separatists", date(2015, 2, 19)),
        ("KHARTOUM/JEDDAH, May 31, 2023 — The army", date(2023, 5, 31)),
        ("GAZA CITY, Gaza Strip, 3 May 2020 (Agency) – Israel", date(2020, 5, 3)),
        ("BEIRUT (Agency) - On 3 May 2020 - Israel", None),
        ("Israel said on 3 May 2020 - a Sunday - that it", None),
    ],
)
def test_the_date_before_an_agencys_dash_is_the_articles(opening, published):
    raw = f"Title\n\n{opening} held the town for a week, its spokesman said, and then left it.\n"
    assert parse_article(raw, "a").published == published


def test_lookalikes_are_replaced_one_for_one():
    raw = "Hay\u02bcat Tahrir\u00a0al\u2011Sham left Syria‘s north.\ufeff"
    article = parse_article(raw, "a")
    assert article.text == "Hay’at Tahrir al-Sham left Syria’s north. "
    assert article.raw == raw


@given(st.text())
def test_any_text_is_read_with_its_offsets(raw):
    article = parse_article(raw, "a")
    assert len(article.text) == len(article.raw)
    assert article.raw == raw
    for stretch in (article.headers, article.title, *article.boilerplate):
        assert stretch is None or 0 <= stretch.start <= stretch.end <= len(raw)


def test_boilerplate_is_marked_and_not_cut():
    text = (
        "Truce holds\n\nBoth sides kept the truce on Monday.\n\n- Advertisement -\n\n"
        "Read more\n\nRebels leave the town\n\nTalks stall again\n\n"
        "The mission reported no fire.\nSubscribe to our newsletter\nBack to top button"
    )
    article = parse_article(text, "a")
    assert [article.quote(stretch) for stretch in article.boilerplate] == [
        "- Advertisement -",
        "Read more",
        "Rebels leave the town",
        "Talks stall again",
        "Subscribe to our newsletter",
        "Back to top button",
    ]
    assert article.raw == text


def test_the_key_is_made_from_the_address_else_from_the_content():
    body = "\nTalks resume\nDelegates met on Friday.\n"
    one = parse_article("URL: https://example.org/a" + body, "a")
    same = parse_article("URL: https://EXAMPLE.org/a/#x" + body + "More.", "b")
    assert one.key == same.key
    assert parse_article(body, "a").key == parse_article(body, "b").key
    assert parse_article(body, "a").key != parse_article(body + "x", "a").key


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("https://example.org:443/a/b/?id=3&utm_medium=x", "https://example.org/a/b?id=3"),
        ("http://example.org:8080/a b", "http://example.org:8080/a%20b"),
        ("HTTPS://Example.ORG", "https://example.org"),
    ],
)
def test_addresses_are_made_canonical(given, canonical):
    assert canonical_address(given) == canonical
    assert canonical_address(canonical) == canonical
