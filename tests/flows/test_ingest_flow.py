"""The flow as a user runs it: without a server, and with a real one."""

import json
import os
import re
import signal
import subprocess
import sys
import time

import httpx
import pytest

from tests.conftest import REPORT, clean_environment

pytestmark = pytest.mark.server


def test_without_a_server_twice(accord, write):
    folder = write("a.txt").parent
    write("b.txt", REPORT + "A second report.\n")
    first = accord("ingest", folder, "--store", "graph")
    assert first.returncode == 0, first.stderr
    assert first.stdout == ""
    # One summary and no noise: no log lines, no traceback of a server that shuts down.
    assert re.fullmatch(
        r"2 articles with \d+ claims loaded into graph in [\d.]+ s \([\d.]+ articles/s\)\.\n",
        first.stderr,
    )
    before = accord("export", "--format", "nquads", "--store", "graph").stdout
    used = os.times()
    second = accord("ingest", folder, "--store", "graph")
    now = os.times()
    # Of the processor: Prefect was not even started.
    assert now.children_user + now.children_system - used.children_user - used.children_system < 5
    assert second.returncode == 0
    assert second.stderr == "2 articles are unchanged. Nothing to do.\n"
    assert accord("export", "--format", "nquads", "--store", "graph").stdout == before


def test_with_a_server_the_run_shows_there(accord, write, prefect_server):
    write("bad.txt", "")
    folder = write("a.txt").parent
    done = accord("ingest", folder, "--json", "--store", "graph", PREFECT_API_URL=prefect_server)
    assert done.returncode == 3, done.stderr
    assert done.stderr == ""
    summary = json.loads(done.stdout)
    assert (summary["loaded"], len(summary["set_aside"])) == (1, 1)

    def ask(what: str) -> list[dict]:
        return httpx.post(f"{prefect_server}/{what}/filter", json={}).json()

    # Other tests leave deployments on this server, whose runs are scheduled.
    (run,) = (one for one in ask("flow_runs") if one["deployment_id"] is None)
    assert run["state_type"] == "COMPLETED"
    deadline = time.monotonic() + 30
    while len(ask("task_runs")) < 6 and time.monotonic() < deadline:
        time.sleep(0.5)  # the server takes task runs from its queue of events
    assert {re.sub(r"-\w+$", "", task["name"]) for task in ask("task_runs")} == {
        "resume",
        "discover",
        "compare",
        "extract",
        "load",
    }
    (artifact,) = ask("artifacts")
    assert artifact["key"] == "ingest-summary"
    assert "1 articles loaded into `graph`" in artifact["data"]
    assert "is empty" in artifact["data"]


def test_a_server_that_is_not_there_is_named(accord, write):
    done = accord("ingest", write("a.txt"), PREFECT_API_URL="http://127.0.0.1:9/api")
    assert done.returncode == 1
    assert "Failed to reach API at http://127.0.0.1:9/api" in done.stderr
    assert "PREFECT_API_URL" in done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_stops_cleanly(tmp_path, write, prefect_server, accord):
    for number in range(60):
        write(
            f"{number:02}.txt", REPORT + f"Number {number}. " + "They met again on Monday. " * 400
        )
    env = clean_environment(tmp_path) | {"PREFECT_API_URL": prefect_server, "ACCORD_BATCH": "2"}
    run = subprocess.Popen(
        [sys.executable, "-m", "accord", "ingest", str(tmp_path / "articles"), "--store", "graph"],
        cwd=tmp_path,
        env=env,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    deadline = time.monotonic() + 60
    while not (tmp_path / "graph" / "CURRENT").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(6)
    assert run.poll() is None, run.stderr.read()
    os.killpg(run.pid, signal.SIGINT)
    _, errors = run.communicate(timeout=180)
    assert run.returncode == 130
    assert errors == "Stopped. What was loaded stays; the next run goes on from there.\n"
    status = json.loads(accord("status", "--json", "--store", "graph").stdout)
    assert status["articles"] < 60
    dump = accord("export", "--format", "jsonl", "--store", "graph")
    assert dump.returncode == 0
