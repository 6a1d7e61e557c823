"""Publishing: every form is read back by another tool, and holds what the store does."""

import csv
import io
import json
import zipfile
from datetime import date

import pytest
from rdflib import RDF, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, PROV, SKOS, VOID

from accord.errors import UsageError, VocabularyError
from accord.export import export_claims
from accord.publishing.crate import Question, write_crate
from accord.publishing.description import DATASET, write_description
from accord.publishing.excerpt import Selection, claims_of, solutions
from accord.publishing.geometry import geojson
from accord.publishing.nanopublication import LICENCE, Imprint, write_nanopublications
from accord.publishing.tables import CLAIM_COLUMNS, Subject, write_csv, write_geojson
from accord.query import find_query, names_in
from accord.store import open_store
from tests.conftest import REPORT

ACCORD = Namespace("https://w3id.org/accord-kg/ontology#")
NP = Namespace("http://www.nanopub.org/nschema#")
OTHER = """Idlib is quiet
Date: Mar 9, 2020
Source: The Herald

Russia threatened to strike Saraqib. Turkey pledged to withdraw from Idlib province by March 15.
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    from accord.ingestion import Ingestion
    from accord.progress import Progress
    from accord.settings import Settings

    folder = tmp_path_factory.mktemp("publishing")
    for name, text in (("one.txt", REPORT), ("two.txt", OTHER)):
        (folder / name).write_text(text)
    address = str(folder / "store")
    with Ingestion([folder], Settings(store=address), Progress(quiet=True)) as run:
        for paths in run.plan():
            run.load(run.extract(paths))
    with open_store(address) as opened:
        yield opened


@pytest.fixture(scope="module")
def claims(store):
    found = list(export_claims(store))
    assert len(found) >= 5
    return found


def answer(store, sparql: str) -> Selection:
    return Selection.of_rows(store, solutions(store.query(sparql))[1])


# -- What is selected


def test_claims_are_selected_by_their_iris(store, claims):
    named = find_query("claim-nodes")
    assert sum(len(e.claims) for e in Selection(store)) == len(claims)
    demands = named.bound({"type": ["demand"]}, names_in(store))
    selected = [claim for excerpt in answer(store, demands) for claim in excerpt.claims]
    assert len(selected) == sum(claim.type == "Demand" for claim in claims) > 0


def test_or_by_their_words_or_by_their_article(store, claims):
    quoted = next(claim for claim in claims if claim.type == "Demand")
    by_words = claims_of(store, [{"words": _literal(quoted.text)}])
    assert sum(map(len, by_words.values())) == sum(c.text == quoted.text for c in claims)
    by_article = claims_of(store, [{"article": _literal("two")}])
    assert sum(map(len, by_article.values())) == sum(c.article == "two" for c in claims)
    # Words of another article than the one that is named.
    assert claims_of(store, [{"words": _literal(quoted.text), "article": _literal("two")}]) == {}
    assert claims_of(store, [{"n": _literal("7")}]) == {}


# -- Nanopublications


@pytest.fixture(scope="module")
def nanopublications(store):
    output = io.BytesIO()
    creator = "https://orcid.org/0000-0002-1825-0097"
    written = write_nanopublications(Selection(store), output, Imprint(creator=creator))
    dataset = Dataset()
    dataset.parse(data=output.getvalue().decode(), format="trig")
    return written, dataset


def test_nanopublications_are_well_formed(nanopublications, claims):
    """The rules of https://nanopub.net/guidelines/working_draft/, well-formed nanopublications."""
    written, dataset = nanopublications
    heads = list(dataset.quads((None, RDF.type, NP.Nanopublication, None)))
    assert len(heads) == written == len(claims)
    in_some = set()
    for publication, _, _, head in heads:
        parts = {"Head": head}
        for name, predicate in (
            ("assertion", NP.hasAssertion),
            ("provenance", NP.hasProvenance),
            ("pubinfo", NP.hasPublicationInfo),
        ):
            # Exactly one of each, and said in the head.
            ((_, _, parts[name], where),) = dataset.quads((publication, predicate, None, None))
            assert where == head
        assert len({str(part) for part in (publication, *parts.values())}) == 5
        for part in parts.values():
            assert len(dataset.graph(URIRef(str(part)))) > 0
            in_some.add(str(part))
        assertion = URIRef(str(parts["assertion"]))
        provenance = dataset.graph(URIRef(str(parts["provenance"])))
        assert (assertion, None, None) in provenance
        info = dataset.graph(URIRef(str(parts["pubinfo"])))
        assert len(list(info.objects(publication, DCTERMS.created))) == 1
        assert list(info.objects(publication, DCTERMS.license)) == [URIRef(LICENCE)]
        assert list(info.objects(publication, DCTERMS.creator)) == [
            URIRef("https://orcid.org/0000-0002-1825-0097")
        ]
    # Nothing stands outside of them.
    assert {str(graph) for _, _, _, graph in dataset.quads()} == in_some


