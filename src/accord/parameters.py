"""Parameters of named queries: their header lines, and RDF terms made from what a user gives.

A value never becomes a piece of a query's text by pasting. It is first made an RDF term (an IRI of
the vocabulary or of the store, or a literal), and only the term's own serialisation is written, in
a ``VALUES`` clause, where nothing but a term can stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cached_property

from pyoxigraph import Literal, NamedNode

from accord.claim import ClaimType
from accord.errors import QueryError
from accord.graph import BASE, ID, ONTOLOGY, short_hash
from accord.vocabulary import Vocabulary

Term = NamedNode | Literal

_XSD = "http://www.w3.org/2001/XMLSchema#"
_HEADER = re.compile(
    r"^#[ \t]*param:[ \t]*(?P<name>[a-z]\w*)[ \t]+(?P<type>[\w-]+)"
    r"(?:[ \t]+(?:(?P<required>required)|=[ \t]*(?P<default>\"[^\"]*\"|\S+)))?"
    r"[ \t]+(?P<description>[^\s=].*)$",
    re.MULTILINE,
)
_LARGEST = 1_000_000
"""No query is asked for more rows than this."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a named query, as its header line declares it.

    ``# param: NAME TYPE [required | = DEFAULT] DESCRIPTION``. A parameter that is neither required
    nor has a default means "all" when it is not given.
    """

    name: str
    type: str
    description: str
    required: bool = False
    default: str | None = None

    def terms(self, texts: Iterable[str], names: Names) -> list[Term]:
        """Return the terms for what a user gave, each once.

        :raises QueryError: if one is not of the parameter's type, naming it and what fits
        """
        make = TYPES[self.type].make
        terms: list[Term] = []
        for text in texts:
            try:
                terms += make(text, names)
            except _UnfitError as unfit:
                raise QueryError(
                    f"The parameter {self.name} cannot be {text!r}: {unfit.why}.", unfit.remedy
                ) from unfit
        return list(dict.fromkeys(terms))

    @property
    def usage(self) -> str:
        """How it is given on the command line: ``actor=SIDE``, in brackets if it may be absent."""
        usage = f"{self.name}={self.type.upper()}"
        return usage if self.required else f"[{usage}]"


def parameters(sparql: str) -> Iterator[Parameter]:
    """Yield the parameters that the header lines of a query declare, in their order.

    :raises QueryError: if a line is malformed or names a type that there is not
    """
    for line in re.findall(r"^#[ \t]*param:.*$", sparql, re.MULTILINE):
        found = _HEADER.match(line)
        if found is None or found["type"] not in TYPES:
            raise QueryError(
                f"The line {line!r} is no declaration of a parameter.",
                "Write `# param: NAME TYPE [required | = DEFAULT] DESCRIPTION`, with a type of "
                f"{', '.join(TYPES)}.",
            )
        default = found["default"]
        yield Parameter(
            found["name"],
            found["type"],
            found["description"].strip(),
            required=bool(found["required"]),
            default=default and default.strip('"'),
        )


class Names:
    """What users call actors, places and accords, to IRIs.

    :param vocabulary: what is known
    :param minted: tells whether the store has an IRI that the extraction minted for a name that
        the vocabulary lacks
    """

    def __init__(self, vocabulary: Vocabulary, minted: Callable[[str], bool]) -> None:
        self.vocabulary = vocabulary
        self.minted = minted

    def find(self, text: str, kind: str) -> str:
        """Return the IRI of an ``actor``, ``place`` or ``agreement``, or of any ``entity``.

        It may be given as an IRI, as a key (``turkey``, also ``actor:turkey``), by its label or
        another name, in any case.

        :raises _UnfitError: if nothing is called so, or more than one
        """
        if "://" in text:
            return _iri(text)
        wanted = text.strip().casefold()
        known = self._index[kind]
        if iri := known.keys.get(wanted.removeprefix(f"{kind}:")):
            return iri
        # A label comes before another entity's other name, as in the vocabulary itself.
        for table in (known.labels, known.others):
            if len(iris := table.get(wanted, ())) > 1:
                raise _UnfitError(
                    f"that may be {' or '.join(map(_key, iris))}", "Give one of these."
                )
            if iris:
                return iris[0]
        for iri in _mintings(text.strip(), kind):
            if self.minted(iri):
                return iri
        raise _UnfitError(
            f"neither the vocabulary nor the store has such {_a(kind)}", self._near(wanted, kind)
        )

    def side(self, text: str) -> list[str]:
        """Return the IRIs of an actor and of all who stand for it: its army, its ministers.

        :raises _UnfitError: see :meth:`find`
        """
        iri = self.find(text, "actor")
        return [iri, *(member for member in self._members.get(iri, ()) if member != iri)]

    def _near(self, wanted: str, kind: str) -> str:
        known = self._index[kind]
        every = {**known.others, **known.labels, **{key: (iri,) for key, iri in known.keys.items()}}
        near = get_close_matches(wanted, every, n=3, cutoff=0.6)
        keys = dict.fromkeys(_key(iri) for name in near for iri in every[name])
        meant = f"Did you mean {' or '.join(keys)}? " if keys else ""
        return f"{meant}Give a key, a label or an IRI; names are in ontology/*.ttl."

    @cached_property
    def _members(self) -> Mapping[str, list[str]]:
        members: dict[str, list[str]] = {}
        for entity in self.vocabulary.entities.values():
            if not entity.is_place:
                members.setdefault(self.vocabulary.side(entity).iri, []).append(entity.iri)
        return members

    @cached_property
    def _index(self) -> Mapping[str, _Index]:
        actors, places, accords, everything = _Index(), _Index(), _Index(), _Index()
        for entity in self.vocabulary.entities.values():
            others = (*entity.aliases, *entity.metonyms)
            # A state is also the ground it stands on, under its one IRI.
            kinds = [places] if entity.is_place else [actors]
            if entity.kind == "Government":
                kinds.append(places)
            for index in (*kinds, everything):
                index.add(entity.iri, entity.label, entity.aliases if index is places else others)
        for deal in self.vocabulary.agreements.values():
            for index in (accords, everything):
                index.add(deal.iri, deal.label, deal.aliases, deal.key)
        return {"actor": actors, "place": places, "agreement": accords, "entity": everything}


class _Index:
    """IRIs by key, by label and by other names, all casefolded."""

    def __init__(self) -> None:
        self.keys: dict[str, str] = {}
        self.labels: dict[str, tuple[str, ...]] = {}
        self.others: dict[str, tuple[str, ...]] = {}

    def add(self, iri: str, label: str, others: Iterable[str], key: str | None = None) -> None:
        self.keys.setdefault((key or _key(iri)).casefold(), iri)
        for table, names in ((self.labels, (label,)), (self.others, others)):
            for name in names:
                found = table.get(name.casefold(), ())
                if iri not in found:
                    table[name.casefold()] = (*found, iri)


@dataclass(frozen=True, slots=True)
class _Type:
    make: Callable[[str, Names], list[Term]]
    example: str


class _UnfitError(Exception):
    """A value that is not of its type: why, and what to do."""

    def __init__(self, why: str, remedy: str) -> None:
        self.why = why
        self.remedy = remedy
        super().__init__(why)


def _named(kind: str) -> Callable[[str, Names], list[Term]]:
    return lambda text, names: [NamedNode(names.find(text, kind))]


def _side(text: str, names: Names) -> list[Term]:
    return [NamedNode(iri) for iri in names.side(text)]


def _kind_of_claim(text: str, names: Names) -> list[Term]:
    kinds = {str(kind).casefold(): str(kind) for kind in ClaimType}
    kind = kinds.get(text.strip().casefold().removesuffix("claim"))
    if kind is None:
        raise _UnfitError("there is no such type of claim", f"Give one of {', '.join(ClaimType)}.")
    return [NamedNode(f"{ONTOLOGY}{kind}Claim")]


def _status(text: str, names: Names) -> list[Term]:
    from accord.claim import Status

    if text not in set(map(str, Status)):
        raise _UnfitError("there is no such status", f"Give one of {', '.join(Status)}.")
    return [NamedNode(f"{BASE}scheme/status/{text}")]


def _text(text: str, names: Names) -> list[Term]:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise _UnfitError("it is not Unicode text", "Give it in UTF-8.") from error
    if re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text):
        raise _UnfitError("it has control characters", "Leave them out.")
    return [Literal(text)]


def _date(text: str, names: Names) -> list[Term]:
    try:
        day = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        day = None
    if day is None:
        raise _UnfitError("that is no day", "Write it as 2018-09-17.")
    return [Literal(day.isoformat(), datatype=NamedNode(f"{_XSD}date"))]


def _integer(text: str, names: Names) -> list[Term]:
    if not re.fullmatch(r"[0-9]{1,7}", text) or not 0 < int(text) <= _LARGEST:
        raise _UnfitError(
            "that is no whole number from 1 to 1,000,000", "Write it in digits, as 500."
        )
    return [Literal(str(int(text)), datatype=NamedNode(f"{_XSD}integer"))]


TYPES: Mapping[str, _Type] = {
    "side": _Type(_side, 'turkey, Turkey, "Free Syrian Army": with its army, ministers and so on'),
    "actor": _Type(_named("actor"), 'turkish-armed-forces, "Sergey Lavrov": only this one'),
    "agreement": _Type(_named("agreement"), "sochi-2018"),
    "place": _Type(_named("place"), 'idlib-demilitarized-zone, "Idlib Governorate"'),
    "entity": _Type(_named("entity"), "an actor, a place or an accord"),
    "type": _Type(_kind_of_claim, "demand, threat, zone"),
    "status": _Type(_status, "fulfilled, not-fulfilled"),
    "text": _Type(_text, "words as they stand"),
    "date": _Type(_date, "2018-09-17"),
    "integer": _Type(_integer, "500"),
}
"""The types of parameters: how a value becomes terms, and what a value looks like."""


def _iri(text: str) -> str:
    try:
        return NamedNode(text).value
    except ValueError as error:
        raise _UnfitError(
            "that is no IRI", "Leave out spaces, quotes, braces and angles."
        ) from error


def _mintings(text: str, kind: str) -> Iterator[str]:
    """Yield the IRIs that the extraction would mint for a name that the vocabulary lacks."""
    if kind in ("actor", "entity"):
        yield f"{ID}name/{short_hash(False, text)}"
    if kind in ("place", "entity"):
        yield f"{ID}name/{short_hash(True, text)}"
    if kind in ("agreement", "entity"):
        yield f"{ID}agreement/local/{short_hash(text)}"


def _key(iri: str) -> str:
    return iri.rsplit("/", 1)[-1]


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "ae" else f"a {kind}"
