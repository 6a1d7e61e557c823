"""The JSON-LD mapping of ``mappings/claim.context.jsonld``: nodes as dictionaries, to triples."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize

from accord.errors import ClaimError
from accord.resources import resource


@cache
def context() -> dict[str, Any]:
    """Return the terms of the mapping, by name."""
    path = resource("mappings", "claim.context.jsonld")
    terms: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["@context"]
    return terms


def ntriples(nodes: Iterable[Mapping[str, Any]]) -> str:
    """Run the JSON-LD mapping over nodes and check that nothing was lost on the way.

    The parser drops what it does not know (keys, terms, malformed IRIs) without a word.
    """
    nodes = [
        {key: value for key, value in node.items() if value not in (None, "", [], ())}
        for node in nodes
    ]
    document = json.dumps({"@context": context(), "@graph": nodes}, ensure_ascii=False)
    triples = {quad.triple for quad in parse(document, format=RdfFormat.JSON_LD)}
    made = Counter(
        triple.subject.value for triple in triples if isinstance(triple.subject, NamedNode)
    )
    for node in nodes:
        wanted = sum(
            len(set(value)) if isinstance(value, (list, tuple)) else 1
            for key, value in node.items()
            if key != "id"
        )
        if made[node["id"]] != wanted:
            raise ClaimError(
                f"{node['id']} lost statements in the mapping ({wanted} in, "
                f"{made[node['id']]} out): {json.dumps(node, ensure_ascii=False)[:300]}",
                "A key or IRI is malformed, or mappings/claim.context.jsonld lacks a term.",
            )
    return sorted_ntriples(triples)


def sorted_ntriples(triples: Iterable[Triple]) -> str:
    """Return triples as N-Triples, sorted, each once."""
    lines = (serialize(set(triples), format=RdfFormat.N_TRIPLES) or b"").decode().split("\n")
    return "".join(f"{line}\n" for line in sorted(lines) if line)
