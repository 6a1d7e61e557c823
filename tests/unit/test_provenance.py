"""Provenance to the character: from every claim in a store to its words, and to what made it."""

from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest

from accord.ingestion import Ingestion
from accord.progress import Progress
from accord.query import rows
from accord.settings import Settings
from accord.sources.files import File
from accord.store import open_store
from accord.versions import current_versions
from tests.conftest import EXAMPLES, SHARED

CLAIM_TO_SOURCES = """
SELECT ?claim ?exact ?start ?end ?article ?outlet ?published ?software ?model ?mappings ?run
       ?started ?location
WHERE {
  GRAPH ?graph {
    ?claim accord:holder ?holder ; accord:evidence ?span ; accord:statedIn ?article ;
      prov:wasGeneratedBy ?extraction .
    ?span oa:hasSource ?article ; oa:hasSelector ?position , ?quote .
    ?position a oa:TextPositionSelector ; oa:start ?start ; oa:end ?end .
    ?quote a oa:TextQuoteSelector ; oa:exact ?exact .
    ?article accord:publishedBy ?outlet .
    ?extraction prov:used ?article ; accord:softwareVersion ?software ;
      accord:modelHash ?model ; accord:mappingHash ?mappings .
    OPTIONAL { ?article accord:publishedOn ?published }
  }
  GRAPH ?anywhere { ?outlet a accord:Outlet }
  GRAPH ?capture {
    ?capture accord:holds ?article ; prov:atLocation ?location ; prov:wasGeneratedBy ?run
  }
  GRAPH ?run { ?run a accord:Run ; prov:startedAtTime ?started ; prov:used ?source }
}
"""

ALL_SPANS = """
SELECT ?span ?article ?start ?end ?exact ?form WHERE {
  GRAPH ?graph {
    ?span a oa:SpecificResource .
    OPTIONAL { ?span oa:hasSource ?article }
    OPTIONAL { ?span oa:hasSelector ?position . ?position oa:start ?start ; oa:end ?end }
    OPTIONAL { ?span oa:hasSelector ?quote . ?quote oa:exact ?exact }
    OPTIONAL { ?mention accord:evidence ?span ; accord:surfaceForm ?form }
  }
}
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """A store of the sample articles, of this repository and beside it, and what was loaded."""
    address = str(tmp_path_factory.mktemp("provenance") / "store")
    sources = [EXAMPLES, *([SHARED / "seeds"] if (SHARED / "seeds").is_dir() else [])]
    with Ingestion(sources, Settings(store=address), Progress(quiet=True)) as run:
        for batch in run.plan():
            run.load(run.extract(batch))
    with open_store(address) as store:
        yield store, run.summary


@pytest.fixture(scope="module")
def texts(loaded):
    """The article at each article's IRI, read again from its file."""
    store, _ = loaded
    query = (
        "SELECT ?article ?location WHERE { GRAPH ?c { ?c accord:holds ?article ; "
        "prov:atLocation ?location } }"
    )
    found = {}
    for row in rows(store.query(query)):
        location = File(Path(unquote(urlparse(row["location"]).path)))
        found[row["article"]] = location.article(location.read(), 10**6)
    return found


def test_every_claim_leads_to_its_words_its_source_and_what_made_it(loaded, texts):
    store, summary = loaded
    led = {}
    for row in rows(store.query(CLAIM_TO_SOURCES)):
        led[row["claim"]] = row
    everything = {
        row["claim"]
        for row in rows(
            store.query("SELECT ?claim WHERE { GRAPH ?g { ?claim accord:holder ?holder } }")
        )
    }
    assert len(everything) == sum(summary.claims.values()) > 100
    assert set(led) == everything
    versions = current_versions()
    for row in led.values():
        article = texts[row["article"]]
        assert row["exact"] == article.raw[int(row["start"]) : int(row["end"])]
        assert (row["software"], row["model"], row["mappings"]) == (
            versions.software,
            versions.model,
            versions.mappings,
        )
        assert row["published"] == (article.published.isoformat() if article.published else "")
    assert any(row["published"] for row in led.values())


def test_every_span_is_the_text_at_its_offsets(loaded, texts):
    store, _ = loaded
    seen, forms = set(), 0
    for row in rows(store.query(ALL_SPANS)):
        seen.add(row["span"])
        standing = texts[row["article"]].raw[int(row["start"]) : int(row["end"])]
        assert row["exact"] == standing != ""
        if row["form"]:
            forms += 1
            assert row["form"] == " ".join(standing.split())
    assert len(seen) > 500
    assert forms > 300


def test_every_utterance_appears_in_the_articles_of_its_claims(loaded):
    store, _ = loaded
    query = (
        "SELECT ?claim ?article WHERE { GRAPH ?g { ?claim accord:madeIn ?utterance ; "
        "accord:statedIn ?article . FILTER NOT EXISTS { ?utterance a accord:Utterance ; "
        "accord:utteredBy ?who ; accord:appearsAs/oa:hasSource ?article } } }"
    )
    assert not list(rows(store.query(query)))
    made = "SELECT ?claim WHERE { GRAPH ?g { ?claim accord:madeIn ?utterance } }"
    assert len(list(rows(store.query(made)))) > 50
