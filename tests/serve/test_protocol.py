"""The SPARQL 1.1 Protocol, case by case, and the Graph Store Protocol for reading and writing."""

import gzip
import json

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from accord.settings import Settings
from accord.store import open_store
from tests.serve.conftest import EX, TOKEN

pytestmark = pytest.mark.server

JSON = "application/sparql-results+json"
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


def number(response) -> int:
    assert response.status_code == 200, response.text
    return int(response.json()["results"]["bindings"][0]["n"]["value"])


# -- Section 2.1: the query operation


@pytest.mark.parametrize("path", ["/query", "/sparql"])
def test_query_by_get(served, path):
    assert number(served.client.get(path, params={"query": COUNT})) == 2000


def test_query_by_form(served):
    assert number(served.client.post("/query", data={"query": COUNT})) == 2000


def test_query_by_post_directly(served):
    headers = {"Content-Type": DIRECT}
    assert number(served.client.post("/query", content=COUNT, headers=headers)) == 2000


def test_the_media_type_may_have_parameters_and_capitals(served):
    headers = {"Content-Type": "Application/SPARQL-Query; charset=UTF-8"}
    assert number(served.client.post("/query", content=COUNT, headers=headers)) == 2000


def test_head_has_no_body(served):
    response = served.client.head("/query", params={"query": COUNT})
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize("how", ["get", "form", "direct"])
@pytest.mark.parametrize(
    ("dataset", "found"),
    [
        ([("default-graph-uri", EX + "g0")], 667),
        ([("default-graph-uri", EX + "g0"), ("default-graph-uri", EX + "g1")], 1334),
        ([("named-graph-uri", EX + "g0")], 0),
        ([("default-graph-uri", EX + "nowhere")], 0),
    ],
)
def test_the_request_names_the_dataset(served, how, dataset, found):
    if how == "get":
        response = served.client.get("/query", params=[("query", COUNT), *dataset])
    elif how == "direct":
        headers = {"Content-Type": DIRECT}
        response = served.client.post("/query", params=dataset, content=COUNT, headers=headers)
    else:
        fields: dict[str, list[str]] = {"query": [COUNT]}
        for name, value in dataset:
            fields.setdefault(name, []).append(value)
        response = served.client.post("/query", data=fields)
    assert number(response) == found


def test_named_graphs_of_the_request(served):
    query = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"
    params = [("query", query), ("named-graph-uri", EX + "g0"), ("named-graph-uri", EX + "g1")]
    assert number(served.client.get("/query", params=params)) == 1334


def test_the_dataset_of_the_query_itself(served):
    assert number(served.ask(f"SELECT (COUNT(*) AS ?n) FROM <{EX}g2> WHERE {{ ?s ?p ?o }}")) == 666


@pytest.mark.parametrize(
    "query",
    ["", "SELECT", "SELECT * WHERE {", "SELEKT * {}", "ASK {} ASK {}", "SELECT ?x { ?y a ?z } x"],
)
def test_bad_syntax_is_400_with_the_reason(served, query):
    response = served.client.get("/query", params={"query": query})
    assert response.status_code == 400
    assert response.text.strip()


def test_two_queries_are_400(served):
    params = [("query", COUNT), ("query", COUNT)]
    assert served.client.get("/query", params=params).status_code == 400
    assert (
        served.client.post("/query", params={"query": COUNT}, data={"query": COUNT}).status_code
        == 400
    )


def test_no_query_in_a_post_is_400(served):
    assert served.client.post("/query", data={"x": "y"}).status_code == 400


@pytest.mark.parametrize(
    ("media", "content"),
    [
        ("text/plain", COUNT.encode()),
        ("application/json", b'{"query": "ASK {}"}'),
        ("multipart/form-data; boundary=x", b"--x--"),
        ("", b"ASK {}"),
    ],
)
def test_unsupported_media_is_415(served, media, content):
    headers = {"Content-Type": media}
    assert served.client.post("/query", content=content, headers=headers).status_code == 415


def test_a_compressed_body_is_415(served):
    headers = {"Content-Type": DIRECT, "Content-Encoding": "gzip"}
    content = gzip.compress(COUNT.encode())
    assert served.client.post("/query", content=content, headers=headers).status_code == 415


def test_a_body_that_is_not_utf8_is_400(served):
    for media in (DIRECT, FORM):
        headers = {"Content-Type": media}
        response = served.client.post("/query", content=b"query=\xff\xfe", headers=headers)
        assert response.status_code == 400


