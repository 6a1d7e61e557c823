"""``accord validate``: whether a store keeps the rules of the graph."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from typing import Annotated

import typer

from accord import display
from accord.commands.options import StoreOption, opened
from accord.errors import ExitCode


def validate(
    store: StoreOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Check a store against the rules of ontology/shapes.ttl; exit code 1 if it breaks any."""
    from accord.audit import Audit

    started = time.monotonic()
    found = []
    with opened(store) as graph:
        audit = Audit(graph)
        for violation in audit.violations():
            found.append(asdict(violation))
            if not as_json:
                display.violation(violation)
    seconds = time.monotonic() - started
    if as_json:
        document = {
            "store": graph.address,
            "graphs": audit.graphs,
            "statements": audit.statements,
            "seconds": round(seconds, 3),
            "violations": found,
        }
        print(json.dumps(document, ensure_ascii=False))
    else:
        display.note(
            f"{audit.graphs} graphs with {audit.statements} statements checked in "
            f"{seconds:.1f} s: {len(found) or 'no'} violation{'s' * (len(found) != 1)}."
        )
    if found:
        raise typer.Exit(ExitCode.FAILURE)
