"""Nanopublications: each claim as a small publication of its own, that can be cited.

Form after the guidelines (https://nanopub.net/guidelines/working_draft/): four named graphs, the
head that names the others, the assertion, where it comes from, and where the nanopublication does.
Its IRI is made from what it says, so that the same claim from the same versions is the same one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from accord.graph import BASE, short_hash
from accord.graph.jsonld import sorted_ntriples
from accord.publishing.excerpt import Excerpt, Selection, about, term
from accord.shapes import Term
from accord.shapes.statements import TYPE
from accord.store import PREFIXES

NP = "http://www.nanopub.org/nschema#"
NPX = "http://purl.org/nanopub/x/"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
"""The licence of what Accord states; the quoted words stay those of their authors."""

_PROVENANCE = frozenset(
    term(prefix, name)
    for prefix, name in (
        ("accord", "evidence"),
        ("accord", "statedIn"),
        ("accord", "confidence"),
        ("accord", "madeIn"),
        ("prov", "wasGeneratedBy"),
    )
)
"""What of a claim's own statements is about where it comes from."""


@dataclass(frozen=True, slots=True)
class Imprint:
    """What stands in the publication info: under which licence, by whom (an IRI, if any)."""

    licence: str = LICENCE
    creator: str | None = None


def nanopublication(
    excerpt: Excerpt, claim: NamedNode, captured: str, imprint: Imprint
) -> list[Quad]:
    """Return the quads of one claim's nanopublication.

    :param excerpt: the claim's article
    :param captured: when the article was read, as an ISO 8601 time
    """
    own = list(about(excerpt.statements, claim))
    origin = [triple for triple in own if triple.predicate in _PROVENANCE]
    said = [triple for triple in own if triple not in origin]
    said += _unless(excerpt.described(*_named(said)), said)
    sources = [triple for triple in excerpt.described(*_named(origin)) if triple not in said]
    iri = f"{BASE}np/{short_hash(sorted_ntriples([*said, *origin, *sources]))}"
    head, assertion, provenance, info = (
        NamedNode(f"{iri}#{name}") for name in ("Head", "assertion", "provenance", "pubinfo")
    )
    publication = NamedNode(iri)
    evidence = _behind(origin, "accord", "evidence")
    from_ = [(term("prov", "wasDerivedFrom"), node) for node in (excerpt.article, *evidence)]
    from_ += [
        (term("prov", "wasGeneratedBy"), node) for node in _behind(origin, "prov", "wasGeneratedBy")
    ]
    graphs = {
        head: [
            Triple(publication, TYPE, NamedNode(NP + "Nanopublication")),
            Triple(publication, NamedNode(NP + "hasAssertion"), assertion),
            Triple(publication, NamedNode(NP + "hasProvenance"), provenance),
            Triple(publication, NamedNode(NP + "hasPublicationInfo"), info),
        ],
        assertion: said,
        provenance: [
            *(Triple(assertion, predicate, node) for predicate, node in from_),
            *origin,
            *sources,
        ],
        info: list(_info(publication, claim, captured, imprint, said)),
    }
    return [
        Quad(triple.subject, triple.predicate, triple.object, graph)
        for graph, triples in graphs.items()
        for triple in dict.fromkeys(triples)
    ]


def write_nanopublications(
    selection: Selection, output: BinaryIO, imprint: Imprint | None = None
) -> int:
    """Write one nanopublication after the other as TriG; returns how many.

    :param output: a binary stream; what is in memory does not grow with what is written
    """
    prefixes = {"np": NP, "npx": NPX, **PREFIXES}
    now = datetime.now(UTC).isoformat(timespec="seconds")
    written = 0
    for excerpt in selection:
        captured = selection.captured(excerpt.article) or now
        for claim in excerpt.claims:
            quads = nanopublication(excerpt, claim, captured, imprint or Imprint())
            text = serialize(quads, format=RdfFormat.TRIG, prefixes=prefixes) or b""
            # The prefixes are declared once.
            lines = text.splitlines(keepends=True)
            output.writelines(
                line for line in lines if not written or not line.startswith(b"@prefix")
            )
            written += 1
    return written


def _info(
    publication: NamedNode,
    claim: NamedNode,
    captured: str,
    imprint: Imprint,
    said: Iterable[Triple],
) -> Iterator[Triple]:
    when = Literal(captured, datatype=term("xsd", "dateTime"))
    yield Triple(publication, term("dcterms", "created"), when)
    yield Triple(publication, term("dcterms", "license"), NamedNode(imprint.licence))
    yield Triple(publication, term("dcterms", "creator"), NamedNode(imprint.creator or BASE))
    yield Triple(publication, NamedNode(NPX + "introduces"), claim)
    for triple in said:
        if triple.subject == claim and triple.predicate == TYPE:
            yield Triple(publication, NamedNode(NPX + "hasNanopubType"), triple.object)
    if not imprint.creator:
        software = NamedNode(BASE)
        yield Triple(software, TYPE, term("prov", "SoftwareAgent"))
        yield Triple(software, term("rdfs", "label"), Literal("Accord", language="en"))


def _unless(triples: Iterable[Triple], already: list[Triple]) -> list[Triple]:
    return [triple for triple in triples if triple not in already]


def _named(triples: Iterable[Triple]) -> list[Term]:
    """Return the nodes that triples name, except classes."""
    return list(dict.fromkeys(triple.object for triple in triples if triple.predicate != TYPE))


def _behind(triples: Iterable[Triple], prefix: str, name: str) -> list[Term]:
    return [triple.object for triple in triples if triple.predicate == term(prefix, name)]
