"""The same behaviour from every store: a folder, and real servers."""

import subprocess
import sys

import pytest
from pyoxigraph import Literal

from accord.errors import QueryError, StoreError
from accord.graph import NamedGraph
from accord.query import rows
from accord.settings import Settings
from accord.store import open_store
from accord.store.endpoints import Endpoints
from tests.serve.conftest import TOKEN, owned  # noqa: F401

G1, G2 = "https://example.org/g1", "https://example.org/g2"


def triple(value: str) -> str:
    return f'<https://example.org/s> <https://example.org/p> "{value}" .\n'


@pytest.fixture(
    params=[
        "folder",
        pytest.param("oxigraph", marks=pytest.mark.server),
        pytest.param("graphs", marks=pytest.mark.server),
        pytest.param("updates", marks=pytest.mark.server),
        pytest.param("served", marks=pytest.mark.server),
        pytest.param("virtuoso", marks=[pytest.mark.server, pytest.mark.virtuoso]),
    ]
)
def store(request, tmp_path):
    """A store of each kind; two are an Oxigraph server of which only a part is known."""
    settings = Settings()
    if request.param == "folder":
        address = tmp_path / "store"
    elif request.param == "virtuoso":
        address = request.getfixturevalue("virtuoso_server")
        settings = Settings(store_user="dba", store_password="dba", store_auth="digest")
    elif request.param == "served":
        address = request.getfixturevalue("owned").address
        settings = Settings(store_token=TOKEN)
    else:
        address = request.getfixturevalue("oxigraph_server")
    with open_store(address, create=True, settings=settings) as opened:
        if request.param == "graphs":
            opened.endpoints = Endpoints("?", f"{address}/query", graphs=f"{address}/store")
        if request.param == "updates":
            opened.endpoints = Endpoints("?", f"{address}/query", update=f"{address}/update")
        names = opened.query("SELECT DISTINCT ?g { GRAPH ?g { ?s <https://example.org/p> ?o } }")
        # Other tests use the same servers.
        opened.replace([], drop=[row["g"] for row in rows(names)])
        yield opened


def found(store) -> set[tuple[str, str]]:
    answer = store.query("SELECT ?g ?o WHERE { GRAPH ?g { ?s <https://example.org/p> ?o } }")
    return {(row["g"], row["o"]) for row in rows(answer)}


def test_a_graph_is_replaced_whole(store):
    store.replace([NamedGraph(G1, triple("a") + triple("b")), NamedGraph(G2, triple("c"))])
    store.replace([NamedGraph(G1, triple("é “quoted” \\u00e9\\n"))])
    assert found(store) == {(G1, "é “quoted” é\n"), (G2, "c")}
    store.replace([NamedGraph(G2, "")], drop=[G1])
    assert found(store) == set()


def test_all_or_nothing(store):
    store.replace([NamedGraph(G1, triple("old"))])
    with pytest.raises(StoreError):
        store.replace([NamedGraph(G1, triple("new")), NamedGraph(G2, "this is no triple .\n")])
    atomic = store.kind == "folder" or store.endpoints.transactional
    assert found(store) == {(G1, "old" if atomic else "new")}


def test_a_graph_that_cannot_be_read_leaves_what_was_there(store):
    store.replace([NamedGraph(G1, triple("old"))])
    with pytest.raises(StoreError):
        store.replace([NamedGraph(G1, triple("new") + "this is no triple .\n")])
    if store.kind == "folder" or store.endpoints.transactional or store.endpoints.graphs:
        assert found(store) == {(G1, "old")}


def test_many_graphs_at_once_and_again(store):
    def batch(word: str) -> list[NamedGraph]:
        return [
            NamedGraph(
                f"https://example.org/many/{i}",
                "".join(sorted(triple(f"{word} {i} {j} \u2028 \x85 é") for j in range(60))),
            )
            for i in range(60)
        ]

    graphs = [graph.iri for graph in batch("")]
    store.replace([], drop=graphs)
    for word in ("first", "second"):
        store.replace(batch(word))
        assert len(found(store)) == 3600
        assert (graphs[7], f"{word} 7 59 \u2028 \x85 é") in found(store)
    store.replace([], drop=graphs)
    assert found(store) == set()


def test_one_large_graph(store):
    store.replace([NamedGraph(G1, "".join(triple(f"value {i}") for i in range(7000)))])
    assert len(found(store)) == 7000


