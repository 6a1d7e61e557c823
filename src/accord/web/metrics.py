"""Metrics of the endpoint for Prometheus: requests, how long they take, and what runs."""

from __future__ import annotations

from collections.abc import Callable, Collection

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

_BUCKETS = (0.005, 0.02, 0.1, 0.5, 1.0, 5.0, 30.0, 120.0)
"""Seconds: from an answer of the index to the longest query that anybody allows."""

OTHER = "other"
"""The path of all requests that lead nowhere: whoever asks does not choose the labels."""


class EndpointMetrics:
    """What the endpoint has done since it started.

    :param paths: the paths that are told apart
    :param restarts: says how often the store's server was started again
    """

    media_type = CONTENT_TYPE_LATEST

    def __init__(self, paths: Collection[str], restarts: Callable[[], int]) -> None:
        self._paths = frozenset(paths)
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "accord_requests",
            "Requests that were answered.",
            ("path", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "accord_request_seconds",
            "Seconds until the last byte of an answer.",
            ("path",),
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._bytes = Counter(
            "accord_answer_bytes", "Bytes of answers.", ("path",), registry=self._registry
        )
        self._running = Gauge(
            "accord_requests_running", "Requests that are being answered.", registry=self._registry
        )
        started = Gauge(
            "accord_store_server_restarts",
            "Times that the store's server was started again.",
            registry=self._registry,
        )
        started.set_function(restarts)

    def began(self) -> None:
        """Count a request that is being answered."""
        self._running.inc()

    def ended(self, path: str, status: int, seconds: float, size: int) -> None:
        """Count a request that was answered, with the bytes of the answer."""
        label = path if path in self._paths else OTHER
        self._running.dec()
        self._requests.labels(label, str(status)).inc()
        self._seconds.labels(label).observe(seconds)
        self._bytes.labels(label).inc(size)

    def text(self) -> bytes:
        """Return the metrics in Prometheus' text format."""
        return generate_latest(self._registry)
