"""The command line: ``accord ingest``, ``extract``, ``query``, ``queries``, ``status``, ``export``.

Answers go to standard output, everything else to standard error. Modules that take long to import
are imported by the command that needs them, so that ``--help`` answers at once.
"""

from __future__ import annotations

import json
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from accord import __version__, display
from accord.attributions_cli import attributions
from accord.errors import AccordError, ExitCode, UsageError
from accord.frames_cli import app as frames_app
from accord.processes import one_core_each

if TYPE_CHECKING:
    from accord.ingestion import Summary
    from accord.settings import Settings
    from accord.store import Store

_INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it."""

app = typer.Typer(
    help="Who claims what about whose obligation: from news reports to a queryable graph.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(frames_app, name="frames")
app.command(epilog="Example: accord attributions report.txt --format table")(attributions)

StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="PATH|URL",
        help="A folder, or the address of a SPARQL 1.1 server. Also ACCORD_STORE or accord.toml.",
        show_default="a folder of your data directory",
    ),
]


class ExtractFormat(StrEnum):
    """How ``accord extract`` writes claims."""

    JSONL = "jsonl"
    TABLE = "table"


class QueryFormat(StrEnum):
    """How ``accord query`` writes an answer."""

    TABLE = "table"
    CSV = "csv"
    TSV = "tsv"
    JSON = "json"


class ExportFormat(StrEnum):
    """How ``accord export`` writes a store."""

    NQUADS = "nquads"
    TRIG = "trig"
    TURTLE = "turtle"
    JSONL = "jsonl"


def main() -> None:
    """Run the command line and exit; errors raised on purpose are one message, no traceback."""
    one_core_each()
    try:
        # Typer turns Ctrl-C into this exit code by itself.
        if (code := app(standalone_mode=False)) == _INTERRUPTED:
            raise KeyboardInterrupt
    except AccordError as error:
        display.complain(error)
        code = error.exit_code
    except KeyboardInterrupt:
        display.note("Stopped. What was loaded stays; the next run goes on from there.")
        code = _INTERRUPTED
    except BrokenPipeError:
        # The reader (head, less) has seen enough; keep Python from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = ExitCode.DONE
    except typer.Exit as stop:
        code = stop.exit_code
    except Exception as error:
        # Wrong use: click's own errors know how to show themselves.
        if not hasattr(error, "show"):
            raise
        error.show()
        code = ExitCode.WRONG_USE
    sys.exit(int(code or 0))


def _version(wanted: bool) -> None:
    if wanted:
        print(f"accord {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


@app.command(epilog="Example: accord ingest articles/ --store graph --workers 2")
def ingest(
    sources: Annotated[
        list[Path], typer.Argument(metavar="SOURCE...", help="Text files and folders of them.")
    ],
    store: StoreOption = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes that extract.", show_default="1")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress and no summary.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The summary as JSON.")] = False,
) -> None:
    """Extract the claims of new and changed articles and load them into a store.

    Exit code 3 says that the run is complete but some articles were set aside;
    `accord status` lists them with the reason.
    """
    from accord.settings import load_settings

    settings = load_settings(store=store, workers=workers)
    summary = _ingest(sources, settings, quiet=quiet or as_json)
    if as_json:
        print(json.dumps(summary.document(), ensure_ascii=False))
    elif not quiet:
        display.summary(summary)
    if summary.set_aside:
        raise typer.Exit(ExitCode.SET_ASIDE)


def _ingest(sources: list[Path], settings: Settings, quiet: bool) -> Summary:
    from accord.ingestion import unchanged_summary
    from accord.orchestration import run_flow, serverless

    # Without a server nobody would see the run of a flow that has nothing to do, and starting
    # Prefect takes longer than finding that out.
    if serverless() and (summary := unchanged_summary(sources, settings)):
        return summary
    given = settings.model_dump(mode="json")
    result: Summary = run_flow(
        "ingest", sources=[str(source) for source in sources], settings=given, quiet=quiet
    )
    return result


@app.command(epilog="Example: accord extract report.txt --format table")
def extract(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Text files.")],
    format: Annotated[ExtractFormat, typer.Option(help="One claim a line, or a table.")] = (
        ExtractFormat.JSONL
    ),
    least: Annotated[
        float, typer.Option("--min-confidence", min=0, max=1, help="Leave out what is less sure.")
    ] = 0.0,
) -> None:
    """Write the claims of articles to standard output; no store is needed."""
    from accord.batch import extract_each
    from accord.errors import ArticleError
    from accord.settings import load_settings
    from accord.sources.files import read_articles

    settings = load_settings()
    articles = []
    failed = False
    for article in read_articles(files, settings.largest_article):
        if isinstance(article, ArticleError):
            display.complain(article)
            failed = True
        else:
            articles.append(article)
    found = []
    for result in extract_each(articles, settings.model):
        if isinstance(result, ArticleError):
            display.complain(result)
            failed = True
            continue
        sure = [claim for claim in result.claims if (claim.confidence or 0.0) >= least]
        if format is ExtractFormat.JSONL:
            for claim in sure:
                print(claim.line())
        else:
            found += sure
    if format is ExtractFormat.TABLE:
        display.claims(found)
    if failed:
        raise typer.Exit(ExitCode.SET_ASIDE)


@app.command(epilog="Example: accord query contradictions --format csv")
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
    with _opened(store) as graph:
        answer = render(graph.query(sparql), format.value, limit)
    display.answer(answer)


@app.command(epilog="Example: accord queries")
def queries() -> None:
    """List the named queries with their questions."""
    from accord.query import named_queries

    display.questions(named_queries())


@app.command(epilog="Example: accord status --store graph")
def status(
    store: StoreOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show what a store holds: articles, claims by type, what was set aside, versions."""
    from accord.overview import overview

    with _opened(store) as graph:
        found = overview(graph)
    if as_json:
        print(json.dumps(found.document(), ensure_ascii=False))
    else:
        display.overview(found)


@app.command(epilog="Example: accord export --format trig > graph.trig")
def export(
    format: Annotated[ExportFormat, typer.Option(help="RDF, or claims as JSON Lines.")],
    store: StoreOption = None,
) -> None:
    """Write a whole store to standard output."""
    from accord.export import export_claims, export_rdf

    with _opened(store) as graph:
        if format is ExportFormat.JSONL:
            for claim in export_claims(graph):
                print(claim.line())
        else:
            export_rdf(graph, format.value, sys.stdout.buffer)


def _opened(store: str | None) -> Store:
    from accord.settings import load_settings
    from accord.store import open_store

    return open_store(load_settings(store=store).store)


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read: {error}.") from error
