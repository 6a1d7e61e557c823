"""Processes that work side by side, each on one core, and are replaced when they die."""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

T = TypeVar("T")
R = TypeVar("R")

#: So often a batch that ended its process is tried as a whole before it is halved: the process may
#: have died of something else, such as another program that took all memory.
_TRIES = 2
#: Seconds that a process gets to end by itself.
_PATIENCE = 5.0


def one_core_each() -> None:
    """Keep numpy from threads of its own, here if it is not loaded yet and in later processes.

    The matrices are small: such threads cost more than they give, and with several processes
    they take the cores from each other.
    """
    for library in ("OPENBLAS", "OMP", "MKL", "BLIS"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")


class StoppedError(Exception):
    """The pool was closed before the work was done."""


@dataclass(frozen=True, slots=True)
class Killed:
    """How the process ended that worked on one item: an exit code, negative for a signal.

    Of a process on another machine nobody knows: None.
    """

    code: int | None

    def __str__(self) -> str:
        if self.code is None:
            return "on another machine"
        if self.code >= 0:
            return f"exit code {self.code}"
        with suppress(ValueError):
            return signal.Signals(-self.code).name
        return f"signal {-self.code}"


class WorkerPool:
    """Some processes, each with a pipe of its own, so that the death of one concerns no other.

    What a process has loaded (the language model) stays with it from one batch to the next. A
    process ends when this one does, whatever ended it. A context manager.

    ``concurrent.futures`` has a pool as well, but the death of one of its processes fails all
    work that is under way, and does not tell whose fault it was.

    :param workers: how many; they are started as they are needed, and leave Ctrl-C to this process
    """

    def __init__(self, workers: int) -> None:
        one_core_each()
        self._closed = threading.Event()
        self._idle: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        self._all: set[_Worker] = set()
        self._lock = threading.Lock()
        for _ in range(workers):
            self._idle.put(None)

    def run(
        self, work: Callable[[Sequence[T]], R], items: Sequence[T]
    ) -> Iterator[tuple[Sequence[T], R | Killed]]:
        """Have a process do the work on some items, and wait for it; from any thread.

        Yields the items with the result. Where they end the process twice, they are halved until
        it is known which of them does that: then the pieces with their results, and the one with
        how it ended the process.

        :param work: what pickle takes, as well as the items and the result
        :raises StoppedError: if the pool is closed meanwhile
        :raises Exception: what the work raised
        """
        return self._pieces(work, items, _TRIES)

    def _pieces(
        self, work: Callable[[Sequence[T]], R], items: Sequence[T], tries: int
    ) -> Iterator[tuple[Sequence[T], R | Killed]]:
        result: R | Killed = Killed(None)
        for _ in range(tries):
            result = self._try(work, items)
            if not isinstance(result, Killed):
                break
        if not isinstance(result, Killed) or len(items) == 1:
            yield items, result
            return
        middle = len(items) // 2
        for half in (items[:middle], items[middle:]):
            # One alone is set aside for good, so it gets another chance; many are halved again.
            yield from self._pieces(work, half, _TRIES if len(half) == 1 else 1)

    def _try(self, work: Callable[[Sequence[T]], R], items: Sequence[T]) -> R | Killed:
        worker = self._idle.get()
        try:
            if worker is None:
                worker = self._start()
            done: _Done[R] | Killed = worker.do(work, items)
            if isinstance(done, Killed):
                self._forget(worker)
                worker = None
        finally:
            self._idle.put(worker)
        if self._closed.is_set():
            raise StoppedError
        if isinstance(done, Killed):
            return done
        if done.error is not None:
            raise done.error
        return done.result  # type: ignore[return-value]

    def _start(self) -> _Worker:
        with self._lock:
            if self._closed.is_set():
                raise StoppedError
            worker = _Worker()
            self._all.add(worker)
            return worker

    def _forget(self, worker: _Worker) -> None:
        with self._lock:
            self._all.discard(worker)

    def close(self, *, at_once: bool = False) -> None:
        """End the processes; at once, or after what they are doing."""
        with self._lock:
            self._closed.set()
            workers = list(self._all)
            self._all.clear()
        for worker in workers:
            worker.end(at_once)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close(at_once=error is not None)


@dataclass(slots=True)
class _Done(Generic[R]):
    """The answer of a process: a result, or what the work raised."""

    result: R | None = None
    error: Exception | None = None


class _Worker:
    """One process, and this process's end of the pipe to it."""

    def __init__(self) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._busy = threading.Lock()
        self._pipe, theirs = spawn.Pipe()
        self.process: BaseProcess = spawn.Process(target=_serve, args=(theirs,), daemon=True)
        self.process.start()
        # The only other end is the process's own: its death closes the pipe.
        theirs.close()

    def do(self, work: Callable[[Sequence[T]], R], items: Sequence[T]) -> _Done[R] | Killed:
        """Have one piece of work done; how the process ended if it did not live to answer."""
        with self._busy:
            try:
                self._pipe.send((work, items))
                done: _Done[R] = self._pipe.recv()
                return done
            except (EOFError, OSError):
                self.process.join()
                self._pipe.close()
                return Killed(self.process.exitcode)

    def end(self, at_once: bool) -> None:
        """End the process; what it is doing is waited for, or given up."""
        if at_once:
            self.process.kill()
            self.process.join()
            return
        with self._busy:
            self._pipe.close()
            self.process.join(_PATIENCE)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


def _serve(pipe: Connection) -> None:
    """Do what comes through the pipe until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            work, items = pipe.recv()
        except (EOFError, OSError):
            return
        answer: _Done[Any]
        try:
            answer = _Done(work(items))
        except Exception as error:  # noqa: BLE001 - it is raised where the work was ordered
            answer = _Done(error=error)
        try:
            pipe.send(answer)
        except OSError:
            return
        except Exception as error:  # noqa: BLE001 - what pickle does not take
            pipe.send(_Done(error=RuntimeError(f"{type(error).__name__}: {error}")))
