"""``accord export``: a whole store to standard output."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from accord.commands.options import StoreOption, opened


class ExportFormat(StrEnum):
    """How ``accord export`` writes a store."""

    NQUADS = "nquads"
    TRIG = "trig"
    TURTLE = "turtle"
    JSONL = "jsonl"


def export(
    format: Annotated[ExportFormat, typer.Option(help="RDF, or claims as JSON Lines.")],
    store: StoreOption = None,
) -> None:
    """Write a whole store to standard output."""
    from accord.export import export_claims, export_rdf

    with opened(store) as graph:
        if format is ExportFormat.JSONL:
            for claim in export_claims(graph):
                print(claim.line())
        else:
            export_rdf(graph, format.value, sys.stdout.buffer)
