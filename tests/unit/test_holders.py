"""Who holds a claim: relative sources, inserted reports, documents, charges, strangers, posts."""

from __future__ import annotations

import pytest

from accord.claim import Claim
from tests.unit.test_attribution import attributions, content, read


def claims(text: str) -> list[Claim]:
    """Return the claims of a text, with any confidence."""
    found: list[Claim] = read(text)._.claims
    return found


def holders(text: str, inside: str) -> set[str | None]:
    """Return who is made to say a piece of a text, by the attributions whose content has it."""
    return {a.holder for a in attributions(text) if inside in content(a)}


@pytest.mark.parametrize(
    ("text", "inside", "holder"),
    [
        # A relative pronoun is whom it goes back to.
        (
            "The plan was read out by Sergey Lavrov, who said that the rebels had left the town.",
            "had left",
            "Russia",
        ),
        # The report stands behind what it reports, or in the middle of it.
        (
            "The rebels attacked two villages near the border, state media in Syria said late on "
            "Monday, the first such raid for a month.",
            "attacked two villages",
            "Syria",
        ),
        (
            "Turkish forces shelled three villages, officials on both sides said yesterday, in an "
            "attack that lasted an hour.",
            "shelled three villages",
            "officials",
        ),
        (
            "Russian jets bombed the market twice, Hulusi Akar said without giving details.",
            "bombed the market",
            "Turkey",
        ),
        # Documents without a name, and those whose maker was named before.
        ("According to local reports, two soldiers were killed.", "were killed", "local reports"),
        (
            "Amnesty International published a report on the war. "
            "The report said that soldiers had killed ten villagers.",
            "had killed",
            "Amnesty International",
        ),
        (
            "Turkey's defence ministry spoke of a quiet week. The truce held, said the ministry "
            "statement.",
            "The truce held",
            "Turkey",
        ),
        # Verbs that no list has, with a that-clause.
        ("Russia retorted that it had kept its word.", "kept its word", "Russia"),
        # The whole charge, and what an act is called.
        (
            "Syria accused Turkey on Monday of failing to keep its promises under the deal.",
            "failing to keep",
            "Syria",
        ),
        ("Syria called the raid a violation of the truce.", "a violation", "Syria"),
        # Strangers speak for no town and no official who was named.
        (
            "“The soldiers have left the village,” said a farmer from Ariha.",
            "have left",
            "farmer from Ariha",
        ),
        (
            "According to an official close to the talks, the rebels will leave the town.",
            "will leave",
            "official close to the talks",
        ),
    ],
)
def test_a_holder_is_found(text: str, inside: str, holder: str) -> None:
    assert holders(text, inside) == {holder}


def test_they_added_are_those_who_said_it() -> None:
    text = (
        "Gunmen seized the bridge on Sunday, media reports said. "
        "The Lebanese army sent troops to the area, they added."
    )
    assert holders(text, "sent troops") == {"media reports"}


@pytest.mark.parametrize(
    "text",
    [
        # What is learnt or feared is said by nobody.
        "Russia knew that the rebels had left the town.",
        # The clause belongs to what follows the cue.
        "When the war began, Russia said the rebels had left the town.",
    ],
)
def test_what_nobody_says_there_is_the_outlets(text: str) -> None:
    before = text.split(",")[0]
    said = [a for a in attributions(text) if a.said and a.speaker and before in content(a)]
    assert not said


@pytest.mark.parametrize(
    ("text", "label", "side"),
    [
        # A post that names its state counts more than one that does not, wherever it stands.
        (
            "President Juan Perez spoke of Ukraine with Ukraine's friends in Ukraine. "
            "Peru's President Juan Perez said that he backed Ukraine.",
            "Juan Perez",
            "Peru",
        ),
        # "The then President" is not of the state that the article is about.
        (
            "Turkey is at war in Turkey's south, Turkey said. The then President Joe Smith said "
            "that the war was over.",
            "Joe Smith",
            "Joe Smith",
        ),
        # Whoever heads a body of somebody's, and his deputy.
        (
            "Hamas met on Friday. Adel Karim, who heads its negotiating panel, said that the war "
            "was over.",
            "Adel Karim",
            "Hamas",
        ),
        (
            "Vladimir Putin was away. His chief adviser, Oleg Petrov, said that the war was over.",
            "Oleg Petrov",
            "Russia",
        ),
        # A body that bears its owner's name stands for it.
        (
            "Hamas's Central Council said that the war was over.",
            "Hamas's Central Council",
            "Hamas",
        ),
    ],
)
def test_somebody_speaks_for_a_side(text: str, label: str, side: str) -> None:
    speakers = {(a.speaker.label, a.holder) for a in attributions(text) if a.speaker}
    assert (label, side) in speakers


def test_the_followers_of_an_idea_are_one_group() -> None:
    text = (
        "Maoist rebels attacked a camp. The Maoist chairman, Ram Thapa, said on Monday that the "
        "Maoists had left it."
    )
    assert holders(text, "had left") == {"Maoists"}


def test_troops_in_a_country_are_not_its_own() -> None:
    text = "Turkey said that it had attacked a village. Its troops in Syria seized two villages."
    (control,) = [claim for claim in claims(text) if claim.type == "Control"]
    assert "Syria" not in control.actor
