"""Geometries: Well-Known Text (OGC 06-103r4) to GeoJSON (RFC 7946)."""

from __future__ import annotations

import re
from typing import Any

from accord.errors import VocabularyError

_PARTS = re.compile(r"\s*([A-Za-z]+|[(),]|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)")
_CRS = re.compile(r"\s*<([^>]*)>\s*")
_NAMES = {
    "POINT": "Point",
    "LINESTRING": "LineString",
    "POLYGON": "Polygon",
    "MULTIPOINT": "MultiPoint",
    "MULTILINESTRING": "MultiLineString",
    "MULTIPOLYGON": "MultiPolygon",
    "GEOMETRYCOLLECTION": "GeometryCollection",
}
_LATITUDE_FIRST = "/EPSG/0/4326"
"""The end of the name of the reference system in which the latitude comes first."""


def geojson(wkt: str) -> dict[str, Any]:
    """Return a GeoJSON geometry: longitude before latitude, WGS 84.

    :param wkt: the text of a ``geo:wktLiteral``, in CRS84 (its default) or EPSG:4326
    :raises VocabularyError: if it is no such text
    """
    crs = _CRS.match(wkt)
    if crs and not crs[1].endswith(("/CRS84", _LATITUDE_FIRST)):
        raise VocabularyError(
            f"The geometry {wkt[:80]!r} is in {crs[1]}.", "Give it in CRS84: longitude, latitude."
        )
    text = wkt[crs.end() :] if crs else wkt
    parts = _PARTS.findall(text)
    if re.sub(r"\s", "", text) != "".join(parts):
        raise _unreadable(wkt)
    reader = _Reader(parts, swapped=bool(crs and crs[1].endswith(_LATITUDE_FIRST)))
    try:
        geometry = reader.geometry()
    except (IndexError, KeyError, ValueError) as error:
        raise _unreadable(wkt) from error
    if reader.left:
        raise _unreadable(wkt)
    return geometry


class _Reader:
    def __init__(self, parts: list[str], swapped: bool) -> None:
        self.left = parts[::-1]
        self.swapped = swapped

    def geometry(self) -> dict[str, Any]:
        kind = _NAMES[self.left.pop().upper()]
        if self.left[-1].upper() in ("Z", "M", "ZM"):
            self.left.pop()
        if self.left[-1].upper() == "EMPTY":
            self.left.pop()
            return {"type": kind, _holder(kind): []}
        if kind == "GeometryCollection":
            return {"type": kind, "geometries": self.several(self.geometry)}
        found = self.several(self.coordinates)
        if kind == "MultiPoint":
            # Both "(1 2, 3 4)" and "((1 2), (3 4))" are in use.
            found = [one[0] if isinstance(one[0], list) else one for one in found]
        return {"type": kind, "coordinates": found[0] if kind == "Point" else found}

    def several(self, read: Any) -> list[Any]:
        """Read what stands between parentheses, separated by commas."""
        self.take("(")
        found = [read()]
        while self.left[-1] == ",":
            self.left.pop()
            found.append(read())
        self.take(")")
        return found

    def coordinates(self) -> list[Any]:
        if self.left[-1] == "(":
            return self.several(self.coordinates)
        numbers = []
        while self.left[-1] not in "(),":
            numbers.append(float(self.left.pop()))
        if len(numbers) < 2:
            raise ValueError(numbers)
        # Heights are kept, measures as well: neither is of use here.
        return [numbers[1], numbers[0], *numbers[2:]] if self.swapped else numbers

    def take(self, part: str) -> None:
        if self.left.pop() != part:
            raise ValueError(part)


def _holder(kind: str) -> str:
    return "geometries" if kind == "GeometryCollection" else "coordinates"


def _unreadable(wkt: str) -> VocabularyError:
    return VocabularyError(
        f"The geometry {wkt[:80]!r} is not Well-Known Text.", "Write it as POINT(36.6 35.9)."
    )
