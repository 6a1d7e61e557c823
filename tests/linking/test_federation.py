"""A query that joins the graph with a second SPARQL endpoint, from the client's side."""

import csv
import json
import re

import pytest
from pyoxigraph import Store as Oxigraph

from accord.errors import ExitCode
from accord.store import PREFIXES
from tests.conftest import ROOT
from tests.linking.misbehaving import misbehaving, status

LINKS = """
INSERT DATA {{ GRAPH <https://w3id.org/accord-kg/graph/test-links> {{
  actor:turkey skos:exactMatch wd:Q43 . actor:russia skos:exactMatch wd:Q159 .
}} }}
"""

PAGE = (ROOT / "docs" / "linking.md").read_text(encoding="utf-8")
[DOCUMENTED] = re.findall(r"^    PREFIX wdt:(?:.*\n)+?    }$", PAGE, re.MULTILINE)
MEMBERS = DOCUMENTED.replace("https://query.wikidata.org/sparql", "ENDPOINT")
"""The query of the documentation, for another endpoint."""


@pytest.fixture
def empty(tmp_path):
    """A store without anything: a query is refused before it is asked."""
    Oxigraph(tmp_path / "store")
    return tmp_path / "store"


@pytest.fixture
def store(ingest, write, tmp_path):
    """A store of one report, in which Turkey has a link and so has Russia."""
    ingest(write("report.txt"))
    graph = Oxigraph(tmp_path / "store")
    prologue = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    graph.update(prologue + LINKS.format())
    del graph
    return tmp_path / "store"


def test_claims_about_members_of_an_alliance_that_only_wikidata_knows(accord, store, wikidata):
    query = MEMBERS.replace("ENDPOINT", wikidata)
    done = accord("query", query, "--store", store, "--service", "127.0.0.1", "--format", "csv")
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(done.stdout.splitlines()))
    # Russia is in the graph and has claims, but is no member.
    assert {row["actor"] for row in rows} == {"https://w3id.org/accord-kg/id/actor/turkey"}
    assert any("fulfil its obligations" in row["words"] for row in rows)
    of_others = MEMBERS.replace("ENDPOINT", wikidata).replace("Q7184", "Q318693")  # the CSTO
    done = accord("query", of_others, "--store", store, "--service", "127.0.0.1", "--format", "csv")
    assert "actor/turkey" not in done.stdout


@pytest.mark.parametrize(
    "hosts", [[], ["--service", "query.wikidata.org"], ["--service", "127.0.0.1.example.org"]]
)
def test_nobody_is_called_without_being_named(accord, empty, hosts):
    with misbehaving(status(200, b"{}")) as server:
        query = MEMBERS.replace("ENDPOINT", server.address)
        done = accord("query", query, "--store", empty, *hosts)
        assert done.returncode == ExitCode.WRONG_USE
        assert "--service" in done.stderr
        assert server.seen == []


def test_an_address_that_the_query_makes_itself_is_not_called(accord, empty):
    with misbehaving(status(200, b"{}")) as server:
        query = f"SELECT * {{ BIND(<{server.address}> AS ?where) SERVICE ?where {{ ?s ?p ?o }} }}"
        done = accord("query", query, "--store", empty, "--service", "127.0.0.1")
        assert done.returncode == ExitCode.WRONG_USE
        assert server.seen == []


def test_an_endpoint_that_fails_is_named(accord, empty):
    with misbehaving(status(500, b"because of the weather")) as server:
        query = MEMBERS.replace("ENDPOINT", server.address)
        done = accord("query", query, "--store", empty, "--service", "127.0.0.1")
        assert done.returncode == ExitCode.WRONG_USE
        assert server.address in done.stderr.replace("\n", "")
        assert "Traceback" not in done.stderr


def test_a_server_allows_what_it_calls_by_itself(accord, oxigraph_server):
    done = accord("query", "ASK {}", "--store", oxigraph_server, "--service", "127.0.0.1")
    assert done.returncode == ExitCode.WRONG_USE
    assert "--service is for a store that is a folder" in " ".join(done.stderr.split())
    done = accord("query", "ASK {}", "--store", oxigraph_server, "--format", "json")
    assert json.loads(done.stdout)["boolean"] is True
