"""``accord extract``: the claims of articles, without a store."""

from __future__ import annotations

from typing import Annotated

import typer

from accord import display
from accord.commands.options import ListFormat
from accord.errors import ExitCode


def extract(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Files, folders, addresses, or -.")
    ],
    format: Annotated[ListFormat, typer.Option(help="One claim a line, or a table.")] = (
        ListFormat.JSONL
    ),
    least: Annotated[
        float, typer.Option("--min-confidence", min=0, max=1, help="Leave out what is less sure.")
    ] = 0.0,
) -> None:
    """Write the claims of articles to standard output; no store is needed."""
    from accord.errors import ArticleError
    from accord.outcome import extract_each
    from accord.settings import load_settings
    from accord.sources import articles as articles_of
    from accord.sources import source_of

    settings = load_settings()
    articles = []
    failed = False
    for article in articles_of(map(source_of, files), settings.largest_article):
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
        if format is ListFormat.JSONL:
            for claim in sure:
                print(claim.line())
        else:
            found += sure
    if format is ListFormat.TABLE:
        display.claims(found)
    if failed:
        raise typer.Exit(ExitCode.SET_ASIDE)
