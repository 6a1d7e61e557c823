"""Running a flow of ``flows/`` from the command line, with or without a Prefect server."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from accord.errors import AccordError
from accord.resources import load_flow
from accord.settings import data_folder


def run_flow(name: str, dask: str | None = None, **parameters: Any) -> Any:
    """Run ``flows/NAME.py``'s flow of the same name and return its result.

    Where ``PREFECT_API_URL`` names a server, the run shows up there. Where it does not, Prefect
    starts a server of its own for the time of the run; its messages say nothing that the
    command line does not say better, so they are silenced. What the flow raises is raised here.

    :param dask: the address of a Dask scheduler, whose workers then run the flow's tasks
    :raises AccordError: if the server does not answer, or does not start
    """
    # The run's log goes to the server; the command line has a display of its own. Prefect reads
    # this variable when it is imported.
    os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")
    from prefect.settings import temporary_settings

    with temporary_settings(_standalone() if serverless() else {}):
        try:
            flow = getattr(load_flow(name), name)
            if dask is not None:
                flow = flow.with_options(task_runner=_on_dask(dask))
            return flow(**parameters)
        except RuntimeError as error:
            # Prefect has no class of its own for a server that is not there or does not start.
            if "API" not in str(error):
                raise
            raise AccordError(
                f"Prefect does not run: {error}.",
                "Check PREFECT_API_URL, or unset it to run without a server.",
            ) from error


def _on_dask(address: str) -> Any:
    try:
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError as error:
        raise AccordError(
            "Dask is not installed.", "Install Accord with its extra: pip install '.[dask]'."
        ) from error
    return DaskTaskRunner(address=address)


def serverless() -> bool:
    """Tell whether no Prefect server is named, by ``PREFECT_API_URL`` or the user's profile."""
    if "PREFECT_API_URL" in os.environ:
        return False
    profiles = Path(os.environ.get("PREFECT_PROFILES_PATH", "~/.prefect/profiles.toml"))
    if not profiles.expanduser().exists():
        # Importing Prefect takes a second; without a profile there is nothing to ask it.
        return True
    from prefect.settings import PREFECT_API_URL

    return not PREFECT_API_URL.value()


def _standalone() -> dict[Any, Any]:
    """Return the settings for a run without a server."""
    from prefect import settings as prefect

    home = data_folder() / "prefect"
    home.mkdir(parents=True, exist_ok=True)
    return {
        # Apart from the user's own Prefect, whose database may be of another version.
        prefect.PREFECT_HOME: home,
        # On a slow disk its first start, which makes that database, takes half a minute.
        prefect.PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS: 180,
        prefect.PREFECT_LOGGING_TO_API_ENABLED: False,
        prefect.PREFECT_SERVER_LOGGING_LEVEL: "CRITICAL",
        prefect.PREFECT_SERVER_ANALYTICS_ENABLED: False,
    }
