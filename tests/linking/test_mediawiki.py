"""Wikidata's items by names that are nearly theirs, from a server that plays its API."""

import json
import time

import pytest

from accord.linking.cache import Cache
from accord.linking.courtesy import Courtesy
from accord.linking.mediawiki import MediaWiki
from accord.linking.subject import Subject
from tests.linking.misbehaving import fields, half, html, slow, status
from tests.linking.wikidata_model import by_key

KEYS = by_key()
MAXLAG = json.dumps({"error": {"code": "maxlag", "info": "Waiting for db: 7 seconds lagged"}})


@pytest.fixture
def source(api, tmp_path):
    with Cache(tmp_path, 90) as cache:
        yield MediaWiki(api.address, cache, Courtesy(api.address, "me@example.org", tmp_path))


def ask(source, *names):
    subjects = [Subject(f"x:{name}", name) for name in names]
    return {subject.label: found for subject, found in source.candidates(subjects)}


def test_names_that_are_nearly_right_are_found(source):
    found = ask(source, "jaysh al-izz", "Hayat tahrir AL-SHAM", "Popular Mobilization")
    assert [one.qid for one in found["jaysh al-izz"]] == [KEYS["izza"]]
    assert [one.qid for one in found["Hayat tahrir AL-SHAM"]] == [KEYS["hts"]]
    assert [one.qid for one in found["Popular Mobilization"]] == [KEYS["pmf"]]


def test_a_candidate_is_the_same_as_from_the_endpoint(source, wikidata, tmp_path):
    from accord.linking.wikidata import Wikidata

    names = ("Turkey", "Rapid Support Forces", "Sergey Lavrov", "Minsk Protocol", "Vladimir Putin")
    with Cache(tmp_path / "other", 90) as cache:
        endpoint = Wikidata(wikidata, cache, Courtesy(wikidata, None, tmp_path))
        expected = {one.iri: one for found in ask(endpoint, *names).values() for one in found}
    found = {one.iri: one for known in ask(source, *names).values() for one in known}
    both = found.keys() & expected.keys()
    assert len(both) >= len(names)
    for iri in both:
        there, here = expected[iri], found[iri]
        assert {here.label, *here.aliases} == {there.label, *there.aliases}
        for field in ("description", "types", "countries", "inception", "dissolved", "related"):
            assert getattr(here, field) == getattr(there, field), field
        assert here.sitelinks == there.sitelinks


def test_names_and_pages_of_wikimedias_own_are_left_out(source):
    found = {one.qid for one in ask(source, "Lavrov")["Lavrov"]}
    assert found >= {KEYS["lavrov"], KEYS["lavrov-k"]}
    assert KEYS["n-lavrov"] not in found


def test_each_request_says_who_asks_and_yields_to_a_lagging_database(source, api):
    ask(source, "Turkey", "Hamas")
    for _, headers, body in api.seen:
        assert headers["user-agent"].startswith("accord/")
        assert "me@example.org" in headers["user-agent"]
        assert "httpx/" in headers["user-agent"]
        assert fields(body)["maxlag"] == "5"


def test_a_lagging_database_is_left_alone_for_as_long_as_it_says(source, api):
    api.moods = [status(200, MAXLAG.encode(), Retry_After="1")]
    assert ask(source, "Hamas")["Hamas"]
    (first, *_), (second, *_) = api.seen[:2]
    assert second - first >= 0.95


def test_an_item_that_is_gone_is_no_candidate(source, api):
    gone = json.dumps({"search": [{"id": "Q999999999"}, {"id": KEYS["hamas"]}, {"id": "nonsense"}]})
    api.moods = [status(200, gone.encode())]
    assert [one.qid for one in ask(source, "Hamas")["Hamas"]] == [KEYS["hamas"]]


@pytest.mark.parametrize(
    "mood",
    [half, html, status(200, b"[]"), status(200, b'{"success": 1}'), status(502), status(429)],
)
def test_what_is_no_answer_is_asked_for_again(source, api, mood):
    api.moods = [mood]
    assert [one.qid for one in ask(source, "Hay'at Tahrir")["Hay'at Tahrir"]] == [KEYS["hts"]]


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        (status(404, b"<h1>No such page</h1>"), "404"),
        (status(200, b'{"error": {"code": "badvalue", "info": "odd"}}'), "badvalue: odd"),
    ],
)
def test_a_refusal_is_reported_and_not_tried_again(source, api, answer, complaint):
    """Nothing is known of that name; the next is asked, and nothing is cached for the first."""
    api.moods = [answer]
    assert list(ask(source, "Hamas", "Fatah")) == ["Fatah"]
    [lost] = source.unanswered
    assert lost.subject.label == "Hamas"
    assert complaint in lost.why
    assert list(ask(source, "Hamas")) == ["Hamas"]


def test_a_service_that_never_answers_costs_bounded_time(api, tmp_path):
    api.mood = slow(30)
    began = time.monotonic()
    with Cache(tmp_path, 90) as cache:
        source = MediaWiki(
            api.address, cache, Courtesy(api.address, None, tmp_path, limit=0.3, patience=1)
        )
        assert ask(source, *(f"name {n}" for n in range(40))) == {}
        assert len(source.unanswered) == 40
    assert time.monotonic() - began < 10
    assert len(api.seen) == 10  # and then no more


def test_a_class_that_is_above_itself_ends(api, tmp_path):
    above = {"P279": [{"rank": "normal", "mainsnak": {"datavalue": {"value": {"id": "Q8"}}}}]}
    is_a = {"P31": above["P279"]}
    names = {"labels": {"en": {"value": "Hamas"}}, "sitelinks": {}}
    entities = {"Q7": {"id": "Q7", **names, "claims": is_a}, "Q8": {"id": "Q8", "claims": above}}

    def cyclic(handler, body):
        asked = fields(body)
        if asked["action"] == "wbsearchentities":
            handler.say(200, b'{"search": [{"id": "Q7"}]}')
        else:
            told = {qid: entities[qid] for qid in asked["ids"].split("|")}
            handler.say(200, json.dumps({"entities": told}).encode())

    api.mood = cyclic
    with Cache(tmp_path, 90) as cache:
        source = MediaWiki(api.address, cache, Courtesy(api.address, None, tmp_path))
        [hamas] = ask(source, "Hamas")["Hamas"]
        assert hamas.types == {"Q8"}
