"""``accord copy``: what one store has, into another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from accord import display
from accord.errors import ExitCode, UsageError

_SERVER = ("http://", "https://")


def copy(
    source: Annotated[
        str,
        typer.Option("--from", metavar="PATH|URL", help="A folder, or a SPARQL 1.1 server."),
    ],
    target: Annotated[
        str,
        typer.Option("--to", metavar="PATH|URL", help="A folder, made if need be, or a server."),
    ],
    every: Annotated[
        bool, typer.Option("--all", help="Also graphs that are none of Accord's.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress and no summary.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The summary as JSON.")] = False,
) -> None:
    """Copy a store into another, graph by graph; what the target has already is not sent again.

    A copy that broke off goes on when the command is given again. The target's credentials are in
    ACCORD_STORE_USER and so on, as ever; the source is read without any, or with those in
    ACCORD_FROM_USER, ACCORD_FROM_PASSWORD, ACCORD_FROM_AUTH or ACCORD_FROM_TOKEN. Exit code 3 says
    that the copy is complete, but the target does not give some graphs back as they were.
    """
    from accord.progress import Progress
    from accord.settings import load_settings
    from accord.store import open_store
    from accord.store.copying import Copy

    if _identity(source) == _identity(target):
        raise UsageError(f"--from and --to are the same store, {source}.", "Name two.")
    settings = load_settings()
    patience = settings.store_patience
    progress = Progress(quiet or as_json, unit="quads")
    with (
        open_store(source, settings=settings.as_source(), patience=patience) as opened,
        open_store(target, create=True, settings=settings, patience=patience) as receiving,
    ):
        copying = Copy(opened, receiving, every=every)
        progress.start(copying.quads, "copying")
        try:
            done = copying.run(progress.advance)
        finally:
            progress.stop()
    if as_json:
        print(json.dumps(done.document(), ensure_ascii=False))
    elif not quiet:
        display.copied(done)
    if done.differing:
        raise typer.Exit(ExitCode.SET_ASIDE)


def _identity(address: str) -> str:
    return address.rstrip("/") if address.startswith(_SERVER) else str(Path(address).resolve())
