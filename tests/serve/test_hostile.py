"""Attacks on the endpoint: all are refused, and it still answers."""

import http.server
import socket
import threading
import time

import pytest

from accord.errors import QueryError
from accord.query import named_queries
from accord.web.guard import check
from tests.serve.conftest import EX, TOKEN

pytestmark = pytest.mark.server

P = f"<{EX}p>"


@pytest.fixture(scope="module")
def inside():
    """A server on the loopback address that counts who calls it."""
    calls = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            calls.append(self.path)
            self.send_response(200)
            self.end_headers()

        do_POST = do_GET  # noqa: N815

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", calls
    server.shutdown()
    server.server_close()


# -- Calls to other servers


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <INSIDE/a> { ?s ?p ?o } }",
        "SELECT * { service silent <INSIDE/b> { ?s ?p ?o } }",
        "SELECT * { SERVICE<INSIDE/c>{ ?s ?p ?o } }",
        "SELECT * { # comment\nSERVICE # another\n<INSIDE/d> { ?s ?p ?o } }",
        "PREFIX x: <INSIDE/> SELECT * { SERVICE x:e { ?s ?p ?o } }",
        "BASE <INSIDE/> SELECT * { SERVICE <f> { ?s ?p ?o } }",
        "SELECT * { BIND(<INSIDE/g> AS ?where) SERVICE ?where { ?s ?p ?o } }",
        "SELECT * { VALUES ?w { <INSIDE/h> } SERVICE SILENT ?w { ?s ?p ?o } }",
        "SELECT * { { SELECT * { SERVICE <INSIDE/i> { ?s ?p ?o } } } }",
        "ASK { FILTER EXISTS { SERVICE <INSIDE/j> { ?s ?p ?o } } }",
        "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <INSIDE/k> { ?s ?p ?o } }",
        "SELECT * { ?s ?p '#' . SERVICE <INSIDE/l> { ?s ?p ?o } }",
        'SELECT * { ?s ?p """ " \\""" \' """ . SERVICE <INSIDE/m> { ?s ?p ?o } }',
        "SELECT * { ?s <urn:x#'> ?o . SERVICE <INSIDE/n> { ?s ?p ?o } }",
        "SELECT * { ?a ?b ?c FILTER(?a<?b)SERVICE<INSIDE/o>{?s ?p ?o}FILTER(2>1) }",
        "SELECT * { ?s ?p 'it''s' SERVICE <INSIDE/p> { ?s ?p ?o } }",
        "SELECT * { \\u0053ERVICE <INSIDE/q> { ?s ?p ?o } }",
        "SELECT * { SERVICE <http://169.254.169.254/latest/meta-data/> { ?s ?p ?o } }",
        "SELECT * { SERVICE <http://[::1]:80/> { ?s ?p ?o } }",
        "SELECT * { SERVICE <file:///etc/passwd> { ?s ?p ?o } }",
    ],
)
def test_no_other_server_is_called(served, inside, query):
    address, calls = inside
    response = served.ask(query.replace("INSIDE", address))
    assert response.status_code == 400
    assert calls == []
    assert served.alive()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service { ?service ?p 'SERVICE <http://x/>' }",
        "PREFIX service: <urn:SERVICE> SELECT * { ?s service:SERVICE <http://SERVICE/> }",
        "# SERVICE <http://x/>\nSELECT * { ?s ?p ?o }",
        "SELECT * { ?s ?p 'a'@service }",
    ],
)
def test_the_word_alone_is_no_call(query):
    check(query)


def test_a_host_that_is_allowed_by_name(serve, inside):
    address, calls = inside
    with serve("--allow-service", "127.0.0.1", "--timeout", "5") as running:
        running.ask(f"SELECT * {{ SERVICE SILENT <{address}/allowed> {{ ?s ?p ?o }} }}")
        assert calls.pop().startswith("/allowed")
        other = running.ask(
            f"SELECT * {{ SERVICE <{address.replace('127.0.0.1', 'localhost')}/> {{}} }}"
        )
        assert (other.status_code, calls) == (400, [])


@pytest.mark.parametrize(
    "update",
    [
        "LOAD <INSIDE/x>",
        "LOAD <file:///etc/passwd> INTO GRAPH <urn:g>",
        "INSERT { ?s ?p ?o } WHERE { SERVICE <INSIDE/y> { ?s ?p ?o } }",
        "ASK {} ; LOAD <INSIDE/z>",
    ],
)
def test_nothing_is_loaded(owned, inside, update):
    address, calls = inside
    update = update.replace("INSIDE", address)
    owner = {"Authorization": f"Bearer {TOKEN}"}
    assert owned.ask(update, **owner).status_code == 400
    response = owned.client.post("/update", data={"update": update}, headers=owner)
    assert response.status_code == 403
    assert calls == []


