#!/usr/bin/env python3
"""Measure how well near-copies are found, and what an article costs in small and large stores.

    python benchmarks/copies.py accuracy [--seeds 5] [--first 1]
    python benchmarks/copies.py cost [--articles 20000] [--store DIR]

``accuracy`` makes 1,000 articles: 800 of the newswire in ``../shared/data/news``, 150 copies of
these, and 50 that are like others and no copies. They are loaded in random order in batches of 50,
as an ingestion does after the extraction. Found is a copy that is marked as one of the right
original. ``cost`` loads invented articles and measures, at several sizes of the store, what the
fingerprint, the search for copies and the writing cost for the next 200; times are those of the
process (all its threads).

What is done to a copy, each drawn on its own: it gets another title; some of its paragraphs go, so
that 40 to 85% are left; one to five lines of another page come in between; of its words 1 to 5% are
changed, dropped or doubled; a paragraph of another article follows. One copy in five is one of a
copy. What is like another and no copy: a bulletin on the same pattern with other numbers, places
and names; a report of the same event on the same day in other words with the same quotations; an
article with a quarter of its words from another one.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from archive import VERSIONS, Archive
from rich.console import Console
from rich.table import Table

from accord.article import Article, parse_article
from accord.copies.fingerprint import Fingerprint, fingerprint
from accord.copies.marking import mark_copies
from accord.graph import NamedGraph, article_graph
from accord.store import Store
from accord.store.embedded import EmbeddedStore
from accord.store.memory import MemoryStore
from accord.vocabulary import load_vocabulary
from accord.yamls import read_yaml

ROOT = Path(__file__).resolve().parent.parent
NEWS = ROOT.parent / "shared" / "data" / "news"
BASE_ARTICLES, COPIES, ALIKE = 800, 150, 50
BATCH = 50
NOW = "2026-11-22T12:00:00+00:00"
#: Of invented articles, how many are loaded before the next 200 are measured.
SIZES = (1_000, 5_000, 10_000, 20_000)
NEXT = 200


@dataclass(frozen=True)
class Page:
    """One article of the set: its paragraphs, and of what it is a copy or like what."""

    key: str
    day: date
    paragraphs: tuple[str, ...]
    title: str = ""
    kind: str = ""
    original: str | None = None

    def article(self) -> Article:
        """Return the article as a file would give it."""
        head = f"Date: {self.day}\nURL: https://news.example/{self.key}\n\n"
        return parse_article(head + "\n\n".join([self.title, *self.paragraphs]), self.key)


class Maker:
    """Makes a set of pages, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.data: dict[str, Any] = read_yaml(Path(__file__).with_suffix(".yaml"))  # type: ignore[assignment]
        self.changes = {word: new for word, new in self.data["edits"].items() if " " not in word}

    def pages(self) -> list[Page]:
        """Return the pages in random order."""
        news = self._news()
        self.draw.shuffle(news)
        base, fresh = news[:BASE_ARTICLES], news[BASE_ARTICLES:]
        copied: list[Page] = []
        sources = self.draw.sample(base, COPIES)
        for number in range(COPIES):
            of = self.draw.choice(copied) if copied and number % 5 == 4 else sources[number]
            copied.append(self._copy(of, number, self.draw.choice(base)))
        alike = [*self._bulletins(), *self._events()]
        alike += [self._mixed(own, self.draw.choice(base)) for own in fresh[: ALIKE - len(alike)]]
        pages = [*base, *copied, *alike]
        self.draw.shuffle(pages)
        return pages

    def _news(self) -> list[Page]:
        """Return the newswire, without what is copied in it already: half of its runs of words."""
        pages, seen = [], []
        for path in sorted(NEWS.glob("*.txt")):
            text = path.read_text(encoding="utf-8", errors="replace")
            lines = [line.strip() for line in text.splitlines()[1:] if line.strip()]
            words = " ".join(lines).casefold().split()
            runs = {tuple(words[at : at + 6]) for at in range(len(words) - 5)}
            if len(runs) < 60 or any(
                len(runs & old) > min(len(runs), len(old)) / 2 for old in seen
            ):
                continue
            seen.append(runs)
            day = date(2022, 1, 1) + timedelta(days=self.draw.randrange(300))
            pages.append(Page(path.stem, day, tuple(lines)))
        return pages

    def _copy(self, of: Page, number: int, other: Page) -> Page:
        draw, done = self.draw, []
        paragraphs = list(of.paragraphs)
        if draw.random() < 0.6 and len(paragraphs) > 2:
            done.append("cut")
            left = max(1, round(len(paragraphs) * draw.uniform(0.4, 0.85)))
            if draw.random() < 0.6:
                paragraphs = paragraphs[:left]
            else:
                kept = sorted(draw.sample(range(len(paragraphs)), left))
                paragraphs = [paragraphs[at] for at in kept]
        if draw.random() < 0.6:
            done.append("edited")
            rate = draw.uniform(0.01, 0.05)
            paragraphs = [self._edited(paragraph, rate) for paragraph in paragraphs]
        if draw.random() < 0.3:
            done.append("continued")
            paragraphs.append(max(other.paragraphs[:4], key=len))
        if draw.random() < 0.7 or not done:
            done.append("other page")
            for line in draw.sample(self.data["boilerplate"], draw.randint(1, 5)):
                paragraphs.insert(draw.choice([0, len(paragraphs), len(paragraphs)]), line)
        title = f"{draw.choice(self.data['places'])}: what we know so far" * (draw.random() < 0.7)
        return Page(
            f"copy-{number}",
            of.day + timedelta(days=draw.randint(0, 5)),
            tuple(paragraphs),
            title,
            " + ".join(done),
            of.original or of.key,
        )

    def _edited(self, paragraph: str, rate: float) -> str:
        words = []
        for word in paragraph.split(" "):
            if self.draw.random() >= rate:
                words.append(word)
            elif new := self.changes.get(word.casefold()):
                words.append(self.draw.choice(new))
            else:
                words += self.draw.choice([[], [word, word], [word, "reportedly"]])
        return " ".join(words)

    def _bulletins(self) -> Iterator[Page]:
        """Yield ten bulletins on each pattern, a day apart."""
        for pattern, lines in enumerate(self.data["bulletins"]):
            for number in range(10):
                left = sorted(self.draw.sample(range(len(lines)), len(lines) - 2))
                texts = tuple(self._filled(lines[at]) for at in left)
                day = date(2022, 3, 1) + timedelta(days=number)
                yield Page(f"bulletin-{pattern}-{number}", day, texts, kind="bulletin")

    def _events(self) -> Iterator[Page]:
        """Yield two reports of each event, of one day, with the same quotations."""
        for number, event in enumerate(self.data["events"]):
            given = {name: self.draw.choice(self.data[f"{name}s"]) for name in ("place", "day")}
            for half, quotes in (("one", event["quotes"]), ("two", event["quotes"][::-1])):
                left = iter(quotes)
                lines = [
                    line.replace("{quote}", next(left)) if "{quote}" in line else line
                    for line in event[half]
                ]
                texts = tuple(self._filled(line, **given) for line in lines)
                yield Page(f"event-{number}-{half}", date(2022, 5, 1), texts, kind="same event")

    def _mixed(self, own: Page, other: Page) -> Page:
        """Return an article a fifth to a third of which is a passage of another one."""
        words = " ".join(other.paragraphs).split(" ")
        size = sum(len(line.split(" ")) for line in own.paragraphs)
        part = min(len(words) // 3, round(size * self.draw.uniform(0.25, 0.5)))
        start = self.draw.randint(0, len(words) - part)
        passage = " ".join(words[start : start + part])
        return Page(own.key, own.day, (*own.paragraphs, passage), kind="shared words")

    def _filled(self, line: str, **given: str) -> str:
        draw, data = self.draw, self.data

        def value(slot: re.Match[str]) -> str:
            name = slot[1]
            if name in given and draw.random() < 0.7:
                return given[name]
            return str(draw.randint(2, 90)) if name == "number" else draw.choice(data[f"{name}s"])

        return re.sub(r"\{(\w+)\}", value, line)


@dataclass
class Score:
    """How many copies were planted and found, and how many articles marked and rightly so.

    ``turned`` are those of the right that are marked the wrong way round; ``kinds`` has of each
    thing that is done to a copy how many were found and planted, ``wrong`` which articles are
    marked and are no copies.
    """

    planted: int = 0
    found: int = 0
    marked: int = 0
    right: int = 0
    turned: int = 0
    kinds: dict[str, list[int]] = field(default_factory=dict)
    wrong: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)


