"""Ingest articles: discover what there is, find what is new, extract its claims, load them."""

from collections import deque
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture
from prefect.task_runners import ThreadPoolTaskRunner

from accord.ingestion import Ingestion, Summary
from accord.operations import logs
from accord.progress import Progress
from accord.settings import load_settings

resume = task(Ingestion.resume, name="resume", cache_policy=NO_CACHE)
discover = task(Ingestion.discover, name="discover", cache_policy=NO_CACHE)
compare = task(Ingestion.compare, name="compare", cache_policy=NO_CACHE)
extract = task(Ingestion.extract, name="extract", cache_policy=NO_CACHE)
load = task(Ingestion.load, name="load", cache_policy=NO_CACHE)


@flow(name="ingest", task_runner=ThreadPoolTaskRunner())  # type: ignore[untyped-decorator]
def ingest(sources: list[str], settings: dict[str, Any], quiet: bool = True) -> Summary:
    """Load the articles of sources into the store; return what was done."""
    in_force = load_settings(**settings)
    logs.configure(in_force.log)
    waiting: deque[PrefectFuture[Path]] = deque()
    run = Ingestion(sources, in_force, Progress(quiet))
    try:
        with run, logs.within(run=run.summary.run, sources=run.summary.sources):
            resume(run)
            while found := discover(run):
                for batch in compare(run, found):
                    # A few batches ahead of the load, so that memory and disk stay bounded.
                    if len(waiting) >= 2 * in_force.workers:
                        load(run, waiting.popleft().result())
                    waiting.append(extract.submit(run, batch))
            while waiting:
                load(run, waiting.popleft().result())
    finally:
        create_markdown_artifact(run.summary.markdown(), key="ingest-summary")
    return run.summary
