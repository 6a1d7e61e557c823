"""A small Wikidata: the items of ``tests/fixtures/wikidata.tsv`` in Wikidata's own model.

The table is written for tests: names that are easily confused, persons with one surname, places and
groups of one name. Identifiers that start with Q9000 are invented; the others are Wikidata's. A
name is English unless it says otherwise ("Türkiye@tr"); "mul" is Wikidata's "all languages".
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parent.parent / "fixtures" / "wikidata.tsv"

PROPERTIES = {
    "class": ("P279", "P17", "P571", "P576"),
    "person": ("P31", "P27", "P569", "P570"),
    "event": ("P31", "P17", "P580", "P582"),
    "agreement": ("P31", "P17", "P585", "P582"),
}
"""Which properties the columns types, country, began and ended are, where not the usual ones."""

USUAL = ("P31", "P17", "P571", "P576")

PREFIXES = """\
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <http://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix wdt: <http://www.wikidata.org/prop/direct/> .
@prefix wikibase: <http://wikiba.se/ontology#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

Name = tuple[str, str]
"""Text and language."""


@dataclass(frozen=True)
class Item:
    """A row of the table; ``statements`` has pairs of a property and a QID, ``dates`` of a property
    and a day, month or year."""

    qid: str
    key: str
    kind: str
    label: Name
    aliases: tuple[Name, ...]
    description: str
    statements: tuple[tuple[str, str], ...]
    dates: tuple[tuple[str, str], ...]
    sitelinks: int


def items() -> list[Item]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    qids = {row["key"]: row["qid"] for row in rows}
    return [_item(row, qids) for row in rows]


def by_key() -> dict[str, str]:
    """QIDs by the table's keys, for tests that read better with names."""
    return {item.key: item.qid for item in items()}


def turtle(chosen: Iterable[Item]) -> str:
    return PREFIXES + "".join(map(_block, chosen))


def entity(item: Item) -> dict[str, Any]:
    """An item in the form in which the MediaWiki API writes it."""
    claims: dict[str, list[Any]] = {}
    for name, qid in item.statements:
        value = {"value": {"id": qid}, "type": "wikibase-entityid"}
        claims.setdefault(name, []).append(_statement(value))
    for name, text in item.dates:
        value = {"value": {"time": f"+{(text + '-00-00')[:10]}T00:00:00Z"}, "type": "time"}
        claims.setdefault(name, []).append(_statement(value))
    text, language = item.label
    aliases: dict[str, list[dict[str, str]]] = {}
    for alias, tongue in item.aliases:
        aliases.setdefault(tongue, []).append({"language": tongue, "value": alias})
    described = {"en": {"language": "en", "value": item.description}} if item.description else {}
    return {
        "type": "item",
        "id": item.qid,
        "labels": {language: {"language": language, "value": text}},
        "aliases": aliases,
        "descriptions": described,
        "claims": claims,
        "sitelinks": {f"wiki{n}": {} for n in range(item.sitelinks)},
    }


def _item(row: dict[str, str], qids: dict[str, str]) -> Item:
    type_, country, began, ended = PROPERTIES.get(row["kind"], USUAL)
    statements = [(type_, qids[key]) for key in _split(row["types"])]
    statements += [(country, qids[key]) for key in _split(row["country"])]
    for related in _split(row["related"]):
        name, key = related.split(" ")
        statements.append((name, qids[key]))
    return Item(
        qid=row["qid"],
        key=row["key"],
        kind=row["kind"],
        label=_name(row["label"]),
        aliases=tuple(map(_name, _split(row["aliases"]))),
        description=row["description"],
        statements=tuple(statements),
        dates=tuple(
            (name, day) for name, day in ((began, row["began"]), (ended, row["ended"])) if day
        ),
        sitelinks=int(row["sitelinks"] or 0),
    )


def _statement(value: dict[str, Any]) -> dict[str, Any]:
    return {"rank": "normal", "mainsnak": {"snaktype": "value", "datavalue": value}}


def _block(item: Item) -> str:
    lines = [f"rdfs:label {_literal(item.label)}"]
    lines += [f"skos:altLabel {_literal(alias)}" for alias in item.aliases]
    if item.description:
        lines.append(f"schema:description {_literal((item.description, 'en'))}")
    lines += [f"wdt:{name} wd:{qid}" for name, qid in item.statements]
    lines += [f'wdt:{name} "{_moment(day)}"^^xsd:dateTime' for name, day in item.dates]
    lines.append(f"wikibase:sitelinks {item.sitelinks}")
    return f"wd:{item.qid} " + " ;\n    ".join(lines) + " .\n"


def _moment(day: str) -> str:
    return f"{(day + '-01-01')[:10]}T00:00:00Z"


def _literal(name: Name) -> str:
    return f"{json.dumps(name[0], ensure_ascii=False)}@{name[1]}"


def _name(text: str) -> Name:
    name, at, language = text.rpartition("@")
    return (name, language) if at else (text, "en")


def _split(cell: str) -> Iterator[str]:
    return filter(None, cell.split("|"))
