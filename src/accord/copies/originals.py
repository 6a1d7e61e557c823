"""Originals: which of some texts is a copy of which other one.

Texts are looked at in the order in which they appeared. Each is a copy of the first original that
it has enough text in common with, and an original where there is none. So every copy points at an
original, chains do not arise, and two reports that are both in one digest do not become one by it.
The order in which articles are loaded does not matter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain

from accord.copies.fingerprint import Fingerprint, Text, limits


@dataclass(frozen=True, slots=True)
class Copied:
    """Where a copy's text is from: the original's IRI, and how much of the copy stands there."""

    original: str
    share: float


def find_originals(
    texts: Iterable[Fingerprint], settled: Mapping[str, Copied | None] | None = None
) -> dict[str, Copied | None]:
    """Return of each text, by its article's IRI, what it is a copy of: None of an original.

    :param settled: what is known of some of the texts among each other, so that these are only
        compared with the others
    """
    use, settled = limits(), settled or {}
    prints = sorted(texts, key=seniority)
    read = {print_.article: Text.of(print_) for print_ in prints}
    # Two texts that have enough in common have some of these shingles in common.
    telling = frozenset(chain.from_iterable(read[one].hashes for one in read if one not in settled))
    # The originals with their places in the order, and of each shingle those that have it: most
    # texts have none in common with most.
    originals: dict[str, int] = {}
    having: dict[int, list[str]] = {}
    found: dict[str, Copied | None] = {}
    for article, text in read.items():
        told = text.known & telling
        # As before, if that one still is an original, unless an earlier one has come.
        before = settled.get(article)
        if before and not (before.original in settled and before.original in originals):
            before = None
        result, last = before, originals[before.original] if before else len(originals)
        near = Counter(chain.from_iterable(having[value] for value in told & having.keys()))
        # Of the longer text, that has at least as many shingles as the shortest text may have.
        few = use.longer * use.least
        enough = [original for original, common in near.items() if common >= few]
        for original in sorted(enough, key=originals.__getitem__):
            if originals[original] >= last:
                break
            own, others = text.shares(read[original])
            if max(own, others) >= use.shorter and min(own, others) >= use.longer:
                result = Copied(original, round(own, 2))
                break
        found[article] = result
        if result is None:
            originals[article] = len(originals)
            for value in told:
                having.setdefault(value, []).append(article)
    return found


def seniority(print_: Fingerprint) -> tuple[str, datetime, int, str]:
    """Return what texts are put in order by: the older, and so the likelier original, is less.

    The day of publication, or without one that on which the article was first found; then when it
    was first found. Of two that were found at once the longer comes first, since copies are cut.
    """
    captured = datetime.fromisoformat(print_.captured).astimezone(UTC)
    day = print_.day or captured.date().isoformat()
    return day, captured, -print_.shingles, print_.article
