"""Digests on disk: the folder of a store's digests, and from when the next one tells."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from accord.errors import AccordError
from accord.graph import short_hash
from accord.operations.digest import Digest
from accord.settings import data_folder

_FIRST = timedelta(days=1)
"""How far back the first digest of a store looks."""

_LATE = timedelta(days=7)
"""How late an article may come into the store and still be told: an outage is over by then."""


@dataclass(frozen=True, slots=True)
class Window:
    """The time that a digest tells of, and what the ones before it have told already.

    ``first`` is included, ``end`` is not; ``back`` is how long before it late ones are looked for.
    """

    first: datetime
    end: datetime
    told: frozenset[str] = frozenset()
    back: timedelta = timedelta(0)


def window(store: str, since: datetime | None = None) -> Window:
    """Return what the next digest of a store tells of.

    Each begins where the last one ended, so that nothing is told twice and nothing is missed if a
    day was left out.

    :param store: the store's folder or address
    :param since: when to begin instead; without a time zone it is UTC
    """
    # To the second, as captures are.
    end = datetime.now(UTC).replace(microsecond=0)
    if since is not None:
        return Window(since if since.tzinfo else since.replace(tzinfo=UTC), end)
    former = [_read(path) for path in sorted(_folder(store).glob("*.json"))]
    if not former:
        return Window(end - _FIRST, end)
    first = datetime.fromisoformat(former[-1]["end"])
    recent = (one for one in former if datetime.fromisoformat(one["end"]) > first - 2 * _LATE)
    told = frozenset(key for one in recent for part in one["sections"] for key in part["keys"])
    return Window(first, end, told, _LATE)


def keep(digest: Digest, store: str) -> Path:
    """Write a digest as ``TIME.md``, ``TIME.html`` and ``TIME.json``, and return the first's path.

    :param store: the store's folder or address, as in :func:`window`
    :raises AccordError: if the folder cannot be written
    """
    folder = _folder(store)
    stem = digest.end.replace(":", "").replace("+0000", "Z")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{stem}.md"
        path.write_text(digest.markdown(), encoding="utf-8")
        (folder / f"{stem}.html").write_text(digest.html(), encoding="utf-8")
        # Last: it says that the digest is there.
        document = json.dumps(digest.document(), ensure_ascii=False, indent=1)
        (folder / f"{stem}.json").write_text(document, encoding="utf-8")
    except OSError as error:
        raise AccordError(
            f"The folder of digests {folder} cannot be written: {error.strerror}.",
            "Free some space, or name another disk in XDG_DATA_HOME.",
        ) from error
    return path


def _folder(store: str) -> Path:
    return data_folder() / "digests" / short_hash(store)


def _read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document
