"""What one new article costs in a large store, beside the same in an empty one, in one run.

    python benchmarks/rules.py build --claims 1000000 --topics --store DIR
    python benchmarks/one_article.py --store DIR [--articles 40]

Each of the next articles of the archive is loaded into both stores in turn, as `accord ingest`
loads a batch of one: what it replaces is looked up, its graphs are written, and what the rules
derive from it. Mapping it comes before. The search for copies is left out: articles of filled
patterns are all suspected of being some (copies.py measures it on others). "cold" are the first
articles, for which most of what is looked up comes from disk; the system's cache of files is not
emptied.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from archive import VERSIONS, Archive
from rich.console import Console
from rich.table import Table
from rules import capture, count

from accord.graph import article_graph
from accord.loading import changes
from accord.ontology import outdated_graphs
from accord.outcome import Outcome
from accord.provenance.run import start_run
from accord.rules.derivation import Derivation
from accord.store import Store, open_store
from accord.vocabulary import load_vocabulary

COLD = 5
Cost = tuple[float, float]
"""Seconds by the clock, and of the processor."""


def outcomes(after: int, number: int) -> list[Outcome]:
    """Return the mapped articles of the archive that follow on so many."""
    archive, vocabulary = Archive(), load_vocabulary()
    for _ in range(after):
        archive.article()
    found = []
    for place in range(after, after + number):
        article, claims, quoted = archive.article()
        graph = article_graph(article, claims, VERSIONS, vocabulary, quotations=quoted)
        found.append(Outcome(capture(graph, place), graph))
    return found


def load(store: Store, outcome: Outcome) -> Cost:
    """Load an article as a batch of one."""
    run = start_run([], VERSIONS)
    clock, cpu = time.perf_counter(), time.process_time()
    made = changes(store, [outcome], run, recorded=True)
    store.replace(made.graphs, drop=made.drop)
    Derivation(store).finish()
    return time.perf_counter() - clock, time.process_time() - cpu


def compare(path: Path, articles: int) -> Table:
    """Load the next articles into a large store and into an empty one."""
    costs: dict[str, list[Cost]] = {"large": [], "empty": []}
    with (
        tempfile.TemporaryDirectory() as folder,
        open_store(path) as large,
        open_store(Path(folder) / "store", create=True) as empty,
    ):
        empty.replace(outdated_graphs(empty))
        before = count(large, "?s a accord:Article")
        claims = count(large, "?s accord:holder ?o")
        for outcome in outcomes(before, articles):
            for name, store in (("large", large), ("empty", empty)):
                costs[name].append(load(store, outcome))
    table = Table("articles", "large, ms", "empty, ms", "ratio", "large, cpu ms", "ratio of cpu")
    rows: dict[str, slice] = {"cold": slice(COLD), "warm": slice(COLD, None)}
    for name, part in rows.items():
        wall = {which: _median(each[part], 0) for which, each in costs.items()}
        cpu = {which: _median(each[part], 1) for which, each in costs.items()}
        table.add_row(
            name,
            *(f"{1000 * wall[which]:.1f}" for which in costs),
            f"{wall['large'] / wall['empty']:.2f}",
            f"{1000 * cpu['large']:.1f}",
            f"{cpu['large'] / cpu['empty']:.2f}",
        )
    table.caption = f"{claims:,} claims of {before:,} articles"
    return table


def _median(costs: Sequence[Cost], which: int) -> float:
    return statistics.median(cost[which] for cost in costs)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--articles", type=int, default=40)
    options = parser.parse_args()
    Console(width=100).print(compare(options.store, options.articles))


if __name__ == "__main__":
    main()
