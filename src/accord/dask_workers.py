"""Extraction on the workers of a Dask cluster; for one machine there is :mod:`accord.processes`.

A task gets locations and returns the name of a file with their outcomes in the exchange: a folder
that all machines share, or any address that fsspec knows (``s3://...``). The texts travel neither
through the scheduler nor through Prefect; the workers read them by themselves, so the sources must
be where they can be read from.

When a worker is lost, Dask gives its task to another one. A task that has cost several workers
their life (``distributed.scheduler.allowed-failures``) is halved, until it is known which article
does that.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

from accord.errors import AccordError
from accord.processes import Killed, one_core_each
from accord.settings import Settings, data_folder

if TYPE_CHECKING:
    from prefect.futures import PrefectFuture

    from accord.sources import Location

    Submit = Callable[[Sequence[Location], str, dict[str, Any]], PrefectFuture[str]]
    Pieces = Iterator[tuple[Sequence[Location], Path | Killed]]

#: The language pipeline remembers word forms as it goes: not from two threads of a worker.
_ONE_AT_A_TIME = threading.Lock()
#: Seconds within which a scheduler must answer.
_PATIENCE = 30.0


def extract_there(locations: Sequence[Location], exchange: str, settings: dict[str, Any]) -> str:
    """Extract a batch on a worker, and return the address of the file of its outcomes.

    The language model is loaded with the first batch and stays with the worker.

    :param exchange: a folder, or an address that fsspec knows
    :param settings: those of the run, see :meth:`Settings.parameters`
    """
    one_core_each()
    import fsspec  # type: ignore[import-untyped]

    from accord.outcome import extract_batch
    from accord.settings import load_settings

    address = f"{exchange}/{uuid4().hex}.jsonl"
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "outcomes.jsonl"
        with _ONE_AT_A_TIME:
            extract_batch(locations, target, load_settings(**settings), lambda: None)
        files, path = fsspec.core.url_to_fs(address)
        files.put_file(str(target), path)
    return address


class DaskWorkers:
    """The workers of a cluster, for one run, and the exchange with them. A context manager.

    :param submit: hands :func:`extract_there` to the cluster, as a task of the flow
    :raises AccordError: if the scheduler does not answer, or the exchange cannot be used
    """

    def __init__(self, settings: Settings, submit: Submit) -> None:
        self._submit = submit
        self._settings = settings.parameters()
        self.threads = _threads(settings.dask or "")
        import fsspec

        base = (settings.exchange or str(data_folder() / "exchange")).rstrip("/")
        self._exchange = f"{base}/{uuid4().hex}"
        try:
            self._files, self._folder = fsspec.core.url_to_fs(self._exchange)
            self._files.makedirs(self._folder, exist_ok=True)
        except (OSError, ValueError, ImportError) as error:
            raise AccordError(
                f"The exchange {base} cannot be used: {error}.",
                "Name a folder that all workers share, or an address that fsspec knows.",
            ) from error

    def order(self, locations: Sequence[Location]) -> Callable[[], Pieces]:
        """Have a batch extracted; what is returned waits for its pieces."""
        return partial(self._pieces, locations, self._send(locations))

    def _send(self, locations: Sequence[Location]) -> PrefectFuture[str]:
        return self._submit(locations, self._exchange, self._settings)

    def _pieces(self, locations: Sequence[Location], future: PrefectFuture[str]) -> Pieces:
        from distributed import KilledWorker

        for last in (len(locations) > 1, True):
            try:
                address = future.result()
                break
            except KilledWorker:
                if last:
                    yield from self._killed(locations)
                    return
                # One alone is set aside for good, so it gets another chance.
                future = self._send(locations)
        with tempfile.TemporaryDirectory() as folder:
            here = Path(folder) / "outcomes.jsonl"
            path = self._files._strip_protocol(address)
            self._files.get_file(path, str(here))
            self._files.rm_file(path)
            yield locations, here

    def _killed(self, locations: Sequence[Location]) -> Pieces:
        """Yield the pieces of a batch that cost its workers their life."""
        if len(locations) == 1:
            yield locations, Killed(None)
            return
        middle = len(locations) // 2
        halves = [(half, self._send(half)) for half in (locations[:middle], locations[middle:])]
        for half, sent in halves:
            yield from self._pieces(half, sent)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # What workers that were lost have left there goes with it.
        self._files.rm(self._folder, recursive=True)


def _threads(address: str) -> int:
    """Return how many batches a cluster works on at a time."""
    try:
        from distributed import Client
    except ImportError as error:
        raise AccordError(
            "Dask is not installed.", "Install Accord with its extra: pip install '.[dask]'."
        ) from error
    try:
        with Client(address, timeout=_PATIENCE, set_as_default=False) as client:  # type: ignore[no-untyped-call]
            client.wait_for_workers(1, timeout=60)
            return sum(client.nthreads().values())
    except (OSError, TimeoutError, ValueError) as error:
        raise AccordError(
            f"The Dask cluster {address} does not answer: {error}.",
            "Check --dask or the setting `dask`, and that the cluster has workers.",
        ) from error
