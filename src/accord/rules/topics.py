"""Topics: what a claim is about and when, so that a new claim meets the few that it may touch.

A topic is a key of ``mappings/rules/topics.rq`` with a period. Two claims that a rule on pairs may
relate share a topic if their times can overlap; whether they do overlap is for the rule to say.
So the claims that a new one is compared with do not grow with the store, only with what is said
of the same thing in the same months.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from accord.graph import BASE, ONTOLOGY, graph_iri
from accord.graph.days import bounds
from accord.rules import TOPICS, article_key, load_rules
from accord.store import Store

_MONTHS = 12
_LOOKUP = 400
"""Topics looked up by one query."""

Days = tuple[date | None, date | None]
"""The first and the last day of a time, either of them open."""


@dataclass(slots=True)
class Topics:
    """The topics of an article's claims.

    ``article_days`` is when it was published, as far as that is known; ``days`` of which days each
    claim speaks; ``found`` the topics of each claim, ``sought`` those that it is compared with.
    """

    article: str
    article_days: Days
    days: dict[str, Days] = field(default_factory=dict)
    found: dict[str, set[str]] = field(default_factory=dict)
    sought: dict[str, set[str]] = field(default_factory=dict)

    def triples(self) -> Iterator[str]:
        """Yield lines of N-Triples: the days, and the topics under which claims are found."""
        for node, days in [(self.article, self.article_days), *self.days.items()]:
            for name, day in zip(("holdsFrom", "holdsUntil"), days, strict=True):
                if day is not None:
                    value = f'"{day.isoformat()}"^^<http://www.w3.org/2001/XMLSchema#date>'
                    yield f"<{node}> <{ONTOLOGY}{name}> {value} ."
        for claim, topics in self.found.items():
            for topic in topics:
                yield f'<{claim}> <{ONTOLOGY}topic> "{topic}" .'


def find_topics(store: Store, article: str) -> Topics:
    """Return the topics of an article that is in the store.

    :param article: the article's IRI
    """
    rule = load_rules()[TOPICS]
    published = _published(store, article)
    topics = Topics(article, published)
    first, last = published
    around = (None if first is None else first - timedelta(days=rule.days - 1), last)
    rows: Any = store.query(rule.query(article))
    for row in rows:
        claim = row["claim"].value
        if claim not in topics.days:
            own = (_date(row["earliest"]), _date(row["latest"]))
            since = (_date(row["since"]), None)
            topics.days[claim] = next(filter(any, (own, around, since)), own)
        found, sought = periods(topics.days[claim], article)
        for key, periods_, keys in (
            (row["found"], found, topics.found),
            (row["sought"], sought, topics.sought),
        ):
            if key is not None:
                keys.setdefault(claim, set()).update(f"{key.value} {name}" for name in periods_)
    return topics


def find_pairs(store: Store, topics: Topics) -> list[tuple[str, str, str]]:
    """Return each claim of an article beside the claims that it may be related to.

    These are the claims that share a topic with it and those made in the same utterance. Two claims
    of the article itself make one pair. The topics of all articles must be in the store.

    :returns: of each pair the claim, the other claim, and the graph of that one's article
    """
    seekers: dict[str, list[str]] = {}
    for claim, keys in topics.sought.items():
        for key in keys:
            seekers.setdefault(key, []).append(claim)
    own = graph_iri(topics.article)
    pairs = set(_same_utterance(store, own))
    wanted = sorted(seekers)
    for start in range(0, len(wanted), _LOOKUP):
        values = " ".join(f'"{key}"' for key in wanted[start : start + _LOOKUP])
        rows: Any = store.query(
            f"SELECT ?key ?other ?topics WHERE {{ VALUES ?key {{ {values} }} "
            "GRAPH ?topics { ?other accord:topic ?key } }"
        )
        for row in rows:
            graph = f"{BASE}graph/article/{article_key(row['topics'].value)}"
            for claim in seekers[row["key"].value]:
                pairs.add((claim, row["other"].value, graph))
    return sorted(
        (claim, other, graph) for claim, other, graph in pairs if graph != own or claim < other
    )


def _same_utterance(store: Store, graph: str) -> Iterator[tuple[str, str, str]]:
    rows: Any = store.query(
        f"SELECT ?claim ?other ?g WHERE {{ GRAPH <{graph}> {{ ?claim accord:madeIn ?utterance }} "
        "GRAPH ?g { ?other accord:madeIn ?utterance } }"
    )
    for row in rows:
        yield row["claim"].value, row["other"].value, row["g"].value


def periods(days: Days, article: str) -> tuple[set[str], set[str]]:
    """Return the periods under which a time is found, and those in which it looks for others.

    Times of one month, or of two that follow each other, are found under each of these; longer
    ones under their years if these are one or two; longer and open ones are "ever". Two times that
    overlap find each other, both ways.

    :param article: stands for the time of a claim without any date: the article's own
    """
    first, last = days
    if first is None and last is None:
        return {article}, {article}
    if first is None or last is None or last.year - first.year > 1:
        return {"ever"}, {"ever", "in all"}
    years = {str(first.year), str(last.year)}
    if _month(last) - _month(first) > 1:
        return {*years, "in all"}, {*years, *_inside(years), "ever"}
    months = {f"{day:%Y-%m}" for day in (first, last)}
    return {*months, *_inside(years), "in all"}, {*months, *years, "ever"}


def _inside(years: Iterable[str]) -> set[str]:
    return {f"in {year}" for year in years}


def _month(day: date) -> int:
    return day.year * _MONTHS + day.month


def _published(store: Store, article: str) -> Days:
    rows: Any = store.query(
        f"SELECT ?day ?inferred WHERE {{ GRAPH <{graph_iri(article)}> {{ <{article}> a "
        f"accord:Article OPTIONAL {{ <{article}> accord:publishedOn ?day }} "
        f"OPTIONAL {{ <{article}> accord:inferredDate ?inferred }} }} }}"
    )
    for row in rows:
        if row["day"] is not None:
            return _date(row["day"]), _date(row["day"])
        first, last = bounds(row["inferred"].value if row["inferred"] is not None else None)
        return _day(first), _day(last)
    return None, None


def _date(literal: Any) -> date | None:
    return _day(None if literal is None else literal.value)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
