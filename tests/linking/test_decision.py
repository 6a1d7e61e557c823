"""Link, ambiguous or none; and the pairs that are easily confused, asked of a real endpoint."""

from dataclasses import replace
from datetime import date

import pytest

from accord.linking.acceptance import items_of
from accord.linking.candidate import Candidate
from accord.linking.decision import Verdict, decide, settle
from accord.linking.mapping_set import curated
from accord.linking.proposals import joined, proposals
from accord.linking.rules import rules
from accord.linking.services import opened_source
from accord.linking.sssom import BY_NAME, CLOSE, EXACT, Link, MappingSet
from accord.linking.subject import Subject
from accord.settings import Settings
from tests.linking.wikidata_model import by_key

SYRIA, TURKEY, YEMEN = "Q858", "Q43", "Q805"
DAY = date(2026, 11, 22)
GROUP = Candidate(
    "http://www.wikidata.org/entity/Q1",
    "Ahrar al-Sham",
    types=frozenset({"Q17149090"}),
    countries=frozenset({SYRIA}),
    description="armed group in Syria",
)
TWIN = replace(GROUP, iri="http://www.wikidata.org/entity/Q2")
NAMED = Subject("http://e.x/1", "Ahrar ash-Sham", kind="ArmedGroup", country=SYRIA)


def test_nothing_to_choose_from_is_none():
    assert decide(NAMED, []).verdict is Verdict.NONE


def test_a_sure_candidate_is_a_link():
    decision = decide(NAMED, [GROUP])
    assert decision.verdict is Verdict.LINK
    assert decision.candidates[0].candidate is GROUP


def test_two_equally_sure_ones_are_kept_for_a_person():
    decision = decide(NAMED, [GROUP, TWIN])
    assert decision.verdict is Verdict.AMBIGUOUS
    assert {each.candidate.qid for each in decision.candidates} == {"Q1", "Q2"}
    assert "Q2" in decision.why


def test_an_unsure_one_is_kept_and_an_unlikely_one_is_not():
    assert decide(replace(NAMED, country=None), [GROUP]).verdict is Verdict.AMBIGUOUS
    assert decide(replace(NAMED, label="Jund al-Aqsa"), [GROUP]).verdict is Verdict.NONE


def test_thresholds_decide():
    given = rules()
    assert decide(NAMED, [GROUP], replace(given, link=0.9999)).verdict is Verdict.AMBIGUOUS
    assert decide(NAMED, [GROUP], replace(given, review=0.9999, link=0.99991)).verdict is (
        Verdict.NONE
    )
    near = replace(TWIN, countries=frozenset())
    assert decide(NAMED, [GROUP, near], replace(given, margin=1.0)).verdict is Verdict.LINK
    assert decide(NAMED, [GROUP, near], replace(given, margin=9.0)).verdict is Verdict.AMBIGUOUS


def test_one_item_is_not_linked_to_two():
    other = replace(NAMED, iri="http://e.x/2")
    both = settle([decide(NAMED, [GROUP]), decide(other, [GROUP])], {})
    assert [each.verdict for each in both] == [Verdict.AMBIGUOUS] * 2
    assert "http://e.x/2" in both[0].why
    (late,) = settle([decide(NAMED, [GROUP])], {GROUP.iri: "http://e.x/3"})
    assert late.verdict is Verdict.AMBIGUOUS and "http://e.x/3" in late.why
    (own,) = settle([decide(NAMED, [GROUP])], {GROUP.iri: NAMED.iri})
    assert own.verdict is Verdict.LINK


def test_a_link_becomes_one_row_and_an_ambiguous_name_a_row_for_each_candidate():
    (row,) = proposals(decide(NAMED, [GROUP]), DAY)
    assert (row.subject, row.object, row.predicate) == (NAMED.iri, GROUP.iri, EXACT)
    assert not row.confirmed and row.confidence > 0.9 and row.comment == "armed group in Syria"
    rows = list(proposals(decide(NAMED, [GROUP, TWIN]), DAY))
    assert len(rows) == 2 and all("one of 2" in each.comment for each in rows)
    assert list(proposals(decide(NAMED, []), DAY)) == []


