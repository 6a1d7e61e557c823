"""Kill the ingestion, or the store's server, at random moments, and see what the store has.

    python benchmarks/faults.py --rounds 200 [--seed 0] [--store embedded|server|both]

Each round starts an ingestion of invented articles (the steps of the flow, without Prefect, whose
start takes longer than all of them) and ends it, or the Oxigraph server that it loads into, with
SIGKILL at a random moment; before each, some articles change. After
every kill each article that the store says it has must be whole: its graph byte for byte what a
run without faults makes of the file's old or new text. Now and then the run is left to finish, and
then all articles must be there, each once. Exit code 1 if anything was amiss.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import NamedNode
from pyoxigraph import Store as Oxigraph
from rich.console import Console
from rich.progress import Progress

from accord.web.child import free_port

_RUN = """
import sys
from pathlib import Path
from accord.ingestion import Ingestion
from accord.progress import Progress
from accord.settings import Settings

settings = Settings(store=sys.argv[2], batch=2, store_patience=1)
with Ingestion([Path(sys.argv[1])], settings, Progress(quiet=True)) as run:
    print("go", flush=True)
    for batch in run.plan():
        run.load(run.extract(batch))
"""

ACCORD = "https://w3id.org/accord-kg/ontology#"
ARTICLES = 12
EVERY = 10
"""In one of so many rounds the run is left to finish."""

_TEXT = """The {n}th report on the truce
Date: Mar {day}, 2024

