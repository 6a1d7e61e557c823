"""Wikidata's items by their names, from a real SPARQL server with Wikidata's model."""

import time
from dataclasses import replace
from datetime import date

import httpx
import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat, Store

from accord.errors import UsageError
from accord.linking.cache import Cache
from accord.linking.courtesy import Courtesy
from accord.linking.spellings import spellings, wishes
from accord.linking.subject import Subject
from accord.linking.wikidata import Wikidata
from tests.linking.misbehaving import html, misbehaving, reset, status
from tests.linking.wikidata_model import by_key, items, turtle

KEYS = by_key()


@pytest.fixture
def ask(wikidata, tmp_path):
    """Ask the small Wikidata for candidates of names; returns QIDs by name."""

    def ask(*names, types=None, kind="Actor", **aliases):
        with Cache(tmp_path, 90) as cache:
            source = Wikidata(wikidata, cache, Courtesy(wikidata, None, tmp_path), types)
            subjects = [
                Subject(f"x:{name}", name, tuple(aliases.get(name, ())), kind) for name in names
            ]
            answers = list(source.candidates(subjects))
            assert source.unanswered == []
            assert [subject for subject, _ in answers] == subjects
            ask.requests = source.requests
            return {subject.label: found for subject, found in answers}

    return ask


def qids(candidates):
    return {candidate.qid for candidate in candidates}


def test_an_item_comes_with_everything_that_scoring_needs(ask):
    [turkey] = ask("Turkey")["Turkey"]
    assert turkey.iri == "http://www.wikidata.org/entity/Q43"
    assert turkey.label == "Turkey"
    assert {"Türkiye", "Republic of Turkey"} <= set(turkey.aliases)
    assert turkey.description == "country in Western Asia and Southeastern Europe"
    assert turkey.inception == date(1923, 10, 29)
    assert turkey.dissolved is None
    assert KEYS["nato"] in turkey.related
    assert turkey.sitelinks == 330


def test_types_are_there_with_all_their_superclasses(ask):
    found = ask("Rapid Support Forces", "Saraqib", "Angela Merkel")
    [rsf], [saraqib], [merkel] = found.values()
    assert {KEYS["armed-organization"], KEYS["organization"], KEYS["entity"]} <= rsf.types
    assert {KEYS["town"], KEYS["settlement"], KEYS["location"]} <= saraqib.types
    assert "Q5" in merkel.types
    assert merkel.countries == {KEYS["germany"]}
    assert merkel.inception == date(1954, 7, 17)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Hay’at Tahrir al-Sham", "hts"),
        ("Hayat Tahrir Al Sham", "hts"),
        ("هيئة تحرير الشام", None),  # Arabic is none of the languages that are asked for
        ("Mevlut Cavusoglu", "cavusoglu"),
        ("Recep Tayyip Erdogan", "erdogan"),
        ("Al Lataminah", "latamneh"),
        ("Sana’a", "sanaa"),
        ("Aleppo (city)", "aleppo"),
        ("the Kremlin", "kremlin"),
        ("Israel-Jordan peace treaty", "israel-jordan"),
        ("Egypt-Israel  peace treaty", "egypt-israel"),
        ("Vladimir Putin", "putin"),  # a label in no language but "mul"
        (
            "Jeish Al Izza",
            None,
        ),  # no spelling of a name that is there: the search finds it, or nobody
        ("Nobody Whatsoever", None),
        ('A "quoted" \\ name\nwith a break', None),
    ],
)
def test_names_are_found_in_other_spellings(ask, name, key):
    found = qids(ask(name)[name])
    assert (KEYS[key] in found) if key else found == set()


def test_all_that_bear_a_name_are_candidates(ask):
    found = ask("Hezbollah", "National Liberation Front", "SDF", "Tripoli", "Sochi")
    assert {KEYS["hezbollah"]} <= qids(found["Hezbollah"])
    assert {KEYS[k] for k in ("nlf-syria", "fln", "viet-cong", "nlf-yemen")} == qids(
        found["National Liberation Front"]
    )
    assert {KEYS["sdf"], KEYS["jsdf"]} == qids(found["SDF"])
    assert {KEYS[k] for k in ("tripoli", "tripoli-lb", "tripoli-gr")} == qids(found["Tripoli"])
    # Neither the page that lists the meanings nor the family name is a meaning.
    assert {KEYS["sochi"]} == qids(found["Sochi"])
    assert KEYS["n-lavrov"] not in qids(ask("Lavrov")["Lavrov"])


