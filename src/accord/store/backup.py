"""A backup: Oxigraph's own copy of a store's folder, beside a manifest of what is in it.

    FOLDER/manifest.json    counts, a hash of the content and of each file, software, time
    FOLDER/store/           the copy, which to open is to change: restore it first

Backups and restored stores are made beside their place and renamed, so that they are there whole
or not at all, whatever ends the process.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from accord import __version__
from accord.errors import AccordError, StoreError
from accord.overview import overview
from accord.store.embedded import EmbeddedStore

FORMAT = 1
"""The number of the manifest's form."""

_MANIFEST = "manifest.json"
_STORE = "store"
_STEP = 1000
"""Quads after which progress is told."""


class Contents(BaseModel):
    """What a store holds, in numbers.

    ``sha256`` is the sum modulo 2^256 of the SHA-256 of each quad, written as a line of N-Quads
    without its line end: the same for the same quads in whatever order, made in one pass. (A
    multiset hash by addition: Bellare and Micciancio 1997, "AdHash". It finds damage, and is no
    signature.) ``claims`` are counted by type.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    graphs: int
    quads: int
    articles: int
    claims: dict[str, int]
    sha256: str


class Manifest(BaseModel):
    """What a backup says of itself. ``made`` is ISO 8601 in UTC; ``oxigraph`` wrote the files.

    ``files`` are the SHA-256 of the files of the copy, by name: the store has every quad in several
    indexes, and its content can be read through one of them while another is damaged.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    made: str
    software: str
    oxigraph: str
    contents: Contents
    files: dict[str, str]


def back_up(store: EmbeddedStore, folder: Path, tell: Callable[[int], None]) -> Manifest:
    """Write a backup of a store to a folder that is absent or empty.

    :param tell: is told every now and then how many more quads have been read
    :raises AccordError: if there is something in the folder, or it cannot be written
    :raises StoreError: if the store cannot be read
    """
    with _made_at(folder, "Name a new folder for each backup, for instance after the day.") as new:
        new.mkdir()
        store.backup(new / _STORE)
        manifest = Manifest(
            format=FORMAT,
            made=datetime.now(UTC).isoformat(timespec="seconds"),
            software=f"accord {__version__}",
            oxigraph=version("pyoxigraph"),
            contents=contents(store, tell),
            files={path.name: _digest(path) for path in sorted((new / _STORE).iterdir())},
        )
        (new / _MANIFEST).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return manifest


def restore(backup: Path, folder: Path, tell: Callable[[int], None]) -> Manifest:
    """Make a store from a backup, in a folder that is absent or empty, and check all of it.

    :param tell: is told every now and then how many more quads have been checked
    :raises AccordError: if there is no backup, it is damaged, or there is something in the folder
    """
    manifest = read_manifest(backup)
    remedy = "Name another folder with --store, or move this one away first."
    with _made_at(folder, remedy) as new:
        shutil.copytree(backup / _STORE, new)
        _check_files(backup, new, manifest)
        try:
            with EmbeddedStore(new) as store:
                found = contents(store, tell)
        except StoreError as error:
            reason = error.what.replace(str(new), str(backup / _STORE))
            raise _damaged(backup, reason.rstrip(".")) from error
        wanted = manifest.contents
        for name in Contents.model_fields:
            if getattr(found, name) != getattr(wanted, name):
                raise _damaged(
                    backup,
                    f"its manifest says {name} = {getattr(wanted, name)}, but it holds "
                    f"{getattr(found, name)}",
                )
    return manifest


def read_manifest(backup: Path) -> Manifest:
    """Return what a backup says of itself.

    :raises AccordError: if there is no backup, or it lacks a part
    """
    path = backup / _MANIFEST
    try:
        manifest = Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise AccordError(
            f"There is no backup at {backup}: it has no {_MANIFEST}.",
            "Name the folder that `accord backup` wrote.",
        ) from error
    except (OSError, ValidationError) as error:
        reason = error.strerror if isinstance(error, OSError) else error.errors()[0]["msg"]
        raise _damaged(backup, f"{_MANIFEST} cannot be read: {reason}") from error
    if manifest.format != FORMAT:
        raise AccordError(
            f"The backup at {backup} has form {manifest.format}; this version knows {FORMAT}.",
            f"Restore it with the version that wrote it: {manifest.software}.",
        )
    if not (backup / _STORE / "CURRENT").exists():
        raise _damaged(backup, f"its folder {_STORE} holds no store")
    return manifest


def contents(store: EmbeddedStore, tell: Callable[[int], None] = lambda quads: None) -> Contents:
    """Count and hash what a store holds, quad by quad.

    :raises StoreError: if it cannot be read to the end
    """
    graphs = quads = total = 0
    graph = None
    for quad in store.quads():
        quads += 1
        if quad.graph_name != graph:
            graph = quad.graph_name
            graphs += 1
        total += int.from_bytes(hashlib.sha256(str(quad).encode()).digest())
        if quads % _STEP == 0:
            tell(_STEP)
    tell(quads % _STEP)
    known = overview(store)
    return Contents(
        graphs=graphs,
        quads=quads,
        articles=known.articles,
        claims=dict(sorted(known.claims.items())),
        sha256=f"{total % 2**256:064x}",
    )


def _check_files(backup: Path, copy: Path, manifest: Manifest) -> None:
    if lost := sorted(manifest.files.keys() - {path.name for path in copy.iterdir()}):
        raise _damaged(backup, f"it lacks the file {_STORE}/{lost[0]}")
    for path in sorted(copy.iterdir()):
        if path.name not in manifest.files:
            raise _damaged(backup, f"the file {_STORE}/{path.name} is none of its own")
        if _digest(path) != manifest.files[path.name]:
            raise _damaged(backup, f"the file {_STORE}/{path.name} is not as it was written")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _made_at(folder: Path, remedy: str) -> Iterator[Path]:
    """Yield the path of a folder to be made, which takes its place when all is done and on disk.

    :raises AccordError: if there is something in the place already, or it cannot be written
    """
    place = folder.resolve()
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise AccordError(f"There is something at {folder} already.", remedy)
    new = place.with_name(f".{place.name}.unfinished")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        # A process that was killed may have left something here.
        shutil.rmtree(new, ignore_errors=True)
        yield new
        for path in [*new.rglob("*"), new]:
            _to_disk(path)
        new.rename(place)
        _to_disk(place.parent)
    except (OSError, shutil.Error) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise AccordError(
            f"{folder} cannot be written: {reason}.", "Free some space, or name another disk."
        ) from error
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _damaged(backup: Path, reason: str) -> AccordError:
    return AccordError(
        f"The backup at {backup} is damaged: {reason}.",
        "Nothing was restored. Use another backup; if there is none, `accord copy --from "
        f"{backup / _STORE} --to FOLDER` brings over what can still be read of this one.",
    )
