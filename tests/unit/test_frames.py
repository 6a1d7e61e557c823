"""Frames: what makes a claim, whatever the construction, and that mistakes are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from accord.article import parse_article
from accord.claim import Claim
from accord.errors import VocabularyError
from accord.extraction import extract
from accord.language.frames.reader import load_frames, read_frames
from accord.language.inflection import known_forms, verb_forms
from accord.yamls import read_yaml


def claims(text: str, kind: str | None = None) -> list[Claim]:
    ((_, found),) = extract([parse_article(text, "test")])
    return [claim for claim in found if kind is None or claim.type == kind]


# -- the files -------------------------------------------------------------------------------------


def test_the_shipped_frames_cover_all_thirteen_types() -> None:
    assert len({frame.type for frame in load_frames().all}) == 13


@pytest.mark.parametrize(
    ("frame", "line", "named"),
    [
        ("- name: a\n  type: Incident\n  verbs: [hit]\n  rolls: {}", 4, "rolls"),
        ("- name: a\n  type: Accident\n  verbs: [hit]", 2, "Accident"),
        ("- name: a\n  type: Incident", 1, "no verbs"),
        ("- name: a\n  type: Incident\n  verbs: [hit]\n  status: delayed", 2, "Compliance"),
        ("- name: a\n  type: Incident\n  verbs: [hit]\n  roles: {actor: [sobject]}", 4, "sobject"),
        ("- name: a\n  type: Incident\n  verbs: [hit]\n  needs: {object: wepons}", 4, "wepons"),
        ("- name: a\n  type: Incident\n  verbs: hit", 3, "verbs"),
        ("- name: a\n  type: Incident\n  verbs: [hit]\n  weak: perhaps", 4, "weak"),
        ("- name: [a\n", 2, ""),
        ("name: a", 1, "list of frames"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(
    tmp_path: Path, frame: str, line: int, named: str
) -> None:
    path = tmp_path / "frames.yaml"
    path.write_text(frame, encoding="utf-8")
    with pytest.raises(VocabularyError, match=f"frames.yaml:{line}") as raised:
        read_frames(path)
    assert named in str(raised.value)


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("occupy", {"occupies", "occupied", "occupying"}),
        ("stop", {"stopped", "stopping"}),
        ("seize", {"seized", "seizing"}),
        ("agree", {"agreed", "agreeing"}),
        ("attack", {"attacks", "attacked"}),
    ],
)
def test_verbs_are_known_in_their_forms(verb: str, forms: set[str]) -> None:
    assert forms <= set(verb_forms(verb))


def test_irregular_and_doubling_verbs_are_known() -> None:
    verbs = known_forms()["VERB"]
    assert verbs["withdrew"] == "withdraw"
    assert verbs["held"] == "hold"
    assert verbs["controlled"] == "control"


# -- the types, one sentence each ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "text", "actor"),
    [
        ("Agreement", "Russia and Turkey signed a ceasefire agreement.", ("Russia", "Turkey")),
        ("Obligation", "Turkey is responsible for upholding the ceasefire.", ("Turkey",)),
        ("Commitment", "Turkey pledged to withdraw its troops from Idlib.", ("Turkey",)),
        ("Demand", "Russia demanded that Turkey withdraw its troops.", ("Turkey",)),
        ("Compliance", "Turkey has implemented the ceasefire agreement.", ("Turkey",)),
        ("Violation", "Turkey violated the ceasefire on Monday.", ("Turkey",)),
        ("Incident", "Rebels shelled the town of Idlib.", ("Rebels",)),
        ("Threat", "Turkey threatened to attack the rebels.", ("Turkey",)),
        ("Deployment", "Turkey deployed troops to Idlib.", ("Turkey",)),
        ("Control", "The rebels captured the town of Idlib.", ("rebels",)),
        ("Alignment", "Iran supports Hezbollah.", ("Iran",)),
        ("Meeting", "Vladimir Putin met Recep Tayyip Erdogan for truce talks.", None),
    ],
)
def test_each_type_is_found(kind: str, text: str, actor: tuple[str, ...] | None) -> None:
    found = claims(text, kind)
    assert found, claims(text)
    if actor is not None:
        assert found[0].actor == actor


def test_a_zone_has_its_extent() -> None:
    (claim,) = claims("The depth of the demilitarized zone is 15 to 20 kilometers.", "Zone")
    assert claim.quantity is not None
    assert (claim.quantity.min, claim.quantity.max, claim.quantity.unit) == (15, 20, "km")


# -- constructions ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Rebels shelled the airbase.",
        "The airbase was shelled by rebels.",
        "The rebels, who shelled the airbase, left.",
        "The airbase shelled by rebels is closed.",
        "Rebels advanced and shelled the airbase.",
        "Rebels began shelling the airbase.",
    ],
)
def test_voice_and_clause_do_not_change_who_did_it(text: str) -> None:
    found = [claim for claim in claims(text, "Incident") if claim.actor]
    assert found, claims(text)
    assert found[0].actor[0].casefold() == "rebels"


def test_what_is_demanded_is_no_event() -> None:
    text = "The Houthis were urged by the United Nations to withdraw troops from Hodeidah."
    found = claims(text)
    assert [(claim.type, claim.holder) for claim in found] == [("Demand", "United Nations")]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Turkey has failed to withdraw its weapons from Idlib.", "not-fulfilled"),
        ("Turkey has not implemented the ceasefire agreement.", "not-fulfilled"),
        ("Turkey is implementing the ceasefire agreement.", "in-progress"),
        ("Turkey has fulfilled the ceasefire agreement.", "fulfilled"),
        ("Turkey is delaying the implementation of the ceasefire.", "delayed"),
        ("Only a fraction of the weapons were withdrawn under the truce.", "partly"),
        ("Turkey has yet to withdraw its weapons from Idlib.", "not-fulfilled"),
    ],
)
def test_the_status_follows_from_the_construction(text: str, status: str) -> None:
    assert status in {claim.status for claim in claims(text, "Compliance")}


def test_a_denied_attack_is_denied() -> None:
    (claim,) = claims("Russia denied that it had bombed the market in Idlib.", "Incident")
    assert (claim.holder, claim.polarity) == ("Russia", "denied")


def test_who_says_that_it_will_promises() -> None:
    found = claims("Israel said that it will withdraw its troops from Gaza. A truce is near.")
    assert [(claim.type, claim.holder) for claim in found] == [("Commitment", "Israel")]


def test_an_accusation_is_held_by_the_accuser() -> None:
    (claim,) = claims("Russia accused Turkey of violating the ceasefire.", "Violation")
    assert (claim.holder, claim.actor) == ("Russia", ("Turkey",))


def test_a_modifier_is_a_claim() -> None:
    (claim,) = claims("Iran-backed militants attacked the airbase.", "Alignment")
    assert claim.actor == ("Iran",)


def test_the_outlet_holds_what_nobody_else_says() -> None:
    (claim,) = claims("Rebels shelled the airbase.", "Incident")
    assert (claim.holder, claim.speaker) == ("outlet", None)


def test_everyday_news_makes_no_claims() -> None:
    text = (
        "The company promised to cut prices next year. Its director met the union in Paris. "
        "The bank supports the plan, and the minister urged shops to follow."
    )
    assert claims(text) == []


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Turkey violated the Sochi memorandum.", "sochi-2018"),
        ("Russia and Turkey signed a memorandum on Idlib on September 17, 2018.", "sochi-2018"),
        ("Armenia violated the Karabakh truce of November 9, 2020.", "karabakh-2020"),
    ],
)
def test_a_known_accord_is_recognised(text: str, key: str) -> None:
    assert key in {claim.agreement for claim in claims(text)}


def test_a_key_that_stands_twice_is_refused(tmp_path: Path) -> None:
    """YAML itself would keep the last one and drop the first without a word."""
    path = tmp_path / "words.yaml"
    path.write_text("armed: [troop]\nhostile: [attack]\narmed: [soldier]\n", encoding="utf-8")
    with pytest.raises(VocabularyError, match=r"words\.yaml:3: 'armed' stands a second time"):
        read_yaml(path)
