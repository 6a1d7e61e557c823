"""Wikidata's items by names that are nearly theirs: the search of its MediaWiki API.

``wbsearchentities`` finds items of which a name begins like the one that is asked for, whatever its
case and accents; it takes one name a request. ``wbgetentities`` then tells about 50 items at once.
Documentation: https://www.wikidata.org/w/api.php?action=help&modules=wbsearchentities.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from accord.errors import ServiceError
from accord.linking.cache import parts
from accord.linking.candidate import Candidate, Unanswered
from accord.linking.courtesy import Courtesy
from accord.linking.inquiry import Inquiry
from accord.linking.item import FORM, as_candidate, classes_of, is_wanted, value_of
from accord.linking.spellings import wishes
from accord.linking.web import Web
from accord.linking.wikidata import of_type
from accord.store.wire import PassingError

if TYPE_CHECKING:
    from accord.linking.cache import Cache
    from accord.linking.subject import Subject

MAXLAG = 5
"""Seconds by which copies of the database may lag behind; the API turns us away above it."""

_SUBJECTS = 50

_HITS = 10
"""Items that a search returns."""

_DEEPEST = 20
"""Steps from a class to a superclass: Wikidata has cycles, and nothing is that deep."""


class MediaWiki:
    """A :class:`~accord.linking.candidate.CandidateSource`.

    :param address: the address of the API, for instance https://www.wikidata.org/w/api.php
    :param courtesy: how it is asked; None if only the cache may answer
    :param types: see :class:`accord.linking.wikidata.Wikidata`
    """

    name = "wikidata-search"

    def __init__(
        self,
        address: str,
        cache: Cache,
        courtesy: Courtesy | None,
        types: Mapping[str, frozenset[str]] | None = None,
    ) -> None:
        self._inquiry = Inquiry(address, cache, courtesy)
        self._web = Web(address, courtesy) if courtesy else None
        self._types = types or {}
        self.unanswered: list[Unanswered] = []

    @property
    def requests(self) -> int:
        """Requests sent so far."""
        return self._inquiry.requests

    def candidates(self, subjects: Sequence[Subject]) -> Iterator[tuple[Subject, list[Candidate]]]:
        """See :meth:`accord.linking.candidate.CandidateSource.candidates`.

        Only labels are searched for: each name costs a request.
        """
        for some in parts(subjects, _SUBJECTS):
            labels = dict.fromkeys(subject.label for subject in some)
            language = wishes().languages[0]
            hits = self._inquiry.ask(f"search {FORM} {language}", labels, self._search, 1)
            items, lost = self._items({qid for found in hits.given.values() for qid in found})
            for subject in some:
                found = hits.given.get(subject.label, [])
                why = [hits.missing.get(subject.label), *(lost.get(qid) for qid in found)]
                if reason := next(filter(None, why), None):
                    self.unanswered.append(Unanswered(subject, reason))
                else:
                    known = [items[qid] for qid in found if qid in items]
                    yield subject, of_type(known, self._types.get(subject.kind))

    def _items(self, qids: Collection[str]) -> tuple[dict[str, Candidate], dict[str, str]]:
        """Return the items that are wanted, and for those not answered the reason."""
        answers = self._entities(sorted(qids))
        wanted = {qid: item for qid, item in answers.given.items() if item and is_wanted(item)}
        above, missing = self._above(classes_of(wanted.values()))
        lost = dict(answers.missing)
        for qid, item in wanted.items():
            if missing and not above.keys() >= set(classes_of([item])):
                lost[qid] = missing
        return {
            qid: as_candidate(qid, item, above) for qid, item in wanted.items() if qid not in lost
        }, lost

    def _above(self, classes: Sequence[str]) -> tuple[dict[str, set[str]], str]:
        """Return each class's superclasses, level by level, and why some are not known, if so."""
        parents: dict[str, list[str]] = {}
        level, missing = list(classes), ""
        for _ in range(_DEEPEST):
            level = [qid for qid in dict.fromkeys(level) if qid not in parents]
            if not level:
                break
            answers = self._entities(level)
            missing = next(iter(answers.missing.values()), missing)
            for qid in answers.given:
                values = (answers.given[qid] or {}).get("values", {})
                names = wishes().properties.superclasses
                parents[qid] = [one for name in names for one in values.get(name, ())]
            level = [parent for qid in answers.given for parent in parents[qid]]
        return {qid: _closure(qid, parents) for qid in classes if qid in parents}, missing

    def _entities(self, qids: Sequence[str]) -> Any:
        form = f"entity {FORM} {' '.join(wishes().languages)}"
        return self._inquiry.ask(form, qids, self._get, wishes().items_a_request)

    def _search(self, names: Sequence[str]) -> Mapping[str, Any]:
        language = wishes().languages[0]
        found = self._call(
            action="wbsearchentities",
            search=names[0],
            language=language,
            uselang=language,
            type="item",
            limit=str(_HITS),
        )
        hits = found.get("search")
        if not isinstance(hits, list):
            raise PassingError("sends a search without hits")
        return {names[0]: [qid for hit in hits if (qid := value_of(str(hit.get("id"))))]}

    def _get(self, qids: Sequence[str]) -> Mapping[str, Any]:
        found = self._call(
            action="wbgetentities",
            ids="|".join(qids),
            props="labels|aliases|descriptions|claims|sitelinks",
            languages="|".join(wishes().languages),
        )
        entities = found.get("entities")
        if not isinstance(entities, dict):
            raise PassingError("sends no entities")
        # An item that was merged into another is asked for by its old name.
        asked = {item.get("redirects", {}).get("from", qid): item for qid, item in entities.items()}
        return {qid: _form(asked[qid]) for qid in qids if qid in asked}

    def _call(self, **params: str) -> Mapping[str, Any]:
        if self._web is None:  # pragma: no cover - an inquiry does not ask without
            raise ValueError("nobody may be asked")
        params |= {"format": "json", "formatversion": "2", "maxlag": str(MAXLAG)}
        reply = self._web.get(params)
        try:
            answer = json.loads(reply.body)
        except ValueError as error:
            raise PassingError(f"sends what is no JSON ({error})") from error
        if not isinstance(answer, dict):
            raise PassingError("sends what is no answer of the API")
        if (refusal := answer.get("error")) is not None:
            says = f"{refusal.get('code')}: {str(refusal.get('info'))[:200]}"
            if refusal.get("code") in ("maxlag", "ratelimited", "readonly"):
                raise PassingError(f"says {says}", after=reply.pause or MAXLAG)
            raise ServiceError(f"It says {says}.")
        return answer


