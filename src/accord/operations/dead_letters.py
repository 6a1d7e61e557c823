"""Dead letters: articles that could not be used, kept with the reason until they can be.

Each has a folder: ``letter.json`` says where it came from, why it was set aside and with which
stack, and ``article`` has its bytes as they came. A letter goes when its location is loaded.
"""

from __future__ import annotations

import base64
import importlib
import json
import shutil
import traceback
from collections.abc import Iterator
from dataclasses import asdict, dataclass, is_dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from accord.article import Article
from accord.errors import AccordError, ArticleError
from accord.graph import short_hash
from accord.settings import Settings, data_folder
from accord.sources import Location, source_of
from accord.sources.broken import Broken

_LETTER, _CONTENT = "letter.json", "article"


@dataclass(frozen=True, slots=True)
class Letter:
    """One article that was set aside.

    ``location`` and ``name`` are those of its :class:`~accord.sources.Location`, whose class and
    fields ``place`` holds as JSON values; ``content`` is base64, empty where nothing could be read
    or the article was larger than any that is read. ``since`` is when it was first set aside (ISO
    8601, UTC), ``attempts`` how often.
    """

    location: str
    name: str
    reason: str
    stack: str
    since: str
    place: dict[str, Any]
    content: str = ""
    attempts: int = 1

    def document(self) -> dict[str, Any]:
        """Return the letter for machines, without the bytes."""
        return {name: value for name, value in asdict(self).items() if name != "content"}


def letter(
    location: Location, content: bytes, error: Exception, reason: str, since: str, largest: int
) -> Letter:
    """Return the letter for what could not be used.

    :param reason: the error as people are told it
    :param since: when, ISO 8601
    :param largest: bytes above which the content is not kept
    """
    kept = content if len(content) <= largest else b""
    return Letter(
        location.iri,
        location.name,
        reason,
        "".join(traceback.format_exception(error)),
        since,
        _place(location),
        base64.b64encode(kept).decode(),
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """A location whose article is at hand should it be gone from where it was."""

    location: Location
    folder: Path

    @property
    def iri(self) -> str:
        """The IRI of the place that it came from."""
        return self.location.iri

    @property
    def name(self) -> str:
        """The article's id in claims."""
        return self.location.name

    def read(self) -> bytes:
        """Return what stands there now, else the bytes that were kept.

        :raises ArticleError: if neither is there
        """
        try:
            return self.location.read()
        except ArticleError:
            kept = self.folder / _CONTENT
            if not kept.exists():
                raise
            return kept.read_bytes()

    def article(self, content: bytes, largest: int) -> Article:
        """Turn the bytes into an article, as its location does."""
        return self.location.article(content, largest)


class DeadLetters:
    """The letters of one store. As a source it yields their locations again.

    :param settings: those in force, for the store and for how pages are fetched
    """

    name = "dead letters"

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.folder = data_folder() / "dead-letters" / short_hash(settings.store)
        self.iri = self.folder.as_uri()

    def __len__(self) -> int:
        return sum(1 for _ in self.folder.glob(f"*/{_LETTER}"))

    def put(self, found: Letter) -> None:
        """Keep a letter; one that is there already counts another attempt.

        :raises AccordError: if the folder cannot be written
        """
        folder = self._of(found.location)
        before = _read(folder / _LETTER)
        document = found.document()
        if before is not None:
            document |= {"since": before["since"], "attempts": before["attempts"] + 1}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if found.content:
                (folder / _CONTENT).write_bytes(base64.b64decode(found.content))
            # Last and whole: a folder without it is none of a letter.
            part = folder / f"{_LETTER}.part"
            part.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
            part.rename(folder / _LETTER)
        except OSError as error:
            raise AccordError(
                f"The folder of dead letters {folder} cannot be written: {error.strerror}.",
                "Free some space, or name another disk in XDG_DATA_HOME.",
            ) from error

    def clear(self, location: str) -> None:
        """Remove the letter of a location, given its IRI, if there is one."""
        shutil.rmtree(self._of(location), ignore_errors=True)

    def letters(self) -> Iterator[Letter]:
        """Yield the letters, the oldest first, without the bytes."""
        found = [_read(path) for path in self.folder.glob(f"*/{_LETTER}")]
        for document in sorted(filter(None, found), key=lambda one: (one["since"], one["name"])):
            yield Letter(**document)

    def discover(self) -> Iterator[Location]:
        """Yield the locations of the letters, each once; a page that was away is fetched again.

        One of a kind that this version of Accord does not know any more stays a letter.
        """
        for one in self.letters():
            location = _location(one.place)
            if isinstance(location, Broken) and location.iri.startswith(("http://", "https://")):
                location = self._fetched(location)
            if location is not None:
                yield Kept(location, self._of(one.location))

    def _fetched(self, location: Broken) -> Location:
        """Return the page of a location that could not be had before, or the location itself."""
        try:
            found = list(source_of(location.iri, self._settings).discover())
        except AccordError:
            return location
        # The address of a page may have become one of a feed, whose pages are others.
        return next((page for page in found if page.iri == location.iri), location)

    def _of(self, location: str) -> Path:
        return self.folder / short_hash(location)


def _place(location: Location) -> dict[str, Any]:
    """Return a location's class and fields as JSON values."""
    if isinstance(location, Kept):
        return _place(location.location)
    kind = type(location)
    fields = TypeAdapter(kind).dump_python(location, mode="json")
    return {"module": kind.__module__, "class": kind.__qualname__, "fields": fields}


def _location(place: dict[str, Any]) -> Location | None:
    # Only sources of our own are imported, whatever a letter says.
    if not place["module"].startswith("accord.sources"):
        return None
    try:
        kind = getattr(importlib.import_module(place["module"]), place["class"])
        found: Location = TypeAdapter(kind).validate_python(place["fields"])
    except (ImportError, AttributeError, ValidationError):
        return None
    return found if is_dataclass(found) else None


def _read(path: Path) -> dict[str, Any] | None:
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return document
