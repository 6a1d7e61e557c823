"""Time expressions as EDTF, with and without the article's date."""

from __future__ import annotations

from datetime import date

import pytest

from accord.language.dates import find_dates

FRIDAY = date(2019, 2, 8)


def value(text: str, published: date | None = FRIDAY) -> list[str]:
    return [found.edtf for found in find_dates(text, published)]


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("It was signed on September 17, 2018.", "2018-09-17"),
        ("It was signed on 17 September 2018.", "2018-09-17"),
        ("on the 3rd of May 2018", "2018-05-03"),
        ("he said on Thursday", "2019-02-07"),
        ("he said on Friday", "2019-02-08"),
        ("next Thursday", "2019-02-14"),
        ("last month", "2019-01"),
        ("late last month", "2019-01"),
        ("next week", "2019-02-11/2019-02-17"),
        ("last year", "2018"),
        ("in September", "2018-09"),
        ("in mid-December", "2018-12"),
        ("on Feb. 1", "2019-02-01"),
        ("on March 5", "2019-03-05"),
        ("on October 15th", "2018-10-15"),
        ("on January 29 and 30", "2019-01-29/2019-01-30"),
        ("in 2015", "2015"),
        ("yesterday", "2019-02-07"),
        ("three days ago", "2019-02-05"),
        ("two months earlier", "2018-12"),
        ("in the summer of 2016", "2016-22"),
        ("since March 2011", "2011-03/.."),
        ("since 2011", "2011/.."),
        ("2018-09-17", "2018-09-17"),
    ],
)
def test_expressions_are_resolved_against_the_article(text: str, edtf: str) -> None:
    assert value(text) == [edtf]


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("on March 5", ["XXXX-03-05"]),
        ("in September", ["XXXX-09"]),
        ("in March 2011", ["2011-03"]),
        ("last week", []),
        ("on Thursday", []),
        ("yesterday", []),
    ],
)
def test_what_an_undated_article_does_not_give_stays_open(text: str, edtf: list[str]) -> None:
    assert value(text, None) == edtf


@pytest.mark.parametrize(
    "text", ["They may march in march.", "on February 31", "2024-13-45", "may in", "in 1500"]
)
def test_what_is_no_date_gives_none(text: str) -> None:
    assert value(text, None) == []


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("by October 15", "deadline"),
        ("until October 15", "until"),
        ("since October 15", "since"),
        ("on October 15", "time"),
    ],
)
def test_deadlines_and_beginnings_are_told_apart(text: str, sort: str) -> None:
    assert [found.sort for found in find_dates(text, FRIDAY)] == [sort]


def test_offsets_give_back_the_words() -> None:
    text = "“It ends on\u00a0October 15, 2018”, he said."
    (found,) = find_dates(text)
    assert text[found.start : found.end] == "October 15, 2018"