@pytest.mark.parametrize(
    "value",
    ["\\", '"', "'", "a\nb\r\tc", "\u00a0\u200b\u202e", "😀 العربية", "{ } . ; <x>", "\\u0041"],
)
def test_a_literal_comes_back_as_it_went(store, value):
    store.replace([NamedGraph(G1, f"<{G1}> <https://example.org/p> {Literal(value)} .\n")])
    assert found(store) == {(G1, value)}


def test_the_default_graph_is_the_union(store):
    store.replace([NamedGraph(G1, triple("a")), NamedGraph(G2, triple("b"))])
    answer = store.query("SELECT ?o WHERE { <https://example.org/s> ?p ?o } ORDER BY ?o")
    assert [row["o"] for row in rows(answer)] == ["a", "b"]


def test_quads_come_with_their_graphs(store):
    store.replace([NamedGraph(G1, triple("a")), NamedGraph(G2, triple("b"))])
    assert {
        (quad.graph_name.value, quad.object.value)
        for quad in store.quads()
        if quad.graph_name.value in (G1, G2)
    } == {(G1, "a"), (G2, "b")}


def test_graphs_are_found_by_what_they_hold(store):
    says, other = "urn:x:says", "urn:x:other"
    words = ["plain", 'a "quoted"\nline', *map(str, range(20))]
    texts = {f"urn:x:g{number}": Literal(word) for number, word in enumerate(words)}
    graphs = [NamedGraph(g, f"<urn:x:s> <{says}> {text} .\n") for g, text in texts.items()]
    graphs += [NamedGraph(f"urn:x:h{n}", f'<urn:x:s> <{says}> "often" .\n') for n in range(5)]
    graphs.append(NamedGraph("urn:x:i", f'<urn:x:s> <{other}> "plain" .\n'))
    store.replace(graphs)
    assert set(store.holding(says, words, 3)) == texts.keys()
    assert len(set(store.holding(says, ["often"], 3))) == 3
    assert len(set(store.holding(says, ["often"], 9))) == 5
    assert list(store.holding(says, ["never"], 9)) == []
    assert list(store.holding(says, [], 9)) == []
    store.replace([], drop=[graph.iri for graph in graphs])


def test_construct_and_ask(store):
    store.replace([NamedGraph(G1, triple("a"))])
    assert bool(store.query("ASK { ?s ?p 'a' }")) is True
    assert bool(store.query("ASK { ?s ?p 'z' }")) is False
    triples = list(store.query("CONSTRUCT WHERE { ?s <https://example.org/p> ?o }"))
    assert [triple.object.value for triple in triples] == ["a"]


def test_a_malformed_query_is_named_with_its_position(store):
    with pytest.raises(QueryError, match=r"line 2, column 1\d"):
        store.query("SELECT *\nWHERE { ?s ?p")


def test_prefixes_need_no_declaration_but_may_have_one(store):
    store.query("SELECT * { ?s a accord:Claim }")
    store.query("PREFIX accord: <https://example.org/> SELECT * { ?s a accord:Claim }")


def test_a_path_that_is_a_file(tmp_path):
    path = tmp_path / "store"
    path.write_text("x")
    with pytest.raises(StoreError, match="is a file"):
        open_store(path, create=True)


def test_no_store_there(tmp_path):
    with pytest.raises(StoreError, match="no store at"):
        open_store(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_a_store_that_another_process_holds(tmp_path, monkeypatch):
    monkeypatch.setattr("accord.store.embedded._PATIENCE", 0.3)
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import pyoxigraph, sys; s = pyoxigraph.Store(sys.argv[1]); print('held', flush=True); "
            "sys.stdin.read()",
            str(tmp_path / "store"),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(StoreError, match="held by another process"):
            open_store(tmp_path / "store", create=True)
    finally:
        holder.communicate(b"")
    with open_store(tmp_path / "store", create=True):
        pass


def test_a_closed_store_lets_go(tmp_path):
    for _ in range(3):
        store = open_store(tmp_path / "store", create=True)
        store.close()
        with pytest.raises(StoreError, match="closed"):
            store.query("ASK {}")


@pytest.mark.server
def test_no_server_there():
    with pytest.raises(StoreError, match="does not answer"):
        open_store("http://127.0.0.1:9/")


def test_a_store_lets_go_although_an_answer_hangs_in_a_cycle(tmp_path):
    store = open_store(tmp_path / "store", create=True)
    cycle = [store.query("SELECT * { ?s ?p ?o }")]
    cycle.append(cycle)
    del cycle
    store.close()
    open_store(tmp_path / "store").close()
