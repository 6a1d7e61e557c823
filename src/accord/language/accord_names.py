"""The names of known agreements: where they stand in a text, and what else speaks for each."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from accord.language.names import NameMatcher, fold
from accord.language.wordlists import word_lists
from accord.vocabulary import Agreement, Entity, Vocabulary

#: What a name says for an agreement; a description is often of others too.
_WEIGHTS = {"description": 1.0}


def agrees(value: str, deal: Agreement) -> float:
    """Return how far a date in the mention speaks for or against an agreement."""
    if deal.concluded is None or "/" in value:
        return 0.0
    day = deal.concluded.isoformat()
    parts = list(zip(value.split("-"), day.split("-"), strict=False))
    if any(said not in ("XXXX", is_) for said, is_ in parts):
        return -1.0 if len(parts) == 1 else -2.0
    exact = sum(said != "XXXX" for said, _ in parts)
    return {1: 1.5, 2: 3.0}.get(exact, 4.0)


@cache
def prepare(vocabulary: Vocabulary) -> tuple[NameMatcher, dict[str, frozenset[str]]]:
    """Return what finds the names of agreements, and the place names that speak for each."""
    deals = vocabulary.agreements.values()
    entities = [
        Entity(deal.key, deal.label, "Agreement", deal.aliases, descriptions=deal.descriptions)
        for deal in deals
    ]
    actors = {
        fold(word)
        for entity in vocabulary.entities.values()
        if entity.kind == "Government"
        for name in (entity.label, *entity.demonyms)
        for word in re.findall(r"\w+", name)
    }
    places = {
        fold(word)
        for entity in vocabulary.entities.values()
        if entity.is_place
        for name in (entity.label, *entity.aliases)
        for word in re.findall(r"\w+", name)
    }
    keywords = {}
    for deal in deals:
        texts = [deal.label, *deal.aliases]
        for iri in (*deal.zones, *deal.venues):
            place = vocabulary.entity(iri)
            texts += [place.label] if place else []
        found = {word for text in texts for word in re.findall(r"\b[A-Z][\w-]{3,}", text)}
        keywords[deal.key] = (
            (frozenset(fold(w) for w in found) & places)
            - actors
            - frozenset(word_lists("grammar")["title_words"])
        )
    return NameMatcher(Vocabulary(entities), caseless=True), keywords


def named(vocabulary: Vocabulary, text: str) -> list[tuple[int, int, dict[str, float]]]:
    """Return start, end and weight for each possible key of the agreements called by a name."""
    found = []
    for readings in prepare(vocabulary)[0](text):
        weights = {r.iri: _WEIGHTS.get(r.sort, 3.0) for r in reversed(readings)}
        found.append((readings[0].start, readings[0].end, weights))
    return found


def local_key(labels: list[str], noun: str, when: str) -> str:
    """Return a slug for an agreement that the vocabulary does not know.

    :param labels: labels of its parties
    :param noun: what the text calls it, for instance ``ceasefire``
    :param when: EDTF of its conclusion, or nothing
    """
    year = when[:4] if re.match(r"\d{4}", when) else ""
    plain = unicodedata.normalize("NFKD", "-".join([*sorted(labels), noun, year]))
    ascii_ = plain.encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", ascii_).strip("-")
