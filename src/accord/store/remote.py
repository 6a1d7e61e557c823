"""A store on a SPARQL 1.1 server: reads through SPARQLWrapper, writes over httpx."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from http.client import HTTPException
from types import TracebackType
from typing import Any, Self
from urllib.error import HTTPError, URLError

import httpx
from pyoxigraph import (
    Literal,
    Quad,
    QueryResultsFormat,
    RdfFormat,
    parse,
    parse_query_results,
)
from pyoxigraph import Store as Oxigraph
from SPARQLWrapper import ASK

from accord.errors import AccordError, StoreError
from accord.graph import NamedGraph
from accord.settings import Settings
from accord.store import PREFIXES, Answer, lines, malformed, replacement, trig
from accord.store.endpoints import probe
from accord.store.reader import Reader
from accord.store.wire import PassingError, Wire, may_pass, passing

_CHUNK = 2000
"""Triples that one INSERT DATA holds where the server is unknown; Virtuoso 7 fails near 5,000."""

_BRANCHES = 16
"""Branches of one query: the time to plan it grows with their square."""


class RemoteStore:
    """A :class:`~accord.store.Store` on a SPARQL 1.1 server, whose kind is found out by asking.

    How it writes depends on what the server has. Where an update of several operations is a
    transaction, a batch is one request. Elsewhere graphs are replaced one by one in the order
    given, whole by the Graph Store Protocol, or else by updates; a failure in between leaves
    those before it replaced, and the caller puts last what says that the rest is there.

    :param address: the server's base address, a dataset's or an endpoint's
    :param patience: seconds for which a server that is out of reach is asked again
    :raises StoreError: if no SPARQL server answers there
    """

    def __init__(self, address: str, settings: Settings, patience: float) -> None:
        self.address = address.rstrip("/")
        self._wire = Wire(self.address, settings, patience)
        try:
            self.endpoints = probe(self.address, self._wire)
        except StoreError:
            self._wire.close()
            raise

    @property
    def kind(self) -> str:
        """What answers there, for people: "Oxigraph server"."""
        return f"{self.endpoints.kind} server"

    def query(self, sparql: str) -> Answer:
        """See :meth:`accord.store.Store.query`; the default graph is the server's own."""
        prologue = " ".join(f"PREFIX {name}: <{iri}>" for name, iri in PREFIXES.items())
        reader = Reader(self.endpoints.query, f"{prologue}\n{sparql}", self._wire)
        body, media = self._wire.patiently(lambda: self._read(reader))
        if (results := QueryResultsFormat.from_media_type(media)) is not None:
            try:
                answer = parse_query_results(body, format=results)
                return _truth(answer) if reader.queryType == ASK else answer
            except (SyntaxError, ValueError) as error:
                raise StoreError(
                    f"{self.address} sent a result that cannot be read: {error}."
                ) from error
        if (rdf := RdfFormat.from_media_type(media)) is not None:
            return _as_graph(body, rdf)
        raise StoreError(
            f"{self.address} answers with {media or 'no media type'}, which is no SPARQL result.",
            "Give the address of a SPARQL 1.1 server to --store.",
        )

    def replace(self, graphs: Iterable[NamedGraph], drop: Iterable[str] = ()) -> None:
        """See :meth:`accord.store.Store.replace`, and above for servers without transactions."""
        graphs, drop = list(graphs), list(drop)
        if self.endpoints.transactional:
            self._replace_at_once(graphs, drop)
        elif self.endpoints.graphs:
            for graph in graphs:
                self._put(graph)
            for iri in drop:
                self._delete(iri)
        else:
            for graph in graphs:
                self._update(replacement([], [graph.iri]))
                triples = lines(graph)
                for start in range(0, len(triples), _CHUNK):
                    chunk = "".join(triples[start : start + _CHUNK])
                    self._update(f"INSERT DATA {{ GRAPH <{graph.iri}> {{\n{chunk}}} }}")
            if drop:
                self._update(replacement([], drop))

    def _replace_at_once(self, graphs: Sequence[NamedGraph], drop: Sequence[str]) -> None:
        if self.endpoints.quads and graphs and not drop and not self._any(graphs):
            # To add is to replace where nothing is yet, and is read twice as fast as an update.
            content = trig(graphs).encode()
            self._write("POST", self.endpoints.quads, content, RdfFormat.TRIG.media_type)
        else:
            self._update(replacement(graphs, drop))

    def _any(self, graphs: Sequence[NamedGraph]) -> bool:
        values = " ".join(f"<{graph.iri}>" for graph in graphs)
        return bool(self.query(f"ASK {{ VALUES ?g {{ {values} }} GRAPH ?g {{ ?s ?p ?o }} }}"))

    def _put(self, graph: NamedGraph) -> None:
        if not graph.triples:
            self._delete(graph.iri)
            return
        self._write(
            "PUT",
            self.endpoints.graphs,
            graph.triples.encode(),
            RdfFormat.N_TRIPLES.media_type,
            graph=graph.iri,
        )

    def _delete(self, iri: str) -> None:
        self._write("DELETE", self.endpoints.graphs, graph=iri)

    def _update(self, update: str) -> None:
        self._write("POST", self.endpoints.update, update.encode(), "application/sparql-update")

    def _write(
        self, method: str, url: str | None, content: bytes = b"", media: str = "", **params: str
    ) -> None:
        if url is None:
            raise StoreError(f"The {self.kind} at {self.address} takes no writes.")
        headers = {"Content-Type": media} if media else {}
        response = self._wire.request(
            method, url, content=content, headers=headers, params=params or None
        )
        gone = method == "DELETE" and response.status_code == httpx.codes.NOT_FOUND
        if response.is_error and not gone:
            says = " ".join(response.text.split())[:300]
            raise StoreError(
                f"The store at {self.address} cannot be written: it says "
                f"{response.status_code}: {says or response.reason_phrase}.",
                "Check that the address is one that may be written to.",
            )

    def holding(self, predicate: str, texts: Iterable[str], most: int) -> Iterator[str]:
        """See :meth:`accord.store.Store.holding`."""
        wanted = [str(Literal(text)) for text in texts]
        for start in range(0, len(wanted), _BRANCHES):
            branches = " UNION ".join(
                f"{{ SELECT ?g WHERE {{ GRAPH ?g {{ ?s <{predicate}> {text} }} }} LIMIT {most} }}"
                for text in wanted[start : start + _BRANCHES]
            )
            rows: Any = self.query(f"SELECT ?g WHERE {{ {branches} }}")
            yield from (row["g"].value for row in rows)

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
        self._wire.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _read(self, reader: Reader) -> tuple[bytes, str]:
        try:
            return reader.read()
        except HTTPError as error:
            if may_pass(error.code):
                raise passing(error.code, error.headers.get("Retry-After")) from error
            if error.code == httpx.codes.BAD_REQUEST:
                raise self._refused(reader.queryString, error) from error
            self._wire.check(reader.endpoint, error.code, error.headers.get("Location"))
            raise self._failed(error) from error
        except (URLError, HTTPException, OSError) as error:
            raise PassingError(f"does not answer: {error}") from error

    def _refused(self, sparql: str, error: HTTPError) -> AccordError:
        """Return the error for a query that the server finds malformed, with the place if it is.

        Not every server says where, so Oxigraph's parser is asked.
        """
        try:
            Oxigraph().query(sparql)
        except SyntaxError as syntax:
            return malformed(str(syntax), lines_before=1)
        return self._failed(error)

    def _failed(self, error: HTTPError) -> StoreError:
        says = " ".join(error.read().decode(errors="replace").split())[:300]
        return StoreError(
            f"The store at {self.address} cannot answer: it says {error.code}: "
            f"{says or error.reason}."
        )


def _truth(answer: Any) -> Answer:
    """Return the answer to an ASK; Virtuoso 7 sends a table of one number."""
    if getattr(answer, "variables", None) is None:
        return answer  # type: ignore[no-any-return]
    holds = any(solution[0].value not in ("0", "false") for solution in answer)
    return Oxigraph().query("ASK {}" if holds else "ASK { FILTER(false) }")


def _as_graph(body: bytes, media: RdfFormat) -> Answer:
    """Return parsed triples in the form in which an embedded store answers."""
    store = Oxigraph()
    store.extend(
        Quad(quad.subject, quad.predicate, quad.object) for quad in parse(body, format=media)
    )
    return store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