def test_a_percent_encoding_that_is_not_utf8_is_400(served):
    assert served.client.get("/query?query=ASK%20%7B%7D%ff").status_code == 400


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_405(served, method):
    response = served.client.request(method, "/query")
    assert response.status_code == 405
    assert "GET" in response.headers["allow"]


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (JSON, JSON),
        ("application/json", JSON),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv"),
        ("text/tab-separated-values", "text/tab-separated-values"),
        ("*/*", JSON),
        ("text/csv;q=0.1, application/sparql-results+xml", "application/sparql-results+xml"),
        ("image/png, text/csv;q=0.5", "text/csv"),
    ],
)
def test_solutions_in_the_form_that_is_accepted(served, accept, media):
    response = served.ask(COUNT, Accept=accept)
    assert response.status_code == 200
    assert response.headers["content-type"].split(";")[0] == media


@pytest.mark.parametrize(
    "accept", ["text/turtle", "application/n-triples", "application/rdf+xml", "*/*"]
)
def test_graphs_in_the_form_that_is_accepted(served, accept):
    for query in (f"CONSTRUCT WHERE {{ <{EX}s1> ?p ?o }}", f"DESCRIBE <{EX}s1>"):
        response = served.ask(query, Accept=accept)
        assert response.status_code == 200
        media = response.headers["content-type"].split(";")[0]
        assert media == accept or accept == "*/*"
        assert "example.org" in response.text


def test_ask(served):
    assert served.ask(f"ASK {{ <{EX}s1> ?p ?o }}").json()["boolean"] is True
    assert served.ask(f"ASK {{ <{EX}none> ?p ?o }}").json()["boolean"] is False


def test_not_acceptable_is_406(served):
    assert served.ask(COUNT, Accept="image/png").status_code == 406
    assert served.ask("CONSTRUCT WHERE { ?s ?p ?o }", Accept="text/csv").status_code == 406


def test_the_service_describes_itself(served):
    response = served.client.get("/query")
    assert response.headers["content-type"].startswith("text/turtle")
    assert f"sd:endpoint <{served.address}/query>" in response.text


# -- Section 2.2: the update operation, which the endpoint does not have


@pytest.mark.parametrize("path", ["/update", "/query", "/sparql"])
@pytest.mark.parametrize(
    ("media", "body"),
    [
        (FORM, "update=CLEAR+ALL"),
        ("application/sparql-update", "CLEAR ALL"),
        (FORM, "query=ASK%20%7B%7D&using-graph-uri=urn%3Ax"),
    ],
)
def test_updates_are_refused(owned, path, media, body):
    headers = {"Content-Type": media, "Authorization": f"Bearer {TOKEN}"}
    response = owned.client.post(path, content=body, headers=headers)
    assert response.status_code in (403, 415)
    assert owned.alive()


@pytest.mark.parametrize(
    "update",
    ["INSERT DATA { <urn:a> <urn:b> 1 }", "CLEAR ALL", "LOAD <http://127.0.0.1/x>", "DROP ALL"],
)
def test_an_update_is_no_query(served, update):
    assert served.ask(update).status_code == 400
    assert number(served.ask(COUNT)) == 2000


# -- The Graph Store Protocol


def test_anybody_may_read_a_graph(served):
    response = served.client.get("/store", params={"graph": EX + "g2"})
    assert response.status_code == 200
    headers = {"Accept": "application/n-triples"}
    text = served.client.get("/store", params={"graph": EX + "g2"}, headers=headers).text
    assert text.count("\n") == 666
    assert served.client.get("/store", params={"graph": EX + "no"}).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_where_nobody_may_write(served, method):
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "text/turtle"}
    response = served.client.request(
        method, "/store", params={"graph": EX + "g2"}, content="", headers=headers
    )
    assert response.status_code == 403


def test_the_owner_writes_a_graph(owned):
    owner = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/n-triples"}
    where = {"graph": EX + "new"}

    def content() -> str:
        accept = {"Accept": "application/n-triples"}
        return owned.client.get("/store", params=where, headers=accept).text

    one, two = (f'<{EX}a> <{EX}b> "{value}" .\n' for value in "12")
    assert owned.client.put("/store", params=where, content=one, headers=owner).status_code == 201
    assert content() == one
    assert owned.client.put("/store", params=where, content=two, headers=owner).status_code == 204
    assert content() == two
    assert owned.client.post("/store", params=where, content=one, headers=owner).is_success
    assert sorted(content().splitlines()) == sorted((one + two).splitlines())
    bad = owned.client.put("/store", params=where, content="no triples", headers=owner)
    assert bad.status_code == 400
    assert owned.client.delete("/store", params=where, headers=owner).status_code == 204
    assert owned.client.get("/store", params=where).status_code == 404


