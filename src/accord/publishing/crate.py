"""A research crate: the answer to a query with the claims behind it, for a paper's appendix.

A zip file after RO-Crate 1.1 (https://www.researchobject.org/ro-crate/specification/1.1/): the
query, its answer as CSV and JSON, the claims that the answer names with everything that they rest
on, and the labels of the actors, places and accords that they name.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO

from pyoxigraph import (
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    serialize,
)

from accord import __version__
from accord.errors import UsageError
from accord.graph import BASE
from accord.publishing.excerpt import Excerpt, Row, Selection, about, claims_of, solutions
from accord.publishing.nanopublication import Imprint
from accord.shapes import Statements, Term
from accord.store import PREFIXES, Store

_SPECIFICATION = "https://w3id.org/ro/crate/1.1"
_SOFTWARE = f"{BASE}#software"
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the zip, so that the same content gives the same bytes."""

_README = """# {title}

{description}

| file | what |
|---|---|
{files}

`claims.nq` has the claims that the answer names, {count} of them from {articles} articles, in the
graphs of their articles: holder, actors, obligation, the exact words with their offsets, the
article with its outlet, date and the SHA-256 of its text, and the versions of software, language
model and mappings that extracted them. A claim is what somebody says, and not what is true.
`vocabulary.ttl` has what the graph knows of the actors, places and accords that are named.

Any RDF tool reads both, for instance rdflib:

    import rdflib
    claims = rdflib.Dataset()
    claims.parse("claims.nq", format="nquads")

Licence: <{licence}>. The quoted words are those of their authors.
"""


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: a title, a description, and the query's text in SPARQL."""

    title: str
    description: str
    sparql: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a crate holds: how many rows the answer has, how many claims of how many articles."""

    rows: int
    claims: int
    articles: int


def write_crate(
    store: Store, question: Question, output: BinaryIO, imprint: Imprint, published: date
) -> Contents:
    """Ask a question and write its answer with its provenance as a zip file.

    :param output: a binary stream, which need not be seekable
    :param published: the day that the crate bears
    :raises UsageError: if the query is no SELECT, or its answer names no claim
    :raises QueryError: if it is not SPARQL
    """
    names, rows = solutions(store.query(question.sparql))
    found = claims_of(store, rows)
    # Before anything is written.
    if not found:
        raise UsageError(
            "The answer names no claim, so that nothing could be said of where it comes from.",
            "Have the query return ?claim, or the exact words of the evidence.",
        )
    selection = Selection(store, found)
    crate = _Crate(output)
    prologue = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    crate.add("query.rq", "The query", "application/sparql-query", prologue + question.sparql)
    crate.add("result.csv", "The answer as a table", "text/csv", _as_csv(names, rows))
    crate.add(
        "result.json",
        "The answer as SPARQL results in JSON",
        "application/sparql-results+json",
        _as_json(names, rows),
    )
    named: set[Term] = set()
    claims = articles = 0
    with crate.open("claims.nq", "The claims with their provenance", "application/n-quads") as file:
        for excerpt in selection:
            articles += 1
            claims += len(excerpt.claims)
            quads = list(_provenance(excerpt))
            named.update(quad.object for quad in quads)
            file.write(serialize(quads, format=RdfFormat.N_QUADS) or b"")
    labels = serialize(
        _described(selection.vocabulary, named), format=RdfFormat.TURTLE, prefixes=PREFIXES
    )
    crate.add(
        "vocabulary.ttl",
        "The actors, places, accords and concepts that they name",
        "text/turtle",
        (labels or b"").decode(),
    )
    files = "\n".join(f"| `{part['@id']}` | {part['name']} |" for part in crate.parts)
    about_it = question.description or question.title
    readme = _README.format(
        title=question.title,
        description=about_it,
        files=files,
        count=claims,
        articles=articles,
        licence=imprint.licence,
    )
    crate.add("README.md", "How to read this", "text/markdown", readme)
    graph = _metadata(question, about_it, crate.parts, imprint, published, _versions(store))
    crate.add(
        "ro-crate-metadata.json",
        "",
        "application/ld+json",
        json.dumps(
            {"@context": f"{_SPECIFICATION}/context", "@graph": graph}, ensure_ascii=False, indent=2
        ),
    )
    crate.close()
    return Contents(len(rows), claims, articles)


class _Crate:
    """A zip file in the making; ``parts`` are the RO-Crate entities of its files."""

    def __init__(self, output: BinaryIO) -> None:
        self.parts: list[dict[str, Any]] = []
        self._zip = zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED)

    def add(self, path: str, name: str, media: str, text: str) -> None:
        with self.open(path, name, media) as file:
            file.write(text.encode())

    def open(self, path: str, name: str, media: str) -> Any:
        self.parts.append({"@id": path, "@type": "File", "name": name, "encodingFormat": media})
        entry = zipfile.ZipInfo(path, _EARLIEST)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        return self._zip.open(entry, "w", force_zip64=True)

    def close(self) -> None:
        self._zip.close()


def _metadata(
    question: Question,
    description: str,
    parts: list[dict[str, Any]],
    imprint: Imprint,
    published: date,
    versions: list[str],
) -> list[dict[str, Any]]:
    """Return the entities of the crate's metadata document."""
    files = [{"@id": part["@id"]} for part in parts]
    author = imprint.creator or _SOFTWARE
    made = [file for file in files if file["@id"] != "query.rq"]
    graph: list[dict[str, Any]] = [
        {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "conformsTo": {"@id": _SPECIFICATION},
            "about": {"@id": "./"},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "name": question.title,
            "description": description,
            "datePublished": published.isoformat(),
            "license": {"@id": imprint.licence},
            "author": {"@id": author},
            "keywords": "ceasefire, claims, obligations, news",
            "hasPart": files,
            "mentions": {"@id": "#extraction"},
        },
        *parts,
        {
            "@id": "#extraction",
            "@type": "CreateAction",
            "name": "The query, asked of the store",
            "description": "Claims extracted with " + "; ".join(versions),
            "object": {"@id": "query.rq"},
            "instrument": {"@id": _SOFTWARE},
            "result": made,
        },
        {
            "@id": _SOFTWARE,
            "@type": "SoftwareApplication",
            "name": "Accord",
            "url": BASE,
            "version": __version__,
        },
        {"@id": imprint.licence, "@type": "CreativeWork", "name": imprint.licence},
    ]
    if imprint.creator:
        graph.append({"@id": imprint.creator, "@type": "Person", "name": imprint.creator})
    return graph


