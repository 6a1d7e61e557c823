"""Files of every kind, archives, records and standard input."""

import gzip
import io
import json
import pickle
import zipfile
from datetime import date

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from accord.errors import ArticleError
from accord.source_table import SourceTable
from accord.sources import articles, configured, discover, source_of
from accord.sources.stdin import _received
from tests.conftest import REPORT
from tests.sources.website import TURKISH, story

LARGEST = 100_000
TEXT = " ".join(story(1).paragraphs)
RECORD = {
    "headline": "Truce",
    "body": TEXT,
    "published": "2019-02-08",
    "url": "https://x.example/a",
}


def read(path):
    """What a path has: articles and errors."""
    return list(articles([source_of(path)], LARGEST))


def test_markdown_is_read_without_its_marks(write):
    path = write(
        "a.md",
        "---\ntitle: Truce holds\ndate: 2019-02-08\nsource: The Herald\nurl: https://x.example/a\n"
        "tags: [a, b]\n---\n# Truce *holds*\n\nRussia **demanded** that [Turkey](x) "
        "withdraw\nfrom `Idlib` &amp; Afrin.\n\n> It must, he said.\n\n- one\n- two\n",
    )
    (article,) = read(path)
    assert article.raw == (
        "Truce holds\n\nRussia demanded that Turkey withdraw from Idlib & Afrin.\n\n"
        "It must, he said.\n\none\n\ntwo\n"
    )
    assert (article.published, article.outlet) == (date(2019, 2, 8), "The Herald")
    assert article.address == "https://x.example/a"


def test_a_saved_page_is_read_with_its_metadata(write):
    (article,) = read(write("a.html", story(1).page()))
    assert article.quote(article.title) == story(1).title
    assert article.outlet == "The Daily Example"
    assert article.published == story(1).changed.date()
    assert "Home" not in article.raw


def test_a_record_has_its_fields_under_the_usual_names(write):
    (article,) = read(write("a.json", json.dumps(RECORD)))
    assert article.raw == f"Truce\n\n{TEXT}"
    assert article.quote(article.title) == "Truce"
    assert article.published == date(2019, 2, 8)
    assert article.address == "https://x.example/a"


def test_fields_are_mapped_by_the_table(write, settings):
    deep = {
        "doc": {"words": [TEXT, "End."], "day": "2020-03-05"},
        "authors": [{"name": "A. Holt"}, "B. Reyl"],
        "text": "not this",
        "by.line": "H",
    }
    path = write("a.jsonl", json.dumps(deep))
    table = SourceTable(
        name="wire",
        address=str(path),
        fields={"text": "doc.words", "date": "doc.day", "outlet": "by.line"},
    )
    (source,) = configured(settings.model_copy(update={"source": (table,)}))
    (article,) = articles([source], LARGEST)
    assert article.raw == f"{TEXT}\n\nEnd."
    assert (article.published, article.outlet) == (date(2020, 3, 5), "H")
    assert article.author == "A. Holt, B. Reyl"


def test_markup_in_a_record_is_taken_out(write):
    record = {"content_html": f"<p>{TEXT}</p><script>x()</script><ul><li>One &amp; two</li></ul>"}
    (article,) = read(write("a.json", json.dumps(record)))
    assert article.raw == f"{TEXT}\n\nOne & two"


def test_each_line_and_each_record_of_an_array_is_an_article(write):
    lines = [json.dumps(RECORD | {"url": f"https://x.example/{n}"}) for n in range(3)]
    lines[1:1] = ["", "no json", "[1]", '{"title": "Nothing"}']
    found = read(write("a.jsonl", "\n".join(lines) + "\n"))
    assert [isinstance(each, ArticleError) for each in found] == [
        False,
        True,
        True,
        True,
        False,
        False,
    ]
    assert "line 3, is no JSON" in str(found[1])
    assert "line 4, is no JSON object" in str(found[2])
    assert "line 5, has no text in the field" in str(found[3])
    path = write("b.json", json.dumps([RECORD, {}, RECORD]))
    found = read(path)
    assert "record 2, has no text" in str(found[1])
    assert [location.iri for location in discover([source_of(path)])] == [
        f"{path.as_uri()}#/{index}" for index in range(3)
    ]


def test_a_line_is_found_again_wherever_reading_begins(write):
    lines = "".join(json.dumps({"title": f"T{n}", "text": TEXT}) + "\n" for n in range(50))
    for path in (write("a.jsonl", lines), write("b.jsonl.gz", gzip.compress(lines.encode()))):
        found = list(discover([source_of(path)]))
        for location in (found[40], found[3], found[49], found[0]):
            title = json.loads(pickle.loads(pickle.dumps(location)).read())["title"]
            assert f"{path.name.partition('.')[0]}-{int(title[1:]) + 1}" == location.name


def test_what_is_packed_is_unpacked(write):
    packed = gzip.compress(REPORT.encode())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("in/one.txt", REPORT)
        archive.writestr("two.txt.gz", packed)
        archive.writestr("three.jsonl", json.dumps(RECORD) + "\n")
        archive.writestr("__MACOSX/one.txt", "junk")
        archive.writestr("picture.png", b"\x89PNG")
    (one,) = read(write("one.txt.gz", packed))
    assert (one.name, one.raw) == ("one", REPORT)
    path = write("all.zip", buffer.getvalue())
    found = read(path)
    assert [article.name for article in found] == ["one", "three-1", "two"]
    assert found[0].raw == found[2].raw == REPORT
    assert found[0].location == f"{path.as_uri()}#in/one.txt"
    assert found[1].location == f"{path.as_uri()}#three.jsonl/line=0,1"


