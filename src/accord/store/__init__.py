"""Stores: where the graph is kept and queried. A folder (pyoxigraph) or a SPARQL 1.1 server."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from pyoxigraph import Quad, QueryBoolean, QuerySolutions, QueryTriples

from accord.errors import QueryError
from accord.graph import NamedGraph
from accord.settings import Settings, load_settings

Answer = QuerySolutions | QueryBoolean | QueryTriples

PREFIXES = {
    "accord": "https://w3id.org/accord-kg/ontology#",
    "actor": "https://w3id.org/accord-kg/id/actor/",
    "agreement": "https://w3id.org/accord-kg/id/agreement/",
    "place": "https://w3id.org/accord-kg/id/place/",
    "event": "https://w3id.org/accord-kg/id/event/",
    "graph": "https://w3id.org/accord-kg/graph/",
    "status": "https://w3id.org/accord-kg/scheme/status/",
    "polarity": "https://w3id.org/accord-kg/scheme/polarity/",
    "modality": "https://w3id.org/accord-kg/scheme/modality/",
    "action": "https://w3id.org/accord-kg/scheme/action/",
    "object": "https://w3id.org/accord-kg/scheme/object/",
    "dcterms": "http://purl.org/dc/terms/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "sssom": "https://w3id.org/sssom/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "wd": "http://www.wikidata.org/entity/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""Prefixes that every query may use without declaring them."""


class Store(Protocol):
    """A set of named graphs that can be queried, and replaced whole."""

    address: str

    @property
    def kind(self) -> str:
        """What kind of store it is, for people: "folder", "Oxigraph server"."""

    def query(self, sparql: str) -> Answer:
        """Answer a SPARQL 1.1 query; ``PREFIXES`` need no declaration.

        :raises QueryError: if it is not SPARQL, naming the line and column
        :raises StoreError: if the store cannot answer
        """

    def replace(self, graphs: Iterable[NamedGraph], drop: Iterable[str] = ()) -> None:
        """Put graphs in the place of those of the same name, and drop others, all or nothing.

        Returns when the change is durable. A server without transactions replaces graph by graph,
        in the order given: put last what says that the rest is there.

        :raises StoreError: if it cannot be written; the store then is as it was before (on a
            server without transactions some graphs may be replaced, each whole)
        """

    def holding(self, predicate: str, texts: Iterable[str], most: int) -> Iterator[str]:
        """Yield the names of graphs that have triples with a predicate and one of some texts.

        A look into the index, for what is looked up by the thousand.

        :param predicate: its IRI
        :param texts: literals without language
        :param most: of each text no more graphs than this, no matter which
        :raises StoreError: if the store cannot answer
        """

    def quads(self) -> Iterator[Quad]:
        """Yield everything in the store, graph by graph."""

    def close(self) -> None:
        """Let go of the store, so that another process may open it."""

    def __enter__(self) -> Self:
        """Return the store itself."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the store."""


def open_store(
    address: str | Path,
    *,
    create: bool = False,
    settings: Settings | None = None,
    patience: float = 3.0,
) -> Store:
    """Open the store at a folder's path or a server's URL.

    :param address: a folder, or the ``http(s)://`` address of a SPARQL 1.1 server
    :param create: make an empty store if the folder has none
    :param settings: for a server's credentials; those in force without it
    :param patience: seconds for which a server that is out of reach is asked again
    :raises StoreError: if there is none, it is held by another process, or it does not answer
    """
    if str(address).startswith(("http://", "https://")):
        from accord.store.remote import RemoteStore

        return RemoteStore(str(address), settings or load_settings(), patience)
    from accord.store.embedded import EmbeddedStore

    return EmbeddedStore(Path(address), create=create)


def malformed(message: str, lines_before: int = 0) -> QueryError:
    """Return the error for a query that is not SPARQL, with the position from Oxigraph's message.

    The message goes on with everything that the grammar allows there, down to ranges of
    characters, which helps nobody. ``lines_before`` counts lines that Accord put before the query.
    """
    place = re.search(r"error at (\d+):(\d+)", message)
    where = message
    if place:
        where = f"at line {int(place[1]) - lines_before}, column {place[2]}"
    return QueryError(
        f"The query is not SPARQL 1.1: it breaks off or goes wrong {where}.",
        "Check the syntax there; `accord queries` lists queries to start from.",
    )


def replacement(graphs: Iterable[NamedGraph], drop: Iterable[str] = ()) -> str:
    """Return one SPARQL update that replaces graphs and drops others.

    N-Triples is a subset of SPARQL's syntax of triples, and Accord writes no blank nodes.
    """
    steps = [f"DROP SILENT GRAPH <{iri}>" for iri in drop]
    for graph in graphs:
        steps.append(f"DROP SILENT GRAPH <{graph.iri}>")
        steps.append(f"INSERT DATA {{ GRAPH <{graph.iri}> {{\n{graph.triples}}} }}")
    return " ;\n".join(steps)


def trig(graphs: Iterable[NamedGraph]) -> str:
    """Return graphs as TriG: N-Triples is a subset of its syntax of triples."""
    return "".join(f"<{graph.iri}> {{\n{graph.triples}}}\n" for graph in graphs)


def lines(graph: NamedGraph) -> list[str]:
    """Return a graph's triples, each with its line end.

    Literals may hold characters that ``str.splitlines`` takes for line ends.
    """
    return [f"{line}\n" for line in graph.triples.split("\n") if line]
