"""What a store does when its server has a bad day, is another one, or wants credentials."""

import base64
import time
from email.utils import formatdate

import pytest

from accord.errors import StoreError
from accord.graph import NamedGraph
from accord.settings import Settings
from accord.store import open_store
from tests.stores.misbehaving import garbage, half, html, misbehaving, reset, slow, status, well

GRAPH = NamedGraph(
    "https://example.org/g", '<https://example.org/s> <https://example.org/p> "a" .\n'
)


@pytest.fixture
def server():
    with misbehaving() as running:
        yield running


def opened(server, patience=5.0, **settings):
    return open_store(server.address, settings=Settings(**settings), patience=patience)


@pytest.mark.parametrize("code", [429, 502, 503, 504])
def test_what_may_pass_is_tried_again(server, code):
    with opened(server) as store:
        server.moods = [status(code), status(code), well]
        assert bool(store.query("ASK { ?s ?p ?o }"))
        assert len(server.seen) == 3
        server.moods = [well, status(code), well]
        store.replace([GRAPH])
        assert [method for method, *_ in server.seen[3:]] == ["POST"] * 3


@pytest.mark.parametrize("code", [400, 404, 405, 413, 415, 500, 501])
def test_what_will_not_pass_is_not_tried_again(server, code):
    with opened(server) as store:
        for ask in (lambda: store.query("ASK { ?s ?p ?o }"), lambda: store.replace([], ["urn:x"])):
            server.seen.clear()
            server.moods = [status(code, b"you shall not")]
            with pytest.raises(StoreError, match="cannot"):
                ask()
            assert len(server.seen) == 1


@pytest.mark.parametrize("mood", [half, reset])
def test_a_broken_answer_is_asked_for_again(server, mood):
    with opened(server) as store:
        server.moods = [mood, mood, well]
        assert bool(store.query("ASK { ?s ?p ?o }"))
        server.moods = [mood, well]
        store.replace([], drop=["urn:x"])
        assert len(server.seen) == 5


def test_patience_ends(server):
    with opened(server, patience=0.5) as store:
        server.moods = [status(503)] * 100
        began = time.monotonic()
        with pytest.raises(StoreError, match="says 503"):
            store.query("ASK { ?s ?p ?o }")
        assert time.monotonic() - began < 15
        assert len(server.seen) > 1


@pytest.mark.parametrize("after", ["1", formatdate(time.time() + 2, usegmt=True)])
def test_the_server_says_when_to_come_back(server, after):
    with opened(server) as store:
        after = after if after == "1" else formatdate(time.time() + 2, usegmt=True)
        server.moods = [status(503, Retry_After=after), well]
        began = time.monotonic()
        store.query("ASK { ?s ?p ?o }")
        assert 0.9 <= time.monotonic() - began < 5


def test_a_server_may_not_ask_for_an_hour(server, monkeypatch):
    monkeypatch.setattr("accord.store.wire._LONGEST_WAIT", 0.2)
    with opened(server) as store:
        server.moods = [status(429, Retry_After="3600"), well]
        began = time.monotonic()
        store.query("ASK { ?s ?p ?o }")
        assert time.monotonic() - began < 3


def test_a_slow_body_is_waited_for(server):
    with opened(server) as store:
        server.moods = [slow(1.0)]
        assert bool(store.query("ASK { ?s ?p ?o }"))


def test_a_body_that_never_comes(server, monkeypatch):
    monkeypatch.setattr("accord.store.reader.TIMEOUT", 1)
    with opened(server, patience=0.1) as store:
        server.moods = [slow(4.0)] * 2
        with pytest.raises(StoreError, match="does not answer"):
            store.query("ASK { ?s ?p ?o }")


def test_a_web_page_is_no_answer(server):
    with opened(server) as store:
        server.moods = [html]
        with pytest.raises(StoreError, match="text/html, which is no SPARQL result"):
            store.query("ASK { ?s ?p ?o }")
    server.probe = html
    with pytest.raises(StoreError, match=r"answers, but not to SPARQL: .* says 200 \(text/html\)"):
        opened(server)


