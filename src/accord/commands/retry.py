"""``accord retry``: the articles that were set aside, once more."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from accord import display
from accord.commands.ingest import ingest_sources, told
from accord.commands.options import StoreOption


def retry(
    store: StoreOption = None,
    list_: Annotated[
        bool, typer.Option("--list", help="Say what waits and why, and do nothing.")
    ] = False,
    workers: Annotated[
        int | None, typer.Option(help="Processes that extract.", show_default="1")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress and no summary.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The answer as JSON.")] = False,
) -> None:
    """Read the articles again that earlier runs have set aside.

    What can be used now is loaded and its letter cleared; what cannot stays, with the new reason.
    Pages are fetched again; what is gone from where it was is read from the bytes that were kept.
    """
    from accord.operations.dead_letters import DeadLetters
    from accord.settings import load_settings

    settings = load_settings(store=store, workers=workers)
    letters = DeadLetters(settings)
    if list_:
        found = list(letters.letters())
        if as_json:
            print(json.dumps([one.document() for one in found], ensure_ascii=False))
        else:
            display.letters(found, letters.folder)
        return
    if not len(letters):
        if as_json:
            print(json.dumps({"loaded": 0, "set_aside": {}}))
        elif not quiet:
            display.note("No articles are set aside.")
        return
    told(ingest_sources([DeadLetters.name], settings, quiet or as_json), quiet, as_json)
