#!/usr/bin/env python3
"""Build large stores of invented articles, and time what one new article costs in them.

    python benchmarks/rules.py build --claims 100000 --store DIR

``build`` writes a store with at least so many claims: articles, captures, ontology and vocabulary
as an ingestion leaves them, loaded in bulk. How the articles are made up: ``archive.py``.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from archive import VERSIONS, Archive
from pyoxigraph import RdfFormat
from pyoxigraph import Store as Oxigraph

from accord.capture import Capture
from accord.graph import NamedGraph
from accord.ontology import outdated_graphs
from accord.store.embedded import EmbeddedStore

#: Graphs that are loaded together: memory against speed.
CHUNK = 500


def build(claims: int, path: Path, archive: Archive) -> int:
    """Write a store with at least so many claims and return how many articles it took."""
    if path.exists() and any(path.iterdir()):
        sys.exit(f"{path} is not empty: give a new folder to --store.")
    path.mkdir(parents=True, exist_ok=True)
    with EmbeddedStore(path, create=True) as store:
        store.replace(outdated_graphs(store))
    oxigraph = Oxigraph(path)
    articles = made = 0
    chunk: list[NamedGraph] = []
    for graph, count in archive:
        chunk += [graph, _capture(graph, articles).graph()]
        articles, made = articles + 1, made + count
        if len(chunk) >= CHUNK or made >= claims:
            _load(oxigraph, chunk)
            chunk.clear()
        if made >= claims:
            break
    oxigraph.optimize()
    oxigraph.flush()
    return articles


def _load(oxigraph: Oxigraph, graphs: list[NamedGraph]) -> None:
    lines = "".join(
        f"{line[:-1]}<{graph.iri}> .\n" for graph in graphs for line in graph.triples.splitlines()
    )
    oxigraph.bulk_load(lines.encode(), format=RdfFormat.N_QUADS)


def _capture(graph: NamedGraph, number: int) -> Capture:
    article = graph.iri.replace("/graph/article/", "/id/article/")
    return Capture(
        location=f"file:///archive/{number}.txt",
        name=f"{number}.txt",
        digest="0" * 64,
        version=VERSIONS.key,
        captured="2026-01-01T00:00:00+00:00",
        holds=article,
    )


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    builder = commands.add_parser("build", help="write a store of invented articles")
    builder.add_argument("--claims", type=int, default=100_000)
    builder.add_argument("--store", type=Path, required=True)
    args = parser.parse_args()
    start = time.monotonic()
    articles = build(args.claims, args.store, Archive())
    print(f"{articles} articles in {time.monotonic() - start:.0f} s: {args.store}")


if __name__ == "__main__":
    main()
