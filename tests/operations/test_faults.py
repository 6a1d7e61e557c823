"""Scheduled runs on a bad day, with real parts: what goes wrong is told, and nothing is lost.

A Prefect server on Debian's PostgreSQL, a worker that reads a feed by its schedule, an Oxigraph
server, and a news site. The store goes away, the worker is killed, the site goes away.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from accord.ingestion import Ingestion
from accord.progress import Progress
from accord.settings import Settings
from accord.store import open_store
from accord.web.child import free_port
from tests.conftest import clean_environment, running, wait_for
from tests.sources.website import Website, story

pytestmark = [pytest.mark.server, pytest.mark.operations]

PATIENCE = 240
"""Seconds to wait for something that takes one or two minutes on a machine with nothing to do."""

FAULTS = {
    "/gone": "404",
    "/error": "500",
    "/loop": "redirect",
    "/huge": "bytes",
    "/closed/report-0": "robots",
}
"""Pages that are listed in the feed and cannot be had, with what the reason has to say."""


@pytest.fixture
def postgres():
    """Debian's PostgreSQL with an empty database; yields its address for SQLAlchemy."""
    found = shutil.which("initdb") or max(
        map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")), default=None
    )
    if found is None:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    programs = Path(found).resolve().parent
    # It refuses to run as root, and other users do not get into the folders of tests.
    user = {"user": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="accord-postgres-"))
    try:
        if user:
            shutil.chown(folder, "postgres")
        port = free_port()
        quiet = {"stdout": subprocess.DEVNULL, "cwd": folder, "check": True}
        initialise = [programs / "initdb", "--auth=trust", "--username=accord", "--no-sync"]
        subprocess.run([*initialise, "-D", folder / "data"], **quiet, **user)
        server = subprocess.Popen(
            [
                *(programs / "postgres", "-D", folder / "data", "-p", str(port), "-k", folder),
                *("-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"),
            ],
            stderr=subprocess.DEVNULL,
            cwd=folder,
            **user,
        )
        try:
            asking = [
                programs / "createdb",
                "-h",
                "127.0.0.1",
                "-p",
                str(port),
                "-U",
                "accord",
                "prefect",
            ]
            until = time.monotonic() + 60
            while subprocess.run(asking, stderr=subprocess.DEVNULL, cwd=folder).returncode:
                assert server.poll() is None and time.monotonic() < until
                time.sleep(0.3)
            yield f"postgresql+asyncpg://accord@127.0.0.1:{port}/prefect"
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def prefect(database, home):
    """A Prefect server on a database; yields the address of its API."""
    port = free_port()
    command = [Path(sys.executable).with_name("prefect"), "server", "start", "--port", str(port)]
    env = clean_environment(home) | {
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": database,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    }
    with running(command, f"http://127.0.0.1:{port}/api/health", env=env):
        yield f"http://127.0.0.1:{port}/api"


class Oxigraph:
    """A real Oxigraph server that can go away and come back at the same address."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = Path(sys.executable).with_name("oxigraph")
        command = [program, "serve", "--bind", f"127.0.0.1:{self.port}", "--location", self.folder]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen([*command, "--union-default-graph"], **quiet)
        wait_for(self.address, self._process, 60)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(30)
            self._process = None


class Worker:
    """``accord schedule --worker`` in a group of processes of its own, that can be killed."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.folder, self.env, self.metrics = folder, env, free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.runs = 0

    def start(self) -> None:
        command = [
            sys.executable,
            "-m",
            "accord",
            "schedule",
            "--work-pool",
            "institute",
            "--worker",
        ]
        command += ["--metrics-port", str(self.metrics)]
        with (self.folder / "worker.log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=self.folder,
                env=self.env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        if self._process is None:
            return
        # Runs are processes of sessions of their own.
        for pid in (*_descendants(self._process.pid), self._process.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, how)
        self._process.wait(60)
        self._process = None


def _descendants(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *_descendants(child)]
    return found


def until(what, condition, log: Path, seconds=PATIENCE, pause=0.5):
    """Wait until a condition holds, and return what it returned."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(pause)
    raise TimeoutError(f"{what}\n{log.read_text()[-4000:]}")


def test_nothing_is_lost_and_nothing_comes_twice(postgres, tmp_path):
    with ExitStack() as stack:
        site = stack.enter_context(Website())
        store = Oxigraph(tmp_path / "oxigraph")
        stack.callback(store.stop)
        store.start()
        api = stack.enter_context(prefect(postgres, tmp_path))
        env = clean_environment(tmp_path) | {
            "PREFECT_API_URL": api,
            "PREFECT_HOME": str(tmp_path / "prefect"),
            "PREFECT_WORKER_QUERY_SECONDS": "2",
            "XDG_DATA_HOME": str(tmp_path / "data"),
        }
        (tmp_path / "accord.toml").write_text(
            f'store = "{store.address}"\nstore_patience = 300\nbatch = 1\nlog = "log.jsonl"\n'
            'contact = "desk@institute.example"\nprivate_hosts = ["localhost"]\npause = 0\n'
            f'[[source]]\nname = "example"\naddress = "{site.address}/feed.xml"\n'
            'schedule = "* * * * *"\n'
        )
        worker = Worker(tmp_path, env)
        stack.callback(worker.kill)
        log = tmp_path / "worker.log"
        data = tmp_path / "data" / "accord"

        def reports():
            return [
                json.loads(path.read_text()) for path in sorted((data / "reports").glob("*.json"))
            ]

        def loaded():
            return sum(report["loaded"] for report in reports())

        # An ordinary day, with pages that cannot be had.
        site.publish(*map(story, range(4)))
        site.extra_entries += [
            f"<item><title>{path}</title><link>{site.address}{path}</link></item>"
            for path in FAULTS
        ]
        site.extra_entries.append(f"<item><link>{site.address}/turkish</link></item>")
        worker.start()
        until("the first run", reports, log)
        (first,) = reports()[:1]
        assert (first["state"], first["loaded"]) == ("completed", 5), first
        for path, word in FAULTS.items():
            reason = first["set_aside"].pop(site.address + path)
            assert word in reason.lower(), (path, reason)
        assert first["set_aside"] == {}
        assert "5 of 10 articles were set aside." in first["alerts"]

        # The store goes away for less long than anybody's patience lasts.
        store.stop()
        site.publish(*map(story, range(4, 6)))
        started = len(site.requests)
        until(
            "a run that finds no store",
            lambda: re.search(r"store at .* trying again", (tmp_path / "log.jsonl").read_text()),
            log,
        )
        store.start()
        until("the run without a store", lambda: loaded() >= 7, log)
        assert len(site.requests) > started
        assert any("The store did not answer" in " ".join(one["alerts"]) for one in reports())

        # The worker is killed between extraction and load, while the store is away once more.
        del site.extra_entries[: len(FAULTS)]
        site.publish(*map(story, range(6, 9)))
        until("an extraction", lambda: list((data / "runs").glob("*/*.*")), log, pause=0.02)
        store.stop()
        until("a batch on disk", lambda: list((data / "runs").glob("*/*.jsonl")), log)
        worker.kill()
        left = len(list((data / "runs").glob("*/*.jsonl")))
        assert left
        store.start()

        # And when it starts again, the site is away.
        site.stop()
        done = len(reports())
        worker.start()
        until("a run without a site", lambda: len(reports()) > done, log)
        report = reports()[done]
        assert report["state"] == "incomplete"
        assert list(report["failed"]) == ["example"]
        assert (report["loaded"], report["recovered"]) == (left, left)
        assert "was killed" in report["interrupted"]

        site.start()
        site.publish(*map(story, range(9, 10)))
        until("everything", lambda: loaded() >= 11, log)
        text = httpx.get(f"http://127.0.0.1:{worker.metrics}/metrics").text
        assert re.search(r'accord_articles_total\{outcome="loaded",source="example"\} 11\.0', text)
        assert f"accord_dead_letters {len(FAULTS)}.0" in text
        runs = httpx.post(f"{api}/flow_runs/filter", json={}).json()
        worker.kill(signal.SIGTERM)

        # Nothing twice: over all runs each article was loaded once, and stands there once.
        assert loaded() == 11
        by_message = Counter()
        for line in map(json.loads, (tmp_path / "log.jsonl").read_text().splitlines()):
            by_message[line["message"], line.get("location")] += 1
        assert {
            count for (message, _), count in by_message.items() if message == "article loaded"
        } == {1}
        # Nothing lost: the store says the same as one that is filled on a quiet day.
        quiet = Settings(
            store=str(tmp_path / "quiet"),
            cache=str(tmp_path / "cache"),
            pause=0,
            contact="desk@institute.example",
            private_hosts=("localhost",),
        )
        with Ingestion([f"{site.address}/feed.xml"], quiet, Progress(quiet=True)) as run:
            for batch in run.plan():
                run.load(run.extract(batch))
        assert run.summary.loaded == 11
        assert articles(store.address) == articles(quiet.store)

        # What ran by itself is on Prefect's server, with its report.
        scheduled = [
            one for one in runs if one["auto_scheduled"] and one["state_type"] == "COMPLETED"
        ]
        assert len(scheduled) >= 3
        artifacts = httpx.post(f"{api}/artifacts/filter", json={}).json()
        assert any("The source example failed" in one["data"] for one in artifacts)


def articles(store: str) -> set[str]:
    """Return what a store says in the graphs of articles."""
    with open_store(store) as opened:
        graphs = {
            str(quad) for quad in opened.quads() if "/graph/article/" in quad.graph_name.value
        }
    assert graphs
    return graphs
