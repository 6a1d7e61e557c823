"""Wikidata's items by their names, from any SPARQL endpoint that has Wikidata's model.

The queries look up exact names, in the spellings and languages of ``mappings/wikidata.yaml``: an
index answers that, where a filter over all names of Wikidata runs into its time limit. They are
plain SPARQL 1.1 without what only one engine has. Names that are nearly right are found by
:mod:`accord.linking.mediawiki`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError

from SPARQLWrapper import JSON, POST, SPARQLWrapper
from SPARQLWrapper import __version__ as _library
from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

from accord.errors import OverdueError
from accord.linking.cache import parts
from accord.linking.candidate import ENTITY, Candidate, Unanswered
from accord.linking.courtesy import Courtesy, bounded, is_timeout, judge
from accord.linking.inquiry import Inquiry
from accord.linking.item import FORM, as_candidate, classes_of, value_of
from accord.linking.spellings import spellings, wishes
from accord.store.wire import PassingError

if TYPE_CHECKING:
    from accord.linking.cache import Cache
    from accord.linking.subject import Subject

_SUBJECTS = 200
"""Subjects whose names are looked up together."""

_PREFIXES = """\
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <http://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX wd: <http://www.wikidata.org/entity/>
PREFIX wdt: <http://www.wikidata.org/prop/direct/>
PREFIX wikibase: <http://wikiba.se/ontology#>
"""

_NAMED = """\
SELECT DISTINCT ?name ?item ?sitelinks WHERE {{
  {{ VALUES ?name {{ {names} }} ?item rdfs:label ?name }}
  UNION
  {{ VALUES ?name {{ {names} }} ?item skos:altLabel ?name }}
  OPTIONAL {{ ?item wikibase:sitelinks ?sitelinks }}
  FILTER NOT EXISTS {{ VALUES ?unwanted {{ {unwanted} }} ?item wdt:P31 ?unwanted }}
}}"""

# One arm for each property: with the property a variable, engines scan all there is.
_VALUES = "{{ VALUES ?item {{ {items} }} ?item {property} ?value BIND({property} AS ?property) }}"
_TEXTS = _VALUES.replace("BIND", "FILTER(LANG(?value) IN ({languages})) BIND")
_TEXT_PROPERTIES = ("rdfs:label", "skos:altLabel", "schema:description")

# One arm for each class: not every engine starts a path at a variable, though VALUES bind it.
_ABOVE = "{{ wd:{qid} ({path})* ?value BIND(wd:{qid} AS ?item) }}"


class Wikidata:
    """A :class:`~accord.linking.candidate.CandidateSource`.

    :param endpoint: the address of the query endpoint
    :param courtesy: how it is asked; None if only the cache may answer
    :param types: by kind of subject the classes, of one of which or of whose subclasses a candidate
        must be; kinds that are not there, and items without a class, may be anything
    """

    name = "wikidata"

    def __init__(
        self,
        endpoint: str,
        cache: Cache,
        courtesy: Courtesy | None,
        types: Mapping[str, frozenset[str]] | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._courtesy = courtesy
        self._types = types or {}
        self._inquiry = Inquiry(endpoint, cache, courtesy)
        self.unanswered: list[Unanswered] = []

    @property
    def requests(self) -> int:
        """Requests sent so far."""
        return self._inquiry.requests

    def candidates(self, subjects: Sequence[Subject]) -> Iterator[tuple[Subject, list[Candidate]]]:
        """See :meth:`accord.linking.candidate.CandidateSource.candidates`."""
        for some in parts(subjects, _SUBJECTS):
            tried = {subject.iri: _tried(subject) for subject in some}
            found, why = self._named(dict.fromkeys(one for all_ in tried.values() for one in all_))
            hits = {
                subject.iri: best(qids for one in tried[subject.iri] for qids in found.get(one, ()))
                for subject in some
            }
            items, lost = self.items({qid for qids in hits.values() for qid in qids})
            for subject in some:
                reasons = [why[one] for one in tried[subject.iri] if one in why]
                reasons += [lost[qid] for qid in hits[subject.iri] if qid in lost]
                if reasons:
                    self.unanswered.append(Unanswered(subject, reasons[0]))
                else:
                    known = [items[qid] for qid in hits[subject.iri]]
                    yield subject, of_type(known, self._types.get(subject.kind))

    def items(self, qids: Collection[str]) -> tuple[dict[str, Candidate], dict[str, str]]:
        """Return items by QID, and for those that could not be asked for the reason."""
        given = wishes()
        form = f"item {FORM} {' '.join(given.languages + given.properties.of_items)}"
        answers = self._inquiry.ask(form, sorted(qids), self._ask_items, given.items_a_request)
        classes = classes_of(answers.given.values())
        above = self._inquiry.ask(f"above {FORM}", classes, self._ask_above, given.items_a_request)
        lost = dict(answers.missing)
        for qid, item in answers.given.items():
            for one in classes_of([item]):
                if one in above.missing:
                    lost[qid] = above.missing[one]
        found = {
            qid: as_candidate(qid, item, above.given)
            for qid, item in answers.given.items()
            if qid not in lost
        }
        return found, lost

    def _named(self, names: Iterable[str]) -> tuple[dict[str, Any], dict[str, str]]:
        given = wishes()
        form = f"named {FORM} {' '.join(given.languages)}"
        answers = self._inquiry.ask(form, names, self._ask_named, given.names_a_request)
        return answers.given, answers.missing

    def _ask_named(self, names: Sequence[str]) -> Mapping[str, Any]:
        given = wishes()
        literals = [f"{_quoted(name)}@{tongue}" for name in names for tongue in given.languages]
        unwanted = " ".join(f"wd:{qid}" for qid in given.unwanted)
        found: dict[str, dict[str, int]] = {name: {} for name in names}
        for row in self._select(_NAMED.format(names=" ".join(literals), unwanted=unwanted)):
            if (qid := value_of(row["item"])) is not None and row["name"] in found:
                found[row["name"]][qid] = int(row.get("sitelinks", 0))
        return {name: sorted(found[name].items()) for name in names}

    def _ask_items(self, qids: Sequence[str]) -> Mapping[str, Any]:
        given = wishes()
        entities = _entities(qids)
        languages = ", ".join(f'"{language}"' for language in given.languages)
        statements = [f"wdt:{name}" for name in given.properties.of_items]
        arms = [
            _TEXTS.format(items=entities, property=name, languages=languages)
            for name in _TEXT_PROPERTIES
        ]
        arms += [
            _VALUES.format(items=entities, property=name)
            for name in (*statements, "wikibase:sitelinks")
        ]
        query = f"SELECT ?item ?property ?value WHERE {{ {' UNION '.join(arms)} }}"
        found: dict[str, dict[str, Any]] = {
            qid: {"labels": {}, "aliases": [], "description": "", "values": {}, "sitelinks": 0}
            for qid in qids
        }
        for row in self._select(query):
            item = found.get(row["item"].removeprefix(ENTITY))
            if item is not None:
                _add(item, row)
        return found

    def _ask_above(self, classes: Sequence[str]) -> Mapping[str, Any]:
        path = "|".join(f"wdt:{name}" for name in wishes().properties.superclasses)
        found = defaultdict(list)
        arms = " UNION ".join(_ABOVE.format(qid=qid, path=path) for qid in classes)
        for row in self._select(f"SELECT ?item ?value WHERE {{ {arms} }}"):
            if (above := value_of(row["value"])) is not None:
                found[row["item"].removeprefix(ENTITY)].append(above)
        return {one: sorted({one, *found[one]}) for one in classes}

    def _select(self, query: str) -> Iterator[dict[str, str]]:
        """Yield the rows of a query, values as plain strings, with the languages of literals.

        :raises PassingError: if the answer is no answer
        """
        body = self._read(_PREFIXES + query)
        try:
            rows = json.loads(body)["results"]["bindings"]
            for row in rows:
                values = {name: term["value"] for name, term in row.items()}
                language = row.get("value", {}).get("xml:lang")
                yield values | ({"language": language} if language else {})
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            if is_timeout(body):
                raise OverdueError("It broke off its answer: the query took too long.") from error
            raise PassingError(f"sends what is no result of a query ({error!r})") from error

    def _read(self, query: str) -> bytes:
        """Send a query once."""
        if self._courtesy is None:  # pragma: no cover - an inquiry does not ask without
            raise ValueError("nobody may be asked")
        limit = self._courtesy.limit
        wrapper = SPARQLWrapper(
            self._endpoint,
            returnFormat=JSON,
            agent=self._courtesy.agent(f"SPARQLWrapper/{_library}"),
        )
        wrapper.setMethod(POST)
        wrapper.setOnlyConneg(True)
        wrapper.timeout = limit
        wrapper.setQuery(query)
        try:
            response = wrapper.query().response
            body = bounded(iter(lambda: response.read1(65536), b""), limit)
            if (size := response.headers.get("Content-Length")) and int(size) > len(body):
                raise PassingError("breaks off in the middle of an answer")
            return body
        except HTTPError as error:
            judge(error.code, error.headers.get("Retry-After"), error.read())
            raise
        except SPARQLWrapperException as error:
            # It has read the answer of the statuses that it knows.
            cause = error.__context__
            says = (error.args[0] if error.args else "").encode()
            judge(cause.code if isinstance(cause, HTTPError) else 500, None, says)
            raise
        except (HTTPException, OSError) as error:
            reason = error.reason if isinstance(error, URLError) else error
            if isinstance(reason, TimeoutError):
                raise OverdueError(f"There was no answer after {limit:.0f} s.") from error
            raise PassingError(f"does not answer: {reason}") from error


def best(hits: Iterable[tuple[str, int]]) -> list[str]:
    """Return QIDs, each once, the best known first, as many as are wanted.

    :param hits: QIDs with the number of articles about each
    """
    known = dict(hits)
    ordered = sorted(known, key=lambda qid: (-known[qid], int(qid[1:])))
    return ordered[: wishes().most_candidates]


def of_type(candidates: Iterable[Candidate], classes: frozenset[str] | None) -> list[Candidate]:
    """Return the candidates that are of one of some classes, or whose class is not known."""
    return [one for one in candidates if not classes or not one.types or classes & one.types]


def _tried(subject: Subject) -> list[str]:
    names = dict.fromkeys((subject.label, *subject.aliases))
    return list(dict.fromkeys(one for name in names for one in spellings(name)))


def _add(item: dict[str, Any], row: Mapping[str, str]) -> None:
    """Add a row of a query for items to an item's form."""
    name, value = row["property"].rsplit("/", 1)[-1], row["value"]
    if name.endswith("#label"):
        item["labels"][row["language"]] = value
    elif name.endswith("#altLabel"):
        item["aliases"].append([value, row["language"]])
    elif name == "description":
        item["description"] = item["description"] or value
    elif name.endswith("#sitelinks"):
        item["sitelinks"] = int(value)
    elif (known := value_of(value)) is not None:
        item["values"].setdefault(name, []).append(known)


def _entities(qids: Iterable[str]) -> str:
    return " ".join(f"wd:{qid}" for qid in qids)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
