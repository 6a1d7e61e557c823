"""`accord serve`: the endpoint and its store, until they are told to stop."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import uvicorn

from accord.errors import StoreError
from accord.web.app import Endpoint, Policy
from accord.web.child import Child

_DRAIN = 15
"""Seconds that running requests have to end after SIGTERM."""


def serve(folder: Path, host: str, port: int, policy: Policy) -> None:
    """Serve a store's folder over HTTP until SIGTERM or Ctrl-C.

    Requests that run then are answered before the store's server is ended too.

    :raises StoreError: if there is no store, it cannot be opened, or the address is taken
    """
    if not (folder / "CURRENT").exists():
        raise StoreError(
            f"There is no store at {folder}.",
            "Run `accord ingest` first, or name another one with --store or ACCORD_STORE.",
        )
    child = Child(folder, writable=policy.token is not None, seconds=policy.limits.seconds)
    _log_to_stderr()
    config = uvicorn.Config(
        Endpoint(child, policy).app(),
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_DRAIN,
        h11_max_incomplete_event_size=policy.limits.query + 16_384,
        limit_concurrency=1000,
    )
    server = uvicorn.Server(config)
    server.run()
    if not server.started:
        raise StoreError(
            f"The endpoint over {folder} did not start at {host}:{port}.",
            "The reason is above. If the port is taken, choose another one with --port.",
        )


def _log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    for name in ("accord", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(logging.INFO if name == "accord" else logging.WARNING)
