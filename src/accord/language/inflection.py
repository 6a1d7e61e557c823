"""The forms of the words that frames and word lists use.

A frame must recognise its verbs in every form, whatever a pipeline's lemmatiser makes of them;
so their forms are generated, and win over its lemmas.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from accord.language.frames.reader import load_frames
from accord.language.wordlists import word_lists

_VOWELS = "aeiou"


def verb_forms(verb: str, doubling: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield the regular forms of a verb: it, its -s, -ed and -ing form, in British and American.

    :param verb: the lemma
    :param doubling: verbs of several syllables that double their last letter
    """
    yield verb
    yield _with_s(verb)
    stems = [verb]
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        stems = [verb[:-1]]
    elif verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        yield verb[:-1] + "ied"
        yield verb + "ing"
        return
    elif _doubles(verb) or verb in doubling:
        stems = [verb + verb[-1]]
        if verb in doubling:
            stems.append(verb)
    for stem in stems:
        yield stem + "ed"
        yield stem + "ing"
    if verb.endswith("ie"):
        yield verb[:-2] + "ying"
    if verb.endswith("ee"):
        yield verb + "d"
        yield verb + "ing"


def noun_forms(noun: str) -> Iterator[str]:
    """Yield a noun and its regular plural."""
    yield noun
    yield _with_s(noun)


def forms(word: str) -> frozenset[str]:
    """Return the forms that a word has as a noun and as a verb."""
    found = {*noun_forms(word), *verb_forms(word, _doubling()), *_past().get(word, ())}
    if word.endswith("man"):
        found.add(f"{word[:-3]}men")
    return frozenset(found)


def _with_s(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return word[:-1] + "ies"
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    return word + "s"


def _doubles(verb: str) -> bool:
    """Whether a verb of one syllable ends in one vowel and one consonant that doubles."""
    vowels = [i for i, char in enumerate(verb) if char in _VOWELS]
    return (
        len(vowels) == 1 and vowels[0] == len(verb) - 2 and len(verb) > 2 and verb[-1] not in "wxy"
    )


@cache
def known_forms() -> dict[str, dict[str, str]]:
    """Return for verbs and nouns (``VERB``, ``NOUN``) a table from each form to its lemma."""
    doubling, past = _doubling(), _past()
    tables: dict[str, dict[str, str]] = {"VERB": {}, "NOUN": {}}
    for verb in sorted(_verbs()):
        for form in [*verb_forms(verb, doubling), *past.get(verb, ())]:
            tables["VERB"].setdefault(form, verb)
    for verb, forms in past.items():
        for form in forms:
            tables["VERB"][form] = verb
    for noun in sorted(_nouns()):
        for form in noun_forms(noun):
            tables["NOUN"].setdefault(form, noun)
    return tables


@cache
def _doubling() -> frozenset[str]:
    return frozenset(word_lists("irregular")["doubling"])


@cache
def _past() -> dict[str, list[str]]:
    """Return the irregular forms of verbs."""
    return {words.split()[0]: words.split()[1:] for words in word_lists("irregular")["forms"]}


def _verbs() -> Iterable[str]:
    frames = load_frames()
    found = {words[0] for frame in frames.all for pos, words in frame.triggers if pos == "VERB"}
    for words in word_lists("cues").values():
        found.update(word for word in words if " " not in word)
    grammar = word_lists("grammar")
    for key in ("object_control", "accusing", "called", "light_verbs"):
        found.update(grammar[key])
    operators = word_lists("operators")
    for key in ("failed", "delayed", "expected", "possible", "unreal", "transparent"):
        found.update(operators[key])
    # Only what is plainly a verb: the lists hold nouns and adjectives too.
    return {word for word in found if word.isalpha() and not word.endswith(_NOT_VERBS)}


_NOT_VERBS = ("ness", "tion", "ity", "ing", "able", "al", "ure", "sion")


def _nouns() -> Iterable[str]:
    frames = load_frames()
    found = {words[0] for frame in frames.all for pos, words in frame.triggers if pos == "NOUN"}
    for name in ("things", "actors"):
        for words in word_lists(name).values():
            found.update(word for word in words if word.replace("-", "").isalpha())
    return found
