"""Relevance: whether an article is about conflict or its settlement at all.

It is told from the words alone, before any network reads the text: nineteen in twenty articles of
a general feed of news are about something else, and make no claims.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from spacy.tokens import Doc

from accord.language.accords.names import named, prepare
from accord.language.inflection import forms, noun_forms
from accord.language.known_names import name_readings, words_of
from accord.language.labels import column, text_of
from accord.language.names import fold
from accord.language.wordlists import word_lists, word_sets
from accord.vocabulary import load_vocabulary

#: Words of conflict that an article must have for each so many of its tokens to be about it.
_DENSITY = 100
#: Unless it has so many sure ones, it must have so many different words of violence; a text of so
#: few tokens as a headline has no room for them.
_SURE, _VARIED, _BRIEF = 2, 4, 60
_ARMED = frozenset({"ArmedGroup", "ArmedForces"})


def is_relevant(doc: Doc) -> bool:
    """Tell whether a document is about conflict or its settlement.

    What counts are the words of ``conflict``, ``violence`` and ``settlements`` in
    ``mappings/words/things.yaml``, in any of their forms, the names of armed groups and armies, and
    those of known agreements.

    :param doc: the tokens; nothing else of it is looked at
    """
    strong, weak = _conflict()
    words = column(doc, "LOWER")
    unsure = [weak[word] for word in words if word in weak]
    sure = sum(word in strong for word in words) + _armed(doc) + 2 * _accords(doc, words)
    if sure < _SURE and len(set(unsure)) < _VARIED and len(doc) > _BRIEF:
        return False  # Blasts in a quarry, and a strike over pay, over and over.
    hits = sure + len(unsure) / 2
    return hits >= 1 and hits * _DENSITY >= len(doc)


def _armed(doc: Doc) -> int:
    """Return how often armed groups and armies are named."""
    entities = load_vocabulary().entities
    return sum(
        best.sort != "demonym" and entities[best.iri].kind in _ARMED
        for best, *_ in name_readings(doc)
    )


def _accords(doc: Doc, words: Sequence[str]) -> int:
    """Return how often an agreement is named that is known, or by its name ends a conflict."""
    settlements, nouns, places = _agreements()
    found = len(named(load_vocabulary(), text_of(doc), words_of(doc)))
    found += sum(pair in settlements for pair in pairwise(words))
    if len(doc) <= _BRIEF and not places.isdisjoint(map(fold, words)):
        found += sum(word in nouns for word in words)  # "signed a memorandum on Idlib"
    return found


@cache
def _conflict() -> tuple[frozenset[str], dict[str, str]]:
    """Return the forms of sure words of conflict, and those of unsure ones with their lemmas."""
    things = word_lists("things")
    strong = frozenset(form for word in things["conflict"] for form in forms(word))
    return strong, {form: word for word in things["violence"] for form in forms(word)}


@cache
def _agreements() -> tuple[frozenset[tuple[str, str]], frozenset[str], frozenset[str]]:
    """Return the forms of settlements, those of agreements, and places of known agreements."""
    things, vague = word_lists("things"), word_sets("grammar")["vague_agreements"]
    settlements = frozenset(
        (first, form)
        for first, noun in map(str.split, things["settlements"])
        for form in noun_forms(noun)
    )
    nouns = frozenset(form for noun in {*things["agreements"]} - vague for form in noun_forms(noun))
    return settlements, nouns, frozenset().union(*prepare(load_vocabulary()).keywords.values())
