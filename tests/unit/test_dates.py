"""Time expressions as EDTF, with and without the article's date."""

from __future__ import annotations

import time
from datetime import date, timedelta
from itertools import pairwise

import pytest
from edtf import parse_edtf
from hypothesis import given
from hypothesis import strategies as st

from accord.graph.days import bounds
from accord.language.times.dates import Anchor, find_dates
from accord.language.times.points import find_points
from accord.language.wordlists import word_lists

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
        ("on Thursday, 24 January", "2019-01-24"),
        ("Sept. 17", "2018-09-17"),
        ("the September 17 deal", "2018-09-17"),
        ("the 2015 package of measures", "2015"),
        ("between May and July 2014", "2014-05/2014-07"),
        ("from 29 May to 2 June 2018", "2018-05-29/2018-06-02"),
        ("from December to March", "2018-12/2019-03"),
        ("in 2014-15", "2014/2015"),
        ("on 17 April 1830", "1830-04-17"),
        ("in September and October 2018", "2018-09/2018-10"),
        ("on Monday and Tuesday", "2019-02-04/2019-02-05"),
        ("in the 1990s", "199X"),
        ("in the 19th century", "18XX"),
        ("early 2019", "2019"),
        ("in the first quarter of 2018", "2018-01/2018-03"),
        ("in the second half of last year", "2018-07/2018-12"),
        ("last summer", "2018-22"),
        ("this winter", "2018-24"),
        ("last September", "2018-09"),
        ("last February", "2018-02"),
        ("September last year", "2018-09"),
        ("Thursday last week", "2019-01-31"),
        ("over the weekend", "2019-02-02/2019-02-03"),
        ("overnight", "2019-02-07/2019-02-08"),
        ("on Sunday evening", "2019-02-03"),
        ("two weeks ago", "2019-01-21/2019-01-27"),
        ("over the past 24 hours", "2019-02-07/2019-02-08"),
        ("in the last two years", "2017/2019"),
        ("15/10/2018", "2018-10-15"),
        ("15.10.2018", "2018-10-15"),
        ("05/10/2018", "2018"),
        ("by the end of 2018", "2018-12-31"),
        ("until the end of October", "2018-10-31"),
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
    ("text", "edtf"),
    [
        ("They met on 13 December 2018. Two days later it broke down.", "2018-12-15"),
        ("They met on 13 December 2018. The truce fell the following month.", "2019-01"),
        ("They met on 13 December 2018. It fell on the same day.", "2018-12-13"),
        ("They met on 13 December 2018. The town had fallen the day before.", "2018-12-12"),
        ("In 2014, fighting erupted in April.", "2014-04"),
        ("The pact was signed on October 20, 2018, and renewed in January.", "2019-01"),
        (
            "The pact was signed on October 20; troops were to leave within three months.",
            "2019-01-20",
        ),
        ("They were accused on Monday, two days after the town fell.", "2019-02-02"),
        ("It began on October 7, 2017. Thousands have died since then.", "2017-10-07/.."),
    ],
)
def test_a_text_that_tells_a_story_is_the_frame_of_its_times(text: str, edtf: str) -> None:
    assert value(text)[-1] == edtf


@pytest.mark.parametrize(
    ("text", "tense", "edtf"),
    [
        ("on Tuesday", "past", "2019-02-05"),
        ("on Tuesday", "future", "2019-02-12"),
        ("in September", "past", "2018-09"),
        ("in September", "future", "2019-09"),
        ("on March 1", "past", "2018-03-01"),
        ("within 60 days", "future", "2019-04-09"),
        ("in two weeks", "future", "2019-02-22"),
        ("until Saturday", "past", "2019-02-09"),
    ],
)
def test_the_tense_says_which_of_two_days_is_meant(text: str, tense: str, edtf: str) -> None:
    found = find_dates(text, FRIDAY, tense=lambda start, end: tense)
    assert [expression.edtf for expression in found] == [edtf]


@pytest.mark.parametrize(
    ("text", "grain", "edtf"),
    [
        ("on Thursday", "week", ["2019-02-07"]),
        ("on Thursday", "month", []),
        ("last month", "month", ["2019-01"]),
        ("last month", "year", []),
        ("last year", "year", ["2018"]),
        ("yesterday", "week", []),
        ("in September", "month", ["2018-09"]),
    ],
)
def test_a_day_that_is_roughly_known_gives_no_more_than_that(
    text: str, grain: str, edtf: list[str]
) -> None:
    found = find_dates(text, Anchor(FRIDAY, grain))
    assert [expression.edtf for expression in found] == edtf