# -- Queries that cost too much


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { FILTER(" + "(" * 20_000 + "1" + ")" * 20_000 + ")}",
        "SELECT * " + "{" * 20_000 + "}" * 20_000,
        "SELECT * { FILTER(" + "!" * 50_000 + "1)}",
        "SELECT * { FILTER(" + "1+" * 50_000 + "1)}",
        "SELECT * { FILTER(" + "?a&&" * 20_000 + "1)}",
        f"SELECT * {{ ?a {'^(' * 5000}{P}{')' * 5000} ?b }}",
        f"SELECT * {{ ?a {f'{P}/' * 4000}{P} ?b }}",
        "SELECT * { ?s ?p " + f"[ {P} " * 5000 + "1" + "]" * 5000 + " }",
        "SELECT * { ?s ?p " + "(" * 5000 + "1" + ")" * 5000 + " }",
        "SELECT * { {} " + "UNION {}" * 5000 + " }",
        "SELECT * { {} " + "OPTIONAL {?s ?p ?o}" * 500 + " }",
        "SELECT * { " + "?s ?p ?o . " * 500 + " }",
        "SELECT * { " + "".join(f"BIND(1 AS ?x{i}) " for i in range(5000)) + "}",
        "SELECT * { FILTER(" + "COALESCE(" * 3000 + "1" + ")" * 3000 + ") }",
        "SELECT * { " + f"<<( <urn:a> {P} " * 3000 + "1" + ")>>" * 3000 + " ?p ?o }",
    ],
)
def test_what_would_break_the_parser_or_the_planner(served, query):
    response = served.ask(query)
    assert response.status_code in (400, 413)
    assert served.alive()
    assert served.client.get("/health").json()["restarts"] == 0


def test_huge_values(served):
    query = "SELECT * { VALUES ?x { " + "<urn:x> " * 200_000 + "} }"
    for response in (
        served.ask(query),
        served.client.post(
            "/query", content=query, headers={"Content-Type": "application/sparql-query"}
        ),
    ):
        assert response.status_code == 413
    host, port = served.address.removeprefix("http://").split(":")
    long = f"GET /query?query=ASK%7B%7D&x={'y' * 300_000} HTTP/1.1\r\nHost: x\r\n\r\n"
    assert b" 4" in raw(host, int(port), long)[:13]
    assert served.alive()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
        "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?a ?b ?c . ?d ?e ?f . BIND(CONCAT(?c, ?f) AS ?x) }",
        "ASK { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(CONCAT(?c, ?f, ?i) = 'none') }",
        "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f LIMIT 1",
    ],
)
def test_cartesian_products_end_at_the_time_limit(served, query):
    began = time.monotonic()
    response = served.ask(query)
    assert response.status_code == 504
    assert "longer than 3 s" in response.text
    assert time.monotonic() - began < 10
    assert served.alive()


def test_a_result_too_large_is_cut_off_and_not_taken_for_whole(served):
    # Ended by an error, or by a connection that breaks off: never by a complete answer.
    try:
        response = served.ask("SELECT * { ?a ?b ?c . ?d ?e ?f }", Accept="text/csv")
    except Exception as error:  # noqa: BLE001
        assert "peer closed" in str(error) or "disconnected" in str(error)
    else:
        assert response.status_code in (413, 504)
    assert served.alive()


def test_many_slow_queries_do_not_shut_others_out(serve):
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    with serve("--timeout", "2", "--concurrent", "2") as running:
        answers: list[int] = []

        def ask():
            answers.append(running.ask(slow).status_code)

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert set(answers) <= {503, 504}
        assert len(answers) == 8
        deadline = time.monotonic() + 20
        while not running.alive() and time.monotonic() < deadline:
            time.sleep(0.2)
        assert running.alive()


# -- Injection through parameters of named queries


@pytest.mark.parametrize(
    "value",
    [
        "turkey> } ; DROP ALL #",
        'turkey" } UNION { SERVICE <http://127.0.0.1/> { ?s ?p ?o } } #',
        "\\u003e } INSERT DATA { <urn:a> <urn:b> 1 }",
        "turkey\n} SELECT * {",
    ],
)
def test_values_of_parameters_stay_values(owned, accord, value):
    asked = [
        accord("query", query.name, "--store", owned.address, "-p", f"{parameter.name}={value}")
        for query in named_queries()
        for parameter in query.parameters[:1]
        if query.name in ("claims", "noncompliance", "demands", "violations")
    ]
    assert asked
    for done in asked:
        assert "Traceback" not in done.stderr
        assert done.returncode == 0 or "Error" in done.stderr
    assert owned.alive()
    assert number_of_triples(owned) >= 2000


