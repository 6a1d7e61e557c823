"""Makes the parts of ``ontology/README.md`` that must agree with the files and with the graph.

``pytest tests/unit/test_ontology_readme.py --update-golden`` writes them anew, between the marks
``<!-- made: NAME -->`` and ``<!-- /made -->``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rdflib import RDF, RDFS, Graph, Literal, URIRef
from rdflib.namespace import OWL, SKOS

from accord.graph import BASE, ID, ONTOLOGY
from accord.resources import resource
from tests.unit.ontology_files import graph

#: How a mapping is written: from the ontology's predicate to a sign that the page explains.
SIGNS = {
    RDFS.subClassOf: "⊂",
    RDFS.subPropertyOf: "⊂",
    SKOS.closeMatch: "≈",
    SKOS.narrowMatch: "⊃",
    SKOS.relatedMatch: "~",
}
#: Classes by which the store keeps its books; their properties are listed with them.
BOOKS = {
    "Capture",
    "DerivedGraph",
    "Extraction",
    "FormerCapture",
    "PendingDerivation",
    "Rule",
    "Run",
    "SupersededGraph",
}
PREFIXES = {
    "claim": f"{ID}claim/",
    "utterance": f"{ID}utterance/",
    "obligation": f"{ID}obligation/",
    "extraction": f"{ID}extraction/",
    "article": f"{ID}article/",
    "actor": f"{ID}actor/",
    "place": f"{ID}place/",
    "agreement": f"{ID}agreement/",
    "mention": f"{ID}mention/",
    "run": f"{ID}run/",
    "status": f"{BASE}scheme/status/",
    "polarity": f"{BASE}scheme/polarity/",
    "modality": f"{BASE}scheme/modality/",
    "name": f"{ID}name/",
    "action": f"{BASE}scheme/action/",
    "object": f"{BASE}scheme/object/",
}


def between_marks(page: str, name: str) -> str:
    """Return what stands between the marks of a part; ValueError if the page lacks them."""
    return page[slice(*_bounds(page, name))]


def with_part(page: str, name: str, text: str) -> str:
    """Return the page with another text between the marks of a part."""
    start, end = _bounds(page, name)
    return f"{page[:start]}{text}{page[end:]}"


def _bounds(page: str, name: str) -> tuple[int, int]:
    mark = f"<!-- made: {name} -->\n"
    start = page.index(mark) + len(mark)
    return start, page.index("<!-- /made -->", start)


def short(iri: URIRef) -> str:
    """Return a name with its prefix, as the ontology's file writes it."""
    if iri == RDF.type:
        return "a"
    header = resource("ontology", "accord.ttl").read_text(encoding="utf-8")
    known = dict(re.findall(r"^@prefix (\w+): <(.+)> \.$", header, re.M)) | PREFIXES
    for prefix, namespace in sorted(known.items(), key=lambda item: -len(item[1])):
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return str(iri)


def term_table(kind: URIRef, books: bool = False) -> str:
    """Return the table of Accord's terms of one kind (class, property or datatype), by name.

    :param books: only what the store keeps its books by, else only the rest
    """
    ontology = graph("accord")
    relation = kind in (OWL.ObjectProperty, OWL.DatatypeProperty)
    lines = ["| term | of → what | definition | maps to |", "|---|---|---|---|"]
    if not relation:
        lines = ["| term | definition | example | maps to |", "|---|---|---|---|"]
    found = [
        term
        for term in ontology.subjects(RDF.type, kind)
        if term.startswith(ONTOLOGY)
        and books == (_local(ontology.value(term, RDFS.domain) or term) in BOOKS)
    ]
    for term in sorted(found, key=lambda t: str(t).casefold()):
        definition = ontology.value(term, SKOS.definition)
        example = min(ontology.objects(term, SKOS.example))
        domain, range = ontology.value(term, RDFS.domain), ontology.value(term, RDFS.range)
        sides = " → ".join(_local(side) if side else "*" for side in (domain, range))
        cells = [f"`{_local(term)}`", definition, example, _mappings(term)]
        if relation:
            cells = [f"`{_local(term)}`", sides, definition, _mappings(term)]
        lines.append("| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _local(iri: URIRef) -> str:
    return str(iri).removeprefix(ONTOLOGY) if iri.startswith(ONTOLOGY) else short(iri)


def _mappings(term: URIRef) -> str:
    parts = []
    for predicate, sign in SIGNS.items():
        found = sorted(_local(value) for value in graph("accord").objects(term, predicate))
        if found:
            parts.append(f"{sign} {', '.join(found)}")
    return "; ".join(parts)


def drawing(triples: Graph, root: URIRef) -> str:
    """Draw what a graph says of a node, and of the nodes of the same graph that it leads to.

    What is said of a node is drawn once: beside the root if the root names it, else where it stands
    first.
    """
    beside = set(triples.objects(root))
    return "\n".join([_line(root), *_branches(triples, root, "", {root}, beside)]) + "\n"


def _branches(
    triples: Graph, node: URIRef, indent: str, drawn: set[URIRef], beside: set[URIRef]
) -> Iterator[str]:
    said = sorted(
        ((short(p), o) for p, o in triples.predicate_objects(node)),
        key=lambda item: (item[0] != "a", (item[1], None, None) in triples, item[0], str(item[1])),
    )
    for at, (predicate, value) in enumerate(said):
        last = at == len(said) - 1
        yield f"{indent}{'└─' if last else '├─'} {predicate} → {_line(value)}"
        inner = isinstance(value, URIRef) and (value, None, None) in triples
        if inner and value not in drawn and (value not in beside or not indent):
            drawn.add(value)
            yield from _branches(triples, value, indent + ("   " if last else "│  "), drawn, beside)


def _line(node: URIRef | Literal) -> str:
    text = f'"{node}"' if isinstance(node, Literal) else short(node)
    # Hashes are cut: they are there to be followed, not read.
    return re.sub(r"\b([0-9a-f]{6})[0-9a-f]{18,}", r"\1…", text)
