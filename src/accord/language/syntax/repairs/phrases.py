"""Noun phrases that hang on the wrong word, or were given another part than they play."""

from __future__ import annotations

from accord.language.syntax.parse import CLAUSE, FRONTED, NOUNS, Parse

#: At most so many adverbs, commas and determiners stand between two words that belong together.
_NEAR = 5


def noun_phrases(parse: Parse, i: int) -> None:
    """An object with a preposition is none; an "it" without a clause to come stands for a thing."""
    if parse.deps[i] == "obj":
        below = parse.below(i, i - _NEAR, i)
        if any(parse.deps[k] == "case" and parse.words[k] != "'s" for k in below):
            parse.deps[i] = "obl"
    elif parse.deps[i] == "expl" and parse.words[i] == "it":
        head = parse.heads[i]
        below = parse.below(head, i, head + CLAUSE)
        if not any(parse.deps[k] in ("csubj", "ccomp", "nsubj", "csubj:pass") for k in below):
            parse.deps[i] = "nsubj"


def together(parse: Parse, i: int) -> None:
    """ "Mali and Tuareg rebels": a state beside fighters, and not two kinds of fighters."""
    if parse.tags[i] != "NNS" or i < 3 or parse.pos[i - 1] not in ("PROPN", "ADJ"):
        return
    kind = i - 1
    state = parse.heads[kind]
    if state not in parse.states or parse.deps[kind] != "conj" or not state < kind:
        return
    if not any(parse.words[k] == "and" for k in range(state + 1, kind)):
        return
    if parse.heads[state] == i and parse.tags[state] in ("NNP", "NNPS"):
        head, dep = parse.heads[i], parse.deps[i]
        parse.heads[state] = state if head == i else head
        parse.deps[state] = dep
        for k in range(state + 1, kind):
            if parse.words[k] == "and":
                parse.hang(k, i, "cc")
        for k in parse.below(i, 0, state):
            parse.hang(k, state, parse.deps[k])
        parse.heads[i], parse.deps[i] = state, "conj"
    elif parse.heads[i] != state or parse.deps[i] != "conj":
        return
    parse.heads[kind], parse.deps[kind] = i, "compound"


def between(parse: Parse, i: int, end: int) -> None:
    """ "Talks between X and Y resumed": "between" wants two, so the second is no other subject."""
    if parse.words[i] != "between":
        return
    first = parse.heads[i]
    if first < i or parse.deps[first] not in ("nmod", "obl"):
        return
    governor = parse.heads[first]
    if any(parse.deps[k] == "conj" for k in parse.below(first, first, end)):
        return
    for k in parse.below(governor, first + 1, min(end, first + FRONTED)):
        if parse.deps[k] == "conj" and parse.pos[k] in NOUNS and k > governor:
            opens = [w for w in parse.below(k, first, k) if parse.words[w] == "and"]
            if opens:
                parse.hang(k, first, "conj")
                return


def span_of_time(parse: Parse, i: int) -> None:
    """ "Stayed in Tigray months after the deal": a place, and how long after."""
    if parse.words[i] not in parse.forms["spans"] or i < 2 or parse.words[i + 1 : i + 2] == []:
        return
    place = i - 1
    if (
        parse.words[i + 1] not in parse.forms["ago"]
        or parse.pos[place] != "PROPN"
        or parse.heads[place] != i
    ):
        return
    cases = [k for k in parse.below(i, i - 6, i) if parse.deps[k] == "case"]
    if cases:
        parse.hang(place, parse.heads[i], "obl")
        for k in parse.below(i, cases[0], place):
            parse.hang(k, place, parse.deps[k])


def about(parse: Parse, i: int) -> None:
    """ "Control about a quarter of the land": "about" says how much, and is no preposition."""
    if parse.words[i] not in parse.forms["roughly"] or i == 0 or parse.pos[i - 1] != "VERB":
        return
    noun = parse.heads[i]
    if not 0 < noun - i <= 3 or parse.deps[noun] != "obl" or parse.heads[noun] != i - 1:
        return
    if parse.words[noun] in parse.forms["shares"] or parse.pos[i + 1] == "NUM":
        parse.deps[noun], parse.deps[i] = "obj", "advmod"