def test_a_nanopublication_has_the_claim_and_what_it_rests_on(nanopublications, claims):
    _, dataset = nanopublications
    words = {claim.text for claim in claims}
    for publication, _, _, _ in dataset.quads((None, RDF.type, NP.Nanopublication, None)):
        assertion = dataset.graph(URIRef(f"{publication}#assertion"))
        provenance = dataset.graph(URIRef(f"{publication}#provenance"))
        (claim,) = assertion.subjects(ACCORD.holder)
        assert not list(assertion.objects(claim, ACCORD.evidence))
        (span,) = provenance.objects(claim, ACCORD.evidence)
        assert {str(text) for text in provenance.objects() if str(text) in words}
        (run,) = provenance.objects(URIRef(f"{publication}#assertion"), PROV.wasGeneratedBy)
        assert list(provenance.objects(run, ACCORD.modelHash))
        assert (None, PROV.wasDerivedFrom, span) in provenance


def test_the_same_claims_give_the_same_nanopublications(store):
    one, two = io.BytesIO(), io.BytesIO()
    write_nanopublications(Selection(store), one)
    write_nanopublications(Selection(store), two)
    assert one.getvalue() == two.getvalue()
    assert one.getvalue().count(b"@prefix np:") == 1


# -- A description of the store


def test_the_description_is_read_back_and_its_numbers_are_the_stores(store, claims):
    output = io.BytesIO()
    write_description(store, output)
    graph = Graph().parse(data=output.getvalue(), format="turtle")
    dataset = URIRef(DATASET.value)
    assert {VOID.Dataset, DCAT.Dataset} <= set(graph.objects(dataset, RDF.type))
    quads = len(list(store.quads()))
    assert graph.value(dataset, VOID.triples).toPython() == quads
    assert graph.value(dataset, VOID.documents).toPython() == 2
    assert f"{len(claims)} claims from 2 articles" in graph.value(dataset, DCTERMS.description)
    partitions = {
        graph.value(part, VOID["class"]): graph.value(part, VOID.entities).toPython()
        for part in graph.objects(dataset, VOID.classPartition)
    }
    assert partitions[ACCORD.DemandClaim] == sum(claim.type == "Demand" for claim in claims)
    by_property = sum(
        graph.value(part, VOID.triples).toPython()
        for part in graph.objects(dataset, VOID.propertyPartition)
    )
    assert by_property == quads
    assert len(list(graph.objects(dataset, DCAT.distribution))) >= 5
    (links,) = graph.subjects(RDF.type, VOID.Linkset)
    assert graph.value(links, VOID.triples).toPython() > 50
    period = graph.value(dataset, DCTERMS.temporal)
    assert str(graph.value(period, DCAT.startDate)) == "2019-02-08"
    assert graph.value(dataset, DCTERMS.license) == URIRef(LICENCE)


# -- Tables


def test_csv_has_every_claim_as_it_was_extracted(store, claims):
    output = io.StringIO(newline="")
    write_csv(Selection(store), Subject.CLAIMS, output)
    rows = list(csv.DictReader(io.StringIO(output.getvalue(), newline="")))
    assert tuple(rows[0]) == CLAIM_COLUMNS
    assert len({row["claim"] for row in rows}) == len(rows) == len(claims)
    columns = ("article", "type", "holder", "actor", "status", "agreement", "text")
    written = {
        (*(row[name] for name in columns), int(row["start"]), int(row["end"])) for row in rows
    }
    assert written == {
        (
            *(claim.article, claim.type, _holder(claim), "; ".join(sorted(claim.actor))),
            *(claim.status or "", claim.agreement or "", claim.text, claim.start, claim.end),
        )
        for claim in claims
    }
    assert {row["published"] for row in rows} == {"2019-02-08", "2020-03-09"}
    russia = next(row for row in rows if row["holder"] == "Russia")
    assert russia["holder_iri"] == "https://w3id.org/accord-kg/id/actor/russia"


def test_geojson_has_claims_where_their_places_are(store, claims):
    output = io.StringIO()
    write_geojson(Selection(store), Subject.CLAIMS, output)
    document = json.loads(output.getvalue())
    assert document["type"] == "FeatureCollection"
    assert len(document["features"]) == len(claims)
    for feature in document["features"]:
        assert feature["type"] == "Feature"
        assert set(feature) == {"type", "id", "geometry", "properties"}
        assert feature["id"] == feature["properties"]["claim"]
        if "place" not in feature["properties"]:
            assert feature["geometry"] is None
    shapes = {
        feature["properties"]["place"]: feature["geometry"]
        for feature in document["features"]
        if "place" in feature["properties"]
    }
    kinds = {place: shape and shape["type"] for place, shape in shapes.items()}
    assert kinds.get("Idlib Governorate") in ("Polygon", "MultiPolygon"), kinds


