"""Clauses that hang on the wrong word, and subjects and predicates that were mistaken."""

from __future__ import annotations

from accord.language.syntax.parse import CLAUSE, FRONTED, NOUNS, Parse

#: What opens a fronted phrase or clause.
_OPENING = frozenset({"ADP", "SCONJ"})
#: At most so many adverbs, commas and determiners stand between two words that belong together.
_NEAR = 5


def joined(parse: Parse, start: int, end: int) -> None:
    """A sentence does not end between a verb and its object: "pressed | Israel to let aid in"."""
    if start == 0 or parse.pos[start - 1] not in ("ADJ", "DET", "VERB", "ADP", "CCONJ"):
        return
    if parse.pos[start] not in NOUNS:
        return
    roots = [k for k in range(start, min(end, start + _NEAR)) if parse.heads[k] == k]
    low = max(0, start - FRONTED)
    verbs = [k for k in range(low, start) if parse.heads[k] == k and parse.pos[k] == "VERB"]
    if not roots or not verbs or parse.pos[roots[0]] not in NOUNS:
        return
    if any(parse.deps[k] == "obj" for k in parse.below(verbs[-1], verbs[-1], start)):
        return
    parse.hang(roots[0], verbs[-1], "obj")


def fronted(parse: Parse, start: int, end: int) -> None:
    """ "Under a deal brokered by Q, X and Y agreed": what follows the comma is the subject."""
    if parse.pos[start] not in _OPENING and parse.words[start] != "according":
        return
    verbs = [
        k
        for k in range(start, min(end, start + FRONTED))
        if parse.tags[k] in ("VBD", "VBZ", "VBP")
        and parse.pos[k] == "VERB"
        and (parse.heads[k] == k or parse.deps[k] in ("ccomp", "parataxis"))
    ]
    if not verbs:
        return
    verb = verbs[0]
    children = parse.below(verb, start, end)
    if any(parse.deps[k].startswith(("nsubj", "csubj", "expl")) for k in children):
        return
    commas = [k for k in range(start, verb) if parse.words[k] == ","]
    names = [k for k in range(start, verb) if parse.deps[k] == "conj"]
    for comma in commas:
        chain = [k for k in names if k > comma and parse.heads[k] < comma]
        if not chain or parse.pos[verb - 1] not in NOUNS:
            continue
        parse.hang(chain[0], verb, "nsubj")
        for k in chain[1:]:
            parse.hang(k, chain[0], "conj")
        return


def governed(parse: Parse, i: int) -> None:
    """A clause that was taken for a modifier of a noun belongs to the verb that governs both.

    So "obliges both sides to withdraw", "accused X and Y of breaking it", "of failing to disarm".
    """
    if parse.pos[i] not in ("VERB", "AUX") or i < 2:
        return
    before = i - 1
    if parse.words[before] == "to" and parse.tags[i] == "VB" and parse.pos[i - 2] == "VERB":
        if parse.deps[i] in ("xcomp", "ccomp", "advcl", "acl") and parse.heads[i] != i - 2:
            parse.hang(i, i - 2, "xcomp")
        return
    if parse.deps[i] != "acl":
        return
    noun = parse.heads[i]
    top = parse.heads[noun] if parse.deps[noun] == "conj" else noun
    verb = parse.heads[top]
    if parse.deps[top] != "obj" or parse.pos[verb] != "VERB" or not verb < top < i:
        return
    marks = {parse.words[k] for k in parse.below(i, top, i)}
    infinitive = "to" in marks and parse.words[verb] in parse.control
    if infinitive or (marks & {"of", "for"} and parse.words[verb] in parse.accusing):
        parse.hang(i, verb, "xcomp" if infinitive else "advcl")


def beyond(parse: Parse, i: int) -> None:
    """ "X, which backs Y, and Z agreed": behind the comma Z stands beside X, and not beside Y."""
    if parse.deps[i] not in ("acl:relcl", "acl") or parse.heads[i] > i:
        return
    noun = parse.heads[i]
    if not parse.deps[noun].startswith("nsubj") or parse.words[noun + 1] != ",":
        return
    verb = parse.heads[noun]
    for k in range(i + 1, min(verb, i + FRONTED)):
        if parse.deps[k] == "conj" and parse.pos[k] in NOUNS and i <= parse.heads[k] < k:
            opens = [c for c in parse.below(k, parse.heads[k], k) if parse.words[c] == "and"]
            if opens and parse.words[opens[0] - 1] == ",":
                parse.hang(k, noun, "conj")
                return


