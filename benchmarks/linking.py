#!/usr/bin/env python3
"""How well names are linked, and the fit of what decides it.

    python benchmarks/linking.py score [TABLE]    figures on tests/linking/names.tsv, or another
    python benchmarks/linking.py fit [--write]    weights and thresholds from linking_names.tsv
    python benchmarks/linking.py names            requests and seconds: linking_requests.py

The first two ask a real SPARQL server (Oxigraph) that holds the small Wikidata of tests/fixtures.
The table of the fit and that of the test share the items but no name with its context. ``fit``
takes each candidate of a name, and each item of a similar name, for an example that is right or
wrong, and leaves the ambiguous names out of the weights. Then it chooses the thresholds: those with
the most right decisions of all three kinds where at least 98 of 100 links of the fit's table are
right.
"""

from __future__ import annotations

import argparse
import math
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import linking_requests
import numpy as np

from accord.linking.candidate import Candidate
from accord.linking.decision import decide
from accord.linking.names import closest
from accord.linking.rules import Rules, read_rules
from accord.linking.scoring import features
from accord.linking.services import opened_source
from accord.linking.subject import Subject
from accord.settings import Settings
from accord.web.child import free_port

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.linking import names_table, wikidata_model  # noqa: E402
from tests.linking.names_table import AMBIGUOUS, Figures, Row  # noqa: E402

RULES = ROOT / "mappings" / "linking.yaml"
FIT = ROOT / "benchmarks" / "linking_names.tsv"
PENALTY = 0.3
"""On the squares of what the weights differ from these by."""

PRIOR = {"surname": -2.0, "acronym": -0.5, "names": 1.0, "related": 0.5}
"""Weights of what the table has few examples of, as one would guess them."""

PRECISION = 0.98

NEAR = 0.6
"""Names less alike than this teach nothing about names."""


def main() -> None:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("score").add_argument("table", type=Path, nargs="?")
    commands.add_parser("fit").add_argument("--write", action="store_true")
    many = commands.add_parser("names")
    many.add_argument("--names", type=int, default=5000)
    many.add_argument("--items", type=int, default=100_000)
    given = parser.parse_args()
    if given.command == "names":
        linking_requests.names(given.names, given.items)
    elif given.command == "score":
        score(given.table or names_table.TEST)
    else:
        fit(write=given.write)


def score(table: Path) -> None:
    """Print the figures of a table, and each decision that is not the expected one."""
    rows = names_table.rows(table)
    found = candidates(rows)
    decisions = [decide(row.subject, found[row.subject.iri]) for row in rows]
    for row, decision in zip(rows, decisions, strict=True):
        if not names_table.right(row, decision):
            best = [f"{c.candidate.qid} {c.confidence:.2f}" for c in decision.candidates[:3]]
            said = f"{decision.verdict}: {', '.join(best)}"
            print(f"{row.subject.label} ({row.subject.kind}), not {row.expected} but {said}")
    show(names_table.figures(rows, decisions))


def fit(*, write: bool) -> None:
    """Print weights, thresholds and their figures on the fit's table; put them into the file."""
    rules = read_rules(RULES)
    rows = names_table.rows(FIT)
    found, every = candidates(rows), everything()
    names = list(rules.weights)
    examples, right = [], []
    for row in rows:
        if row.expected != AMBIGUOUS:
            for each in {c.iri: c for c in [*found[row.subject.iri], *near(row, every)]}.values():
                about = features(row.subject, each, rules)
                examples.append([about[name] for name in names])
                right.append(each.qid == row.expected)
    prior = np.array([PRIOR.get(name, 0.0) for name in [*names, ""]])
    weights = regression(np.array(examples, float), np.array(right, float), prior)
    weighed = replace(
        rules,
        bias=round(weights[-1], 2),
        weights={name: round(w, 2) for name, w in zip(names, weights[:-1], strict=True)},
    )
    best = thresholds(rows, found, weighed)
    print(f"{len(right)} candidates of {len(rows)} names, {sum(right)} of them right")
    print(f"bias {best.bias}, link {best.link}, margin {best.margin}, review {best.review}")
    for name, weight in best.weights.items():
        print(f"  {name}: {weight}")
    show(figures(rows, found, best))
    if write:
        text = RULES.read_text(encoding="utf-8")
        values = {"bias": best.bias, "link": best.link, "margin": best.margin}
        for name, value in {**values, "review": best.review, **best.weights}.items():
            text = re.sub(rf"(?m)^( *{name}: )-?[\d.]+", rf"\g<1>{value}", text, count=1)
        RULES.write_text(text, encoding="utf-8")


