"""``accord frames``: look at the frames, check them, and try them on a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from accord import display

app = typer.Typer(help="Which words make which claims: look, check, try.", no_args_is_help=True)


@app.command("test")
def test(
    sentence: Annotated[str, typer.Argument(help="A sentence, in quotation marks.")],
    all_: Annotated[
        bool, typer.Option("--all", help="Also triggers whose frame needs something else.")
    ] = False,
) -> None:
    """Say which frame fired on what, and why; and what was dropped, and why."""
    from accord.extraction import pipeline
    from accord.language.frames.explanation import explain

    told = explain(sentence, pipeline())
    shown = [e for e in told if e.claim or all_ or not e.reason.startswith(("needs ", "excludes "))]
    if not shown:
        typer.echo("No frame fired." + ("" if all_ or not told else " --all shows what was near."))
    for e in shown:
        typer.echo(
            f"{e.trigger!r} fired {e.frame!r} ({e.where or 'by its construction'}): {e.type}"
        )
        typer.echo(f"    construction: {e.construction}")
        for role in e.roles:
            typer.echo(f"    {role}")
        if e.operators:
            typer.echo(f"    under: {', '.join(e.operators)}")
        if e.claim is None:
            typer.echo(f"    no claim: {e.reason}")
            continue
        document = e.claim.document()
        for key in ("article", "start", "end", "text", "type"):
            document.pop(key)
        said = ", ".join(f"{key} {_plain(value)}" for key, value in document.items())
        typer.echo(f"    claim: {said}")


@app.command("list")
def list_(
    word: Annotated[str, typer.Argument(help="Only frames with this type or trigger.")] = "",
) -> None:
    """List the frames with their types and triggers."""
    from accord.language.frames.reader import load_frames

    rows = []
    for frame in load_frames().all:
        triggers = [" ".join(words) for _, words in frame.triggers]
        if not word or word.casefold() == frame.type.casefold() or word.casefold() in triggers:
            rows.append([frame.type.value, frame.name, ", ".join(triggers), frame.where])
    display.frames(rows)


@app.command("check")
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Files of frames; without, those of Accord.")
    ] = None,
) -> None:
    """Check files of frames: a mistake is named with its file and line."""
    from accord.language.frames.reader import load_frames, read_frames

    count = sum(len(read_frames(path)) for path in files) if files else len(load_frames().all)
    typer.echo(f"{count} frames, no mistakes.")


def _plain(value: object) -> str:
    if isinstance(value, list):
        return " + ".join(map(str, value))
    return str(value)
