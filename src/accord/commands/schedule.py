"""``accord schedule``: reads the named sources when their schedules say so."""

from __future__ import annotations

import json
import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from accord import display
from accord.commands.options import StoreOption
from accord.errors import UsageError

if TYPE_CHECKING:
    from accord.operations.schedule import Deployment


def schedule(
    store: StoreOption = None,
    pool: Annotated[
        str | None,
        typer.Option(
            "--work-pool", metavar="NAME", help="Leave the runs to the workers of a Prefect pool."
        ),
    ] = None,
    worker: Annotated[
        bool, typer.Option("--worker", help="With --work-pool: be such a worker, too.")
    ] = False,
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="Of Prefect's page, where it has no server yet.")
    ] = 4200,
    metrics_port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Serve metrics for Prometheus there.")
    ] = None,
    list_: Annotated[
        bool, typer.Option("--list", help="Say what would run and when, and do nothing.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No messages.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Like --list, as JSON.")] = False,
) -> None:
    """Run `accord ingest` for each [[source]] of accord.toml by its schedule, and the daily report.

    It goes on until Ctrl-C or SIGTERM. Where PREFECT_API_URL names no Prefect server it runs one,
    whose page shows what runs.
    """
    from accord.operations.schedule import POOL, deploy, deployments, server, work
    from accord.orchestration import serverless
    from accord.settings import load_settings

    settings = load_settings(store=store)
    found = deployments(settings)
    if list_ or as_json:
        _list(found, as_json)
        return
    if worker and pool is None:
        raise UsageError("A worker needs a pool.", "Name it with --work-pool.")
    if pool is not None and serverless():
        raise UsageError(
            "A work pool needs a Prefect server.",
            "Name it in PREFECT_API_URL: http://host:4200/api",
        )
    with ExitStack() as stack:
        # Prefect reads these variables when it is imported.
        if serverless():
            os.environ["PREFECT_API_URL"] = stack.enter_context(server(port))
        if quiet:
            os.environ.setdefault("PREFECT_LOGGING_LEVEL", "ERROR")
        if metrics_port is not None:
            from accord.operations.metrics import serve_metrics

            serve_metrics(settings, metrics_port)
        if not quiet:
            address = os.environ.get("PREFECT_API_URL", "").removesuffix("/api")
            display.note(f"{len(found)} schedules for {settings.store}; Prefect's page: {address}")
        deploy(found, pool or POOL)
        if worker or pool is None:
            work(pool or POOL, settings)


def _list(found: list[Deployment], as_json: bool) -> None:
    if as_json:
        keys = ("name", "flow", "cron", "timezone", "description")
        print(json.dumps([{key: getattr(one, key) for key in keys} for one in found]))
    else:
        display.schedules(found)
