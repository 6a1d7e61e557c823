"""Feeds, sitemaps and pages: what is discovered, what is broken, what a rerun costs."""

import pickle
import re
import textwrap
import tomllib
from datetime import date, timedelta

import pytest

from accord.errors import AwayError, SourceError, UsageError
from accord.settings import Settings
from accord.source_table import SourceTable
from accord.sources import articles, configured, source_of
from accord.sources.record import meanings
from tests.conftest import ROOT
from tests.sources.website import story

LARGEST = 100_000


def of(settings, **table):
    """The source of a table."""
    tables = (SourceTable(name="site", **table),)
    (source,) = configured(settings.model_copy(update={"source": tables}))
    return source


@pytest.mark.parametrize("kind", ["feed", None])
@pytest.mark.parametrize("path", ["/feed.xml", "/atom.xml"])
def test_a_feed_leads_to_its_pages(website, settings, path, kind):
    website.publish(story(1), story(2))
    source = of(settings, address=website.address + path, kind=kind)
    two, one = source.discover()
    assert one.iri == f"{website.address}/articles/report-1"
    article = one.article(one.read(), LARGEST)
    assert article.address == one.iri
    assert article.outlet == "The Daily Example"
    assert article.published == website.stories[0].changed.date()
    assert article.quote(article.title) == "Truce in Idlib: report 1 from Ariha"
    assert article.raw.split("\n\n")[1:] == [
        *story(1).paragraphs[:2],
        story(1).paragraphs[2] + "\n",
    ]
    assert pickle.loads(pickle.dumps(two)) == two


@pytest.mark.parametrize("kind", ["sitemap", None])
@pytest.mark.parametrize("path", ["/sitemap.xml", "/packed.xml.gz"])
def test_a_sitemap_leads_to_the_pages_of_its_host(website, settings, path, kind):
    website.publish(story(1), story(2))
    source = of(settings, address=website.address + path, kind=kind)
    assert [location.iri.rpartition("/")[2] for location in source.discover()] == [
        "report-2",
        "report-1",
    ]


def test_an_index_is_followed_and_what_it_lists_wrongly_is_set_aside(website, settings):
    website.publish(story(1))
    source = of(settings, address=f"{website.address}/index.xml")
    found = {location.iri.rpartition("/")[2]: location for location in source.discover()}
    assert found.keys() == {"report-1", "gone"}
    with pytest.raises(Exception, match="answers 404"):
        found["gone"].read()


def test_a_page_in_another_encoding_is_read(website, settings):
    (article,) = articles([source_of(f"{website.address}/turkish", settings)], LARGEST)
    assert article.quote(article.title) == "Çavuşoğlu speaks on Idlib"
    assert "Görüşmeler" in article.raw
    assert "İstanbul" in article.raw


def test_broken_entries_never_stop_a_feed(website, settings):
    website.publish(story(1), story(2))
    website.extra_entries = [
        "<item><title>No link</title></item>",
        "<item><title>Mail</title><link>mailto:desk@x.example</link></item>",
        f"<item><title>Gone</title><link>{website.address}/gone</link></item>",
        f"<item><title>Error</title><link>{website.address}/error</link></item>",
        f"<item><title>Loop</title><link>{website.address}/loop</link></item>",
        f"<item><title>Closed</title><link>{website.address}/closed/report-1</link></item>",
        f"<item><title>Picture</title><link>{website.address}/picture</link></item>",
        "<item><title>Inside</title><link>http://127.0.0.1:22/</link></item>",
        "<item><title>Port</title><link>http://x.example:port/</link></item>",
    ]
    found = list(articles([of(settings, address=f"{website.address}/feed.xml")], LARGEST))
    assert len(found) == 11
    reasons = list(map(str, found[:9]))
    for reason, expected in zip(
        reasons,
        [
            "The entry 'No link' of",
            "no address of a page",
            "answers 404",
            "answers 500",
            "redirected more than",
            "closed to robots",
            "is no page but image/png",
            "private network",
            "no address of a page",
        ],
        strict=True,
    ):
        assert expected in reason
    assert isinstance(found[3], AwayError)
    assert [article.name.rpartition("-")[0] for article in found[9:]] == ["report-2", "report-1"]


