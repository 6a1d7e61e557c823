"""The gate before the store, and the check of a whole store."""

import json
from dataclasses import replace

import pytest
from pyoxigraph import RdfFormat, serialize
from pyshacl import validate as pyshacl
from rdflib import Graph

from accord import outcome
from accord.audit import Audit
from accord.errors import ArticleError
from accord.export import as_dataset
from accord.graph import NamedGraph
from accord.ontology import outdated_graphs
from accord.overview import overview
from accord.resources import resource
from accord.shapes import Statements
from accord.store import open_store
from accord.validation import admit, misquotes, validate, vocabulary
from tests.conftest import EXAMPLES, REPORT, SHARED
from tests.unit.planted import TEXT, base, planted

HOLDER = "https://w3id.org/accord-kg/ontology#holder"


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    """The address of a store with the samples, and the seeds where they are beside the checkout."""
    from accord.ingestion import Ingestion
    from accord.progress import Progress
    from accord.settings import Settings

    sources = [folder for folder in (EXAMPLES, SHARED / "seeds") if folder.is_dir()]
    address = str(tmp_path_factory.mktemp("validation") / "store")
    with Ingestion(sources, Settings(store=address), Progress(quiet=True)) as run:
        for paths in run.plan():
            run.load(run.extract(paths))
    assert run.summary.set_aside == {}
    return address


def test_the_samples_keep_the_rules_as_pyshacl_has_them(everything):
    with open_store(everything) as store:
        graph = Graph()
        for triple in as_dataset(store).triples((None, None, None)):
            graph.add(triple)
    shapes = Graph().parse(resource("ontology", "shapes.ttl"))
    conforms, _, report = pyshacl(graph, shacl_graph=shapes)
    assert conforms, report[:3000]


def test_an_audit_of_the_samples_finds_nothing(everything):
    with open_store(everything) as store:
        audit = Audit(store)
        assert list(audit.violations()) == []
        assert audit.graphs > len(list(EXAMPLES.iterdir()))
        assert audit.statements > 10_000


def test_the_gate_sets_a_broken_article_aside_and_the_run_goes_on(
    write, ingest, tmp_path, monkeypatch
):
    def without_holders(article, *args, **fields):
        graph = made(article, *args, **fields)
        if article.name != "broken":
            return graph
        lines = [line for line in graph.triples.splitlines(True) if HOLDER not in line]
        return replace(graph, triples="".join(lines))

    made = outcome.article_graph
    monkeypatch.setattr(outcome, "article_graph", without_holders)
    write("broken.txt", REPORT + "Said twice.\n")
    done = ingest(write("fine.txt").parent)
    assert done.loaded == 1
    (reason,) = done.set_aside.values()
    assert reason.startswith("broken was understood in a way that breaks 3 rules of the graph.")
    assert "A claim has exactly one holder. Found, at id/claim/" in reason
    assert "Russia demanded on Thursday that Turkey fulfil" in reason
    with open_store(tmp_path / "store") as store:
        assert [capture.reason for capture in overview(store).set_aside] == [reason]
        assert list(Audit(store).violations()) == []


def test_many_broken_rules_are_told_in_a_few():
    from accord.article import parse_article

    graph = NamedGraph("g", "")
    broken = planted("DELETE { ?c accord:holder ?x } WHERE { ?c accord:holder ?x }")
    data = serialize(broken, format=RdfFormat.N_TRIPLES).decode().replace("Turkey", "Türkei")
    with pytest.raises(ArticleError, match=r"breaks \d+ rules.* And \d+ more\. Please report"):
        admit(replace(graph, triples=data), parse_article(TEXT, "a"))


def test_quotations_must_be_the_articles():
    statements = Statements(base(), vocabulary())
    assert list(misquotes(statements, TEXT)) == []
    (first, *_) = misquotes(statements, TEXT.replace("Turkey", "Turkmen"))
    assert "The quoted words are those of the article" in first.message
    assert list(misquotes(statements, ""))


def test_a_violation_names_what_was_found():
    (found,) = validate(planted("INSERT { actor:turkey a accord:Place } WHERE {}"))
    assert found.message == (
        "Nothing is both an actor and a place: a capital is one node, its government another. "
        'Found, at actor:turkey ("Turkey"): actor:turkey.'
    )


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "store", create=True) as opened:
        graphs = outdated_graphs(opened)
        opened.replace([*graphs, NamedGraph("https://example.org/one", _own(base()))])
        yield opened


