"""Mapping and loading beside Oxigraph's own bulk load of the file that comes out."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from archive import VERSIONS, Archive, nquads
from morph import BATCH, Found
from pyoxigraph import RdfFormat
from pyoxigraph import Store as Oxigraph

from accord.graph import NamedGraph, article_graph
from accord.store import open_store
from accord.vocabulary import load_vocabulary


def loading(articles: int, rounds: int) -> dict[str, Any]:
    """Return the seconds of each way, the medians of rounds, and the ratio of their rates."""
    archive = Archive()
    found = [archive.article() for _ in range(articles)]
    ready = nquads(graphs_of(found))
    quads = ready.count(b"\n")

    def bare(folder: Path) -> None:
        store = Oxigraph(folder)
        store.bulk_load(ready, format=RdfFormat.N_QUADS)
        store.flush()

    def mapped(folder: Path) -> None:
        with open_store(folder, create=True) as store:
            for start in range(0, articles, BATCH):
                store.replace(graphs_of(found[start : start + BATCH]))

    ways: dict[str, Callable[[Path], None]] = {"bulk_load": bare, "map_and_load": mapped}
    costs: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            with tempfile.TemporaryDirectory() as folder:
                wall, cpu = time.perf_counter(), time.process_time()
                way(Path(folder) / "store")
                costs[name].append((time.perf_counter() - wall, time.process_time() - cpu))
    seconds = {
        name: {
            "wall": statistics.median(wall for wall, _ in each),
            "cpu": statistics.median(cpu for _, cpu in each),
        }
        for name, each in costs.items()
    }
    ratio = {
        clock: seconds["bulk_load"][clock] / seconds["map_and_load"][clock]
        for clock in ("wall", "cpu")
    }
    return {"articles": articles, "quads": quads, "seconds": seconds, "ratio": ratio}


def graphs_of(found: list[Found]) -> list[NamedGraph]:
    """Map articles with their claims."""
    vocabulary = load_vocabulary()
    return [
        article_graph(article, claims, VERSIONS, vocabulary, quotations=quoted)
        for article, claims, quoted in found
    ]