def test_broken_entries_keep_their_places_between_runs(website, settings):
    website.extra_entries = ["<item><title>No link</title></item>"]
    source = of(settings, address=f"{website.address}/feed.xml")
    (before,) = source.discover()
    website.publish(story(1))
    website.extra_entries.insert(0, "<item><title>Another</title></item>")
    assert before.iri in {location.iri for location in source.discover()}


def test_a_rerun_asks_for_the_feed_alone(website, settings):
    website.publish(*(story(number) for number in range(5)))
    source = of(settings, address=f"{website.address}/feed.xml")
    first = [location.read() for location in source.discover()]
    website.forget()
    assert [location.read() for location in source.discover()] == first
    assert [(path, status) for path, _, status in website.requests] == [("/feed.xml", 304)]


def test_a_rerun_of_everything_is_conditional(website, settings):
    website.publish(*(story(number) for number in range(5)))
    source = of(settings, address=f"{website.address}/feed.xml", revisit=0)
    assert len(list(source.discover())) == 5
    website.forget()
    assert len(list(source.discover())) == 5
    assert {status for _, _, status in website.requests} == {304}
    assert len(website.requests) == 6


def test_a_feed_that_grows_costs_what_is_new(website, settings):
    website.publish(story(1))
    source = of(settings, address=f"{website.address}/feed.xml")
    list(source.discover())
    website.publish(story(2))
    website.forget()
    assert len(list(source.discover())) == 2
    assert [path.partition("?")[0] for path, _, _ in website.requests] == [
        "/feed.xml",
        "/articles/report-2",
    ]


def test_a_corrected_page_is_fetched_at_once(website, settings):
    website.publish(story(1))
    source = of(settings, address=f"{website.address}/atom.xml")
    (before,) = source.discover()
    content = before.read()
    corrected = story(1)
    corrected.paragraphs.append("An earlier version of this report named another town.")
    corrected.changed = website.stories[0].changed + timedelta(seconds=1)
    website.publish(corrected)
    (after,) = source.discover()
    assert after.iri == before.iri
    assert content != after.read()
    assert "earlier version" in after.article(after.read(), LARGEST).raw


def test_a_feed_gives_no_more_than_is_wanted(website, settings):
    website.publish(*(story(number) for number in range(5)))
    for path in ("/feed.xml", "/sitemap.xml"):
        source = of(settings, address=website.address + path, most=2)
        names = [location.name.rpartition("-")[0] for location in source.discover()]
        assert names == ["report-4", "report-3"]


@pytest.mark.parametrize("kind", ["feed", "sitemap"])
@pytest.mark.parametrize("path", ["/gone", "/error", "/turkish"])
def test_a_source_that_is_away_or_another_thing_is_named(website, settings, kind, path):
    source = of(settings, address=website.address + path, kind=kind)
    with pytest.raises(SourceError, match="site") as caught:
        list(source.discover())
    assert path in str(caught.value)


def test_a_source_that_is_away_does_not_hide_the_others(website, settings):
    website.publish(story(1))
    away, there = (
        of(settings, address=f"{website.address}/{path}") for path in ("gone", "feed.xml")
    )
    error, article = articles([away, there, there], LARGEST)
    assert "answers 404" in str(error)
    assert article.address == f"{website.address}/articles/report-1"


def test_during_an_outage_a_feed_is_away_and_its_pages_stand(website, settings):
    website.publish(story(1))
    source = of(settings, address=f"{website.address}/feed.xml")
    (page,) = source.discover()
    before = page.read()
    website.stop()
    try:
        with pytest.raises(SourceError, match="cannot be reached"):
            list(source.discover())
        (single,) = of(settings, address=page.iri, kind="page").discover()
        assert single.read() == page.read() == before
    finally:
        website.start()


def test_the_table_says_what_a_page_does_not(website, settings):
    website.publish(story(1))
    source = of(settings, address=f"{website.address}/feed.xml", outlet="Wire", language="en")
    (article,) = articles([source], LARGEST)
    assert article.outlet == "Wire"


