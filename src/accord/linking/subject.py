"""What is to be linked: the actors, places, agreements and persons of a store, with their context.

A name alone seldom says who is meant. A subject carries what the graph knows besides: of which
country it is, when articles speak of it, and who is mentioned in the same claims.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from accord.graph import ID
from accord.linking.candidate import ENTITY
from accord.store import Store

KINDS = (
    *("Person", "Government", "ArmedForces", "ArmedGroup", "Party", "Organisation", "Outlet"),
    *("Place", "Zone", "Agreement", "Event", "Actor"),
)
"""The classes of what is linked; a name that is known as an actor only is an ``Actor``."""

_COMPANIONS = 20
"""Companions of a subject, the most frequent first: more of them say nothing new."""

_NAMES = """
SELECT ?s ?kind ?label ?alias WHERE {
  GRAPH ?g { ?s a ?type ; skos:prefLabel ?label . OPTIONAL { ?s skos:altLabel ?alias } }
  FILTER(LANGMATCHES(LANG(?label), "en") || LANG(?label) = "")
  BIND(STRAFTER(STR(?type), STR(accord:)) AS ?kind)
}
"""
_ABOVE = """
SELECT ?s ?o WHERE { GRAPH graph:actors { ?s accord:within|accord:partOf|accord:speaksFor ?o } }
"""
_CONCLUDED = "SELECT ?s ?day WHERE { GRAPH graph:agreements { ?s accord:concludedOn ?day } }"
_BOUND = """
SELECT ?s ?o WHERE {
  GRAPH graph:agreements { ?s accord:party|accord:guarantor|accord:signatory ?o }
}
"""
_CLAIMS = """
SELECT ?g ?day ?o WHERE {
  GRAPH ?g {
    ?claim accord:statedIn ?article ;
      accord:holder|accord:speaker|accord:actor|accord:target|accord:place|accord:agreement ?o .
    OPTIONAL { ?article accord:publishedOn ?day }
  }
}
"""


@dataclass(frozen=True, slots=True)
class Subject:
    """Something of the graph that may be linked.

    ``country`` and ``companions`` are bare QIDs ("Q858") of what is linked already: the state that
    it is in or belongs to, and what the same claims and articles mention, the most frequent
    first. ``period`` is the earliest and latest day on which it is known to have been there.
    """

    iri: str
    label: str
    aliases: tuple[str, ...] = ()
    kind: str = "Actor"
    country: str | None = None
    period: tuple[date, date] | None = None
    companions: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Its label and its aliases, each once."""
        return tuple(dict.fromkeys((self.label, *self.aliases)))


@dataclass(slots=True)
class _Context:
    """What claims say around each subject."""

    companions: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    first: dict[str, date] = field(default_factory=dict)
    last: dict[str, date] = field(default_factory=dict)

    def seen(self, subject: str, day: date | None) -> None:
        if day is not None:
            self.first[subject] = min(day, self.first.get(subject, day))
            self.last[subject] = max(day, self.last.get(subject, day))


def subjects(store: Store, linked: Mapping[str, str]) -> list[Subject]:
    """Return what the store names and a data set may know, ordered by IRI.

    Descriptions that articles have in a name's place ("Turkish official", "rebels") are left out:
    the last word of a name has a capital letter.

    :param linked: IRI of the item of each entity that has a confirmed link: the context of others
    :raises StoreError: if the store cannot answer
    """
    items = {
        subject: item.removeprefix(ENTITY)
        for subject, item in linked.items()
        if item.startswith(ENTITY)
    }
    labels: dict[str, str] = {}
    aliases: defaultdict[str, dict[str, None]] = defaultdict(dict)
    kinds: dict[str, str] = {}
    for row in _rows(store, _NAMES):
        subject, kind = row["s"], row["kind"]
        if kind in KINDS and (f"{ID}name/" not in subject or _is_name(row["label"])):
            labels.setdefault(subject, row["label"])
            # What is a person in one article and an actor in another is a person.
            kinds[subject] = min(kind, kinds.get(subject, kind), key=KINDS.index)
            aliases[subject].update({row["alias"]: None} if row.get("alias") else {})
    context = _context(store, items)
    above = {row["s"]: row["o"] for row in _rows(store, _ABOVE)}
    return [
        Subject(
            iri=subject,
            label=labels[subject],
            aliases=tuple(sorted(aliases[subject])),
            kind=kinds[subject],
            country=_country(subject, above, items, kinds),
            period=_period(subject, context),
            companions=tuple(
                item for item, _ in context.companions[subject].most_common(_COMPANIONS)
            ),
        )
        for subject in sorted(labels)
    ]


def _context(store: Store, items: Mapping[str, str]) -> _Context:
    found = _Context()
    for row in _rows(store, _CONCLUDED):
        found.seen(row["s"], _day(row["day"]))
    for row in _rows(store, _BOUND):
        if row["o"] in items:
            found.companions[row["s"]][items[row["o"]]] += 1
    together: defaultdict[str, set[str]] = defaultdict(set)
    for row in _rows(store, _CLAIMS):
        together[row["g"]].add(row["o"])
        # An agreement's own day is better than that of an article which looks back at it.
        if "/id/agreement/" not in row["o"]:
            found.seen(row["o"], _day(row.get("day", "")))
    for graph in sorted(together):
        known = {node: items[node] for node in together[graph] if node in items}
        for node in together[graph]:
            found.companions[node].update(
                item for other, item in sorted(known.items()) if other != node
            )
    return found


def _country(
    subject: str, above: Mapping[str, str], items: Mapping[str, str], kinds: Mapping[str, str]
) -> str | None:
    """Return the item of the state at the end of the way up, itself if it is one."""
    seen: set[str] = set()
    while subject not in seen:
        seen.add(subject)
        if kinds.get(subject) == "Government":
            return items.get(subject)
        if subject not in above:
            break
        subject = above[subject]
    return None


def _period(subject: str, context: _Context) -> tuple[date, date] | None:
    if subject not in context.first:
        return None
    return context.first[subject], context.last[subject]


def _is_name(label: str) -> bool:
    words = [word for word in label.split() if any(letter.isalpha() for letter in word)]
    return bool(words) and any(letter.isupper() or letter.isdigit() for letter in words[-1])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _rows(store: Store, sparql: str) -> Iterator[dict[str, str]]:
    answer: Any = store.query(sparql)
    names = [variable.value for variable in answer.variables]
    for row in answer:
        yield {name: row[name].value for name in names if row[name] is not None}
