"""Who says what: cues, sources, contents, and for which side somebody speaks."""

from __future__ import annotations

import pytest
from spacy.tokens import Doc

from accord.article import parse_article
from accord.extraction import document, pipeline
from accord.language.attribution import Attribution, voices


def read(text: str) -> Doc:
    doc = document(parse_article(text, "test"), pipeline())
    for _, component in pipeline().pipeline:
        doc = component(doc)
    return doc


def attributions(text: str) -> list[Attribution]:
    found: list[Attribution] = read(text)._.attributions
    return found


def content(attribution: Attribution) -> str:
    return " ".join(span.text for span in attribution.content)


@pytest.mark.parametrize(
    ("text", "speaker", "holder", "inside"),
    [
        (
            "Sergey Lavrov said that Turkey had left the area.",
            "Sergey Lavrov",
            "Russia",
            "Turkey had left",
        ),
        ("Turkey has left the area, Sergey Lavrov said.", "Sergey Lavrov", "Russia", "has left"),
        (
            "According to the Syrian Observatory for Human Rights, ten rebels were killed.",
            "Syrian Observatory for Human Rights",
            "Syrian Observatory for Human Rights",
            "were killed",
        ),
        ("“We have left the area,” Sergey Lavrov said.", "Sergey Lavrov", "Russia", "We have left"),
        (
            "Sergey Lavrov told reporters: “We have left the whole area.”",
            "Sergey Lavrov",
            "Russia",
            "We have left",
        ),
        (
            "Ten rebels were killed in the attack, said the Syrian Observatory for Human Rights.",
            "Syrian Observatory for Human Rights",
            "Syrian Observatory for Human Rights",
            "were killed",
        ),
    ],
)
def test_a_source_is_found_wherever_it_stands(
    text: str, speaker: str, holder: str, inside: str
) -> None:
    found = [a for a in attributions(text) if inside in content(a)]
    assert found
    assert (found[0].speaker.label, found[0].holder) == (speaker, holder)


def test_a_running_quotation_keeps_its_speaker() -> None:
    found = attributions(
        "“The truce holds in the north,” Maria Zakharova said. “Our troops have left the town.”"
    )
    assert [a.holder for a in found if "have left" in content(a)] == ["Russia"]


def test_a_pronoun_goes_back_to_the_speaker() -> None:
    found = attributions(
        "Sergey Lavrov met the rebels. He said that the truce would hold for a month."
    )
    assert {a.speaker.label for a in found} == {"Sergey Lavrov"}


def test_an_unknown_spokesman_speaks_for_whom_his_title_names() -> None:
    found = attributions(
        "Hamas spokesman Adel Karim said that the fighters had left the town.\n\n"
        "Karim added that the truce would hold."
    )
    assert {(a.speaker.label, a.holder) for a in found} == {("Adel Karim", "Hamas")}


def test_a_headline_names_its_speaker_behind_a_colon() -> None:
    found = attributions("Turkey is breaking the Idlib truce: Russia\n\nThey met on Friday.")
    assert [a.holder for a in found] == ["Russia"]


@pytest.mark.parametrize(
    ("text", "cue_class"),
    [
        ("Russia denied that it had bombed the market.", "deny"),
        ("Russia accused Turkey of bombing the market.", "accuse"),
        ("Russia warned that it would bomb the market.", "warn"),
        ("Russia demanded that Turkey leave the market.", "demand"),
    ],
)
def test_the_cue_says_what_the_saying_does(text: str, cue_class: str) -> None:
    assert cue_class in {a.cue_class for a in attributions(text)}


def test_quotation_marks_decide_between_direct_and_indirect() -> None:
    kinds = {a.kind for a in attributions("“We have left the area,” Sergey Lavrov said.")}
    assert kinds == {"direct"}
    kinds = {a.kind for a in attributions("Sergey Lavrov said that they had left the area.")}
    assert kinds == {"indirect"}


def test_a_short_phrase_in_quotation_marks_is_no_utterance() -> None:
    assert not voices(attributions("They call it a “safe zone” there."))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "“",
        "“" * 40,
        "“We left. " * 30,
        "said",
        ", said .",
        "According to",
        "PENCE: Yes.\nKAINE: No.",
    ],
)
def test_no_text_is_too_odd(text: str) -> None:
    attributions(text)
