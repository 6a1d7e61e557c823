"""A whole store, written out: as RDF, or as the claims in their JSON form."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, cast

import rdflib
from pyoxigraph import Quad, RdfFormat, serialize

from accord.claim import OUTLET, Claim
from accord.graph import ONTOLOGY
from accord.store import PREFIXES, Store

RDF_FORMATS = {
    "nquads": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "turtle": RdfFormat.TURTLE,
}
"""Formats of RDF. Turtle has no named graphs: it gives the union of all."""

_ENTITIES = ("holder", "speaker", "actor", "target", "agreement", "place")
_CONCEPTS = ("status", "polarity", "modality")
_QUANTITY = {"min": "minimum", "max": "maximum", "unit": "unit", "of": "quantityOf"}
_TEXTS = ("action", "time", "due")


def export_rdf(store: Store, format: str, output: BinaryIO) -> None:
    """Write everything in the store to a binary stream, in one of ``RDF_FORMATS``."""
    quads: Iterable[Quad] = store.quads()
    if format == "nquads":
        # Line by line, so that the size of the store does not matter.
        for quad in quads:
            output.write(serialize([quad], format=RdfFormat.N_QUADS) or b"")
        return
    target = RDF_FORMATS[format]
    if format == "turtle":
        # Several graphs may say the same of an obligation.
        union = dict.fromkeys(quad.triple for quad in quads)
        serialize(union, output, format=target, prefixes=PREFIXES)
    else:
        serialize(quads, output, format=target, prefixes=PREFIXES)


def as_dataset(store: Store) -> rdflib.Dataset:
    """Return everything in the store as an rdflib dataset, for work in Python.

    It is a copy in memory: fit for a few hundred thousand claims, not for an archive.
    """
    buffer = io.BytesIO()
    export_rdf(store, "nquads", buffer)
    dataset = rdflib.Dataset()
    dataset.parse(data=buffer.getvalue().decode(), format="nquads")
    return dataset


def export_claims(store: Store) -> Iterator[Claim]:
    """Yield the claims of the store by article and position, in the form that was extracted.

    A graph has no order, so the members of ``actor`` and ``target`` come by their names. An
    article that lies at several locations is named after the first.
    """
    names: dict[str, str] = {}
    captures: Any = store.query(
        "SELECT ?article (MIN(?n) AS ?name) WHERE { GRAPH ?c { ?c accord:holds ?article ; "
        "dcterms:identifier ?n } } GROUP BY ?article"
    )
    for row in captures:
        names[row["article"].value] = row["name"].value
    for article, name in sorted(names.items(), key=lambda item: item[::-1]):
        yield from sorted(_claims(store, article, name), key=lambda claim: (claim.start, claim.end))


def _claims(store: Store, article: str, name: str) -> Iterator[Claim]:
    rows: Any = store.query(
        "SELECT ?claim ?p ?o (COALESCE(?key, ?name) AS ?label) ?publisher WHERE { GRAPH ?g { "
        f"<{article}> accord:publishedBy ?publisher . "
        f"?claim accord:statedIn <{article}> ; accord:polarity ?any . "
        "{ ?claim ?p ?o } UNION { ?claim accord:evidence/oa:hasSelector ?s . ?s ?p ?o } "
        "UNION { ?claim accord:quantity ?quantity . ?quantity ?p ?o } } "
        "OPTIONAL { GRAPH ?n { ?o skos:prefLabel ?name } } "
        "OPTIONAL { GRAPH ?k { ?o accord:key ?key } } }"
    )
    claims: dict[str, dict[str, set[str]]] = {}
    for row in rows:
        about = claims.setdefault(row["claim"].value, {"article": {name}})
        key = row["p"].value.removeprefix(ONTOLOGY).rpartition("/")[2].rpartition("#")[2]
        value = row["o"].value
        if key == "type":
            if value.endswith("Claim"):
                about["type"] = {value.removeprefix(ONTOLOGY).removesuffix("Claim")}
        elif key in _ENTITIES:
            own = key == "holder" and value == row["publisher"].value
            about.setdefault(key, set()).add(OUTLET if own else row["label"].value)
        elif key in _CONCEPTS:
            about[key] = {value.rpartition("/")[2]}
        else:
            about.setdefault(key, set()).add(value)
    for about in claims.values():
        yield _claim(about)


def _claim(about: dict[str, set[str]]) -> Claim:
    def one(key: str) -> str | None:
        return min(about[key]) if key in about else None

    quantity = {
        key: _number(value) if key in ("min", "max") else value
        for key, term in _QUANTITY.items()
        if (value := one(term)) is not None
    }
    return Claim.model_validate(
        {key: one(key) for key in ("article", "type", *_ENTITIES, *_CONCEPTS, *_TEXTS)}
        | {key: sorted(about.get(key, ())) for key in ("actor", "target")}
        | {
            "start": int(cast(str, one("start"))),
            "end": int(cast(str, one("end"))),
            "text": one("exact"),
            "quantity": quantity or None,
            "confidence": _number(value) if (value := one("confidence")) else None,
        }
    )


def _number(text: str) -> int | float:
    return int(text) if text.lstrip("-").isdigit() else float(text)
