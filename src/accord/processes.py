"""Processes that work side by side, each on one core."""

from __future__ import annotations

import multiprocessing
import os
import signal
from concurrent.futures import ProcessPoolExecutor


def one_core_each() -> None:
    """Keep numpy from threads of its own, here if it is not loaded yet and in later processes.

    The matrices are small: such threads cost more than they give, and with several processes
    they take the cores from each other.
    """
    for library in ("OPENBLAS", "OMP", "MKL", "BLIS"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")


def worker_pool(workers: int) -> ProcessPoolExecutor:
    """Return a pool of processes that leave Ctrl-C to the process that started them."""
    one_core_each()
    return ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
    )