def number_of_triples(served) -> int:
    found = served.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").json()
    return int(found["results"]["bindings"][0]["n"]["value"])


# -- HTTP


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/yasgui.min.js/../../store",
        "//etc/passwd",
        "/store/../update",
        "/.git/config",
        "/yasgui.min.js%00.txt",
    ],
)
def test_paths_lead_nowhere(served, path):
    host, port = served.address.removeprefix("http://").split(":")
    text = raw(host, int(port), f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert b" 404 " in text.split(b"\r\n")[0] or b" 400 " in text.split(b"\r\n")[0]
    assert b"root:" not in text


@pytest.mark.parametrize(
    "head",
    [
        "POST /query HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n"
        "0\r\n\r\nGET /store HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /query HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 50\r\n\r\nhello",
        "POST /query HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "POST /query HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "GET /query HTTP/1.1\r\nHost: x\r\nX: a\r\n b: c\r\nX\x00Y: d\r\n\r\n",
        "GET /query?query=ASK{} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n",
    ],
)
def test_no_request_is_smuggled(served, head):
    before = len(served.access)
    host, port = served.address.removeprefix("http://").split(":")
    text = raw(host, int(port), head)
    statuses = [line for line in text.split(b"\r\n") if line.startswith(b"HTTP/1.1")]
    assert len(statuses) <= 1
    assert not statuses or b" 4" in statuses[0][:13]
    assert not any(line["path"] == "/store" for line in served.access[before:])
    assert served.alive()


def test_a_header_of_a_request_is_not_passed_on(served):
    # The store's server gets the query and what is accepted, and nothing else of the request.
    response = served.ask("ASK {}", **{"X-Forwarded-Host": "evil", "Content-Location": "/store"})
    assert response.status_code == 200


def test_a_body_without_end(owned):
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/sparql-query"}

    def endless():
        while True:
            yield b"# " * 50_000

    try:
        response = owned.client.post("/query", content=endless(), headers=headers)
        assert response.status_code == 413
    except Exception as error:  # noqa: BLE001
        assert type(error).__name__ in ("WriteError", "ReadError", "RemoteProtocolError")
    assert owned.alive()


def test_rdf_that_would_fetch_or_expand_other_documents(owned, inside):
    address, calls = inside
    owner = {"Authorization": f"Bearer {TOKEN}"}
    xxe = (
        f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "{address}/xxe">'
        '<!ENTITY f SYSTEM "file:///etc/passwd">]>'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">&x;&f;</rdf:RDF>'
    )
    context = f'{{"@context": "{address}/context", "@id": "urn:a"}}'
    for media, content in [("application/rdf+xml", xxe), ("application/ld+json", context)]:
        response = owned.client.put(
            "/store",
            params={"graph": "urn:x"},
            content=content,
            headers=owner | {"Content-Type": media},
        )
        assert response.status_code == 415
    assert calls == []


@pytest.mark.parametrize(
    "shown",
    [
        "",
        "Bearer",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
        f"bearer {TOKEN}",
        f"Basic {TOKEN}",
        TOKEN,
        f"Bearer {TOKEN.upper()}",
    ],
)
def test_wrong_tokens(owned, shown):
    headers = {"Authorization": shown, "Content-Type": "text/turtle"}
    response = owned.client.put("/store", params={"graph": "urn:x"}, content="", headers=headers)
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert TOKEN not in response.text


def test_tokens_are_compared_in_constant_time(monkeypatch):
    import hmac

    from accord.web import app

    compared = []
    monkeypatch.setattr(
        app.hmac, "compare_digest", lambda a, b: compared.append((a, b)) or hmac.digest is None
    )
    endpoint = app.Endpoint(None, app.Policy(token=TOKEN))
    request = app.Request({"type": "http", "headers": [(b"authorization", b"Bearer no")]})
    with pytest.raises(app.RefusedError):
        endpoint._check_token(request)
    assert compared == [(b"Bearer no", f"Bearer {TOKEN}".encode())]


def test_a_short_token_is_no_token(tmp_path, accord):
    done = accord("serve", "--store", tmp_path, ACCORD_TOKEN="short")
    assert done.returncode == 2
    assert "short" not in done.stderr.replace("ACCORD_TOKEN", "")


def test_every_named_query_is_within_the_bounds():
    for query in named_queries():
        try:
            check(query.sparql)
        except QueryError as error:  # pragma: no cover
            pytest.fail(f"{query.name}: {error}")


def raw(host: str, port: int, text: str) -> bytes:
    with socket.create_connection((host, port), timeout=5) as connection:
        connection.sendall(text.encode("latin-1"))
        connection.settimeout(3)
        received = b""
        try:
            while part := connection.recv(65536):
                received += part
        except (TimeoutError, ConnectionError):
            pass
        return received
