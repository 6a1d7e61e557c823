"""Makes ``ontology/geometries.ttl`` from boundaries in GeoJSON.

For another country: a FeatureCollection of polygons whose properties name the Wikidata item, the
source and the licence (``wikidata``, ``geom_source``, ``geom_license``), and a place in
``mappings/links.sssom.tsv`` with that item.
``pytest tests/unit/test_geometries.py --update-golden`` writes the file.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rdflib import Graph, URIRef
from rdflib.namespace import SKOS

Point = tuple[float, float]

#: Degrees that the simplified line may lie off the original one: about 500 m.
TOLERANCE = 0.005

HEAD = """# Accord: boundaries of places, as GeoSPARQL geometries.
#
# Made by tests/unit/geometries.py; do not edit. Longitude before latitude, WGS 84 (CRS84), lines
# simplified to within {tolerance} degrees (about 500 m), so that neighbours may overlap or gape by
# as much. Good for maps and for "which governorates does it touch", not for where a line runs.
# Source: Mesoshapes by way of Who's On First, in the public domain (CC0); credit is recommended.

@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix geo: <http://www.opengis.net/ont/geosparql#> .
@prefix geometry: <https://w3id.org/accord-kg/id/geometry/> .
@prefix place: <https://w3id.org/accord-kg/id/place/> .
"""

BLOCK = """
place:{slug} geo:hasGeometry geometry:{slug} .

geometry:{slug} a geo:Geometry ;
    dcterms:source "{source}"@en ;
    dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/> ;
    geo:asWKT "{wkt}"^^geo:wktLiteral .
"""


def turtle(boundaries: Path, links: Graph) -> str:
    """Return the file's text: one geometry for each feature, in the order of the places' names.

    :raises ValueError: if a feature is no polygon in the public domain, or of no known place
    """
    places = {
        str(item).rpartition("/")[2]: str(place).rpartition("/")[2]
        for place, item in links.subject_objects(SKOS.exactMatch)
        if isinstance(place, URIRef)
    }
    blocks = {}
    for feature in json.loads(boundaries.read_text(encoding="utf-8"))["features"]:
        about: dict[str, Any] = feature["properties"]
        shape = feature["geometry"]
        if about["wikidata"] not in places or shape["type"] != "Polygon":
            raise ValueError(f"{about['name']}: not a polygon of a linked place.")
        if not about["geom_license"].startswith("CC0"):
            raise ValueError(f"{about['name']}: licence {about['geom_license']} is not CC0.")
        slug = places[about["wikidata"]]
        rings = [simplified([(x, y) for x, y in ring]) for ring in shape["coordinates"]]
        blocks[slug] = BLOCK.format(slug=slug, source=about["geom_source"], wkt=wkt(rings))
    return HEAD.format(tolerance=TOLERANCE) + "".join(blocks[slug] for slug in sorted(blocks))


def wkt(rings: Sequence[Sequence[Point]]) -> str:
    """Return a polygon as Well-Known Text, with three decimals (about 100 m)."""
    lines = (",".join(f"{x:.3f} {y:.3f}" for x, y in ring) for ring in rings)
    return f"POLYGON({','.join(f'({line})' for line in lines)})"


def simplified(ring: Sequence[Point], tolerance: float = TOLERANCE) -> list[Point]:
    """Thin a closed ring out (Douglas and Peucker 1973) and close it again."""
    # A closed ring has no chord from end to end: cut it at the point farthest from its start.
    far = max(range(len(ring)), key=lambda i: math.dist(ring[0], ring[i]))
    return _line(ring[: far + 1], tolerance)[:-1] + _line(ring[far:], tolerance)


def _line(points: Sequence[Point], tolerance: float) -> list[Point]:
    (x0, y0), (x1, y1) = points[0], points[-1]
    length = math.dist(points[0], points[-1])
    worst, at = 0.0, 0
    for i, (x, y) in enumerate(points[1:-1], 1):
        off = abs((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)) / length
        if off > worst:
            worst, at = off, i
    if worst <= tolerance:
        return [points[0], points[-1]]
    return _line(points[: at + 1], tolerance)[:-1] + _line(points[at:], tolerance)
