"""Schedules: the named sources of ``accord.toml`` as deployments of Prefect, and who runs them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from accord.errors import AccordError, UsageError
from accord.settings import SETTINGS_FILE, Settings, data_folder

_START = 180.0
"""Seconds that a Prefect server may take to start: its first start makes its database."""

POOL = "accord"
"""The work pool of whoever names none."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """A flow that runs by itself: which, when (cron, in a time zone), and with what."""

    name: str
    flow: str
    cron: str
    timezone: str
    parameters: Mapping[str, Any]
    description: str


def deployments(settings: Settings) -> list[Deployment]:
    """Return a deployment for each source that has a schedule, and one for the daily report.

    Paths are made absolute: a run has another current folder.

    :raises UsageError: if no source has a schedule
    """
    named = [table for table in settings.source if table.schedule]
    if not named:
        raise UsageError(
            f"No source of {SETTINGS_FILE} has a schedule.",
            'Give a [[source]] table schedule = "15 * * * *" (a quarter past each hour).',
        )
    given = _absolute(settings)
    found = [
        Deployment(
            table.name,
            "ingest",
            table.schedule or "",
            table.timezone,
            {"sources": [table.name], "settings": given},
            f"Reads {table.address}.",
        )
        for table in named
    ]
    if settings.report_schedule:
        found.append(
            Deployment(
                "daily",
                "report",
                settings.report_schedule,
                "UTC",
                {"settings": given},
                "Tells what is new: contradictions, violations, and deadlines that passed.",
            )
        )
    return found


def deploy(found: list[Deployment], pool: str) -> None:
    """Register deployments with a work pool, whose workers run them in the folder of this process.

    The pool is made if there is none. Runs that should have begun while nobody was there are
    cancelled: the next one does their work.

    :raises AccordError: if the Prefect server does not answer
    """
    from prefect.client.orchestration import get_client
    from prefect.client.schemas import filters
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.client.schemas.objects import StateType
    from prefect.states import Cancelled

    try:
        with get_client(sync_client=True) as client:
            client.create_work_pool(WorkPoolCreate(name=pool, type="process"), overwrite=True)
            for one in found:
                deployment = _for_prefect(one)
                deployment.job_variables = {"working_dir": str(Path.cwd())}
                missed = client.read_flow_runs(
                    flow_run_filter=filters.FlowRunFilter(
                        deployment_id=filters.FlowRunFilterDeploymentId(
                            any_=[deployment.apply(work_pool_name=pool)]
                        ),
                        state=filters.FlowRunFilterState(
                            type=filters.FlowRunFilterStateType(any_=[StateType.SCHEDULED])
                        ),
                        next_scheduled_start_time=filters.FlowRunFilterNextScheduledStartTime(
                            before_=datetime.now(UTC)
                        ),
                    )
                )
                for run in missed:
                    late = Cancelled(message="Nobody was there to run it; the next one does.")
                    client.set_flow_run_state(run.id, late, force=True)
    except httpx.HTTPError as error:
        raise AccordError(
            f"The Prefect server does not answer: {error}.", "Check PREFECT_API_URL."
        ) from error


def work(pool: str, settings: Settings) -> None:
    """Run a worker of a pool until it or this process is stopped.

    A store in a folder has one owner at a time, so that the runs wait for each other.

    :raises AccordError: if the worker ends by itself
    """
    remote = settings.store.startswith(("http://", "https://"))
    limit = max(2, settings.workers) if remote else 1
    command = [sys.executable, "-m", "prefect", "worker", "start", "--pool", pool]
    command += ["--type", "process", "--limit", str(limit), "--with-healthcheck"]
    with _running(command, dict(os.environ)) as process:
        if code := process.wait():
            raise AccordError(
                f"The worker of the pool {pool} ended with exit code {code}.",
                "Its messages above say why.",
            )


@contextmanager
def server(port: int) -> Iterator[str]:
    """Run a Prefect server on the loopback address during the block; yields its API's address.

    Its database is in the data directory, so that it knows earlier runs.

    :raises AccordError: if it does not start
    """
    home = data_folder() / "prefect"
    home.mkdir(parents=True, exist_ok=True)
    address = f"http://127.0.0.1:{port}/api"
    env = os.environ | {
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": address,
        "PREFECT_UI_API_URL": address,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    }
    command = [sys.executable, "-m", "prefect", "server", "start"]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    with _running(command, env, stdout=subprocess.DEVNULL) as process:
        until = time.monotonic() + _START
        while not _answers(f"{address}/health"):
            if process.poll() is not None or time.monotonic() > until:
                raise AccordError(
                    f"Prefect's server does not start at {address}.",
                    "Is the port taken? Choose another one with --port, or name a server that "
                    "runs in PREFECT_API_URL.",
                )
            time.sleep(0.3)
        yield address


def _for_prefect(one: Deployment) -> Any:
    from prefect.client.schemas.actions import DeploymentScheduleCreate
    from prefect.client.schemas.schedules import CronSchedule
    from prefect.deployments.runner import RunnerDeployment

    from accord.operations import flows

    flow = getattr(flows, one.flow)
    deployment = RunnerDeployment(
        name=one.name,
        flow_name=flow.name,
        # Found by name from any folder, in a checkout and in an installed package.
        entrypoint=f"{flows.__name__}.{one.flow}",
        schedules=[
            DeploymentScheduleCreate(
                schedule=CronSchedule(cron=one.cron, timezone=one.timezone), active=True
            )
        ],
        parameters=dict(one.parameters),
        description=one.description,
        tags=["accord"],
    )
    # So that Prefect's page offers a form with the parameters.
    deployment._set_defaults_from_flow(flow)
    return deployment


def _absolute(settings: Settings) -> dict[str, Any]:
    given = settings.parameters()
    web = ("http://", "https://")
    for name in ("store", "cache", "log"):
        if given[name] and given[name] != "-" and not given[name].startswith(web):
            given[name] = str(Path(given[name]).expanduser().absolute())
    for table in given["source"]:
        if not table["address"].startswith(web):
            table["address"] = str(Path(table["address"]).expanduser().absolute())
    return given


def _answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=5).is_success
    except httpx.HTTPError:
        return False


@contextmanager
def _running(
    command: list[str], env: dict[str, str], **options: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process during the block; SIGTERM to this process ends the block."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    process = subprocess.Popen(command, env=env, **options)
    try:
        yield process
    finally:
        signal.signal(signal.SIGTERM, before)
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