def everything() -> list[Candidate]:
    """Return all items of the small Wikidata, whatever their class."""
    items = [item for item in wikidata_model.items() if item.kind != "class"]
    rows = [Row(Subject(iri=item.qid, label=item.label[0]), "", "") for item in items]
    found = candidates(rows, typed=False)
    return list({each.iri: each for some in found.values() for each in some}.values())


def near(row: Row, every: Sequence[Candidate]) -> list[Candidate]:
    """Return the items with similar names that a lookup of exact names does not find."""
    names = row.subject.names
    return [each for each in every if closest(names, (each.label, *each.aliases)) > NEAR]


def regression(x: np.ndarray, y: np.ndarray, prior: np.ndarray) -> list[float]:
    """Return the weights of a logistic regression, the constant last, by Newton's method.

    :param prior: what the weights are where the examples say nothing; being far from it costs
    """
    x = np.hstack([x, np.ones((len(x), 1))])
    penalty = np.diag([PENALTY] * (x.shape[1] - 1) + [1e-3])
    w = prior.copy()
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ w))
        slope = x.T @ (p - y) + penalty @ (w - prior)
        w -= np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + penalty, slope)
    return [float(each) for each in w]


def thresholds(rows: Sequence[Row], found: dict[str, list[Candidate]], rules: Rules) -> Rules:
    """Return the rules with the best thresholds; of equally good ones the most careful."""
    best, value = rules, -math.inf
    for link in (0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5):
        for margin in (3.0, 2.5, 2.0, 1.5, 1.0):
            for review in (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4):
                tried = replace(rules, link=link, margin=margin, review=review)
                got = figures(rows, found, tried)
                worth = got.recall + got.none + got.none_right + got.kept
                worth -= 10 * max(0.0, PRECISION - got.precision)
                if worth > value + 1e-9:
                    best, value = tried, worth
    return best


def figures(rows: Sequence[Row], found: dict[str, list[Candidate]], rules: Rules) -> Figures:
    """Return how good the decisions by some rules are."""
    decisions = [decide(row.subject, found[row.subject.iri], rules) for row in rows]
    return names_table.figures(rows, decisions)


def show(got: Figures) -> None:
    """Print figures."""
    print(f"{got.links} links: precision {got.precision:.3f}, recall {got.recall:.3f}")
    print(f"none: {got.none:.3f} of the names without an answer got none, and {got.none_right:.3f}")
    print(f"of these decisions are right; {got.kept:.3f} of the ambiguous names kept candidates")


def candidates(rows: Sequence[Row], *, typed: bool = True) -> dict[str, list[Candidate]]:
    """Return what the small Wikidata proposes for each name."""
    types = read_rules(RULES).types if typed else None
    with small_wikidata() as endpoint, tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            wikidata_endpoint=endpoint, wikidata_api="", cache=folder, contact="nobody@localhost"
        )
        with opened_source(settings, types=types) as source:
            subjects = [row.subject for row in rows]
            return {one.iri: found for one, found in source.candidates(subjects)}


@contextmanager
def small_wikidata() -> Iterator[str]:
    """Run a SPARQL server with the items of the tests; yields its query endpoint."""
    from tests.conftest import running
    from tests.linking.conftest import load

    port = free_port()
    address = f"http://127.0.0.1:{port}"
    program = Path(sys.executable).with_name("oxigraph")
    with running([program, "serve", "--bind", f"127.0.0.1:{port}"], f"{address}/"):
        load(address, wikidata_model.turtle(wikidata_model.items()))
        yield f"{address}/query"


if __name__ == "__main__":
    main()
