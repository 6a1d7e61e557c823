"""``accord query`` and ``accord queries``: questions to a store."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from accord import display
from accord.commands.options import StoreOption, opened
from accord.errors import UsageError


class QueryFormat(StrEnum):
    """How ``accord query`` writes an answer."""

    TABLE = "table"
    CSV = "csv"
    TSV = "tsv"
    JSON = "json"


def query(
    question: Annotated[
        str | None,
        typer.Argument(metavar="NAME | 'SPARQL'", help="A named query, or a query as text."),
    ] = None,
    file: Annotated[Path | None, typer.Option(help="A file with the query.")] = None,
    store: StoreOption = None,
    format: Annotated[QueryFormat, typer.Option(help="How to write the answer.")] = (
        QueryFormat.TABLE
    ),
    limit: Annotated[
        int | None, typer.Option(min=1, help="The most rows that a table shows.")
    ] = None,
) -> None:
    """Ask a store a question, by name or in SPARQL.

    The prefixes accord, actor, agreement, place, status, skos, prov, oa, dcterms, schema, wd and
    xsd need no declaration.
    """
    from accord.query import find_query, is_sparql, render

    if (question is None) == (file is None):
        raise UsageError(
            "Give either a named query, a query as text, or --file.",
            "`accord queries` lists the named ones.",
        )
    if file is not None:
        sparql = _text_of(file)
    else:
        text = question or ""
        sparql = text if is_sparql(text) else find_query(text).sparql
    with opened(store) as graph:
        answer = render(graph.query(sparql), format.value, limit)
    display.answer(answer)


def queries() -> None:
    """List the named queries with their questions."""
    from accord.query import named_queries

    display.questions(named_queries())


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read: {error}.") from error
