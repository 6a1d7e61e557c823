"""Link: ask what the names of a store are in Wikidata, propose links, load the accepted ones."""

from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE

from accord.linking.linkage import Linkage, Summary
from accord.progress import Progress
from accord.settings import load_settings

plan = task(Linkage.plan, name="plan", cache_policy=NO_CACHE)
propose = task(Linkage.propose, name="propose", cache_policy=NO_CACHE)
conclude = task(Linkage.conclude, name="conclude", cache_policy=NO_CACHE)


@flow(name="link")  # type: ignore[untyped-decorator]
def link(
    settings: dict[str, Any], out: str | None = None, offline: bool = False, quiet: bool = True
) -> Summary:
    """Propose links for what has none yet, and load those that were accepted."""
    progress = Progress(quiet, unit="names")
    with Linkage(load_settings(**settings), progress, Path(out) if out else None, offline) as run:
        for batch in plan(run):
            propose(run, batch)
        conclude(run)
    create_markdown_artifact(run.summary.markdown(), key="link-summary")
    return run.summary
