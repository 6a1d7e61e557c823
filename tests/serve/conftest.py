"""A served store: `accord serve` as a process of its own, over a small store."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyoxigraph import RdfFormat
from pyoxigraph import Store as Oxigraph

from accord.web.child import free_port
from tests.conftest import clean_environment, wait_for

TOKEN = "an-owner's-token-0123456789"
EX = "https://example.org/"


@dataclass
class Served:
    """A running endpoint. ``lines`` is what it wrote to standard error."""

    address: str
    folder: Path
    process: subprocess.Popen[str]
    client: httpx.Client
    lines: list[str] = field(default_factory=list)

    @property
    def access(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines if line.startswith("{")]

    def ask(self, sparql: str = "ASK {}", **headers: str) -> httpx.Response:
        return self.client.post("/query", data={"query": sparql}, headers=headers)

    def alive(self) -> bool:
        return self.ask().text == '{"head":{},"boolean":true}'


def small_store(folder: Path, triples: int = 2000) -> Path:
    store = Oxigraph(folder)
    lines = (f'<{EX}s{i}> <{EX}p> "{i}" <{EX}g{i % 3}> .' for i in range(triples))
    store.load("\n".join(lines).encode(), format=RdfFormat.N_QUADS)
    store.flush()
    return folder


@contextmanager
def serving(folder: Path, *options: str, **env: str) -> Iterator[Served]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [sys.executable, "-m", "accord", "serve", "--store", folder, "--port", str(port), *options],
        stderr=subprocess.PIPE,
        text=True,
        env=clean_environment(folder.parent) | env,
        cwd=folder.parent,
    )
    client = httpx.Client(base_url=address, timeout=60)
    served = Served(address, folder, process, client)

    def keep() -> None:
        served.lines.extend(process.stderr or ())

    reader = threading.Thread(target=keep, daemon=True)
    reader.start()
    try:
        wait_for(f"{address}/health", process, 60)  # type: ignore[arg-type]
        yield served
    finally:
        client.close()
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        finally:
            process.kill()
        reader.join(5)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """An endpoint that nobody may write to, shared by all tests that leave it as it is."""
    folder = small_store(tmp_path_factory.mktemp("serve") / "store")
    with serving(folder, "--timeout", "3", "--largest-result", "3000000") as running:
        yield running


@pytest.fixture(scope="session")
def owned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """An endpoint whose owner may write."""
    folder = small_store(tmp_path_factory.mktemp("owned") / "store")
    with serving(folder, "--timeout", "5", ACCORD_TOKEN=TOKEN) as running:
        yield running


@pytest.fixture
def serve(tmp_path: Path) -> Callable[..., Any]:
    """Start an endpoint over a store of its own: ``with serve("--cors", "*") as running``."""

    def start(*options: str, **env: str) -> Any:
        return serving(small_store(tmp_path / "store"), *options, **env)

    return start
