"""``accord ingest``: from articles to the store."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from accord import display
from accord.commands.options import StoreOption
from accord.errors import ExitCode

if TYPE_CHECKING:
    from accord.ingestion import Summary
    from accord.settings import Settings


def ingest(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE...", help="Files, folders, addresses, names of sources, or -."
        ),
    ],
    store: StoreOption = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes that extract.", show_default="1")
    ] = None,
    dask: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="A Dask scheduler whose workers extract: tcp://..."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress and no summary.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The summary as JSON.")] = False,
) -> None:
    """Extract the claims of new and changed articles and load them into a store.

    Exit code 3 says that the run is complete but some articles were set aside;
    `accord status` lists them with the reason.
    """
    from accord.settings import load_settings

    settings = load_settings(store=store, workers=workers, dask=dask)
    told(ingest_sources(sources, settings, quiet or as_json), quiet, as_json)


def told(summary: Summary, quiet: bool, as_json: bool) -> None:
    """Show what a run did.

    :raises typer.Exit: with the exit code, if a source failed or articles were set aside
    """
    if as_json:
        print(json.dumps(summary.document(), ensure_ascii=False))
    elif not quiet:
        display.summary(summary)
    if summary.failed:
        raise typer.Exit(ExitCode.FAILURE)
    if summary.set_aside:
        raise typer.Exit(ExitCode.SET_ASIDE)


def ingest_sources(sources: list[str], settings: Settings, quiet: bool) -> Summary:
    """Run the flow over sources, unless there is nothing to do and nobody to see that it ran."""
    from accord.ingestion import unchanged_summary
    from accord.orchestration import run_flow, serverless

    # Without a server nobody would see the run of a flow that has nothing to do, and starting
    # Prefect takes longer than finding that out.
    if serverless() and (summary := unchanged_summary(sources, settings)):
        return summary
    given = settings.parameters()
    result: Summary = run_flow(
        "ingest", dask=settings.dask, sources=sources, settings=given, quiet=quiet
    )
    return result
