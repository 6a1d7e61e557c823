"""Tokens: as the treebanks have them, except that a name stays one."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from accord.language.tokenizer import build


@pytest.fixture(scope="module")
def nlp() -> Language:
    blank = spacy.blank("en")
    blank.tokenizer = build(blank)
    return blank


@pytest.mark.parametrize(
    "name",
    [
        "al-Sham", "Al-Nusra", "Hay’at", "Hay'at", "Ma'rib", "ash-Shughur", "el-Sisi", "O’Brien",
        "an-Nusra", "ad-Din", "al-Qa’ida", "M4", "U.S.", "U.N.", "Feb.", "Lt.", "p.m.",
        "de-escalation", "anti-tank", "co-chair", "pre-war", "e-mail", "https://a.org/b-c",
        "a.b-c@d.org", "3.5", "1,200", "…", "--",
    ],
)  # fmt: skip
def test_one_token(nlp: Language, name: str) -> None:
    assert [t.text for t in nlp(f"in {name} too")] == ["in", name, "too"]
    assert name in [t.text for t in nlp(f"“{name}” ({name}), {name};")]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Syria’s", "Syria ’s"),
        ("Syria's", "Syria 's"),
        ("al-Sham’s", "al-Sham ’s"),
        ("Syria‘s", "Syria ‘s"),
        ("don’t", "do n’t"),
        ("can't", "ca n't"),
        ("cannot", "can not"),
        ("they’re", "they ’re"),
        ("militias’ own", "militias ’ own"),
        ("U.S.-led", "U.S. - led"),
        ("Russia-backed", "Russia - backed"),
        ("cease-fire", "cease - fire"),
        ("12-year-old", "12 - year - old"),
        ("anti-government-held", "anti-government - held"),
        ("al-Baghdadi-led", "al-Baghdadi - led"),
        ("MOSCOW/BAGHDAD:", "MOSCOW / BAGHDAD :"),
        ("and/or", "and / or"),
        ("$5.5m", "$ 5.5 m"),
        ("5%", "5 %"),
        ("10am", "10 am"),
        ("25-30km", "25 - 30 km"),
        ("“no”—yes", "“ no ” — yes"),
        ("(ISIS)", "( ISIS )"),
        ("what?!", "what ?!"),
        ("Idlib.", "Idlib ."),
        ("[Front]", "[ Front ]"),
    ],
)
def test_tokens(nlp: Language, text: str, tokens: str) -> None:
    assert " ".join(t.text for t in nlp(text)) == tokens


@settings(deadline=None)
@given(st.text(max_size=60))
def test_no_character_is_lost(text: str) -> None:
    blank = _cached()
    doc = blank(text)
    assert doc.text == text


def _cached() -> Language:
    if not _CACHE:
        blank = spacy.blank("en")
        blank.tokenizer = build(blank)
        _CACHE.append(blank)
    return _CACHE[0]


_CACHE: list[Language] = []
