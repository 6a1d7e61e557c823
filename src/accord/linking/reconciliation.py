"""Services that match names with entities of a data set: the W3C community's reconciliation API.

Version 0.2: https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from accord.errors import ServiceError
from accord.linking.cache import parts
from accord.linking.candidate import ENTITY, Candidate, Unanswered
from accord.linking.courtesy import Courtesy
from accord.linking.inquiry import Inquiry
from accord.linking.spellings import wishes
from accord.linking.web import Web
from accord.store.wire import PassingError

if TYPE_CHECKING:
    from accord.linking.cache import Cache
    from accord.linking.subject import Subject
    from accord.linking.wikidata import Wikidata

_VERSIONS = {"0.1", "0.2"}
"""Versions in which queries and results have the same form."""

_SUBJECTS = 200

_FORM = 1


class Reconciliation:
    """A :class:`~accord.linking.candidate.CandidateSource`.

    :param address: the service's address
    :param courtesy: how it is asked; None if only the cache may answer
    :param wikidata: tells about candidates that are Wikidata's; without it, and for other data
        sets, a candidate has what the service says: name, description and score
    """

    name = "reconciliation"

    def __init__(
        self,
        address: str,
        cache: Cache,
        courtesy: Courtesy | None,
        wikidata: Wikidata | None = None,
    ) -> None:
        self._inquiry = Inquiry(address, cache, courtesy)
        self._web = Web(address, courtesy) if courtesy else None
        self._wikidata = wikidata
        self.unanswered: list[Unanswered] = []

    @property
    def requests(self) -> int:
        """Requests sent to the service so far; those to Wikidata are counted there."""
        return self._inquiry.requests

    def candidates(self, subjects: Sequence[Subject]) -> Iterator[tuple[Subject, list[Candidate]]]:
        """See :meth:`accord.linking.candidate.CandidateSource.candidates`."""
        for some in parts(subjects, _SUBJECTS):
            space, why = self._space()
            labels = dict.fromkeys(subject.label for subject in some) if space else {}
            hits = self._inquiry.ask(
                f"match {_FORM}", labels, self._match, wishes().queries_a_request
            )
            found = {
                label: [_candidate(hit, space) for hit in told]
                for label, told in hits.given.items()
            }
            items, lost = self._known({one.iri for told in found.values() for one in told})
            for subject in some:
                told = found.get(subject.label, [])
                reasons = [hits.missing.get(subject.label, why), *(lost.get(c.iri) for c in told)]
                if reason := next(filter(None, reasons), None):
                    self.unanswered.append(Unanswered(subject, reason))
                else:
                    yield (
                        subject,
                        [replace(items.get(one.iri, one), score=one.score) for one in told],
                    )

    def _space(self) -> tuple[str, str]:
        """Return what the IRIs of the service's entities start with, or why it is not known."""
        told = self._inquiry.ask(f"manifest {_FORM}", [""], self._manifest, 1)
        return told.given.get("", ""), told.missing.get("", "")

    def _known(self, iris: Collection[str]) -> tuple[dict[str, Candidate], dict[str, str]]:
        qids = {iri.removeprefix(ENTITY) for iri in iris if iri.startswith(ENTITY)}
        if self._wikidata is None or not qids:
            return {}, {}
        items, lost = self._wikidata.items(qids)
        return (
            {f"{ENTITY}{qid}": item for qid, item in items.items()},
            {f"{ENTITY}{qid}": why for qid, why in lost.items()},
        )

    def _manifest(self, questions: Sequence[str]) -> Mapping[str, Any]:
        answer = self._json(None)
        versions = set(answer.get("versions") or ["0.1"])
        if not versions & _VERSIONS:
            raise ServiceError(
                f"It speaks the reconciliation API {', '.join(sorted(versions))}, and not 0.2.",
                "Give the address of another service.",
            )
        space = answer.get("identifierSpace")
        if not isinstance(space, str):
            raise ServiceError(
                "Its manifest has no identifierSpace.",
                "Give the address of a reconciliation service.",
            )
        # Some write the space without the slash with which the IRIs go on.
        return dict.fromkeys(questions, space if space[-1:] in "/#=:" else f"{space}/")

    def _match(self, labels: Sequence[str]) -> Mapping[str, Any]:
        limit = wishes().most_candidates
        queries = {f"q{n}": {"query": label, "limit": limit} for n, label in enumerate(labels)}
        answer = self._json({"queries": json.dumps(queries, ensure_ascii=False)})
        found = {}
        for n, label in enumerate(labels):
            told = answer.get(f"q{n}")
            hits = told.get("result") if isinstance(told, dict) else None
            if isinstance(hits, list) and all(map(_is_hit, hits)):
                found[label] = [
                    [str(hit["id"]), hit["name"], hit.get("description") or "", hit.get("score")]
                    for hit in hits
                ]
        if not found:
            raise PassingError("answers none of the queries")
        return found

    def _json(self, data: Mapping[str, str] | None) -> Mapping[str, Any]:
        if self._web is None:  # pragma: no cover - an inquiry does not ask without
            raise ValueError("nobody may be asked")
        reply = self._web.get() if data is None else self._web.post(data)
        try:
            answer = json.loads(reply.body)
        except ValueError as error:
            raise PassingError(f"sends what is no JSON ({error})") from error
        if not isinstance(answer, dict):
            raise PassingError("sends what is no answer of the reconciliation API")
        return answer


def _is_hit(hit: object) -> bool:
    return (
        isinstance(hit, dict)
        and isinstance(hit.get("name"), str)
        and isinstance(hit.get("id"), str | int)
        and isinstance(hit.get("description"), str | None)
        and isinstance(hit.get("score"), int | float | None)
    )


def _candidate(hit: Sequence[Any], space: str) -> Candidate:
    id_, name, description, score = hit
    return Candidate(f"{space}{id_}", name, description=description, score=score)