def _own(triples) -> str:
    known = vocabulary()
    mine = [
        triple
        for triple in triples
        if triple.object not in known.objects(triple.subject, triple.predicate)
    ]
    return serialize(mine, format=RdfFormat.N_TRIPLES).decode()


def test_what_only_several_graphs_together_break_is_found(store):
    assert list(Audit(store).violations()) == []
    duty = next(triple.subject for triple in base() if "#requires" in triple.predicate.value)
    lines = [line for line in _own(base()).splitlines(True) if line.startswith(str(duty))]
    other = "".join(lines).replace("/id/actor/turkey>", "/id/actor/iran>")
    link = (
        "<https://w3id.org/accord-kg/id/name/x> <http://www.w3.org/2004/02/skos/core#exactMatch> "
        "<http://www.wikidata.org/entity/Q43> .\n"
    )
    store.replace([NamedGraph("https://example.org/two", other + link)])
    messages = " ".join(found.message for found in Audit(store).violations())
    assert "An obligation has exactly one obligor. Found, in several graphs, at id/" in messages
    assert "No item of another data set stands on two entities. Found, at wd:Q43" in messages


def test_links_to_what_other_graphs_describe_are_followed(store):
    gone = (
        "<https://w3id.org/accord-kg/graph/capture/1> "
        "<https://w3id.org/accord-kg/ontology#holds> <https://w3id.org/accord-kg/id/article/none> ."
    )
    capture = next(t.subject for t in base() if t.object.value.endswith("#Capture"))
    lines = "".join(
        f"{triple} .\n".replace(str(capture), "<https://w3id.org/accord-kg/graph/capture/1>")
        for triple in base()
        if triple.subject == capture and "#holds" not in str(triple)
    )
    store.replace([NamedGraph("https://w3id.org/accord-kg/graph/capture/1", lines + gone)])
    (found,) = Audit(store).violations()
    assert "one that the store has" in found.message
    assert found.graph == "https://w3id.org/accord-kg/graph/capture/1"


def test_the_command_says_so_by_its_exit_code(accord, store, tmp_path):
    store.close()
    fine = accord("validate", "--store", tmp_path / "store", "--json")
    assert fine.returncode == 0, fine.stderr
    assert json.loads(fine.stdout)["violations"] == []
    with open_store(tmp_path / "store") as again:
        broken = _own(planted("DELETE { ?c accord:status ?x } WHERE { ?c accord:status ?x }"))
        again.replace([NamedGraph("https://example.org/one", broken)])
    told = accord("validate", "--store", tmp_path / "store")
    assert told.returncode == 1
    assert "A claim of compliance has exactly one status. Found, at id/claim/" in told.stdout
    assert "1 violation." in told.stderr
    machine = accord("validate", "--store", tmp_path / "store", "--json")
    (found,) = json.loads(machine.stdout)["violations"]
    assert found["component"] == "MinCount"
    assert found["graph"] == "https://example.org/one"


@pytest.mark.server
def test_a_server_is_checked_and_published_like_a_folder(store, oxigraph_server):
    import io

    from accord.publishing.description import write_description
    from accord.publishing.excerpt import Selection
    from accord.publishing.nanopublication import write_nanopublications

    def published(address) -> bytes:
        output = io.BytesIO()
        write_nanopublications(Selection(address), output)
        return output.getvalue()

    graphs = {quad.graph_name for quad in store.quads()}
    with open_store(oxigraph_server) as remote:
        for graph in graphs:
            triples = (quad.triple for quad in store.quads() if quad.graph_name == graph)
            text = serialize(triples, format=RdfFormat.N_TRIPLES).decode()
            remote.replace([NamedGraph(graph.value, text)])
        audit = Audit(remote)
        assert list(audit.violations()) == []
        assert audit.statements == sum(1 for _ in store.quads())
        assert sorted(published(remote).splitlines()) == sorted(published(store).splitlines())
        description = io.BytesIO()
        write_description(remote, description)
        assert f"void:sparqlEndpoint <{oxigraph_server}/query>".encode() in description.getvalue()
        # The server is there for other tests too.
        remote.replace([], drop=[graph.value for graph in graphs])
