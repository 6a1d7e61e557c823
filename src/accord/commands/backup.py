"""``accord backup`` and ``accord restore``: a store's folder, kept safe and brought back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from accord import display
from accord.commands.options import StoreOption
from accord.errors import UsageError

if TYPE_CHECKING:
    from accord.progress import Progress
    from accord.store.backup import Manifest

Quiet = Annotated[bool, typer.Option("--quiet", help="No progress and no summary.")]
AsJson = Annotated[bool, typer.Option("--json", help="The backup's manifest as JSON.")]


def backup(
    folder: Annotated[Path, typer.Argument(help="A folder that is absent or empty.")],
    store: StoreOption = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Back up a store's folder, with counts and a hash of its content.

    On the same disk this takes hardly any space: the two share files that never change. Then a
    backup protects from mistakes; copy the folder to another disk to protect it from the loss of
    this one.
    """
    from accord.store.backup import back_up
    from accord.store.embedded import EmbeddedStore

    place = _place(
        store, "Copy it into one: `accord copy --from {} --to FOLDER`, and back that up."
    )
    with EmbeddedStore(place) as opened, _progress(quiet or as_json, "reading") as progress:
        made = back_up(opened, folder, progress.advance)
    _show(made, f"Backed up {place} to {folder}", quiet, as_json)


def restore(
    folder: Annotated[Path, typer.Argument(help="The folder of a backup.")],
    store: StoreOption = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Make a store from a backup, and check counts and hash of all that is in it.

    Nothing is overwritten: the store's folder must be absent or empty.
    """
    from accord.store.backup import restore as restore_backup

    place = _place(
        store, "Restore into a folder, and send that: `accord copy --from FOLDER --to {}`."
    )
    with _progress(quiet or as_json, "checking") as progress:
        made = restore_backup(folder, place, progress.advance)
    _show(made, f"Restored {folder} to {place}", quiet, as_json)


def _place(store: str | None, instead: str) -> Path:
    from accord.settings import load_settings

    address = load_settings(store=store).store
    if address.startswith(("http://", "https://")):
        raise UsageError(
            f"{address} is a server, and a backup is of a folder.",
            instead.format(address),
        )
    return Path(address)


@contextmanager
def _progress(quiet: bool, doing: str) -> Iterator[Progress]:
    from accord.progress import Progress

    progress = Progress(quiet, unit="quads")
    progress.start(None, doing)
    try:
        yield progress
    finally:
        progress.stop()


def _show(made: Manifest, done: str, quiet: bool, as_json: bool) -> None:
    if as_json:
        print(made.model_dump_json())
    elif not quiet:
        display.manifest(made, done)
