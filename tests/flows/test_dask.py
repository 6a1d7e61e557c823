"""The flow on a real Dask cluster: a scheduler and two worker processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from accord import dask_workers
from accord.dask_workers import DaskWorkers
from accord.errors import AccordError
from accord.processes import Killed
from accord.settings import load_settings
from tests.conftest import REPORT, clean_environment

distributed = pytest.importorskip("distributed", reason="the extra `dask` is not installed")
pytest.importorskip("prefect_dask", reason="the extra `dask` is not installed")
pytestmark = pytest.mark.server

DASK = Path(sys.executable).with_name("dask")
ROOT = Path(__file__).parents[2]


class Cluster:
    """A scheduler with its workers, each a process that a test may kill."""

    def __init__(self, address: str, workers: list[subprocess.Popen[bytes]]) -> None:
        self.address, self.workers = address, workers


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    # A worker that is killed stays away, as a machine does.
    with _cluster(tmp_path, "--no-nanny") as running:
        yield running


@contextmanager
def _cluster(folder: Path, *worker: str) -> Iterator[Cluster]:
    home = folder / "dask"
    home.mkdir()
    file = home / "scheduler.json"
    # A task that has cost a worker its life costs no other one before it is halved.
    environment = clean_environment(folder) | {
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
        "PYTHONPATH": str(ROOT),
    }
    common = ["--scheduler-file", str(file), "--no-dashboard"]

    def start(*command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [DASK, *command, *common], cwd=home, env=environment, stderr=subprocess.DEVNULL
        )

    started = [start("scheduler", "--port", "0", "--host", "127.0.0.1")]
    try:
        while not file.exists():
            assert started[0].poll() is None, "the scheduler did not start"
            time.sleep(0.1)
        workers = [start("worker", "--nthreads", "1", *worker) for _ in range(2)]
        started += workers
        address = json.loads(file.read_text())["address"]
        with distributed.Client(address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        yield Cluster(address, workers)
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait(30)


def test_what_a_lost_worker_had_is_done_by_the_other(tmp_path, write, cluster):
    for number in range(12):
        folder = write(f"{number}.txt", f"{REPORT}This is report number {number}.\n").parent
    write("bad.txt", "")
    exchange = tmp_path / "exchange"
    running = subprocess.Popen(
        [
            Path(sys.executable).with_name("accord"), "ingest", folder, "--store", "graph",
            "--json", "--dask", cluster.address,
        ],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=clean_environment(tmp_path)
        | {"ACCORD_BATCH": "1", "ACCORD_EXCHANGE": exchange.as_uri()},
    )  # fmt: skip
    # One of them has found something, and there is much left to do.
    while not list(exchange.glob("*/*.jsonl")):
        assert running.poll() is None, running.communicate()
        time.sleep(0.02)
    os.kill(cluster.workers[0].pid, signal.SIGKILL)
    out, err = running.communicate(timeout=300)
    assert running.returncode == 3, err
    summary = json.loads(out)
    assert (summary["loaded"], len(summary["set_aside"])) == (12, 1)
    each = {kind: count / 12 for kind, count in summary["claims"].items()}
    assert each
    assert all(count == int(count) for count in each.values())
    assert list(exchange.iterdir()) == []


def test_a_cluster_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setattr(dask_workers, "_PATIENCE", 1.0)
    with pytest.raises(AccordError, match=r"The Dask cluster tcp://127\.0\.0\.1:9 does not answer"):
        DaskWorkers(load_settings(dask="tcp://127.0.0.1:9"), lambda *given: None)


def deadly(locations: Sequence[str], exchange: str, settings: dict[str, object]) -> str:
    """Stand in for the extraction, but end the process at one location."""
    if "bad" in locations:
        os._exit(9)
    target = Path(exchange) / f"{locations[0]}.jsonl"
    target.write_text("".join(f"{location}\n" for location in locations))
    return str(target)


def test_the_article_that_costs_workers_their_life_is_found(tmp_path):
    with _cluster(tmp_path) as cluster, distributed.Client(cluster.address) as client:
        settings = load_settings(dask=cluster.address, exchange=str(tmp_path / "exchange"))
        with DaskWorkers(settings, partial(client.submit, deadly, pure=False)) as workers:
            pieces = workers.order(["a", "b", "bad", "c"])()
            found = [
                (list(piece), part if isinstance(part, Killed) else part.read_text().split())
                for piece, part in pieces
            ]
    # Where it is cut depends on which worker was lost when; each is done once, in its order.
    assert [location for piece, _ in found for location in piece] == ["a", "b", "bad", "c"]
    assert (["bad"], Killed(None)) in found
    assert all(part == piece for piece, part in found if piece != ["bad"])
