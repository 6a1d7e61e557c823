"""Cutting locations into batches that take about as long as each other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from accord.sources import Location
from accord.sources.files import File

_TYPICAL = 4_000
"""Bytes that are assumed of a location that does not tell: a news article's."""


def batches(locations: Sequence[Location], most: int, workers: int) -> list[tuple[Location, ...]]:
    """Return batches of about the same number of bytes, in the order of the locations.

    As many for each worker, so that none of them waits for another's last one; small runs are cut
    as well, so that each has something to do.

    :param most: locations in a batch
    """
    number = -(-len(locations) // most)
    number = min(-(-number // workers) * workers, len(locations))
    sums = list(accumulate(map(size, locations)))
    found: list[tuple[Location, ...]] = []
    start = 0
    while start < len(locations):
        # What is left, shared evenly by the batches that are left.
        left = max(number - len(found), 1)
        done = sums[start - 1] if start else 0
        share = done + (sums[-1] - done) / left
        end = start + 1
        last = min(start + most, len(locations) - left + 1)
        while end < last and sums[end] - share < share - sums[end - 1]:
            end += 1
        found.append(tuple(locations[start:end]))
        start = end
    return found


def size(location: Location) -> int:
    """Return about how many bytes there are to read at a location."""
    if isinstance(location, File) and location.member is None:
        try:
            return max(location.path.stat().st_size, 1)
        except OSError:
            return 1  # It is set aside in no time.
    return _TYPICAL
