"""Speed, side by side in one run, with what is to be reached; all figures go to a JSON file.

    make bench                                      # everything, half an hour on two quiet cores
    python benchmarks/bench.py --parts stages,starts --articles 200
    python benchmarks/bench.py --news FOLDER        # other articles than ../shared/data/news

Parts: ``stages`` (read, parse, attribution, claims, map, load; bench_stages.py), ``whole``
(`accord ingest` with Prefect, its second run, two workers), ``conflict`` (the same over articles
that are read whole: those of the news that are about conflict, and the annotated ones),
``baseline`` (baseline.py), ``mapping`` (Morph-KGC and Oxigraph's bulk load), ``growth`` (ten times
the articles) and ``starts``. Where there is no news, invented articles stand in, short and dense
with claims.

Ratios are by the clock where two things run side by side, and by processor time as well, which
other work on the machine disturbs less. For a store of a million claims see one_article.py.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import bench_runs
import morph
from bench_load import loading
from bench_stages import read, stages
from rich.console import Console
from rich.table import Table

from accord.extraction import document, pipeline
from accord.language.relevance import is_relevant
from accord.processes import one_core_each

NEWS = Path(__file__).parents[1] / "../shared/data/news"
ANNOTATED = Path(__file__).with_name("annotations")
PARTS = ("stages", "whole", "conflict", "baseline", "mapping", "growth", "starts")
LIBRARIES = ("accord-kg", "spacy", "numpy", "prefect", "pyoxigraph", "oxigraph", "rdflib")

Row = tuple[str, float, str]
"""What is compared, the ratio or seconds, and what is to be reached."""


def rows(found: dict[str, Any]) -> list[Row]:
    """Return the table of what was measured."""
    makers: dict[str, Callable[[Any], list[Row]]] = {
        "stages": _stages, "whole": _whole, "conflict": _conflict, "baseline": _baseline,
        "mapping": _mapping, "growth": _growth, "starts": _starts,
    }  # fmt: skip
    return [row for part in PARTS if part in found for row in makers[part](found[part])]


def _stages(found: dict[str, Any]) -> list[Row]:
    cpu = found["cpu"]
    made = [(f"{name} to parse (cpu)", cpu[name] / cpu["parse"], "") for name in cpu]
    whole = sum(cpu.values()) - cpu["parse"]
    return [*made, ("all stages to parse (cpu)", whole / cpu["parse"], "")]


def _whole(found: dict[str, Any]) -> list[Row]:
    made: list[Row] = []
    for clock, goal in (("wall", True), ("cpu", False)):
        one, two, limit = (found[name][clock] for name in ("one", "two", "raw"))
        again = found["again"][clock] / (one + found["start"][clock])
        made += [
            (f"accord ingest to nlp.pipe ({clock})", one / limit, "1.6 or less" * goal),
            (f"second run to the first ({clock})", again, "0.02 or less" * goal),
        ]
        if goal:
            made.append(("two workers to one, articles/s", one / two, "1.8 or more"))
    return made


def _conflict(found: dict[str, Any]) -> list[Row]:
    return [(f"{what}, on conflict only", ratio, "") for what, ratio, _ in _whole(found)]


def _baseline(found: dict[str, Any]) -> list[Row]:
    ours = found["accord"]["wall"]
    return [
        ("two workers to the script with nlp.pipe", found["pipe"]["wall"] / ours, "4 or more"),
        ("two workers to the script with nlp(text)", found["one_by_one"]["wall"] / ours, ""),
    ]


def _mapping(found: dict[str, Any]) -> list[Row]:
    kgc, own = found["morph_kgc"]["times_faster"], found["loading"]
    return [
        ("map and load to Morph-KGC's mapping, quads/s (wall)", kgc["wall"], "4 or more"),
        ("map and load to Morph-KGC's mapping, quads/s (cpu)", kgc["cpu"], ""),
        ("map and load to Oxigraph's bulk load (wall)", own["ratio"]["wall"], "0.6 or more"),
        ("map and load to Oxigraph's bulk load (cpu)", own["ratio"]["cpu"], ""),
    ]


def _growth(found: dict[str, Any]) -> list[Row]:
    few, many = found["few"], found["many"]
    return [
        ("ten times the articles, time (wall)", many["wall"] / few["wall"], "10.5 or less"),
        ("ten times the articles, time (cpu)", many["cpu"] / few["cpu"], ""),
        ("ten times the articles, peak memory", many["memory"] / few["memory"], "1.15 or less"),
    ]


def _starts(found: dict[str, Any]) -> list[Row]:
    goals = {"help": "0.3 or less", "query": "0.6 or less"}
    return [
        (f"start of accord {name}, seconds ({clock})", found[name][clock], goal * (clock == "wall"))
        for name, goal in goals.items()
        for clock in ("wall", "cpu")
    ]


def machine() -> dict[str, Any]:
    """Return what the figures depend on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    names = [line for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "processor": names[0].partition(": ")[2] if names else platform.processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(memory, 1),
        "load_before": os.getloadavg(),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in LIBRARIES},
    }


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []


def main() -> None:
    """Measure, print the table and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--news", type=Path, default=NEWS)
    parser.add_argument("--articles", type=int, help="only so many, spread over the whole")
    parser.add_argument("--rounds", type=int, default=2, help="of the whole runs")
    parser.add_argument("--few", type=int, default=2000, help="articles of which ten times grow")
    parser.add_argument("--mapped", type=int, default=1000, help="invented articles to map")
    parser.add_argument("--morph", type=Path, default=morph.ENVIRONMENT)
    parser.add_argument("--out", type=Path, default=Path("bench.json"))
    options = parser.parse_args()
    parts = options.parts.split(",")
    if unknown := set(parts) - set(PARTS):
        parser.error(f"no part is called {', '.join(sorted(unknown))}: {', '.join(PARTS)}")
    found: dict[str, Any] = {"machine": machine()}
    with tempfile.TemporaryDirectory() as folder:
        paths = articles(options.news, options.articles, Path(folder))
        measures: dict[str, Callable[[], Any]] = {
            "stages": lambda: stages(paths),
            "whole": lambda: bench_runs.whole(paths, options.rounds),
            "conflict": lambda: bench_runs.whole(on_conflict(paths), options.rounds),
            "baseline": lambda: bench_runs.beside_baseline(paths),
            "mapping": lambda: {
                "morph_kgc": morph.compare(options.mapped, options.morph),
                "loading": loading(options.mapped, options.rounds),
            },
            "growth": lambda: bench_runs.growth(options.few, paths, on_conflict(paths)),
            "starts": bench_runs.starts,
        }
        for part in parts:
            found[part] = measures[part]()
            # After each part: a long run that is stopped has not been for nothing.
            options.out.write_text(json.dumps(found, indent=2) + "\n")
            show({part: found[part]})
    print(f"All figures are in {options.out}.")


def articles(news: Path, most: int | None, folder: Path) -> list[Path]:
    """Return files with articles, evenly taken from the news, else invented ones."""
    if not news.is_dir():
        bench_runs.invented(most or 1000, folder / "invented")
        return sorted((folder / "invented").iterdir())
    paths = sorted(news.resolve().glob("*.txt"))
    step = max(1, len(paths) // (most or len(paths)))
    return paths[::step]


def on_conflict(paths: list[Path]) -> list[Path]:
    """Return those of some articles, and of the annotated ones, that are read whole."""
    nlp = pipeline()
    return [
        path
        for path in [*paths, *sorted(ANNOTATED.glob("*/*.txt"))]
        for article in read([path])
        if is_relevant(document(article, nlp))
    ]


def show(found: dict[str, Any]) -> None:
    """Print what was found."""
    table = Table("what", "found", "to reach")
    for what, ratio, goal in rows(found):
        table.add_row(what, f"{ratio:.3f}", goal)
    Console(width=100).print(table)


if __name__ == "__main__":
    if "OPENBLAS_NUM_THREADS" not in os.environ:
        # Numpy has read it already: start again.
        one_core_each()
        os.execv(sys.executable, [sys.executable, *sys.argv])
    main()