@pytest.mark.parametrize(
    "name", ["a.zip", "a.txt.gz", "a.jsonl.gz", "a.warc.gz", "a.warc", "a.json"]
)
def test_what_is_damaged_is_set_aside_by_name(write, name):
    packed = gzip.compress(REPORT.encode() * 50)
    for content in (b"PK\3\4 nothing of the kind", packed[: len(packed) // 2]):
        path = write(name, content)
        found = read(path)
        assert any(isinstance(each, ArticleError) for each in found)
        assert all(str(path) in str(each) for each in found if isinstance(each, ArticleError))


def test_a_bomb_is_not_unpacked(write):
    bomb = gzip.compress(b"a " * 15_000_000)
    assert len(bomb) < 100_000
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b"a " * 15_000_000)
    for path in (
        write("a.txt.gz", bomb),
        write("a.zip", buffer.getvalue()),
        write("a.jsonl.gz", bomb),
    ):
        (error,) = read(path)
        assert "more than 20,000,000 bytes" in str(error)


def warc(pages, packed=True) -> bytes:
    """An archive with a page for each (address, content, Content-Type, status)."""
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=packed)
    writer.write_record(writer.create_warcinfo_record("a.warc", {"software": "test"}))
    for address, content, media, status in pages:
        headers = StatusAndHeaders(status, [("Content-Type", media)], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                address, "response", payload=io.BytesIO(content), http_headers=headers
            )
        )
    return buffer.getvalue()


@pytest.mark.parametrize("packed", [True, False])
def test_an_archive_of_the_web_is_read_page_by_page(write, packed):
    pages = [
        ("https://a.example/1", story(1).page().encode(), "text/html; charset=utf-8", "200 OK"),
        ("https://a.example/2", b"gone", "text/html", "404 Not Found"),
        ("https://a.example/3", b"\x89PNG", "image/png", "200 OK"),
        ("https://b.example/4", TURKISH.encode("cp1254"), "text/html", "200 OK"),
        ("https://b.example/5", b"<html><body></body></html>", "text/html", "200 OK"),
    ]
    path = write("a.warc.gz" if packed else "a.warc", warc(pages, packed))
    one, four, five = read(path)
    assert one.quote(one.title) == story(1).title
    assert one.address == "https://a.example/articles/report-1"
    assert four.address == "https://b.example/4"
    assert "Görüşmeler" in four.raw
    assert "https://b.example/5 has no text that looks like an article" in str(five)
    found = list(discover([source_of(path)]))
    assert pickle.loads(pickle.dumps(found[1])).read() == pages[3][1]
    assert len({location.iri for location in found}) == 3


def test_an_archive_that_breaks_off_gives_what_it_has(write):
    page = ("https://a.example/1", story(1).page().encode(), "text/html", "200 OK")
    whole = warc([page, page, page])
    found = read(write("a.warc.gz", whole[:-600]))
    assert not isinstance(found[0], ArticleError)
    assert isinstance(found[-1], ArticleError)


def test_a_folder_has_all_kinds_and_ignores_the_rest(write):
    write("a.txt")
    write("b.html", story(1).page())
    write("c.jsonl", json.dumps(RECORD) + "\n" + json.dumps(RECORD) + "\n")
    write("d.pdf", b"%PDF")
    folder = write("sub/e.md", f"# T\n\n{TEXT}\n").parent.parent
    assert [article.name for article in read(folder)] == ["a", "b", "c-1", "c-2", "e"]


@pytest.mark.parametrize(
    ("content", "names"),
    [
        (REPORT, 1),
        (story(1).page(), 1),
        (json.dumps(RECORD, indent=1), 1),
        (json.dumps(RECORD) + "\n" + json.dumps(RECORD), 2),
        (json.dumps([RECORD, RECORD, RECORD]), 3),
    ],
)
def test_standard_input_tells_what_it_is(monkeypatch, settings, content, names):
    _received.cache_clear()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content.encode())))
    source = source_of("-", settings)
    found = list(articles([source], LARGEST))
    assert len(found) == names
    assert not [each for each in found if isinstance(each, ArticleError)]
    # A run looks twice: once for what is new, and once to read it.
    assert len(list(source.discover())) == names
    _received.cache_clear()


def test_the_command_line_reads_standard_input(tmp_path, accord):
    import subprocess
    import sys

    from tests.conftest import clean_environment

    done = subprocess.run(
        [sys.executable, "-m", "accord", "extract", "-"],
        input=story(1).page().encode(),
        capture_output=True,
        env=clean_environment(tmp_path),
        cwd=tmp_path,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    claims = [json.loads(line) for line in done.stdout.splitlines()]
    text = next(
        articles([source_of(next((tmp_path / ".local").rglob("stdin-*.html")))], LARGEST)
    ).raw
    assert claims
    for claim in claims:
        assert text[claim["start"] : claim["end"]] == claim["text"]
