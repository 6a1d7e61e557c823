"""Whatever is in a file or on a page: an article, or the reason why not, and soon."""

import json
import random
import time
from urllib.parse import urlsplit

import pytest
from pyoxigraph import NamedNode

from accord.article import Article, parse_article
from accord.errors import ArticleError, SourceError
from accord.sources.content import Kind, Origin, to_article
from accord.sources.feed import entries
from accord.sources.page import Pages
from accord.sources.sitemap import read as read_sitemap
from tests.sources.pages import pages
from tests.sources.website import story

PAGE = story(1).page()
TEXT = " ".join(story(1).paragraphs)


def damaged(whole: bytes, seed: int) -> bytes:
    """The bytes with some cut out, doubled or changed."""
    chance = random.Random(seed)
    content = bytearray(whole)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(content))
        length = chance.randint(1, 80)
        match chance.randrange(4):
            case 0:
                del content[at : at + length]
            case 1:
                content[at:at] = content[at : at + length] * 3
            case 2:
                content[at : at + 4] = chance.randbytes(4)
            case 3:
                content[at:at] = chance.choice(
                    (b"<!--", b"<![CDATA[", b"<script>", b"</html>", b"&#0;", b"&#x110000;", b"\0")
                )
    return bytes(content)


def read(content: bytes, kind: Kind) -> Article | ArticleError:
    origin = Origin("here", "https://x.example/a", "a", address="https://x.example/a")
    try:
        return to_article(origin, content, kind, 100_000)
    except ArticleError as error:
        return error


HOSTILE = [
    "<div>" * 50_000 + TEXT,
    "<html><body>" + "<p>" * 30_000 + TEXT,
    "<b>" * 5_000 + TEXT + "</b>" * 5_000,
    "<?xml version='1.0' encoding='utf-16'?>" + PAGE,
    "<?xml version='1.0'?><!DOCTYPE html [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>" + PAGE,
    PAGE.replace("<article>", f'<article class="{"x" * 1_000_000}">'),
    PAGE.replace("/articles/report-1", "https://x.example:port/a"),
    PAGE.replace("/articles/report-1", "https://[::1"),
    PAGE.replace("/articles/report-1", 'https://x.example/a b<c>|"d'),
    PAGE.replace("2026", "99999"),
    '<script type="application/ld+json">' + "[" * 20_000 + "</script>" + PAGE,
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":7,"author":[[]]}</script>'
    + PAGE,
    "<html><head><meta charset=nonsense></head><body><p>" + TEXT,
    "<html><head><meta charset=utf-7></head><body><p>" + TEXT,
    "<frameset><frame src=x></frameset>",
    "<html>",
    "<br>" * 200_000,
]


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_a_hostile_page_is_an_article_or_none(number):
    started = time.process_time()
    found = read(HOSTILE[number].encode(), Kind.HTML)
    assert isinstance(found, Article | ArticleError)
    if isinstance(found, Article) and found.address:
        NamedNode(found.address)
    assert time.process_time() - started < 20


def test_damaged_pages_are_articles_or_none():
    whole = [meant.content for meant in pages()]
    found = [read(damaged(whole[seed % 40], seed), Kind.HTML) for seed in range(120)]
    assert sum(isinstance(each, Article) for each in found) > 60


@pytest.mark.parametrize(
    "value",
    [
        {"text": TEXT, "url": "see below"},
        {"text": TEXT, "url": "https://x.example:port/"},
        {"text": TEXT, "url": "mailto:desk@x.example", "title": ["a", {"b": 1}]},
        {"text": TEXT, "date": 1549584000, "source": [1, None], "title": True},
        {"text": TEXT, "date": "9" * 400},
        {"text": {"name": {"name": 1}}, "html": "<p>"},
        {"html": "<" * 1000},
        {"html": "\0\1"},
        {"text": "\ud800" + TEXT},
        {"text": TEXT, "title": "\n\n"},
        {},
        [],
        None,
        7,
    ],
)
def test_a_hostile_record_is_an_article_or_none(value):
    found = read(json.dumps(value).encode(), Kind.JSON)
    assert isinstance(found, Article | ArticleError)
    if isinstance(found, Article):
        assert found.address is None
        assert found.digest


@pytest.mark.parametrize(
    "text",
    [
        "---\na: &a [x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b]\n"
        "title: [*c, *c, *c, *c, *c, *c]\n---\n" + TEXT,
        "---\ntitle: !!python/object/apply:os.system [x]\n---\n" + TEXT,
        "---\n- a\n- b\n---\n" + TEXT,
        "---\n1: 2\nnull: x\ntitle: 2019-02-08\n---\n" + TEXT,
        "---\n" + TEXT,
        "> " * 5_000 + TEXT,
        "[" * 20_000 + TEXT,
        "*" * 20_000 + TEXT,
    ],
)
def test_hostile_markdown_is_an_article_or_none(text):
    started = time.process_time()
    assert isinstance(read(text.encode(), Kind.MARKDOWN), Article | ArticleError)
    assert time.process_time() - started < 20


def test_damaged_feeds_and_sitemaps_end_in_entries_or_an_error(website, settings):
    from tests.sources import website as site

    website.publish(*map(story, range(4)))
    feeds = [site._rss(website).encode(), site._atom(website).encode()]
    sitemap = site._sitemap(website).encode()
    for seed in range(100):
        try:
            found = list(entries(damaged(feeds[seed % 2], seed), "https://x.example/feed", "x"))
        except SourceError:
            found = []
        try:
            listed, _ = read_sitemap(damaged(sitemap, seed), f"{website.address}/sitemap.xml")
        except ArticleError:
            listed = []
        for entry in (*found, *listed):
            if entry.address and urlsplit(website.address).netloc not in entry.address:
                # Whatever the address has become, it is asked for or set aside with an IRI.
                pages_ = Pages(_Nothing(), None)
                NamedNode(pages_.locate(entry, "https://x.example/feed#entry-1").iri)


class _Nothing:
    """Fetches nothing: only the address matters."""

    def fetch(self, address, **_):
        from accord.sources.address import usable

        raise ArticleError(f"{usable(address)} is not there.")


def test_addresses_that_are_none_are_left_out_with_a_note():
    for given in ("see below", "https://x.example:port/", "https://[::1", "//x.example"):
        article = parse_article(f"URL: {given}\nTruce\n\nBoth agreed.\n", "a")
        assert article.address is None
        assert given in article.notes[0]