def test_zones_have_their_geometry_and_how_many_claims_are_about_them(store, claims):
    output = io.StringIO()
    write_geojson(Selection(store), Subject.ZONES, output)
    features = {f["properties"]["label"]: f for f in json.loads(output.getvalue())["features"]}
    zone = features["Idlib demilitarized zone"]
    assert "sochi-2018" in zone["properties"]["agreements"]
    for label, feature in features.items():
        told = sum(claim.place == label for claim in claims)
        assert feature["properties"].get("claims", 0) == told, label
    assert any(feature["geometry"] is None for feature in features.values())
    rows = io.StringIO(newline="")
    write_csv(Selection(store), Subject.ZONES, rows)
    assert len(list(csv.reader(io.StringIO(rows.getvalue(), newline="")))) == len(features) + 1


@pytest.mark.parametrize(
    ("wkt", "expected"),
    [
        ("POINT(36.6 35.9)", {"type": "Point", "coordinates": [36.6, 35.9]}),
        (
            "<http://www.opengis.net/def/crs/EPSG/0/4326> POINT (35.9 36.6)",
            {"type": "Point", "coordinates": [36.6, 35.9]},
        ),
        (
            "<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POINT Z (1 -2.5e0 3)",
            {"type": "Point", "coordinates": [1.0, -2.5, 3.0]},
        ),
        (
            "POLYGON((0 0, 1 0, 1 1, 0 0), (.2 .1, .3 .1, .3 .2, .2 .1))",
            {
                "type": "Polygon",
                "coordinates": [
                    [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]],
                    [[0.2, 0.1], [0.3, 0.1], [0.3, 0.2], [0.2, 0.1]],
                ],
            },
        ),
        (
            "MULTIPOINT((1 2), (3 4))",
            {"type": "MultiPoint", "coordinates": [[1.0, 2.0], [3.0, 4.0]]},
        ),
        ("MULTIPOINT(1 2, 3 4)", {"type": "MultiPoint", "coordinates": [[1.0, 2.0], [3.0, 4.0]]}),
        (
            "MULTIPOLYGON(((0 0,1 0,1 1,0 0)))",
            {
                "type": "MultiPolygon",
                "coordinates": [[[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]]]],
            },
        ),
        (
            "GEOMETRYCOLLECTION(POINT(1 2), LINESTRING(0 0, 1 1))",
            {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Point", "coordinates": [1.0, 2.0]},
                    {"type": "LineString", "coordinates": [[0.0, 0.0], [1.0, 1.0]]},
                ],
            },
        ),
        ("POLYGON EMPTY", {"type": "Polygon", "coordinates": []}),
    ],
)
def test_well_known_text_becomes_geojson(wkt, expected):
    assert geojson(wkt) == expected


@pytest.mark.parametrize(
    "wkt",
    [
        *("", "POINT", "POINT(1)", "POINT(1 2", "POINT(1 2) x", "CIRCLE(1 2)"),
        *("POINT(1 2) POINT(1 2)", "POLYGON((0 0, 1 one))"),
        "<http://www.opengis.net/def/crs/EPSG/0/3857> POINT(1 2)",
    ],
)
def test_what_is_no_geometry_is_refused(wkt):
    with pytest.raises(VocabularyError):
        geojson(wkt)


# -- Crates

QUESTION = Question(
    "Who demands what?",
    "Demands with their words.",
    "SELECT ?claim ?holder ?words WHERE { GRAPH ?g { ?claim a accord:DemandClaim ; "
    "accord:holder ?holder ; accord:evidence/oa:hasSelector/oa:exact ?words } }",
)


@pytest.fixture(scope="module")
def crate(store):
    output = io.BytesIO()
    contents = write_crate(store, QUESTION, output, Imprint(), date(2026, 1, 2))
    return contents, zipfile.ZipFile(output), output.getvalue()


