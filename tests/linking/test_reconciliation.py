"""Candidates from a server that plays a reconciliation service (API 0.2)."""

import json

import pytest

from accord.linking.cache import Cache
from accord.linking.candidate import InTurn
from accord.linking.courtesy import Courtesy
from accord.linking.mediawiki import MediaWiki
from accord.linking.reconciliation import Reconciliation
from accord.linking.services import opened_source
from accord.linking.spellings import wishes
from accord.linking.subject import Subject
from accord.linking.wikidata import Wikidata
from accord.settings import Settings
from tests.linking.misbehaving import fields, half, html, status
from tests.linking.services import MANIFEST
from tests.linking.wikidata_model import by_key

KEYS = by_key()


@pytest.fixture
def cache(tmp_path):
    with Cache(tmp_path, 90) as cache:
        yield cache


@pytest.fixture
def source(reconciler, cache, tmp_path):
    return Reconciliation(reconciler.address, cache, Courtesy(reconciler.address, None, tmp_path))


def ask(source, *names):
    subjects = [Subject(f"x:{name}", name) for name in names]
    return {subject.label: found for subject, found in source.candidates(subjects)}


def test_a_candidate_has_what_the_service_says(source):
    found = ask(source, "Turkey", "Nobody at all")
    assert found["Nobody at all"] == []
    [turkey] = found["Turkey"]
    assert turkey.iri == "http://www.wikidata.org/entity/Q43"
    assert turkey.label == "Turkey"
    assert turkey.description.startswith("country in")
    assert turkey.score == 100


def test_what_wikidata_knows_besides_is_asked_there(reconciler, wikidata, cache, tmp_path):
    details = Wikidata(wikidata, cache, Courtesy(wikidata, None, tmp_path))
    courtesy = Courtesy(reconciler.address, None, tmp_path)
    source = Reconciliation(reconciler.address, cache, courtesy, details)
    [lavrov, *_] = ask(source, "Sergey Lavrov")["Sergey Lavrov"]
    assert lavrov.countries == {KEYS["russia"]}
    assert "Q5" in lavrov.types
    assert lavrov.score == 100


def test_many_names_are_asked_with_one_request_and_only_once(source, reconciler):
    names = [f"name {n}" for n in range(60)]
    ask(source, *names)
    most = wishes().queries_a_request
    assert source.requests == 1 + -(-60 // most)
    for _, _, body in reconciler.seen[1:]:
        assert len(json.loads(fields(body)["queries"])) <= most
    before = source.requests
    assert len(ask(source, *names)) == 60
    assert source.requests == before


def test_a_half_answer_is_kept_and_the_rest_asked_another_time(source, reconciler):
    ask(source, "Egypt")
    answer = {"q0": {"result": []}, "q1": {"result": [{"no": "hit"}]}, "q2": {"error": "busy"}}
    reconciler.moods = [status(200, json.dumps(answer).encode())]
    assert ask(source, "one", "two", "three") == {"one": []}
    assert [lost.subject.label for lost in source.unanswered] == ["two", "three"]
    assert ask(source, "one", "two", "three") == {"one": [], "two": [], "three": []}
    assert json.loads(fields(reconciler.seen[-1][2])["queries"]).keys() == {"q0", "q1"}


@pytest.mark.parametrize("mood", [half, html, status(200, b"[]"), status(200, b"{}"), status(503)])
def test_what_is_no_answer_is_asked_for_again(source, reconciler, mood):
    ask(source, "Egypt")
    reconciler.moods = [mood]
    assert len(ask(source, "Turkey")["Turkey"]) == 1


@pytest.mark.parametrize(
    ("manifest", "complaint"),
    [
        ({**MANIFEST, "versions": ["3.0"]}, "reconciliation API 3.0"),
        ({"versions": ["0.2"], "name": "x"}, "no identifierSpace"),
    ],
)
def test_a_service_of_another_kind_is_reported(source, reconciler, manifest, complaint):
    reconciler.mood = status(200, json.dumps(manifest).encode())
    assert ask(source, "Turkey", "Egypt") == {}
    assert [complaint in lost.why for lost in source.unanswered] == [True, True]
    assert len(reconciler.seen) == 1


def test_sources_are_asked_in_turn_for_what_is_still_unknown(wikidata, api, cache, tmp_path):
    endpoint = Wikidata(wikidata, cache, Courtesy(wikidata, None, tmp_path))
    search = MediaWiki(api.address, cache, Courtesy(api.address, None, tmp_path))
    found = ask(InTurn([endpoint, search]), "Turkey", "jaysh al-izz", "Nobody at all")
    assert {name: [one.qid for one in known] for name, known in found.items()} == {
        "Turkey": ["Q43"],
        "jaysh al-izz": [KEYS["izza"]],
        "Nobody at all": [],
    }
    searched = [fields(body).get("search") for _, _, body in api.seen]
    assert "Turkey" not in searched


def test_silence_of_one_source_is_not_taken_for_nothing(wikidata, api, cache, tmp_path):
    """Of what the search could not be asked, nobody knows that there is no candidate."""
    endpoint = Wikidata(wikidata, cache, Courtesy(wikidata, None, tmp_path))
    api.mood = status(503)
    search = MediaWiki(api.address, cache, Courtesy(api.address, None, tmp_path, patience=0))
    source = InTurn([endpoint, search])
    assert list(ask(source, "Turkey", "Nobody at all")) == ["Turkey"]
    assert [lost.subject.label for lost in source.unanswered] == ["Nobody at all"]


def test_the_settings_say_who_is_asked(wikidata, api, reconciler, tmp_path):
    settings = Settings(
        wikidata_endpoint=wikidata,
        wikidata_api=api.address,
        reconciliation=reconciler.address,
        cache=str(tmp_path / "answers"),
    )
    names = ("Turkey", "popular mobilization", "Nobody at all")
    with opened_source(settings) as source:
        first = ask(source, *names)
        assert [len(found) for found in first.values()] == [1, 1, 0]
        assert source.requests > 0
    seen = len(api.seen) + len(reconciler.seen)
    with opened_source(settings, offline=True) as source:
        assert ask(source, *names, "Egypt") == first
        assert [lost.subject.label for lost in source.unanswered] == ["Egypt"]
        assert "--offline" in source.unanswered[0].why
        assert source.requests == 0
    assert len(api.seen) + len(reconciler.seen) == seen


def test_a_service_without_an_address_is_not_asked(wikidata, tmp_path):
    settings = Settings(
        wikidata_endpoint=wikidata, wikidata_api="", cache=str(tmp_path / "answers")
    )
    with opened_source(settings) as source:
        assert source.name == "wikidata"
        assert ask(source, "Nobody at all") == {"Nobody at all": []}
