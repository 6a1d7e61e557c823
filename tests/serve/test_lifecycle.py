"""Starting, draining, restarting and stopping the endpoint and its store's server."""

import os
import signal
import socket
import threading
import time

import pytest

from accord.errors import StoreError
from accord.store import open_store
from accord.web.child import free_port
from tests.serve.conftest import TOKEN, small_store

pytestmark = pytest.mark.server


def child_of(pid: int) -> int:
    children = [
        int(entry)
        for entry in os.listdir("/proc")  # noqa: PTH208
        if entry.isdigit() and _parent(entry) == pid
    ]
    assert len(children) == 1
    return children[0]


def _parent(pid: str) -> int:
    try:
        with open(f"/proc/{pid}/stat") as stat:  # noqa: PTH123
            return int(stat.read().rpartition(")")[2].split()[1])
    except OSError:
        return -1


def until(true, seconds=20.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.1)
    return False


def gone(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:  # noqa: PTH123
            return " Z " in stat.read()
    except OSError:
        return True


def test_sigterm_answers_what_runs_and_stops_both(serve):
    with serve("--timeout", "5") as running:
        child = child_of(running.process.pid)
        answers = []
        slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }"
        thread = threading.Thread(target=lambda: answers.append(running.ask(slow)))
        thread.start()
        time.sleep(0.3)
        running.process.send_signal(signal.SIGTERM)
        thread.join(20)
        assert running.process.wait(20) == 0
        assert answers[0].status_code in (200, 504)
        assert until(lambda: gone(child))
    with open_store(running.folder) as store:
        assert bool(store.query("ASK { ?s ?p ?o }"))


def test_a_killed_server_is_started_again_and_said(serve):
    with serve() as running:
        os.kill(child_of(running.process.pid), signal.SIGKILL)
        assert until(lambda: running.client.get("/health").json()["restarts"] == 1)
        assert until(running.alive)
        assert any("ended with -9" in line and "again" in line for line in running.lines)


@pytest.mark.parametrize("token", [None, TOKEN])
def test_a_server_that_does_not_stop_a_query_is_replaced_and_nobody_notices(serve, token):
    env = {"ACCORD_TOKEN": token} if token else {}
    with serve("--timeout", "2", **env) as running:
        first = child_of(running.process.pid)
        slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
        assert running.ask(slow).status_code == 504
        # Before, while and after it is replaced.
        assert until(lambda: running.alive() and gone(first))
        assert running.alive()
        assert child_of(running.process.pid) != first
        assert any("replaced" in line for line in running.lines)
        assert running.client.get("/health").json()["restarts"] == 0
        asked = [line for line in running.access if line["path"] == "/query"]
        assert {line["status"] for line in asked} == {200, 504}


def test_queries_leave_no_threads_behind(serve):
    with serve() as running:
        for _ in range(200):
            assert running.alive()
        tasks = os.listdir(f"/proc/{child_of(running.process.pid)}/task")  # noqa: PTH208
        assert len(tasks) < 50


def test_the_server_does_not_outlive_its_parent(serve):
    with serve() as running:
        child = child_of(running.process.pid)
        running.process.kill()
        assert until(lambda: gone(child))


@pytest.mark.parametrize("env", [{}, {"ACCORD_TOKEN": TOKEN}])
def test_a_served_store_has_one_owner(serve, monkeypatch, env):
    monkeypatch.setattr("accord.store.embedded._PATIENCE", 0.2)
    with serve(**env) as running, pytest.raises(StoreError, match="held by another process"):
        open_store(running.folder)


def test_a_store_that_is_held_is_not_served(tmp_path, accord):
    with open_store(tmp_path / "store", create=True):
        for env in ({}, {"ACCORD_TOKEN": TOKEN}):
            port = free_port()
            done = accord("serve", "--store", tmp_path / "store", "--port", port, **env)
            assert done.returncode == 1
            assert "another" in done.stderr
            assert "Traceback" not in done.stderr


def test_a_port_that_is_taken(tmp_path, accord):
    small_store(tmp_path / "store")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = accord("serve", "--store", tmp_path / "store", "--port", port)
    assert done.returncode == 1
    assert str(port) in done.stderr
    assert "Traceback" not in done.stderr


def test_no_store_and_a_store_that_is_a_server(tmp_path, accord):
    done = accord("serve", "--store", tmp_path / "nowhere")
    assert (done.returncode, "no store at" in done.stderr) == (1, True)
    done = accord("serve", "--store", "http://127.0.0.1:1")
    assert (done.returncode, "served already" in done.stderr) == (2, True)
