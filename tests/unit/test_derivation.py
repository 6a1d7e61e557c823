"""Derived graphs follow the articles: loaded, replaced, dropped, killed in between, other rules."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord import rules
from accord.graph import BASE, NamedGraph
from accord.ingestion import Ingestion
from accord.progress import Progress
from accord.rules import load_rules
from accord.rules.derivation import Derivation
from accord.rules.topics import periods
from accord.rules.upkeep import marked
from accord.settings import Settings
from accord.store import open_store
from tests.unit.archives import articles, claim, derive, load, make, prepared, related

TURKEY = claim(holder="Turkey")
RUSSIA = claim(holder="Russia", status="not-fulfilled")
SHELLING = claim("Incident", actor=("Syria",), place="Saraqib", action="shell")
WORDS = "We expect our partners to carry out fully what they took upon themselves"
DEMAND = claim("Demand", "Russia", agreement="sochi-2018", words=WORDS)


def graphs(store, part="derived/"):
    found = {}
    for quad in store.quads():
        if quad.graph_name.value.startswith(f"{BASE}graph/{part}"):
            found.setdefault(quad.graph_name.value, set()).add(str(quad.triple))
    return found


def archive():
    return [
        make("One", TURKEY, SHELLING, DEMAND)[1],
        make("Two", RUSSIA, SHELLING, DEMAND)[1],
        make("Three", TURKEY, RUSSIA, SHELLING, day="2019-02-10")[1],
    ]


def test_articles_give_the_same_graphs_in_any_order_and_in_any_batches():
    one, two, three = archive()
    found = []
    for batches in ([[one, two, three]], [[three], [one], [two]], [[two, three], [one]]):
        with prepared() as store:
            for batch in batches:
                load(store, *batch)
                derive(store)
            found.append(graphs(store))
    assert found[0] == found[1] == found[2]
    assert len(found[0]) > 10
    kinds = {name.split("/")[-2] for name in found[0]}
    assert kinds == set(load_rules())


def test_deriving_anew_changes_nothing():
    with prepared() as store:
        load(store, *archive())
        derive(store)
        before = graphs(store)
        stray = NamedGraph(
            f"{BASE}graph/derived/timeline/gone",
            f"<{BASE}graph/derived/timeline/gone> <{BASE}ontology#derivedFor> "
            f"<{BASE}id/article/gone> .\n",
        )
        store.replace([stray])
        assert derive(store).articles == 0
        assert derive(store, anew=True).articles == 3
        assert graphs(store) == before


def test_a_derived_graph_says_what_it_is_and_what_it_read():
    with prepared() as store:
        (one, first), (two, second) = make("One", TURKEY), make("Two", RUSSIA)
        load(store, first, second)
        derive(store)
        rule = load_rules()["contradictions"]
        rows = store.query(
            "SELECT ?p ?o WHERE { GRAPH ?g { ?c accord:contradicts ?d . ?g ?p ?o } }"
        )
        said = {(row["p"].value.split("/")[-1].split("#")[-1], row["o"].value) for row in rows}
        keys = [one.key, two.key]
        assert said == {
            ("type", f"{BASE}ontology#DerivedGraph"),
            ("byRule", f"{BASE}id/rule/contradictions"),
            ("ruleHash", rule.hash),
            *(("derivedFor", f"{BASE}id/article/{key}") for key in keys),
            *(("wasDerivedFrom", f"{BASE}graph/article/{key}") for key in keys),
            *(("wasDerivedFrom", f"{BASE}graph/derived/topics/{key}") for key in keys),
            ("wasDerivedFrom", f"{BASE}graph/schemes"),
            ("wasDerivedFrom", f"{BASE}graph/sides"),
        }
        rows = store.query(
            "SELECT ?g ?read WHERE { GRAPH ?g { ?g a accord:DerivedGraph ; prov:wasDerivedFrom "
            "?read } FILTER NOT EXISTS { GRAPH ?read { ?s ?p ?o } } }"
        )
        assert list(rows) == []


def test_what_was_derived_goes_with_its_article_and_nothing_points_to_it():
    one, two, three = archive()
    with prepared() as store:
        load(store, one, two, three)
        derive(store)
        load(store, drop=[two.iri])
        assert derive(store).articles == 0
        left = graphs(store)
    with prepared() as store:
        load(store, one, three)
        derive(store)
        assert graphs(store) == left


def test_an_article_that_is_replaced_is_derived_for_again():
    (_, one), (_, two) = make("One", TURKEY), make("Two", RUSSIA)
    _, changed = make("Two", claim(holder="Russia", status="delayed"), SHELLING)
    _, agreeing = make("Two", claim(holder="Russia"))
    with prepared() as store:
        load(store, one, two)
        derive(store)
        assert related(store, "contradicts")
        load(store, changed)
        # Between the two transactions nothing points to a claim that is gone.
        assert not related(store, "contradicts")
        derive(store)
        assert articles(related(store, "contradicts")) == {frozenset({"One", "Two"})}
        load(store, agreeing)
        assert derive(store).articles == 1
        assert not related(store, "contradicts")
        assert articles(related(store, "corroborates")) == {frozenset({"One", "Two"})}


def test_a_run_that_is_killed_before_it_derives_is_finished_by_the_next(
    write, tmp_path, monkeypatch
):
    class KilledError(Exception):
        pass

    def killed(self, tick=None):
        raise KilledError

    path, store = write("a.txt"), str(tmp_path / "store")

    def run():
        with Ingestion([path], Settings(store=store), Progress(quiet=True)) as ingestion:
            for batch in ingestion.plan():
                ingestion.load(ingestion.extract(batch))
        return ingestion.summary

    with monkeypatch.context() as patch:
        patch.setattr(Derivation, "finish", killed)
        with pytest.raises(KilledError):
            run()
    with open_store(store) as opened:
        assert len(marked(opened)) == 1
        assert set(next(iter(marked(opened).values()))) == set(load_rules())
        assert not [name for name in graphs(opened) if "/pending/" not in name]
    assert run().unchanged == 1
    with open_store(store) as opened:
        assert not marked(opened)
        assert graphs(opened, "derived/contradictions/")


def test_a_derivation_that_is_killed_half_way_is_finished_by_the_next(monkeypatch):
    monkeypatch.setattr("accord.rules.derivation._BATCH", 1)
    with prepared() as store:
        load(store, *archive())
        derivation = Derivation(store)
        derivation.begin()

        def kill(_):
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            derivation.finish(kill)
        assert len(marked(store)) == 2
        assert derive(store).articles == 2
        found = graphs(store)
    with prepared() as store:
        load(store, *archive())
        derive(store)
        assert graphs(store) == found


def changed(monkeypatch, name, **fields):
    """Put another rule in the place of an installed one, or without fields take one away."""
    installed = dict(load_rules())
    if fields:
        installed[name] = replace(installed[name], **fields)
    else:
        del installed[name]
    for module in ("derivation", "upkeep", "topics"):
        monkeypatch.setattr(f"accord.rules.{module}.load_rules", lambda: installed)


def test_a_rule_that_has_changed_is_run_again_and_no_other(monkeypatch):
    with prepared() as store:
        load(store, *archive())
        derive(store)
        before = graphs(store)
        empty = "CONSTRUCT { ?claim accord:contradicts ?other } WHERE { "
        empty += "VALUES (?claim ?other ?otherGraph) { } FILTER(false) }"
        changed(monkeypatch, "contradictions", sparql=empty, hash="other")
        Derivation(store).begin()
        assert set(map(frozenset, marked(store).values())) == {frozenset({"contradictions"})}
        assert derive(store).articles == 3
        kept = {name: said for name, said in before.items() if "/contradictions/" not in name}
        assert graphs(store) == kept != before
        assert derive(store).articles == 0


def test_a_rule_that_is_gone_takes_what_it_derived_with_it(monkeypatch):
    with prepared() as store:
        load(store, *archive())
        derive(store)
        changed(monkeypatch, "accusations")
        derive(store)
        assert not graphs(store, "derived/accusations/")
        assert graphs(store, "derived/timeline/")


def test_a_rules_hash_depends_on_the_ontology_and_topics_that_it_reads(tmp_path, monkeypatch):
    real = rules.resource
    found = rules.load_rules()
    (tmp_path / "schemes.ttl").write_text("# other")

    def resource(*parts):
        return tmp_path / "schemes.ttl" if parts[-1] == "schemes.ttl" else real(*parts)

    monkeypatch.setattr(rules, "resource", resource)
    now = rules.load_rules.__wrapped__()
    assert {name for name, rule in now.items() if rule.hash != found[name].hash} == {
        "contradictions"
    }


@pytest.mark.server
def test_a_server_gives_the_same_graphs(oxigraph_server):
    with prepared(open_store(oxigraph_server)) as store:
        load(store, *archive())
        derive(store)
        found = graphs(store)
        load(store, drop=[graph.iri for graph in archive()])
        assert not graphs(store)
    with prepared() as store:
        load(store, *archive())
        derive(store)
        assert graphs(store) == found


DAYS = st.one_of(
    st.none(), st.dates(date(2014, 1, 1), date(2019, 12, 31)), st.just(date(2016, 12, 31))
)
LENGTHS = st.one_of(st.integers(0, 45), st.integers(0, 1200))


@given(DAYS, LENGTHS, st.booleans(), DAYS, LENGTHS, st.booleans())
def test_times_that_overlap_find_each_other(first, length, open_, other, other_length, other_open):
    one = (first, None if first is None or open_ else first + timedelta(length))
    two = (other, None if other is None or other_open else other + timedelta(other_length))
    if one == (None, None) or two == (None, None):
        return
    overlap = (one[0] or date.min) <= (two[1] or date.max) and (two[0] or date.min) <= (
        one[1] or date.max
    )
    (found, sought), (found2, sought2) = periods(one, "a"), periods(two, "b")
    # Whichever comes last looks for the other.
    if overlap:
        assert sought & found2
        assert sought2 & found
    assert bool(sought & found2) == bool(sought2 & found)


def test_times_of_other_years_do_not_find_each_other():
    found, _ = periods((date(2018, 3, 1), date(2018, 3, 9)), "a")
    for first, last in (
        (date(2018, 5, 1), date(2018, 5, 31)),
        (date(2017, 3, 1), date(2017, 12, 31)),
        (date(2019, 1, 1), date(2019, 12, 31)),
    ):
        assert not found & periods((first, last), "b")[1]


def test_the_command_says_what_it_derived(accord, write, tmp_path):
    store = tmp_path / "store"
    assert accord("ingest", write("a.txt"), "--store", store).returncode == 0
    done = accord("derive", "--store", store, "--json")
    assert json.loads(done.stdout)["articles"] == 0
    assert "Nothing is pending" in accord("derive", "--store", store).stderr
    done = accord("derive", "--all", "--store", store, "--json")
    document = json.loads(done.stdout)
    assert document["articles"] == 1
    assert document["derived"]["contradictions"] == 1
    assert "1 contradictions" in accord("derive", "--all", "--store", store).stderr
    assert accord("derive", "--all", "--store", store, "--quiet").stderr == ""