@pytest.mark.parametrize(
    "text",
    [
        "They may march in march.",
        "on February 31",
        "2024-13-45",
        "may in",
        "in 1500",
        "after ten years of war",
        "years ago",
        "a few days ago",
        "in recent weeks",
        "Theresa May said",
        "the Good Friday Agreement",
        "1,990 people",
        "the following day",
        "every Wednesday evening",
    ],
)
def test_what_is_no_date_gives_none(text: str) -> None:
    assert value(text, None) == []


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("by October 15", "deadline"),
        ("until October 15", "until"),
        ("since October 15", "since"),
        ("by noon on October 15", "deadline"),
        ("no later than October 15", "deadline"),
        ("from October 15", "from"),
        ("after October 15", "after"),
        ("on October 15", "time"),
    ],
)
def test_deadlines_and_beginnings_are_told_apart(text: str, sort: str) -> None:
    assert [found.sort for found in find_dates(text, FRIDAY)] == [sort]


def test_offsets_give_back_the_words() -> None:
    text = "“It ends on\u00a0October 15, 2018”, he said."
    (found,) = find_dates(text)
    assert text[found.start : found.end] == "October 15, 2018"


WORDS = st.sampled_from(
    [
        "on",
        "in",
        "by",
        "since",
        "until",
        "from",
        "to",
        "between",
        "and",
        "the",
        "of",
        "last",
        "next",
        "this",
        "late",
        "early",
        "end",
        "-",
        ",",
        ".",
        "(",
        ")",
        "May",
        "March",
        "Sept.",
        "September",
        "Monday",
        "Thursday",
        "5",
        "17",
        "31",
        "2014",
        "2018",
        "1990s",
        "week",
        "month",
        "year",
        "two",
        "three",
        "days",
        "ago",
        "later",
        "earlier",
        "within",
        "past",
        "summer",
        "spring",
        "yesterday",
        "today",
        "overnight",
        "quarter",
        "first",
        "half",
        "weekend",
        "following",
        "same",
        "previous",
        "2018-09-17",
        "31/12/2019",
        "century",
        "19th",
        "30th",
        "then",
        "day",
    ]
)
DAYS = st.dates(date(1950, 1, 1), date(2049, 12, 31))


@given(
    st.lists(WORDS, max_size=25).map(" ".join),
    st.none() | st.builds(Anchor, DAYS, st.sampled_from(["day", "week", "month", "year"])),
    st.sampled_from(["past", "future", "would", ""]),
)
def test_any_value_is_edtf_and_ends_no_earlier_than_it_begins(
    text: str, anchor: Anchor | None, tense: str
) -> None:
    found = find_dates(text, anchor, tense=lambda start, end: tense)
    for expression in found:
        # Without a year, an interval is beyond what the library reads; its two days are not.
        whole = expression.edtf
        parts = whole.split("/") if "XXXX" in whole else [whole]
        assert all(parse_edtf(part) is not None for part in parts if part != "..")
        earliest, latest = bounds(expression.edtf)
        assert earliest is None or latest is None or earliest <= latest
        assert 0 <= expression.start < expression.end <= len(text)
    assert all(one.end <= two.start for one, two in pairwise(found))


@given(st.text(max_size=80), DAYS)
def test_any_text_is_read(text: str, published: date) -> None:
    for expression in find_dates(text, published):
        bounds(expression.edtf)


@given(DAYS, st.integers(0, 6), st.sampled_from(["past", "future", "", "would"]))
def test_a_weekday_is_that_day_of_the_week_and_near(day: date, weekday: int, tense: str) -> None:
    name = word_lists("dates")["weekdays"][weekday].split()[0].capitalize()
    (found,) = find_dates(f"on {name}", day, tense=lambda start, end: tense)
    meant = date.fromisoformat(found.edtf)
    assert meant.weekday() == weekday
    assert timedelta(0) <= (meant - day if tense in ("future", "would") else day - meant)
    assert abs(meant - day) < timedelta(days=7)


@given(DAYS, DAYS)
def test_a_day_and_its_weekday_agree_where_the_year_is_left_out(day: date, published: date) -> None:
    (found,) = find_dates(f"on {day:%A}, {day.day} {day:%B}", published)
    if not found.edtf.startswith("XXXX") and abs((published - day).days) < 300:
        assert date.fromisoformat(found.edtf) == day


def test_the_time_it_takes_is_linear() -> None:
    text = "He said on Thursday, May 5, that they would leave by the end of 2018 or in June. "

    def seconds(times: int) -> float:
        start = time.perf_counter()
        find_dates(text * times, FRIDAY)
        return time.perf_counter() - start

    seconds(20)
    short, long = min(seconds(100) for _ in range(3)), min(seconds(1000) for _ in range(3))
    assert long < 25 * short


def test_every_word_of_time_is_found_as_what_it_is() -> None:
    lists = word_lists("dates")
    for number, names in enumerate(lists["months"], 1):
        for name in names.split():
            (point,) = find_points(f"{name.capitalize()} 5")
            assert (point.month, point.day) == (number, 5)
    for number, names in enumerate(lists["weekdays"]):
        for name in names.split():
            (point,) = find_points(name.capitalize())
            assert point.weekday == number