def score(pages: Sequence[Page]) -> Score:
    """Load the pages in batches and say how many copies were found."""
    of = {page.key: fingerprint(page.article(), NOW) for page in pages}
    keys = {print_.article: key for key, print_ in of.items() if print_}
    with MemoryStore() as store:
        for start in range(0, len(pages), BATCH):
            prints = [of[page.key] for page in pages[start : start + BATCH]]
            _mark(store, [print_ for print_ in prints if print_])
        rows: Any = store.query("SELECT ?copy ?of WHERE { GRAPH ?g { ?copy accord:copyOf ?of } }")
        root = {keys[row["copy"].value]: keys[row["of"].value] for row in rows}
    family = {page.key: page.original or page.key for page in pages}
    result = Score(marked=len(root))
    for page in pages:
        if marked := root.get(page.key):
            right = family[page.key] == family[marked]
            result.right += right
            result.turned += right and page.original is None
            if not right:
                result.wrong[page.kind or "news"] += 1
        if page.original:
            found = root.get(page.key, page.key) == root.get(page.original, page.original)
            result.planted += 1
            result.found += found
            for kind in page.kind.split(" + "):
                tally = result.kinds.setdefault(kind, [0, 0])
                tally[0] += found
                tally[1] += 1
            if not found:
                result.missed.append(f"{page.key} ({page.kind}) -> {marked}")
    return result


