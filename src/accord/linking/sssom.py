"""Mapping sets in SSSOM's TSV: links with who says so, why, how surely and since when.

The format is that of SSSOM 1.0 (https://mapping-commons.github.io/sssom/): a header in YAML behind
``#``, then a table. The reference library is not used: it brings pandas and linkml for what the
``csv`` module does. Columns that Accord has no use for are kept as they are.

A row is *confirmed* if a person stands behind it: a name in ``reviewer_label``, or the
justification ``semapv:ManualMappingCuration``. A confirmed row with ``predicate_modifier`` "Not"
is a rejection. Every other row is a proposal.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import yaml

from accord.errors import LinkError
from accord.store import PREFIXES

SEMAPV = "https://w3id.org/semapv/vocab/"
EXACT, CLOSE, BROAD, NARROW, RELATED = (
    name.replace("skos:", PREFIXES["skos"])
    for name in (
        *("skos:exactMatch", "skos:closeMatch", "skos:broadMatch"),
        *("skos:narrowMatch", "skos:relatedMatch"),
    )
)
PREDICATES = frozenset({EXACT, CLOSE, BROAD, NARROW, RELATED})
"""What a link may say. ``owl:sameAs`` is not among them: it would make two descriptions one."""

CURATED = f"{SEMAPV}ManualMappingCuration"
SCORED = f"{SEMAPV}CompositeMatching"
BY_NAME = f"{SEMAPV}LexicalMatching"
CURIES = {
    **{name: PREFIXES[name] for name in ("actor", "agreement", "place", "event", "wd", "skos")},
    "name": "https://w3id.org/accord-kg/id/name/",
    "code": "https://w3id.org/accord-kg/id/code/",
    "geonames": "https://sws.geonames.org/",
    "semapv": SEMAPV,
}
"""The prefixes of the files that Accord writes."""

_REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
_COLUMNS = {
    "subject_id": "subject",
    "subject_label": "subject_label",
    "predicate_id": "predicate",
    "predicate_modifier": "",
    "object_id": "object",
    "object_label": "object_label",
    "mapping_justification": "justification",
    "author_label": "author",
    "reviewer_label": "reviewer",
    "mapping_tool": "tool",
    "mapping_tool_version": "tool_version",
    "mapping_date": "",
    "confidence": "",
    "comment": "comment",
}
"""The columns in the order of the specification, each with the field that it is written from."""


@dataclass(frozen=True, slots=True)
class Link:
    """One row. IRIs are whole; ``confidence`` is 0 to 1; ``extra`` are columns of other tools."""

    subject: str
    object: str
    predicate: str = EXACT
    justification: str = SCORED
    subject_label: str = ""
    object_label: str = ""
    confidence: float | None = None
    negated: bool = False
    author: str = ""
    reviewer: str = ""
    tool: str = ""
    tool_version: str = ""
    day: date | None = None
    comment: str = ""
    extra: tuple[tuple[str, str], ...] = ()

    @property
    def confirmed(self) -> bool:
        """Whether a person stands behind it, as a link or as a rejection."""
        return bool(self.reviewer) or self.justification == CURATED

    @property
    def accepted(self) -> bool:
        """Whether it is a link that a person stands behind."""
        return self.confirmed and not self.negated

    def accept(self, reviewer: str, predicate: str = EXACT, day: date | None = None) -> Link:
        """Return the row as a person has confirmed it."""
        return replace(
            self, reviewer=reviewer, predicate=predicate, negated=False, day=day or self.day
        )

    def reject(self, reviewer: str, day: date | None = None) -> Link:
        """Return the row as a person has rejected it."""
        return replace(self, reviewer=reviewer, negated=True, day=day or self.day)


@dataclass(slots=True)
class MappingSet:
    """The rows of a file in its order, with its header (the map of prefixes left out)."""

    links: list[Link] = field(default_factory=list)
    header: dict[str, object] = field(default_factory=dict)

    @property
    def iri(self) -> str:
        """The set's own IRI, if its header has one."""
        return str(self.header.get("mapping_set_id", ""))


