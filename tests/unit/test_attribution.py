"""Who says what: cues, sources, contents, and for which side somebody speaks."""

from __future__ import annotations

import time

import pytest
from spacy.language import Language
from spacy.tokens import Doc

from accord.article import parse_article
from accord.extraction import document, pipeline, with_components
from accord.language.pipeline import load
from accord.language.speech.attributions import Attribution, voices


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
        "RUSSIA SAYS TURKEY BROKE IDLIB TRUCE\n\nTURKEY DENIES IT",
        "Name\tShare\tSaid\nA | 3 | “yes\n| B | 4 | no” |",
        '“We left," he said. ‘We will “not” return” and «nobody“ knows.',
        "\n\n".join(["“We have left the town and we will not come back."] * 10) + "” he said.",
        "The rain fell on the hills for a week.",
        "\ufffd \u200b\u200b “ \u2028 said \u00a0 he",
    ],
)
def test_no_text_is_too_odd(text: str) -> None:
    for attribution in attributions(text):
        assert attribution.content
        assert 0 <= attribution.cue.start < attribution.cue.end


def test_a_report_within_a_report_knows_the_one_around_it() -> None:
    found = attributions(
        "Sergey Lavrov said that the Syrian ministry had told Russia that the rebels had left."
    )
    inner = [a for a in found if a.parent is not None]
    assert [a.parent.cue.text for a in inner] == ["said"]
    assert all(
        a.cue.start in range(a.parent.content[0].start, a.parent.content[-1].end) for a in inner
    )


def test_what_nobody_is_named_for_has_no_source() -> None:
    (found,) = attributions("It was reported on Monday that the army had left the town.")
    assert (found.source, found.speaker, found.holder, found.sources) == (None, None, None, ())
    assert "the army had left the town" in content(found)
    assert not voices([found])


def test_a_wish_is_attributed_but_is_not_anybody_s_word() -> None:
    found = attributions("Sergey Lavrov hopes for the best and wants Turkey to leave the town.")
    assert found
    assert not any(a.said for a in found)
    assert not voices(found)


def test_a_quotation_of_many_paragraphs_stays_with_its_speaker() -> None:
    text = "“We have left the town,” Maria Zakharova said.\n\n" + "\n\n".join(
        f"“The truce holds in village number {i} and everybody is back at home.” "
        for i in range(10)
    )
    (found,) = [a for a in attributions(text) if a.cue.text == "said"]
    assert found.kind == "direct"
    assert "number 9" in content(found)


def test_unquoted_sentences_that_follow_are_not_the_speaker_s_word() -> None:
    found = attributions(
        "Turkey and Russia made a deal last year, Maria Zakharova said. The army has left the town."
    )
    told = " ".join(span.text for a in found for span in a.told)
    assert "made a deal" in told
    assert "army" not in told


def without_weights() -> Language:
    nlp = with_components(load.__wrapped__())
    nlp.remove_pipe("utterances")
    return nlp


def test_a_pipeline_without_weights_for_it_goes_by_rules() -> None:
    nlp = without_weights()
    doc = nlp(document(parse_article("Sergey Lavrov said that Turkey had left.", "test"), nlp))
    assert [(a.speaker.label, a.holder) for a in doc._.attributions] == [
        ("Sergey Lavrov", "Russia")
    ]


def test_time_grows_with_the_length_and_not_faster() -> None:
    nlp = pipeline()

    def seconds(paragraphs: int) -> float:
        text = (
            "“We left town, and “they” did not,” he said. “Never,” Lavrov added.\n\n" * paragraphs
        )
        doc = document(parse_article(text, "test"), nlp)
        for name, component in nlp.pipeline:
            start = time.process_time()
            doc = component(doc)
            if name in ("utterances", "accord_attribution"):
                spent[name] = spent.get(name, 0) + time.process_time() - start
        return sum(spent.values())

    spent: dict[str, float] = {}
    seconds(20)
    spent.clear()
    short = seconds(100)
    spent.clear()
    assert seconds(400) < 4 * 2.5 * short