def accuracy(first: int, seeds: int, console: Console) -> None:
    """Print precision and recall for some seeds, and over all of them by what was done."""
    table = Table(
        "seed", "planted", "found", "marked", "right", "turned", "precision", "recall", "wrong"
    )
    kinds: dict[str, list[int]] = {}
    for seed in range(first, first + seeds):
        one = score(Maker(seed).pages())
        wrong = ", ".join(f"{count} {kind}" for kind, count in one.wrong.items())
        table.add_row(
            *map(str, (seed, one.planted, one.found, one.marked, one.right, one.turned)),
            f"{one.right / max(1, one.marked):.3f}",
            f"{one.found / one.planted:.3f}",
            wrong,
        )
        for kind, tally in one.kinds.items():
            total = kinds.setdefault(kind, [0, 0])
            kinds[kind] = [total[0] + tally[0], total[1] + tally[1]]
        for line in one.missed:
            console.print(f"seed {seed}: {line}", style="dim")
    console.print(table)
    for kind, (right, planted) in sorted(kinds.items()):
        console.print(f"{kind}: {right} of {planted} found")


def cost(most: int, folder: Path, console: Console) -> None:
    """Print what an article costs at each size of a store, up to the largest."""
    table = Table(
        "articles", "MB", "copies", "fingerprint, ms", "search, ms", "writing, ms", "dearest batch"
    )
    archive, texts = Archive(), _Texts()
    with EmbeddedStore(folder, create=True) as store:
        loaded = 0
        for size in [size for size in SIZES if size <= most]:
            while loaded < size:
                _load(store, [_article(archive, texts) for _ in range(BATCH)])
                loaded += BATCH
            batches = [
                [_article(archive, texts) for _ in range(BATCH)] for _ in range(NEXT // BATCH)
            ]
            costs = [_load(store, batch) for batch in batches]
            loaded += NEXT
            megabytes = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
            rows: Any = store.query("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?c accord:copyOf ?o } }")
            row = [
                f"{size:,}",
                f"{megabytes / 1e6:.0f}",
                next(iter(rows))["n"].value,
                *(f"{median(column):.2f}" for column in zip(*costs, strict=True)),
                f"{max(sum(row) for row in costs):.2f}",
            ]
            print(*row, file=sys.stderr, flush=True)
            table.add_row(*row)
    console.print(table)


class _Texts:
    """Bodies of 250 to 600 words, one in twenty-five a copy of an earlier one with a tenth changed.

    Words are drawn by Zipf's law, phrases of five words from a few hundred that all reports have,
    and each ends with the two sentences of one of thirty newspapers.
    """

    def __init__(self) -> None:
        self.draw = random.Random(0)
        syllables = [a + b for a in "bcdfghklmnprstvz" for b in ("a", "e", "i", "o", "u")]
        self.words = [
            "".join(self.draw.choices(syllables, k=self.draw.randint(1, 4))) for _ in range(20_000)
        ]
        self.weights = list(accumulate(1 / rank for rank in range(1, len(self.words) + 1)))
        self.phrases = [self._words(5) for _ in range(300)]
        self.ends = [self._words(30) for _ in range(30)]
        self.before: deque[list[str]] = deque(maxlen=2_000)

    def next(self) -> str:
        """Return the next text."""
        if self.before and self.draw.random() < 0.04:
            words = list(self.draw.choice(self.before))
            at = self.draw.randrange(len(words) - len(words) // 10)
            words[at : at + len(words) // 10] = self._words(len(words) // 10)
        else:
            words = []
            while len(words) < self.draw.randint(250, 600):
                words += self._words(self.draw.randint(10, 40)) + self.draw.choice(self.phrases)
        self.before.append(words)
        return " ".join([*words, *self.draw.choice(self.ends)])

    def _words(self, count: int) -> list[str]:
        return self.draw.choices(self.words, cum_weights=self.weights, k=count)


def _article(archive: Archive, texts: _Texts) -> tuple[NamedGraph, Article]:
    """Return the graph of an article of the archive, and the article with a text of real length."""
    article, claims, quotations = archive.article()
    graph = article_graph(article, claims, VERSIONS, load_vocabulary(), quotations=quotations)
    return graph, replace(article, text=texts.next())


def _load(store: Store, batch: Sequence[tuple[NamedGraph, Article]]) -> tuple[float, float, float]:
    """Load articles with their marks; return ms an article: fingerprints, search and writing."""
    start = time.process_time()
    prints = [fingerprint(article, NOW) for _, article in batch]
    read = time.process_time()
    marked = mark_copies(store, {print_.article: print_ for print_ in prints if print_})
    found = time.process_time()
    # The articles' own graphs are written in the same transaction, but are not part of the cost.
    store.replace(graph for graph, _ in batch)
    begun = time.process_time()
    store.replace(marked.graphs, marked.drop)
    done = time.process_time()
    spans = read - start, found - read, done - begun
    return tuple(1000 * span / len(batch) for span in spans)


def _mark(store: Store, prints: Sequence[Fingerprint]) -> None:
    marked = mark_copies(store, {print_.article: print_ for print_ in prints})
    store.replace(marked.graphs, marked.drop)


def main() -> None:
    """Run the command that is named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("accuracy")
    one.add_argument("--seeds", type=int, default=5)
    one.add_argument("--first", type=int, default=1)
    one = commands.add_parser("cost")
    one.add_argument("--articles", type=int, default=20_000)
    one.add_argument("--store", type=Path)
    given = parser.parse_args()
    console = Console(width=120)
    if given.command == "accuracy":
        accuracy(given.first, given.seeds, console)
    elif given.store:
        cost(given.articles, given.store, console)
    else:
        with tempfile.TemporaryDirectory() as folder:
            cost(given.articles, Path(folder), console)


if __name__ == "__main__":
    main()
