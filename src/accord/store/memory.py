"""A store in memory, which goes with its process: for a copy that is asked and thrown away."""

from __future__ import annotations

from pyoxigraph import Store as Oxigraph

from accord.store.embedded import EmbeddedStore


class MemoryStore(EmbeddedStore):
    """A :class:`~accord.store.Store` that is nowhere on disk, empty at first.

    :param address: what messages call it
    """

    kind = "memory"

    def __init__(self, address: str = "memory") -> None:
        self.address = address
        self._store = Oxigraph()
