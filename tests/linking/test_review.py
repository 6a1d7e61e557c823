"""Review in the terminal: a real process that is answered on its standard input."""

import subprocess
import sys
from dataclasses import replace
from datetime import date

import pytest

from accord.errors import UsageError
from accord.linking.mapping_set import code_iri
from accord.linking.review import answered, questions, replaced
from accord.linking.sssom import BROAD, CLOSE, EXACT, Link, MappingSet, read_links, write_links
from tests.conftest import clean_environment

WD = "http://www.wikidata.org/entity/"
DAY = date(2026, 11, 22)


def proposal(subject: str, item: str, confidence: float) -> Link:
    return Link(
        f"https://w3id.org/accord-kg/id/actor/{subject}",
        f"{WD}{item}",
        subject_label=subject.title(),
        object_label=f"item {item}",
        confidence=confidence,
        comment=f"about {item}",
    )


PROPOSED = [
    proposal("alpha", "Q1", 0.4),
    proposal("alpha", "Q2", 0.6),
    proposal("beta", "Q3", 0.95),
    proposal("gamma", "Q4", 0.95).accept("B. Former"),
    proposal("delta", "Q5", 0.5),
]


def test_each_subject_is_asked_about_once_with_the_surest_first():
    asked = list(questions(MappingSet(PROPOSED)))
    assert [question.label for question in asked] == ["Alpha", "Beta", "Delta"]
    assert [link.object for link in asked[0].proposals] == [f"{WD}Q2", f"{WD}Q1"]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("a", [(EXACT, True, False), (EXACT, True, True)]),
        ("a2", [(EXACT, True, True), (EXACT, True, False)]),
        ("c", [(CLOSE, True, False), (EXACT, False, False)]),
        ("b2", [(EXACT, False, False), (BROAD, True, False)]),
        ("r", [(EXACT, True, True), (EXACT, True, True)]),
        ("r1", [(EXACT, True, True), (EXACT, False, False)]),
        ("s", [(EXACT, False, False), (EXACT, False, False)]),
    ],
)
def test_answers(reply, expected):
    question = next(questions(MappingSet(PROPOSED)))
    rows = answered(question, reply, "A. Scholar", DAY)
    assert [(row.predicate, row.confirmed, row.negated) for row in rows] == expected
    assert {row.reviewer for row in rows if row.confirmed} <= {"A. Scholar"}


def test_accepting_an_item_says_nothing_of_a_code_in_another_data_set():
    code = replace(PROPOSED[0], object=code_iri("ucdp", "12"))
    (question,) = questions(MappingSet([*PROPOSED[:2], code]))
    rows = {row.object: row for row in answered(question, "a", "A", DAY)}
    assert rows[f"{WD}Q2"].accepted and rows[f"{WD}Q1"].negated
    assert not rows[code.object].confirmed


@pytest.mark.parametrize("reply", ["", "x", "a3", "a0", "aa", "s2", "yes"])
def test_what_is_no_answer_changes_nothing(reply):
    with pytest.raises(UsageError):
        answered(next(questions(MappingSet(PROPOSED))), reply, "A", DAY)


def test_other_rows_stay():
    links = MappingSet(PROPOSED, {"license": "CC0"})
    rows = answered(next(questions(links)), "a", "A", DAY)
    after = replaced(links, rows)
    assert after.links[2:] == PROPOSED[2:] and after.header == links.header


def review(path, typed: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "accord", "link", "review", str(path), "--reviewer", "A. Scholar"],
        input=typed,
        capture_output=True,
        text=True,
        env=clean_environment(path.parent),
        timeout=120,
    )


def test_a_review_in_the_terminal_writes_the_same_file(tmp_path):
    path = tmp_path / "links.sssom.tsv"
    write_links(path, MappingSet(PROPOSED))
    done = review(path, "what?\na\nr\ns\n")
    assert done.returncode == 0, done.stderr
    assert "3 names wait" in done.stderr and "'what?' is no answer" in done.stderr
    assert "about Q2" in done.stdout and "http://www.wikidata.org/entity/Q2" in done.stdout
    links = {link.object.removeprefix(WD): link for link in read_links(path).links}
    assert links["Q2"].accepted and links["Q2"].reviewer == "A. Scholar"
    assert links["Q1"].negated and links["Q3"].negated
    assert not links["Q5"].confirmed
    assert links["Q4"] == PROPOSED[3]


def test_each_answer_is_kept_at_once(tmp_path):
    path = tmp_path / "links.sssom.tsv"
    write_links(path, MappingSet(PROPOSED))
    # The input ends after one answer, as if the terminal had been closed.
    assert review(path, "a\n").returncode == 0
    links = {link.object.removeprefix(WD): link for link in read_links(path).links}
    assert links["Q2"].accepted and not links["Q3"].confirmed


def test_a_file_that_is_not_there_is_named(tmp_path):
    done = review(tmp_path / "none.tsv", "")
    assert done.returncode == 1 and "none.tsv" in done.stderr and "Traceback" not in done.stderr


def test_accepting_needs_nothing_but_a_name_in_the_file():
    (row,) = (replace(PROPOSED[2], reviewer="A. Scholar"),)
    assert row.accepted
