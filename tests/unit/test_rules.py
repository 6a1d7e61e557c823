"""What each rule relates, and what it does not: time, sides, parts, denials, copies."""

import re

import pytest
from rdflib.plugins.sparql import prepareQuery

from accord.graph import BASE
from accord.rules import TOPICS, load_rules
from accord.store import PREFIXES
from tests.unit.archives import articles, claim, copy_of, derive, load, make, prepared, related

DELAYED = {"status": "delayed"}
NOT = {"status": "not-fulfilled"}
ARMS = {"action": "withdraw heavy weapons"}


@pytest.fixture
def relations():
    """Load articles and return the pairs of claims that a rule relates."""

    def relations(rule, *given, extra=None):
        made = [make(name, *claims, **more) for name, claims, more in given]
        with prepared() as store:
            load(store, *(graph for _, graph in made))
            if extra:
                store.replace([extra(*(article for article, _ in made))])
            derive(store)
            return related(store, rule)

    return relations


def of(name, *claims, **more):
    return name, claims, more


@pytest.mark.parametrize("rule", load_rules())
def test_a_rule_is_plain_sparql_with_title_and_description(rule):
    rule = load_rules()[rule]
    assert rule.title.endswith("?")
    assert rule.description
    # rdflib knows SPARQL 1.1 and no extension of a store.
    prepareQuery(rule.sparql, initNs=PREFIXES)
    assert ("CONSTRUCT" in rule.sparql) == (rule.name != TOPICS)


# -- Contradictions


def contradicted(relations, first, second, day="2019-02-08", other="2019-02-08"):
    found = relations("contradicts", of("One", first, day=day), of("Two", second, day=other))
    return bool(found)


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("fulfilled", "not-fulfilled", True),
        ("in-progress", "delayed", True),
        ("fulfilled", "partly", True),
        ("fulfilled", "in-progress", False),
        ("partly", "delayed", False),
        ("unclear", "not-fulfilled", False),
        ("fulfilled", "fulfilled", False),
    ],
)
def test_statuses_contradict_each_other_by_the_scheme(relations, one, two, expected):
    turkey, russia = claim(holder="Turkey", status=one), claim(holder="Russia", status=two)
    assert contradicted(relations, turkey, russia) == expected
    assert contradicted(relations, russia, turkey) == expected


def test_a_relation_is_stated_once_wherever_the_claims_stand(relations):
    turkey, russia = claim(holder="Turkey"), claim(holder="Russia", **NOT)
    assert len(relations("contradicts", of("One", turkey, russia))) == 1
    assert len(relations("contradicts", of("One", turkey), of("Two", russia))) == 1


def test_a_violation_is_a_duty_not_fulfilled(relations):
    turkey = claim(holder="Turkey")
    assert contradicted(relations, turkey, claim("Violation", "Russia"))


def test_a_denial_contradicts_the_status_that_it_denies_and_no_other(relations):
    denial = claim(holder="Turkey", polarity="denied", **NOT)
    assert contradicted(relations, denial, claim(holder="Russia", **NOT))
    assert contradicted(relations, denial, claim("Violation", "Russia"))
    assert not contradicted(relations, denial, claim(holder="Russia"))
    assert not contradicted(relations, denial, claim(holder="Russia", **DELAYED))
    assert not contradicted(relations, denial, claim(holder="Russia", polarity="denied"))


def test_what_is_only_expected_contradicts_nothing(relations):
    turkey = claim(holder="Turkey", modality="expected")
    assert not contradicted(relations, turkey, claim(holder="Russia", **NOT))


def test_one_side_does_not_contradict_itself(relations):
    army = claim(holder="Turkish Armed Forces")
    assert not contradicted(relations, army, claim(holder="Turkey", **NOT))
    assert contradicted(relations, army, claim(holder="Russian Armed Forces", **NOT))


def test_claims_about_other_duties_do_not_contradict_each_other(relations):
    turkey = claim(holder="Turkey")
    assert not contradicted(relations, turkey, claim(holder="Turkey", actor=("Iran",), **NOT))
    other = claim(holder="Russia", agreement="astana-2017", **NOT)
    assert not contradicted(relations, turkey, other)


def test_a_whole_that_is_well_contradicts_a_part_that_is_not(relations):
    whole = claim(holder="Turkey")
    part = claim(holder="Russia", **ARMS, **NOT)
    assert contradicted(relations, whole, part)
    assert contradicted(relations, part, whole)
    # Who does one thing may well fail in others.
    assert not contradicted(
        relations, claim(holder="Russia", **NOT), claim(holder="Turkey", **ARMS)
    )
    # Nor does one part say anything of another.
    other = claim(holder="Turkey", action="release prisoners")
    assert not contradicted(relations, part, other)


