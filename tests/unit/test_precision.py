"""Everyday news makes few claims: words of conflict that say something else make none."""

from __future__ import annotations

import pytest

from accord.article import parse_article
from accord.claim import Claim
from accord.errors import VocabularyError
from accord.extraction import extract
from accord.language import relevance
from accord.language.claims import confidence
from accord.language.claims.confidence import load_least

#: Sentences, and the type of claim that they do not make.
NONE = [
    ("The World Bank warned that the war will push millions of people into poverty.", "Demand"),
    ("The drought will only deepen hunger in Sudan, the United Nations warned.", "Demand"),
    ("Iran has developed missiles based on older Soviet designs.", "Deployment"),
    ("The minister visited the air base, accompanied by the commander of the army.", "Deployment"),
    ("The president's presence at the parade in Tripoli surprised the militias.", "Deployment"),
    ("Army bases buy their electricity from the state company, the ministry said.", "Deployment"),
    ("The administration of the United States will advance peace talks.", "Deployment"),
    ("The army of Pakistan crossed the Line of Control on Monday.", "Control"),
    ("Pakistan lost the war in 1971.", "Control"),
    ("Women in Colombia fight an unjust system, the rebels' leader said.", "Incident"),
    ("The prime minister almost killed the party, a militant said.", "Incident"),
    ("A powerful earthquake and its aftershocks killed 4,500 people in Afghanistan.", "Incident"),
    ("Iran chose not to attack the Taliban.", "Incident"),
    ("The foreign minister of Ethiopia held a news conference with the mayor.", "Meeting"),
    ("We conducted twelve conversations with residents of the town.", "Meeting"),
    ("The prime minister ordered the army to advance on the town.", "Demand"),
    ("Others encouraged their brothers to join the militia.", "Demand"),
    ('"Our soldiers never had to fight for long," the general said.', "Demand"),
    ("Turkey will not retaliate, officials in Ankara said.", "Threat"),
    ("Iran will not hesitate to provide assistance to Iraq, the spokesman said.", "Threat"),
]
#: Their likes that do make one.
SOME = [
    ("The World Bank warned Sudan not to close the crossing.", "Demand"),
    ("Russian troops are based in Tartus.", "Deployment"),
    ("Soldiers of Ethiopia escorted the convoy to Mekelle.", "Deployment"),
    ("The presence of Eritrean troops in Tigray continues.", "Deployment"),
    ("Houthi forces control the port of Hodeidah.", "Control"),
    ("The rebels fight the army of Sudan in Darfur.", "Incident"),
    ("An explosion killed 45 people in Kabul.", "Incident"),
    ("The foreign ministers of Ethiopia and Sudan held talks in Cairo.", "Meeting"),
    ("The United States ordered the militia to leave the border area.", "Demand"),
    ("Turkey will retaliate against the militia, officials in Ankara said.", "Threat"),
]


@pytest.fixture(scope="module")
def found() -> dict[str, list[Claim]]:
    """The claims of each sentence, read as part of an article on a conflict, however sure."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(relevance, "is_relevant", lambda _: True)
        patch.setattr(
            "accord.language.claims.finder.load_least", lambda: {"accord": 0.0, "no accord": 0.0}
        )
        articles = [parse_article(text, "test") for text, _ in (*NONE, *SOME)]
        return {article.text: claims for article, claims in extract(articles)}


@pytest.mark.parametrize(("text", "kind"), NONE)
def test_it_says_something_else(text: str, kind: str, found: dict[str, list[Claim]]) -> None:
    assert kind not in {claim.type.value for claim in found[text]}


@pytest.mark.parametrize(("text", "kind"), SOME)
def test_its_like_is_still_found(text: str, kind: str, found: dict[str, list[Claim]]) -> None:
    assert kind in {claim.type.value for claim in found[text]}


def _claims(text: str) -> list[Claim]:
    return next(claims for _, claims in extract([parse_article(text, "test")]))


def test_who_is_killed_is_not_the_killer(found: dict[str, list[Claim]]) -> None:
    text = (
        "The rebels of the south laid down their weapons. The killing of Omar Saleh by militants "
        "angered the rebels. Since his killing, the insurgents said, the militia has gone."
    )
    incidents = [claim for claim in _claims(text) if claim.type.value == "Incident"]
    assert incidents
    assert not any("Omar Saleh" in claim.actor for claim in incidents)


def test_one_word_over_and_over_makes_no_article_on_conflict() -> None:
    text = (
        "The union of the shipyard began a strike on Monday. Workers on strike blocked the gate. "
        "The strike is the third this year, and a strike at the other yard is expected. "
        "The president called for an end to the strike, and negotiations were held until late. "
        "The owners said that the strike has cost them money, and that the strike must end soon."
    )
    assert _claims(text) == []


def test_what_is_hardly_sure_is_no_claim(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Rebels shelled the army's positions in Donetsk on Monday, the army said."
    assert _claims(text)
    monkeypatch.setattr(
        "accord.language.claims.finder.load_least", lambda: {"accord": 1.0, "no accord": 1.0}
    )
    assert _claims(text) == []


def test_a_wrong_least_confidence_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    where = confidence.resource("mappings", "confidence.yaml")
    monkeypatch.setattr(confidence, "_read", lambda: (where, {"least": {"accord": 2}}))
    load_least.cache_clear()
    with pytest.raises(VocabularyError, match="'least' is"):
        load_least()
    load_least.cache_clear()


@pytest.mark.parametrize(
    "text",
    [
        "South African Airways (SAA) and the rebels signed a deal. SAA signed a truce with them.",
        "The rebels and Dr. Abdul Sattar Hadi Al-Janabi of the airline signed a truce.",
    ],
)
def test_a_known_name_in_another_is_not_meant(text: str) -> None:
    assert not {"Syria", "Yemen"} & {name for claim in _claims(text) for name in claim.actor}


def test_an_acronym_that_the_text_spells_out_as_known_is_meant() -> None:
    text = "The Syrian Arab Army (SAA) shelled the rebels near Idlib. The SAA seized the town."
    controls = [claim for claim in _claims(text) if claim.type.value == "Control"]
    assert [claim.holder for claim in controls] == ["outlet"]
    assert "Syria" in str(controls[0].actor)
