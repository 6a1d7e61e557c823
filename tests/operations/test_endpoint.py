"""The endpoint as a part of what runs for years: its metrics, and its first start."""

import re

from tests.serve.conftest import serving, small_store

TOKEN = "an-owner's-token-0123456789"


def test_metrics_count_requests_by_route(tmp_path):
    with serving(small_store(tmp_path / "store", 50)) as endpoint:
        for _ in range(3):
            assert endpoint.alive()
        assert endpoint.client.get("/query", params={"query": "nonsense"}).status_code == 400
        assert endpoint.client.get("/some/path/of/a/stranger").status_code == 404
        answer = endpoint.client.get("/metrics")
        assert answer.headers["content-type"].startswith("text/plain")
        numbers = dict(re.findall(r"^(accord_\S+) (\S+)$", answer.text, re.MULTILINE))
        assert numbers['accord_requests_total{path="/query",status="200"}'] == "3.0"
        assert numbers['accord_requests_total{path="/query",status="400"}'] == "1.0"
        assert numbers['accord_requests_total{path="other",status="404"}'] == "1.0"
        assert numbers['accord_request_seconds_count{path="/query"}'] == "4.0"
        assert float(numbers['accord_answer_bytes_total{path="/query"}']) > 60
        assert numbers["accord_requests_running"] == "1.0"  # this one
        assert numbers["accord_store_server_restarts"] == "0.0"
        # Nothing of what was asked.
        assert "stranger" not in answer.text


def test_a_store_is_made_where_its_owner_may_write(tmp_path, accord, write):
    with serving(tmp_path / "new", ACCORD_TOKEN=TOKEN) as endpoint:
        assert endpoint.ask("SELECT * WHERE { GRAPH ?g { ?s ?p ?o } }").status_code == 200
        done = accord(
            *("ingest", write("a.txt"), "--store", endpoint.address), ACCORD_STORE_TOKEN=TOKEN
        )
        assert done.returncode == 0, done.stderr
        asked = "ASK { ?c <https://w3id.org/accord-kg/ontology#holder> ?h }"
        assert "true" in endpoint.ask(asked).text


def test_without_an_owner_a_store_that_is_not_there_is_an_error(accord, tmp_path):
    done = accord("serve", "--store", tmp_path / "none")
    assert (done.returncode, "There is no store at" in done.stderr) == (1, True)
    assert not (tmp_path / "none").exists()
