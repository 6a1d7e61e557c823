"""The twenty competency questions on the five sample articles, and how many answers are right.

The answers are in ``tests/fixtures/competency.yaml``, written from the gold answers beside this
checkout. Run with ``-s`` for the table.
"""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from pyoxigraph import Store as Oxigraph
from rich.console import Console
from rich.table import Table

from accord.query import find_query, named_queries, names_in, rows
from accord.store import PREFIXES, Store, open_store
from accord.yamls import read_yaml
from tests.conftest import ROOT, SHARED, clean_environment

SEEDS = SHARED / "seeds"
GOLD = SHARED / "gold" / "competency.tsv"
pytestmark = pytest.mark.skipif(
    not SEEDS.is_dir(), reason="the sample articles are not beside this checkout (../shared/seeds)"
)
QUESTIONS: dict[str, dict[str, Any]] = read_yaml(ROOT / "tests" / "fixtures" / "competency.yaml")  # type: ignore[assignment]

Row = dict[str, str]


@dataclass
class Outcome:
    """What became of one question: gold answers that are rows, that are not, and other rows."""

    right: list[Row] = field(default_factory=list)
    lost: list[Row] = field(default_factory=list)
    missing: list[Row] = field(default_factory=list)
    found_after_all: list[Row] = field(default_factory=list)
    wrong: list[Row] = field(default_factory=list)
    wrong_no_more: list[Row] = field(default_factory=list)
    unexpected: list[Row] = field(default_factory=list)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("competency") / "store"
    subprocess.run(
        [sys.executable, "-m", "accord", "ingest", SEEDS, "--store", folder, "--quiet"],
        check=True,
        env=clean_environment(folder.parent),
        timeout=300,
    )
    with open_store(folder) as opened:
        yield opened


@pytest.fixture(scope="module")
def outcomes(store: Store) -> dict[str, Outcome]:
    return {name: _outcome(question, store) for name, question in QUESTIONS.items()}


def _outcome(question: Mapping[str, Any], store: Store) -> Outcome:
    found = [row for ask in question["ask"] for row in _ask(ask, store)]
    outcome = Outcome()
    for answer in question.get("answers", ()):
        kept = outcome.right if any(_fits(answer, row) for row in found) else outcome.lost
        kept.append(answer)
    for entry in question.get("missing", ()):
        assert entry["claim"]
        now = any(_fits(entry["row"], row) for row in found)
        (outcome.found_after_all if now else outcome.missing).append(entry["row"])
    for entry in question.get("wrong", ()):
        assert entry["why"]
        still = any(_fits(entry["row"], row) for row in found)
        (outcome.wrong if still else outcome.wrong_no_more).append(entry["row"])
    patterns = [*question.get("answers", ()), *question.get("also", ()), *outcome.wrong]
    patterns += outcome.found_after_all
    outcome.unexpected = [row for row in found if not any(_fits(p, row) for p in patterns)]
    return outcome


def _ask(ask: Mapping[str, Mapping[str, Any]], store: Store) -> list[Row]:
    ((name, given),) = ask.items()
    values = {
        key: [str(item) for item in (value if isinstance(value, list) else [value])]
        for key, value in given.items()
    }
    return list(rows(store.query(find_query(name).bound(values, names_in(store)))))


def _fits(pattern: Mapping[str, str], row: Row) -> bool:
    """Whether the row has what the pattern says; see the head of the fixture."""
    return all(column in row and _holds(row[column], want) for column, want in pattern.items())


def _holds(cell: str, want: str) -> bool:
    if want.startswith("~"):
        return want[1:] in cell
    if want.isdigit() and len(want) == 3:
        return cell.startswith(want)
    return cell == want or (bool(want) and want in cell.split(", "))


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_answers_are_the_gold_answers(name, outcomes):
    outcome = outcomes[name]
    assert not outcome.lost, f"gold answers that are no rows any more: {outcome.lost}"
    assert not outcome.unexpected, f"rows that nobody has judged: {outcome.unexpected}"
    assert not outcome.found_after_all, (
        f"found after all, so they belong to the answers: {outcome.found_after_all}"
    )
    assert not outcome.wrong_no_more, f"no longer wrong, so take them out: {outcome.wrong_no_more}"


def test_every_question_of_the_gold_is_asked():
    with GOLD.open(encoding="utf-8", newline="") as file:
        ids = [row["id"] for row in csv.DictReader(file, delimiter="\t")]
    assert list(QUESTIONS) == ids
    for question in QUESTIONS.values():
        assert question.get("answers") or question.get("missing")


def test_no_query_knows_an_answer():
    """No query names an actor, an accord, a place or an article of its own."""
    for path in (ROOT / "ontology" / "queries").glob("*.rq"):
        text = path.read_text(encoding="utf-8")
        for prefix in ("actor:", "agreement:", "place:", "/id/actor", "/id/agreement", "/id/place"):
            assert prefix not in text.replace("GRAPH graph:", ""), path.name


@pytest.mark.parametrize("name", [query.name for query in named_queries()])
def test_no_query_relies_on_the_default_graph(name, store):
    """Stores differ in what they take for it: the union of all graphs, or nothing."""
    query = find_query(name).bound({}, names_in(store))
    oxigraph = Oxigraph.read_only(store.address)
    alone, union = (
        sorted(map(str, oxigraph.query(query, prefixes=PREFIXES, use_default_graph_as_union=way)))
        for way in (False, True)
    )
    assert alone == union
    # The five articles contradict each other in other ways, and none is a copy.
    assert alone or name in ("contradictions", "missed-deadlines", "copies")


def test_the_table(outcomes, capsys):
    table = Table("question", "right", "missing", "wrong", "asked with", highlight=False)
    complete = 0
    for name, outcome in outcomes.items():
        right = len(outcome.right) + len(outcome.found_after_all)
        missing = len(outcome.lost) + len(outcome.missing)
        wrong = len(outcome.wrong) + len(outcome.unexpected)
        complete += not missing and not wrong
        asked = ", ".join(query for ask in QUESTIONS[name]["ask"] for query in ask)
        table.add_row(name, str(right), str(missing), str(wrong), asked)
    with capsys.disabled():
        console = Console(width=100)
        console.print(table)
        console.print(f"{complete} of {len(outcomes)} answered completely")
    assert complete
