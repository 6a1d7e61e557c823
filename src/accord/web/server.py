"""`accord serve`: the endpoint and its store, until they are told to stop."""

from __future__ import annotations

import logging
import signal
import socket
import sys
from pathlib import Path

import uvicorn
import uvloop

from accord.errors import StoreError
from accord.web.app import Endpoint, Policy
from accord.web.child import Child

_DRAIN = 15
"""Seconds that running requests have to end after SIGTERM."""


def serve(folder: Path, host: str, port: int, policy: Policy) -> None:
    """Serve a store's folder over HTTP until SIGTERM or Ctrl-C.

    Requests that run then are answered before the store's server is ended too. Where whoever has
    the token may write, a store that is not there yet is made.

    :raises StoreError: if there is no store, it cannot be opened, or the address is taken
    """
    if policy.token is None and not (folder / "CURRENT").exists():
        raise StoreError(
            f"There is no store at {folder}.",
            "Run `accord ingest` first, or name another one with --store or ACCORD_STORE.",
        )
    child = Child(folder, writable=policy.token is not None)
    _log_to_stderr()
    # uvicorn raises the signal that stopped it once more when all is done; then it means nothing.
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda *_: None)
    with _listening(host, port) as connection:
        uvloop.run(_run(child, policy, connection))


async def _run(child: Child, policy: Policy, connection: socket.socket) -> None:
    config = uvicorn.Config(
        Endpoint(child, policy).app(),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_DRAIN,
        h11_max_incomplete_event_size=policy.limits.query + 16_384,
        limit_concurrency=1000,
    )
    try:
        await child.start()
        await uvicorn.Server(config).serve(sockets=[connection])
    finally:
        await child.stop()


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise StoreError(
            f"Nothing can listen at {host}:{port}: {error.strerror}.",
            "Choose another address with --host and --port.",
        ) from error


def _log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    for name in ("accord", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(logging.INFO if name == "accord" else logging.WARNING)
