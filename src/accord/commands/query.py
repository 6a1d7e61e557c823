"""``accord query`` and ``accord queries``: questions to a store."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from accord import display
from accord.commands.options import StoreOption, opened
from accord.errors import UsageError

if TYPE_CHECKING:
    from accord.store import Store


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
    parameter: Annotated[
        list[str] | None,
        typer.Option(
            "--param",
            "-p",
            metavar="KEY=VALUE",
            help="A parameter of a named query, such as actor=turkey; repeat it for more.",
        ),
    ] = None,
    store: StoreOption = None,
    version: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="VERSION",
            help="What this version said, also of articles that were read again since: a hash or "
            "number of `accord history`.",
        ),
    ] = None,
    service: Annotated[
        list[str] | None,
        typer.Option(
            metavar="HOST",
            help="A host that SERVICE in the query may call, such as query.wikidata.org; repeat "
            "it for more. Only for a store that is a folder.",
        ),
    ] = None,
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
    from accord.query import count_rows, find_query, is_sparql, names_in, render

    given = given_parameters(parameter or [])
    if (question is None) == (file is None):
        raise UsageError(
            "Give either a named query, a query as text, or --file.",
            "`accord queries` lists the named ones.",
        )
    text = _text_of(file) if file is not None else question or ""
    named = find_query(text) if file is None and not is_sparql(text) else None
    if given and named is None:
        raise UsageError(
            "Only named queries have parameters.",
            "Leave out -p, and write the values into the query.",
        )
    with opened(store) as graph:
        sparql = named.bound(given, names_in(graph)) if named else text
        _check_services(graph, sparql, service or [])
        asked = graph if version is None else _former(graph, version, sparql)
        answer, count = count_rows(asked.query(sparql))
        rendered = render(answer, format.value, limit)
    display.answer(rendered)
    if named and count == named.most_rows(given):
        display.note(f"{named.name} stops at {count} rows: for more, -p limit={10 * count}.")


def queries(
    name: Annotated[
        str | None, typer.Argument(help="Show this query: its parameters and its text.")
    ] = None,
) -> None:
    """List the named queries with their questions and parameters, or show one."""
    from accord.query import find_query, named_queries

    if name is None:
        display.questions(named_queries())
    else:
        display.question(find_query(name))


def given_parameters(parameters: list[str]) -> dict[str, list[str]]:
    """Return the values of each parameter.

    :raises UsageError: if one is not KEY=VALUE
    """
    given: dict[str, list[str]] = {}
    for parameter in parameters:
        key, equals, value = parameter.partition("=")
        if not key.strip() or not equals or not value.strip():
            raise UsageError(
                f"The parameter {parameter!r} is not KEY=VALUE.", "Write it as -p actor=turkey."
            )
        given.setdefault(key.strip(), []).append(value)
    return given


def _check_services(store: Store, sparql: str, hosts: list[str]) -> None:
    """Refuse a query of a folder that calls a host which was not named.

    What a server calls is for the server to allow.

    :raises QueryError: naming what is called
    :raises UsageError: if hosts are named for a server
    """
    from accord.web.guard import check_services

    if store.kind == "folder":
        check_services(
            sparql,
            [host.lower() for host in hosts],
            "without its name",
            "Allow it with --service HOST; it learns what the query asks it.",
        )
    elif hosts:
        raise UsageError(
            f"--service is for a store that is a folder; {store.address} calls what it may itself.",
            "Leave it out, or copy the store into a folder with `accord copy`.",
        )


def _former(store: Store, version: str, sparql: str) -> Store:
    from accord.provenance.history import as_of, asks_for_derived, find_version

    return as_of(store, find_version(store, version), derived=asks_for_derived(sparql))


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read: {error}.") from error