def _provenance(excerpt: Excerpt) -> Iterator[Quad]:
    for triple in excerpt.described(*excerpt.claims):
        yield Quad(triple.subject, triple.predicate, triple.object, excerpt.graph)


def _described(vocabulary: Statements, named: set[Term]) -> list[Triple]:
    """Return what the vocabulary says of nodes that are named."""
    nodes = sorted((node for node in named if isinstance(node, NamedNode)), key=str)
    return [triple for node in nodes for triple in about(vocabulary, node)]


def _versions(store: Store) -> list[str]:
    rows: Any = store.query(
        "SELECT DISTINCT ?v WHERE { GRAPH ?c { ?c accord:extractedWith ?v } } ORDER BY ?v"
    )
    return [row["v"].value for row in rows]


def _as_csv(names: list[str], rows: list[Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(names)
    for row in rows:
        writer.writerow(getattr(row[name], "value", "") for name in names)
    return text.getvalue()


def _as_json(names: list[str], rows: list[Row]) -> str:
    """Return the rows in the W3C's form of results; pyoxigraph writes only what it answers."""
    found = []
    for row in rows:
        found.append({name: _term(value) for name in names if (value := row[name]) is not None})
    document = {"head": {"vars": names}, "results": {"bindings": found}}
    return json.dumps(document, ensure_ascii=False, indent=1)


def _term(value: Term) -> dict[str, str]:
    if isinstance(value, NamedNode):
        return {"type": "uri", "value": value.value}
    language = getattr(value, "language", None)
    datatype = getattr(value, "datatype", None)
    found = {"type": "literal", "value": str(getattr(value, "value", value))}
    if language:
        return found | {"xml:lang": language}
    if datatype is not None and datatype.value != f"{PREFIXES['xsd']}string":
        return found | {"datatype": datatype.value}
    return found
