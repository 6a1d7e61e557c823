"""Originals: which of some texts is a copy of which other one.

Texts are looked at in the order in which they appeared. Each is a copy of the first original that
it has enough text in common with, and an original where there is none. So every copy points at an
original, chains do not arise, and two reports that are both in one digest do not become one by it.
The order in which articles are loaded does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from accord.copies.fingerprint import Fingerprint, Text, limits


@dataclass(frozen=True, slots=True)
class Copied:
    """Where a copy's text is from: the original's IRI, and how much of the copy stands there."""

    original: str
    share: float


def find_originals(texts: Iterable[Fingerprint]) -> dict[str, Copied | None]:
    """Return of each text, by its article's IRI, what it is a copy of: None of an original."""
    use = limits()
    originals: list[tuple[str, Text]] = []
    # The numbers of the originals that have a shingle: most texts have none in common with most.
    having: dict[int, list[int]] = {}
    found: dict[str, Copied | None] = {}
    for print_ in sorted(texts, key=seniority):
        text = Text.of(print_)
        found[print_.article] = None
        for number in sorted({number for value in text.hashes for number in having.get(value, ())}):
            original, other = originals[number]
            own, others = text.shares(other)
            if max(own, others) >= use.shorter and min(own, others) >= use.longer:
                found[print_.article] = Copied(original, round(own, 2))
                break
        else:
            for value in text.hashes:
                having.setdefault(value, []).append(len(originals))
            originals.append((print_.article, text))
    return found


def seniority(print_: Fingerprint) -> tuple[str, datetime, int, str]:
    """Return what texts are put in order by: the older, and so the likelier original, is less.

    The day of publication, or without one that on which the article was first found; then when it
    was first found. Of two that were found at once the longer comes first, since copies are cut.
    """
    captured = datetime.fromisoformat(print_.captured).astimezone(UTC)
    day = print_.day or captured.date().isoformat()
    return day, captured, -print_.shingles, print_.article
