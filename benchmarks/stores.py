"""What loading and serving cost beside the bare parts, measured in turn in one run.

    python benchmarks/stores.py load [--articles 1000] [--rounds 3]
    python benchmarks/stores.py serve --store DIR [--clients 50] [--seconds 60]

``load``: the same graphs of invented articles into an embedded store, by Accord in batches and by
pyoxigraph's bulk loader at once; into an Oxigraph server, by Accord and by one ``curl`` that PUTs
a file for each graph. ``serve``: the same queries to the Oxigraph server, to it through a front
that only passes bytes on, and to `accord serve`.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

from archive import Archive, nquads
from pyoxigraph import RdfFormat
from pyoxigraph import Store as Oxigraph
from rich.console import Console
from rich.table import Table

from accord.graph import NamedGraph
from accord.parameters import Names
from accord.query import named_queries
from accord.store import PREFIXES, open_store
from accord.vocabulary import load_vocabulary
from accord.web.child import free_port

BATCH = 50
BIN = Path(sys.executable).parent


def load(articles: int, rounds: int) -> Table:
    """Return the rates of loading, the median of so many rounds."""
    graphs = [graph for graph, _ in itertools.islice(Archive(), articles)]
    batches = [graphs[start : start + BATCH] for start in range(0, articles, BATCH)]
    ready = nquads(graphs)
    quads = ready.count(b"\n")

    def bulk(folder: Path) -> float:
        began = time.perf_counter()
        store = Oxigraph(folder / "store")
        store.bulk_load(ready, format=RdfFormat.N_QUADS)
        store.flush()
        return time.perf_counter() - began

    def embedded(folder: Path) -> float:
        began = time.perf_counter()
        with open_store(folder / "store", create=True) as store:
            for batch in batches:
                store.replace(batch)
        return time.perf_counter() - began

    # Of the servers, not their start.
    def curl(folder: Path) -> float:
        with oxigraph(folder / "store") as address:
            config = curl_config(graphs, folder, address)
            began = time.perf_counter()
            command = ["curl", "--silent", "--show-error", "--config", config]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            return time.perf_counter() - began

    def remote(folder: Path) -> float:
        with oxigraph(folder / "store") as address, open_store(address) as store:
            began = time.perf_counter()
            for batch in batches:
                store.replace(batch)
            return time.perf_counter() - began

    ways: dict[str, Callable[[Path], float]] = {
        "pyoxigraph, bulk load": bulk,
        "accord, embedded": embedded,
        "curl, one PUT a graph": curl,
        "accord, over HTTP": remote,
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            with tempfile.TemporaryDirectory() as folder:
                times[name].append(way(Path(folder)))
    table = Table("way", "quads/s", "to the bare part", title=f"{articles} articles, {quads} quads")
    rates = {name: quads / statistics.median(seconds) for name, seconds in times.items()}
    bare = {
        "accord, embedded": "pyoxigraph, bulk load",
        "accord, over HTTP": "curl, one PUT a graph",
    }
    for name, rate in rates.items():
        ratio = f"{rate / rates[bare[name]]:.2f}" if name in bare else ""
        table.add_row(name, f"{rate:,.0f}", ratio)
    return table


def curl_config(graphs: list[NamedGraph], folder: Path, address: str) -> Path:
    """Write each graph to a file, and what curl is to do with them."""
    lines = []
    for number, graph in enumerate(graphs):
        file = folder / f"{number}.nt"
        file.write_text(graph.triples, encoding="utf-8")
        lines += [
            f'url = "{address}/store?graph={quote(graph.iri, safe="")}"',
            f'upload-file = "{file}"',
            'header = "Content-Type: application/n-triples"',
            "next",
        ]
    config = folder / "curl"
    config.write_text("\n".join(lines[:-1]))
    return config


@contextmanager
def oxigraph(folder: Path, command: str = "serve") -> Iterator[str]:
    """Run the bare server."""
    port = free_port()
    with running(
        [BIN / "oxigraph", command, "--location", folder, "--bind", f"127.0.0.1:{port}",
         "--union-default-graph"], port
    ):  # fmt: skip
        yield f"http://127.0.0.1:{port}"


_RELAY = """
import asyncio, sys, uvloop

class Back(asyncio.Protocol):
    def __init__(self, front): self.data_received = front.write

class Front(asyncio.Protocol):
    def connection_made(self, front):
        self.early, self.back = [], None
        asyncio.ensure_future(self.connect(front))
    async def connect(self, front):
        to = asyncio.get_running_loop().create_connection
        self.back, _ = await to(lambda: Back(front), "127.0.0.1", int(sys.argv[2]))
        self.back.writelines(self.early)
    def data_received(self, data):
        self.back.write(data) if self.back else self.early.append(data)