def headline(parse: Parse, i: int) -> None:
    """In "Iran halts talks" the name before the verb is its subject, and no part of a compound."""
    head = parse.heads[i]
    if (
        parse.deps[i] != "compound"
        or head != i + 1
        or parse.tags[head] not in ("VBZ", "VBD", "VBP")
    ):
        return
    if parse.pos[i] in NOUNS and not any(
        parse.deps[k].startswith("nsubj")
        for k in range(max(0, i - CLAUSE), len(parse.words))
        if parse.heads[k] == head and k < head + CLAUSE
    ):
        parse.deps[i] = "nsubj"


def perfect(parse: Parse, i: int) -> None:
    """In "they had impeded aid" the participle is the verb, and "had" its auxiliary."""
    k = i + 1
    if parse.words[i] not in parse.forms["have"] or parse.tags[i] == "VB" or k >= len(parse.words):
        return
    if parse.deps[k] != "amod" or parse.tags[k] != "VBN" or parse.words[k] not in parse.verbs:
        return
    noun = parse.heads[k]
    if noun <= k or parse.heads[noun] != i or parse.deps[noun] != "obj":
        return
    parse.heads[k] = i
    parse.swap(k, "aux")
    parse.pos[k] = "VERB"
    for child in range(len(parse.words)):
        if parse.heads[child] == i and child != i:
            parse.heads[child] = k


def called(parse: Parse, i: int, end: int) -> None:
    """ "called the raid a breach": of two objects the second is what the first is said to be."""
    if parse.words[i] not in parse.calling or parse.pos[i] != "VERB":
        return
    objects = [k for k in parse.below(i, i, min(end, i + CLAUSE)) if parse.deps[k] == "obj"]
    if len(objects) == 2:
        parse.deps[objects[1]] = "xcomp"


def reported(parse: Parse, i: int, start: int, end: int) -> None:
    """ "Tanks rolled into the city, witnesses said": a clause that was taken for a modifier."""
    if parse.tags[i] not in ("VBN", "VBD") or parse.deps[i] not in ("acl", "acl:relcl"):
        return
    noun = parse.heads[i]
    verb = parse.heads[noun]
    if parse.deps[noun] != "nsubj" or not start <= noun < i < verb < end:
        return
    low = max(start, verb - CLAUSE)
    subjects = [k for k in parse.below(verb, low, verb) if parse.deps[k] == "nsubj"]
    if len(subjects) < 2 or subjects[0] != noun or subjects[-1] < i:
        return
    if any(parse.words[k] in ("who", "which", "that", "by") for k in parse.below(i, noun, verb)):
        return
    parse.hang(i, verb, "ccomp")
    parse.hang(noun, i, "nsubj")
    parse.tags[i] = "VBD"


def aside(parse: Parse, i: int) -> None:
    """ "Under the accord, signed by X, troops left": the participle is the accord's."""
    if parse.tags[i] != "VBN" or parse.deps[i] not in ("acl", "advcl") or i < 2:
        return
    if parse.words[i - 1] != "," or parse.pos[i - 2] not in NOUNS or parse.heads[i] < i:
        return
    parse.hang(i, i - 2, "acl")


def loyal(parse: Parse, i: int, end: int) -> None:
    """ "Forces loyal to X attacked Y": an adjective without a copula is no predicate."""
    if parse.pos[i] != "ADJ" or parse.heads[i] != i:
        return
    end = min(end, i + CLAUSE)
    below = parse.below(i, i - FRONTED, end)
    if any(parse.deps[k] in ("cop", "aux") for k in below):
        return
    subjects = [k for k in below if parse.deps[k] == "nsubj" and k < i]
    for noun in subjects[-1:]:
        for verb in parse.below(noun, i, end):
            if parse.deps[verb] in ("acl", "acl:relcl") and parse.tags[verb] == "VBD":
                parse.heads[verb], parse.deps[verb] = verb, "root"
                parse.heads[noun], parse.deps[noun] = verb, "nsubj"
                parse.heads[i], parse.deps[i] = noun, "amod"
                return
