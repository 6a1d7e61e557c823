"""Words that were taken for another class: infinitives for nouns, gerunds for verbs."""

from __future__ import annotations

from accord.language.syntax.parse import FRONTED, NOUNS, Parse

#: At most so many adverbs, commas and determiners stand between two words that belong together.
_NEAR = 5


def base_form(parse: Parse, i: int) -> None:
    """A noun that "to" opens and an object follows is a verb: "obliges X to hand over the town"."""
    if parse.pos[i] not in ("NOUN", "PROPN") or i < 2 or parse.words[i - 1] != "to":
        return
    if parse.tags[i] == "VB":
        parse.pos[i] = "VERB"
        return
    wanted = parse.words[i - 2] in parse.forms["wanting"] and parse.words[i + 1 : i + 2] != []
    wanted = wanted and parse.words[i + 1] in parse.forms["against"]
    verb = parse.tags[i] == "NN" and parse.words[i] in parse.verbs
    if not (verb or wanted) or i + 1 >= len(parse.words):
        return
    following = i + 2 if parse.words[i + 1] in parse.forms["particles"] else i + 1
    particle = following == i + 2
    plural = not particle and parse.tags[i + 1] == "NNS" and parse.heads[i] == i + 1
    if plural:
        # "to exchange prisoners", taken for a kind of prisoners.
        noun = i + 1
        parse.heads[i], parse.deps[i] = parse.heads[noun], parse.deps[noun]
        parse.heads[noun] = i
    opens = following < len(parse.words) and (
        plural or parse.pos[following] in ("DET", "PROPN", "NUM") or parse.tags[following] == "PRP$"
    )
    if not opens and not wanted and not (particle and following < len(parse.words)):
        return
    head = parse.heads[i]
    parse.pos[i], parse.tags[i] = "VERB", "VB"
    parse.hang(i, head, "xcomp" if parse.pos[head] == "VERB" else "acl")
    parse.hang(i - 1, i, "mark")
    if particle:
        parse.hang(i + 1, i, "compound:prt")
    for k in range(following, min(following + 8, len(parse.words))):
        if parse.pos[k] in ("NOUN", "PROPN") and parse.heads[k] in (i, head):
            parse.hang(k, i, "obj")
            break


def participle(parse: Parse, i: int) -> None:
    """A verb "have" with a participle for a clause is its auxiliary: "has, meanwhile, sent"."""
    if parse.tags[i] != "VBN" or parse.deps[i] not in ("ccomp", "xcomp", "parataxis"):
        return
    head = parse.heads[i]
    if not 0 < i - head <= _NEAR or parse.words[head] not in parse.forms["have"]:
        return
    if any(parse.pos[k] in NOUNS for k in range(head + 1, i)):
        return
    parse.swap(i, "aux")
    parse.pos[head] = "AUX"
    for k in parse.below(head, head - FRONTED, i + FRONTED):
        parse.hang(k, i, parse.deps[k])


def gerund(parse: Parse, i: int) -> None:
    """A gerund right before a finite verb, without a subject, is it: "Shelling continued"."""
    if parse.tags[i] != "VBG" or i + 1 >= len(parse.words):
        return
    opens = i in parse.starts or parse.words[i - 1] in parse.forms["opening"] | {"\n"}
    verb = i + 1
    if not opens or parse.pos[verb] not in ("VERB", "AUX") or parse.tags[verb] == "VBG":
        return
    if parse.pos[verb] == "AUX":
        verb = parse.heads[verb]
    if parse.tags[verb] not in ("VBD", "VBZ", "VBP", "VBN") or verb < i:
        return
    if any(parse.deps[k].startswith("nsubj") for k in parse.below(verb, i, verb + 1) if k != i):
        return
    parse.pos[i], parse.tags[i] = "NOUN", "NN"
    if parse.heads[verb] == i:
        parse.swap(verb, "nsubj")
    else:
        parse.hang(i, verb, "nsubj")
    if parse.tags[verb] == "VBN" and parse.pos[verb - 1] != "AUX":
        parse.tags[verb] = "VBD"