def test_a_whole_that_is_denied_to_be_broken_contradicts_a_broken_part(relations):
    denial = claim("Violation", "Turkey", polarity="denied")
    assert contradicted(relations, denial, claim(holder="Russia", **ARMS, **NOT))
    assert not contradicted(relations, denial, claim(holder="Russia", **ARMS))


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("2019-01", "2019-01-15", True),
        ("2019-01", "2019-02", False),
        ("2019-01-10", "2019-01-11", False),
        ("2018", "2018-06-01", True),
        ("2018/2020", "2019", True),
        ("2018-12/2019-01", "2019-01-31", True),
        ("2018-09-17/..", "2025-01-01", True),
        ("2018-09-17/..", "2018-09-16", False),
        ("../2018-12-31", "2018-02", True),
        ("../2018-12-31", "2019", False),
        ("2015/..", "../2016", True),
        ("2017/2025", "2018-09-17/..", True),
    ],
)
def test_only_claims_at_overlapping_times_contradict_each_other(relations, one, two, expected):
    turkey, russia = claim(holder="Turkey", time=one), claim(holder="Russia", time=two, **NOT)
    assert contradicted(relations, turkey, russia, other="2015-01-01") == expected
    assert contradicted(relations, russia, turkey, other="2015-01-01") == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2019-02-08", True), ("2019-02-14", True), ("2019-02-15", False), ("2019-02-02", True)],
)
def test_a_claim_without_a_time_speaks_of_the_week_up_to_its_article(relations, day, expected):
    turkey, russia = claim(holder="Turkey"), claim(holder="Russia", **NOT)
    assert contradicted(relations, turkey, russia, other=day) == expected


def test_a_claim_without_a_time_meets_one_that_has_a_time(relations):
    turkey = claim(holder="Turkey")
    for time, expected in (("2019-02-07", True), ("2019-02", True), ("2019-02-09", False)):
        russia = claim(holder="Russia", time=time, **NOT)
        assert contradicted(relations, turkey, russia, other="2019-06-01") == expected


def test_an_inferred_date_counts_as_the_articles_date(relations):
    turkey = of("One", claim(holder="Turkey"), day=None, inferred="2018-01")
    for time, expected in (("2018-01-20", True), ("2018-02-20", False)):
        russia = of("Two", claim(holder="Russia", time=time, **NOT))
        assert bool(relations("contradicts", turkey, russia)) == expected


def test_claims_without_any_date_speak_of_any_day_since_the_accord(relations):
    undated = of("One", claim(holder="Turkey"), day=None)
    for time, expected in (("2018-09-17", True), ("2018-09-16", False), ("2024", True)):
        russia = claim(holder="Russia", time=time, **NOT)
        assert bool(relations("contradicts", undated, of("Two", russia))) == expected


def test_claims_without_any_date_on_an_unknown_accord_meet_only_within_their_article(relations):
    turkey = claim(holder="Turkey", agreement="valley-1900")
    russia = claim(holder="Russia", agreement="valley-1900", **NOT)
    assert relations("contradicts", of("One", turkey, russia, day=None))
    one, two = of("One", turkey, day=None), of("Two", russia, day=None)
    assert not relations("contradicts", one, two)
    assert not relations("contradicts", one, of("Two", russia))


# -- Disputes


def disputed(relations, first, second, other="2019-02-08"):
    found = relations("atOddsWith", of("One", first), of("Two", second, day=other))
    return bool(found)


def test_a_demand_disputes_that_it_is_being_done(relations):
    wish = claim("Demand", "Russia", agreement="sochi-2018")
    for status in ("fulfilled", "in-progress"):
        assert disputed(relations, wish, claim(holder="Turkey", status=status))
        assert disputed(relations, claim(holder="Turkey", status=status), wish)
    assert not disputed(relations, wish, claim(holder="Turkey", **DELAYED))
    assert not disputed(relations, wish, claim(holder="Turkey", polarity="denied"))
    assert not disputed(relations, wish, claim(holder="Russian Armed Forces"))
    assert not disputed(relations, wish, claim(holder="Turkey"), other="2019-03-08")
    assert not disputed(relations, wish, wish | {"holder": "Iran"})
    assert not contradicted(relations, wish, claim(holder="Turkey"))


def test_a_demand_for_a_part_disputes_the_whole(relations):
    part = claim("Demand", "Russia", agreement="sochi-2018", **ARMS)
    assert disputed(relations, part, claim(holder="Turkey"))
    whole = claim("Demand", "Russia", agreement="sochi-2018")
    assert not disputed(relations, whole, claim(holder="Turkey", **ARMS))


# -- Corroboration

SHELLING = {"actor": ("Syrian Arab Army",), "place": "Saraqib", "action": "shell"}


