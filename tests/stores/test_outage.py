"""A store that goes away during a run: the next run goes on where this one stopped."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from accord import ingestion
from accord.errors import AccordError, StoreError
from accord.ingestion import Ingestion
from accord.progress import Progress
from accord.query import rows
from accord.settings import Settings, data_folder
from accord.store import open_store
from accord.web.child import free_port
from tests.conftest import REPORT, wait_for


class Server:
    """An Oxigraph server that can be killed and started again at its address."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        program = Path(sys.executable).with_name("oxigraph")
        self.process = subprocess.Popen(
            [program, "serve", "--location", self.folder, "--bind", f"127.0.0.1:{self.port}"],
            stderr=subprocess.DEVNULL,
        )
        wait_for(self.address, self.process, 30)

    def kill(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(10)


@pytest.fixture
def server(tmp_path):
    running = Server(tmp_path / "server")
    yield running
    running.kill()


@pytest.fixture
def extracted(monkeypatch):
    """The names of the articles that were extracted."""
    names: list[str] = []
    real = ingestion.extract_batch

    def extract_batch(locations, *rest):
        names.extend(location.path.name for location in locations)
        return real(locations, *rest)

    monkeypatch.setattr(ingestion, "extract_batch", extract_batch)
    return names


def articles(write) -> Path:
    for name in "abcd":
        write(f"{name}.txt", f"{REPORT}This is report {name}.\n")
    return write("a.txt", f"{REPORT}This is report a.\n").parent


def stored(address: str) -> set[str]:
    with open_store(address) as store:
        answer = store.query(
            "SELECT ?n { GRAPH ?c { ?c accord:holds ?a ; dcterms:identifier ?n } "
            "GRAPH ?g { ?a a accord:Article } }"
        )
        return {row["n"] for row in rows(answer)}


def run(folder: Path, address: str, steps: int | None = None) -> ingestion.Summary:
    settings = Settings(store=address, batch=1, store_patience=0.5)
    with Ingestion([folder], settings, Progress(quiet=True)) as running:
        waiting = [running.extract(batch) for batch in running.plan()[:steps]]
        for outcomes in waiting:
            running.load(outcomes)
    return running.summary


@pytest.mark.server
def test_after_an_outage_nothing_is_extracted_twice(write, server, extracted):
    folder = articles(write)
    settings = Settings(store=server.address, batch=1, store_patience=0.5)
    with (
        pytest.raises(StoreError, match="next run goes on from there"),
        Ingestion([folder], settings, Progress(quiet=True)) as running,
    ):
        waiting = [running.extract(batch) for batch in running.plan()[:3]]
        running.load(waiting[0])
        server.kill()
        running.load(waiting[1])
    assert extracted == ["a.txt", "b.txt", "c.txt"]
    with pytest.raises(StoreError, match="does not answer"):
        run(folder, server.address)
    server.start()
    assert stored(server.address) == {"a"}
    summary = run(folder, server.address)
    assert (summary.loaded, summary.unchanged) == (3, 1)
    assert extracted == ["a.txt", "b.txt", "c.txt", "d.txt"]
    assert stored(server.address) == {"a", "b", "c", "d"}
    assert list((data_folder() / "runs").iterdir()) == []


def test_what_another_version_extracted_is_not_loaded(write, tmp_path, extracted, monkeypatch):
    folder, store = articles(write), str(tmp_path / "store")
    settings = Settings(store=store, batch=1)
    with Ingestion([folder], settings, Progress(quiet=True)) as running:
        running.extract(running.plan()[0])
    monkeypatch.setattr("accord.versions.__version__", "9.9")
    ingestion.current_versions.cache_clear()
    try:
        assert run(folder, store).loaded == 4
    finally:
        monkeypatch.undo()
        ingestion.current_versions.cache_clear()
    assert extracted == ["a.txt", "a.txt", "b.txt", "c.txt", "d.txt"]


def test_a_batch_that_was_cut_off_is_extracted_again(write, tmp_path, extracted):
    folder, store = articles(write), str(tmp_path / "store")
    with Ingestion([folder], Settings(store=store, batch=1), Progress(quiet=True)) as running:
        written = running.extract(running.plan()[0])
        written.rename(written.with_suffix(".part"))
    assert run(folder, store).loaded == 4
    assert len(extracted) == 5


def test_two_runs_at_a_time_over_the_same_sources(write, tmp_path):
    folder = articles(write)
    settings = Settings(store=str(tmp_path / "store"))
    with (
        Ingestion([folder], settings, Progress(quiet=True)),
        pytest.raises(AccordError, match="Another run loads"),
    ):
        Ingestion([folder], settings, Progress(quiet=True))
    run(folder, settings.store)
