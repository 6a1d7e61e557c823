"""Other pipelines' labels: a Doc built by hand with those of spaCy's own English models."""

from __future__ import annotations

import spacy
from spacy.tokens import Doc

from accord.language.labels import NEWSWIRE_OF_ONTONOTES, entity_class, is_clear, universal


def build(rows: list[tuple[str, str, str, int, str]]) -> Doc:
    """Build a Doc of (word, lemma, part of speech, head, label)."""
    words, lemmas, pos, heads, deps = (list(column) for column in zip(*rows, strict=True))
    vocab = spacy.blank("en").vocab
    return Doc(vocab, words=words, lemmas=lemmas, pos=pos, heads=heads, deps=deps)


PASSIVE = [
    ("The", "the", "DET", 1, "det"),
    ("deal", "deal", "NOUN", 3, "nsubjpass"),
    ("was", "be", "AUX", 3, "auxpass"),
    ("signed", "sign", "VERB", 3, "ROOT"),
    ("by", "by", "ADP", 3, "agent"),
    ("Turkey", "Turkey", "PROPN", 4, "pobj"),
    ("in", "in", "ADP", 3, "prep"),
    ("the", "the", "DET", 8, "det"),
    ("city", "city", "NOUN", 6, "pobj"),
    ("of", "of", "ADP", 8, "prep"),
    ("Sochi", "Sochi", "PROPN", 9, "pobj"),
    (".", ".", "PUNCT", 3, "punct"),
]


def arc(doc: Doc, word: str) -> tuple[str, str]:
    """Return (label, head) of a word in UD."""
    arcs = universal(doc)
    i = next(token.i for token in doc if token.text == word)
    return arcs.deps[i], doc[arcs.heads[i]].text


def test_a_passive_with_its_agent_and_places() -> None:
    doc = build(PASSIVE)
    assert is_clear(doc)
    assert arc(doc, "deal") == ("nsubj:pass", "signed")
    assert arc(doc, "was") == ("aux:pass", "signed")
    assert arc(doc, "Turkey") == ("obl:agent", "signed")
    assert arc(doc, "by") == ("case", "Turkey")
    assert arc(doc, "city") == ("obl", "signed")
    assert arc(doc, "in") == ("case", "city")
    assert arc(doc, "Sochi") == ("nmod", "city")
    assert arc(doc, "signed") == ("root", "signed")


def test_a_copula_gives_way_to_its_predicate() -> None:
    doc = build(
        [
            ("He", "he", "PRON", 1, "nsubj"),
            ("says", "say", "VERB", 1, "ROOT"),
            ("Ankara", "Ankara", "PROPN", 3, "nsubj"),
            ("is", "be", "AUX", 1, "ccomp"),
            ("not", "not", "PART", 3, "neg"),
            ("responsible", "responsible", "ADJ", 3, "acomp"),
            ("for", "for", "ADP", 5, "prep"),
            ("Idlib", "Idlib", "PROPN", 6, "pobj"),
        ]
    )
    assert arc(doc, "responsible") == ("ccomp", "says")
    assert arc(doc, "is") == ("cop", "responsible")
    assert arc(doc, "Ankara") == ("nsubj", "responsible")
    assert arc(doc, "not") == ("advmod", "responsible")
    assert arc(doc, "Idlib") == ("obl", "responsible")


def test_what_exists_stays_below_be() -> None:
    doc = build(
        [
            ("There", "there", "PRON", 1, "expl"),
            ("are", "be", "VERB", 1, "ROOT"),
            ("bases", "basis", "NOUN", 1, "attr"),
        ]
    )
    assert arc(doc, "bases") == ("nsubj", "are")
    assert arc(doc, "are") == ("root", "are")


def test_conjuncts_hang_on_the_first() -> None:
    doc = build(
        [
            ("Ankara", "Ankara", "PROPN", 5, "nsubj"),
            (",", ",", "PUNCT", 0, "punct"),
            ("Moscow", "Moscow", "PROPN", 0, "conj"),
            ("and", "and", "CCONJ", 2, "cc"),
            ("Tehran", "Tehran", "PROPN", 2, "conj"),
            ("met", "meet", "VERB", 5, "ROOT"),
            ("before", "before", "ADP", 5, "prep"),
            ("signing", "sign", "VERB", 6, "pcomp"),
            ("it", "it", "PRON", 7, "dobj"),
        ]
    )
    assert arc(doc, "Moscow") == ("conj", "Ankara")
    assert arc(doc, "Tehran") == ("conj", "Ankara")
    assert arc(doc, "and") == ("cc", "Tehran")
    assert arc(doc, "signing") == ("advcl", "met")
    assert arc(doc, "before") == ("mark", "signing")
    assert arc(doc, "it") == ("obj", "signing")


def test_prepositions_one_in_the_other() -> None:
    doc = build(
        [
            ("They", "they", "PRON", 1, "nsubj"),
            ("went", "go", "VERB", 1, "ROOT"),
            ("out", "out", "ADP", 1, "prep"),
            ("of", "of", "ADP", 2, "prep"),
            ("Idlib", "Idlib", "PROPN", 3, "pobj"),
        ]
    )
    assert arc(doc, "Idlib") == ("obl", "went")
    assert arc(doc, "out") == ("case", "Idlib")


def test_ud_stays_as_it_is() -> None:
    doc = build(
        [
            ("Turkey", "Turkey", "PROPN", 1, "nsubj"),
            ("signed", "sign", "VERB", 1, "ROOT"),
            ("it", "it", "PRON", 1, "obj"),
        ]
    )
    assert not is_clear(doc)
    assert universal(doc).deps == ["nsubj", "root", "obj"]
    assert universal(doc).heads == [1, 1, 1]


def test_every_result_is_a_tree() -> None:
    doc = build(PASSIVE)
    arcs = universal(doc)
    for i in range(len(doc)):
        seen = set()
        while arcs.heads[i] != i:
            assert i not in seen
            seen.add(i)
            i = arcs.heads[i]


def test_classes_of_names() -> None:
    assert entity_class("GPE") == "Location"
    assert entity_class("ORG") == "Organization"
    assert entity_class("LAW") == "Misc"
    assert entity_class("ORDINAL") is None
    assert all(entity_class(name) == name for name in NEWSWIRE_OF_ONTONOTES.values())
