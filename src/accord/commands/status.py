"""``accord status``: what a store holds."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from accord import display
from accord.commands.options import StoreOption, opened


def status(
    store: StoreOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show what a store holds: articles, claims by type, what was set aside, versions."""
    from accord.overview import overview

    with opened(store) as graph:
        found = overview(graph)
    if as_json:
        print(json.dumps(found.document(), ensure_ascii=False))
    else:
        display.overview(found)
