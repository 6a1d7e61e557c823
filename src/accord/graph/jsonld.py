"""The JSON-LD mapping of ``mappings/claim.context.jsonld``: nodes as dictionaries, to triples.

The mapping is a JSON-LD 1.1 context, and any JSON-LD processor makes the same triples of the same
nodes. Here they are written term by term, which is faster, and nothing is dropped without a word:
a key, a class or an IRI that does not fit is an error.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from accord.errors import ClaimError, VocabularyError
from accord.resources import resource

_RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_REMEDY = "An IRI is malformed, or mappings/claim.context.jsonld lacks a term."


@dataclass(frozen=True, slots=True)
class Term:
    """What a key of a node stands for.

    ``predicate`` is an IRI as N-Triples has it; ``write`` makes an object of a value, likewise.
    """

    predicate: str
    write: Callable[[Any], str]


@cache
def terms() -> dict[str, Term]:
    """Return the keys that the mapping knows.

    :raises VocabularyError: if the context uses more of JSON-LD than prefixes, aliases, classes,
        and terms with ``@type`` or ``@language``
    """
    path = resource("mappings", "claim.context.jsonld")
    context: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["@context"]

    def iri(name: str) -> NamedNode:
        prefix, _, rest = name.partition(":")
        return NamedNode(context.get(prefix, f"{prefix}:") + rest)

    classes: dict[str, str] = {}
    found = {"type": Term(str(_RDF_TYPE), classes.__getitem__)}
    for key, given in context.items():
        if isinstance(given, dict):
            if not given.keys() <= {"@id", "@type", "@language"}:
                raise VocabularyError(
                    f"{path.name}: the term {key!r} uses {', '.join(sorted(given))}.",
                    "A term has @id and perhaps @type or @language.",
                )
            found[key] = Term(str(iri(given["@id"])), _writer(given, iri))
        elif isinstance(given, str) and given.partition(":")[0] in context:
            classes[key] = str(iri(given))
    return found


def ntriples(nodes: Iterable[Mapping[str, Any]]) -> str:
    """Run the JSON-LD mapping over nodes; returns N-Triples, sorted, each once.

    A value may be a list of values; None and empty ones are left out.

    :raises ClaimError: if a node has a key, a class or an IRI that the mapping cannot take
    """
    mapping = terms()
    lines: set[str] = set()
    for node in nodes:
        try:
            subject = str(NamedNode(node["id"]))
            for key, value in node.items():
                if key == "id" or value in (None, "", [], ()):
                    continue
                if (term := mapping.get(key)) is None:
                    raise ClaimError(f"{node['id']}: the mapping has no term for {key}.", _REMEDY)
                start = f"{subject} {term.predicate} "
                for each in value if isinstance(value, (list, tuple)) else (value,):
                    lines.add(f"{start}{term.write(each)} .\n")
        except (KeyError, TypeError, ValueError) as error:
            shown = json.dumps(node, ensure_ascii=False, default=str)[:300]
            raise ClaimError(f"The mapping cannot take {shown} ({error}).", _REMEDY) from error
    return "".join(sorted(lines))


def _writer(term: Mapping[str, str], iri: Callable[[str], NamedNode]) -> Callable[[Any], str]:
    """Return what writes the values of a term as N-Triples."""
    if term.get("@type") == "@id":
        return lambda value: str(NamedNode(value))
    if "@type" in term:
        datatype = iri(term["@type"])
        return lambda value: str(Literal(str(value), datatype=datatype))
    language = term.get("@language")
    return lambda value: str(Literal(value, language=language))


def sorted_ntriples(triples: Iterable[Triple]) -> str:
    """Return triples as N-Triples, sorted, each once."""
    # As text at once: a set of Python's triples costs three times as much.
    text = (serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode()
    return "".join(f"{line}\n" for line in sorted(set(text.split("\n"))) if line)
