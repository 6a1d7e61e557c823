"""``accord export``: a store, or a part of it, in forms for other tools and for publication."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from accord import display
from accord.commands.options import StoreOption, opened
from accord.commands.query import given_parameters
from accord.errors import AccordError, UsageError

if TYPE_CHECKING:
    from accord.publishing.crate import Question
    from accord.publishing.excerpt import Selection
    from accord.store import Store

_ALL_CLAIMS = "claim-nodes"
"""The named query whose parameters select claims where no query is given."""


class ExportFormat(StrEnum):
    """How ``accord export`` writes a store."""

    NQUADS = "nquads"
    TRIG = "trig"
    TURTLE = "turtle"
    JSONL = "jsonl"
    CSV = "csv"
    GEOJSON = "geojson"
    NANOPUB = "nanopub"
    VOID = "void"
    CRATE = "crate"


class ExportSubject(StrEnum):
    """What a table has a row of."""

    CLAIMS = "claims"
    ZONES = "zones"


_SELECTING = (ExportFormat.CSV, ExportFormat.GEOJSON, ExportFormat.NANOPUB, ExportFormat.CRATE)


def export(
    format: Annotated[
        ExportFormat,
        typer.Option(
            help="RDF (nquads, trig, turtle); claims (jsonl, csv, geojson, nanopub); a description "
            "of the store (void); the answer to a query with its provenance (crate, a zip file)."
        ),
    ],
    query: Annotated[
        str | None,
        typer.Option(
            metavar="NAME | 'SPARQL'", help="Only the claims that its answer names; for a crate."
        ),
    ] = None,
    parameter: Annotated[
        list[str] | None,
        typer.Option(
            "--param",
            "-p",
            metavar="KEY=VALUE",
            help="A parameter of the query; without a query, selects claims: holder=russia.",
        ),
    ] = None,
    of: Annotated[
        ExportSubject, typer.Option(help="What a row of CSV or a feature of GeoJSON is.")
    ] = ExportSubject.CLAIMS,
    licence: Annotated[
        str | None, typer.Option(metavar="IRI", help="The licence, if not CC BY 4.0.")
    ] = None,
    creator: Annotated[
        str | None, typer.Option(metavar="IRI", help="Who publishes it, such as an ORCID.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file instead of standard output.")
    ] = None,
    store: StoreOption = None,
) -> None:
    """Write a store to standard output: all of it, or what a query selects."""
    from accord.export import export_claims, export_rdf
    from accord.publishing.nanopublication import LICENCE, Imprint, write_nanopublications
    from accord.publishing.tables import Subject, write_csv, write_geojson

    if (query or parameter) and format not in _SELECTING:
        raise UsageError(
            f"{format.value} is of the whole store.",
            f"--query and -p go with {', '.join(_SELECTING)}.",
        )
    imprint = Imprint(_iri(licence or LICENCE), creator and _iri(creator))
    with opened(store) as graph, _output(output) as file:
        if format is ExportFormat.CRATE:
            from accord.publishing.crate import write_crate

            question = _question(graph, query, parameter or [])
            made = write_crate(graph, question, file, imprint, datetime.now(UTC).date())
            display.note(
                f"{made.rows} rows and the {made.claims} claims behind them, from "
                f"{made.articles} articles."
            )
        elif format is ExportFormat.VOID:
            from accord.publishing.description import write_description

            write_description(graph, file, imprint.licence)
        elif format is ExportFormat.NANOPUB:
            write_nanopublications(_selection(graph, query, parameter or []), file, imprint)
        elif format is ExportFormat.JSONL:
            for claim in export_claims(graph):
                file.write(f"{claim.line()}\n".encode())
        elif format in (ExportFormat.CSV, ExportFormat.GEOJSON):
            write = write_csv if format is ExportFormat.CSV else write_geojson
            text = io.TextIOWrapper(file, "utf-8", newline="", write_through=True)
            write(_selection(graph, query, parameter or []), Subject(of.value), text)
            text.detach()
        else:
            export_rdf(graph, format.value, file)


def _selection(store: Store, query: str | None, parameters: list[str]) -> Selection:
    """Return the claims that are asked for; all of them if nothing is."""
    from accord.publishing.excerpt import Selection, solutions

    if not query and not parameters:
        return Selection(store)
    question = _question(store, query or _ALL_CLAIMS, parameters)
    _, rows = solutions(store.query(question.sparql))
    return Selection.of_rows(store, rows)


def _question(store: Store, query: str | None, parameters: list[str]) -> Question:
    from accord.publishing.crate import Question
    from accord.query import find_query, is_sparql, names_in

    if query is None:
        raise UsageError(
            "A crate holds the answer to a query.", "Give it with --query; see `accord queries`."
        )
    given = given_parameters(parameters)
    if not is_sparql(query):
        named = find_query(query)
        return Question(named.title, named.description, named.bound(given, names_in(store)))
    if given:
        raise UsageError(
            "Only named queries have parameters.",
            "Leave out -p, and write the values into the query.",
        )
    return Question("Answer to a query", "", query)


def _iri(text: str) -> str:
    from pyoxigraph import NamedNode

    try:
        return NamedNode(text).value
    except ValueError as error:
        raise UsageError(
            f"{text!r} is no IRI.", "Write it in full: https://orcid.org/0000-0000-0000-0000."
        ) from error


@contextmanager
def _output(path: Path | None) -> Iterator[BinaryIO]:
    """Open a file, written beside its place first, so that a failure leaves what was there."""
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with unfinished.open("wb") as file:
            yield file
        unfinished.replace(path)
    except OSError as error:
        raise AccordError(
            f"{path} cannot be written: {error.strerror}.", "Name another place with --output."
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)
