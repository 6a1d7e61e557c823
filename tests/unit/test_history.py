"""What is superseded stays answerable: what did this version say, of this article?"""

import json
from dataclasses import replace

import pytest

from accord import extraction
from accord.errors import UsageError
from accord.export import export_claims
from accord.graph import BASE
from accord.provenance.history import as_of, asks_for_derived, find_version, of_article, versions
from accord.query import rows
from accord.store import open_store
from accord.versions import Versions
from tests.conftest import REPORT

LATER = REPORT + "Iran attacked a convoy near Saraqib.\n"


@pytest.fixture
def version(monkeypatch):
    """Let everything after the call be read by the version of these mappings.

    With ``drop``, the version does not find claims of that type.
    """
    real = extraction.read

    def version(mappings, drop=None):
        def less(articles, nlp):
            for found in real(articles, nlp):
                left = [claim for claim in found.claims if claim.type != drop]
                yield replace(found, claims=left)

        for module in ("outcome", "ingestion"):
            monkeypatch.setattr(
                f"accord.{module}.current_versions",
                lambda model=None: Versions("0.1.0", "model", mappings),
            )
        monkeypatch.setattr(extraction, "read", less)

    return version


@pytest.fixture
def store(tmp_path):
    return lambda: open_store(tmp_path / "store")


def said(store, version):
    """Return type and evidence of each claim of a version."""
    past = as_of(store, find_version(store, version))
    return sorted((claim.type.value, claim.text) for claim in export_claims(past))


def now(store):
    return sorted((claim.type.value, claim.text) for claim in export_claims(store))


def test_what_a_replaced_version_said_can_still_be_asked(write, ingest, version, store):
    version("aaa")
    ingest(write("a.txt"))
    with store() as opened:
        before = now(opened)
    assert "Demand" in [kind for kind, _ in before]
    version("bbb", drop="Demand")
    ingest(write("a.txt"))
    with store() as opened:
        assert said(opened, "aaa") == before
        after = [claim for claim in before if claim[0] != "Demand"]
        assert now(opened) == said(opened, "bbb") == after
        found = [(s.versions.mappings, s.articles, s.current, s.claims) for s in versions(opened)]
    assert found == [("aaa", 1, 0, len(before)), ("bbb", 1, 1, len(after))]


def test_what_follows_by_rules_follows_of_a_former_version_too(write, ingest, version, store):
    version("aaa")
    ingest(write("a.txt"))
    version("bbb", drop="Compliance")
    ingest(write("a.txt"))
    query = "SELECT ?c WHERE { GRAPH ?g { ?entry a accord:TimelineEntry ; accord:restsOn ?c } }"
    assert asks_for_derived(query)
    assert not asks_for_derived("SELECT ?claim WHERE { GRAPH ?g { ?claim accord:status ?s } }")
    with store() as opened:
        past, present = (as_of(opened, find_version(opened, name)) for name in ("aaa", "bbb"))
        assert len(list(rows(past.query(query)))) > len(list(rows(present.query(query))))
        bare = as_of(opened, find_version(opened, "aaa"), derived=False)
        assert not list(rows(bare.query(query)))


def test_no_question_about_now_meets_what_is_superseded(write, ingest, version, store):
    version("aaa")
    ingest(write("a.txt"))
    count = "SELECT (COUNT(?c) AS ?n) WHERE { GRAPH ?g { ?c a accord:DemandClaim } }"
    with store() as opened:
        assert next(rows(opened.query(count)))["n"] == "1"
    version("bbb", drop="Demand")
    ingest(write("a.txt"))
    with store() as opened:
        assert next(rows(opened.query(count)))["n"] == "0"
        past = as_of(opened, find_version(opened, "aaa"))
        assert next(rows(past.query(count)))["n"] == "1"


def test_a_version_that_changes_nothing_is_kept_without_its_statements(
    write, ingest, version, store
):
    for mappings in ("aaa", "bbb", "ccc"):
        version(mappings)
        ingest(write("a.txt"))
    with store() as opened:
        literals = "SELECT ?text WHERE { GRAPH ?g { ?g accord:statements ?text } }"
        assert not list(rows(opened.query(literals)))
        assert said(opened, "aaa") == said(opened, "bbb") == now(opened) != []
        past = as_of(opened, find_version(opened, "aaa"))
        assert set(_mappings(past)) == {"aaa"}
    version("ddd", drop="Demand")
    ingest(write("a.txt"))
    with store() as opened:
        assert len(list(rows(opened.query(literals)))) == 1
        assert said(opened, "aaa") == said(opened, "ccc") != said(opened, "ddd")
        past = as_of(opened, find_version(opened, "bbb"))
        assert set(_mappings(past)) == {"bbb"}


def _mappings(store):
    # Every claim leads to the version that is asked, whoever else says the same.
    query = (
        "SELECT ?hash WHERE { GRAPH ?g { ?c accord:holder ?h ; "
        "prov:wasGeneratedBy/accord:mappingHash ?hash } }"
    )
    return [row["hash"] for row in rows(store.query(query))]


def test_a_version_that_comes_back_is_current_again(write, ingest, version, store):
    for mappings, drop in (("aaa", None), ("bbb", "Demand"), ("aaa", None)):
        version(mappings, drop)
        ingest(write("a.txt"))
    with store() as opened:
        assert said(opened, "aaa") == now(opened)
        assert {s.versions.mappings: s.current for s in versions(opened)} == {"aaa": 1, "bbb": 0}
        kept = "SELECT ?g WHERE { GRAPH ?g { ?g a accord:SupersededGraph } }"
        assert len(list(rows(opened.query(kept)))) == 1


