"""Turns at a host: one request at a time, and a pause after each, among all processes.

A host has an empty file in the cache; who holds its lock may ask, and its modification time says
before when nobody should.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from accord.errors import AwayError

LONGEST_WAIT = 60.0
"""Seconds that a run waits for its turn, whatever a site asks for; after that it goes elsewhere."""


class Turns:
    """Turns at hosts, shared by whoever uses the same folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def at(self, host: str, pause: float) -> Iterator[None]:
        """Wait for a turn, and take it for the time of the block.

        :param pause: seconds from the end of the block to the next turn
        :raises AwayError: if the host asked to be left alone for longer than one would wait
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._file(host).open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            # A file that was just made is as old as now.
            wait = os.fstat(file.fileno()).st_mtime - time.time()
            if wait > LONGEST_WAIT:
                raise AwayError(
                    f"{host} asks not to be asked again for {wait:.0f} s.",
                    "A later run asks it again.",
                )
            time.sleep(max(0.0, wait))
            try:
                yield
            finally:
                self._not_before(host, time.time() + min(pause, LONGEST_WAIT))

    def leave_alone(self, host: str, seconds: float) -> None:
        """Let nobody ask a host for some time, once the turn that one holds is over."""
        self._not_before(host, time.time() + seconds)

    def _not_before(self, host: str, moment: float) -> None:
        file = self._file(host)
        if file.stat().st_mtime < moment:
            os.utime(file, (moment, moment))

    def _file(self, host: str) -> Path:
        return self._folder / hashlib.sha256(host.encode()).hexdigest()[:24]
