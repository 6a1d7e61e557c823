"""Main text, headline, date and outlet of forty pages in the manner of different sites."""

from collections import Counter
from datetime import date
from difflib import SequenceMatcher

import pytest

from accord.sources.content import Kind, Origin, to_article
from tests.sources.pages import pages


@pytest.fixture(scope="module")
def read():
    """Each page with the article that is read from it."""
    return [(meant, _article(meant)) for meant in pages()]


def _article(meant):
    origin = Origin(meant.layout, "https://x.example/a", "a", address="https://x.example/a")
    return to_article(origin, meant.content, Kind.HTML, 100_000)


def _same(meant, article) -> int:
    """Words that stand in both texts in the same order."""
    found = article.raw.split()
    matcher = SequenceMatcher(None, meant.words, found, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks())


def test_the_text_is_what_was_meant(read):
    assert len(read) == 40
    same = sum(_same(meant, article) for meant, article in read)
    recall = same / sum(len(meant.words) for meant, _ in read)
    precision = same / sum(len(article.raw.split()) for _, article in read)
    print(f"\n40 pages: {recall:.4f} of the words meant, {precision:.4f} of the words read")
    assert recall >= 0.95
    assert precision >= 0.95


def test_each_page_has_most_of_its_text_and_little_else(read):
    for meant, article in read:
        same = _same(meant, article)
        assert same >= 0.9 * len(meant.words), meant.layout
        assert same >= 0.8 * len(article.raw.split()), meant.layout


def test_the_headline_is_the_first_line(read):
    for meant, article in read:
        assert article.quote(article.title) == meant.title, meant.layout
        assert article.raw.count(meant.title) == 1, meant.layout


def test_the_date_is_the_day_of_publication(read):
    wrong = [
        (meant.layout, article.published)
        for meant, article in read
        if article.published != date.fromisoformat(meant.date)
    ]
    # None of them gives a day of its own making.
    assert not [each for each in wrong if each[1] is not None]
    assert len(wrong) <= 2


def test_the_outlet_is_the_name_of_the_site(read):
    assert sum(meant.outlet is not None for meant, _ in read) >= 30
    for meant, article in read:
        assert article.outlet == meant.outlet, meant.layout


def test_the_author_is_who_wrote_it_or_nobody(read):
    # Nine layouts name the author to machines.
    assert sum(article.author == meant.author for meant, article in read) >= 9
    for meant, article in read:
        assert article.author in (None, meant.author), meant.layout


def test_paragraphs_stay_paragraphs(read):
    whole = Counter()
    for meant, article in read:
        lines = set(article.raw.split("\n\n"))
        whole.update(each.strip() in {line.strip() for line in lines} for each in meant.paragraphs)
    assert whole[True] >= 0.95 * whole.total()