def test_an_address_that_a_page_claims_must_be_its_own_hosts(settings):
    from accord.sources.html import read

    text = "<p>Both sides said on Monday that the truce would hold until the talks begin.</p>" * 5

    def claimed(link: str, address: str | None) -> str | None:
        page = f'<html><head><link rel=canonical href="{link}"></head><body>{text}</body></html>'
        return read("x", page, address)[1].address

    own = "https://www.site.example/a?utm_source=x"
    assert claimed("https://www.site.example/a", own) == "https://www.site.example/a"
    assert claimed("/b", own) == "https://www.site.example/b"
    assert (
        claimed("https://site.example/a", "https://amp.site.example/a") == "https://site.example/a"
    )
    assert claimed("https://other.example/a", own) == own
    assert claimed("https://www.site.example/", own) == own
    assert claimed("https://site.example/a", None) == "https://site.example/a"


def test_the_feeds_date_stands_where_the_page_has_none(website, settings):
    from accord.sources.feed import entries

    feed = (
        "<rss version='2.0'><channel><title>T</title><item><title>A &amp;amp; &lt;i&gt;B&lt;/i&gt;"
        "</title><link>/x</link><pubDate>Fri, 01 Mar 2024 23:30:00 -0500</pubDate></item>"
        "</channel></rss>"
    )
    (entry,) = entries(feed.encode(), "https://site.example/feed", "site")
    assert entry.address == "https://site.example/x"
    assert entry.known.title == "A & B"
    from accord.article import parse_article

    article = parse_article("A & B\n\nText.", "a", known=entry.known)
    assert article.published == date(2024, 3, 1)


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ({"kind": "feed", "address": "articles"}, "a feed has an address of the web"),
        ({"kind": "files", "address": "https://x.example"}, "is no path"),
        ({"address": "https://"}, "no address of a page"),
        ({"address": "x", "fields": {"txt": "body"}}, r"fields\.txt"),
    ],
)
def test_a_table_that_cannot_be_meant_is_named(settings, table, complaint):
    with pytest.raises(UsageError, match=complaint) as caught:
        of(settings, **table)
    assert "[[source]] 'site'" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("kind = 'fed'\naddress = 'x'", r"'herald': kind = 'fed' is wrong"),
        ("kind = 'feed'", r"'herald': address is wrong: Field required"),
        ("address = 'x'\nschedule = 'hourly'", r"'herald': schedule = 'hourly' is wrong"),
        ("address = 'x'\ntimezone = 'Mars/Base'", r"timezone = 'Mars/Base' is wrong"),
        ("address = 'x'\nlanguage = 'de'", r"language = 'de' is wrong: Accord reads English"),
        ("address = 'x'\nurl = 'y'", r"'herald': url = 'y' is wrong"),
        ("address = 'x'\n[[source]]\nname = 'herald'\naddress = 'y'", "called 'herald'"),
    ],
)
def test_a_wrong_table_is_named_with_its_value(tmp_path, monkeypatch, text, complaint):
    from accord.settings import load_settings

    monkeypatch.chdir(tmp_path)
    (tmp_path / "accord.toml").write_text(f"[[source]]\nname = 'herald'\n{text}\n")
    with pytest.raises(UsageError, match=complaint):
        load_settings()


def test_a_named_source_is_found_by_its_name(tmp_path, monkeypatch):
    from accord.settings import load_settings

    monkeypatch.chdir(tmp_path)
    (tmp_path / "accord.toml").write_text(
        "[[source]]\nname = 'wire'\naddress = 'in'\nschedule = '15 * * * *'\n"
    )
    source = source_of("wire", load_settings())
    assert source.name == "wire"
    assert source.iri == (tmp_path / "in").as_uri()


def test_every_key_of_a_table_is_documented():
    page = (ROOT / "docs" / "sources.md").read_text("utf-8")
    for key in SourceTable.model_fields:
        assert f"| `{key}` |" in page
    for meaning in meanings():
        assert f"`{meaning}`" in page


def test_the_tables_in_the_documentation_are_right(settings):
    page = (ROOT / "docs" / "sources.md").read_text("utf-8")
    example = textwrap.dedent(re.search(r"\n\n(    contact.*?)\n\n\|", page, re.S)[1])
    given = Settings(**{**dict(settings), **tomllib.loads(example)})
    assert [source.name for source in configured(given)] == ["herald", "wire"]
