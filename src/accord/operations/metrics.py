"""Metrics for Prometheus: what runs did in sum, and what waits on disk.

Runs are processes that come and go, so that none of them can be asked: whoever serves these
metrics reads what the runs have left in the data directory.
"""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from accord.errors import AccordError
from accord.operations.dead_letters import DeadLetters
from accord.operations.run_report import totals
from accord.settings import Settings, data_folder


class Runs(Collector):
    """The metrics of ingestion, by source; read from disk each time they are asked for.

    :param settings: for the store whose dead letters are counted
    """

    def __init__(self, settings: Settings) -> None:
        self._letters = DeadLetters(settings)

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics."""
        runs = CounterMetricFamily(
            "accord_runs", "Runs that ended, by how.", labels=("source", "state")
        )
        last = GaugeMetricFamily(
            "accord_last_run_timestamp_seconds",
            "When the last run of a state ended, in seconds since 1970.",
            labels=("source", "state"),
        )
        articles = CounterMetricFamily(
            "accord_articles",
            "Articles that runs came upon: loaded, unchanged, set_aside.",
            labels=("source", "outcome"),
        )
        claims = CounterMetricFamily(
            "accord_claims", "Claims that the store did not have before.", labels=("source", "type")
        )
        seconds = CounterMetricFamily(
            "accord_run_seconds", "Time that runs took, in seconds.", labels=("source",)
        )
        alerts = CounterMetricFamily("accord_alerts", "Alerts of reports.", labels=("source",))
        retries = CounterMetricFamily(
            "accord_store_retries", "Times that the store did not answer.", labels=("source",)
        )
        for source, of in sorted(totals().items()):
            for family, name in ((runs, "runs"), (articles, "articles"), (claims, "claims")):
                for label, number in sorted(of[name].items()):
                    family.add_metric((source, label), number)
            for label, when in sorted(of["last"].items()):
                last.add_metric((source, label), when)
            seconds.add_metric((source,), of["seconds"])
            alerts.add_metric((source,), of["alerts"])
            retries.add_metric((source,), of["store_retries"])
        yield from (runs, last, articles, claims, seconds, alerts, retries)
        yield GaugeMetricFamily(
            "accord_dead_letters",
            "Articles that wait for `accord retry`.",
            value=len(self._letters),
        )
        waiting = sum(1 for _ in (data_folder() / "runs").glob("*/*.jsonl"))
        yield GaugeMetricFamily(
            "accord_waiting_batches", "Extracted batches that the store has not got.", value=waiting
        )


def serve_metrics(settings: Settings, port: int, host: str = "0.0.0.0") -> None:  # noqa: S104 - see below
    """Serve the metrics of runs at ``/metrics`` from a thread of this process.

    Prometheus asks from another machine or container, and the numbers say nothing of articles.

    :raises AccordError: if nothing can listen there
    """
    registry = CollectorRegistry()
    registry.register(Runs(settings))
    try:
        start_http_server(port, host, registry)
    except OSError as error:
        raise AccordError(
            f"Nothing can listen at {host}:{port}: {error.strerror}.",
            "Choose another port with --metrics-port.",
        ) from error
