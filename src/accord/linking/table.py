"""A researcher's own table of names and codes, matched with what the store names.

CSV with the columns ``name``, ``id`` and ``scheme``, and, where a name alone is not enough,
``kind`` (the class: Place, ArmedGroup, ...). Separated by commas, semicolons or tabs.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from accord import __version__
from accord.errors import LinkError
from accord.linking.candidate import ENTITY
from accord.linking.identifiers import SHARED, Identifier, schemes
from accord.linking.mapping_set import code_iri
from accord.linking.names import folded
from accord.linking.sssom import BROAD, BY_NAME, EXACT, Link, curie
from accord.linking.subject import KINDS, Subject

COLUMNS = ("name", "id", "scheme")
WIKIDATA = "wikidata"


@dataclass(frozen=True, slots=True)
class Entry:
    """A row: what a data set calls something. ``where`` is the file and line."""

    where: str
    name: str
    code: str
    scheme: str
    kind: str = ""


@dataclass(slots=True)
class Report:
    """What became of the rows, each with the reason for people.

    ``known`` are codes that the entity has already; ``contradicting`` are codes that another
    entity has, or where the entity has another code of Wikidata.
    """

    matched: list[Link] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)
    ambiguous: list[str] = field(default_factory=list)
    contradicting: list[str] = field(default_factory=list)

    def document(self) -> dict[str, object]:
        """Return the report for machines."""
        matched = [
            {"name": link.comment, "subject": link.subject, "object": link.object}
            for link in self.matched
        ]
        lists = ("known", "unmatched", "ambiguous", "contradicting")
        return {"matched": matched} | {name: getattr(self, name) for name in lists}


def read_table(path: Path) -> list[Entry]:
    """Read a table.

    :raises LinkError: naming the file, the line and the value that is wrong
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise LinkError(f"The table {path} cannot be read: {error}.") from error
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    table = csv.DictReader(text.splitlines(), delimiter=separator)
    missing = [name for name in COLUMNS if name not in (table.fieldnames or ())]
    if missing:
        raise LinkError(
            f"{path} has no column {', '.join(missing)}.",
            f"It needs {', '.join(COLUMNS)}, and may have kind; others are left alone.",
        )
    return [_entry(f"{path}:{table.line_num}", row) for row in table]


def match(
    entries: Iterable[Entry],
    subjects: Sequence[Subject],
    links: Iterable[Link],
    identifiers: Iterable[Identifier],
    day: date,
) -> Report:
    """Match the rows with subjects by name, spelling aside.

    :param links: the confirmed links there are
    :param identifiers: the codes there are, verified or not
    """
    named: defaultdict[str, dict[str, Subject]] = defaultdict(dict)
    for subject in subjects:
        for name in subject.names:
            named[folded(name)][subject.iri] = subject
    known = {(each.entity, code_iri(each.scheme, each.code)) for each in identifiers}
    owners = {code: entity for entity, code in known}
    items: dict[str, str] = {}
    for link in links:
        if link.accepted:
            known.add((link.subject, link.object))
        if link.accepted and link.predicate == EXACT:
            owners[link.object] = link.subject
            if link.object.startswith(ENTITY):
                items[link.subject] = link.object
    report = Report()
    for entry in entries:
        _place(entry, report, named, known, owners, items, day)
    return report


def _place(
    entry: Entry,
    report: Report,
    named: Mapping[str, Mapping[str, Subject]],
    known: set[tuple[str, str]],
    owners: dict[str, str],
    items: dict[str, str],
    day: date,
) -> None:
    said = f"{entry.where}: {entry.name!r}, {entry.scheme} {entry.code}"
    found = list(_meant(entry, named))
    code = code_iri(entry.scheme, entry.code)
    if not found:
        report.unmatched.append(f"{said}: nothing in the store has that name.")
    elif len(found) > 1:
        several = ", ".join(f"{curie(one.iri)} ({one.kind})" for one in found)
        report.ambiguous.append(f"{said}: {several}.")
    elif entry.scheme not in SHARED and owners.get(code, found[0].iri) != found[0].iri:
        report.contradicting.append(
            f"{said}: the name is {curie(found[0].iri)}, but the code is that of "
            f"{curie(owners[code])}."
        )
    elif (found[0].iri, code) in known:
        report.known.append(f"{said}: {curie(found[0].iri)} has it already.")
    elif entry.scheme == WIKIDATA and found[0].iri in items:
        report.contradicting.append(
            f"{said}: {curie(found[0].iri)} is linked to {curie(items[found[0].iri])}."
        )
    else:
        owners[code] = found[0].iri
        known.add((found[0].iri, code))
        if entry.scheme == WIKIDATA:
            items[found[0].iri] = code
        report.matched.append(
            Link(
                subject=found[0].iri,
                object=code,
                # Of a code that is a role's, the entity is one of several that have it.
                predicate=BROAD if entry.scheme in SHARED else EXACT,
                justification=BY_NAME,
                subject_label=found[0].label,
                object_label=entry.name,
                tool="accord",
                tool_version=__version__,
                day=day,
                comment=said,
            )
        )


def _meant(entry: Entry, named: Mapping[str, Mapping[str, Subject]]) -> Iterator[Subject]:
    """Yield the subjects of a name; those that are written just so, if there are any."""
    found = [
        subject
        for subject in named.get(folded(entry.name), {}).values()
        if not entry.kind or subject.kind == entry.kind
    ]
    yield from [subject for subject in found if entry.name in subject.names] or found


def _entry(where: str, row: dict[str, str | None]) -> Entry:
    values = {name: (row.get(name) or "").strip() for name in (*COLUMNS, "kind")}
    empty = [name for name in COLUMNS if not values[name]]
    if empty:
        raise LinkError(f"{where}: {', '.join(empty)} is missing.")
    scheme, code = values["scheme"].casefold(), values["id"]
    known = schemes() | {WIKIDATA}
    if scheme not in known:
        raise LinkError(
            f"{where}: the scheme {values['scheme']!r} is not known.",
            f"Schemes are {', '.join(sorted(known))}: datatypes of ontology/accord.ttl.",
        )
    if scheme == WIKIDATA and not re.fullmatch(r"Q[1-9]\d*", code):
        raise LinkError(f"{where}: {code!r} is no item of Wikidata.", "Write it as Q43.")
    if values["kind"] and values["kind"] not in KINDS:
        raise LinkError(
            f"{where}: the kind {values['kind']!r} is not known.", f"Kinds are {', '.join(KINDS)}."
        )
    return Entry(where, values["name"], code, scheme, values["kind"])
