"""What cannot be used is kept with its reason, and used as soon as it can be."""

import json

from accord.ingestion import Ingestion
from accord.operations.dead_letters import DeadLetters
from accord.progress import Progress
from accord.settings import Settings
from tests.conftest import REPORT
from tests.sources.website import Website, story


def letters(tmp_path):
    return DeadLetters(Settings(store=str(tmp_path / "store")))


def retry(tmp_path, ingest, **settings):
    source = DeadLetters(Settings(store=str(tmp_path / "store"), **settings))
    return ingest(source, **settings)


def test_a_letter_has_the_article_the_reason_and_the_stack(write, ingest, tmp_path):
    path = write("bad.txt", b"\0\1\2 nothing to read")
    ingest(write("good.txt"), path)
    (letter,) = letters(tmp_path).letters()
    assert letter.location == path.as_uri()
    assert letter.name == "bad"
    assert "bad.txt is not a text file" in letter.reason
    assert "ArticleError" in letter.stack
    assert "in read_text" in letter.stack or "in article" in letter.stack
    (kept,) = letters(tmp_path).folder.glob("*/article")
    assert kept.read_bytes() == path.read_bytes()


def test_what_can_be_used_now_is_loaded_and_cleared(write, ingest, tmp_path):
    bad, empty = write("bad.txt", ""), write("empty.txt", "")
    assert len(ingest(bad, empty).set_aside) == 2
    write("bad.txt", REPORT)
    done = retry(tmp_path, ingest)
    assert (done.loaded, list(done.set_aside)) == (1, [empty.as_uri()])
    (left,) = letters(tmp_path).letters()
    assert (left.location, left.attempts) == (empty.as_uri(), 2)
    # The report is known under the place that it came from, not under the folder of letters.
    assert ingest(bad).unchanged == 1


def test_a_file_that_is_gone_is_read_from_what_was_kept(write, ingest, tmp_path):
    path = write("long.txt", REPORT + "They met again on Monday. " * 40)
    assert len(ingest(path, largest_article=1000).set_aside) == 1
    path.unlink()
    done = retry(tmp_path, ingest, largest_article=10_000)
    assert (done.loaded, done.set_aside) == (1, {})
    assert len(letters(tmp_path)) == 0


def test_an_ordinary_run_clears_letters_too(write, ingest, tmp_path):
    path = write("a.txt", "")
    ingest(path)
    assert len(letters(tmp_path)) == 1
    write("a.txt", REPORT)
    ingest(path)
    assert len(letters(tmp_path)) == 0


def test_what_breaks_the_extraction_comes_with_its_own_stack(write, ingest, tmp_path, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("a mistake in a rule")
        yield

    path = write("a.txt")
    with monkeypatch.context() as patched:
        patched.setattr("accord.extraction.read", broken)
        ingest(path)
    (letter,) = letters(tmp_path).letters()
    assert "ZeroDivisionError: a mistake in a rule" in letter.stack
    assert "in broken" in letter.stack
    # The mistake is mended.
    assert retry(tmp_path, ingest).loaded == 1
    assert len(letters(tmp_path)) == 0


def test_a_letter_names_no_code_but_that_of_sources(write, ingest, tmp_path):
    ingest(write("a.txt", ""))
    (path,) = letters(tmp_path).folder.glob("*/letter.json")
    document = json.loads(path.read_text())
    document["place"] |= {"module": "subprocess", "class": "Popen", "fields": {"args": "false"}}
    path.write_text(json.dumps(document))
    assert list(letters(tmp_path).discover()) == []
    assert len(letters(tmp_path)) == 1


def test_the_commands(write, accord, tmp_path):
    bad = write("bad.txt", "")
    assert accord("retry", "--store", "graph").stderr == "No articles are set aside.\n"
    assert accord("ingest", bad, "--store", "graph").returncode == 3
    listed = accord("retry", "--list", "--store", "graph")
    assert "is empty" in " ".join(listed.stdout.split())
    (letter,) = json.loads(accord("retry", "--list", "--json", "--store", "graph").stdout)
    assert letter["location"] == bad.as_uri()
    again = accord("retry", "--store", "graph")
    assert (again.returncode, "is empty" in again.stderr) == (3, True)
    write("bad.txt", REPORT)
    done = accord("retry", "--json", "--store", "graph")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["loaded"] == 1
    assert json.loads(accord("retry", "--list", "--json", "--store", "graph").stdout) == []


def test_a_run_of_letters_holds_its_lock(write, tmp_path):
    settings = Settings(store=str(tmp_path / "store"))
    with Ingestion([DeadLetters(settings)], settings, Progress(quiet=True)) as run:
        assert run.plan() == []


def test_a_page_that_was_away_is_fetched_again(ingest, tmp_path):
    web = {
        "cache": str(tmp_path / "cache"),
        "contact": "desk@institute.example",
        "private_hosts": ("localhost",),
        "pause": 0.0,
    }
    with Website() as site:
        late = story(1)
        page = f"{site.address}/articles/{late.name}"
        site.extra_entries.append(f"<item><title>soon</title><link>{page}</link></item>")
        assert list(ingest(f"{site.address}/feed.xml", **web).set_aside) == [page]
        site.publish(late)
        done = retry(tmp_path, ingest, **web)
        assert (done.loaded, done.set_aside) == (1, {})
        assert len(letters(tmp_path)) == 0
        # The next run of the feed knows the page under the same name.
        assert ingest(f"{site.address}/feed.xml", **web).unchanged == 1
