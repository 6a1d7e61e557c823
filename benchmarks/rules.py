#!/usr/bin/env python3
"""Build large stores of invented articles, and measure what one new article costs in them.

    python benchmarks/rules.py build --claims 100000 --store DIR [--derive | --topics]
    python benchmarks/rules.py time --store DIR [--store DIR ...]
    python benchmarks/rules.py hot

``build`` writes a store with at least so many claims: articles, captures, ontology and vocabulary
as an ingestion leaves them, loaded in bulk, and with ``--derive`` what the rules derive from them.
With ``--topics`` it is only what finds the claims that a new one is compared with: all that a new
article meets, and minutes where the rest takes hours.
``time`` loads the next articles of the archive into such stores one by one and prints what the
rules cost for each; ``hot`` does so for one obligation that more and more claims are about. How the
articles are made up: ``archive.py``.

Times are those of the process (all its threads), so that they mean something on a busy machine,
median of the articles: ``rules`` for the queries, ``writing`` for the transactions with what they
derive. ``wall`` is the time on the clock for both, ``pairs`` the pairs of claims compared.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from archive import START, VERSIONS, Archive, Conflict
from pyoxigraph import RdfFormat
from pyoxigraph import Store as Oxigraph
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from accord.article import Article
from accord.claim import Claim, ClaimType
from accord.graph import NamedGraph, article_graph
from accord.ontology import outdated_graphs
from accord.provenance.capture import Capture
from accord.rules.derivation import Derivation
from accord.rules.topics import find_pairs, find_topics
from accord.rules.upkeep import article_of, upkeep
from accord.store import Store, trig
from accord.store.embedded import EmbeddedStore
from accord.store.memory import MemoryStore
from accord.vocabulary import load_vocabulary

#: Graphs that are loaded together: memory against speed.
CHUNK = 500
#: New articles that are measured in each store, and of these on the hottest accord.
NEW, HOT = 40, 15


def build(claims: int, path: Path, archive: Archive, topics: bool = False) -> int:
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
        chunk += [graph, capture(graph, articles).graph()]
        articles, made = articles + 1, made + count
        if len(chunk) >= CHUNK or made >= claims:
            if topics:
                chunk += _topics_of(chunk)
            oxigraph.bulk_load(trig(chunk).encode(), format=RdfFormat.TRIG)
            chunk.clear()
        if made >= claims:
            break
    oxigraph.optimize()
    oxigraph.flush()
    return articles


def derive(path: Path) -> None:
    """Derive for all articles of a store."""
    with EmbeddedStore(path) as store:
        derivation = Derivation(store)
        waiting = derivation.begin()
        with Progress(console=Console(stderr=True)) as bar:
            task = bar.add_task("deriving", total=waiting)
            derivation.finish(lambda count: bar.advance(task, count))


def measure(path: Path) -> tuple[list[str], list[str]]:
    """Return the rows of the table for a store: any new article, and one on the hottest accord."""
    with EmbeddedStore(path) as store:
        articles = count(store, "?s a accord:Article")
        claims = count(store, "?s accord:holder ?o")
        archive = Archive()
        for _ in range(articles):
            archive.article()
        accords, hottest = archive.accords, archive.hottest()
        share = hottest.articles
        new = [_cost(store, _next(archive)) for _ in range(NEW)]
        hot = [_cost(store, _next(archive, hottest)) for _ in range(HOT)]
    size = [f"{number:,}" for number in (claims, articles, accords)]
    return [*size, "any", *_summary(new)], ["", "", "", f"hottest: {share:,}", *_summary(hot)]


def hot(console: Console) -> None:
    """Print the cost of a new claim by how many there are about the same obligation."""
    table = Table("claims on it", "same week: ms", "compared", "over ten years: ms", "compared")
    for number in (10, 100, 1_000):
        cells = [f"{number:,}"]
        for days in (7, 3650):
            with MemoryStore() as store:
                store.replace(outdated_graphs(store))
                graphs = [_single(n, n * days // number) for n in range(number)]
                store.replace(graphs)
                _topics(store, graphs)
                costs = [_cost(store, _single(number + n, days // 2)) for n in range(5)]
                cells += [f"{median(cost.asking for cost in costs):.0f}", f"{costs[0].pairs:,}"]
        table.add_row(*cells)
    console.print(table)


@dataclass(frozen=True, slots=True)
class Cost:
    """What the rules cost for one article: ms of processor time, and how many pairs they saw."""

    asking: float
    writing: float
    wall: float
    pairs: int


def _cost(store: Store, graph: NamedGraph) -> Cost:
    """Load an article's graph and return what rules cost; loading itself does not count."""
    derivation = Derivation(store)
    write = store.replace
    writing = 0.0

    def timed(graphs: Iterable[NamedGraph], drop: Iterable[str] = ()) -> None:
        nonlocal writing
        graphs = list(graphs)
        before = time.process_time()
        write(graphs, drop)
        writing += time.process_time() - before

    store.replace = timed  # type: ignore[method-assign]
    try:
        start, clock = time.process_time(), time.perf_counter()
        derived = upkeep(store, [graph.iri])
        asking, wall = time.process_time() - start, time.perf_counter() - clock
        write([graph, *derived.graphs], derived.drop)
        start, clock = time.process_time(), time.perf_counter()
        derivation.finish()
        asking += time.process_time() - start - writing
        wall += time.perf_counter() - clock
    finally:
        store.replace = write  # type: ignore[method-assign]
    pairs = find_pairs(store, find_topics(store, article_of(graph.iri)))
    return Cost(1000 * asking, 1000 * writing, 1000 * wall, len(pairs))


