"""Duties: claims about the same duty meet, whatever their words, and others do not."""

from __future__ import annotations

import pytest

from accord.claim import Claim
from accord.graph.obligations import Duty, duties
from accord.language.wordlists import word_lists
from accord.vocabulary import load_vocabulary


def claim(text: str, **fields: object) -> Claim:
    values: dict[str, object] = {
        "article": "test",
        "start": 0,
        "end": len(text),
        "text": text,
        "type": "Obligation",
        "holder": "outlet",
        "actor": ["Turkey"],
        "agreement": "sochi-2018",
        "action": "",
    }
    return Claim.model_validate(values | fields)


def owed(text: str, **fields: object) -> list[Duty]:
    return duties(claim(text, **fields), load_vocabulary())


ZONE = {"place": "Idlib demilitarized zone"}


@pytest.mark.parametrize(
    ("text", "action", "target"),
    [
        ("Turkey must withdraw heavy weapons", "withdraw", ["heavy weapons"]),
        ("Turkey must pull back heavy arms", "pull back", []),
        ("Turkey is delaying the withdrawal of heavy weapons", "delay", []),
        ("Turkey has yet to remove the tanks", "remove", ["tanks"]),
        ("Turkey must evacuate its artillery from the zone", "evacuate", []),
    ],
)
def test_one_duty_in_many_words(text: str, action: str, target: list[str]) -> None:
    kind = "Compliance" if action == "delay" else "Obligation"
    status = "delayed" if action == "delay" else None
    (duty,) = owed(text, action=action, target=target, type=kind, status=status, **ZONE)
    assert duty == Duty("sochi-2018", "Turkey", "withdraw", "weapons", "Idlib demilitarized zone")


def test_what_is_withdrawn_tells_duties_apart() -> None:
    text = "Turkey must withdraw"
    (weapons,) = owed(text, action="withdraw", target=["heavy weapons"])
    (fighters,) = owed(text, action="withdraw", target=["Hay'at Tahrir al-Sham"])
    (nothing,) = owed(text, action="withdraw")
    assert {weapons.object, fighters.object, nothing.object} == {"weapons", "fighters", "forces"}


def test_several_actions_are_several_duties() -> None:
    found = owed("Ankara pledged to disarm and remove them", action="disarm and remove")
    assert [duty.action for duty in found] == ["disarm", "withdraw"]


@pytest.mark.parametrize(
    "text",
    [
        "Turkey says it has been implementing the Idlib agreement without any problems",
        "Turkey fails to fulfil its obligations under a bilateral ceasefire agreement",
    ],
)
def test_keeping_the_accord_is_the_general_duty(text: str) -> None:
    found = owed(text, action="implement", type="Compliance", status="in-progress", **ZONE)
    assert found == [Duty("sochi-2018", "Turkey")]


def test_the_broader_duty_leaves_out_the_place_then_the_object_then_the_action() -> None:
    duty: Duty | None = Duty("sochi-2018", "Turkey", "withdraw", "weapons", "Idlib")
    chain = []
    while duty is not None:
        chain.append((duty.action, duty.object, duty.zone))
        duty = duty.broader()
    assert chain == [
        ("withdraw", "weapons", "Idlib"),
        ("withdraw", "weapons", ""),
        ("withdraw", "", ""),
        ("", "", ""),
    ]


def test_an_attack_breaks_the_duty_to_cease_fire() -> None:
    (shelling,) = owed("Turkey shelled the town", action="shell", type="Violation")
    (kept,) = owed("Turkey must keep the truce", action="keep")
    assert shelling.action == kept.action == "cease-fire"


def test_a_whole_country_is_no_zone() -> None:
    (duty,) = owed("Turkey must withdraw its troops", action="withdraw", place="Syria")
    assert duty.zone == ""


@pytest.mark.parametrize("kind", ["Incident", "Meeting", "Agreement"])
def test_only_claims_about_duties_have_one(kind: str) -> None:
    assert owed("Turkey withdrew", action="withdraw", type=kind) == []
    assert owed("Turkey must withdraw", action="withdraw", agreement=None) == []


def test_the_word_lists_have_the_codes_of_the_schemes() -> None:
    from rdflib import SKOS, Graph, URIRef

    from accord.graph import BASE
    from accord.resources import resource

    schemes = Graph().parse(resource("ontology", "schemes.ttl"))
    for name, scheme in (("actions", "action"), ("objects", "object")):
        concepts = schemes.subjects(SKOS.inScheme, URIRef(f"{BASE}scheme/{scheme}"))
        codes = {str(concept).rpartition("/")[2] for concept in concepts}
        assert codes == set(word_lists(name)) - {"against cease-fire", "told apart"}


def test_what_its_army_owes_a_state_owes() -> None:
    (army,) = owed("Its army must withdraw", action="withdraw", actor=["Turkish Armed Forces"])
    assert army.obligor == "Turkey"


def test_the_name_of_a_zone_is_no_action() -> None:
    text = "We expect our partners in the de-escalation zone to carry out their obligations"
    assert owed(text, action="activate", type="Demand") == [Duty("sochi-2018", "Turkey")]
