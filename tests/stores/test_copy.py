"""A copy from any kind of store into any other, whole, and resumed where it broke off."""

import json
from contextlib import ExitStack

import pytest
from pyoxigraph import RdfFormat, parse

from accord.errors import StoreError
from accord.graph import BASE, NamedGraph
from accord.settings import Settings
from accord.store import PREFIXES, open_store
from accord.store.copying import Copy, _same, _sizes
from accord.store.endpoints import Endpoints
from tests.serve.conftest import TOKEN, serving
from tests.stores.misbehaving import misbehaving
from tests.stores.samples import EX, XSD, article, capture, graphs, run_graph

KINDS = [
    "folder",
    pytest.param("oxigraph", marks=pytest.mark.server),
    pytest.param("graphs", marks=pytest.mark.server),
    pytest.param("updates", marks=pytest.mark.server),
    pytest.param("accord serve", marks=pytest.mark.server),
    pytest.param("virtuoso", marks=[pytest.mark.server, pytest.mark.virtuoso]),
]


@pytest.fixture
def other(request, tmp_path):
    """A store of each kind without any of Accord's graphs."""
    kind = request.param
    with ExitStack() as stack:
        settings = Settings()
        if kind == "folder":
            address = tmp_path / "other"
        elif kind == "accord serve":
            open_store(tmp_path / "served", create=True).close()
            running = stack.enter_context(serving(tmp_path / "served", ACCORD_TOKEN=TOKEN))
            address, settings = running.address, Settings(store_token=TOKEN)
        elif kind == "virtuoso":
            address = request.getfixturevalue("virtuoso_server")
            settings = Settings(store_user="dba", store_password="dba", store_auth="digest")
        else:
            address = request.getfixturevalue("oxigraph_server")
        store = stack.enter_context(open_store(address, create=True, settings=settings))
        if kind == "graphs":
            store.endpoints = Endpoints("?", f"{address}/query", graphs=f"{address}/store")
        if kind == "updates":
            store.endpoints = Endpoints("?", f"{address}/query", update=f"{address}/update")
        ours = [name for name in _sizes(store) if name.startswith(PREFIXES["graph"])]
        store.replace([], drop=[*ours, f"{EX}foreign"])
        yield store


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "store", create=True) as opened:
        opened.replace(graphs(range(30)))
        yield opened


def found(store) -> dict[str, list[str]]:
    """Accord's graphs in a store, each as sorted N-Triples."""
    held: dict[str, list[str]] = {}
    for quad in store.quads():
        if quad.graph_name.value.startswith(PREFIXES["graph"]):
            line = f"{quad.subject} {quad.predicate} {quad.object} .\n"
            held.setdefault(quad.graph_name.value, []).append(line)
    return {name: sorted(lines) for name, lines in held.items()}


def alike(one, two) -> bool:
    """Tell whether two stores hold the same values; all but Virtuoso hold the same letters."""
    first, second = found(one), found(two)
    if "Virtuoso server" not in (one.kind, two.kind):
        return first == second
    return first.keys() == second.keys() and all(_same(first[name], second[name]) for name in first)


@pytest.mark.parametrize("other", KINDS, indirect=True)
def test_everything_arrives_and_once_is_enough(store, other):
    done = Copy(store, other).run()
    assert (done.copied, done.unchanged, done.differing) == (60, 0, {})
    assert alike(store, other)
    assert done.rewritten == (30 if other.kind == "Virtuoso server" else 0)
    again = Copy(store, other).run()
    assert (again.copied, again.unchanged, again.quads) == (0, 60, 0)


@pytest.mark.parametrize("other", KINDS, indirect=True)
def test_it_goes_back_as_it_came(store, other, tmp_path):
    Copy(store, other).run()
    with open_store(tmp_path / "back", create=True) as back:
        done = Copy(other, back).run()
        assert (done.copied, done.differing) == (60, {})
        assert done.rewritten == (30 if other.kind == "Virtuoso server" else 0)
        assert alike(store, back)


@pytest.mark.parametrize("other", KINDS, indirect=True)
def test_only_what_changed_is_sent(store, other):
    Copy(store, other).run()
    longer = NamedGraph(article(3).iri, article(3).triples + article(99).triples)
    store.replace([article(2, "other"), longer])
    done = Copy(store, other).run()
    assert (done.copied, done.unchanged) == (2, 58)
    assert alike(store, other)


@pytest.mark.parametrize("other", KINDS, indirect=True)
def test_a_copy_that_broke_off_goes_on(store, other, monkeypatch):
    monkeypatch.setattr("accord.store.copying._MANY", 7)
    replace, batches = other.replace, []

    def breaks(coming, drop=()):
        coming = list(coming)
        batches.append(coming)
        if len(batches) == 4:
            raise StoreError("The server went away.")
        replace(coming, drop)

    monkeypatch.setattr(other, "replace", breaks)
    with pytest.raises(StoreError, match="went away"):
        Copy(store, other).run()
    assert len(found(other)) == 21
    done = Copy(store, other).run()
    assert (done.copied, done.unchanged) == (39, 21)
    assert alike(store, other)