def shelling(holder="outlet", **more):
    return claim("Incident", holder, **{**SHELLING, **more})


def corroborated(relations, first, second, **keywords):
    return bool(relations("corroborates", of("One", first), of("Two", second), **keywords))


def test_two_sources_corroborate_each_other(relations):
    assert corroborated(relations, shelling(), shelling())
    assert corroborated(relations, shelling("Turkey"), shelling("Russia"))
    assert corroborated(relations, claim(holder="Turkey"), claim())


def test_an_act_of_an_army_is_an_act_of_its_state(relations):
    assert corroborated(relations, shelling(), shelling(actor=("Syria",)))
    assert not corroborated(relations, shelling(), shelling(actor=("Russia",)))


@pytest.mark.parametrize(
    "other",
    [
        {"place": "Hama"},
        {"polarity": "denied"},
        {"modality": "possible"},
        {"time": "2018-05"},
        {"place": None},
    ],
)
def test_another_proposition_is_not_corroborated(relations, other):
    assert not corroborated(relations, shelling(), shelling(**other))


def test_another_type_or_status_is_not_corroborated(relations):
    control = claim("Control", **SHELLING)
    assert not corroborated(relations, shelling(), control)
    assert not corroborated(relations, claim(), claim(holder="Russia", status="in-progress"))
    assert not corroborated(relations, claim(), claim("Violation", "Russia", status=None))


def test_one_agreement_is_enough_where_no_place_is_named(relations):
    def signed(**more):
        return claim("Agreement", actor=("Turkey", "Russia"), agreement="sochi-2018", **more)

    assert corroborated(relations, signed(), signed())
    assert corroborated(relations, signed(place="Sochi"), signed())
    assert not corroborated(relations, signed(place="Sochi"), signed(place="Ankara"))


def test_a_holder_does_not_corroborate_itself(relations):
    assert not corroborated(relations, shelling("Russia"), shelling("Russia"))
    assert not corroborated(relations, shelling("Russia"), shelling("Russian Armed Forces"))


def test_an_outlet_does_not_corroborate_itself_or_whom_it_quotes(relations):
    again = of("One-again", shelling())
    assert not relations("corroborates", of("One", shelling()), again)
    assert not relations("corroborates", of("One", shelling(), shelling("Turkey")))
    assert not relations("corroborates", of("One", shelling("Turkey")), again)
    # Two holders are two sources in whatever outlet.
    assert relations("corroborates", of("One", shelling("Russia"), shelling("Turkey")))


def test_a_copy_is_no_second_source(relations):
    one, two, three = of("One", shelling()), of("Two", shelling()), of("Three", shelling())
    found = relations(
        "corroborates", one, two, three, extra=lambda first, second, _: copy_of(second, first)
    )
    assert articles(found) == {frozenset({"One", "Three"}), frozenset({"Two", "Three"})}

    def both(first, second, third):
        lines = copy_of(second, first).triples + copy_of(third, first).triples
        return type(copy_of(second, first))(f"{BASE}graph/copies", lines)

    assert relations("corroborates", one, two, three, extra=both) == set()


@pytest.mark.parametrize("kind", ["Demand", "Threat"])
def test_demands_and_threats_are_not_corroborated(relations, kind):
    def said(holder):
        return claim(kind, holder, agreement="sochi-2018", place="Idlib")

    assert not corroborated(relations, said("Russia"), said("Iran"))


# -- Restatements

WORDS = "We expect our partners to carry out fully what they took upon themselves"


def demand(holder="Russia", words=WORDS, **more):
    return claim("Demand", holder, words=words, agreement="sochi-2018", **more)


def test_one_utterance_in_two_articles_is_restated(relations):
    quoted = demand(words=WORDS.upper())
    one, two = of("One", demand(), demand(words=WORDS + " at once")), of("Two", quoted)
    found = relations("restates", one, two)
    assert articles(found) == {frozenset({"One", "Two"})}
    assert len(found) == 1


def test_restatement_does_not_depend_on_dates(relations):
    assert relations(
        "restates", of("One", demand(), day="2019-02-08"), of("Two", demand(), day=None)
    )


@pytest.mark.parametrize(
    "other", [{"holder": "Iran"}, {"actor": ("Iran",)}, {"words": "And so on"}]
)
def test_other_utterances_or_claims_are_no_restatement(relations, other):
    assert not relations("restates", of("One", demand()), of("Two", demand(**other)))


def test_another_type_in_the_same_utterance_is_no_restatement(relations):
    compliance = claim(holder="Russia", words=WORDS, **NOT)
    assert not relations("restates", of("One", demand()), of("Two", compliance))
    assert not relations("restates", of("One", demand(), demand(time="2019-01")))