async def main():
    server = await asyncio.get_running_loop().create_server(Front, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()

uvloop.run(main())
"""


@contextmanager
def passing(address: str) -> Iterator[str]:
    """Run the least that a front in Python can be: it passes bytes on and looks at none."""
    port = free_port()
    with running([sys.executable, "-c", _RELAY, port, address.rpartition(":")[2]], port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def running(command: list[object], port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the end of the block, from when it listens."""
    process = subprocess.Popen([str(part) for part in command], stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def serve(store: Path, clients: int, seconds: float) -> Table:
    """Return the times of queries at both servers, and what many clients at a time find."""
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    draw = random.Random(0)
    kinds = ("Demand", "Incident", "Agreement", "Compliance", "Obligation")
    small = [
        f"{prefixes}SELECT ?c ?h WHERE {{ GRAPH ?g {{ ?c a accord:{draw.choice(kinds)}Claim ; "
        f"accord:holder ?h }} }} LIMIT {draw.randint(5, 40)}"
        for _ in range(200)
    ]
    named = [
        prefixes + query.bound({}, Names(load_vocabulary(), lambda iri: False))
        for query in named_queries()
        if not any(parameter.required for parameter in query.parameters)
    ]
    table = Table("queries", "oxigraph, ms", "bytes passed on", "accord serve", "ratio")
    with oxigraph(store, "serve-read-only") as bare, passing(bare) as least:
        port = free_port()
        command = [BIN / "accord", "serve", "--store", store, "--port", port]
        with running(command, port) as process:
            front = f"http://127.0.0.1:{port}"
            for name, queries in (("200 small", small), (f"{len(named)} named", named)):
                times = {bare: [], least: [], front: []}
                for _ in range(3):
                    for address in times:
                        times[address].append(median_ms(address, queries))
                medians = [statistics.median(times[address]) for address in times]
                row = (f"{median:.2f}" for median in (*medians, medians[-1] / medians[0]))
                table.add_row(name, *row)
            before = memory(process.pid)
            answers, errors = crowd(port, small, clients, seconds)
            after = memory(process.pid)
            wrong = ", ".join(f"{number} times {reason}" for reason, number in errors.items())
            table.caption = (
                f"{clients} clients for {seconds:.0f} s: {answers} answers, {wrong or 'no error'}; "
                f"memory {before:.0f} MB before, {after:.0f} MB after"
            )
    return table


def median_ms(address: str, queries: list[str]) -> float:
    """Return the median time of a query over one connection."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"))
    times = []
    for query in queries:
        began = time.perf_counter()
        ask(connection, query)
        times.append((time.perf_counter() - began) * 1000)
    connection.close()
    return statistics.median(times)


def ask(connection: http.client.HTTPConnection, query: str) -> str:
    """Send a query and read the answer; return what went wrong, or nothing."""
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept": "application/sparql-results+json, text/turtle",
    }
    connection.request("POST", "/query", urlencode({"query": query}), headers)
    response = connection.getresponse()
    says = response.read()
    return "" if response.status == 200 else f"{response.status} {says.decode()[:80].strip()}"


def crowd(port: int, queries: list[str], clients: int, seconds: float) -> tuple[int, Counter[str]]:
    """Have many clients ask at a time; return the number of answers, and errors by reason."""
    deadline = time.monotonic() + seconds
    answers = [0] * clients
    errors: Counter[str] = Counter()

    def client(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for query in itertools.cycle(queries[number:] + queries[:number]):
            if time.monotonic() > deadline:
                break
            try:
                wrong = ask(connection, query)
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                wrong = type(error).__name__
            answers[number] += not wrong
            if wrong:
                errors[wrong] += 1

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(answers), errors


def memory(pid: int) -> float:
    """Return the resident memory of a process and its children, in MB (Linux)."""
    total = 0
    for entry in Path("/proc").iterdir():
        try:
            stat = Path(entry, "stat").read_text().rpartition(")")[2].split()
        except (OSError, ValueError):
            continue
        if entry.name == str(pid) or stat[1] == str(pid):
            total += int(stat[21]) * os.sysconf("SC_PAGE_SIZE")
    return total / 1e6


def main() -> None:
    """Run one of the two measurements."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    commands = parser.add_subparsers(dest="command", required=True)
    loading = commands.add_parser("load", help="loading, beside the bare parts")
    loading.add_argument("--articles", type=int, default=1000)
    loading.add_argument("--rounds", type=int, default=3)
    serving = commands.add_parser("serve", help="queries, beside the bare server")
    serving.add_argument("--store", type=Path, required=True)
    serving.add_argument("--clients", type=int, default=50)
    serving.add_argument("--seconds", type=float, default=60)
    given = parser.parse_args()
    if given.command == "load":
        Console().print(load(given.articles, given.rounds))
    else:
        Console().print(serve(given.store, given.clients, given.seconds))


if __name__ == "__main__":
    main()
