import json

import pytest

from accord import __version__
from accord.claim import Claim
from tests.conftest import EXAMPLES, REPORT

COMMANDS = ("ingest", "extract", "query", "queries", "status", "export")


def test_help_has_an_example_for_each_command(accord):
    overall = accord("--help")
    assert overall.returncode == 0
    for command in COMMANDS:
        assert command in overall.stdout
        shown = accord(command, "--help")
        assert shown.returncode == 0
        assert f"Example: accord {command}" in " ".join(shown.stdout.split())


def test_version(accord):
    assert accord("--version").stdout == f"accord {__version__}\n"


def test_extract_writes_claims_and_needs_no_store(accord, write, tmp_path):
    path = write("a.txt")
    done = accord("extract", path)
    assert done.returncode == 0, done.stderr
    claims = [Claim.model_validate(json.loads(line)) for line in done.stdout.splitlines()]
    assert claims
    for claim in claims:
        assert claim.article == "a"
        assert claim.text == REPORT[claim.start : claim.end]
    assert not (tmp_path / ".local" / "share" / "accord" / "store").exists()


def test_extract_as_a_table(accord, write):
    done = accord("extract", write("a.txt"), "--format", "table")
    assert done.returncode == 0
    assert "Turkey" in done.stdout


def test_extract_goes_on_after_a_bad_file(accord, write):
    done = accord("extract", write("bad.txt", ""), write("a.txt"))
    assert done.returncode == 3
    assert "bad.txt is empty" in done.stderr
    assert done.stdout.count("\n") >= 1


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (("ingest",), 2, "Missing argument"),
        (("ingest", "nowhere", "--store", "s"), 2, "nowhere does not exist"),
        (("ingest", ".", "--store", "s"), 2, "has no articles"),
        (("ingest", "--workers", "many", "x"), 2, "--workers"),
        (("frobnicate",), 2, "No such command"),
        (("query",), 2, "Give either"),
        (("query", "claims", "--file", "x.rq"), 2, "Give either"),
        (("query", "--file", "x.rq"), 2, "x.rq cannot be read"),
        (("query", "claims", "--store", "s"), 1, "no store at s"),
        (("query", "claims", "--format", "xml"), 2, "xml"),
        (("status", "--store", "http://127.0.0.1:9"), 1, "does not answer"),
        (("export", "--store", "s"), 2, "format"),
    ],
)
def test_wrong_use_and_failures_have_their_exit_codes(accord, arguments, code, complaint):
    done = accord(*arguments)
    assert done.returncode == code
    assert complaint in " ".join(done.stderr.split())
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_a_store_path_that_is_a_file(accord, write):
    path = write("a.txt")
    done = accord("ingest", path, "--store", path)
    assert done.returncode == 1
    assert "is a file" in done.stderr


def test_questions_to_a_store(accord, ingest, tmp_path):
    ingest(EXAMPLES)
    store = ("--store", tmp_path / "store")
    malformed = accord("query", "SELECT ?s WHERE {\n ?s ?p }", *store)
    assert malformed.returncode == 2
    assert "line 2, column" in malformed.stderr
    (tmp_path / "q.rq").write_text("SELECT (COUNT(*) AS ?n) WHERE { ?c accord:holder ?h }")
    counted = accord("query", "--file", "q.rq", "--format", "csv", *store)
    assert int(counted.stdout.split()[1]) > 12
    assert "contradictions" in accord("queries").stdout
    contested = accord("query", "contradictions", "--format", "json", *store)
    assert json.loads(contested.stdout)["results"]["bindings"], "no contradiction was found"
    status = accord("status", *store)
    assert "12 articles" in status.stdout
    as_json = json.loads(accord("status", "--json", *store).stdout)
    assert as_json["articles"] == 12


def test_status_lists_what_was_set_aside_with_its_reason(accord, ingest, write, tmp_path):
    ingest(write("a.txt"), write("bad.txt", ""))
    shown = accord("status", "--store", tmp_path / "store").stdout
    assert "1 articles\n" in shown
    assert "1 set aside" in shown
    assert "bad.txt is empty. Fetch the article again" in shown


def test_a_reader_that_has_seen_enough_is_no_error(ingest, tmp_path):
    import subprocess
    import sys

    ingest(EXAMPLES)
    done = subprocess.run(
        f"{sys.executable} -m accord export --format nquads --store store | head -n 1",
        shell=True,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.stderr == ""


def test_claims_that_are_less_sure_can_be_left_out(accord, tmp_path):
    article = tmp_path / "a.txt"
    article.write_text(
        "Turkey and Russia signed a ceasefire agreement on Idlib. Turkey violated the ceasefire.",
        encoding="utf-8",
    )
    every = accord("extract", str(article)).stdout.splitlines()
    sure = accord("extract", str(article), "--min-confidence", "0.99").stdout.splitlines()
    assert every
    assert len(sure) < len(every)
    assert all(0 <= json.loads(line)["confidence"] <= 1 for line in every)


def test_a_sentence_is_explained(accord):
    answer = accord("frames", "test", "Turkey failed to withdraw its troops from Idlib.").stdout
    assert "'failed' fired 'fail'" in answer
    assert "status not-fulfilled" in answer
    assert "no claim: it is what 'fail' is about" in answer


def test_a_mistake_in_a_frame_is_named(accord, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("- name: a\n  type: Incident\n  verbz: [hit]\n", encoding="utf-8")
    failed = accord("frames", "check", file)
    assert failed.returncode == 1
    assert "mine.yaml:3" in failed.stderr
    assert "verbs" in failed.stderr
