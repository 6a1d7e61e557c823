"""``accord report``: what is new in the store, for people."""

from __future__ import annotations

import json
from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer

from accord.commands.options import StoreOption


class DigestFormat(StrEnum):
    """How a digest is written."""

    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"


def report(
    store: StoreOption = None,
    since: Annotated[
        datetime | None,
        typer.Option(help="The first day or time (UTC).", show_default="the last digest's end"),
    ] = None,
    format: Annotated[DigestFormat, typer.Option(help="How it is shown.")] = DigestFormat.MARKDOWN,
    as_json: Annotated[bool, typer.Option("--json", help="Short for --format json.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Keep it and send it only.")] = False,
) -> None:
    """Tell what is new: contradictions, violations, and deadlines that passed.

    The digest is kept in your data directory, and sent to the webhook and the mail addresses of
    the settings.
    """
    from accord.orchestration import run_flow
    from accord.settings import load_settings

    settings = load_settings(store=store)
    found = run_flow("report", settings=settings.parameters(), since=since)
    if quiet:
        return
    if as_json or format is DigestFormat.JSON:
        print(json.dumps(found.document(), ensure_ascii=False))
    else:
        print(found.html() if format is DigestFormat.HTML else found.markdown(), end="")
