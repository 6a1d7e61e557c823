import csv
import io
import json
import re

import pytest
from rdflib.plugins.sparql import prepareQuery
from rich.console import Console

from accord.errors import QueryError
from accord.graph import NamedGraph
from accord.parameters import TYPES
from accord.query import FORMATS, count_rows, find_query, is_sparql, named_queries, render
from accord.store import open_store
from tests.conftest import ROOT

TRIPLES = (
    '<https://w3id.org/accord-kg/id/actor/turkey> <https://example.org/p> "Turkey, \\"T\\"" .\n'
    f'<https://example.org/b> <https://example.org/p> "{"long words " * 12}" .\n'
)


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "store", create=True) as opened:
        opened.replace([NamedGraph("https://example.org/g", TRIPLES)])
        yield opened


def shown(answer) -> str:
    console = Console(width=80, file=io.StringIO())
    console.print(answer)
    return console.file.getvalue()


SELECT = "SELECT ?s ?o WHERE { ?s <https://example.org/p> ?o } ORDER BY DESC(?s)"


def test_every_named_query_has_a_question_and_is_sparql(store):
    queries = list(named_queries())
    assert {"claims", "contradictions"} <= {query.name for query in queries}
    for query in queries:
        assert query.title.endswith("?")
        assert query.description.endswith(".")
        for format in FORMATS:
            render(store.query(query.sparql), format)


def test_a_name_that_is_nearly_right_gets_a_suggestion():
    with pytest.raises(QueryError, match="Did you mean contradictions"):
        find_query("contradiction")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("claims", False), (" my-query ", False), ("ASK {}", True), ("A\nB", True)],
)
def test_names_are_told_from_sparql(text, expected):
    assert is_sparql(text) is expected


def test_formats_of_a_select(store):
    assert (
        next(csv.DictReader(io.StringIO(render(store.query(SELECT), "csv"))))["o"] == 'Turkey, "T"'
    )
    bindings = json.loads(render(store.query(SELECT), "json"))["results"]["bindings"]
    assert bindings[0]["o"]["value"] == 'Turkey, "T"'
    assert render(store.query(SELECT), "tsv").startswith("?s\t?o\n")


def test_a_table_shortens_iris_and_puts_long_words_below(store):
    text = shown(render(store.query(SELECT), "table"))
    assert "actor:turkey" in text
    assert "    long words" in text
    assert "1 more row" in shown(render(store.query(SELECT), "table", limit=1))
    assert "no rows" in shown(render(store.query("SELECT ?x { ?x a accord:Nothing }"), "table"))


@pytest.mark.parametrize("format", FORMATS)
def test_ask_and_construct_in_every_format(store, format):
    assert "true" in render(store.query("ASK { ?s ?p ?o }"), format)
    construct = "CONSTRUCT WHERE { ?s <https://example.org/p> ?o }"
    assert "Turkey" in render(store.query(construct), format)


def test_the_table_of_questions_is_true(request):
    """``--update-golden`` writes it."""
    page = ROOT / "docs" / "queries.md"
    lines = ["| name | question | parameters |", "|---|---|---|"]
    for query in named_queries():
        names = ", ".join(f"`{parameter.name}`" for parameter in query.parameters)
        lines.append(f"| `{query.name}` | {query.title} | {names} |")
    table = "\n".join(lines)
    head, mark, rest = page.read_text(encoding="utf-8").partition("--update-golden` -->\n")
    _, end, tail = rest.partition("<!-- end -->")
    assert mark
    assert end
    made = f"{head}{mark}\n{table}\n\n{end}{tail}"
    if request.config.getoption("--update-golden"):
        page.write_text(made, encoding="utf-8")
    assert page.read_text(encoding="utf-8") == made


def test_the_types_of_parameters_are_documented():
    page = (ROOT / "docs" / "queries.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([\w-]+)` \| [^|]+ \|$", page, re.MULTILINE) == list(TYPES)


def test_a_query_shows_the_prefixes_that_it_uses_and_no_others():
    text = find_query("claims").text
    assert "PREFIX accord: <" in text
    assert "PREFIX wd:" not in text
    prepareQuery(text)


def test_rows_are_counted_without_being_used_up(store):
    answer, number = count_rows(store.query(SELECT))
    assert number == len(list(answer)) == 2
    assert count_rows(store.query("ASK { ?s ?p ?o }"))[1] == 0


def test_most_rows():
    claims = find_query("claims")
    default = next(p.default for p in claims.parameters if p.name == "limit")
    assert claims.most_rows({}) == int(default)
    assert claims.most_rows({"limit": ["7"]}) == 7
