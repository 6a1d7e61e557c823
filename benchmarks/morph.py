"""Morph-KGC's mapping of the claims of invented articles, beside ours with the load as well.

    python benchmarks/morph.py [--articles 1000] [--environment FOLDER]

Morph-KGC wants another pyoxigraph than Accord, so it lives in an environment of its own, which is
made if it is not there. It runs ``claims.rml.ttl``, the same statements on a claim, its evidence
and its article, over the claims as JSON files, in one process; what is timed is
``materialize_set`` alone, without the start and without writing or loading. Accord's time is from
the same claims as objects to a store on disk. Both in quads a second, by processor and wall time.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from itertools import count
from pathlib import Path
from typing import Any

from archive import VERSIONS, Archive

from accord.article import Article
from accord.claim import Claim
from accord.graph import article_graph
from accord.store import open_store
from accord.vocabulary import load_vocabulary

MAPPING = Path(__file__).with_name("claims.rml.ttl")
ENVIRONMENT = Path(tempfile.gettempdir()) / "accord-morph-kgc"
#: What the other environment runs, in the folder of the JSON files.
SCRIPT = """
import json, time, morph_kgc
config = "[CONFIGURATION]\\nnumber_of_processes: 1\\n[claims]\\nmappings: mapping.ttl\\n"
wall, cpu = time.perf_counter(), time.process_time()
quads = len(morph_kgc.materialize_set(config))
wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
print(json.dumps({"quads": quads, "wall": wall, "cpu": cpu}))
"""
#: Articles that Accord loads at a time.
BATCH = 50

Found = tuple[Article, list[Claim], list[tuple[int, int]]]


def accord(found: list[Found]) -> dict[str, float]:
    """Map the claims and load them into a store on disk."""
    vocabulary = load_vocabulary()
    quads = 0
    with tempfile.TemporaryDirectory() as folder:
        wall, cpu = time.perf_counter(), time.process_time()
        with open_store(Path(folder) / "store", create=True) as store:
            for start in range(0, len(found), BATCH):
                graphs = [
                    article_graph(article, claims, VERSIONS, vocabulary, quotations=quoted)
                    for article, claims, quoted in found[start : start + BATCH]
                ]
                store.replace(graphs)
                quads += sum(graph.triples.count("\n") for graph in graphs)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {"quads": quads, "wall": wall, "cpu": cpu}


def morph(found: list[Found], environment: Path) -> dict[str, float]:
    """Have Morph-KGC map the same claims."""
    with tempfile.TemporaryDirectory() as folder:
        write(found, Path(folder))
        done = subprocess.run(
            [environment / "bin/python", "-c", SCRIPT],
            cwd=folder, capture_output=True, text=True, check=True,
            env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
        )  # fmt: skip
        figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def write(found: list[Found], folder: Path) -> None:
    """Write articles, claims and their actors as JSON, with the mapping of these files."""
    articles: list[dict[str, Any]] = []
    claims: list[dict[str, Any]] = []
    actors: list[dict[str, Any]] = []
    numbers = count()
    for article, its, _ in found:
        articles.append(
            {
                "name": article.name,
                "digest": article.digest,
                "published": str(article.published),
                "outlet": article.outlet,
            }
        )
        for claim in its:
            document = claim.document()
            number = str(next(numbers))
            actors += [
                {"claim": number, "article": article.name, "actor": actor}
                for actor in document.pop("actor", [])
            ]
            plain = {key: value for key, value in document.items() if key in _COLUMNS}
            claims.append(dict.fromkeys(_COLUMNS) | plain | {"id": number})
    for name, rows in (("articles", articles), ("claims", claims), ("actors", actors)):
        (folder / f"{name}.json").write_text(json.dumps(rows), encoding="utf-8")
    (folder / "mapping.ttl").write_text(MAPPING.read_text(encoding="utf-8"), encoding="utf-8")


#: The keys of a claim that the RML mapping reads, but for its actors.
_COLUMNS = (
    "article", "type", "holder", "speaker", "agreement", "place", "action", "status", "polarity",
    "modality", "time", "confidence", "start", "end", "text",
)  # fmt: skip


def make(environment: Path) -> None:
    """Make the environment of Morph-KGC, if it is not there."""
    if not (environment / "bin/python").exists():
        venv.create(environment, with_pip=True)
    pip = [environment / "bin/python", "-m", "pip", "install", "--quiet", "morph-kgc"]
    subprocess.run(pip, check=True)


def compare(articles: int, environment: Path = ENVIRONMENT) -> dict[str, Any]:
    """Return both ways' figures, and how much faster ours is by processor and by wall time."""
    archive = Archive()
    found = [archive.article() for _ in range(articles)]
    make(environment)
    ours, theirs = accord(found), morph(found, environment)
    ratio = {
        clock: (ours["quads"] / ours[clock]) / (theirs["quads"] / theirs[clock])
        for clock in ("wall", "cpu")
    }
    return {"articles": articles, "accord": ours, "morph_kgc": theirs, "times_faster": ratio}


def main() -> None:
    """Compare, and print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--environment", type=Path, default=ENVIRONMENT)
    options = parser.parse_args()
    json.dump(compare(options.articles, options.environment), sys.stdout, indent=2)


if __name__ == "__main__":
    main()