def test_a_result_that_breaks_off(server):
    with opened(server) as store:
        server.moods = [garbage]
        with pytest.raises(StoreError, match="cannot be read"):
            list(store.query("SELECT * { ?s ?p ?o }"))


def test_a_server_that_has_moved_gets_no_data_and_no_credentials(server):
    with misbehaving() as other:
        with opened(server, store_token="secret-token") as store:
            server.moods = [status(302, Location=f"{other.address}/update")]
            with pytest.raises(StoreError, match=f"has moved to {other.address}"):
                store.replace([], drop=["urn:x"])
            server.moods = [status(302, Location=f"{other.address}/query")]
            with pytest.raises(StoreError, match="has moved"):
                store.query("ASK { ?s ?p ?o }")
        server.probe = status(301, Location=other.address)
        with pytest.raises(StoreError, match=f"has moved to {other.address}"):
            opened(server)
        assert other.seen == []


def test_credentials_are_sent_and_not_shown(server, capfd, caplog):
    basic = "Basic " + base64.b64encode(b"maria:s3cret").decode()
    for settings, sent in [
        ({"store_user": "maria", "store_password": "s3cret"}, basic),
        ({"store_token": "s3cret"}, "Bearer s3cret"),
    ]:
        server.seen.clear()
        with opened(server, patience=1.0, **settings) as store:
            store.query("ASK { ?s ?p ?o }")
            store.replace([], drop=["urn:x"])
            assert [headers["authorization"] for _, _, headers, _ in server.seen] == [sent, sent]
            server.moods = [status(503), status(401, b"s3cret is wrong")]
            with pytest.raises(StoreError, match="refuses the credentials") as refused:
                store.replace([], drop=["urn:x"])
            assert "s3cret" not in str(refused.value)
        assert "s3cret" not in repr(Settings(**settings))
        assert "s3cret" not in str(Settings(**settings).parameters())
    assert "s3cret" not in caplog.text + "".join(capfd.readouterr())


def test_every_request_says_who_asks(server):
    with opened(server) as store:
        store.query("ASK { ?s ?p ?o }")
        store.replace([], drop=["urn:x"])
    assert all(headers["user-agent"].startswith("accord/") for _, _, headers, _ in server.seen)


@pytest.mark.parametrize(
    ("header", "kind", "writes"),
    [
        ("Oxigraph/0.5", "Oxigraph", [("POST", "/query"), ("POST", "/store")]),
        ("Apache Jena Fuseki (5.1)", "Fuseki", [("POST", "/update")]),
        ("accord/0.1", "Accord", [("PUT", "/store?graph=https%3A%2F%2Fexample.org%2Fg")]),
        ("nginx", "SPARQL 1.1", [("POST", "/query"), ("POST", "/query")]),
    ],
)
def test_each_kind_is_written_to_in_its_way(server, header, kind, writes):
    server.header = header
    with opened(server) as store:
        assert store.kind == f"{kind} server"
        server.moods = [lambda h: h.say(200, b'{"head": {}, "boolean": false}')]
        store.replace([GRAPH])
    assert [(method, path) for method, path, *_ in server.seen] == writes


@pytest.mark.parametrize("below", ["", "/query", "/query/"])
def test_an_address_may_be_the_base_or_the_endpoint(server, below):
    with open_store(server.address + below) as store:
        assert store.endpoints.query == f"{server.address}/query"
        assert store.endpoints.update == f"{server.address}/update"


def test_a_repository_of_graphdb(server):
    with open_store(f"{server.address}/repositories/idlib") as store:
        assert store.kind == "RDF4J or GraphDB server"
        assert store.endpoints.update == f"{server.address}/repositories/idlib/statements"


@pytest.mark.parametrize(
    "address", ["http://", "http://127.0.0.1:1/", "https://127.0.0.1:1", "http://[::1"]
)
def test_an_address_where_nobody_is(address):
    with pytest.raises(StoreError, match="address"):
        open_store(address, patience=0.1)
