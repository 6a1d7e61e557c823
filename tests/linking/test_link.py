"""``accord link`` as a user runs it: a store, a real endpoint, a file that a person edits."""

import csv
import json
from dataclasses import replace

import pytest

from accord.audit import Audit
from accord.errors import LinkError
from accord.linking.acceptance import load_accepted
from accord.linking.linkage import Linkage, Summary
from accord.linking.mapping_set import curated
from accord.linking.sssom import EXACT, Link, MappingSet, read_links, write_links
from accord.linking.subject import subjects
from accord.ontology import outdated_graphs
from accord.progress import Progress
from accord.settings import Settings
from accord.store import PREFIXES, open_store
from tests.conftest import SHARED
from tests.linking.wikidata_model import by_key

ACTOR, PLACE, WD = PREFIXES["actor"], PREFIXES["place"], PREFIXES["wd"]
ITEMS = "SELECT ?s ?o WHERE { GRAPH ?g { ?s skos:exactMatch ?o } }"
ACCEPTED = "https://w3id.org/accord-kg/graph/links/accepted"
SECOND = """Talks on Idlib
Date: Feb 9, 2019

Russia says that Hulusi Akar promised on Friday to withdraw heavy weapons from Idlib.
"""


def exact(store) -> dict[str, str]:
    return {row["s"].value: row["o"].value for row in store.query(ITEMS)}


@pytest.fixture
def run(wikidata, tmp_path):
    """Do what the flow does on the test's store, without Prefect; returns the summary."""

    def run(offline: bool = False) -> Summary:
        settings = Settings(
            store=str(tmp_path / "store"),
            wikidata_endpoint=wikidata,
            wikidata_api="",
            cache=str(tmp_path / "cache"),
        )
        out = tmp_path / "links.sssom.tsv"
        with Linkage(settings, Progress(quiet=True), out, offline) as linkage:
            for batch in linkage.plan():
                linkage.propose(batch)
            linkage.conclude()
        return linkage.summary

    return run


def test_from_proposals_to_accepted_links(run, write, ingest, tmp_path):
    ingest(write("report.txt"))
    told = run()
    assert told.unanswered == {}
    assert told.proposed > 20 and told.ambiguous > 20 and told.requests > 0
    assert told.subjects == told.linked + told.proposed + told.ambiguous + told.none
    path = tmp_path / "links.sssom.tsv"
    rows = read_links(path).links
    akar = next(row for row in rows if row.subject == f"{ACTOR}hulusi-akar")
    assert akar.object == WD + by_key()["akar"] and akar.predicate == EXACT
    assert akar.tool == "accord" and akar.tool_version and akar.day and akar.confidence > 0.9
    linked = {link.subject for link in curated()}
    assert not [row for row in rows if row.subject in linked or row.confirmed]
    with open_store(tmp_path / "store") as store:
        # Nothing is linked by itself.
        assert exact(store) == {link.subject: link.object for link in curated()}

    # A person accepts one row, rejects another, and looks at no others.
    macron = next(row for row in rows if row.subject == f"{ACTOR}emmanuel-macron")
    edited = [
        row.accept("A. Scholar")
        if row is akar
        else row.reject("A. Scholar")
        if row is macron
        else row
        for row in rows
    ]
    write_links(path, MappingSet(edited, read_links(path).header))
    again = run()
    # Every answer is in the cache.
    assert (again.requests, again.accepted) == (0, 1)
    assert again.linked == told.linked + 1
    after = read_links(path).links
    assert [row for row in after if row.confirmed] == [row for row in edited if row.confirmed]
    pairs = [(row.subject, row.object) for row in after]
    assert len(pairs) == len(set(pairs))

    # Another article, and the links stay.
    ingest(write("second.txt", SECOND))
    with open_store(tmp_path / "store") as store:
        found = exact(store)
        assert found[akar.subject] == akar.object and macron.subject not in found
        (account,) = store.query(
            f"SELECT ?who WHERE {{ GRAPH <{ACCEPTED}> {{ ?m sssom:reviewer_label ?who ; "
            f"owl:annotatedSource <{akar.subject}> ; owl:annotatedTarget <{akar.object}> }} }}"
        )
        assert account["who"].value == "A. Scholar"
        assert not store.query("ASK { GRAPH ?g { ?s owl:sameAs ?o } }")
        assert list(Audit(store).violations()) == []


@pytest.fixture
def vocabulary(tmp_path):
    """A store with nothing but the vocabulary."""
    with open_store(tmp_path / "store", create=True) as store:
        store.replace(outdated_graphs(store))
    return tmp_path / "store"


def test_a_file_that_is_wrong_is_named_and_stays_as_it_is(run, vocabulary, tmp_path):
    path = tmp_path / "links.sssom.tsv"
    path.write_text("name\tid\n")
    with pytest.raises(LinkError, match="is no SSSOM table"):
        run()
    assert path.read_text() == "name\tid\n"