def test_the_best_known_come_first(ask):
    found = [candidate.qid for candidate in ask("Trump")["Trump"]]
    assert found == [KEYS["trump"], KEYS["trump-jr"]]


def test_aliases_of_a_subject_are_looked_up_too(ask):
    found = ask("Our friends in the north", **{"Our friends in the north": ["CSTO"]})
    assert qids(found["Our friends in the north"]) == {KEYS["csto"]}


def test_types_keep_out_what_a_subject_cannot_be(ask):
    anything = qids(ask("Washington")["Washington"])
    assert {KEYS["washington"], KEYS["washington-state"], KEYS["washington-g"]} == anything
    types = {"Person": frozenset({"Q5"})}
    assert qids(ask("Washington", types=types, kind="Person")["Washington"]) == {
        KEYS["washington-g"]
    }
    assert qids(ask("Washington", types=types, kind="Place")["Washington"]) == anything


def test_only_the_best_known_of_too_many_are_kept(ask, monkeypatch):
    monkeypatch.setattr(
        "accord.linking.wikidata.wishes",
        lambda: wishes().model_copy(update={"most_candidates": 1}),
    )
    assert [found.qid for found in ask("Tripoli")["Tripoli"]] == [KEYS["tripoli"]]


def test_a_name_asked_again_costs_no_request(ask):
    ask("Turkey", "Hamas")
    assert ask.requests == 3  # names, items, classes
    ask("Hamas")
    assert ask.requests == 0
    ask("Hamas", "Egypt")  # known classes
    assert ask.requests == 2


def test_many_names_are_asked_with_few_requests(ask):
    names = [name for key in KEYS for name in [key.replace("-", " ")]][:300]
    assert len(names) == 300
    ask(*names)
    tried = sum(len(spellings(name)) for name in names)
    assert ask.requests <= tried / wishes().names_a_request + 12


def source_at(server, tmp_path, cache, **options):
    courtesy = Courtesy(server.address, None, tmp_path, **options)
    return Wikidata(server.address, cache, courtesy)


@pytest.mark.parametrize(
    "answer",
    [
        (500, b"java.util.concurrent.TimeoutException"),
        (200, b'{"results": {"bindings": [{"item"java.util.concurrent.TimeoutException: 60 s'),
        (504, b"too long"),
        (400, b"this name spoils it"),
    ],
)
@pytest.mark.parametrize("place", [0, 2, 4])
def test_a_query_that_is_too_much_is_asked_in_halves(tmp_path, answer, place):
    """A name that cannot be asked at all is reported, the others are answered."""

    def mood(handler, body):
        if "Spoiler" in body or body.count("%40en") > 2 * 40:
            handler.say(*answer)
        else:
            handler.say(200, b'{"results": {"bindings": []}}')

    names = [f"N{n}" for n in range(100)]
    names.insert(place * 25, "Spoiler")
    with misbehaving(mood) as server, Cache(tmp_path, 90) as cache:
        source = source_at(server, tmp_path, cache)
        subjects = [Subject(f"x:{n}", n) for n in names]
        answered = [subject.label for subject, found in source.candidates(subjects) if not found]
        assert answered == [name for name in names if name != "Spoiler"]
        [lost] = source.unanswered
        assert lost.subject.label == "Spoiler"


@pytest.mark.parametrize("mood", [html, reset, status(200, b'{"results": {"bindings": [{"i')])
def test_an_answer_that_is_none_is_asked_for_again_and_then_reported(tmp_path, mood):
    with misbehaving(mood) as server, Cache(tmp_path, 90) as cache:
        source = source_at(server, tmp_path, cache, patience=1.5)
        assert list(source.candidates([Subject("x:a", "A")])) == []
        assert len(source.unanswered) == 1
        assert len(server.seen) >= 2
        assert len(cache) == 0


