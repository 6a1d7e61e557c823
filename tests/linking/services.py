"""What Wikidata's API and a reconciliation service answer, about the small Wikidata."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

from tests.linking.misbehaving import Handler, fields
from tests.linking.wikidata_model import Item, entity, items

ITEMS = {item.qid: item for item in items()}

MANIFEST = {
    "versions": ["0.1", "0.2"],
    "name": "Small Wikidata",
    "identifierSpace": "http://www.wikidata.org/entity/",
    "schemaSpace": "http://www.wikidata.org/prop/direct/",
}


def wikidata_api(handler: Handler, body: str) -> None:
    """``wbsearchentities`` by the beginning of a name, ``wbgetentities`` of 50 items at most."""
    asked = fields(body)
    if asked["action"] == "wbsearchentities":
        found = [item for item in ITEMS.values() if _begins(item, asked["search"])]
        found.sort(key=lambda item: -item.sitelinks)
        hits = [{"id": item.qid, "label": item.label[0]} for item in found[: int(asked["limit"])]]
        _say(handler, {"search": hits, "success": 1})
        return
    qids = asked["ids"].split("|")
    if len(qids) > 50:
        _say(handler, {"error": {"code": "toomanyvalues", "info": "the limit is 50"}})
        return
    languages = asked["languages"].split("|")
    told = {qid: _entity(qid, languages) for qid in qids}
    _say(handler, {"entities": told, "success": 1})


def reconciliation(handler: Handler, body: str) -> None:
    """The manifest, and candidates whose names begin like the query, with a score."""
    asked = fields(body)
    if "queries" not in asked:
        _say(handler, MANIFEST)
        return
    queries = json.loads(asked["queries"])
    _say(handler, {key: {"result": _result(query)} for key, query in queries.items()})


def _result(query: dict[str, Any]) -> list[dict[str, Any]]:
    found = [item for item in ITEMS.values() if _begins(item, query["query"])]
    return [
        {
            "id": item.qid,
            "name": item.label[0],
            "description": item.description,
            "score": 100.0 if item.label[0] == query["query"] else 60,
            "match": item.label[0] == query["query"],
            "type": [{"id": qid, "name": qid} for name, qid in item.statements if name == "P31"],
        }
        for item in found[: query["limit"]]
    ]


def _entity(qid: str, languages: list[str]) -> dict[str, Any]:
    if qid not in ITEMS:
        return {"id": qid, "missing": ""}
    told = entity(ITEMS[qid])
    for field in ("labels", "aliases", "descriptions"):
        told[field] = {one: text for one, text in told[field].items() if one in languages}
    return told


def _begins(item: Item, name: str) -> bool:
    names = [item.label[0], *(text for text, _ in item.aliases)]
    return any(_folded(one).startswith(_folded(name)) for one in names)


def _folded(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


def _say(handler: Handler, answer: dict[str, Any]) -> None:
    handler.say(200, json.dumps(answer).encode())
