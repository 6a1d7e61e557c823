"""Who holds a claim: relative sources, inserted reports, documents, charges, strangers, posts."""

from __future__ import annotations

import pytest

from accord.claim import Claim
from tests.unit.test_attribution import attributions, content, read
from tests.unit.test_coreference import means


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
        (
            "The Houthis accused the Saudi-led coalition, which backs the government, of hundreds "
            "of violations of the truce.",
            "hundreds of violations",
            "Houthi movement",
        ),
        (
            "Pakistan protested on Sunday that Indian troops had crossed the line, and that two "
            "shepherds had been shot.",
            "had been shot",
            "Pakistan",
        ),
        # The parser takes it for the bargain that demands.
        (
            "“We pay for a bargain that others struck,” said Hulusi Akar, who demanded that the "
            "rebels leave the town.",
            "rebels leave",
            "Turkey",
        ),
        # Of two stretches of a source, and of a title and a name, the one that speaks.
        (
            "The African Union's envoy, former minister Joe Smith, said that Hamas had left.",
            "had left",
            "African Union",
        ),
        # Neither Turkey nor Cyprus.
        (
            "Turkish Cypriot leader Ersin Tatar said that the buffer zone had been breached.",
            "had been breached",
            "Turkish Cypriots",
        ),
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


def test_he_may_be_a_delegate_without_a_name() -> None:
    text = (
        "General Idriss Deby met the rebels. One delegate said that there had been pressure. "
        "He said that the mediators had threatened him."
    )
    assert holders(text, "had threatened") == {"delegate"}


def test_an_acronym_of_another_language_is_the_name_before_it() -> None:
    text = (
        "The Front for Change and Concord in Chad (FACT) refused to sign. Its leader, Ali Mahdi, "
        "said that the army had shelled a camp. FACT said the war was over."
    )
    assert holders(text, "the war was over") == {"Front for Change and Concord in Chad"}
    assert holders(text, "had shelled a camp") == {"Front for Change and Concord in Chad"}


def test_an_answer_is_its_speakers() -> None:
    text = (
        "Jane Roe, a historian, told the Daily News that the truce would fail.\n\n"
        "Q: Who began the war?\n\nA: Russian troops attacked the village in May. "
        "Turkey called it an accident.\n\nTheir guns have not been found.\n\n"
        "Q: And who holds the town?\n\nA: The rebels seized it in June."
    )
    for inside in ("attacked the village", "have not been found", "seized it"):
        found = [a for a in attributions(text) if inside in content(a)]
        assert [a.holder for a in found] == ["Jane Roe"]
    assert not holders(text, "began the war")


def test_a_quotation_that_was_not_closed_ends_where_the_next_one_opens() -> None:
    text = (
        "“The truce is dead in the north of the country,” Sergey Lavrov said on Monday.\n\n"
        "“The rebels have attacked three of our towns since then. “They will not stop there at "
        "all,” warned a Turkish official."
    )
    assert holders(text, "have attacked three") == {"Russia"}


def test_a_quotation_goes_on_only_till_somebody_else_has_spoken() -> None:
    text = (
        "“The truce is dead in the north of the country,” Sergey Lavrov said on Monday.\n\n"
        "Hulusi Akar said that the truce still held.\n\n"
        "“The rebels have attacked three of our towns since then.”"
    )
    assert "Russia" not in holders(text, "have attacked three")


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        # What the article remarks of a report, and what "it" shows without saying.
        (
            "Russia said that the truce held, giving weight to charges that it had bombed Idlib.",
            "bombed Idlib",
        ),
        ("The raid changed the war. It revealed the Russian presence in Syria.", "presence"),
    ],
)
def test_what_a_report_shows_nobody_said(text: str, inside: str) -> None:
    told = [a for a in attributions(text) if a.said and a.speaker]
    assert not any(inside in span.text for a in told for span in a.told)


def test_many_iraqis_are_not_iraq() -> None:
    assert holders("Many Iraqis said Turkey had bombed the village.", "had bombed") == {"Iraqis"}


def test_one_question_makes_no_interview() -> None:
    text = "Jane Roe spoke on Monday.\n\nA: The rebels seized the town in June."
    assert not holders(text, "seized the town")


