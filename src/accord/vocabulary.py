"""The vocabulary: actors, places and agreements, read from ``ontology/*.ttl``.

A researcher adds an armed group or an accord in Turtle; this module is the only one that reads
those two files, and everything else asks it for names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from accord.errors import VocabularyError
from accord.resources import resource

ACCORD = "https://w3id.org/accord-kg/ontology#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")

#: Classes of the gazetteer that act; the others are places.
ACTORS = frozenset(
    {"Government", "ArmedGroup", "ArmedForces", "Organisation", "Party", "Person", "Outlet"}
)
PLACES = frozenset({"Place", "Zone"})


@dataclass(frozen=True, slots=True)
class Entity:
    """An actor or a place. References to other entities are IRIs."""

    iri: str
    label: str
    kind: str
    aliases: tuple[str, ...] = ()
    metonyms: tuple[str, ...] = ()
    demonyms: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    speaks_for: str | None = None
    part_of: tuple[str, ...] = ()
    within: tuple[str, ...] = ()

    @property
    def is_place(self) -> bool:
        """Whether it is a place or a zone and not an actor."""
        return self.kind in PLACES


@dataclass(frozen=True, slots=True)
class Agreement:
    """A known accord. Parties, guarantors, venue and zones are IRIs."""

    iri: str
    key: str
    label: str
    aliases: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    parties: frozenset[str] = frozenset()
    guarantors: frozenset[str] = frozenset()
    concluded: date | None = None
    venues: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    supplements: tuple[str, ...] = ()

    @property
    def bound(self) -> frozenset[str]:
        """IRIs of all that are bound by it: its parties and its guarantors."""
        return self.parties | self.guarantors


class Vocabulary:
    """All entities and agreements, found by IRI, label or key."""

    def __init__(
        self,
        entities: Iterable[Entity],
        agreements: Iterable[Agreement] = (),
        events: Mapping[str, str] | None = None,
    ) -> None:
        self.entities: dict[str, Entity] = {entity.iri: entity for entity in entities}
        self.agreements: dict[str, Agreement] = {deal.key: deal for deal in agreements}
        self._events = events or {}
        self._labels: dict[str, str] = {}
        # Actors first: where a country and its government share a label, the actor is meant.
        for entity in sorted(self.entities.values(), key=lambda item: (item.is_place, item.iri)):
            self._labels.setdefault(entity.label, entity.iri)

    def iri(self, label: str) -> str | None:
        """Return the IRI of an actor, place, person or outlet by its canonical label."""
        return self._labels.get(label)

    def agreement_iri(self, key: str) -> str | None:
        """Return the IRI of a known agreement by its key, for instance ``sochi-2018``."""
        deal = self.agreements.get(key)
        return deal.iri if deal else None

    def event_iri(self, name: str) -> str | None:
        """Return the IRI of a known event by one of its names, in any case."""
        return self._events.get(name.casefold())

    def entity(self, iri: str) -> Entity | None:
        """Return an entity by its IRI."""
        return self.entities.get(iri)

    def side(self, entity: Entity) -> Entity:
        """Return the side that an entity stands for: a spokeswoman's state, an army's state.

        Armed groups, and organisations of organisations, stand for themselves.
        """
        seen = {entity.iri}
        while True:
            above = entity.speaks_for
            if above is None and entity.kind in ("ArmedForces", "Organisation", "Outlet"):
                press = entity.kind == "Outlet"
                above = next((iri for iri in entity.part_of if self._governs(iri, press)), None)
            found = self.entities.get(above) if above else None
            if found is None or found.iri in seen:
                return entity
            seen.add(found.iri)
            entity = found

    def _governs(self, iri: str, press: bool) -> bool:
        entity = self.entities.get(iri)
        if press and entity is not None and entity.kind == "Organisation":
            return True
        return entity is not None and entity.kind in ("Government", "ArmedForces", "ArmedGroup")


@cache
def load_vocabulary() -> Vocabulary:
    """Read ``ontology/actors.ttl`` and ``ontology/agreements.ttl`` once.

    :raises VocabularyError: naming the file and what is wrong in it
    """
    return read_vocabulary(
        resource("ontology", "actors.ttl"), resource("ontology", "agreements.ttl")
    )


def read_vocabulary(actors: Path, agreements: Path) -> Vocabulary:
    """Read a vocabulary from two Turtle files.

    :raises VocabularyError: naming the file and what is wrong in it
    """
    entities = list(_entities(_File(actors)))
    iris = {entity.iri for entity in entities}
    for entity in entities:
        for iri in (*entity.part_of, *entity.within, entity.speaks_for):
            if iri is not None and iri not in iris:
                raise VocabularyError(
                    f"{actors}: {entity.iri} refers to {iri}, which is not there."
                )
    source = _File(agreements)
    deals = list(_agreements(source))
    keys: dict[str, str] = {}
    zones = {subject for subject, kind in source.typed() if kind in PLACES}
    for deal in deals:
        if deal.key in keys:
            raise VocabularyError(
                f"{agreements}: the key {deal.key!r} stands on {keys[deal.key]} and on {deal.iri}."
            )
        keys[deal.key] = deal.iri
        for iri in sorted(deal.bound) + list(deal.zones):
            if iri not in iris and iri not in zones:
                raise VocabularyError(f"{agreements}: {deal.iri} refers to {iri}, unknown here.")
    return Vocabulary([*entities, *_entities(source)], deals, dict(_events(source)))


class _File:
    """The statements of a Turtle file, by subject and predicate."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.values: dict[str, dict[str, list[ox.Literal | ox.NamedNode]]] = {}
        try:
            quads = list(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
        except (SyntaxError, OSError) as error:
            line = getattr(error, "lineno", None)
            where = f"{path}:{line}" if line else str(path)
            raise VocabularyError(f"{where}: {error}", "Correct the Turtle file.") from error
        for quad in quads:
            if isinstance(quad.subject, ox.NamedNode) and isinstance(
                quad.object, (ox.NamedNode, ox.Literal)
            ):
                about = self.values.setdefault(quad.subject.value, {})
                about.setdefault(quad.predicate.value, []).append(quad.object)

    def typed(self) -> Iterator[tuple[str, str]]:
        """Yield subject and class name, for subjects of one of Accord's classes."""
        for subject, about in self.values.items():
            for kind in about.get(_TYPE.value, ()):
                if kind.value.startswith(ACCORD):
                    yield subject, kind.value.removeprefix(ACCORD)

    def many(self, subject: str, name: str) -> tuple[str, ...]:
        """Return the values of a property, in the order of the file, each once."""
        iri = name.replace("skos:", SKOS) if name.startswith("skos:") else ACCORD + name
        return tuple(dict.fromkeys(v.value for v in self.values[subject].get(iri, ())))

    def english(self, subject: str, name: str) -> tuple[str, ...]:
        """Return the values of a property that are in English or in no language."""
        iri = name.replace("skos:", SKOS) if name.startswith("skos:") else ACCORD + name
        values = self.values[subject].get(iri, ())
        return tuple(
            dict.fromkeys(
                v.value
                for v in values
                if isinstance(v, ox.Literal) and (v.language or "en").split("-")[0] == "en"
            )
        )

    def one(self, subject: str, name: str) -> str | None:
        values = self.many(subject, name)
        if len(values) > 1:
            raise VocabularyError(
                f"{self.path}: {subject} has {len(values)} values of {name}: {', '.join(values)}."
            )
        return values[0] if values else None

    def label(self, subject: str) -> str:
        labels = self.english(subject, "skos:prefLabel")
        if len(labels) != 1:
            raise VocabularyError(
                f"{self.path}: {subject} has {len(labels)} English skos:prefLabel; it needs one."
            )
        return labels[0]


def _entities(file: _File) -> Iterator[Entity]:
    for subject, kind in file.typed():
        if kind in ACTORS or kind in PLACES:
            yield Entity(
                iri=subject,
                label=file.label(subject),
                kind=kind,
                aliases=file.english(subject, "skos:altLabel"),
                metonyms=file.many(subject, "metonym"),
                demonyms=file.many(subject, "demonym"),
                descriptions=file.many(subject, "description"),
                posts=file.many(subject, "post"),
                speaks_for=file.one(subject, "speaksFor"),
                part_of=file.many(subject, "partOf"),
                within=file.many(subject, "within"),
            )


def _events(file: _File) -> Iterator[tuple[str, str]]:
    """Yield the names of events, case folded, with their IRIs."""
    for subject, kind in file.typed():
        if kind == "Event":
            for name in (file.label(subject), *file.english(subject, "skos:altLabel")):
                yield name.casefold(), subject


def _agreements(file: _File) -> Iterator[Agreement]:
    for subject, kind in file.typed():
        if kind != "Agreement":
            continue
        key = file.one(subject, "key")
        if not key:
            raise VocabularyError(f"{file.path}: {subject} has no accord:key.")
        day = file.one(subject, "concludedOn")
        try:
            concluded = date.fromisoformat(day) if day else None
        except ValueError as error:
            raise VocabularyError(
                f"{file.path}: {subject} has accord:concludedOn {day!r}, which is no date.",
                "Write it as 2018-09-17.",
            ) from error
        yield Agreement(
            iri=subject,
            key=key,
            label=file.label(subject),
            aliases=file.english(subject, "skos:altLabel"),
            descriptions=file.many(subject, "description"),
            parties=frozenset(file.many(subject, "party")),
            guarantors=frozenset(file.many(subject, "guarantor")),
            concluded=concluded,
            venues=file.many(subject, "venue"),
            zones=file.many(subject, "zone"),
            supplements=file.many(subject, "supplements"),
        )