def test_a_stranger_is_not_asked_without_a_contact(tmp_path):
    with pytest.raises(UsageError, match="ACCORD_CONTACT"):
        Courtesy("https://query.wikidata.org/sparql", None, tmp_path)


@pytest.mark.network
def test_the_live_service_knows_turkey(tmp_path):
    """Opt-in: pytest -m network, with ACCORD_CONTACT set."""
    from accord.linking.services import opened_source
    from accord.settings import Settings

    settings = Settings(cache=str(tmp_path))
    if settings.contact is None:
        pytest.skip("ACCORD_CONTACT is not set")
    with opened_source(settings) as source:
        subjects = [Subject("x:turkey", "Turkey"), Subject("x:putin", "Vladimir Putin")]
        found = {subject.label: qids(known) for subject, known in source.candidates(subjects)}
        assert "Q43" in found["Turkey"]
        assert "Q7747" in found["Vladimir Putin"]
        before = source.requests
        assert len(list(source.candidates(subjects))) == 2
        assert source.requests == before


def test_the_size_of_wikidata_does_not_matter(tmp_path):
    """Every pattern meets an index: no query looks through all that there is.

    The queries of one run are timed in a store of the small Wikidata and in one with forty times
    as many items.
    """
    subjects = [Subject(f"x:{key}", key.replace("-", " ").title()) for key in KEYS]

    class Timed(Wikidata):
        def __init__(self, store, cache):
            super().__init__(
                "http://localhost", cache, Courtesy("http://localhost", None, tmp_path)
            )
            self.store = store
            self.seconds = 0.0

        def _read(self, query):
            began = time.process_time()
            body = self.store.query(query).serialize(format=QueryResultsFormat.JSON)
            self.seconds += time.process_time() - began
            return body

    def seconds(store, folder):
        with Cache(tmp_path / folder, 90) as cache:
            source = Timed(store, cache)
            assert len(list(source.candidates(subjects))) == len(subjects)
            return source.seconds

    small, large = Store(), Store()
    small.load(turtle(items()).encode(), format=RdfFormat.TURTLE)
    copies = [
        replace(
            item, qid=f"Q8{n:03d}{item.qid[1:]}", label=(f"{item.label[0]} {n}", "en"), aliases=()
        )
        for n in range(40)
        for item in items()
    ]
    large.bulk_load(turtle([*items(), *copies]).encode(), format=RdfFormat.TURTLE)
    ratios = [seconds(large, f"large {n}") / seconds(small, f"small {n}") for n in range(3)]
    assert min(ratios) < 6, ratios


@pytest.fixture
def on_virtuoso(virtuoso_server):
    """The query endpoint of a Virtuoso 7 that holds the small Wikidata for a while."""
    graph = f"{virtuoso_server}/sparql-graph-crud-auth?graph-uri=urn:small-wikidata"
    headers = {"Content-Type": "text/turtle"}
    with httpx.Client(auth=httpx.DigestAuth("dba", "dba"), timeout=120) as client:
        content = turtle(items()).encode()
        client.put(graph, content=content, headers=headers).raise_for_status()
        yield f"{virtuoso_server}/sparql"
        client.delete(graph).raise_for_status()


@pytest.mark.virtuoso
def test_another_engine_gives_the_same_candidates(wikidata, on_virtuoso, tmp_path):
    """The queries are plain SPARQL 1.1: Virtuoso 7 answers them as Oxigraph does."""
    subjects = [Subject(f"x:{item.key}", item.label[0]) for item in items()]
    found = []
    for place, endpoint in enumerate((wikidata, on_virtuoso)):
        with Cache(tmp_path / str(place), 90) as cache:
            source = Wikidata(endpoint, cache, Courtesy(endpoint, None, tmp_path))
            answers = dict(source.candidates(subjects))
            assert source.unanswered == []
            for known in answers.values():
                known[:] = [replace(one, aliases=tuple(sorted(one.aliases))) for one in known]
            found.append(answers)
    assert len(found[0]) == len(subjects)
    assert found[0] == found[1]