def _summary(costs: list[Cost]) -> list[str]:
    asking = [cost.asking for cost in costs]
    return [
        f"{median(asking):.0f}",
        f"{quantiles(asking, n=10)[-1]:.0f}",
        f"{median(cost.writing for cost in costs):.0f}",
        f"{median(cost.wall for cost in costs):.0f}",
        f"{median(cost.pairs for cost in costs):.0f}",
    ]


def _next(archive: Archive, conflict: Conflict | None = None) -> NamedGraph:
    article, claims, quotations = archive.article(conflict)
    return article_graph(article, claims, VERSIONS, load_vocabulary(), quotations=quotations)


def _single(number: int, days: int) -> NamedGraph:
    """Return an article with one claim, always of the same obligation."""
    text = f"Article {number}. The party keeps to the accord, or it does not."
    claim = Claim(
        article=f"{number}",
        start=0,
        end=len(text),
        text=text,
        type=ClaimType.COMPLIANCE,
        holder=f"Observer {number % 7}",
        actor=("Turkey",),
        agreement="sochi-2018",
        action="fulfil",
        status=("fulfilled", "not-fulfilled", "in-progress", "delayed", "partly")[number % 5],
    )
    article = Article(
        name=f"{number}",
        raw=text,
        text=text,
        published=START + timedelta(days=days),
        outlet=f"Outlet {number % 20}",
        address=f"https://news.example/hot/{number}",
    )
    return article_graph(article, [claim], VERSIONS, load_vocabulary())


def _topics(store: Store, graphs: Iterable[NamedGraph]) -> None:
    derivation = Derivation(store)
    topics = (find_topics(store, article_of(graph.iri)) for graph in graphs)
    store.replace(derivation.topics_graph(found) for found in topics)


def count(store: Store, pattern: str) -> int:
    """Return how many subjects a pattern has."""
    rows: Any = store.query(f"SELECT (COUNT(?s) AS ?n) WHERE {{ GRAPH ?g {{ {pattern} }} }}")
    return int(next(iter(rows))["n"].value)


def _topics_of(graphs: Iterable[NamedGraph]) -> list[NamedGraph]:
    """Return the graphs of topics of articles, which is what finds their claims."""
    with MemoryStore() as store:
        store.replace([*outdated_graphs(store), *graphs])
        derivation = Derivation(store)
        articles = [graph.iri for graph in graphs if "/graph/article/" in graph.iri]
        found = [find_topics(store, article_of(iri)) for iri in articles]
        return [derivation.topics_graph(topics) for topics in found]


def capture(graph: NamedGraph, number: int) -> Capture:
    """Return where an article of the archive was found."""
    return Capture(
        location=f"file:///archive/{number}.txt",
        name=f"{number}.txt",
        digest="0" * 64,
        version=VERSIONS.key,
        captured="2026-01-01T00:00:00+00:00",
        holds=article_of(graph.iri),
    )


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    builder = commands.add_parser("build", help="write a store of invented articles")
    builder.add_argument("--claims", type=int, default=100_000)
    builder.add_argument("--store", type=Path, required=True)
    more = builder.add_mutually_exclusive_group()
    more.add_argument("--derive", action="store_true", help="and what the rules derive")
    more.add_argument("--topics", action="store_true", help="and what rules find claims by")
    timer = commands.add_parser("time", help="what a new article costs in such stores")
    timer.add_argument("--store", type=Path, action="append", required=True)
    commands.add_parser("hot", help="what a claim costs by how many are about one obligation")
    args = parser.parse_args()
    console = Console(width=120)
    start = time.monotonic()
    if args.command == "build":
        articles = build(args.claims, args.store, Archive(), args.topics)
        print(f"{articles} articles in {time.monotonic() - start:.0f} s: {args.store}")
        if args.derive:
            derive(args.store)
            print(f"derived graphs too after {time.monotonic() - start:.0f} s")
    elif args.command == "hot":
        hot(console)
    else:
        table = Table(
            *("claims", "articles", "accords", "articles on its accord"),
            *("rules ms", "9 of 10", "writing", "wall", "pairs"),
        )
        for path in args.store:
            for row in measure(path):
                table.add_row(*row)
        console.print(table)


if __name__ == "__main__":
    main()