def _form(entity: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return an entity in the form of :mod:`accord.linking.item`; None if there is no such."""
    if "missing" in entity:
        return None
    given = wishes()
    values: dict[str, list[str]] = {}
    claims = entity.get("claims", {})
    for name in (*given.properties.of_items, *given.properties.superclasses):
        statements = claims.get(name, [])
        # As in SPARQL's wdt: the preferred ones where there are any, and never the deprecated.
        best = [one for one in statements if one.get("rank") == "preferred"]
        for statement in best or [one for one in statements if one.get("rank") == "normal"]:
            value = statement.get("mainsnak", {}).get("datavalue", {}).get("value", {})
            text = value.get("id") or value.get("time") if isinstance(value, dict) else None
            if text and (known := value_of(text)):
                values.setdefault(name, []).append(known)
    descriptions = entity.get("descriptions", {})
    return {
        "labels": {tongue: label["value"] for tongue, label in entity.get("labels", {}).items()},
        "aliases": [
            [alias["value"], tongue]
            for tongue, aliases in entity.get("aliases", {}).items()
            for alias in aliases
        ],
        "description": next(
            (descriptions[one]["value"] for one in given.languages if one in descriptions), ""
        ),
        "values": values,
        "sitelinks": len(entity.get("sitelinks", {})),
    }


def _closure(qid: str, parents: Mapping[str, Sequence[str]]) -> set[str]:
    found: set[str] = set()
    ahead = [qid]
    while ahead:
        one = ahead.pop()
        if one not in found:
            found.add(one)
            ahead += parents.get(one, ())
    return found
