"""A small Wikidata on a real SPARQL server."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from accord.web.child import free_port
from tests.conftest import running
from tests.linking.misbehaving import Server, misbehaving
from tests.linking.services import reconciliation, wikidata_api
from tests.linking.wikidata_model import items, turtle


@pytest.fixture(scope="session")
def wikidata() -> Iterator[str]:
    """The query endpoint of an Oxigraph server that holds the small Wikidata, and is only read."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    program = Path(sys.executable).with_name("oxigraph")
    with running([program, "serve", "--bind", f"127.0.0.1:{port}"], f"{address}/"):
        load(address, turtle(items()))
        yield f"{address}/query"


def load(address: str, triples: str) -> None:
    """Put Turtle into the default graph of an Oxigraph server."""
    headers = {"Content-Type": "text/turtle"}
    response = httpx.post(
        f"{address}/store?default", content=triples.encode(), headers=headers, timeout=60
    )
    response.raise_for_status()


@pytest.fixture
def api() -> Iterator[Server]:
    """A server that plays the MediaWiki API of the small Wikidata; see its ``address``."""
    with misbehaving(wikidata_api) as server:
        yield server


@pytest.fixture
def reconciler() -> Iterator[Server]:
    """A server that plays a reconciliation service over the small Wikidata."""
    with misbehaving(reconciliation) as server:
        yield server
