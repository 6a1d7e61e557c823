"""An item of Wikidata as it lies in the cache, and the candidate that it makes.

Its JSON form is the same whichever way it was asked for::

    {"labels": {"en": "Turkey"}, "aliases": [["Türkiye", "en"]], "description": "country in ...",
     "values": {"P31": ["Q6256"], "P571": ["1923-10-29"]}, "sitelinks": 330}
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from accord.linking.candidate import ENTITY, Candidate
from accord.linking.spellings import wishes

FORM = 1
"""To be raised when the form changes, so that the cache's older answers count no longer."""

_DAY = re.compile(r"^\+?(\d{4})-(\d\d)-(\d\d)")
_QID = re.compile(r"^Q[1-9][0-9]*$")


def as_candidate(
    qid: str, item: Mapping[str, Any], superclasses: Mapping[str, Collection[str]]
) -> Candidate:
    """Return the candidate that an item is.

    :param superclasses: those of each class, itself among them
    """
    given = wishes()
    values: Mapping[str, list[str]] = item["values"]
    labels: Mapping[str, str] = item["labels"]
    ordered = [labels[language] for language in given.languages if language in labels]
    names = [*ordered, *labels.values(), *(text for text, _ in item["aliases"])]
    label = names[0] if names else qid
    classes = _of(values, given.properties.types)
    days = sorted(map(date.fromisoformat, _of(values, given.properties.inception)))
    ends = sorted(map(date.fromisoformat, _of(values, given.properties.dissolved)))
    return Candidate(
        iri=f"{ENTITY}{qid}",
        label=label,
        aliases=tuple(dict.fromkeys(name for name in names if name != label)),
        description=item["description"],
        types=frozenset(above for one in classes for above in superclasses.get(one, (one,))),
        countries=frozenset(_of(values, given.properties.countries)),
        inception=days[0] if days else None,
        dissolved=ends[-1] if ends else None,
        related=frozenset(_of(values, given.properties.related)),
        sitelinks=item["sitelinks"],
    )


def classes_of(items: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the classes of items, each once."""
    types = wishes().properties.types
    return list(dict.fromkeys(qid for item in items for qid in _of(item["values"], types)))


def is_wanted(item: Mapping[str, Any]) -> bool:
    """Tell whether the news may mean an item: it is no name, list or page of Wikimedia's own."""
    return not set(wishes().unwanted).intersection(classes_of([item]))


def value_of(text: str) -> str | None:
    """Return a value as the form has it: a QID, or an ISO 8601 day; None for anything else.

    Wikidata writes an IRI or a QID, and "1923-10-29T00:00:00Z" or "+1923-10-00T00:00:00Z"; of a
    year or month the first day is returned, and nothing for years before the common era.
    """
    if _QID.match(name := text.rsplit("/", 1)[-1]):
        return name
    if (day := _DAY.match(text)) is None:
        return None
    year, month, number = map(int, day.groups())
    try:
        return date(year, month or 1, number or 1).isoformat()
    except ValueError:
        return None


def _of(values: Mapping[str, list[str]], properties: Iterable[str]) -> list[str]:
    return [value for name in properties for value in values.get(name, ())]