@pytest.mark.parametrize(
    ("params", "media", "status"),
    [
        ({}, "text/turtle", 400),
        ({"graph": "not an iri"}, "text/turtle", 400),
        ({"graph": EX + "x", "default": ""}, "text/turtle", 400),
        ({"graph": [EX + "x", EX + "y"]}, "text/turtle", 400),
        ({"graph": EX + "x"}, "application/rdf+xml", 415),
        ({"graph": EX + "x"}, "application/ld+json", 415),
        ({"graph": EX + "x"}, "text/html", 415),
    ],
)
def test_mistakes_in_writing(owned, params, media, status):
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": media}
    response = owned.client.put("/store", params=params, content="", headers=headers)
    assert response.status_code == status


def test_ingestion_into_a_served_store_while_it_is_queried(owned, accord, write):
    write("a.txt")
    env = {"ACCORD_STORE_TOKEN": TOKEN}
    done = accord("ingest", "articles", "--store", owned.address, **env)
    assert done.returncode == 0, done.stderr
    assert "(Accord server)" in done.stderr
    claims = "SELECT (COUNT(*) AS ?n) WHERE { ?c a accord:DemandClaim }"
    prefix = "PREFIX accord: <https://w3id.org/accord-kg/ontology#> "
    assert number(owned.ask(prefix + claims)) > 0
    again = accord("ingest", "articles", "--store", owned.address, **env)
    assert "Nothing to do" in again.stderr
    refused = accord("ingest", "articles", "--store", owned.address, ACCORD_STORE_TOKEN="x" * 20)
    assert refused.returncode == 0 or "refuses the credentials" in refused.stderr
    write("b.txt", "Another report.\n\nTurkey said Russia had violated the Sochi deal on Monday.\n")
    refused = accord("ingest", "articles", "--store", owned.address, ACCORD_STORE_TOKEN="x" * 20)
    assert refused.returncode == 1
    assert "refuses the credentials" in refused.stderr


# -- What is around it


def test_the_query_page_needs_no_other_server(served):
    page = served.client.get("/")
    assert "yasgui" in page.text
    assert "://" not in page.text.replace(served.address, "")
    for part in ("/yasgui.min.js", "/yasgui.min.css", "/logo.svg"):
        assert served.client.get(part).status_code == 200
    assert "default-src 'self'" in page.headers["content-security-policy"]


def test_no_other_origin_unless_it_is_asked_for(served, serve):
    origin = {"Origin": "https://example.com"}
    assert "access-control-allow-origin" not in served.ask(**origin).headers
    with serve("--cors", "https://example.com") as running:
        assert running.ask(**origin).headers["access-control-allow-origin"] == "https://example.com"
        other = running.ask(Origin="https://evil.example")
        assert "access-control-allow-origin" not in other.headers


def test_health_and_description(served):
    assert served.client.get("/health").json()["status"] == "ok"
    described = served.client.get("/.well-known/void")
    endpoint = NamedNode("http://rdfs.org/ns/void#sparqlEndpoint")
    triples = list(parse(described.content, format=RdfFormat.TURTLE))
    assert [t.object.value for t in triples if t.predicate == endpoint] == [
        f"{served.address}/query"
    ]
    assert any(t.object.value == "2000" for t in triples)


def test_the_access_log_has_no_queries_unless_asked(served, serve):
    served.ask("ASK { <urn:my-secret-interest> ?p ?o }")
    with serve("--log-queries") as running:
        running.ask("ASK { <urn:my-interest> ?p ?o }")
    assert any("my-interest" in (line.get("query") or "") for line in running.access)
    assert not any("my-secret-interest" in json.dumps(line) for line in served.access)
    line = next(line for line in running.access if line["path"] == "/query")
    assert {"time", "client", "method", "path", "status", "bytes", "ms"} <= line.keys()


def test_a_served_store_as_a_store(owned):
    with open_store(owned.address, settings=Settings(store_token=TOKEN)) as store:
        assert store.kind == "Accord server"
        assert len(list(store.quads())) > 1000
