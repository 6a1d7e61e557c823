"""The Oxigraph server as a child process: started, watched, restarted, stopped."""

from __future__ import annotations

import asyncio
import ctypes
import fcntl
import logging
import math
import shutil
import signal
import socket
import sys
from io import FileIO
from pathlib import Path

import aiohttp

from accord.errors import StoreError

_log = logging.getLogger("accord.serve")

_START = 60.0
"""Seconds that the server may take until it answers; a store that was killed is mended first."""

_PR_SET_PDEATHSIG = 1
"""prctl(2): the signal that a process gets when its parent ends."""


class Child:
    """One Oxigraph server over a store's folder, on a port of the loopback address.

    Without ``writable`` it opens the store read-only. Such a server takes no lock, so this
    process holds the store's lock for it, and no ingestion can write under it.

    :param folder: the store's folder
    :param seconds: the time limit of a query
    :raises StoreError: if there is no store, it is held by another process, or the server program
        is missing
    """

    def __init__(self, folder: Path, *, writable: bool, seconds: float) -> None:
        self.folder = folder
        self.restarts = 0
        self._writable = writable
        self._seconds = seconds
        self._port = 0
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self._stopping = False
        self._program = _program()
        self._lock = None if writable else _lock(folder)

    @property
    def address(self) -> str:
        """The server's base address."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Start the server, wait until it answers, and watch it from then on.

        :raises StoreError: if it ends or does not answer in time
        """
        await self._start()
        self._watch = asyncio.create_task(self._keep_alive())

    async def _start(self) -> None:
        self._port = free_port()
        command = "serve" if self._writable else "serve-read-only"
        self._process = await asyncio.create_subprocess_exec(
            *(self._program, command, "--location", str(self.folder)),
            *("--bind", f"127.0.0.1:{self._port}"),
            *("--timeout-s", str(math.ceil(self._seconds) + 1)),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            preexec_fn=_end_with_parent,
            # Ctrl-C in a terminal goes to the whole group: the child ends after the requests do.
            start_new_session=True,
        )
        deadline = asyncio.get_running_loop().time() + _START
        async with aiohttp.ClientSession() as session:
            while asyncio.get_running_loop().time() < deadline:
                if self._process.returncode is not None:
                    says = (await _said(self._process)).strip()
                    raise StoreError(
                        f"The server over {self.folder} does not start: {says or 'no reason'}.",
                        "If another accord command holds the store, wait until it ends.",
                    )
                try:
                    async with session.get(f"{self.address}/query", params={"query": "ASK {}"}):
                        return
                except aiohttp.ClientError:
                    await asyncio.sleep(0.05)
        self._process.kill()
        raise StoreError(f"The server over {self.folder} did not answer within {_START:.0f} s.")

    async def _keep_alive(self) -> None:
        while self._process is not None:
            says = await _said(self._process)
            code = await self._process.wait()
            if self._stopping:
                return
            self.restarts += 1
            _log.error(
                "The Oxigraph server ended with %d%s: starting it again.",
                code,
                f" ({says.strip()[-200:]})" if says.strip() else "",
            )
            try:
                await self._start()
            except StoreError as error:
                _log.error("%s Trying again in 5 s.", error)
                await asyncio.sleep(5)

    def restart(self) -> None:
        """End the server at once; the watch starts it again."""
        if self.alive and self._process is not None:
            self._process.kill()

    async def stop(self) -> None:
        """End the server, let go of the store."""
        self._stopping = True
        if self.alive and self._process is not None:
            self._process.terminate()
            try:
                await asyncio.wait_for(self._process.wait(), 10)
            except TimeoutError:
                self._process.kill()
        if self._watch is not None:
            await self._watch
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
