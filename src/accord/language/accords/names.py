"""The names of known agreements: where they stand in a text, and what else speaks for each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from accord.language.names import NameMatcher, Word, fold
from accord.language.wordlists import word_lists
from accord.vocabulary import Agreement, Entity, Vocabulary

#: What a name says for an agreement; a description is often of others too.
_WEIGHTS = {"description": 1.0}
#: An agreement is in force so many days after its conclusion at the latest, mostly.
_DAYS = 5
#: An agreement that supplements another so many days later at most is an appendix to it.
_SOON = 90


def agrees(value: str, deal: Agreement) -> float:
    """Return how far a date in the mention speaks for or against an agreement.

    An accord takes effect, or is signed again, some days after it was announced.
    """
    return _agrees(value, deal.concluded) if deal.concluded is not None else 0.0


@lru_cache(maxsize=65_536)
def _agrees(value: str, concluded: date) -> float:
    if "/" in value:
        return 0.0
    day = concluded.isoformat()
    try:
        said = date.fromisoformat(value.replace("XXXX", day[:4]))
    except ValueError:
        pass
    else:
        if 0 < (said - concluded).days <= _DAYS:
            return 3.0
    parts = list(zip(value.split("-"), day.split("-"), strict=False))
    if any(said not in ("XXXX", is_) for said, is_ in parts):
        return -1.0 if len(parts) == 1 else -2.0
    exact = sum(said != "XXXX" for said, _ in parts)
    return {1: 1.5, 2: 3.0}.get(exact, 4.0)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What finds the names of agreements, and by key what else speaks for each.

    ``keywords`` are folded names of places; ``sides`` are IRIs of those whom it binds and of those
    whom its names name.
    """

    matcher: NameMatcher
    keywords: dict[str, frozenset[str]]
    sides: dict[str, frozenset[str]]
    #: Keys of those that are called a truce or a ceasefire.
    truces: frozenset[str]
    #: Keys of those that followed soon on one that they supplement.
    appendices: frozenset[str]


@cache
def prepare(vocabulary: Vocabulary) -> Prepared:
    """Return what the names of the known agreements tell, made once a vocabulary."""
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
    names = NameMatcher(vocabulary)
    sides = {deal.key: frozenset(_sides(deal, vocabulary, names)) for deal in deals}
    called = {deal.key: {word for name in _names(deal) for word in name.split()} for deal in deals}
    truces = {key for key, words in called.items() if words & set(word_lists("accords")["truces"])}
    matcher = NameMatcher(Vocabulary(entities), caseless=True)
    return Prepared(matcher, keywords, sides, frozenset(truces), frozenset(_appendices(vocabulary)))


def _appendices(vocabulary: Vocabulary) -> Iterator[str]:
    dates = {deal.iri: deal.concluded for deal in vocabulary.agreements.values()}
    for deal in vocabulary.agreements.values():
        for day in map(dates.get, deal.supplements):
            if day and deal.concluded and 0 <= (deal.concluded - day).days <= _SOON:
                yield deal.key


def _names(deal: Agreement) -> Iterator[str]:
    """Yield all that an agreement is called, lower case."""
    for name in (deal.label, *deal.aliases, *deal.descriptions):
        yield name.casefold()


def _sides(deal: Agreement, vocabulary: Vocabulary, names: NameMatcher) -> Iterator[str]:
    """Yield whom an agreement binds, and whom its names name ("Israel-Hezbollah ceasefire")."""
    for iri in deal.bound:
        entity = vocabulary.entity(iri)
        if entity is not None:
            yield iri
            yield vocabulary.side(entity).iri
    for text in (deal.label, *deal.aliases):
        for readings in names(text):
            entity = vocabulary.entity(readings[0].iri)
            if entity is None or entity.is_place or readings[0].sort == "metonym":
                continue
            if entity.kind != "Organisation" and not entity.speaks_for:
                yield vocabulary.side(entity).iri


def named(
    vocabulary: Vocabulary, text: str, words: list[Word] | None = None
) -> list[tuple[int, int, dict[str, float]]]:
    """Return start, end and weight for each possible key of the agreements called by a name.

    :param words: the text's words, where a :class:`NameMatcher` has read them already
    """
    found = []
    for readings in prepare(vocabulary).matcher(text, words):
        weights = {r.iri: _WEIGHTS.get(r.sort, 3.0) for r in reversed(readings)}
        found.append((readings[0].start, readings[0].end, weights))
    return found


def local_key(labels: list[str], noun: str, year: str) -> str:
    """Return a slug for an agreement that the vocabulary does not know, for instance ``klow-2021``.

    :param labels: what names it: its place, or its parties
    :param noun: what the text calls it, if its parties alone do not name it
    :param year: the year of its conclusion, if the text gives it
    """
    plain = unicodedata.normalize("NFKD", "-".join([*labels, noun, year]))
    ascii_ = plain.encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", ascii_).strip("-")
