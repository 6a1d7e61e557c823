"""A store on a SPARQL 1.1 server: queries through SPARQLWrapper, updates over HTTP."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Any, Self
from urllib.error import URLError

import httpx
from pyoxigraph import (
    Quad,
    QueryResultsFormat,
    RdfFormat,
    parse,
    parse_query_results,
)
from pyoxigraph import Store as Oxigraph
from SPARQLWrapper import CONSTRUCT, DESCRIBE, JSON, POST, TURTLE, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, SPARQLWrapperException

from accord.errors import StoreError
from accord.graph import NamedGraph
from accord.store import PREFIXES, Answer, malformed, replacement

_TIMEOUT = 60.0
"""Seconds that a request may take."""


class RemoteStore:
    """A :class:`~accord.store.Store` on a server with ``/query`` and ``/update`` endpoints.

    :param address: the server's base address; its endpoints are ``ADDRESS/query`` and
        ``ADDRESS/update``, as Oxigraph and Fuseki have them
    :raises StoreError: if no SPARQL server answers there
    """

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        self._client = httpx.Client(timeout=_TIMEOUT)
        self.query("ASK {}")

    def query(self, sparql: str) -> Answer:
        """See :meth:`accord.store.Store.query`; the default graph is the server's own."""
        wrapper = SPARQLWrapper(f"{self.address}/query", returnFormat=JSON)
        wrapper.setMethod(POST)
        wrapper.setTimeout(int(_TIMEOUT))
        prologue = " ".join(f"PREFIX {name}: <{iri}>" for name, iri in PREFIXES.items())
        wrapper.setQuery(f"{prologue}\n{sparql}")
        if wrapper.queryType in (CONSTRUCT, DESCRIBE):
            wrapper.setReturnFormat(TURTLE)
        try:
            response = wrapper.query()
            body: bytes = response.response.read()
            media = str(response.info().get("content-type", "")).split(";")[0]
        except QueryBadFormed as error:
            raise malformed(str(error), lines_before=1) from error
        except (SPARQLWrapperException, URLError, OSError) as error:
            raise self._failed("does not answer", error) from error
        if (results := QueryResultsFormat.from_media_type(media)) is not None:
            return parse_query_results(body, format=results)
        if (rdf := RdfFormat.from_media_type(media)) is not None:
            return _as_graph(body, rdf)
        raise StoreError(
            f"{self.address} answers with {media or 'no media type'}, which is no SPARQL result.",
            "Give the address of a SPARQL 1.1 server to --store.",
        )

    def replace(self, graphs: Iterable[NamedGraph], drop: Iterable[str] = ()) -> None:
        """See :meth:`accord.store.Store.replace`; one SPARQL update request."""
        try:
            response = self._client.post(
                f"{self.address}/update",
                content=replacement(graphs, drop).encode(),
                headers={"Content-Type": "application/sparql-update"},
            )
            response.raise_for_status()
        except httpx.HTTPError as error:
            raise self._failed("cannot be written", error) from error

    def quads(self) -> Iterator[Quad]:
        """See :meth:`accord.store.Store.quads`."""
        names: Any = self.query("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g")
        for (graph,) in names:
            triples: Any = self.query(
                f"SELECT ?s ?p ?o WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }} ORDER BY ?s ?p ?o"
            )
            for subject, predicate, value in triples:
                yield Quad(subject, predicate, value, graph)

    def close(self) -> None:
        """See :meth:`accord.store.Store.close`."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _failed(self, what: str, error: Exception) -> StoreError:
        return StoreError(
            f"The store at {self.address} {what}: {error}.",
            "Check that the server runs and that the address is the server's base address.",
        )


def _as_graph(body: bytes, media: RdfFormat) -> Answer:
    """Return parsed triples in the form in which an embedded store answers."""
    store = Oxigraph()
    store.extend(
        Quad(quad.subject, quad.predicate, quad.object) for quad in parse(body, format=media)
    )
    return store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