def read_links(path: Path) -> MappingSet:
    """Read a file.

    :raises LinkError: naming the file, the line and the value that is wrong
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LinkError(f"The links {path} cannot be read: {error}.") from error
    lines = text.splitlines()
    size = next((i for i, line in enumerate(lines) if not line.startswith("#")), len(lines))
    header = _header(path, lines[:size])
    given = header.pop("curie_map", None) or {}
    if not isinstance(given, dict):
        raise LinkError(f"{path}: curie_map is no map of prefixes.")
    curies = CURIES | {str(name): str(iri) for name, iri in given.items()}
    table = csv.DictReader(lines[size:], delimiter="\t", restkey="")
    missing = [name for name in _REQUIRED if name not in (table.fieldnames or ())]
    if missing:
        raise LinkError(
            f"{path} is no SSSOM table: it has no column {', '.join(missing)}.",
            "The columns are described in docs/linking.md.",
        )
    found = MappingSet(header=header)
    for row in table:
        where = f"{path}:{size + table.line_num}"
        if "" in row or None in row.values():
            raise LinkError(f"{where}: the row does not have as many fields as there are columns.")
        found.links.append(_link(where, row, curies))
    return found


def write_links(path: Path, links: MappingSet) -> None:
    """Write a file in one step: another process sees the old one or the new one.

    :raises LinkError: if it cannot be written
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("w", encoding="utf-8") as target:
            target.write(render(links))
            target.flush()
            os.fsync(target.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise LinkError(f"The links {path} cannot be written: {error}.") from error


def render(links: MappingSet) -> str:
    """Return the text of a file."""
    extra = list(dict.fromkeys(name for link in links.links for name, _ in link.extra))
    body = io.StringIO()
    table = csv.writer(body, delimiter="\t", lineterminator="\n")
    table.writerow([*_COLUMNS, *extra])
    for link in links.links:
        others = dict(link.extra)
        table.writerow([*_row(link), *(others.get(name, "") for name in extra)])
    used = {name: CURIES[name] for name in sorted(CURIES) if f"{name}:" in body.getvalue()}
    header = yaml.safe_dump(
        {"curie_map": used, **links.header}, sort_keys=False, allow_unicode=True, width=1000
    )
    return "".join(f"#{line}\n" for line in header.splitlines()) + body.getvalue()


def curie(iri: str) -> str:
    """Return an IRI with its prefix, or as it is where that would not be read back."""
    for prefix, namespace in CURIES.items():
        local = iri.removeprefix(namespace)
        if local != iri and re.fullmatch(r"[\w.%-][\w.%/-]*", local):
            return f"{prefix}:{local}"
    return iri


def expand(text: str, curies: Mapping[str, str]) -> str | None:
    """Return the IRI that a CURIE or an IRI stands for; None if its prefix is not known."""
    prefix, colon, local = text.partition(":")
    if colon and prefix in curies and local:
        return curies[prefix] + local
    return text if re.match(r"https?://[^\s<>\"]+$", text) else None


def _header(path: Path, lines: Iterable[str]) -> dict[str, object]:
    try:
        header = yaml.safe_load("\n".join(line[1:] for line in lines))
    except yaml.YAMLError as error:
        raise LinkError(
            f"{path}: the header is no YAML: {' '.join(str(error).split())}."
        ) from error
    if not isinstance(header, dict | None):
        raise LinkError(f"{path}: the header is no YAML map but {str(header)[:60]!r}.")
    return {str(name): value for name, value in (header or {}).items()}


def _link(where: str, row: dict[str, str], curies: Mapping[str, str]) -> Link:
    values = {name: (value or "").strip() for name, value in row.items()}
    iris = {}
    for name in _REQUIRED:
        iri = expand(values[name], curies)
        if iri is None:
            raise LinkError(
                f"{where}: {name} {values[name]!r} is neither an IRI nor a prefix and a name.",
                f"The prefixes are {', '.join(sorted(curies))}, and others can stand in the "
                "file's curie_map.",
            )
        iris[name] = iri
    if iris["predicate_id"] not in PREDICATES:
        known = ", ".join(sorted(map(curie, PREDICATES)))
        raise LinkError(
            f"{where}: the predicate {values['predicate_id']} is not one of {known}.",
            "Accord never says owl:sameAs: it would make two descriptions one.",
        )
    modifier = values.get("predicate_modifier", "")
    if modifier not in ("", "Not"):
        raise LinkError(f"{where}: predicate_modifier is {modifier!r}; it may be Not or empty.")
    return Link(
        **{name: values.get(key, "") for key, name in _COLUMNS.items() if name and key not in iris},
        subject=iris["subject_id"],
        object=iris["object_id"],
        predicate=iris["predicate_id"],
        justification=iris["mapping_justification"],
        negated=modifier == "Not",
        confidence=_confidence(where, values.get("confidence", "")),
        day=_day(where, values.get("mapping_date", "")),
        extra=tuple((name, value) for name, value in values.items() if name not in _COLUMNS),
    )


def _confidence(where: str, text: str) -> float | None:
    try:
        value = float(text) if text else None
    except ValueError:
        value = -1.0
    if value is not None and not 0 <= value <= 1:
        raise LinkError(f"{where}: confidence {text!r} is not a number from 0 to 1.")
    return value


def _day(where: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise LinkError(
            f"{where}: mapping_date {text!r} is no date.", "Write it as 2026-11-22."
        ) from error


def _row(link: Link) -> list[str]:
    own = {name: str(getattr(link, name)) for name in _COLUMNS.values() if name}
    values = {key: own.get(name, "") for key, name in _COLUMNS.items()}
    values |= {name: curie(values[name]) for name in _REQUIRED}
    values["predicate_modifier"] = "Not" if link.negated else ""
    values["mapping_date"] = link.day.isoformat() if link.day else ""
    values["confidence"] = "" if link.confidence is None else f"{link.confidence:.3f}"
    # A line end inside a field is legal CSV and breaks every other reader of TSV.
    return [" ".join(value.split()) for value in values.values()]
