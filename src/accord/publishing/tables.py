"""Claims and zones as tables: CSV for statistics, GeoJSON for maps."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import Any, TextIO

from pyoxigraph import Literal, NamedNode

from accord.publishing.excerpt import Excerpt, Selection, term
from accord.publishing.geometry import geojson
from accord.shapes import Statements, Term

GEO = "http://www.opengis.net/ont/geosparql#"
SEPARATOR = "; "
"""Between several values in one cell."""

_ENTITIES = ("holder", "speaker", "actor", "target", "agreement", "place")
_CONCEPTS = ("status", "polarity", "modality")
_PLAIN = ("action", "time", "earliest", "latest", "due", "confidence")
_QUANTITY = ("minimum", "maximum", "unit", "quantityOf")

CLAIM_COLUMNS = (
    *("claim", "type"),
    *(column for name in _ENTITIES for column in (name, f"{name}_iri")),
    *_CONCEPTS,
    *_PLAIN,
    *_QUANTITY,
    *("text", "start", "end"),
    *("article", "title", "outlet", "published", "inferred_date", "address", "extraction"),
)
"""Columns of the table of claims. Entities come with label (of an accord: its key) and IRI."""

ZONE_COLUMNS = (
    *("zone", "label", "type", "within", "agreements", "wikidata"),
    *("latitude", "longitude", "geometry", "claims"),
)
"""Columns of the table of zones and places; ``geometry`` is Well-Known Text."""


class Subject(StrEnum):
    """What a table has a row of."""

    CLAIMS = "claims"
    ZONES = "zones"


def write_csv(selection: Selection, subject: Subject, output: TextIO) -> None:
    """Write a table as CSV (RFC 4180), with a row of column names."""
    columns = CLAIM_COLUMNS if subject is Subject.CLAIMS else ZONE_COLUMNS
    writer = csv.DictWriter(output, columns)
    writer.writeheader()
    writer.writerows(row for row, _ in _rows(selection, subject))


def write_geojson(selection: Selection, subject: Subject, output: TextIO) -> None:
    """Write a table as a GeoJSON FeatureCollection, one feature a line.

    A claim is where its place is. What has no known geometry has the geometry null. Empty cells
    are left out of the properties.
    """
    output.write('{"type": "FeatureCollection", "features": [')
    between = "\n"
    for row, place in _rows(selection, subject):
        feature = {
            "type": "Feature",
            "id": row[subject.value.removesuffix("s")],
            "geometry": _geometry(selection.vocabulary, place),
            "properties": {
                key: value for key, value in row.items() if value != "" and key != "geometry"
            },
        }
        output.write(between + json.dumps(feature, ensure_ascii=False))
        between = ",\n"
    output.write("\n]}\n")


def _rows(selection: Selection, subject: Subject) -> Iterator[tuple[dict[str, Any], Term | None]]:
    """Yield rows, each with the place whose geometry it has."""
    if subject is Subject.ZONES:
        yield from _zones(selection)
        return
    for excerpt in selection:
        # Labels are looked for in the article first, then in the vocabulary.
        known = _Labels(excerpt.statements, selection.vocabulary)
        for claim in excerpt.claims:
            place = next(iter(excerpt.statements.objects(claim, term("accord", "place"))), None)
            yield _claim(excerpt, claim, known), place


def _claim(excerpt: Excerpt, claim: NamedNode, known: _Labels) -> dict[str, Any]:
    graph = excerpt.statements

    def of(node: Term, name: str, prefix: str = "accord") -> list[Term]:
        return graph.objects(node, term(prefix, name))

    def after(nodes: Iterable[Term], name: str, prefix: str = "accord") -> str:
        return _joined(value for node in nodes for value in of(node, name, prefix))

    article = [excerpt.article]
    selectors = [part for span in of(claim, "evidence") for part in of(span, "hasSelector", "oa")]
    types = [value.value for value in of(claim, "type", "rdf") if isinstance(value, NamedNode)]
    row: dict[str, Any] = {
        "claim": claim.value,
        "type": min((_local(iri).removesuffix("Claim") for iri in types), default=""),
    }
    for name in _ENTITIES:
        entities = sorted(of(claim, name), key=lambda node: (known.label(node), str(node)))
        row[name] = SEPARATOR.join(map(known.label, entities))
        row[f"{name}_iri"] = SEPARATOR.join(node.value for node in entities)  # type: ignore[union-attr]
    row |= {name: _joined(of(claim, name), _local) for name in _CONCEPTS}
    row |= {name: after([claim], name) for name in _PLAIN}
    row |= {name: after(of(claim, "quantity"), name) for name in _QUANTITY}
    row |= {
        "text": after(selectors, "exact", "oa"),
        "start": after(selectors, "start", "oa"),
        "end": after(selectors, "end", "oa"),
        "article": SEPARATOR.join(excerpt.names) or excerpt.article.value,
        "title": after(article, "title", "dcterms"),
        "outlet": SEPARATOR.join(map(known.label, of(excerpt.article, "publishedBy"))),
        "published": after(article, "publishedOn"),
        "inferred_date": after(article, "inferredDate"),
        "address": after(article, "url", "schema"),
        "extraction": after([claim], "wasGeneratedBy", "prov"),
    }
    return row


def _zones(selection: Selection) -> Iterator[tuple[dict[str, Any], Term]]:
    """Yield the places of the vocabulary that claims or accords are about, and all zones."""
    known = selection.vocabulary
    labels = _Labels(known)
    counts: Counter[Term] = Counter()
    for excerpt in selection:
        for claim in excerpt.claims:
            counts.update(excerpt.statements.objects(claim, term("accord", "place")))
            labels.learn(excerpt.statements, claim)
    zones = set(known.instances(term("accord", "Zone"))) | set(counts)
    zones.update(known.behind(term("accord", "zone")))
    for zone in sorted(zones, key=lambda node: (labels.label(node), str(node))):
        agreements = known.subjects(term("accord", "zone"), zone)
        matches = known.objects(zone, term("skos", "exactMatch"))
        row = {
            "zone": zone.value,  # type: ignore[union-attr]
            "label": labels.label(zone),
            "type": _joined(known.objects(zone, term("rdf", "type")), _local) or "Place",
            "within": SEPARATOR.join(
                sorted(map(labels.label, known.objects(zone, term("accord", "within"))))
            ),
            "agreements": SEPARATOR.join(sorted(map(labels.label, agreements))),
            "wikidata": _joined((node for node in matches if "wikidata.org" in str(node)), _local),
            "latitude": _joined(known.objects(zone, term("accord", "latitude"))),
            "longitude": _joined(known.objects(zone, term("accord", "longitude"))),
            "geometry": _wkt(known, zone),
            "claims": counts[zone],
        }
        yield row, zone


class _Labels:
    """What entities are called: an accord by its key, anything else by its label."""

    def __init__(self, *sources: Statements) -> None:
        self._sources = sources
        self._learnt: dict[Term, str] = {}

    def label(self, node: Term) -> str:
        for name in (term("accord", "key"), term("skos", "prefLabel")):
            for source in self._sources:
                for value in source.objects(node, name):
                    if isinstance(value, Literal):
                        return value.value
        return self._learnt.get(node) or _local(node.value)  # type: ignore[union-attr]

    def learn(self, statements: Statements, claim: Term) -> None:
        """Keep what an article calls the place of a claim, for when its graph is gone."""
        for place in statements.objects(claim, term("accord", "place")):
            for value in statements.objects(place, term("skos", "prefLabel")):
                self._learnt[place] = value.value  # type: ignore[union-attr]


def _wkt(known: Statements, place: Term) -> str:
    geometries = [place, *known.objects(place, NamedNode(GEO + "hasGeometry"))]
    texts = [text for node in geometries for text in known.objects(node, NamedNode(GEO + "asWKT"))]
    return texts[0].value if texts else ""  # type: ignore[union-attr]


def _geometry(known: Statements, place: Term | None) -> dict[str, Any] | None:
    """Return the area of a place, or else its point."""
    if place is None:
        return None
    if wkt := _wkt(known, place):
        return geojson(wkt)
    point = [
        float(value.value)  # type: ignore[union-attr]
        for name in ("longitude", "latitude")
        for value in known.objects(place, term("accord", name))
    ]
    return {"type": "Point", "coordinates": point} if len(point) == 2 else None


def _joined(values: Iterable[Term], write: Callable[[str], str] = str) -> str:
    return SEPARATOR.join(sorted(write(value.value) for value in values))  # type: ignore[union-attr]


def _local(iri: str) -> str:
    return iri.rpartition("/")[2].rpartition("#")[2]
