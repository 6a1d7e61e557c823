"""Fixtures: the checkout's folders, articles on disk, and real servers."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from accord.ingestion import Ingestion, Summary
from accord.progress import Progress
from accord.settings import Settings
from accord.web.child import free_port

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples" / "articles"
SHARED = ROOT.parent / "shared"

REPORT = """Sochi deal under strain
Date: Feb 8, 2019

Russia demanded on Thursday that Turkey fulfil its obligations under the Sochi memorandum.
Turkey says it has been implementing the Idlib agreement without any problems.
The Russian defence ministry said that Turkey had failed to withdraw heavy weapons from Idlib.
"""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that writes the golden files anew."""
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")


LONG = ("operations/test_faults.py", "stores/test_faults.py", "flows/")
"""Files that take minutes, mostly waiting: they begin first, beside those that compute."""


def pytest_configure() -> None:
    """Let Ctrl-C reach what tests start: xdist's workers ignore it, and processes inherit that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest first."""
    items.sort(key=lambda item: not any(part in item.nodeid for part in LONG))


@pytest.fixture(autouse=True)
def own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep runs and stores of a test out of the user's own data folder."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def seeds() -> Path:
    """The five sample articles, which are not part of this repository."""
    folder = SHARED / "seeds"
    if not folder.is_dir():
        pytest.skip("the sample articles are not beside this checkout (../shared/seeds)")
    return folder


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write an article file below the test's folder."""

    def write(name: str, content: str | bytes = REPORT) -> Path:
        path = tmp_path / "articles" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def ingest(tmp_path: Path) -> Callable[..., Summary]:
    """Run an ingestion step by step, as the flow does, but without Prefect."""

    def ingest(*sources: Path, store: str | None = None, **settings: Any) -> Summary:
        given = Settings(store=store or str(tmp_path / "store"), **settings)
        with Ingestion(sources, given, Progress(quiet=True)) as run:
            for batch in run.plan():
                run.load(run.extract(batch))
        return run.summary

    return ingest


@pytest.fixture
def accord(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command line as a user does: a process of its own, in another folder."""

    def accord(*args: object, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "accord", *map(str, args)],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=clean_environment(tmp_path) | env,
            timeout=300,
        )

    return accord


def clean_environment(home: Path) -> dict[str, str]:
    """Return the environment without the developer's own settings, with a home of its own."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ACCORD_", "PREFECT_", "XDG_", "COV"))
    }
    return kept | {"HOME": str(home), "COLUMNS": "100", "NO_COLOR": "1"}


def wait_for(url: str, process: subprocess.Popen[bytes], seconds: float) -> None:
    """Wait until a server answers."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the server of {url} ended with {process.returncode}"
        try:
            if httpx.get(url, timeout=5).status_code < 500:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise TimeoutError(url)


@contextmanager
def running(command: Sequence[str | Path], url: str, **options: Any) -> Iterator[None]:
    """Run a server during the block, from when it answers at an address."""
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options
    )
    try:
        wait_for(url, process, 120)
        yield
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture
def oxigraph_server(running_oxigraph: str) -> str:
    """A real Oxigraph server with an empty store; returns its base address."""
    headers = {"Content-Type": "application/sparql-update"}
    httpx.post(f"{running_oxigraph}/update", content="DROP ALL", headers=headers).raise_for_status()
    return running_oxigraph


@pytest.fixture(scope="session")
def running_oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Oxigraph server for all tests; yields its base address."""
    port = free_port()
    command: list[str | Path] = [
        Path(sys.executable).with_name("oxigraph"),
        *("serve", "--bind", f"127.0.0.1:{port}", "--union-default-graph"),
        *("--location", tmp_path_factory.mktemp("oxigraph")),
    ]
    with running(command, f"http://127.0.0.1:{port}/"):
        yield f"http://127.0.0.1:{port}"


VIRTUOSO = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{port}
DisableUnixSocket = 1
ServerThreads = 10
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
DirsAllowed = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = 1000000
"""


@pytest.fixture(scope="session")
def virtuoso_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Debian's Virtuoso 7; yields its base address. It writes for ``dba``, password ``dba``."""
    program = shutil.which("virtuoso-t")
    if program is None:
        pytest.skip("Virtuoso is not installed (Debian: virtuoso-opensource-7-bin)")
    folder = tmp_path_factory.mktemp("virtuoso")
    http = free_port()
    settings = folder / "virtuoso.ini"
    settings.write_text(VIRTUOSO.format(folder=folder, port=free_port(), http=http))
    with running([program, "-f", "-c", settings], f"http://127.0.0.1:{http}/sparql", cwd=folder):
        yield f"http://127.0.0.1:{http}"


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Prefect server; yields the address of its API."""
    port = free_port()
    home = tmp_path_factory.mktemp("prefect")
    command: list[str | Path] = [
        *(Path(sys.executable).with_name("prefect"), "server", "start"),
        *("--host", "127.0.0.1", "--port", str(port)),
    ]
    env = clean_environment(home)
    env |= {"PREFECT_HOME": str(home), "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
    with running(command, f"http://127.0.0.1:{port}/api/health", env=env):
        yield f"http://127.0.0.1:{port}/api"