@pytest.mark.parametrize("after", range(0, 10, 3))
def test_no_capture_comes_before_its_article(store, tmp_path, monkeypatch, after):
    monkeypatch.setattr("accord.store.copying._MANY", 7)
    ledger = NamedGraph(f"{BASE}graph/rules", f'<{EX}r> <{EX}p> "1" .\n')
    store.replace([ledger, NamedGraph(f"{BASE}graph/run/x", f'<{EX}x> <{EX}p> "1" .\n')])
    with open_store(tmp_path / "other", create=True) as other:
        replace, batches = other.replace, []

        def breaks(coming, drop=()):
            batches.append(coming)
            if len(batches) > after:
                raise StoreError("The disk is full.")
            replace(coming, drop)

        monkeypatch.setattr(other, "replace", breaks)
        with pytest.raises(StoreError):
            Copy(store, other).run()
        there = found(other).keys()
        claimed = {n for n in range(30) if capture(n).iri in there}
        if claimed or ledger.iri in there:
            assert {article(n).iri for n in range(30)} | {f"{BASE}graph/run/x"} <= there


@pytest.mark.parametrize("other", KINDS, indirect=True)
def test_a_graph_larger_than_a_batch(store, other):
    lines = sorted(f'<{EX}s{i}> <{EX}p> "value {i}" .\n' for i in range(7000))
    store.replace([run_graph("".join(lines))])
    done = Copy(store, other).run()
    assert done.differing == {}
    assert found(other)[f"{BASE}graph/run/one"] == lines


def test_graphs_of_others_are_left_out_unless_asked_for(store, tmp_path):
    foreign = NamedGraph(f"{EX}foreign", f'<{EX}s> <{EX}p> "x" .\n')
    store.replace([foreign])
    with open_store(tmp_path / "other", create=True) as other:
        other.replace([article(77)])
        done = Copy(store, other).run()
        assert (done.copied, done.foreign, done.only_in_target) == (60, 1, 1)
        assert foreign.iri not in _sizes(other)
        done = Copy(store, other, every=True).run()
        assert (done.copied, done.foreign, done.only_in_target) == (1, 0, 1)
        assert foreign.iri in _sizes(other)
        assert article(77).iri in _sizes(other)


def test_blank_nodes_do_not_come_again_and_again(store, tmp_path):
    store.replace([run_graph(f'_:a <{EX}p> _:b .\n_:b <{EX}q> "x" .\n')])
    with open_store(tmp_path / "other", create=True) as other:
        assert Copy(store, other).run().differing == {}
        assert Copy(store, other).run().copied == 0


class Stingy:
    """A store that sends so many rows of an answer and does not say that there are more."""

    def __init__(self, store, rows: int) -> None:
        self._store, self._rows = store, rows

    def __getattr__(self, name):
        return getattr(self._store, name)

    def query(self, sparql):
        return list(self._store.query(sparql))[: self._rows]


def test_a_server_that_cuts_answers_off_is_asked_for_the_rest_of_the_graphs(store):
    assert _sizes(Stingy(store, 7)) == _sizes(store)
    assert len(_sizes(store)) == 60


@pytest.mark.parametrize("reading", ["source", "target"])
def test_triples_that_are_not_sent_are_missed(store, tmp_path, reading):
    with open_store(tmp_path / "other", create=True) as other:
        stores = {"source": store, "target": other}
        stores[reading] = Stingy(stores[reading], 100)
        with pytest.raises(StoreError, match=r"sends \d+ of the \d+ triples of the graph") as error:
            Copy(stores["source"], stores["target"]).run()
        assert "ResultSetMaxRows" in error.value.remedy
        if reading == "source":
            assert found(other) == {}


class Rewriting(Stingy):
    """A store that gives back something else than it was given."""

    def __init__(self, store, *change: str) -> None:
        super().__init__(store, 10**9)
        self._change = change

    def query(self, sparql):
        rows = super().query(sparql)
        if not sparql.startswith("SELECT ?g ?s ?p ?o"):
            return rows
        text = "".join(f"{s} {p} {o} {g} .\n".replace(*self._change) for g, s, p, o in rows)
        quads = parse(text.encode(), format=RdfFormat.N_QUADS)
        return [(quad.graph_name, *quad.triple) for quad in quads]


class Losing(Stingy):
    """A store that keeps all of what it is given but one triple."""

    def __init__(self, store, lost: str) -> None:
        super().__init__(store, 10**9)
        self._lost = lost

    def replace(self, graphs, drop=()):
        self._store.replace(
            [NamedGraph(each.iri, each.triples.replace(self._lost, "")) for each in graphs], drop
        )