def test_what_a_file_said_before_it_changed_is_no_longer_what_its_version_says(
    write, ingest, version, store
):
    version("aaa")
    ingest(write("a.txt"), write("b.txt", LATER.replace("Iran", "Israel")))
    write("a.txt", LATER)
    ingest(write("a.txt", LATER))
    with store() as opened:
        assert said(opened, "aaa") == now(opened)
        former = [e for e in of_article(opened, "a") if e.until]
        assert len(of_article(opened, "a")) == 2
        assert len(former) == 1
    version("bbb")
    write("b.txt", REPORT.replace("Thursday", "Friday"))
    ingest(write("a.txt", LATER), write("b.txt", REPORT.replace("Thursday", "Friday")))
    with store() as opened:
        texts = [text for _, text in said(opened, "aaa")]
        assert any("Israel attacked" in text for text in texts)
        assert any("Iran attacked" in text for text in texts)
        assert not any("Israel attacked" in text for _, text in now(opened))


def test_the_history_of_an_article_has_its_versions_and_dates(write, ingest, version, store):
    for mappings in ("aaa", "bbb"):
        version(mappings, drop="Demand" if mappings == "bbb" else None)
        ingest(write("a.txt"), write("c.txt", LATER))
    with store() as opened:
        found = of_article(opened, "a")
        assert [e.versions.mappings for e in found] == ["aaa", "bbb"]
        assert found[0].until
        assert found[1].until is None
        assert found[0].since <= found[0].until
        assert found[0].claims == found[1].claims + 1
        assert {e.article for e in found} == {e.article for e in of_article(opened, "a")}
        assert of_article(opened, found[0].article) == found
        with pytest.raises(UsageError, match="never read an article 'nobody'"):
            of_article(opened, "nobody")


def test_a_version_is_found_by_any_part_that_is_its_alone(write, ingest, version, store):
    for mappings in ("aaa", "aab"):
        version(mappings)
        ingest(write("a.txt"))
    with store() as opened:
        assert find_version(opened, "aab").mappings == "aab"
        assert find_version(opened, Versions("0.1.0", "model", "aaa").key).mappings == "aaa"
        with pytest.raises(UsageError, match=r"2 versions are called '0\.1\.0'"):
            find_version(opened, "0.1.0")
        with pytest.raises(UsageError, match="No version in the store is called 'zzz'"):
            find_version(opened, "zzz")


def test_captures_lead_to_the_run_that_made_them(write, ingest, version, store):
    version("aaa")
    path = write("a.txt")
    ingest(path)
    version("bbb")
    ingest(path)
    query = (
        "SELECT ?kind ?hash ?source WHERE { GRAPH ?g { ?c a ?kind ; prov:wasGeneratedBy ?run . "
        "FILTER(?kind IN (accord:Capture, accord:FormerCapture)) } GRAPH ?run { ?run a accord:Run "
        "; prov:startedAtTime ?start ; accord:mappingHash ?hash ; prov:used ?source } }"
    )
    with store() as opened:
        found = {(row["kind"].rpartition("#")[2], row["hash"]) for row in rows(opened.query(query))}
        assert found == {("Capture", "bbb"), ("FormerCapture", "aaa")}
        sources = {row["source"] for row in rows(opened.query(query))}
    assert sources == {path.as_uri()}


def test_two_runs_differ_in_run_and_captures_alone(write, ingest, tmp_path):
    path = write("a.txt")
    lines = []
    for name in ("one", "two"):
        ingest(path, store=str(tmp_path / name))
        with open_store(tmp_path / name) as opened:
            lines.append({str(quad) for quad in opened.quads()})
    names = {line.rpartition("graph_name=<NamedNode value=")[2] for line in lines[0] ^ lines[1]}
    assert names
    # A text's fingerprint says when it was first captured.
    parts = ("run", "capture", "text")
    assert all(any(f"{BASE}graph/{part}/" in name for part in parts) for name in names)


def test_a_server_keeps_what_is_superseded_as_well(write, ingest, version, oxigraph_server):
    path = write("a.txt", REPORT + "This one lies on a server.\n")
    for mappings, drop in (("server-a", None), ("server-b", "Demand"), ("server-c", "Demand")):
        version(mappings, drop)
        ingest(path, store=oxigraph_server)
    with open_store(oxigraph_server) as opened:
        first, second = said(opened, "server-a"), said(opened, "server-b")
        assert second == said(opened, "server-c")
        assert [claim for claim in first if claim[0] != "Demand"] == second != first


def test_the_command_lists_versions_and_the_history_of_an_article(accord, write, tmp_path):
    store = tmp_path / "s"
    assert accord("ingest", write("a.txt"), "--store", store).returncode == 0
    done = accord("history", "--store", store, "--json")
    (found,) = map(json.loads, done.stdout.splitlines())
    assert (found["articles"], found["current"]) == (1, 1)
    done = accord("history", "a", "--store", store, "--json")
    (found,) = map(json.loads, done.stdout.splitlines())
    assert (found["names"], found["until"]) == (["a"], None)
    assert accord("history", "nobody", "--store", store).returncode == 2
    assert "now" in accord("history", "a", "--store", store).stdout
    asked = accord("query", "claims", "--store", store, "--format", "csv")
    then = accord("query", "claims", "--store", store, "--format", "csv", "--as-of", "0.1.0")
    assert sorted(then.stdout.splitlines()) == sorted(asked.stdout.splitlines())
    missing = accord("query", "claims", "--store", store, "--as-of", "zzz")
    assert missing.returncode == 2
    assert "No version in the store" in missing.stderr
