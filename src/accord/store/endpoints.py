"""Where a SPARQL 1.1 server takes queries, updates and graphs: known kinds, and how one is told.

The protocols are W3C's (SPARQL 1.1 Protocol, SPARQL 1.1 Graph Store HTTP Protocol), but every
server has paths and powers of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from accord.errors import StoreError
from accord.store.wire import Wire


@dataclass(frozen=True, slots=True)
class Endpoints:
    """A server's endpoints, as absolute addresses, and what can be relied on there.

    ``update`` takes SPARQL updates, ``graphs`` the Graph Store Protocol, ``quads`` N-Quads of
    several graphs in one POST; None stands for what it does not have. ``transactional`` says that
    one update request of several operations happens whole or not at all.
    """

    kind: str
    query: str
    update: str | None = None
    graphs: str | None = None
    quads: str | None = None
    transactional: bool = False


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of server: what its ``Server`` header starts with, and its paths below the base."""

    name: str
    header: str
    query: str
    update: str | None = None
    graphs: str | None = None
    quads: str | None = None
    transactional: bool = False


# Oxigraph, `accord serve` and Virtuoso are what the tests run against; the others are as their
# documentation has them.
_KINDS = (
    _Kind("Accord", "accord", "/query", graphs="/store"),
    _Kind("Oxigraph", "oxigraph", "/query", "/update", "/store", "/store", transactional=True),
    _Kind("Fuseki", "apache jena fuseki", "/query", "/update", "/data", transactional=True),
    _Kind("Virtuoso", "virtuoso", "/sparql", "/sparql-auth", "/sparql-graph-crud-auth"),
    _Kind("RDF4J or GraphDB", "graphdb", "", "/statements", "/rdf-graphs/service", None, True),
    _Kind("QLever", "qlever", "", ""),
)
_UNKNOWN = _Kind("SPARQL 1.1", "", "", "")
_REPOSITORIES = "/repositories/"
"""What an address of RDF4J's protocol has in its path."""

_PATHS = ("/query", "/sparql", "")
"""Where a query endpoint may lie below the address that was given."""


def probe(address: str, wire: Wire) -> Endpoints:
    """Find out what answers at an address: a server's base, a dataset of it, or an endpoint.

    :raises StoreError: if nothing there answers a SPARQL query
    """
    refused = ""
    for base, path in _candidates(address.rstrip("/")):
        # A query by GET, which every server understands, and which changes nothing.
        response = wire.request(
            "GET",
            base + path,
            params={"query": "ASK {}"},
            headers={"Accept": "application/sparql-results+json"},
        )
        if _answers(response):
            return _endpoints(base, path, response.headers.get("server", "").casefold())
        refused = refused or _refusal(response)
    raise StoreError(
        f"{address} answers, but not to SPARQL: {refused}.",
        "Give the base address of a SPARQL 1.1 server to --store, for instance "
        "http://localhost:7878 (Oxigraph), http://localhost:3030/dataset (Fuseki), "
        "http://localhost:7200/repositories/name (GraphDB) or http://localhost:8890 (Virtuoso).",
    )


def _candidates(address: str) -> Iterator[tuple[str, str]]:
    for path in filter(None, _PATHS):
        if address.endswith(path):
            yield address.removesuffix(path), path
            return
    if _REPOSITORIES in address:
        yield address, ""
        return
    for path in _PATHS:
        yield address, path


def _answers(response: httpx.Response) -> bool:
    if response.status_code != httpx.codes.OK:
        return False
    try:
        body: Any = response.json()
    except ValueError:
        return False
    # Virtuoso 7 answers an ASK with a table.
    return isinstance(body, dict) and ("boolean" in body or "results" in body)


def _endpoints(base: str, path: str, header: str) -> Endpoints:
    rdf4j = path == "" and _REPOSITORIES in base
    prefix = "graphdb" if rdf4j else header
    kind = next((kind for kind in _KINDS if prefix.startswith(kind.header)), _UNKNOWN)

    def full(below: str | None) -> str | None:
        return None if below is None else base + below

    if kind is _UNKNOWN:
        return Endpoints(kind.name, base + path, update=base + path)
    return Endpoints(
        kind.name,
        base + path,
        full(kind.update),
        full(kind.graphs),
        full(kind.quads),
        kind.transactional,
    )


def _refusal(response: httpx.Response) -> str:
    media = response.headers.get("content-type", "no media type").split(";")[0]
    return f"{response.request.url.copy_with(query=None)} says {response.status_code} ({media})"
