"""The digest: what is new in a store since yesterday, for people, as Markdown and HTML.

What it tells stands in ``mappings/digest``: one query a section, that selects claims (``?claim``,
and ``?other`` where two belong together), and ``claim.rq``, that says of a claim what is shown.
"""

from __future__ import annotations

import html
import re
from collections.abc import Container
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from accord.query import rows
from accord.resources import resource
from accord.store import Store

SECTIONS = ("contradictions", "violations", "deadlines")
"""The files of ``mappings/digest`` in the order in which they are told."""

MOST = 100
"""Items of one section that are shown; the rest is counted."""

_NONE = timedelta(0)
_TITLE = re.compile(r"^#\s*title:\s*(.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Told:
    """A claim as the digest tells it: texts for people, empty where nothing is known.

    ``day`` is the article's date, ``article`` its title or the name of its file.
    """

    kind: str
    holder: str
    actors: tuple[str, ...]
    status: str
    accord: str
    due: str
    outlet: str
    article: str
    address: str
    day: str
    words: str

    @property
    def heading(self) -> str:
        """Who says what about whom, in one line."""
        about = f" about {', '.join(self.actors)}" if self.actors else ""
        says = f"{self.kind.lower()} ({self.status})" if self.status else self.kind.lower()
        parts = [f"{self.holder}: {says}{about}", self.accord, self.due and f"due {self.due}"]
        return " · ".join(filter(None, parts))

    @property
    def origin(self) -> str:
        """The article with its outlet and date, in one line."""
        return ", ".join(filter(None, [self.article, self.outlet, self.day]))


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the digest: items of one or two claims each.

    ``keys`` are of all items, also of those that are not shown: the IRIs of their claims.
    """

    name: str
    title: str
    items: tuple[tuple[Told, ...], ...]
    keys: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many things it tells, those included that are not shown."""
        return len(self.keys)


@dataclass(frozen=True, slots=True)
class Digest:
    """What is new from ``first`` (included) to ``end`` (not included), ISO 8601 in UTC."""

    store: str
    first: str
    end: str
    sections: tuple[Section, ...]

    @property
    def count(self) -> int:
        """How many things it tells."""
        return sum(section.count for section in self.sections)

    @property
    def title(self) -> str:
        """Its title, with the counts."""
        counts = ", ".join(f"{part.count} {part.title.lower()}" for part in self.sections)
        return f"Accord, {self.first[:10]} to {self.end[:10]}: {counts}"

    def document(self) -> dict[str, Any]:
        """Return the digest for machines."""
        return {"title": self.title, **asdict(self)}

    def markdown(self) -> str:
        """Return the digest as Markdown."""
        lines = [f"# {_plain(self.title)}"]
        for section in self.sections:
            lines += ["", f"## {section.title}", ""]
            for item in section.items:
                for told, bullet in zip(item, ("- ", "  "), strict=False):
                    origin = _plain(told.origin)
                    if told.address:
                        origin = f"[{origin}](<{told.address}>)"
                    lines.append(f"{bullet}**{_plain(told.heading)}** ({origin})  ")
                    lines.append(f"  “{_plain(told.words)}”")
            lines += _rest(section)
        return "\n".join(lines) + "\n"

    def html(self) -> str:
        """Return the digest as one HTML page, that loads nothing."""
        parts = [
            '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">',
            f"<title>{html.escape(self.title)}</title></head><body>",
            f"<h1>{html.escape(self.title)}</h1>",
        ]
        for section in self.sections:
            parts.append(f"<h2>{html.escape(section.title)}</h2><ul>")
            parts += [f"<li>{''.join(map(_paragraph, item))}</li>" for item in section.items]
            parts.append("</ul>")
            parts += [f"<p>{line}</p>" for line in _rest(section) if line]
        return "\n".join([*parts, "</body></html>", ""])


def make_digest(
    store: Store, first: datetime, end: datetime, told: Container[str] = (), back: timedelta = _NONE
) -> Digest:
    """Return what is new in a store.

    An article is captured some time before it is loaded, so that one may come into a time that a
    digest has told of already: it is looked for again, and what was told is left out.

    :param first: when it begins, with its time zone
    :param end: when it ends; the deadlines of that day are not passed yet
    :param told: keys of items that former digests had
    :param back: how long before its beginning it looks for what came late
    :raises StoreError: if the store does not answer
    """
    sections = []
    for name in SECTIONS:
        sparql = _text(name)
        # Deadlines pass by the calendar: they are never late.
        begin = first if name == "deadlines" else first - back
        values = {"$first": f'"{_time(begin)}"', "$end": f'"{_time(end)}"'}
        found: dict[str, tuple[str, ...]] = {}
        for row in rows(store.query(_filled(sparql, values))):
            item = tuple(filter(None, (row["claim"], row.get("other", ""))))
            if (key := " ".join([name, *sorted(item)])) not in told:
                found.setdefault(key, item)
        shown = list(found.values())[:MOST]
        known = _told(store, {claim for item in shown for claim in item})
        items = tuple(tuple(known[claim] for claim in item if claim in known) for item in shown)
        match = _TITLE.search(sparql)
        sections.append(Section(name, match[1] if match else name, items, tuple(found)))
    return Digest(store.address, _time(first), _time(end), tuple(sections))


def _told(store: Store, claims: set[str]) -> dict[str, Told]:
    if not claims:
        return {}
    values = " ".join(f"<{claim}>" for claim in sorted(claims))
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows(store.query(_filled(_text("claim"), {"$claims": values}))):
        found.setdefault(row["claim"], []).append(row)
    return {
        claim: Told(
            kind=first["kind"],
            holder=first["who"],
            actors=tuple(dict.fromkeys(row["actor"] for row in several if row["actor"])),
            status=first["status"],
            accord=first["accord"],
            due=first["due"],
            outlet=first["outlet"],
            article=first["title"] or first["name"],
            address=first["address"],
            day=first["day"],
            words=first["words"],
        )
        for claim, several in found.items()
        for first in several[:1]
    }


def _text(name: str) -> str:
    return resource("mappings", "digest", f"{name}.rq").read_text(encoding="utf-8")


def _filled(sparql: str, values: dict[str, str]) -> str:
    return re.sub(r"\$\w+", lambda word: values[word[0]], re.sub(r"(?m)^\s*#.*$", "", sparql))


def _time(when: datetime) -> str:
    # As captures have it, so that times can be compared as texts.
    return when.astimezone(UTC).isoformat(timespec="seconds")


def _plain(text: str) -> str:
    """Return a text of a stranger's so that Markdown shows it and does not obey it."""
    return re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", " ".join(text.split()))


def _paragraph(told: Told) -> str:
    origin = html.escape(told.origin)
    if told.address.startswith(("http://", "https://")):
        origin = f'<a href="{html.escape(told.address)}">{origin}</a>'
    return (
        f"<p><strong>{html.escape(told.heading)}</strong> ({origin})<br>"
        f"“{html.escape(told.words)}”</p>"
    )


def _rest(section: Section) -> list[str]:
    if not section.count:
        return ["None."]
    left = section.count - len(section.items)
    return ["", f"And {left} more."] if left else []
