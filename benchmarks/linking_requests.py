#!/usr/bin/env python3
"""What it costs to ask a SPARQL endpoint about many names.

    python benchmarks/linking.py names [--names 5000] [--items 100000]

A real Oxigraph server holds the small Wikidata of tests/fixtures and as many invented items as are
asked for, with names of two or three words. Of the names that are looked up about a quarter are
from the small Wikidata, half are names of invented items (some of them of several), and a quarter
are nobody's. Three runs: with an empty cache, again, and with `--offline`. Then the same queries to
servers with a tenth and all of the items: exact names cost the same in both.
"""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from accord.linking.cache import Cache
from accord.linking.courtesy import Courtesy
from accord.linking.services import opened_source
from accord.linking.subject import Subject
from accord.linking.wikidata import Wikidata
from accord.settings import Settings
from accord.web.child import free_port

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.linking.wikidata_model import Item, items, turtle

SYLLABLES = (
    *("ba", "dar", "el", "fa", "gha", "hal", "ir", "ja", "ka", "lut", "mar", "na", "or", "qa"),
    *("ra", "sal", "ta", "um", "va", "wad", "ya", "zan", "shar", "khan", "bul", "din", "sur"),
)
LETTERS = random.Random(5)


def names(count: int, size: int) -> None:
    """Print the figures."""
    console = Console()
    invented = list(_invented(size))
    known = sorted({one for item in items() for one in (item.label[0], *dict(item.aliases))})
    asked = known[: count // 4]
    asked += [item.label[0] for item in LETTERS.sample(invented, count // 2)]
    asked = list(dict.fromkeys(asked))
    asked += [_name() + " Nobody" for _ in range(count - len(asked))]
    subjects = [Subject(f"urn:name:{n}", name) for n, name in enumerate(asked)]
    table = Table("run", "names", "answered", "with candidates", "requests", "seconds")
    with _server([*items(), *invented]) as endpoint, tempfile.TemporaryDirectory() as folder:
        settings = Settings(wikidata_endpoint=endpoint, wikidata_api="", cache=folder)
        for run, offline in (("first", False), ("second", False), ("offline", True)):
            began = time.perf_counter()
            with opened_source(settings, offline=offline) as source:
                found = [known for _, known in source.candidates(subjects)]
                seconds = time.perf_counter() - began
                numbers = (len(subjects), len(found), sum(map(bool, found)), source.requests)
            table.add_row(run, *map(str, numbers), f"{seconds:.1f}")
    console.print(table)
    small = [*items(), *invented[: size // 10]]
    with _server(small) as tenth, _server([*items(), *invented]) as whole:
        ratios = [
            _seconds(whole, subjects[:300]) / _seconds(tenth, subjects[:300]) for _ in "12345"
        ]
    console.print(
        f"Asking a server with {size:,} items takes {statistics.median(ratios):.2f} times as long "
        f"as one with {size // 10:,} (median of 5, in turn)."
    )


def _seconds(endpoint: str, subjects: Sequence[Subject]) -> float:
    with tempfile.TemporaryDirectory() as folder, Cache(Path(folder), 90) as cache:
        source = Wikidata(endpoint, cache, Courtesy(endpoint, None, Path(folder)))
        began = time.perf_counter()
        for _ in source.candidates(subjects):
            pass
        return time.perf_counter() - began


def _invented(size: int) -> Iterator[Item]:
    classes = [item.qid for item in items() if item.kind == "class"]
    countries = [item.qid for item in items() if item.kind == "state"]
    for n in range(size):
        yield Item(
            qid=f"Q8{n:08d}",
            key=f"invented-{n}",
            kind="place",
            label=(_name(), "en"),
            aliases=((_name(), "en"), (_name(), "mul")),
            description="invented",
            statements=(("P31", LETTERS.choice(classes)), ("P17", LETTERS.choice(countries))),
            dates=(("P571", str(LETTERS.randint(1000, 2020))),),
            sitelinks=LETTERS.randint(0, 50),
        )


def _name() -> str:
    words = ("".join(LETTERS.choices(SYLLABLES, k=2)) for _ in range(LETTERS.randint(2, 3)))
    return " ".join(words).title()


@contextmanager
def _server(chosen: Sequence[Item]) -> Iterator[str]:
    """Run an Oxigraph server that holds items; yields its query endpoint."""
    address = f"http://127.0.0.1:{free_port()}"
    program = Path(sys.executable).with_name("oxigraph")
    bind = address.removeprefix("http://")
    command: list[str | Path] = [program, "serve", "--bind", bind]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        transport = httpx.HTTPTransport(retries=8)
        with httpx.Client(transport=transport, timeout=600) as client:
            for start in range(0, len(chosen), 50_000):
                response = client.post(
                    f"{address}/store?default",
                    content=turtle(chosen[start : start + 50_000]).encode(),
                    headers={"Content-Type": "text/turtle"},
                )
                response.raise_for_status()
        yield f"{address}/query"
    finally:
        server.terminate()
        server.wait(30)
