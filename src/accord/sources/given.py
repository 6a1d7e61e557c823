"""The source of what a person names on the command line."""

from __future__ import annotations

from pathlib import Path

from accord.sources.files import Files
from accord.sources.location import Source


def source_of(given: str | Path) -> Source:
    """Return the source of what is given: the path of a file or a folder."""
    return Files(Path(given))
