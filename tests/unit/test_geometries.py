"""The boundaries of places: made as documented, true to their source, around what they bound."""

import json
from itertools import pairwise

import pytest
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, RDF, SKOS

from accord.graph import ID, ONTOLOGY
from accord.resources import resource
from tests.conftest import SHARED
from tests.unit.geometries import TOLERANCE, simplified, turtle
from tests.unit.ontology_files import graph as table

GEO = Namespace("http://www.opengis.net/ont/geosparql#")
ACCORD = Namespace(ONTOLOGY)
GOVERNORATES = ("aleppo", "hama", "idlib", "latakia")


@pytest.fixture(scope="module")
def boundaries():
    path = SHARED / "vocabulary" / "syria-governorates.geojson"
    if not path.exists():
        pytest.skip("the boundaries are not beside this checkout (../shared/vocabulary)")
    return path


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph().parse(resource("ontology", "geometries.ttl"))


def ring(graph: Graph, slug: str) -> list[tuple[float, float]]:
    geometry = graph.value(URIRef(f"{ID}place/{slug}"), GEO.hasGeometry)
    assert (geometry, RDF.type, GEO.Geometry) in graph
    text = graph.value(geometry, GEO.asWKT)
    assert isinstance(text, Literal) and text.datatype == GEO.wktLiteral
    assert text.startswith("POLYGON((") and text.endswith("))")
    points = [tuple(map(float, pair.split())) for pair in text[9:-2].split(",")]
    return [(x, y) for x, y in points]


def area(points: list[tuple[float, float]]) -> float:
    pairs = pairwise(points)
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs)) / 2


def encloses(points: list[tuple[float, float]], x: float, y: float) -> bool:
    crossed = 0
    for (x0, y0), (x1, y1) in pairwise(points):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
            crossed += 1
    return crossed % 2 == 1


def test_the_file_is_what_the_boundaries_make(boundaries, request):
    path = resource("ontology", "geometries.ttl")
    made = turtle(boundaries, table("links"))
    if request.config.getoption("--update-golden"):
        path.write_text(made, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == made


def test_each_of_the_four_governorates_has_one_with_its_source_and_licence(graph):
    places = {str(place) for place in graph.subjects(GEO.hasGeometry)}
    assert places == {f"{ID}place/{name}-governorate" for name in GOVERNORATES}
    for geometry in graph.objects(None, GEO.hasGeometry):
        assert "Mesoshapes" in graph.value(geometry, DCTERMS.source)
        assert "publicdomain/zero" in graph.value(geometry, DCTERMS.license)


@pytest.mark.parametrize("name", GOVERNORATES)
def test_a_boundary_is_a_closed_ring_of_a_sensible_size_around_its_place(graph, name):
    points = ring(graph, f"{name}-governorate")
    assert points[0] == points[-1]
    assert 40 < len(points) < 400
    actors = Graph().parse(resource("ontology", "actors.ttl"))
    place = URIRef(f"{ID}place/{name}-governorate")
    longitude, latitude = (
        actors.value(place, ACCORD.longitude),
        actors.value(place, ACCORD.latitude),
    )
    assert encloses(points, float(longitude), float(latitude))


def test_towns_lie_in_their_governorate_and_in_no_other(graph):
    actors = Graph().parse(resource("ontology", "actors.ttl"))
    rings = {name: ring(graph, f"{name}-governorate") for name in GOVERNORATES}
    for town, home in (("saraqib", "idlib"), ("aleppo-city", "aleppo"), ("hama-city", "hama")):
        place = URIRef(f"{ID}place/{town}")
        x, y = (float(actors.value(place, ACCORD[axis])) for axis in ("longitude", "latitude"))
        assert [name for name in GOVERNORATES if encloses(rings[name], x, y)] == [home]


def test_what_was_thinned_out_has_the_area_of_the_original(boundaries, graph):
    links = table("links")
    for feature in json.loads(boundaries.read_text())["features"]:
        item = URIRef(f"http://www.wikidata.org/entity/{feature['properties']['wikidata']}")
        place = links.value(predicate=SKOS.exactMatch, object=item)
        (original,) = feature["geometry"]["coordinates"]
        made = ring(graph, str(place).rpartition("/")[2])
        assert area(made) == pytest.approx(area([(x, y) for x, y in original]), rel=0.01)


def test_a_line_keeps_what_is_farther_off_than_the_tolerance():
    square = [
        (0.0, 0.0),
        (0.5, TOLERANCE / 2),
        (1.0, 0.0),
        (1.0, 1.0),
        (0.5, 1.2),
        (0.0, 1.0),
        (0.0, 0.0),
    ]
    assert simplified(square) == [p for p in square if p != (0.5, TOLERANCE / 2)]
