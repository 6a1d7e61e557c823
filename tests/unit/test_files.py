"""The settled errors of reading: each names the file and what to do."""

import os
import random
from pathlib import Path

import pytest

from accord.errors import ArticleError, UsageError
from accord.sources import discover, source_of
from accord.sources.files import File
from tests.conftest import REPORT

LARGEST = 100_000


def read(content: bytes):
    return File(Path("/articles/one.txt")).article(content, LARGEST)


RUSSIAN = (
    "Россия потребовала от Турции выполнить обязательства по соглашению об Идлибе, заявила "
    "официальный представитель МИД на брифинге в Москве в четверг."
)
GERMAN = (
    "Der Waffenstillstand in Idlib wurde gestern von beiden Seiten gebrochen. Beide werfen sich "
    "gegenseitig Verstöße gegen das Abkommen vor, sagte ein Sprecher der Mission am Montag."
)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "is empty"),
        (b" \n\t\r\n", "is empty"),
        ("\ufeff \n".encode(), "is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 20, "is not a text file"),
        (random.Random(1).randbytes(4096), "is not a text file"),
        (bytes(0x80 | b for b in random.Random(2).randbytes(3000)), "in no encoding"),
        (b"a" * 5_000_000, "5,000,000 bytes"),
        (b"word " * 30_000, "150,000 characters"),
        (GERMAN.encode(), r"another language than English \(de\)"),
        (RUSSIAN.encode(), r"another language than English \(ru\)"),
        (RUSSIAN.encode("cp1251"), "another language"),
    ],
)
def test_what_is_no_article_is_refused_by_name(content, complaint):
    with pytest.raises(ArticleError, match=complaint) as caught:
        read(content)
    assert "/articles/one.txt" in caught.value.what
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("encoding", "note"), [("cp1252", "cp1252"), ("utf-16", "UTF-16"), ("mac_roman", "mac")]
)
def test_another_encoding_is_read_with_a_note(encoding, note):
    text = REPORT + "“We do,” he said – it’s Syria’s north.\n"
    article = read(text.encode(encoding))
    assert article.raw.lstrip("\ufeff") == text
    assert note in article.notes[0]


def test_utf8_needs_no_note_and_keeps_line_ends():
    article = read(REPORT.replace("\n", "\r\n").encode())
    assert article.notes == ()
    assert article.raw.count("\r\n") == REPORT.count("\n")


def test_a_folder_is_walked_in_order_and_each_file_once(write):
    paths = [write("b.txt"), write("a/z.TXT"), write("a/.hidden/x.txt"), write("notes.pdf")]
    folder = paths[0].parent
    assert [location.name for location in discover([source_of(folder), source_of(paths[0])])] == [
        "z",
        "b",
    ]
    assert [location.name for location in discover([source_of(paths[3])])] == ["notes"]


def test_a_folder_without_articles_and_a_missing_source_are_wrong_use(tmp_path):
    with pytest.raises(UsageError, match="has no articles"):
        list(source_of(tmp_path).discover())
    with pytest.raises(UsageError, match="does not exist"):
        list(source_of(tmp_path / "nowhere").discover())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_named(write):
    path = write("a.txt")
    path.chmod(0)
    with pytest.raises(ArticleError, match=r"a\.txt cannot be read"):
        File(path).read()


def test_a_file_that_is_gone_is_named(tmp_path):
    with pytest.raises(ArticleError, match=r"gone\.txt cannot be read"):
        File(tmp_path / "gone.txt").read()
