"""Ingest articles: discover what there is, find what is new, extract its claims, load them."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.task_runners import ThreadPoolTaskRunner

from accord.dask_workers import DaskWorkers, extract_there
from accord.ingestion import Ingestion, Summary
from accord.operations import logs
from accord.progress import Progress
from accord.settings import Settings, load_settings
from accord.sources import Location

resume = task(Ingestion.resume, name="resume", cache_policy=NO_CACHE)
discover = task(Ingestion.discover, name="discover", cache_policy=NO_CACHE)
compare = task(Ingestion.compare, name="compare", cache_policy=NO_CACHE)
extract = task(Ingestion.extract, name="extract", cache_policy=NO_CACHE)
far = task(extract_there, name="extract", cache_policy=NO_CACHE)
load = task(Ingestion.load, name="load", cache_policy=NO_CACHE)


@flow(name="ingest", task_runner=ThreadPoolTaskRunner())  # type: ignore[untyped-decorator]
def ingest(sources: list[str], settings: dict[str, Any], quiet: bool = True) -> Summary:
    """Load the articles of sources into the store; return what was done."""
    in_force = load_settings(**settings)
    logs.configure(in_force.log)
    waiting: deque[Callable[[], Path]] = deque()
    run = Ingestion(sources, in_force, Progress(quiet))
    try:
        with (
            run,
            logs.within(run=run.summary.run, sources=run.summary.sources),
            _extraction(run, in_force) as (order, ahead),
        ):
            resume(run)
            while found := discover(run):
                for batch in compare(run, found):
                    # A few batches ahead of the load, so that memory and disk stay bounded.
                    if len(waiting) >= ahead:
                        load(run, waiting.popleft()())
                    waiting.append(order(batch))
            while waiting:
                load(run, waiting.popleft()())
    finally:
        create_markdown_artifact(run.summary.markdown(), key="ingest-summary")
    return run.summary


@contextmanager
def _extraction(
    run: Ingestion, settings: Settings
) -> Iterator[tuple[Callable[[Sequence[Location]], Callable[[], Path]], int]]:
    """Yield what orders a batch's extraction, here or on a cluster, and how many to order ahead."""
    if settings.dask is None:
        yield lambda batch: extract.submit(run, batch).result, 2 * settings.workers
        return
    with DaskWorkers(settings, far.submit) as workers:

        def order(batch: Sequence[Location]) -> Callable[[], Path]:
            pieces = workers.order(batch)
            return lambda: run.gather(lambda _: pieces(), len(batch))

        yield order, 2 * workers.threads