def test_what_something_speaks_against_is_no_exact_match():
    gone = replace(GROUP, dissolved=date(2010, 1, 1))
    then = replace(NAMED, period=(date(2019, 1, 1), date(2019, 1, 1)))
    (row,) = proposals(decide(then, [gone], replace(rules(), link=0.5)), DAY)
    assert row.predicate == CLOSE


def test_a_new_run_keeps_what_people_said_and_what_it_could_not_ask():
    decision = decide(NAMED, [GROUP])
    (row,) = proposals(decision, DAY)
    elsewhere = replace(row, subject="http://e.x/9")
    stale = replace(row, object="http://www.wikidata.org/entity/Q7")
    before = MappingSet(
        [row, stale, elsewhere, replace(stale, reviewer="A", object="http://e.x/0")]
    )
    after = joined(before, [decision], {NAMED.iri}, date(2027, 1, 1))
    assert row in after.links and elsewhere in after.links and stale not in after.links
    assert [each.object for each in after.links if each.confirmed] == ["http://e.x/0"]
    imported = replace(row, justification=BY_NAME, confidence=None)
    assert joined(MappingSet([imported]), [decision], {NAMED.iri}, DAY).links == [imported]
    refused = MappingSet([row.reject("A")])
    assert joined(refused, [decision], {NAMED.iri}, DAY).links == refused.links


def test_only_items_of_wikidata_are_items():
    link = Link("http://e.x/1", "https://sws.geonames.org/1/", reviewer="A")
    assert items_of([link]) == {}
    assert len(items_of(curated())) > 140


@pytest.fixture(scope="module")
def ask(wikidata, tmp_path_factory):
    """Decide on a name by what the small Wikidata knows; returns verdict and keys of candidates."""
    settings = Settings(
        wikidata_endpoint=wikidata,
        wikidata_api="",
        contact="nobody@localhost",
        cache=str(tmp_path_factory.mktemp("cache")),
    )
    keys = {qid: key for key, qid in by_key().items()}
    with opened_source(settings, types=rules().types) as source:

        def ask(label: str, kind: str, country: str | None = None, year: int = 0, *aliases: str):
            period = (date(year, 1, 1), date(year, 12, 31)) if year else None
            subject = Subject("http://e.x/1", label, aliases, kind, country, period)
            ((_, found),) = source.candidates([subject])
            decision = decide(subject, found)
            return decision.verdict, {keys[each.candidate.qid] for each in decision.candidates}

        yield ask


def test_trap_two_foreign_and_deputy_ministers_named_cavusoglu(ask):
    verdict, found = ask("Mevlut Cavusoglu", "Person", TURKEY, 2019)
    assert verdict is Verdict.LINK and "cavusoglu" in found and "cavusoglu-h" not in found
    verdict, found = ask("Hakan Cavusoglu", "Person", TURKEY, 2017)
    assert verdict is Verdict.LINK and "cavusoglu" not in found
    verdict, found = ask("Çavuşoğlu", "Person", TURKEY, 2017)
    assert verdict is Verdict.AMBIGUOUS and found == {"cavusoglu", "cavusoglu-h"}


def test_trap_the_hizbullahs(ask):
    by_country = {"Q822": "hezbollah", TURKEY: "hezbollah-turkey"}
    for country, key in by_country.items():
        verdict, found = ask("Hizbullah", "ArmedGroup", country, 1995)
        assert verdict is Verdict.LINK and key in found, country
    verdict, found = ask("Hizbullah", "ArmedGroup")
    assert verdict is Verdict.AMBIGUOUS and {"hezbollah", "hezbollah-turkey"} <= found


def test_trap_the_hudaydahs(ask):
    for name in ("Hudaydah", "Hodeidah", "Al Hudaydah"):
        verdict, found = ask(name, "Place", YEMEN, 2018)
        assert verdict is Verdict.AMBIGUOUS and "hudaydah" in found and len(found) > 1, name
    verdict, found = ask("Al Hudaydah Governorate", "Place", YEMEN, 2018)
    assert verdict is Verdict.LINK and "hudaydah-gov" in found


def test_trap_capitals_are_never_governments(ask):
    for name, country in (("Ankara", TURKEY), ("Damascus", SYRIA), ("Moscow", "Q159")):
        assert ask(name, "Government", country, 2019)[0] is Verdict.NONE