def test_a_run_that_stops_in_the_middle_changes_nothing_and_asks_nothing_twice(
    run, vocabulary, wikidata, tmp_path
):
    whole = run()
    (tmp_path / "links.sssom.tsv").unlink()
    for name in ("answers.sqlite", "answers.sqlite-wal", "answers.sqlite-shm"):
        (tmp_path / "cache" / name).unlink(missing_ok=True)
    settings = Settings(
        store=str(vocabulary),
        wikidata_endpoint=wikidata,
        wikidata_api="",
        cache=str(tmp_path / "cache"),
    )
    out = tmp_path / "links.sssom.tsv"
    with (
        pytest.raises(KeyboardInterrupt),
        Linkage(settings, Progress(quiet=True), out) as linkage,
    ):
        linkage.propose(linkage.plan()[0])
        raise KeyboardInterrupt
    assert not out.exists()
    after = run()
    assert 0 < after.requests < whole.requests
    assert (after.proposed, after.ambiguous) == (whole.proposed, whole.ambiguous)


def test_the_command_says_which_names_it_could_not_ask_about(accord, vocabulary, tmp_path):
    """The whole way, through the flow; offline, and no earlier run has been answered."""
    out = tmp_path / "links.sssom.tsv"
    done = accord("link", "--store", vocabulary, "--out", out, "--offline", "--json")
    assert done.returncode == 3 and "Traceback" not in done.stderr, done.stderr
    told = json.loads(done.stdout)
    assert told["requests"] == told["proposed"] == told["none"] == 0
    assert len(told["unanswered"]) > 500
    assert read_links(out).links == []


@pytest.fixture
def opened(vocabulary):
    with open_store(vocabulary) as store:
        yield store


def test_the_command_asks_the_endpoint_that_is_named_and_no_other(
    accord, wikidata, write, ingest, tmp_path
):
    ingest(write("report.txt", SECOND))
    out = tmp_path / "links.sssom.tsv"
    done = accord("link", "--store", "store", "--endpoint", wikidata, "--out", out, "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["proposed"] > 0
    assert not said["unanswered"]
    assert "reviewer_label" in out.read_text()


def test_accepted_links_are_replaced_and_go_when_they_are_withdrawn(opened, tmp_path):
    link = Link(f"{ACTOR}hulusi-akar", f"{WD}Q1", reviewer="A. Scholar")
    assert load_accepted(opened, tmp_path, [link]) == 1
    assert load_accepted(opened, tmp_path, [replace(link, object=f"{WD}Q2")]) == 1
    assert exact(opened)[link.subject] == f"{WD}Q2"
    assert load_accepted(opened, tmp_path, [link.reject("A. Scholar")]) == 0
    assert link.subject not in exact(opened)


def test_a_curated_link_wins_over_an_accepted_one(opened, tmp_path):
    before = exact(opened)
    wrong = [
        Link(f"{ACTOR}turkey", f"{WD}Q1", reviewer="A. Scholar"),
        Link(f"{ACTOR}hulusi-akar", f"{WD}Q43", reviewer="A. Scholar"),
    ]
    assert load_accepted(opened, tmp_path, wrong) == 0
    assert exact(opened) == before


def test_a_link_makes_no_article_be_read_again():
    from accord import versions

    named = {path.name for path in versions.mapping_files()}
    assert "claim.context.jsonld" in named and "confidence.yaml" in named
    assert not named & {"links.sssom.tsv", "identifiers.tsv", "linking.yaml", "wikidata.yaml"}


def test_the_sample_articles_have_each_verified_item_and_no_wrong_one(seeds, ingest, tmp_path):
    with (SHARED / "vocabulary" / "entities.tsv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    ingest(seeds)
    with open_store(tmp_path / "store") as store:
        found = exact(store)
        named = {subject.iri: subject for subject in subjects(store, found)}
        mentioned = {
            row["e"].value
            for row in store.query("SELECT ?e WHERE { GRAPH ?g { ?m accord:denotes ?e } }")
        }
    wanted = {row["label"]: row["qid"] for row in rows if row["verified"] == "yes"}
    unverified = {row["label"] for row in rows if row["verified"] != "yes"}
    checked = 0
    for iri in mentioned & named.keys():
        for name in named[iri].names:
            if name in wanted:
                assert found.get(iri) == f"{WD}{wanted[name]}", iri
                checked += 1
            elif name in unverified:
                assert iri not in found, iri
    assert checked >= 15
    for row in rows:
        if row["verified"] == "yes" and "seed" in row["kind"]:
            (owner,) = (iri for iri, item in found.items() if item == f"{WD}{row['qid']}")
            assert row["label"] in named[owner].names
