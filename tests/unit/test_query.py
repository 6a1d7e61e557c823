import csv
import io
import json

import pytest
from rich.console import Console

from accord.errors import QueryError
from accord.graph import NamedGraph
from accord.query import FORMATS, find_query, is_sparql, named_queries, render
from accord.store import open_store

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
