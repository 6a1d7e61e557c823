"""What the command line shows: answers on standard output, the rest on standard error."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from rich.console import Console, RenderableType
from rich.markup import escape
from rich.table import Table

from accord.errors import AccordError

if TYPE_CHECKING:
    from accord.claim import Claim
    from accord.ingestion import Summary
    from accord.operations.dead_letters import Letter
    from accord.operations.schedule import Deployment
    from accord.overview import Overview
    from accord.provenance.history import Extraction, VersionSummary
    from accord.query import NamedQuery
    from accord.store.backup import Manifest
    from accord.store.copying import CopySummary
    from accord.validation import Violation

#: A longer text is cut in a table.
_LONG_CELL = 160

_out = Console(highlight=False)
_err = Console(stderr=True, highlight=False)


def complain(error: AccordError) -> None:
    """Show an error and its remedy."""
    _err.print(f"[bold red]Error:[/] {escape(error.what)}", soft_wrap=True)
    if error.remedy:
        note(error.remedy)


def note(text: str) -> None:
    """Show a line for a person."""
    _err.print(escape(text), soft_wrap=True)


def summary(done: Summary) -> None:
    """Show what an ingestion did."""
    if done.loaded:
        where = done.store if done.kind == "folder" else f"{done.store} ({done.kind})"
        note(
            f"{done.loaded} articles with {sum(done.claims.values())} claims loaded into "
            f"{where} in {done.seconds:.1f} s ({done.rate:.1f} articles/s)."
        )
    if done.unchanged:
        only = "" if done.loaded or done.set_aside else " Nothing to do."
        note(f"{done.unchanged} articles are unchanged.{only}")
    for reason in done.set_aside.values():
        _err.print(f"[yellow]Set aside:[/] {escape(reason)}", soft_wrap=True)
    if done.interrupted:
        note(f"An earlier run {done.interrupted}; {done.recovered} of its articles were left.")
    for reason in done.failed.values():
        _err.print(f"[bold red]Error:[/] {escape(reason)}", soft_wrap=True)


def letters(waiting: Sequence[Letter], folder: Path) -> None:
    """Show what waits for `accord retry`, the oldest first."""
    table = Table("since", "times", "article", "why", highlight=False)
    for one in waiting:
        table.add_row(*map(escape, (one.since, str(one.attempts), one.location, one.reason)))
    _out.print(table)
    note(f"{len(waiting)} articles are set aside, in {folder}.")


def schedules(found: Iterable[Deployment]) -> None:
    """Show what runs by itself, and when."""
    table = Table("name", "flow", "schedule", "time zone", "what", highlight=False)
    for one in found:
        table.add_row(*map(escape, (one.name, one.flow, one.cron, one.timezone, one.description)))
    _out.print(table)


def manifest(of: Manifest, done: str) -> None:
    """Show what is in a backup; ``done`` says what became of it."""
    held = of.contents
    note(
        f"{done}: {held.articles} articles with {sum(held.claims.values())} claims, {held.quads} "
        f"quads in {held.graphs} graphs."
    )


def copied(done: CopySummary) -> None:
    """Show what a copy did."""
    rate = f" ({done.quads / done.seconds:,.0f} quads/s)" if done.quads else ""
    note(
        f"{done.copied} graphs with {done.quads} quads copied to {done.target} in "
        f"{done.seconds:.1f} s{rate}; {done.unchanged} were there already."
    )
    if done.rewritten:
        note(f"{done.rewritten} graphs have the same values there, but written otherwise.")
    if done.foreign:
        note(f"{done.foreign} graphs of {done.source} are none of Accord's; --all copies them too.")
    if done.only_in_target:
        note(f"{done.only_in_target} graphs are in {done.target} only; they stay.")
    for graph, example in done.differing.items():
        _err.print(f"[yellow]Differs there:[/] {escape(graph)}: {escape(example)}", soft_wrap=True)


def claims(found: Iterable[Claim]) -> None:
    """Show claims as a table."""
    table = Table("holder", "says", "about", "accord", "article", highlight=False)
    for claim in found:
        says = claim.type + (f" ({claim.status})" if claim.status else "")
        about = ", ".join(claim.actor)
        table.add_row(
            *map(escape, (claim.holder, says, about, claim.agreement or "", claim.article))
        )
    _out.print(table)


def attributions(rows: Iterable[dict[str, Any]]) -> None:
    """Show attributions as a table: who, how, what."""
    table = Table("article", "source", "cue", "content", "holder", highlight=False)
    for row in rows:
        text = row["text"]
        table.add_row(
            *map(escape, (row["article"], text["source"], text["cue"])),
            escape(shorten(text["content"], _LONG_CELL, placeholder=" …")),
            escape(row.get("holder") or ""),
        )
    _out.print(table)


def answer(rendered: RenderableType) -> None:
    """Show the answer to a query; text goes out as it is."""
    if isinstance(rendered, str):
        print(rendered)
    else:
        _out.print(rendered)


def questions(queries: Iterable[NamedQuery]) -> None:
    """Show the named queries."""
    table = Table("name", "question", "parameters", highlight=False)
    for query in queries:
        names = ", ".join(parameter.name for parameter in query.parameters)
        table.add_row(*map(escape, (query.name, query.title, names)))
    _out.print(table)


def question(query: NamedQuery) -> None:
    """Show one named query: what it asks, its parameters, and its text."""
    from accord.parameters import TYPES

    _out.print(f"[bold]{escape(query.title)}[/]\n{escape(query.description)}", soft_wrap=True)
    if query.parameters:
        table = Table("parameter", "meaning", "for instance", highlight=False)
        for parameter in query.parameters:
            meaning = parameter.description
            if parameter.default is not None:
                meaning += f" (default {parameter.default})"
            elif not parameter.required:
                meaning += " (default all)"
            table.add_row(*map(escape, (parameter.usage, meaning, TYPES[parameter.type].example)))
        _out.print(table)
    print(query.text.rstrip())


def versions(found: Iterable[VersionSummary]) -> None:
    """Show what each version said: when, of how many articles."""
    table = Table("first", "last", "articles", "held now", "claims", "version", highlight=False)
    for each in found:
        counts = (each.articles, each.current, each.claims)
        days = (each.first[:10], each.last[:10])
        table.add_row(*days, *map(str, counts), escape(each.versions.key))
    _out.print(table)


def extractions(found: Iterable[Extraction]) -> None:
    """Show what was made of one article, one extraction a row."""
    table = Table("since", "until", "claims", "name", "version", highlight=False)
    for each in found:
        until = each.until[:19] if each.until else "now"
        name = ", ".join(each.names)
        row = (each.since[:19], until, str(each.claims), name, each.versions.key)
        table.add_row(*map(escape, row))
    _out.print(table)


def frames(rows: Iterable[Iterable[str]]) -> None:
    """Show frames: type, name, triggers and where each stands."""
    table = Table("type", "frame", "triggers", "where", highlight=False)
    for row in rows:
        table.add_row(*map(escape, row))
    _out.print(table)


def violation(found: Violation) -> None:
    """Show a rule that is broken, and where."""
    where = f"[dim]{escape(found.graph)}[/]\n  " if found.graph else ""
    _out.print(f"{where}{escape(found.message)}", soft_wrap=True)


def overview(found: Overview) -> None:
    """Show what a store holds."""
    _out.print(f"[bold]{escape(found.store)}[/]: {found.articles} articles", soft_wrap=True)
    table = Table("type", "claims", highlight=False)
    for kind, count in found.claims.items():
        table.add_row(kind, str(count))
    _out.print(table)
    for version, count in found.versions.items():
        _out.print(f"{count} articles read by {escape(version)}", soft_wrap=True)
    _out.print(f"{len(found.set_aside)} set aside")
    for capture in found.set_aside:
        _out.print(f"  {escape(capture.reason or '')}", soft_wrap=True)