@pytest.mark.parametrize(
    ("was", "becomes", "same"),
    [
        ('"1.5"', '"1.50"', True),
        ('"true"', '"1"', True),
        (":00Z", ":00+00:00", True),
        ('"1.5"', '"1.51"', False),
        ('"true"', '"0"', False),
        ("T10:00", "T11:00", False),
        (f'"1.5"^^<{XSD}decimal>', f'"1.5"^^<{XSD}double>', False),
        ("😀", "?", False),
        ("Sochi", "sochi", False),
        (f"{EX}words", f"{EX}yes", False),
    ],
)
def test_what_comes_back_otherwise_is_said_and_not_sent_for_ever(
    store, tmp_path, was, becomes, same
):
    with open_store(tmp_path / "other", create=True) as other:
        target = Rewriting(other, was, becomes)
        done = Copy(store, target).run()
        assert done.copied == 60
        if same:
            # Captures have a time too.
            assert done.rewritten == (60 if was == ":00Z" else 30)
            assert done.differing == {}
            assert Copy(store, target).run().copied == 0
        else:
            assert done.rewritten == 0
            assert {article(n).iri for n in range(30)} <= done.differing.keys()
            assert "came back" in done.differing[article(0).iri]


def test_triples_lost_on_the_way_are_counted(store, tmp_path):
    with open_store(tmp_path / "other", create=True) as other:
        lost = article(4).triples.splitlines(keepends=True)[0]
        done = Copy(store, Losing(other, lost)).run()
        assert done.differing.keys() == {article(4).iri}
        assert "9 triples went, 8 came back" in done.differing[article(4).iri]
        assert lost.strip() in done.differing[article(4).iri]


def test_progress_counts_every_quad(store, tmp_path):
    with open_store(tmp_path / "other", create=True) as other:
        for _ in range(2):
            told = []
            copy = Copy(store, other)
            copy.run(told.append)
            assert sum(told) == copy.quads == len(list(store.quads()))


@pytest.mark.server
def test_the_command(store, tmp_path, accord):
    store.close()
    open_store(tmp_path / "served", create=True).close()
    with serving(tmp_path / "served", ACCORD_TOKEN=TOKEN) as running:
        refused = accord("copy", "--from", "store", "--to", running.address)
        assert refused.returncode == 1
        assert "ACCORD_STORE_TOKEN" in refused.stderr
        done = accord(
            *("copy", "--from", "store", "--to", running.address), ACCORD_STORE_TOKEN=TOKEN
        )
        assert done.returncode == 0, done.stderr
        assert "60 graphs" in done.stderr
        assert TOKEN not in done.stderr
        back = accord("copy", "--from", running.address, "--to", "back", "--json")
        assert back.returncode == 0, back.stderr
        assert json.loads(back.stdout)["copied"] == 60
    with open_store(tmp_path / "store") as one, open_store(tmp_path / "back") as two:
        assert found(one) == found(two)


@pytest.mark.parametrize("there", ["store", "./store/", "../{name}/store"])
def test_a_store_is_not_copied_into_itself(store, tmp_path, accord, there):
    store.close()
    refused = accord("copy", "--from", "store", "--to", there.format(name=tmp_path.name))
    assert refused.returncode == 2
    assert "same store" in refused.stderr


def test_no_store_to_copy_from_makes_none(tmp_path, accord):
    refused = accord("copy", "--from", "nowhere", "--to", "made")
    assert refused.returncode == 1
    assert "no store at nowhere" in refused.stderr
    assert not (tmp_path / "made").exists()


EMPTY = b'{"head": {"vars": ["g", "n"]}, "results": {"bindings": []}}'


@pytest.mark.parametrize("given", [{}, {"ACCORD_FROM_TOKEN": "another"}])
def test_the_source_never_gets_the_targets_credentials(accord, given):
    with misbehaving() as server:
        server.moods = [lambda handler: handler.say(200, EMPTY)] * 5
        done = accord(
            *("copy", "--from", server.address, "--to", "there"),
            ACCORD_STORE_TOKEN="secret-of-the-target",
            **given,
        )
        assert done.returncode == 0, done.stderr
        shown = {headers.get("authorization") for _, _, headers, _ in server.seen}
    assert shown == ({"Bearer another"} if given else {None})


def test_refused_credentials_name_the_variables_of_that_side(tmp_path, accord):
    with misbehaving() as server:
        server.probe = lambda handler: handler.say(401)
        for sides, name in (
            (("--from", server.address, "--to", "there"), "ACCORD_FROM_TOKEN"),
            (("--from", "here", "--to", server.address), "ACCORD_STORE_TOKEN"),
        ):
            open_store(tmp_path / "here", create=True).close()
            refused = accord("copy", *sides)
            assert refused.returncode == 1
            assert name in refused.stderr
