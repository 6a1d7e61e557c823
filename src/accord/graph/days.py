"""Days: the first and the last that an EDTF string may mean."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache
from typing import Any

from accord.errors import ClaimError

_PLAIN = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


@lru_cache(maxsize=4096)
def bounds(edtf: str | None) -> tuple[str | None, str | None]:
    """Return the first and last day that an EDTF string may mean, as ISO 8601 dates.

    An open side of an interval, and a date without its year, has no bound (None).

    :raises ClaimError: if the string is not EDTF
    """
    if edtf is None or "XXXX" in edtf:
        return None, None
    # The library takes about ten milliseconds, as long as all the rest of a graph: it is left to
    # what is not a plain date, or two of them.
    sides = edtf.split("/")
    days = [_plain(side) for side in sides]
    if all(days) and len(days) <= 2 and edtf != "..":
        first, last = days[0], days[-1]
        if first and last and (first[0] or "") <= (last[1] or "9"):
            return first[0], last[1]
    from edtf import EDTFParseException, parse_edtf  # A tenth of a second, and seldom needed.

    try:
        parsed = parse_edtf(edtf)
    except EDTFParseException as error:
        raise ClaimError(f"The date {edtf!r} is not EDTF.") from error
    return _day(parsed, "lower"), _day(parsed, "upper")


def _plain(text: str) -> tuple[str | None, str | None] | None:
    """Return the bounds of a year, month or day, or of an open side; None of anything else."""
    if text == "..":
        return None, None
    match = _PLAIN.fullmatch(text)
    if match is None:
        return None
    year, month, day = match.groups()
    try:
        first = date(int(year), int(month or 1), int(day or 1))
        if day:
            return first.isoformat(), first.isoformat()
        last = int(month or 12)
        end = date(int(year), last, monthrange(int(year), last)[1])
    except ValueError:
        return None
    return first.isoformat(), end.isoformat()


def _day(parsed: Any, side: str) -> str | None:
    from edtf.parser.parser_classes import UnspecifiedIntervalSection

    # For an open side ("2020-03-05/..") the library answers with infinity, and for an unknown one
    # ("2020-03-05/") with a guess of its own.
    if isinstance(getattr(parsed, side, None), UnspecifiedIntervalSection):
        return None
    return date(*getattr(parsed, f"{side}_strict")()[:3]).isoformat()
