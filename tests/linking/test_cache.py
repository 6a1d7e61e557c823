"""Answers of services stay: through crashes, for other runs, and until they are too old."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time

import pytest

from accord.errors import AccordError
from accord.linking.cache import FILE, Cache, parts
from accord.linking.courtesy import Courtesy
from accord.linking.inquiry import Inquiry
from accord.linking.reconciliation import Reconciliation
from accord.linking.subject import Subject
from tests.conftest import ROOT
from tests.linking.misbehaving import fields, misbehaving
from tests.linking.services import reconciliation


def test_an_answer_is_found_again_by_service_and_question(tmp_path):
    answers = {"a b": ["Q1", {"ü": None}], "nothing": []}
    with Cache(tmp_path, 90) as cache:
        cache.put("one", answers)
    with Cache(tmp_path, 90) as cache:
        assert cache.get("one", ["a b", "nothing", "else"]) == answers
        assert cache.get("two", answers) == {}


def test_thousands_are_looked_up(tmp_path):
    with Cache(tmp_path, 90) as cache:
        cache.put("x", {str(n): n for n in range(0, 6000, 2)})
        found = cache.get("x", map(str, range(6000)))
    assert found == {str(n): n for n in range(0, 6000, 2)}


def test_an_old_answer_is_asked_for_again_unless_nobody_can_be(tmp_path):
    with Cache(tmp_path, 10) as cache:
        cache.put("x", {"old": 1, "new": 2})
    with sqlite3.connect(tmp_path / FILE) as file:
        file.execute("UPDATE answer SET asked = '2020-01-01T00:00:00+00:00' WHERE question = 'old'")
    with Cache(tmp_path, 10) as cache:
        assert cache.get("x", ["old", "new"]) == {"new": 2}
        cache.put("x", {"old": 3})
        assert cache.get("x", ["old"]) == {"old": 3}
    with Cache(tmp_path, 0.000001, offline=True) as cache:
        assert cache.get("x", ["old", "new"]) == {"old": 3, "new": 2}


@pytest.mark.parametrize(
    "content", [b"no database at all, but long enough to be taken for one", b"SQLite format 3\0x"]
)
def test_a_file_that_is_none_is_named(tmp_path, content):
    (tmp_path / FILE).write_bytes(content * 50)
    with pytest.raises(AccordError, match=FILE):
        Cache(tmp_path, 90)


def test_a_folder_that_cannot_be_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(AccordError, match="ACCORD_CACHE"):
        Cache(tmp_path / "file" / "cache", 90)


def test_several_processes_write_at_once(tmp_path):
    script = f"""
import sys
from pathlib import Path
from accord.linking.cache import Cache
with Cache(Path({str(tmp_path)!r}), 90) as cache:
    for n in range(60):
        cache.put("x", {{f"{{sys.argv[1]}} {{n}} {{m}}": n for m in range(20)}})
"""
    others = [subprocess.Popen([sys.executable, "-c", script, str(n)], cwd=ROOT) for n in range(3)]
    assert [other.wait(120) for other in others] == [0, 0, 0]
    with Cache(tmp_path, 90) as cache:
        assert len(cache) == 3 * 60 * 20


def test_what_one_batch_lacks_does_not_make_the_rest_be_asked_again(tmp_path):
    asked = []

    def send(questions):
        asked.append(list(questions))
        return {one: one.upper() for one in questions if one != "c"}

    with Cache(tmp_path, 90) as cache:
        inquiry = Inquiry("x", cache, Courtesy("http://localhost", None, tmp_path))
        answers = inquiry.ask("f", ["a", "b", "c", "d"], send, 2)
        assert answers.given == {"a": "A", "b": "B", "d": "D"}
        assert list(answers.missing) == ["c"]
        inquiry.ask("f", ["d", "c", "e"], send, 2)
        inquiry.ask("another form", ["a"], send, 2)
    assert asked == [["a", "b"], ["c", "d"], ["c", "e"], ["a"]]


RUN = """
import json, sys
from pathlib import Path
from accord.linking.cache import Cache
from accord.linking.courtesy import Courtesy
from accord.linking.reconciliation import Reconciliation
from accord.linking.subject import Subject

address, folder = sys.argv[1:]
with Cache(Path(folder), 90) as cache:
    source = Reconciliation(address, cache, Courtesy(address, None, Path(folder)))
    subjects = [Subject(f"x:{n}", f"name {n}") for n in range(500)]
    print(len(list(source.candidates(subjects))), source.requests)
"""


def test_a_run_that_is_killed_loses_no_answer(tmp_path):
    """A process is killed at six moments of its work; no question it got an answer to is repeated.

    An answer counts as given once the process has asked the next question. Of the last one the
    process may have been killed before it had read it.
    """
    answered: list[list[str]] = []
    lock = threading.Lock()

    def slowly(handler, body):
        queries = json.loads(fields(body).get("queries", "{}"))
        with lock:
            answered.append([query["query"] for query in queries.values()])
        time.sleep(0.02)
        reconciliation(handler, body)

    with misbehaving(slowly) as server:
        command = [sys.executable, "-c", RUN, server.address, str(tmp_path)]
        killed = 0
        for round_ in range(6):
            before = len(answered)
            process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
            while len(answered) < before + 2 and process.poll() is None:
                time.sleep(0.002)
            time.sleep(0.006 * round_)
            if process.poll() is None:
                os.kill(process.pid, signal.SIGKILL)
                killed += 1
            process.wait()
            time.sleep(0.1)  # the server may still be reading what it sent
            # The last request of a killed process may be asked again: its answer was on the way.
            with lock:
                answered[-1:] = [] if process.returncode else answered[-1:]
        assert killed >= 3
        last = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
        assert last.stdout.split()[0] == "500", last.stderr
    names = [name for request in answered for name in request]
    assert len(names) == len(set(names)), "an answered question was asked again"
    with misbehaving(reconciliation) as again, Cache(tmp_path, 90) as cache:
        courtesy = Courtesy(again.address, None, tmp_path)
        source = Reconciliation(server.address, cache, courtesy)
        subjects = [Subject(f"x:{n}", f"name {n}") for n in range(500)]
        assert len(list(source.candidates(subjects))) == 500
        assert again.seen == []


def test_parts():
    assert [list(part) for part in parts([1, 2, 3, 4, 5], 2)] == [[1, 2], [3, 4], [5]]
    assert list(parts([], 2)) == []
