#!/usr/bin/env python3
"""Time every named query over a large store.

    python benchmarks/rules.py build --claims 100000 --store DIR
    python benchmarks/queries.py --store DIR [NAME...]

Prints, for each query without parameters and with typical ones, the median wall time of five runs
after a first one that fills the caches, the median processor time, the wall time of that first
run, and the number of rows. The times are those of the embedded store, answers read to the end.
Exits with 1 if a median is above ``--most`` milliseconds (200): of the wall time, or with
``--busy``, for a machine that has other work too, of the processor time.

A query that takes longer than ``--patience`` seconds is stopped: each runs in a process of its own,
on a read-only view of the store.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import sys
import time
from pathlib import Path

from pyoxigraph import Store as Oxigraph

from accord.query import NamedQuery, find_query, named_queries, names_in
from accord.store import PREFIXES, Answer

RUNS = 5
#: What users ask with, besides nothing. The values are common in the archive.
TYPICAL: dict[str, tuple[dict[str, list[str]], ...]] = {
    "accusations": ({"accuser": ["russia"]},),
    "agreements": ({"accord": ["sochi-2018"]},),
    "dates": ({"article": ["archive-00042"]},),
    "memberships": ({"side": ["russia"]},),
    "names": ({"name": ["Sochi"]}, {"entity": ["turkey"]}),
    "missed-deadlines": ({"on": ["2020-01-01"]},),
    "parties": ({"accord": ["minsk-2015"]},),
    "zone-places": ({"accord": ["minsk-2015"]},),
    "quantities": ({"unit": ["people"]},),
    "armed-groups": ({"actor": ["turkey"]},),
    "alignments": ({"actor": ["turkey"]},),
    "provenance": ({"actor": ["turkey"], "type": ["violation"]},),
}
#: For the others, as far as they have these parameters.
COMMON: tuple[dict[str, list[str]], ...] = (
    {"actor": ["turkey"]},
    {"accord": ["minsk-2015"]},
    {"actor": ["turkey"], "accord": ["sochi-2018"], "since": ["2018-01-01"]},
)


class Reader:
    """A store of a folder, opened for reading only, as far as queries need one."""

    def __init__(self, path: Path) -> None:
        self.address = str(path)
        self._store = Oxigraph.read_only(str(path))

    def query(self, sparql: str) -> Answer:
        """Answer as :class:`accord.store.Store` does."""
        return self._store.query(sparql, prefixes=PREFIXES, use_default_graph_as_union=True)


def main() -> int:
    """Time the queries; return 1 if one is too slow."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--most", type=float, default=200, help="milliseconds a query may take")
    parser.add_argument("--busy", action="store_true", help="judge by processor time")
    parser.add_argument("--patience", type=int, default=30, help="seconds before it is stopped")
    parser.add_argument("names", nargs="*")
    given = parser.parse_args()
    if not given.store.is_dir():
        parser.error(f"there is no store at {given.store}: build one with benchmarks/rules.py")
    queries = [find_query(name) for name in given.names] or list(named_queries())
    print(f"{'median':>8} {'cpu':>8} {'first':>8} {'rows':>6}  query", flush=True)
    slow = 0
    for query in queries:
        for values in variants(query):
            slow += not _in_time(query, values, given)
    print(f"{slow} of them above {given.most:.0f} ms")
    return int(slow > 0)


def variants(query: NamedQuery) -> list[dict[str, list[str]]]:
    """Return what a query is timed with: nothing, and what is typical."""
    names = {parameter.name for parameter in query.parameters}
    found: list[dict[str, list[str]]] = [{}]
    for values in TYPICAL.get(query.name, COMMON):
        fitting = {name: value for name, value in values.items() if name in names}
        if fitting not in found:
            found.append(fitting)
    return found


def _in_time(query: NamedQuery, values: dict[str, list[str]], given: argparse.Namespace) -> bool:
    """Time one query in a process of its own, and print it."""
    label = " ".join(
        [query.name, *(f"-p {name}={value}" for name, listed in values.items() for value in listed)]
    )
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        signal.alarm(given.patience)
        wall, cpu = _time(query, values, given.store, label)
        os._exit(0 if (cpu if given.busy else wall) <= given.most else 1)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        print(f"{'stopped':>8} {'':>8} {'':>8} {'':>6}  {label}", flush=True)
    return status == 0


def _time(
    query: NamedQuery, values: dict[str, list[str]], path: Path, label: str
) -> tuple[float, float]:
    store = Reader(path)
    sparql = query.bound(values, names_in(store))  # type: ignore[arg-type]
    times = []
    count = 0
    for _ in range(RUNS + 1):
        start, spent = time.perf_counter(), time.process_time()
        count = sum(1 for _ in store.query(sparql))  # type: ignore[union-attr]
        wall, cpu = time.perf_counter() - start, time.process_time() - spent
        times.append((wall * 1000, cpu * 1000))
    medians = tuple(map(statistics.median, zip(*times[1:], strict=True)))
    print(f"{medians[0]:8.1f} {medians[1]:8.1f} {times[0][0]:8.1f} {count:6}  {label}", flush=True)
    return medians[0], medians[1]


if __name__ == "__main__":
    sys.exit(main())
