"""The command line: its commands, put together, and what becomes of errors.

Answers go to standard output, everything else to standard error.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from accord import __version__, display
from accord.commands import frames, link
from accord.commands.attributions import attributions
from accord.commands.backup import backup, restore
from accord.commands.copy import copy
from accord.commands.derive import derive
from accord.commands.export import export
from accord.commands.extract import extract
from accord.commands.history import history
from accord.commands.ingest import ingest
from accord.commands.query import queries, query
from accord.commands.report import report
from accord.commands.retry import retry
from accord.commands.schedule import schedule
from accord.commands.serve import serve
from accord.commands.status import status
from accord.commands.validate import validate
from accord.errors import AccordError, ExitCode
from accord.processes import one_core_each

_INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it."""

_COMMANDS: dict[Callable[..., Any], str] = {
    ingest: "accord ingest articles/ --store graph --workers 2",
    retry: "accord retry --list",
    schedule: "accord schedule --store graph",
    extract: "accord extract report.txt --format table",
    attributions: "accord attributions report.txt --format table",
    query: "accord query contradictions --format csv",
    queries: "accord queries",
    derive: "accord derive --store graph",
    status: "accord status --store graph",
    report: "accord report --since 2026-11-21",
    history: "accord history --store graph",
    validate: "accord validate --store graph",
    serve: "accord serve --store graph --port 7878",
    backup: "accord backup backups/2026-11-22 --store graph",
    restore: "accord restore backups/2026-11-22 --store restored",
    copy: "accord copy --from graph --to http://localhost:7878",
    export: "accord export --format trig > graph.trig",
}
"""The commands in the order of ``--help``, each with an example."""

app = typer.Typer(
    help="Who claims what about whose obligation: from news reports to a queryable graph.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
)
for _command, _example in _COMMANDS.items():
    app.command(epilog=f"Example: {_example}")(_command)
app.add_typer(frames.app, name="frames")
app.add_typer(link.app, name="link")


def main() -> None:
    """Run the command line and exit; errors raised on purpose are one message, no traceback."""
    one_core_each()
    try:
        # Typer turns Ctrl-C into this exit code by itself.
        if (code := app(standalone_mode=False)) == _INTERRUPTED:
            raise KeyboardInterrupt
    except AccordError as error:
        display.complain(error)
        code = error.exit_code
    except KeyboardInterrupt:
        display.note("Stopped. What was loaded stays; the next run goes on from there.")
        code = _INTERRUPTED
    except BrokenPipeError:
        # The reader (head, less) has seen enough; keep Python from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = ExitCode.DONE
    except typer.Exit as stop:
        code = stop.exit_code
    except Exception as error:
        # Wrong use: click's own errors know how to show themselves.
        if not hasattr(error, "show"):
            raise
        error.show()
        code = ExitCode.WRONG_USE
    sys.exit(int(code or 0))


def _version(wanted: bool) -> None:
    if wanted:
        print(f"accord {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
    log: Annotated[
        str | None,
        typer.Option(
            "--log", metavar="FILE", help="Write logs as JSON lines to a file; - is standard error."
        ),
    ] = None,
) -> None:
    # The processes that a command starts have it from here.
    if log:
        os.environ["ACCORD_LOG"] = log
