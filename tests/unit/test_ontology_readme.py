"""What ``ontology/README.md`` says is true of the files and of a sample article's graph."""

import csv
import re

import pytest
from rdflib import RDFS, Graph, URIRef
from rdflib.namespace import OWL

from accord.extraction import read
from accord.graph import ID, ONTOLOGY, article_graph
from accord.resources import resource
from accord.sources.files import File
from accord.versions import Versions
from accord.vocabulary import load_vocabulary
from tests.conftest import EXAMPLES, ROOT, SHARED
from tests.unit.ontology_files import graph
from tests.unit.ontology_readme import between_marks, drawing, term_table, with_part

PAGE = ROOT / "ontology" / "README.md"
ARTICLE = "idlib-sochi-2018"
SENTENCE = "Turkey says that it has fulfilled its part."
VERSIONS = Versions("0.1.0", "hash of the model", "hash of the mappings")
ACCORD = re.compile(r"\baccord:([\w-]+)")


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def sample() -> Graph:
    location = File(EXAMPLES / f"{ARTICLE}.txt")
    article = location.article(location.read(), 10**6)
    (found,) = read([article])
    made = article_graph(
        article, found.claims, VERSIONS, load_vocabulary(), quotations=found.quotations
    )
    return Graph().parse(data=made.triples, format="nt")


def claim_of(sample: Graph, words: str) -> URIRef:
    rows = sample.query(
        """SELECT ?claim WHERE { ?claim a accord:ComplianceClaim ;
           accord:evidence/oa:hasSelector/oa:exact ?words FILTER(STR(?words) = STR(?quote)) }""",
        initNs={"accord": ONTOLOGY, "oa": "http://www.w3.org/ns/oa#"},
        initBindings={"quote": URIRef(words)},
    )
    (row,) = rows
    return row.claim


def check(part: str, made: str, request) -> None:
    """Compare a part of the page, or write it with ``--update-golden``."""
    page = PAGE.read_text(encoding="utf-8")
    if request.config.getoption("--update-golden"):
        page = with_part(page, part, made)
        PAGE.write_text(page, encoding="utf-8")
    assert between_marks(page, part) == made


@pytest.mark.parametrize(
    ("part", "kind", "books"),
    [
        ("classes", OWL.Class, False),
        ("object properties", OWL.ObjectProperty, False),
        ("data properties", OWL.DatatypeProperty, False),
        ("datatypes", RDFS.Datatype, False),
        ("classes of books", OWL.Class, True),
        ("object properties of books", OWL.ObjectProperty, True),
        ("data properties of books", OWL.DatatypeProperty, True),
    ],
)
def test_the_tables_of_terms_are_those_of_the_ontology(part, kind, books, request):
    check(part, f"\n{term_table(kind, books)}\n", request)


def test_the_drawing_is_what_the_graph_of_the_article_says(page, sample, request):
    assert f"> {SENTENCE}" in page
    text = (EXAMPLES / f"{ARTICLE}.txt").read_text(encoding="utf-8")
    assert SENTENCE in text
    claim = claim_of(sample, SENTENCE)
    check("drawing", f"\n```\n{drawing(sample, claim)}```\n\n", request)
    drawn = between_marks(page, "drawing")
    for words in ("actor:turkey", "agreement:sochi-2018", "status:fulfilled", SENTENCE):
        assert words in drawn


def test_the_other_claim_of_the_page_disagrees_about_a_part_of_the_same_obligation(page, sample):
    accord = {name: URIRef(ONTOLOGY + name) for name in ("holder", "speaker", "status", "concerns")}
    quote = (
        page.partition("The same article says\n\n> ")[2].partition("\n\n")[0].replace("\n> ", " ")
    )
    ours, other = claim_of(sample, SENTENCE), claim_of(sample, quote)
    assert sample.value(other, accord["holder"]) == URIRef(f"{ID}actor/syria")
    assert sample.value(other, accord["speaker"])
    statuses = [sample.value(claim, accord["status"]) for claim in (ours, other)]
    incompatible = URIRef(f"{ONTOLOGY}incompatibleWith")
    assert (statuses[0], incompatible, statuses[1]) in graph("schemes")
    part_of = URIRef(f"{ONTOLOGY}partOfObligation")
    wholes = set(sample.transitive_objects(sample.value(other, accord["concerns"]), part_of))
    assert sample.value(ours, accord["concerns"]) in wholes


def test_every_term_of_the_draft_is_here_or_the_page_says_why_not(page):
    table = SHARED / "vocabulary" / "ontology-sketch.tsv"
    if not table.exists():
        pytest.skip("the first draft is not beside this checkout (../shared/vocabulary)")
    with table.open(encoding="utf-8") as lines:
        draft = {row["term"] for row in csv.DictReader(lines, delimiter="\t")}
    ours = {str(term).removeprefix(ONTOLOGY) for term in graph("accord").subjects()}
    section = page.partition("## What the first draft had")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| (\w+) \| ([^|]*)\|", section, re.M))
    explained = rows.keys() - {"draft"}
    assert explained <= draft, "the page explains what no draft had"
    assert draft - explained - ours == set()
    for answer in rows.values():
        assert set(ACCORD.findall(answer)) <= ours, answer


def test_terms_and_files_that_the_page_names_exist(page):
    ours = {str(term).removeprefix(ONTOLOGY) for term in graph("accord").subjects()}
    assert set(ACCORD.findall(page)) - ours == set()
    for name in re.findall(r"^\| `([\w.]+/?)` \|", page.partition("\n## ")[0], re.M):
        assert (ROOT / "ontology" / name.rstrip("/")).exists(), name
    for path in re.findall(r"`((?:tests|mappings|examples)/[\w./-]+)`", page):
        assert (ROOT / path).exists(), path


def test_the_blocks_that_the_page_shows_can_be_loaded(page, tmp_path):
    from accord.vocabulary import read_vocabulary

    block = re.search(r"((?:    .+\n)+)", page.partition("**An armed group")[2]).group(1)
    actors = resource("ontology", "actors.ttl").read_text(encoding="utf-8")
    longer = tmp_path / "actors.ttl"
    longer.write_text(actors + "\n" + block.replace("\n    ", "\n"), encoding="utf-8")
    vocabulary = read_vocabulary(longer, resource("ontology", "agreements.ttl"))
    assert vocabulary.iri("New Group") == f"{ID}actor/new-group"
