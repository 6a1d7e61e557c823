"""The Oxigraph server as a child process: started, watched, replaced, stopped."""

from __future__ import annotations

import asyncio
import ctypes
import fcntl
import logging
import shutil
import signal
import socket
import sys
from collections.abc import Coroutine
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path
from typing import Any

import aiohttp

from accord.errors import StoreError

_log = logging.getLogger("accord.serve")

_START = 60.0
"""Seconds that the server may take until it answers; a store that was killed is mended first."""

_PR_SET_PDEATHSIG = 1
"""prctl(2): the signal that a process gets when its parent ends."""


@dataclass(eq=False, slots=True)
class Server:
    """One process of the Oxigraph server. ``running`` requests are within their time."""

    process: asyncio.subprocess.Process
    address: str
    running: int = 0
    retired: bool = False
    idle: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process.returncode is None

    def enter(self) -> None:
        """Count a request in."""
        self.running += 1
        self.idle.clear()

    def leave(self) -> None:
        """Count a request out: it is answered, or its time is over."""
        self.running -= 1
        if not self.running:
            self.idle.set()

    async def end(self) -> None:
        """End the process at once; whatever it has committed is on disk."""
        if self.alive:
            self.process.kill()
        await self.process.wait()


class Child:
    """The Oxigraph server over a store's folder, on a port of the loopback address.

    One that dies is started again, and one that does not stop a query at the end of its time is
    replaced. Oxigraph's own time limit is not used: it keeps a sleeping thread for every query
    until that query's time would be over, 16,000 of which are all that Linux allows a process.

    Without ``writable`` the server opens the store read-only. Such a server takes no lock, so this
    process holds the store's lock for it, and no ingestion can write under it.

    :param folder: the store's folder
    :raises StoreError: if there is no store, it is held by another process, or the server program
        is missing
    """

    def __init__(self, folder: Path, *, writable: bool) -> None:
        self.folder = folder
        self.restarts = 0
        self._writable = writable
        self._current: Server | None = None
        self._servers: set[Server] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._up = asyncio.Event()
        self._stopping = False
        self._program = _program()
        self._lock = None if writable else _lock(folder)

    @property
    def address(self) -> str:
        """The base address of the server that runs; while none does, one where nobody answers."""
        return self._current.address if self._current else "http://127.0.0.1:9"

    async def server(self, deadline: float) -> Server:
        """Return the server that runs, with the request counted in; wait while it is started.

        :param deadline: the loop's time until which to wait
        :raises TimeoutError: if none runs by then
        """
        async with asyncio.timeout_at(deadline):
            while self._current is None:
                await self._up.wait()
        self._current.enter()
        return self._current

    async def start(self) -> None:
        """Start the server, wait until it answers, and watch it from then on.

        :raises StoreError: if it ends or does not answer in time
        """
        server = await self._started()
        self._servers.add(server)
        self._current = server
        self._up.set()
        self._spawn(self._watch(server))

    async def _started(self) -> Server:
        port = free_port()
        command = "serve" if self._writable else "serve-read-only"
        process = await asyncio.create_subprocess_exec(
            *(self._program, command, "--location", str(self.folder)),
            *("--bind", f"127.0.0.1:{port}"),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            preexec_fn=_end_with_parent,
            # Ctrl-C in a terminal goes to the whole group: the child ends after the requests do.
            start_new_session=True,
        )
        server = Server(process, f"http://127.0.0.1:{port}")
        server.idle.set()
        deadline = asyncio.get_running_loop().time() + _START
        async with aiohttp.ClientSession() as session:
            while asyncio.get_running_loop().time() < deadline:
                if process.returncode is not None:
                    says = (await _said(process)).strip()
                    raise StoreError(
                        f"The server over {self.folder} does not start: {says or 'no reason'}.",
                        "If another accord command holds the store, wait until it ends.",
                    )
                try:
                    async with session.get(f"{server.address}/query", params={"query": "ASK {}"}):
                        return server
                except aiohttp.ClientError:
                    await asyncio.sleep(0.05)
        await server.end()
        raise StoreError(f"The server over {self.folder} did not answer within {_START:.0f} s.")

    async def _watch(self, server: Server) -> None:
        says = await _said(server.process)
        code = await server.process.wait()
        self._servers.discard(server)
        if self._stopping or server.retired:
            return
        self._down()
        self.restarts += 1
        _log.error(
            "The Oxigraph server ended with %d%s: starting it again.",
            code,
            f" ({says.strip()[-200:]})" if says.strip() else "",
        )
        await self._start_again()

    async def _start_again(self) -> None:
        while not self._stopping:
            try:
                await self.start()
            except StoreError as error:
                _log.error("%s Trying again in 5 s.", error)
                await asyncio.sleep(5)
            else:
                return

    def retire(self, server: Server) -> None:
        """Replace a server that does not stop a query; its other requests are answered first."""
        if server.retired or self._stopping or not server.alive:
            return
        server.retired = True
        self._down()
        _log.error("A query does not stop at its time limit: the store's server is replaced.")
        self._spawn(self._replace(server))

    async def _replace(self, server: Server) -> None:
        # Only one process may have the store open for writing.
        if not self._writable:
            await self._start_again()
        await server.idle.wait()
        await server.end()
        if self._writable:
            await self._start_again()

    def _down(self) -> None:
        self._current = None
        self._up.clear()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """End the server, let go of the store."""
        self._stopping = True
        for server in list(self._servers):
            if server.alive:
                server.process.terminate()
            try:
                await asyncio.wait_for(server.process.wait(), 10)
            except TimeoutError:
                await server.end()
        for task in self._tasks:
            task.cancel()
        if self._lock is not None:
            self._lock.close()


async def _said(process: asyncio.subprocess.Process) -> str:
    """Return the last lines of what the process writes to standard error, once it ends."""
    kept = b""
    if process.stderr is not None:
        while part := await process.stderr.read(4096):
            kept = (kept + part)[-2000:]
    return kept.decode(errors="replace")


def _program() -> Path:
    # Beside this Python first: the environment may not be on the path.
    beside = Path(sys.executable).with_name("oxigraph")
    found = beside if beside.exists() else shutil.which("oxigraph")
    if found is None:
        raise StoreError(
            "The program `oxigraph` is missing, which serves the store.",
            "Install the Python package `oxigraph` into Accord's environment.",
        )
    return Path(found)


def _lock(folder: Path) -> FileIO:
    """Take the lock that RocksDB takes for whoever writes."""
    held = FileIO(folder / "LOCK", "r+")
    try:
        fcntl.lockf(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        held.close()
        raise StoreError(
            f"The store at {folder} is held by another process.",
            "Wait until the other accord command ends, or stop it.",
        ) from error
    return held


def free_port() -> int:
    """Return a port of the loopback address that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _end_with_parent() -> None:
    """Have Linux end this process when its parent ends, however that ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