def test_a_straight_mark_that_is_left_over_quotes_nothing() -> None:
    text = (
        'Israel spoke of its "deterrence" and "strength".\n\nHe called it the "plan\'\', a '
        'thing that Israel calls "old". Rebels struck the town during a visit.'
    )
    assert not holders(text, "struck the town")


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
        (
            "The UN mission, headed by Carl Weber, met rebels. Weber said that the war was over.",
            "Carl Weber",
            "United Nations",
        ),
        (
            "Colombia fears for Colombia's truce. The peace commissioner, Juan Perez, said that "
            "Colombia was calm.",
            "Juan Perez",
            "Colombia",
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


@pytest.mark.parametrize(
    ("text", "word", "party"),
    [
        ("The army blamed the RSF for its failure to leave the homes.", "its", "RSF"),
        # Whose what is harmed is, is not who harms it.
        ("Hamas fled the town. American jets bombed its columns.", "its", "Hamas"),
        ("France, whose troops left, spoke.", "whose", "France"),
        # The state in the title is whose military it is.
        (
            "Why Myanmar's truce frays\n\nChina asked China's friends and China's firms about "
            "China. The junta left.",
            "junta",
            "Myanmar",
        ),
        # Who urges both sides is none of them, unlike who says something of both.
        (
            "Norway spoke to Russia. Norway heard Russia. Norway met Ukraine. Norway urged both "
            "sides to talk.",
            "sides",
            "Russia",
        ),
        # "The army" is not the rebels who call themselves so.
        (
            "The Arakan Army, an ethnic armed group, attacked Myanmar's military in Myanmar. The "
            "army fled.",
            "army",
            "Tatmadaw",
        ),
    ],
)
def test_whose_it_is(text: str, word: str, party: str) -> None:
    assert party in {p for p in means(text, word) for p in (p, _short(p))}


def _short(label: str) -> str:
    return "RSF" if label == "Rapid Support Forces" else label


def test_a_truce_that_somebody_is_accused_of_breaking_is_the_outlets() -> None:
    text = "Ukraine accused Russia of breaking the truce agreed in Minsk on February 12."
    found = {claim.type: claim.holder for claim in claims(text)}
    assert (found["Violation"], found["Agreement"]) == ("Ukraine", "outlet")


def test_what_stands_between_dashes_is_the_outlets() -> None:
    text = (
        "He said that the army — which has Russian air support — had attacked. Sergey Lavrov said "
        "that the Syrian army — who has Iranian backing — had broken the truce."
    )
    found = {claim.type: claim.holder for claim in claims(text) if "Iran" in claim.actor}
    assert found.get("Alignment") == "outlet"


def test_a_denial_in_somebodys_report_is_whose_it_is() -> None:
    doc = read("According to Reuters, Turkey denied bombing the village and said the truce held.")
    voice = doc._.accord_voices[next(token.i for token in doc if token.text == "bombing")]
    assert (voice.holder, voice.cue_class) == ("Turkey", "deny")


def test_a_threat_and_a_call_are_whose_they_are() -> None:
    text = (
        "The Idlib ceasefire agreement is fragile. Vladimir Putin's threat to attack Idlib stands. "
        "The raid renewed Iraqi calls for the withdrawal of Turkish troops."
    )
    found = {claim.type: claim.holder for claim in claims(text)}
    assert (found.get("Threat"), found.get("Demand")) == ("Russia", "Iraq")


def test_a_day_records_nothing() -> None:
    text = "Victory Day is held to observe the defeat of Pakistan in the 1999 war with India."
    assert {claim.holder for claim in claims(text)} <= {"outlet"}


def test_soldiers_are_the_states_that_it_is_all_about() -> None:
    text = (
        "Myanmar's ceasefire is over, Myanmar said. Security forces shelled a village near a camp "
        "in Myanmar on Monday."
    )
    (incident,) = [claim for claim in claims(text) if claim.type == "Incident"]
    assert incident.actor in (("Tatmadaw",), ("Myanmar",))


def test_groups_of_smugglers_are_smugglers() -> None:
    assert means("Turkey fights several groups of smugglers at once.", "groups") == ["smugglers"]


def test_people_whom_nobody_knows_make_demands() -> None:
    text = "Foreign donors are urging Hamas to honour the ceasefire agreement of May."
    assert {c.holder for c in claims(text) if c.type == "Demand"} == {"Foreign donors"}


def test_troops_in_a_country_are_not_its_own() -> None:
    text = "Turkey said that it had attacked a village. Its troops in Syria seized two villages."
    (control,) = [claim for claim in claims(text) if claim.type == "Control"]
    assert "Syria" not in control.actor