Turkey said on Monday that it had fulfilled its obligations under the Sochi memorandum.
Russia demanded that Turkey withdraw its heavy weapons from Idlib, report {n} says{more}.
The Syrian government accused Turkey of violating the ceasefire in Idlib.
"""


@dataclass
class Found:
    """What the rounds have found."""

    killed: dict[str, int] = field(default_factory=lambda: {"ingestion": 0, "server": 0})
    finished: int = 0
    wrong: list[str] = field(default_factory=list)


class Trial:
    """Articles on disk, a store, and what the store's graphs must be like."""

    def __init__(self, folder: Path, kind: str, draw: random.Random) -> None:
        self.folder, self.kind, self.draw = folder, kind, draw
        self.articles = folder / "articles"
        self.store = folder / "store"
        self.port = free_port()
        self.articles.mkdir()
        self.versions = [1] * ARTICLES
        self.good: set[tuple[str, ...]] = set()
        self.seconds = 0.0
        for number in range(ARTICLES):
            self.write(number)

    def write(self, number: int) -> None:
        """Write an article in its present version."""
        more = " again" * (self.versions[number] - 1)
        text = _TEXT.format(n=number, day=number + 1, more=more)
        (self.articles / f"{number}.txt").write_text(text)

    def change(self) -> float:
        """Change some articles, from one version to the other, and return the share of all."""
        changed = self.draw.sample(range(ARTICLES), self.draw.randint(2, ARTICLES))
        for number in changed:
            self.versions[number] = 3 - self.versions[number]
            self.write(number)
        return len(changed) / ARTICLES

    def learn(self) -> None:
        """Remember the graphs that runs without faults make of both versions, and their time."""
        for version in (2, 1):
            self.versions = [version] * ARTICLES
            for number in range(ARTICLES):
                self.write(number)
            with tempfile.TemporaryDirectory() as clean:
                run = self.ingest(str(Path(clean) / "store"), data=Path(clean))
                began = time.monotonic()
                run.wait()
                self.seconds = time.monotonic() - began
                self.good |= set(_articles(Oxigraph(Path(clean) / "store")).values())
        if len(self.good) < 2 * ARTICLES:
            sys.exit(f"Only {len(self.good)} graphs for {ARTICLES} articles of two versions.")

    def ingest(self, store: str, data: Path | None = None) -> subprocess.Popen[bytes]:
        """Start an ingestion, and return when it is about to plan its work."""
        process = subprocess.Popen(
            [sys.executable, "-c", _RUN, self.articles, store],
            env=os.environ | {"XDG_DATA_HOME": str(data or self.folder / "data")},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        if process.stdout is not None:
            process.stdout.readline()
        return process

    @contextmanager
    def server(self) -> Iterator[subprocess.Popen[bytes]]:
        """Run the Oxigraph server over the store."""
        program = Path(sys.executable).with_name("oxigraph")
        process = subprocess.Popen(
            [program, "serve", "--location", self.store, "--bind", f"127.0.0.1:{self.port}"],
            stderr=subprocess.DEVNULL,
        )
        try:
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                try:
                    socket.create_connection(("127.0.0.1", self.port), 1).close()
                    break
                except OSError:
                    time.sleep(0.05)
            yield process
        finally:
            process.kill()
            process.wait()

    def round(self, found: Found, finish: bool) -> None:
        """Run an ingestion, kill something on its way, and look at the store."""
        share = self.change()
        if self.kind == "embedded":
            self._kill(self.ingest(str(self.store)), None, found, finish, share)
        else:
            with self.server() as server:
                run = self.ingest(f"http://127.0.0.1:{self.port}")
                self._kill(run, server, found, finish, share)
        self.look(found, finish)

    def _kill(
        self,
        run: subprocess.Popen[bytes],
        server: subprocess.Popen[bytes] | None,
        found: Found,
        finish: bool,
        share: float,
    ) -> None:
        if finish:
            if run.wait(300):
                found.wrong.append(f"A run that was left alone ended with {run.returncode}.")
            return
        time.sleep(self.draw.uniform(0.0, self.seconds * share))
        if run.poll() is not None:
            return
        if server is not None and self.draw.random() < 0.5:
            server.kill()
            found.killed["server"] += 1
            run.wait(300)
        else:
            run.kill()
            run.wait()
            found.killed["ingestion"] += 1

    def look(self, found: Found, finish: bool) -> None:
        """Check what the store has."""
        if not (self.store / "CURRENT").exists():
            return
        store = Oxigraph(self.store)
        articles = _articles(store)
        held = [
            quad.object.value
            for quad in store.quads_for_pattern(None, NamedNode(f"{ACCORD}holds"), None)
            if isinstance(quad.object, NamedNode)
        ]
        for article in held:
            if article not in articles:
                found.wrong.append(f"{article} is said to be there, and is not.")
            elif articles[article] not in self.good:
                found.wrong.append(f"{article} is not what its text makes.")
        if finish:
            found.finished += 1
            wanted = {f"{number}" for number in range(ARTICLES)}
            names = sorted(
                quad.object.value
                for quad in store.quads_for_pattern(
                    None, NamedNode("http://purl.org/dc/terms/identifier"), None
                )
                if "/capture/" in quad.graph_name.value
            )
            if set(names) != wanted or len(names) != ARTICLES or len(articles) != ARTICLES:
                found.wrong.append(f"After a whole run: {names}, {len(articles)} article graphs.")


def _articles(store: Oxigraph) -> dict[str, tuple[str, ...]]:
    """Return the triples of each article graph, sorted, by the article's IRI."""
    return {
        graph.value.replace("/graph/article/", "/id/article/"): tuple(
            sorted(str(quad.triple) for quad in store.quads_for_pattern(None, None, None, graph))
        )
        for graph in store.named_graphs()
        if isinstance(graph, NamedNode) and "/graph/article/" in graph.value
    }


def trial(kind: str, rounds: int, seed: int, console: Console) -> Found:
    """Run so many rounds over one kind of store and return what was found."""
    found = Found()
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    try:
        subject = Trial(folder, kind, random.Random(seed))
        subject.learn()
        with Progress(console=console) as bar:
            task = bar.add_task(kind, total=rounds)
            for number in range(rounds):
                subject.round(found, finish=(number + 1) % EVERY == 0)
                bar.advance(task)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return found


def main() -> None:
    """Run the rounds and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=200, help="for each kind of store")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--store", choices=("embedded", "server", "both"), default="both")
    given = parser.parse_args()
    kinds = ("embedded", "server") if given.store == "both" else (given.store,)
    wrong = []
    for kind in kinds:
        found = trial(kind, given.rounds, given.seed, Console(stderr=True))
        killed = ", ".join(f"{count} times the {what}" for what, count in found.killed.items())
        print(
            f"{kind}: {given.rounds} rounds, killed {killed}; {found.finished} whole runs; "
            f"{len(found.wrong)} amiss"
        )
        wrong += found.wrong
    print("\n".join(wrong[:20]))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
