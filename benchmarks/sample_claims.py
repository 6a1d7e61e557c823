#!/usr/bin/env python3
"""Draw claims at random from a folder of news for judging by reading, and sum the judgements up.

    python benchmarks/sample_claims.py draw [--seed 2026] [--n 200] [--claims FILE]
    python benchmarks/sample_claims.py show     # the drawn claims not yet judged, with their text
    python benchmarks/sample_claims.py report

``draw`` extracts the claims of every article (or reads what ``accord extract`` wrote to FILE) and
writes the drawn ones to benchmarks/judgements/news-200.jsonl, by file and offsets, without text.
A judgement made before stays with a claim whose file, offsets, type, actor, holder and polarity
have not changed. Each claim has a place in the draw from the hash of the seed and these, which
makes every claim equally likely and leaves the sample alone where extraction does not change.

A person fills in ``judgement``, by reading the passage:

right   the text makes a claim of this type, and holder, actor and polarity are what it says;
        ``wrong`` lists other slots that are not
partly  the text makes a claim of this type, but holder, actor or polarity is another; ``wrong``
        says which
wrong   the text makes no such claim; ``wrong`` says why in a word or two
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import sqrt
from pathlib import Path
from typing import Any

from accord.article import Article
from accord.claim import NORMS
from accord.errors import ArticleError, UsageError
from accord.extraction import extract
from accord.settings import load_settings
from accord.sources.files import Files

ROOT = Path(__file__).parent.parent
NEWS = ROOT.parent / "shared" / "data" / "news"
JUDGEMENTS = Path(__file__).parent / "judgements" / "news-200.jsonl"
VERDICTS = ("right", "partly", "wrong")
_IDENTITY = ("article", "start", "end", "type", "actor", "holder", "polarity")

Record = dict[str, Any]

#: The confidence of claims that are reported apart.
SURE = 0.8


def identity(claim: Record) -> str:
    """Return what a judgement depends on: the place, type, actor, holder and polarity."""
    return json.dumps([claim.get(key) for key in _IDENTITY], ensure_ascii=False)


def draw(claims: Sequence[Record], n: int, seed: int) -> list[Record]:
    """Return ``n`` claims drawn at random, by article and offsets; all, where there are fewer."""
    places = {
        identity(claim): hashlib.sha256(f"{seed} {identity(claim)}".encode()).hexdigest()
        for claim in claims
    }
    by_identity = {identity(claim): claim for claim in claims}
    drawn = sorted(by_identity, key=lambda key: places[key])[:n]
    return sorted(
        (by_identity[key] for key in drawn),
        key=lambda claim: (claim["article"], claim["start"], claim["end"], claim["type"]),
    )


def carry_over(drawn: Iterable[Record], judged: Iterable[Record]) -> list[Record]:
    """Return drawn claims without text, with the judgements already made on the same claims."""
    known = {identity(record): record for record in judged if record.get("judgement")}
    records = []
    for claim in drawn:
        old = known.get(identity(claim), {})
        record = {key: value for key, value in claim.items() if key not in ("text", "id")}
        record |= {"judgement": old.get("judgement"), "wrong": old.get("wrong", [])}
        records.append(record)
    return records


def wilson(right: float, total: int, z: float = 1.96) -> tuple[float, float]:
    """Return the Wilson score interval of a share, 95% by default (Wilson, JASA 22, 1927)."""
    if not total:
        return 0.0, 1.0
    share = right / total
    centre = share + z * z / (2 * total)
    half = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


def report(drawn: Record, records: Sequence[Record]) -> Iterator[str]:
    """Yield the lines of the summary: precision, false alarms, types and wrong slots."""
    judged = [record for record in records if record["judgement"]]
    counts = Counter(record["judgement"] for record in judged)
    total = len(judged)
    yield (
        f"{drawn['claims']} claims in {drawn['articles']} articles of {drawn['words']} words; "
        f"{len(records)} drawn, {total} judged"
    )
    if not total:
        return
    for label, right in (
        ("right", counts["right"]),
        ("right or partly", counts["right"] + counts["partly"]),
    ):
        low, high = wilson(right, total)
        alarms = (1 - right / total) * drawn["claims"] / drawn["words"] * 1000
        yield (
            f"{label:16} {right}/{total} = {right / total:.3f} (95% {low:.3f} to {high:.3f}); "
            f"otherwise {alarms:.2f} per 1,000 words"
        )
    sure = [record for record in judged if (record.get("confidence") or 0) >= SURE]
    if sure:
        right = sum(record["judgement"] == "right" for record in sure)
        yield f"at confidence {SURE} or more: right {right}/{len(sure)} = {right / len(sure):.3f}"
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    slots: Counter[str] = Counter()
    for record in judged:
        norm = "norms" if record["type"] in set(NORMS) else "context"
        for row in (norm, f"  {record['type']}"):
            rows[row][record["judgement"]] += 1
        slots.update(f"{record['judgement']}: {slot}" for slot in record["wrong"])
    yield f"{'':16}" + "".join(f"{verdict:>8}" for verdict in VERDICTS)
    for row in sorted(rows, reverse=True):
        yield f"{row:16}" + "".join(f"{rows[row][verdict]:8}" for verdict in VERDICTS)
    yield "; ".join(f"{slot} {number}" for slot, number in slots.most_common())


def show(records: Iterable[Record], news: Path, around: int = 220) -> Iterator[str]:
    """Yield the claims not yet judged with ``around`` characters of text on either side."""
    for record in records:
        if record["judgement"]:
            continue
        with (news / f"{record['article']}.txt").open(encoding="utf-8", newline="") as handle:
            text = handle.read()
        start, end = record["start"], record["end"]
        before, after = text[max(0, start - around) : start], text[end : end + around]
        fields = {
            key: value
            for key, value in record.items()
            if key not in ("judgement", "wrong", "article")
            and value not in ("affirmed", "asserted")
        }
        yield f"## {record['article']} {json.dumps(fields, ensure_ascii=False)}"
        yield " ".join(f"{before}[[{text[start:end]}]]{after}".split())


def extracted(news: Path) -> tuple[list[Article], list[Record]]:
    """Read and extract every article of a folder; those that cannot be read are named."""
    largest = load_settings().largest_article
    articles = []
    for location in Files(news).discover():
        try:
            articles.append(location.article(location.read(), largest))
        except ArticleError as error:
            print(error, file=sys.stderr)
    found = [claim.document() for _, claims in extract(articles) for claim in claims]
    return articles, found


def _read(path: Path) -> tuple[Record, list[Record]]:
    if not path.is_file():
        return {}, []
    drawn, *records = (
        json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line
    )
    return drawn, records


def _draw(options: argparse.Namespace) -> str:
    if options.claims:
        lines = options.claims.read_text(encoding="utf-8").splitlines()
        claims = [json.loads(line) for line in lines if line]
        texts = [
            location.read().decode("utf-8", "replace")
            for location in Files(options.news).discover()
        ]
    else:
        articles, claims = extracted(options.news)
        texts = [article.text for article in articles]
    _, judged = _read(options.judgements)
    records = carry_over(draw(claims, options.n, options.seed), judged)
    head = {
        "seed": options.seed,
        "articles": len(texts),
        "words": sum(len(text.split()) for text in texts),
        "claims": len(claims),
    }
    options.judgements.parent.mkdir(exist_ok=True)
    with options.judgements.open("w", encoding="utf-8") as handle:
        for line in (head, *records):
            handle.write(json.dumps(line, ensure_ascii=False) + "\n")
    kept = sum(bool(record["judgement"]) for record in records)
    return f"{len(records)} claims drawn of {len(claims)}, {kept} of them already judged"


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=("draw", "show", "report"))
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--n", type=int, default=200, help="how many claims to draw")
    parser.add_argument("--claims", type=Path, help="claims that accord extract wrote")
    parser.add_argument("--news", type=Path, default=NEWS, help="folder of the news articles")
    parser.add_argument("--judgements", type=Path, default=JUDGEMENTS, help="file of the sample")
    options = parser.parse_args()
    try:
        if options.command == "draw":
            print(_draw(options))
            return
        drawn, records = _read(options.judgements)
        if not drawn:
            raise UsageError(f"{options.judgements} does not exist.", "Run draw first.")
        if options.command == "show":
            print(*show(records, options.news), sep="\n")
        else:
            print(*report(drawn, records), sep="\n")
    except UsageError as error:
        raise SystemExit(f"{error}") from error


if __name__ == "__main__":
    main()
