"""The named questions have the same answers on another make of store: Virtuoso 7."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict

from accord.graph import NamedGraph
from accord.query import named_queries, names_in, rows
from accord.settings import Settings
from accord.store import Answer, open_store
from tests.conftest import EXAMPLES, clean_environment

ARTICLES = ("gaza-ceasefire-2025.txt", "idlib-moscow-2020.txt", "idlib-sochi-2018.txt")
#: Virtuoso needs more memory for its plan than one query has by default (MaxMemPoolSize).
TOO_MUCH = {"disagreements"}


def test_questions_on_virtuoso(virtuoso_server, tmp_path):
    folder = tmp_path / "store"
    subprocess.run(
        [sys.executable, "-m", "accord", "ingest", "--quiet", "--store", folder]
        + [EXAMPLES / name for name in ARTICLES],
        check=True,
        env=clean_environment(tmp_path),
        timeout=300,
    )
    given = Settings(store_user="dba", store_password="dba", store_auth="digest")
    with open_store(folder) as here, open_store(virtuoso_server, settings=given) as there:
        graphs = defaultdict(list)
        for quad in here.quads():
            # Virtuoso's temporary columns hold 4 KB, and some plans put all objects into one.
            if quad.graph_name.value.endswith("/graph/geometries"):
                continue
            graphs[quad.graph_name.value].append(
                f"{quad.subject} {quad.predicate} {quad.object} .\n"
            )
        left = there.query(
            "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } "
            "FILTER(STRSTARTS(STR(?g), 'https://w3id.org/accord-kg/')) }"
        )
        # Other tests use the same server.
        there.replace([], drop=[row["g"] for row in rows(left)])
        there.replace([NamedGraph(name, "".join(lines)) for name, lines in graphs.items()])
        for query in named_queries():
            # All rows, since which come first is the choice of each store.
            if query.name in TOO_MUCH:
                continue
            sparql = query.bound({"limit": ["2000"]}, names_in(here))
            assert table(there.query(sparql)) == table(here.query(sparql)), query.name


def table(answer: Answer) -> list[list[list[str]]]:
    """Return the rows in a fixed order, and in each cell what it lists."""
    return sorted([sorted(cell.split(", ")) for cell in row.values()] for row in rows(answer))