def test_a_crate_is_described_as_ro_crate_asks(crate):
    """Sections 2, 4 and 5 of https://www.researchobject.org/ro-crate/specification/1.1/."""
    _, file, _ = crate
    document = json.loads(file.read("ro-crate-metadata.json"))
    assert document["@context"] == "https://w3id.org/ro/crate/1.1/context"
    entities = {entity["@id"]: entity for entity in document["@graph"]}
    assert len(entities) == len(document["@graph"])
    descriptor = entities["ro-crate-metadata.json"]
    assert descriptor["@type"] == "CreativeWork"
    assert descriptor["about"] == {"@id": "./"}
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    root = entities["./"]
    assert root["@type"] == "Dataset"
    assert root["name"] == "Who demands what?"
    assert root["datePublished"] == "2026-01-02"
    for key in ("description", "license", "author"):
        assert root[key]
    assert entities[root["license"]["@id"]]["@type"] == "CreativeWork"
    parts = {part["@id"] for part in root["hasPart"]}
    assert parts | {"ro-crate-metadata.json"} == set(file.namelist())
    for part in parts:
        assert entities[part]["@type"] == "File"
        assert entities[part]["encodingFormat"]
    (action,) = (e for e in document["@graph"] if e["@type"] == "CreateAction")
    assert entities[action["instrument"]["@id"]]["version"]
    named = [action["object"], action["instrument"], root["author"], *action["result"]]
    assert all(reference["@id"] in entities for reference in named)


def test_a_crate_answers_its_own_query(crate, store, claims):
    contents, file, _ = crate
    wanted = sum(claim.type == "Demand" for claim in claims)
    assert (contents.rows, contents.claims) == (wanted, wanted)
    dataset = Dataset(default_union=True)
    dataset.parse(data=file.read("claims.nq").decode(), format="nquads")
    again = {
        (str(row.claim), str(row.holder), str(row.words))
        for row in dataset.query(file.read("query.rq").decode())
    }
    rows = list(csv.DictReader(io.StringIO(file.read("result.csv").decode(), newline="")))
    assert {(row["claim"], row["holder"], row["words"]) for row in rows} == again
    result = json.loads(file.read("result.json"))
    assert result["head"]["vars"] == ["claim", "holder", "words"]
    assert len(result["results"]["bindings"]) == wanted
    assert result["results"]["bindings"][0]["claim"]["type"] == "uri"
    # Only what belongs to these claims.
    assert set(dataset.subjects(ACCORD.holder)) == {URIRef(claim) for claim, _, _ in again}
    labels = Graph().parse(data=file.read("vocabulary.ttl"), format="turtle")
    turkey = URIRef("https://w3id.org/accord-kg/id/actor/turkey")
    assert labels.value(turkey, SKOS.prefLabel) == Literal("Turkey", lang="en")
    assert file.testzip() is None


def test_the_same_answer_gives_the_same_bytes(crate, store):
    again = io.BytesIO()
    write_crate(store, QUESTION, again, Imprint(), date(2026, 1, 2))
    assert again.getvalue() == crate[2]


def test_an_answer_that_names_no_claim_makes_no_crate(store):
    for sparql, why in (
        ("SELECT ?s WHERE { GRAPH ?g { ?s a skos:ConceptScheme } }", "names no claim"),
        ("ASK { ?s ?p ?o }", "Only a SELECT query"),
    ):
        output = io.BytesIO()
        with pytest.raises(UsageError, match=why):
            write_crate(store, Question("", "", sparql), output, Imprint(), date.today())
        assert output.getvalue() == b""


# -- The command


def test_the_command_writes_each_form(accord, store, claims, tmp_path, tmp_path_factory):
    address = str(tmp_path / "copy")
    with open_store(address, create=True) as copy:
        from accord.graph import NamedGraph

        graphs: dict[str, str] = {}
        for quad in store.quads():
            name = quad.graph_name.value
            graphs[name] = graphs.get(name, "") + f"{quad.triple} .\n"
        copy.replace([NamedGraph(name, triples) for name, triples in graphs.items()])
    made = accord("export", "--store", address, "--format", "csv", "-p", "holder=turkey")
    assert made.returncode == 0, made.stderr
    holders = {row["holder"] for row in csv.DictReader(io.StringIO(made.stdout))}
    assert holders == {"Turkey"}
    out = tmp_path / "crate.zip"
    made = accord(
        "export", "--store", address, "--format", "crate", "--query", "demands", "-o", out
    )
    assert made.returncode == 0, made.stderr
    assert "rows and the" in made.stderr
    assert "claims.nq" in zipfile.ZipFile(out).namelist()
    wrong = accord("export", "--store", address, "--format", "trig", "-p", "holder=turkey")
    assert wrong.returncode == 2
    assert "trig is of the whole store" in wrong.stderr
    wrong = accord("export", "--store", address, "--format", "nanopub", "--licence", "CC BY")
    assert wrong.returncode == 2
    nowhere = tmp_path / "no" / "file.trig"
    wrong = accord("export", "--store", address, "--format", "nanopub", "-o", nowhere)
    assert wrong.returncode == 1
    assert "cannot be written" in wrong.stderr


def _literal(text: str):
    from pyoxigraph import Literal as Term

    return Term(text)


def _holder(claim) -> str:
    """Return the label in the table: an outlet has its own there."""
    if claim.holder != "outlet":
        return claim.holder
    return {"one": "outlet", "two": "The Herald"}[claim.article]
