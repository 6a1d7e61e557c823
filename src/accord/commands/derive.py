"""``accord derive``: what follows from the claims of a store, by ``mappings/rules``."""

from __future__ import annotations

import json
import time
from typing import Annotated

import typer

from accord import display
from accord.commands.options import StoreOption, opened


def derive(
    store: StoreOption = None,
    all_: Annotated[
        bool, typer.Option("--all", help="For all articles anew, and not for what is pending.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress and no summary.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The summary as JSON.")] = False,
) -> None:
    """Derive timelines, contradictions, disputes, corroboration, restatements and accusations.

    `accord ingest` does so for what it loads; this finishes what a stopped run has left, or does
    it anew after a rule of mappings/rules has changed.
    """
    from accord.progress import Progress
    from accord.rules.derivation import Derivation

    started = time.monotonic()
    progress = Progress(quiet or as_json)
    with opened(store) as graph:
        derivation = Derivation(graph)
        try:
            progress.start(derivation.begin(anew=all_), "deriving")
            done = derivation.finish(progress.advance)
        finally:
            progress.stop()
    seconds = time.monotonic() - started
    counts = dict(sorted(done.statements.items()))
    if as_json:
        document = {
            "store": graph.address,
            "articles": done.articles,
            "derived": counts,
            "seconds": round(seconds, 3),
        }
        print(json.dumps(document, ensure_ascii=False))
    elif not quiet:
        if not done.articles:
            display.note("Nothing is pending. `accord derive --all` derives everything anew.")
            return
        derived = ", ".join(f"{count} {name}" for name, count in counts.items()) or "nothing"
        display.note(f"{derived} derived for {done.articles} articles in {seconds:.1f} s.")
