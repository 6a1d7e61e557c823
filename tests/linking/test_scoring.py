"""Likeness of names, what speaks for a candidate, and how good decisions are on 150 names."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from accord.errors import VocabularyError
from accord.linking.candidate import Candidate
from accord.linking.decision import decide
from accord.linking.names import folded, is_acronym, similarity
from accord.linking.respelling import respelt
from accord.linking.rules import read_rules, rules
from accord.linking.scoring import features, score
from accord.linking.services import opened_source
from accord.linking.subject import Subject
from accord.resources import resource
from accord.settings import Settings
from tests.linking import names_table
from tests.linking.names_table import AMBIGUOUS, NIL, Figures

SYRIA, TURKEY = "Q858", "Q43"
GROUP = Candidate(
    "http://www.wikidata.org/entity/Q1",
    "Hay'at Tahrir al-Sham",
    aliases=("HTS", "Hayat Tahrir al-Sham"),
    types=frozenset({"Q17149090", "Q43229"}),
    countries=frozenset({SYRIA}),
    inception=date(2017, 1, 28),
    dissolved=date(2025, 1, 29),
)
NAMED = Subject("http://e.x/1", "Hayat Tahrir al-Sham", kind="ArmedGroup")


def of_year(subject: Subject, year: int) -> Subject:
    return replace(subject, period=(date(year, 3, 1), date(year, 4, 1)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hay'at Tahrir al-Sham", "Hayat Tahrir al-Sham"),
        ("Hay’et Tahrir al-Sham", "Hay'at Tahrir ash-Sham"),
        ("Jeish Al Izza", "Jaysh al-Izza"),
        ("Mevlut Cavusoglu", "Mevlüt Çavuşoğlu"),
        ("Hodeida", "Al Hudaydah"),
        ("Khan Sheikhun", "Khan Shaykhun"),
        ("Ma'arrat an-Nu'man", "Maarat al-Numan"),
        ("Aleppo (city)", "Aleppo"),
        ("the Taliban", "Taliban"),
        ("Kataib Hizballah", "Kata'ib Hezbollah"),
    ],
)
def test_spellings_of_one_name_are_one(one, other):
    assert similarity(one, other) == similarity(other, one) == 1.0


@pytest.mark.parametrize(
    ("one", "other", "at_most"),
    [
        ("Minsk I", "Minsk II", 0.0),
        ("Resolution 1701", "Resolution 2254", 0.0),
        ("Mevlüt Çavuşoğlu", "Hakan Çavuşoğlu", 0.7),
        ("Mehmet Cavusoglu", "Mevlüt Çavuşoğlu", 0.7),
        ("Idlib", "Idlib District", 0.7),
        ("Sudan", "South Sudan", 0.7),
        ("Jaysh al-Islam", "Jaysh al-Izza", 0.7),
        ("Latmin", "Latamneh", 0.8),
        ("Iran", "Iraq", 0.8),
        ("Hama", "Hamas", 0.9),
    ],
)
def test_names_of_different_things_are_not_alike(one, other, at_most):
    assert similarity(one, other) <= at_most
    assert similarity(one, other) == pytest.approx(similarity(other, one), abs=0.05)


def test_a_name_of_nothing_but_articles_stays_a_name():
    assert folded("The The") == folded("the the") != ""
    assert similarity("The The", "Al") < 0.5
    assert similarity("", "Al") == similarity("...", "Al") == 0.0


def test_acronyms():
    assert all(map(is_acronym, ("HTS", "SPLM-IO", "U.N.", "PKK")))
    assert not any(map(is_acronym, ("Hamas", "Idlib", "Islamic State", "A")))


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Jeish Al Izza", "Jaish Al Izza"),
        ("Hay’et Tahrir al-Sham", "Hayat Tahrir al-Sham"),
        ("Mohammed Hamdan Dagalo", "Mohamed Hamdan Dagalo"),
        ("Jabhat an-Nusra", "Jabhat al-Nusra"),
    ],
)
def test_a_name_is_looked_up_in_other_transliterations(name, other):
    assert other in respelt(name)
    assert name not in respelt(name) and len(respelt(name)) <= 16


def test_a_very_long_name_is_respelt_without_end_of_ways():
    assert len(respelt(" ".join(["Mohammed Hussein"] * 20))) == 16


def test_each_thing_known_speaks_for_or_against():
    bare = features(NAMED, GROUP)
    assert bare["name"] == 1.0 and bare["type"] == 1.0
    assert bare["country"] == bare["period"] == bare["companions"] == bare["related"] == 0.0
    assert features(replace(NAMED, kind="Place"), GROUP)["type"] == -1.0
    assert features(NAMED, replace(GROUP, types=frozenset()))["type"] == 0.0
    assert features(replace(NAMED, country=SYRIA), GROUP)["country"] == 1.0
    assert features(replace(NAMED, country=TURKEY), GROUP)["country"] == -1.0
    assert features(replace(NAMED, companions=(SYRIA,)), GROUP)["companions"] == 1.0
    later = features(replace(NAMED, companions=(TURKEY, SYRIA)), GROUP)["companions"]
    assert 0 < later < 1
    assert features(replace(NAMED, companions=(TURKEY,)), GROUP)["companions"] < 0
    related = replace(GROUP, related=frozenset({"Q34490"}))
    assert features(replace(NAMED, companions=("Q34490",)), related)["related"] == 1.0
    assert features(replace(NAMED, label="HTS"), GROUP)["acronym"] == 1.0


def test_periods():
    assert features(of_year(NAMED, 2019), GROUP)["period"] > 0
    assert features(of_year(NAMED, 2010), GROUP)["period"] == -1.0
    # An article may look back.
    assert -1.0 < features(of_year(NAMED, 2030), GROUP)["period"] < 0
    place = replace(of_year(NAMED, 1990), kind="Place")
    assert features(place, GROUP)["period"] == 0.0
    deal = replace(NAMED, kind="Agreement", period=(date(2017, 1, 28), date(2017, 1, 28)))
    assert features(deal, GROUP)["period"] == 1.0
    assert features(of_year(deal, 2018), GROUP)["period"] == -1.0


def test_a_surname_makes_no_two_relatives_one():
    brother = Candidate("http://e.x/Q1", "Yonatan Netanyahu", aliases=("Netanyahu",))
    full = Subject("http://e.x/1", "Benjamin Netanyahu", ("Netanyahu",), "Person")
    assert features(full, brother)["name"] == 0.0
    alone = Subject("http://e.x/1", "Netanyahu", (), "Person")
    assert features(alone, brother)["name"] == 1.0 and features(alone, brother)["surname"] == 1.0


def test_more_that_agrees_makes_surer():
    steps = [NAMED, replace(NAMED, country=SYRIA), of_year(replace(NAMED, country=SYRIA), 2019)]
    sure = [score(subject, [GROUP])[0].confidence for subject in steps]
    assert sure == sorted(sure) and sure[0] < sure[-1]
    assert score(replace(NAMED, country=TURKEY), [GROUP])[0].confidence < sure[0]


def test_candidates_come_the_surest_first_whatever_their_order():
    other = replace(GROUP, iri="http://www.wikidata.org/entity/Q2", countries=frozenset({TURKEY}))
    subject = replace(NAMED, country=SYRIA)
    for given in ([GROUP, other], [other, GROUP]):
        assert [each.candidate for each in score(subject, given)] == [GROUP, other]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  link: ", "  lynk: ", "thresholds.link"),
        ("bias: -", "bias: x", "bias"),
        ("{code}", "code", "has no {code}"),
        ("'ph': f", "'ph(': f", "ph\\("),
    ],
)
def test_a_mistake_in_the_rules_is_named(tmp_path, old, new, said):
    text = resource("mappings", "linking.yaml").read_text()
    assert old in text
    path = tmp_path / "linking.yaml"
    path.write_text(text.replace(old, new))
    with pytest.raises(VocabularyError, match=said):
        read_rules(path)


@pytest.fixture(scope="module")
def figures(wikidata, tmp_path_factory) -> Figures:
    """How the 150 names are decided, asked of a real endpoint."""
    given = names_table.rows(names_table.TEST)
    settings = Settings(
        wikidata_endpoint=wikidata,
        wikidata_api="",
        contact="nobody@localhost",
        cache=str(tmp_path_factory.mktemp("cache")),
    )
    with opened_source(settings, types=rules().types) as source:
        found = {s.iri: known for s, known in source.candidates([row.subject for row in given])}
        assert source.unanswered == []
    return names_table.figures(given, [decide(r.subject, found[r.subject.iri]) for r in given])


def test_the_table_is_a_third_linkable_a_third_ambiguous_and_a_third_unknown():
    given = names_table.rows(names_table.TEST)
    kinds = Counter(r.expected if r.expected in (NIL, AMBIGUOUS) else "link" for r in given)
    assert kinds == {"link": 50, AMBIGUOUS: 50, NIL: 50}
    about = Counter(row.about for row in given)
    for needed in ("spelling", "acronym", "metonym", "persons of one surname"):
        assert about[needed] >= 6, needed
    assert about["places of one name"] and about["groups of one name"]


def test_the_weights_were_fitted_on_other_names(request):
    fitted = request.config.rootpath / "benchmarks" / "linking_names.tsv"
    tables = [
        {replace(r.subject, iri="") for r in names_table.rows(path)}
        for path in (names_table.TEST, fitted)
    ]
    assert not tables[0] & tables[1]


def test_links_are_right_and_most_are_found(figures):
    assert figures.precision >= 0.97
    assert figures.recall >= 0.80


def test_names_without_an_answer_get_none(figures):
    assert figures.none >= 0.9
    assert figures.none_right >= 0.9


def test_ambiguous_names_are_left_to_a_person(figures):
    assert figures.kept >= 0.9
