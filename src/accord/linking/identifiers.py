"""Codes of other data sets, each with its scheme and its evidence: ``mappings/identifiers.tsv``.

A code never stands without its scheme: SY.07 is Deir ez-Zor in GeoNames, SY07 is Idlib for OCHA.
The schemes are the datatypes in ``ontology/accord.ttl``. Only codes that somebody has verified are
loaded; the others stay in the table, so that nobody has to find them a second time.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple, parse

from accord.errors import LinkError
from accord.graph import ONTOLOGY
from accord.linking.sssom import CURIES, expand
from accord.resources import resource
from accord.store import PREFIXES

_COLUMNS = ("entity", "scheme", "code", "verified", "evidence")
SHARED = frozenset({"cameo"})
"""Schemes whose codes may stand on several entities: CAMEO's are of roles."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """What an entity (its IRI) is called in a data set."""

    entity: str
    scheme: str
    code: str
    verified: bool
    evidence: str


@cache
def identifiers() -> tuple[Identifier, ...]:
    """Read ``mappings/identifiers.tsv`` once.

    :raises LinkError: as :func:`read_identifiers`
    """
    return read_identifiers(resource("mappings", "identifiers.tsv"))


@cache
def schemes() -> frozenset[str]:
    """Return the schemes that ``ontology/accord.ttl`` declares, by local name."""
    datatype = NamedNode(f"{PREFIXES['rdfs']}Datatype")
    quads = parse(path=str(resource("ontology", "accord.ttl")))
    return frozenset(
        quad.subject.value.removeprefix(ONTOLOGY)
        for quad in quads
        if quad.object == datatype and isinstance(quad.subject, NamedNode)
    )


def read_identifiers(path: Path) -> tuple[Identifier, ...]:
    """Read such a table.

    :raises LinkError: naming line and value: an unknown scheme, a code of two entities, a verified
        code without evidence
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise LinkError(f"The identifiers {path} cannot be read: {error}.") from error
    table = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    if tuple(table.fieldnames or ()) != _COLUMNS:
        raise LinkError(f"{path} does not have the columns {', '.join(_COLUMNS)}.")
    owners: dict[tuple[str, str], str] = {}
    found = []
    for row in table:
        where = f"{path}:{table.line_num}"
        if None in row or None in row.values():
            raise LinkError(f"{where}: the row does not have {len(_COLUMNS)} fields.")
        each = _identifier(where, row)
        owner = owners.setdefault((each.scheme, each.code), each.entity)
        if owner != each.entity and each.scheme not in SHARED:
            raise LinkError(f"{where}: {each.scheme} {each.code} stands on {owner} already.")
        found.append(each)
    return tuple(found)


def triples(given: Iterable[Identifier]) -> Iterator[Triple]:
    """Yield the verified codes as statements, each typed with its scheme."""
    notation = NamedNode(f"{PREFIXES['skos']}notation")
    for each in given:
        if each.verified:
            code = Literal(each.code, datatype=NamedNode(ONTOLOGY + each.scheme))
            yield Triple(NamedNode(each.entity), notation, code)


def _identifier(where: str, row: dict[str, str]) -> Identifier:
    entity = expand(row["entity"], CURIES)
    if entity is None:
        raise LinkError(f"{where}: the entity {row['entity']!r} is neither an IRI nor a CURIE.")
    if row["scheme"] not in schemes():
        raise LinkError(
            f"{where}: the scheme {row['scheme']!r} is not known.",
            "Declare it as an rdfs:Datatype in ontology/accord.ttl.",
        )
    if not row["code"].strip() or row["verified"] not in ("yes", "no"):
        raise LinkError(f"{where}: a code is missing, or verified is neither yes nor no.")
    if row["verified"] == "yes" and not row["evidence"].strip():
        raise LinkError(f"{where}: {row['code']} is verified, but nothing says by what.")
    return Identifier(entity, row["scheme"], row["code"], row["verified"] == "yes", row["evidence"])
