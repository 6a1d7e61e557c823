"""Confirmed links as RDF: each the plain statement, and a node that says where it comes from.

The node is SSSOM's own form in RDF, an ``owl:Axiom`` about the statement. The curated links of
``mappings/links.sssom.tsv`` are the graph ``graph/links``; what the users of a store have accepted
is ``graph/links/accepted``. A curated row always wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from urllib.parse import quote, unquote

from pyoxigraph import Literal, NamedNode, Triple

from accord.errors import LinkError
from accord.graph import BASE, ID, ONTOLOGY, NamedGraph, short_hash
from accord.graph.jsonld import sorted_ntriples
from accord.linking.candidate import ENTITY
from accord.linking.rules import rules
from accord.linking.sssom import BROAD, EXACT, Link, curie, read_links
from accord.resources import resource
from accord.store import PREFIXES

ACCEPTED = f"{BASE}graph/links/accepted"
"""The graph of the links that the users of a store have accepted."""

CODES = f"{ID}code/"
"""What the IRIs of codes start with whose data set has none of its own."""


@cache
def curated() -> tuple[Link, ...]:
    """Return the rows of ``mappings/links.sssom.tsv``, rejections included; read once.

    :raises LinkError: naming the line or the entities that are wrong
    """
    path = resource("mappings", "links.sssom.tsv")
    links = read_links(path).links
    check(path, links)
    return tuple(links)


def check(path: Path, links: Iterable[Link]) -> None:
    """See that accepted links do not contradict each other.

    :raises LinkError: if an entity has two items, an item two entities, or a row is also rejected
    """
    items: dict[str, str] = {}
    owners: dict[str, str] = {}
    rows = list(links)
    refused = {(link.subject, link.object) for link in rows if link.confirmed and link.negated}
    for link in rows:
        if not link.accepted:
            continue
        if (link.subject, link.object) in refused:
            raise LinkError(
                f"{path}: {curie(link.subject)} is both linked to {curie(link.object)} and not.",
                "Keep one of the two rows.",
            )
        if link.predicate != EXACT or not link.object.startswith(ENTITY):
            continue
        other = items.setdefault(link.subject, link.object)
        owner = owners.setdefault(link.object, link.subject)
        if other != link.object:
            raise LinkError(
                f"{path}: {curie(link.subject)} is linked exactly to {curie(other)} and to "
                f"{curie(link.object)}.",
                "One thing has one item: correct one row, or make it a skos:closeMatch.",
            )
        if owner != link.subject:
            raise LinkError(
                f"{path}: {curie(link.object)} stands on {curie(owner)} and on "
                f"{curie(link.subject)}.",
                "If the two are one, make them one; otherwise one of the rows is wrong.",
            )


def winning(links: Sequence[Link], over: Sequence[Link]) -> list[Link]:
    """Return the accepted links that no row of the curated set speaks against.

    :param over: the curated rows: their exact links, and their rejections
    """
    exact = {
        link.subject: link.object for link in over if link.accepted and link.predicate == EXACT
    }
    owners = {item: subject for subject, item in exact.items()}
    said = {(link.subject, link.object) for link in over if link.confirmed}
    return [
        link
        for link in links
        if link.accepted
        and (link.subject, link.object) not in said
        and not (
            link.predicate == EXACT
            and link.object.startswith(ENTITY)
            and (link.subject in exact or link.object in owners)
        )
    ]


def links_graph(iri: str, links: Iterable[Link]) -> NamedGraph:
    """Return the accepted ones among links as a named graph."""
    return NamedGraph(iri, sorted_ntriples(triples(links)))


def triples(links: Iterable[Link]) -> Iterator[Triple]:
    """Yield what accepted links say, each with the node that accounts for it."""
    for link in links:
        if link.accepted:
            yield from _statement(link)


def code_iri(scheme: str, code: str) -> str:
    """Return the IRI of a code: its data set's own, or one that is minted."""
    template = rules().schemes.get(scheme, f"{CODES}{scheme}/{{code}}")
    return template.replace("{code}", quote(code, safe=""))


def code_of(iri: str) -> tuple[str, str] | None:
    """Return scheme and code of such an IRI; None for any other IRI."""
    if iri.startswith(CODES):
        scheme, _, code = iri.removeprefix(CODES).partition("/")
        return (scheme, unquote(code)) if code else None
    for scheme, template in rules().schemes.items():
        before, after = template.split("{code}")
        found = re.fullmatch(f"{re.escape(before)}([^/]+){re.escape(after)}", iri)
        if found:
            return scheme, unquote(found[1])
    return None


def _statement(link: Link) -> Iterator[Triple]:
    subject, predicate, item = map(NamedNode, (link.subject, link.predicate, link.object))
    node = NamedNode(f"{ID}mapping/{short_hash(link.subject, link.predicate, link.object)}")
    code = code_of(link.object)
    if code and code[0] != "wikidata" and link.predicate in (EXACT, BROAD):
        datatype = NamedNode(ONTOLOGY + code[0])
        yield Triple(subject, _term("skos:notation"), Literal(code[1], datatype=datatype))
    yield Triple(subject, predicate, item)
    about: dict[str, NamedNode | Literal] = {
        "rdf:type": _term("owl:Axiom"),
        "owl:annotatedSource": subject,
        "owl:annotatedProperty": predicate,
        "owl:annotatedTarget": item,
        "sssom:mapping_justification": NamedNode(link.justification),
    }
    texts = {
        "sssom:subject_label": link.subject_label,
        "sssom:object_label": link.object_label,
        "sssom:author_label": link.author,
        "sssom:reviewer_label": link.reviewer,
        "sssom:mapping_tool": link.tool,
        "sssom:mapping_tool_version": link.tool_version,
        "sssom:comment": link.comment,
    }
    about |= {name: Literal(text) for name, text in texts.items() if text}
    if link.confidence is not None:
        number = Literal(f"{link.confidence:.3f}", datatype=_term("xsd:decimal"))
        about["sssom:confidence"] = number
    if link.day:
        day = Literal(link.day.isoformat(), datatype=_term("xsd:date"))
        about["sssom:mapping_date"] = day
    for name, value in about.items():
        yield Triple(node, _term(name), value)


def _term(name: str) -> NamedNode:
    prefix, _, local = name.partition(":")
    return NamedNode(PREFIXES[prefix] + local)
