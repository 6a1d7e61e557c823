"""The embedded store: a folder, owned by one process at a time (pyoxigraph on RocksDB)."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat
from pyoxigraph import Store as Oxigraph

from accord.errors import StoreError
from accord.graph import NamedGraph
from accord.store import PREFIXES, Answer, malformed, replacement, trig

_PATIENCE = 3.0
"""Seconds to wait for another process to let go: a query lasts less, an ingest run longer."""

_BULKY = 200_000
"""Characters of N-Triples (about 1,100 triples) from which the bulk loader is the faster way."""

_WHOLE = 50_000_000
"""Characters of N-Triples that surely are fewer than the million quads of one step."""


class EmbeddedStore:
    """A :class:`~accord.store.Store` in a folder.

    :param path: the folder
    :param create: make it if it is not there; otherwise it must hold a store already
    :raises StoreError: if the path is no store, or another process holds it
    """

    def __init__(self, path: Path, *, create: bool = False) -> None:
        self.address = str(path)
        if path.exists() and not path.is_dir():
            raise StoreError(
                f"The store's path {path} is a file.", "Give a folder to --store, or remove it."
            )
        if not create and not (path / "CURRENT").exists():
            raise StoreError(
                f"There is no store at {path}.",
                "Run `accord ingest` first, or name another one with --store or ACCORD_STORE.",
            )
        self._store: Oxigraph | None = _open(path)

    kind = "folder"

    @property
    def _oxigraph(self) -> Oxigraph:
        if self._store is None:
            raise StoreError(f"The store at {self.address} is closed.")
        return self._store

    def query(self, sparql: str) -> Answer:
        """See :meth:`accord.store.Store.query`; the default graph is the union of all graphs."""
        try:
            return self._oxigraph.query(sparql, prefixes=PREFIXES, use_default_graph_as_union=True)
        except SyntaxError as error:
            raise malformed(str(error)) from error
        except (OSError, RuntimeError, ValueError) as error:
            raise StoreError(f"The store at {self.address} cannot answer: {error}.") from error

    def replace(self, graphs: Iterable[NamedGraph], drop: Iterable[str] = ()) -> None:
        """See :meth:`accord.store.Store.replace`; one transaction, flushed to disk."""
        graphs, drop = list(graphs), list(drop)
        try:
            if not drop and self._bulky(graphs):
                self._oxigraph.bulk_load(trig(graphs).encode(), format=RdfFormat.TRIG)
            else:
                self._oxigraph.update(replacement(graphs, drop))
            self._oxigraph.flush()
        except SyntaxError as error:
            raise StoreError(f"The triples to load are malformed: {error}.") from error
        except (OSError, RuntimeError) as error:
            raise StoreError(
                f"The store at {self.address} cannot be written: {error}.",
                "If the disk is full, free some space and run again: nothing is half-written, "
                "and what was loaded before stays.",
            ) from error

    def _bulky(self, graphs: Sequence[NamedGraph]) -> bool:
        """Tell whether the bulk loader may take the graphs: all are new, and they are many.

        It is about three times as fast as an update. It writes the sorted files of all indexes and
        then hands them to RocksDB in one step, up to a million quads, so that a batch is there
        whole or not at all here too.
        """
        size = sum(len(graph.triples) for graph in graphs)
        return _BULKY <= size <= _WHOLE and not any(
            self._oxigraph.contains_named_graph(NamedNode(graph.iri)) for graph in graphs
        )

    def holding(self, predicate: str, texts: Iterable[str], most: int) -> Iterator[str]:
        """See :meth:`accord.store.Store.holding`; without SPARQL, whose planning takes longest."""
        try:
            for text in texts:
                found = self._oxigraph.quads_for_pattern(None, NamedNode(predicate), Literal(text))
                for quad in islice(found, most):
                    if isinstance(quad.graph_name, NamedNode):
                        yield quad.graph_name.value
        except (OSError, RuntimeError) as error:
            raise StoreError(f"The store at {self.address} cannot be read: {error}.") from error

    def quads(self) -> Iterator[Quad]:
        """See :meth:`accord.store.Store.quads`."""
        try:
            for graph in sorted(self._oxigraph.named_graphs(), key=str):
                yield from self._oxigraph.quads_for_pattern(None, None, None, graph)
        except (OSError, RuntimeError) as error:
            raise StoreError(f"The store at {self.address} cannot be read: {error}.") from error

    def backup(self, target: Path) -> None:
        """Write a copy of the store as it is now to a folder that is not there yet.

        On the same disk the two share their files, which nothing ever changes.

        :raises StoreError: if that fails
        """
        try:
            self._oxigraph.backup(target)
        except (OSError, RuntimeError) as error:
            raise StoreError(
                f"The store at {self.address} cannot be copied to {target}: {error}.",
                "Free some space, or name another disk.",
            ) from error

    def close(self) -> None:
        """See :meth:`accord.store.Store.close`."""
        # pyoxigraph has no close(): the lock goes with the last reference, and answers to queries
        # are references too, which the frames of an exception may keep in a cycle.
        self._store = None
        gc.collect()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _open(path: Path) -> Oxigraph:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            path.mkdir(parents=True, exist_ok=True)
            return Oxigraph(path)
        except OSError as error:
            locked = "lock" in str(error).lower()
            if locked and time.monotonic() < deadline:
                # This process may hold it itself: an answer in the frames of an old exception.
                gc.collect()
                time.sleep(0.1)
                continue
            if locked:
                raise StoreError(
                    f"The store at {path} is held by another process.",
                    "An embedded store has one owner at a time: wait until the other accord "
                    "command ends, or stop it.",
                ) from error
            raise StoreError(
                f"The store at {path} cannot be opened: {error}.",
                "Check the folder's permissions and the free space on its disk.",
            ) from error
