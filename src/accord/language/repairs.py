"""Mends mistakes that a parser makes time and again in the prose of news agencies.

Each repair looks for one impossible or very unlikely configuration and puts the reading in its
place that the order of words allows. It works on plain lists, before a
:class:`~accord.language.syntax.Tree` is built of them; tokens are their indices.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

_NOUNS = frozenset({"NOUN", "PROPN", "PRON", "NUM"})
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_OPENING = frozenset({"ADP", "SCONJ"})
_PARTICLES = frozenset({"over", "out", "up", "down", "back", "off", "in", "on", "away"})
#: "Threatened to march on", "vowed to attack with": the verb before "to", and what comes after.
_WANTING = frozenset(
    {"threatened", "threatens", "threaten", "threatening", "vowed", "vows", "vow", "vowing"}
    | {"pledged", "pledges", "refused", "refuses", "refusing", "continued", "continues"}
)
_AGAINST = frozenset({"on", "against", "with", "into", "towards", "toward", "through", "at", "in"})
_SPANS = frozenset({"days", "weeks", "months", "years", "hours", "minutes", "decades"})
_AGO = frozenset({"after", "before", "ago", "later", "earlier"})
_ROUGHLY = frozenset({"about", "around", "over", "under", "nearly", "almost", "roughly"})
_SHARES = frozenset(
    {"quarter", "third", "half", "fifth", "percent", "dozen", "hundred", "thousand"}
)
_HAVE = frozenset({"have", "has", "had", "'ve", "’ve", "having"})
#: Between "has" and its participle stand at most so many adverbs and commas.
_NEAR = 5
#: Behind a fronted phrase the subject's coordination has at most so many tokens.
_FRONTED = 30
#: A clause has at most so many tokens between its ends.
_CLAUSE = 60


@dataclass(slots=True)
class Parse:
    """The parse of a document as lists that the repairs change in place."""

    words: list[str]
    pos: list[str]
    tags: list[str]
    deps: list[str]
    heads: list[int]
    starts: frozenset[int]
    verbs: frozenset[str]
    states: frozenset[int] = frozenset()
    control: frozenset[str] = frozenset()
    accusing: frozenset[str] = frozenset()
    calling: frozenset[str] = frozenset()

    def hang(self, i: int, head: int, dep: str) -> None:
        """Hang a token on another one, unless that would close a circle."""
        at, steps = head, 0
        while self.heads[at] != at and steps < len(self.heads):
            if at == i:
                return
            at = self.heads[at]
            steps += 1
        if at != i:
            self.heads[i], self.deps[i] = head, dep

    def swap(self, lower: int, dep: str) -> None:
        """Put a token in the place of its head, which hangs on it with the label given."""
        upper = self.heads[lower]
        root = self.heads[upper] == upper
        self.heads[lower] = lower if root else self.heads[upper]
        self.deps[lower] = self.deps[upper]
        self.heads[upper], self.deps[upper] = lower, dep

    def below(self, head: int, low: int, high: int) -> list[int]:
        """Return the children of a token between two positions (end exclusive)."""
        low, high = max(low, 0), min(high, len(self.words))
        return [k for k in range(low, high) if self.heads[k] == head and k != head]


def mend(parse: Parse) -> None:
    """Apply all repairs, in an order in which each can build on those before."""
    for i in range(len(parse.words)):
        _base_form(parse, i)
        _participle(parse, i)
        _gerund(parse, i)
    for start, end in _sentences(parse.starts, len(parse.words)):
        _joined(parse, start, end)
        _fronted(parse, start, end)
        for i in range(start, end):
            _governed(parse, i)
            _beyond(parse, i)
            _noun_phrases(parse, i)
            _called(parse, i, end)
            _reported(parse, i, start, end)
            _together(parse, i)
            _between(parse, i, end)
            _span_of_time(parse, i)
            _about(parse, i)
            _aside(parse, i)
            _loyal(parse, i, end)


def _sentences(starts: Iterable[int], size: int) -> list[tuple[int, int]]:
    found = sorted(starts)
    return list(zip(found, [*found[1:], size][: len(found)], strict=True))


def _base_form(parse: Parse, i: int) -> None:
    """A noun that "to" opens and an object follows is a verb: "obliges X to hand over the town"."""
    if parse.pos[i] not in ("NOUN", "PROPN") or i < 2 or parse.words[i - 1] != "to":
        return
    if parse.tags[i] == "VB":
        parse.pos[i] = "VERB"
        return
    wanted = parse.words[i - 2] in _WANTING and parse.words[i + 1 : i + 2] != []
    wanted = wanted and parse.words[i + 1] in _AGAINST
    verb = parse.tags[i] == "NN" and parse.words[i] in parse.verbs
    if not (verb or wanted) or i + 1 >= len(parse.words):
        return
    following = i + 2 if parse.words[i + 1] in _PARTICLES else i + 1
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


def _participle(parse: Parse, i: int) -> None:
    """A verb "have" with a participle for a clause is its auxiliary: "has, meanwhile, sent"."""
    if parse.tags[i] != "VBN" or parse.deps[i] not in ("ccomp", "xcomp", "parataxis"):
        return
    head = parse.heads[i]
    if not 0 < i - head <= _NEAR or parse.words[head] not in _HAVE:
        return
    if any(parse.pos[k] in _NOUNS for k in range(head + 1, i)):
        return
    parse.swap(i, "aux")
    parse.pos[head] = "AUX"
    for k in parse.below(head, head - _FRONTED, i + _FRONTED):
        parse.hang(k, i, parse.deps[k])


def _gerund(parse: Parse, i: int) -> None:
    """A gerund right before a finite verb, without a subject, is it: "Shelling continued"."""
    if parse.tags[i] != "VBG" or i + 1 >= len(parse.words):
        return
    opens = i in parse.starts or parse.words[i - 1] in ("heavy", "fierce", "more", "as", "\n")
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


def _joined(parse: Parse, start: int, end: int) -> None:
    """A sentence does not end between a verb and its object: "pressed | Israel to let aid in"."""
    if start == 0 or parse.pos[start - 1] not in ("ADJ", "DET", "VERB", "ADP", "CCONJ"):
        return
    if parse.pos[start] not in _NOUNS:
        return
    roots = [k for k in range(start, min(end, start + _NEAR)) if parse.heads[k] == k]
    low = max(0, start - _FRONTED)
    verbs = [k for k in range(low, start) if parse.heads[k] == k and parse.pos[k] == "VERB"]
    if not roots or not verbs or parse.pos[roots[0]] not in _NOUNS:
        return
    if any(parse.deps[k] == "obj" for k in parse.below(verbs[-1], verbs[-1], start)):
        return
    parse.hang(roots[0], verbs[-1], "obj")


def _fronted(parse: Parse, start: int, end: int) -> None:
    """ "Under a deal brokered by Q, X and Y agreed": what follows the comma is the subject."""
    if parse.pos[start] not in _OPENING and parse.words[start] != "according":
        return
    verbs = [
        k
        for k in range(start, min(end, start + _FRONTED))
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
        if not chain or parse.pos[verb - 1] not in _NOUNS:
            continue
        parse.hang(chain[0], verb, "nsubj")
        for k in chain[1:]:
            parse.hang(k, chain[0], "conj")
        return


def _governed(parse: Parse, i: int) -> None:
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


def _noun_phrases(parse: Parse, i: int) -> None:
    """An object with a preposition is none; an "it" without a clause to come stands for a thing."""
    if parse.deps[i] == "obj":
        below = parse.below(i, i - _NEAR, i)
        if any(parse.deps[k] == "case" and parse.words[k] != "'s" for k in below):
            parse.deps[i] = "obl"
    elif parse.deps[i] == "expl" and parse.words[i] == "it":
        head = parse.heads[i]
        below = parse.below(head, i, head + _CLAUSE)
        if not any(parse.deps[k] in ("csubj", "ccomp", "nsubj", "csubj:pass") for k in below):
            parse.deps[i] = "nsubj"


def _beyond(parse: Parse, i: int) -> None:
    """ "X, which backs Y, and Z agreed": behind the comma Z stands beside X, and not beside Y."""
    if parse.deps[i] not in ("acl:relcl", "acl") or parse.heads[i] > i:
        return
    noun = parse.heads[i]
    if not parse.deps[noun].startswith("nsubj") or parse.words[noun + 1] != ",":
        return
    verb = parse.heads[noun]
    for k in range(i + 1, min(verb, i + _FRONTED)):
        if parse.deps[k] == "conj" and parse.pos[k] in _NOUNS and i <= parse.heads[k] < k:
            opens = [c for c in parse.below(k, parse.heads[k], k) if parse.words[c] == "and"]
            if opens and parse.words[opens[0] - 1] == ",":
                parse.hang(k, noun, "conj")
                return


def _called(parse: Parse, i: int, end: int) -> None:
    """ "called the raid a breach": of two objects the second is what the first is said to be."""
    if parse.words[i] not in parse.calling or parse.pos[i] != "VERB":
        return
    objects = [k for k in parse.below(i, i, min(end, i + _CLAUSE)) if parse.deps[k] == "obj"]
    if len(objects) == 2:
        parse.deps[objects[1]] = "xcomp"


def _reported(parse: Parse, i: int, start: int, end: int) -> None:
    """ "Tanks rolled into the city, witnesses said": a clause that was taken for a modifier."""
    if parse.tags[i] not in ("VBN", "VBD") or parse.deps[i] not in ("acl", "acl:relcl"):
        return
    noun = parse.heads[i]
    verb = parse.heads[noun]
    if parse.deps[noun] != "nsubj" or not start <= noun < i < verb < end:
        return
    low = max(start, verb - _CLAUSE)
    subjects = [k for k in parse.below(verb, low, verb) if parse.deps[k] == "nsubj"]
    if len(subjects) < 2 or subjects[0] != noun or subjects[-1] < i:
        return
    if any(parse.words[k] in ("who", "which", "that", "by") for k in parse.below(i, noun, verb)):
        return
    parse.hang(i, verb, "ccomp")
    parse.hang(noun, i, "nsubj")
    parse.tags[i] = "VBD"


def _together(parse: Parse, i: int) -> None:
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


def _between(parse: Parse, i: int, end: int) -> None:
    """ "Talks between X and Y resumed": "between" wants two, so the second is no other subject."""
    if parse.words[i] != "between":
        return
    first = parse.heads[i]
    if first < i or parse.deps[first] not in ("nmod", "obl"):
        return
    governor = parse.heads[first]
    if any(parse.deps[k] == "conj" for k in parse.below(first, first, end)):
        return
    for k in parse.below(governor, first + 1, min(end, first + _FRONTED)):
        if parse.deps[k] == "conj" and parse.pos[k] in _NOUNS and k > governor:
            opens = [w for w in parse.below(k, first, k) if parse.words[w] == "and"]
            if opens:
                parse.hang(k, first, "conj")
                return


def _span_of_time(parse: Parse, i: int) -> None:
    """ "Stayed in Tigray months after the deal": a place, and how long after."""
    if parse.words[i] not in _SPANS or i < 2 or parse.words[i + 1 : i + 2] == []:
        return
    place = i - 1
    if parse.words[i + 1] not in _AGO or parse.pos[place] != "PROPN" or parse.heads[place] != i:
        return
    cases = [k for k in parse.below(i, i - 6, i) if parse.deps[k] == "case"]
    if cases:
        parse.hang(place, parse.heads[i], "obl")
        for k in parse.below(i, cases[0], place):
            parse.hang(k, place, parse.deps[k])


def _about(parse: Parse, i: int) -> None:
    """ "Control about a quarter of the land": "about" says how much, and is no preposition."""
    if parse.words[i] not in _ROUGHLY or i == 0 or parse.pos[i - 1] != "VERB":
        return
    noun = parse.heads[i]
    if not 0 < noun - i <= 3 or parse.deps[noun] != "obl" or parse.heads[noun] != i - 1:
        return
    if parse.words[noun] in _SHARES or parse.pos[i + 1] == "NUM":
        parse.deps[noun], parse.deps[i] = "obj", "advmod"


def _aside(parse: Parse, i: int) -> None:
    """ "Under the accord, signed by X, troops left": the participle is the accord's."""
    if parse.tags[i] != "VBN" or parse.deps[i] not in ("acl", "advcl") or i < 2:
        return
    if parse.words[i - 1] != "," or parse.pos[i - 2] not in _NOUNS or parse.heads[i] < i:
        return
    parse.hang(i, i - 2, "acl")


def _loyal(parse: Parse, i: int, end: int) -> None:
    """ "Forces loyal to X attacked Y": an adjective without a copula is no predicate."""
    if parse.pos[i] != "ADJ" or parse.heads[i] != i:
        return
    end = min(end, i + _CLAUSE)
    below = parse.below(i, i - _FRONTED, end)
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
