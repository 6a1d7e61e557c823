"""Whole runs, each a process of its own, as a user starts them."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import Any

from archive import Archive

from stores import oxigraph

ACCORD = Path(sys.executable).with_name("accord")
HERE = Path(__file__).parent
#: A mixed article has so many paragraphs of three sentences, each of more and of fewer characters
#: than these; such a share of the articles is about conflict, as in the news.
_PARAGRAPHS, _SHORT, _LONG, _CONFLICT = 6, 40, 400, 0.05
_ENDS = re.compile(r"(?<=[.!?”\"]) +(?=[A-Z“\"])")
#: What is measured as the limit: the shipped model, without anything of ours, in the same batches.
RAW = """
import json, sys, time
from pathlib import Path
from accord.processes import one_core_each
one_core_each()
from accord.extraction import BATCH
from accord.language.pipeline import load
texts = [Path(path).read_text(errors="replace") for path in json.load(sys.stdin)]
nlp = load()
list(nlp.pipe(["Russia called on Turkey to withdraw."]))
wall, cpu = time.perf_counter(), time.process_time()
for start in range(0, len(texts), 50):
    for doc in nlp.pipe(texts[start : start + 50], batch_size=BATCH):
        pass
print(json.dumps({"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}))
"""


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock and of processors (with all processes below), and megabytes at most."""

    wall: float
    cpu: float
    memory: float

    def less(self, other: Cost) -> Cost:
        """Return what is left without the start."""
        return Cost(self.wall - other.wall, self.cpu - other.cpu, self.memory)


def run(*command: object, env: dict[str, str] | None = None) -> Cost:
    """Run a command to its end; 3 (some articles set aside) is no failure."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command], stdout=subprocess.DEVNULL, env=os.environ | (env or {})
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 3):
        raise RuntimeError(f"{command} ended with {process.returncode}")
    return Cost(time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


@contextmanager
def workplace() -> Iterator[tuple[Path, dict[str, str]]]:
    """Yield an empty folder and an environment with a data folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        yield home, {"XDG_DATA_HOME": str(home / "data"), "HOME": folder, "ACCORD_STORE": ""}


def ingest(articles: Path, store: object, env: dict[str, str], workers: int = 1) -> Cost:
    """Run `accord ingest`."""
    command = [ACCORD, "ingest", articles, "--store", store, "--quiet", "--workers", workers]
    return run(*command, env={k: v for k, v in env.items() if v})


def start_up(env: dict[str, str], folder: Path, workers: int = 1) -> Cost:
    """Return what a run over one article a worker costs: all that does not grow with them."""
    few = folder / f"start-{workers}"
    few.mkdir(exist_ok=True)
    for number in range(workers):
        text = f"Russia called on Turkey to withdraw its {number + 2} battalions.\n"
        (few / f"{number}.txt").write_text(text)
    cost = ingest(few, folder / "start", env, workers)
    shutil.rmtree(folder / "start")
    return cost


def raw(paths: list[Path]) -> dict[str, float]:
    """Return what the model alone takes."""
    done = subprocess.run(
        [sys.executable, "-c", RAW], input=json.dumps([str(path) for path in paths]),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def gather(paths: list[Path], folder: Path) -> Path:
    """Put links to articles into a folder of their own."""
    folder.mkdir()
    for path in paths:
        (folder / path.name).symlink_to(path.resolve())
    return folder


def whole(paths: list[Path], rounds: int) -> dict[str, Any]:
    """Compare a whole run with the model alone, two workers with one, and a second run with both.

    The start, as a run over one article shows it, is taken off all but the second run.
    """
    found: dict[str, list[dict[str, float]]] = {
        name: [] for name in ("start", "raw", "one", "two", "again")
    }
    for _ in range(rounds):
        with workplace() as (home, env):
            articles = gather(paths, home / "articles")
            found["raw"].append(raw(paths))
            start_up(env, home)  # The first one ever makes Prefect's database.
            start = start_up(env, home)
            start_two = start_up(env, home, 2)
            found["start"].append(asdict(start))
            found["one"].append(asdict(ingest(articles, home / "one.store", env).less(start)))
            found["again"].append(asdict(ingest(articles, home / "one.store", env)))
            two = ingest(articles, home / "two.store", env, 2)
            found["two"].append(asdict(two.less(start_two)))
    return {"articles": len(paths), "rounds": rounds} | {
        name: {clock: statistics.median(each[clock] for each in costs) for clock in ("wall", "cpu")}
        for name, costs in found.items()
    }


def beside_baseline(paths: list[Path]) -> dict[str, Any]:
    """Compare `accord ingest` with two workers with the straight script, into a server both."""
    with workplace() as (home, env):
        articles = gather(paths, home / "articles")
        script = [sys.executable, HERE / "baseline.py", articles, "--endpoint"]
        found: dict[str, Any] = {}
        for name, options in (("pipe", []), ("one_by_one", ["--one-by-one"])):
            with oxigraph(home / f"baseline-{name}") as address:
                done = subprocess.run(
                    [*script, address, *options], capture_output=True, text=True, check=True
                )
                found[name] = json.loads(done.stdout)
        with oxigraph(home / "server") as address:
            start_up(env, home, 2)
            start = start_up(env, home, 2)
            found["accord"] = asdict(ingest(articles, address, env, 2).less(start))
    return found


def growth(articles: int, paths: list[Path], conflict: list[Path]) -> dict[str, Any]:
    """Compare ten times the articles with so many: time without the start, and peak memory."""
    with workplace() as (home, env):
        start_up(env, home)
        start = start_up(env, home)
        found: dict[str, Any] = {}
        for name, number in (("few", articles), ("many", 10 * articles)):
            folder = home / name
            mixed(number, folder, paths, conflict)
            cost = ingest(folder, home / f"{name}.store", env)
            found[name] = asdict(cost.less(start)) | {"articles": number}
    return found


def mixed(number: int, folder: Path, paths: list[Path], conflict: list[Path]) -> None:
    """Write articles of sentences that are drawn from given ones, one in twenty from conflict.

    Articles of filled patterns, as the archive's are, would all be suspected of being copies, and
    so would be twenty thousand articles of a few thousand paragraphs.
    """
    folder.mkdir()
    draw = random.Random(0)
    pools = [sentences(paths), sentences(conflict)]
    for at in range(number):
        pool = pools[draw.random() < _CONFLICT]
        text = "\n\n".join(" ".join(draw.choices(pool, k=3)) for _ in range(_PARAGRAPHS))
        (folder / f"{at:06}.txt").write_text(f"Report {at}\n\n{text}\n", encoding="utf-8")


def sentences(paths: list[Path]) -> list[str]:
    """Return the sentences of articles, roughly told, each once."""
    texts = (path.read_text(encoding="utf-8", errors="replace") for path in paths)
    return sorted(
        {
            sentence
            for text in texts
            for paragraph in text.split("\n\n")
            for sentence in _ENDS.split(" ".join(paragraph.split()))
            if _SHORT < len(sentence) < _LONG
        }
    )


def invented(number: int, folder: Path) -> None:
    """Write articles of the invented archive as files."""
    folder.mkdir()
    archive = Archive()
    for at in range(number):
        article, _, _ = archive.article()
        headers = f"Date: {article.published}\nSource: {article.outlet}\nURL: {article.address}\n\n"
        (folder / f"{at:06}.txt").write_text(headers + article.text, encoding="utf-8")


def starts(rounds: int = 7) -> dict[str, Any]:
    """Return the median time of `accord --help`, and of a named query on a small store."""
    with workplace() as (home, env):
        small = home / "small"
        run(ACCORD, "ingest", HERE.parent / "examples/articles", "--store", small, "--quiet",
            env={k: v for k, v in env.items() if v})  # fmt: skip
        ways: dict[str, Callable[[], Cost]] = {
            "help": lambda: run(ACCORD, "--help"),
            "query": lambda: run(ACCORD, "query", "contradictions", "--store", small),
        }
        costs: dict[str, list[Cost]] = {name: [] for name in ways}
        for _, (name, way) in zip(range(2 * rounds), cycle(ways), strict=False):
            costs[name].append(way())
    return {
        name: {
            "wall": statistics.median(cost.wall for cost in each),
            "cpu": statistics.median(cost.cpu for cost in each),
        }
        for name, each in costs.items()
    }


def cycle(ways: dict[str, Callable[[], Cost]]) -> Iterator[tuple[str, Callable[[], Cost]]]:
    """Yield the ways in turn, without end."""
    names = list(ways)
    for number in count():
        name = names[number % len(names)]
        yield name, ways[name]
