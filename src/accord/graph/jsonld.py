"""The JSON-LD mapping of ``mappings/claim.context.jsonld``: nodes as dictionaries, to triples."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from pyoxigraph import Quad, RdfFormat, Triple, parse, serialize

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
    document = f'{{"@context":{_context_text()},"@graph":{json.dumps(nodes, ensure_ascii=False)}}}'
    lines = _lines(parse(document, format=RdfFormat.JSON_LD))
    made = Counter(line[: line.find(" ")] for line in lines)
    for node in nodes:
        wanted = sum(
            len(set(value)) if isinstance(value, (list, tuple)) else 1
            for key, value in node.items()
            if key != "id"
        )
        found = made[f"<{node['id']}>"]
        if found != wanted:
            raise ClaimError(
                f"{node['id']} lost statements in the mapping ({wanted} in, "
                f"{found} out): {json.dumps(node, ensure_ascii=False)[:300]}",
                "A key or IRI is malformed, or mappings/claim.context.jsonld lacks a term.",
            )
    return _joined(lines)


def sorted_ntriples(triples: Iterable[Triple]) -> str:
    """Return triples as N-Triples, sorted, each once."""
    return _joined(_lines(triples))


def _lines(triples: Iterable[Triple] | Iterable[Quad]) -> set[str]:
    """Return triples, or quads of the default graph, as the lines of N-Triples."""
    # As text at once: a set of Python's triples costs three times as much.
    text = (serialize(triples, format=RdfFormat.N_QUADS) or b"").decode()
    return {line for line in text.split("\n") if line}


def _joined(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in sorted(lines))


@cache
def _context_text() -> str:
    return json.dumps(context(), ensure_ascii=False)
