"""Report: what is new in the store, kept on disk and sent to whom the settings name."""

from datetime import datetime
from typing import Any

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE

from accord.operations.delivery import deliver
from accord.operations.digest import Digest, make_digest
from accord.operations.reporting import Window, keep, window
from accord.settings import Settings, load_settings
from accord.store import open_store

send = task(deliver, name="deliver", cache_policy=NO_CACHE)


@task(name="digest", cache_policy=NO_CACHE)  # type: ignore[untyped-decorator]
def digest(settings: Settings, time: Window) -> Digest:
    """Return what is new in the store of the settings."""
    patience = settings.store_patience
    with open_store(settings.store, settings=settings, patience=patience) as store:
        return make_digest(store, time.first, time.end, time.told, time.back)


@flow(name="report")  # type: ignore[untyped-decorator]
def report(settings: dict[str, Any], since: datetime | None = None) -> Digest:
    """Tell what is new since a time, else since the last report; return what was told."""
    in_force = load_settings(**settings)
    found: Digest = digest(in_force, window(in_force.store, since))
    keep(found, in_force.store)
    create_markdown_artifact(found.markdown(), key="digest")
    send(found, in_force)
    return found