def test_the_same_utterance_does_not_corroborate_itself(relations):
    said = {"words": WORDS}
    assert not corroborated(relations, shelling("Russia", **said), shelling("Russia", **said))


# -- Timelines


def entries(*given):
    made = [make(name, *claims, **more) for name, claims, more in given]
    with prepared() as store:
        load(store, *(graph for _, graph in made))
        derive(store)
        rows = store.query(
            "SELECT ?kind ?said ?denied ?from ?until WHERE { "
            "GRAPH ?d { ?entry a accord:TimelineEntry ; accord:entryOf ?duty ; accord:restsOn ?c "
            "OPTIONAL { ?entry accord:saysStatus ?said } "
            "OPTIONAL { ?entry accord:deniesStatus ?denied } "
            "OPTIONAL { ?entry accord:holdsFrom ?from } "
            "OPTIONAL { ?entry accord:holdsUntil ?until } } "
            "GRAPH ?g { ?c a ?kind } }"
        )
        names = ("kind", "said", "denied", "from", "until")
        found = [
            tuple(re.split("[/#]", row[name].value)[-1] if row[name] else None for name in names)
            for row in rows
        ]
        return sorted(found, key=str)


def test_an_entry_has_the_claims_time_else_the_day_of_the_article():
    timed = claim(time="2019-01", holder="Russia")
    open_ = claim(time="2018-10-15/..", status="delayed")
    assert set(entries(of("One", claim(), timed, open_))) == {
        ("ComplianceClaim", "delayed", None, "2018-10-15", None),
        ("ComplianceClaim", "fulfilled", None, "2019-01-01", "2019-01-31"),
        ("ComplianceClaim", "fulfilled", None, "2019-02-08", "2019-02-08"),
    }


def test_an_entry_of_an_undated_article_has_its_inferred_days_or_those_since_the_accord():
    inferred = of("One", claim(), day=None, inferred="2018-01")
    assert entries(inferred)[0][3:] == ("2018-01-01", "2018-01-31")
    assert entries(of("One", claim(), day=None))[0][3:] == ("2018-09-17", None)
    unknown = claim(agreement="valley-1900")
    assert entries(of("One", unknown, day=None))[0][3:] == (None, None)


def test_only_what_is_asserted_gives_an_entry_a_status():
    found = entries(
        of(
            "One",
            claim(polarity="denied", status="delayed"),
            claim(modality="expected", holder="Iran"),
            claim("Violation", "Russia"),
            claim("Violation", "Turkey", polarity="denied"),
            claim("Demand", "Russia", agreement="sochi-2018"),
            claim("Incident", "Russia"),
        )
    )
    assert {(kind, said, denied) for kind, said, denied, _, _ in found} == {
        ("ComplianceClaim", None, None),
        ("ComplianceClaim", None, "delayed"),
        ("DemandClaim", None, None),
        ("ViolationClaim", None, "not-fulfilled"),
        ("ViolationClaim", "not-fulfilled", None),
    }
    assert len(found) == 5


def test_a_claim_on_two_parties_has_an_entry_for_what_each_owes():
    assert len(entries(of("One", claim(actor=("Turkey", "Russia"))))) == 2


# -- Accusations


def accusations(*claims):
    with prepared() as store:
        load(store, make("One", *claims)[1])
        derive(store)
        rows = store.query(
            "SELECT ?by ?of WHERE { GRAPH ?d { ?a a accord:Accusation ; accord:accuser ?by ; "
            "accord:accused ?of ; accord:restsOn ?claim } GRAPH ?g { ?claim accord:holder ?h } }"
        )
        return sorted(tuple(row[n].value.split("/")[-1] for n in ("by", "of")) for row in rows)


def test_who_blames_another_side_accuses_it():
    violation = claim("Violation", "Russian Armed Forces", actor=("Turkish Armed Forces", "Iran"))
    assert accusations(violation) == [("russia", "iran"), ("russia", "turkey")]
    for status in ("not-fulfilled", "delayed"):
        assert accusations(claim(holder="Russia", status=status)) == [("russia", "turkey")]
    assert accusations(shelling("Turkey")) == [("turkey", "syria")]


@pytest.mark.parametrize(
    "other",
    [
        claim("Violation"),
        claim("Violation", "Turkey"),
        claim("Violation", "Turkish Armed Forces"),
        claim("Violation", "Russia", polarity="denied"),
        claim("Violation", "Russia", modality="possible"),
        claim("Violation", "Russia", actor=()),
        claim(holder="Russia"),
        claim(holder="Russia", status="partly"),
        claim("Demand", "Russia", agreement="sochi-2018"),
    ],
)
def test_what_is_no_accusation(other):
    assert accusations(other) == []
