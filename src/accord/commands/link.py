"""``accord link``: propose links to Wikidata, review them, import a researcher's own table."""

from __future__ import annotations

import getpass
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from accord import display
from accord.commands.options import StoreOption, opened
from accord.errors import ExitCode, UsageError

app = typer.Typer()

_Out = Annotated[
    Path | None,
    typer.Option("--out", help="The file of proposals.", show_default="in your data directory"),
]
_Quiet = Annotated[bool, typer.Option("--quiet", help="No progress and no summary.")]
_Json = Annotated[bool, typer.Option("--json", help="The summary as JSON.")]


@app.callback(
    invoke_without_command=True,
    epilog="Example: accord link --store graph --out links.sssom.tsv",
)
def link(
    context: typer.Context,
    store: StoreOption = None,
    endpoint: Annotated[
        str | None, typer.Option(help="A SPARQL endpoint with Wikidata's model.", metavar="URL")
    ] = None,
    api: Annotated[
        str | None,
        typer.Option(help="A MediaWiki API; with --endpoint none without it.", metavar="URL"),
    ] = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask nobody: use what earlier runs were answered.")
    ] = False,
    out: _Out = None,
    quiet: _Quiet = False,
    as_json: _Json = False,
) -> None:
    """Propose a Wikidata item for each name that has none, and load the links that are accepted.

    Nothing is linked by itself: proposals are rows of a file (SSSOM) that a person accepts or
    rejects there, or with `accord link review`. Exit code 3 says that some names could not be
    asked about.
    """
    if context.invoked_subcommand:
        return
    from accord.orchestration import run_flow
    from accord.settings import load_settings

    if endpoint and api is None:
        # Who names a server of her own does not mean Wikidata's beside it.
        api = ""
    settings = load_settings(store=store, wikidata_endpoint=endpoint, wikidata_api=api)
    done = run_flow(
        "link",
        settings=settings.parameters(),
        out=str(out) if out else None,
        offline=offline,
        quiet=quiet or as_json,
    )
    if as_json:
        print(json.dumps(done.document(), ensure_ascii=False))
    elif not quiet:
        display.note(done.markdown())
        for name, why in list(done.unanswered.items())[:3]:
            display.note(f"Not answered: {name}: {why}")
        if done.proposed or done.ambiguous:
            display.note(f"Look at them: accord link review {done.file}")
    if done.unanswered:
        raise typer.Exit(ExitCode.SET_ASIDE)


@app.command(epilog="Example: accord link review links.sssom.tsv --reviewer 'A. Scholar'")
def review(
    file: Annotated[
        Path | None, typer.Argument(help="Proposals.", show_default="in your data directory")
    ] = None,
    reviewer: Annotated[
        str | None, typer.Option(help="Your name, as it shall stand there.", show_default="login")
    ] = None,
) -> None:
    """Accept and reject proposals one by one; each answer is kept at once.

    Then run `accord link`, which loads what was accepted.
    """
    from accord.linking.proposals import proposals_file
    from accord.linking.review import HELP, answered, questions, replaced
    from accord.linking.sssom import curie, read_links, write_links

    path = file or proposals_file()
    name = reviewer or getpass.getuser()
    links = read_links(path)
    waiting = list(questions(links))
    display.note(f"{len(waiting)} names wait in {path}. {HELP}.")
    for place, question in enumerate(waiting, start=1):
        print(f"\n{place}/{len(waiting)}  {question.label}  ({curie(question.subject)})")
        for number, proposal in enumerate(question.proposals, start=1):
            sure = "" if proposal.confidence is None else f"{proposal.confidence:.2f}  "
            item = f"{proposal.object_label}  {proposal.object}"
            print(f"  {number}  {sure}{item}\n     {proposal.comment}")
        while True:
            try:
                reply = input("> ").strip().casefold()
                if reply == "q":
                    return
                rows = answered(question, reply, name, _today())
                break
            except UsageError as error:
                display.complain(error)
            except EOFError:
                return
        links = replaced(links, rows)
        write_links(path, links)


@app.command("import", epilog="Example: accord link import my-actors.csv --store graph")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV with the columns name, id and scheme.")],
    store: StoreOption = None,
    out: _Out = None,
    reviewer: Annotated[
        str | None, typer.Option(help="Accept what matches, in this person's name.")
    ] = None,
    quiet: _Quiet = False,
    as_json: _Json = False,
) -> None:
    """Match a table of your own with the names of the store, and say what matched and what not.

    What matches becomes proposals like others, unless --reviewer says who has looked at them.
    Exit code 3 says that some rows did not match, are ambiguous, or contradict what is known.
    """
    from accord.linking.acceptance import import_table
    from accord.linking.proposals import proposals_file

    with opened(store) as graph:
        report = import_table(graph, file, out or proposals_file(), reviewer, _today())
    others = [*report.unmatched, *report.ambiguous, *report.contradicting]
    if as_json:
        print(json.dumps(report.document(), ensure_ascii=False))
    elif not quiet:
        display.note(
            f"{len(report.matched)} matched, {len(report.known)} known already, "
            f"{len(report.unmatched)} not found, {len(report.ambiguous)} ambiguous, "
            f"{len(report.contradicting)} contradicting."
        )
        for reason in others:
            display.note(reason)
    if others:
        raise typer.Exit(ExitCode.SET_ASIDE)


def _today() -> date:
    return datetime.now(UTC).date()
