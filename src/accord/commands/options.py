"""What several commands share: the option ``--store`` with its store, and the form of a list."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from accord.store import Store

StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="PATH|URL",
        help="A folder, or the address of a SPARQL 1.1 server. Also ACCORD_STORE or accord.toml.",
        show_default="a folder of your data directory",
    ),
]


class ListFormat(StrEnum):
    """How a command writes what it has found."""

    JSONL = "jsonl"
    TABLE = "table"


def opened(store: str | None) -> Store:
    """Open the store of a flag, or else of the settings.

    :raises StoreError: if there is none, or it does not answer
    """
    from accord.settings import load_settings
    from accord.store import open_store

    settings = load_settings(store=store)
    return open_store(settings.store, settings=settings)
