"""``accord history``: what each version of Accord said, of a store or of one article."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from accord import display
from accord.commands.options import StoreOption, opened


def history(
    article: Annotated[
        str | None, typer.Argument(metavar="[ARTICLE]", help="A name, a location or an IRI.")
    ] = None,
    store: StoreOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, one object a line.")] = False,
) -> None:
    """List the versions that a store has answers of, or what became of one article.

    `accord query NAME --as-of VERSION` asks what a version said.
    """
    from accord.provenance.history import of_article, versions

    with opened(store) as graph:
        found: list[Any] = list(of_article(graph, article) if article else versions(graph))
    if as_json:
        for each in found:
            print(json.dumps(each.document(), ensure_ascii=False))
    elif article:
        display.extractions(found)
    else:
        display.versions(found)
