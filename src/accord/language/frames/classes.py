"""The classes of arguments that frames name: a party, somebody armed, a duty, a place."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from accord.language.actors.party import Party, side_of
from accord.language.places.zones import Zones
from accord.language.wordlists import word_lists

if TYPE_CHECKING:
    from accord.language.frames.arguments import Arguments

_MODAL = frozenset({"will", "would", "can", "could", "may", "might", "shall", "'ll", "’ll"})
_ARMED = frozenset({"Government", "ArmedForces", "ArmedGroup"})
#: A quantity stands at most so many tokens behind the noun that it measures.
_MEASURE = 16


class Classes:
    """Says of which classes the arguments of one document's predicates are."""

    def __init__(self, arguments: Arguments) -> None:
        self.arguments, self.tree = arguments, arguments.tree
        self.zones = Zones(self.tree, arguments.places, arguments.quantities)
        self.things = {key: frozenset(words) for key, words in word_lists("things").items()}
        self.counted = {t for q in arguments.quantities for t in range(q.start, q.end)}

    def is_a(self, kind: str, tokens: list[int]) -> bool:
        """Whether an argument's fillers are of a class that frames name."""
        if kind == "any":
            return bool(tokens)
        if kind == "parties":
            return self._several(tokens)
        if kind == "one":
            return len(self._sides(tokens)) == 1 and not self._several(tokens)
        return any(self.token_is(kind, k) for k in tokens)

    def token_is(self, kind: str, k: int) -> bool:
        """Whether one filler is of a class."""
        if kind in self.things:
            if kind == "agreements":
                return self._agreement(k)
            if kind == "meetings" and self._for_the_press(k):
                return False
            return self.tree.lemmas[k] in self.things[kind] and self.tree.pos[k] != "PRON"
        return _TESTS[kind](self, k)

    def _for_the_press(self, k: int) -> bool:
        """Whether it is a news conference or an interview, which no two sides hold."""
        around = self.tree.children(k, "compound", "amod")
        return any(self.tree.lemmas[c] in self.things["audiences"] for c in around)

    def _agreement(self, k: int) -> bool:
        """Whether it is an agreement, or the "it" that one was named before."""
        accords, tree = self.arguments.accords, self.tree
        if self.tree.words[k] != "it" or tree.tags[k] != "PRP":
            return accords.at(k) is not None or self._part_of_agreement(k)
        sentence = tree.doc[k].sent
        before = tree.doc[sentence.start - 1].sent.start if sentence.start else 0
        nouns = [
            i
            for i in range(before, k)
            if tree.tags[i] in ("NN", "NNP")
            and tree.deps[i] in ("nsubj", "nsubj:pass", "obj", "root")
            and not any(p.acts for p in self.arguments.parties.resolve(i))
        ]
        return bool(nouns) and accords.at(nouns[-1]) is not None

    def _part_of_agreement(self, k: int) -> bool:
        """Whether it is "the terms of the truce", "the deal's first phase"."""
        tree = self.tree
        if tree.lemmas[k] not in self.things["accord_parts"]:
            return False
        wholes = [c for p, c in tree.obliques(k) if p in ("of", "in", "under")]
        wholes += tree.children(k, "compound", "nmod:poss")
        return any(self.arguments.accords.at(c) is not None for c in wholes)

    def _sides(self, tokens: list[int]) -> set[str]:
        return {p.side for k in tokens for p in self.arguments.who(k) if p.acts}

    def _several(self, tokens: list[int]) -> bool:
        """Whether it is two parties or more: named, coordinated, or "both sides"."""
        tags = self.tree.tags
        sides = self._sides(tokens)
        coordinated = len(tokens) > 1 and any(tags[k] in ("NNS", "NNPS", "PRP") for k in tokens)
        return (
            len(sides) > 1
            or (bool(sides) and coordinated)
            or any(
                tags[k] == "NNS" and self.tree.lemmas[k] in self.arguments.actors["pair"]
                for k in tokens
            )
        )

    # -- one token -----------------------------------------------------------------------------

    def _party(self, k: int) -> bool:
        return any(p.acts for p in self.arguments.who(k))

    def _noun(self, k: int) -> bool:
        return self.tree.pos[k] != "PRON" and self._party(k)

    def _owned(self, k: int) -> bool:
        return any(p.acts for p in [*self.arguments.who(k), *self.arguments.parties.owners(k)])

    def _known(self, k: int) -> bool:
        return any(p.acts and p.known for p in self.arguments.who(k))

    def _armed(self, k: int) -> bool:
        return self.tree.lemmas[k] in self.arguments.armed_nouns or any(
            p.kind in _ARMED
            or (p.person and self._commands(k, p))
            or (p.kind == "Group" and self._fight(p.label))
            for p in self.arguments.who(k)
        )

    def _fight(self, label: str) -> bool:
        """Whether people without a name are called fighters: whom "they" may mean."""
        words = {word.removesuffix("s") for word in label.casefold().split()}
        return bool(words & (self.arguments.actors["forces"] | self.arguments.fighters))

    def _own(self, k: int) -> bool:
        """Whether a clause is about what the subject of the verb above it does itself."""
        above = self.arguments.tree.heads[k]
        doing = {p.side for p in self._parties(self.tree.agents(k)) if p.acts}
        saying = {p.side for p in self._parties(self.tree.agents(above)) if p.acts}
        return bool(doing & saying)

    def _parties(self, tokens: list[int]) -> list[Party]:
        return [p for t in tokens for p in self.arguments.who(t)]

    def _commands(self, k: int, person: Party) -> bool:
        """Whether somebody stands for those who fight: a general, a warlord, but no minister."""
        titles = self.tree.children(k, "compound", "nmod", "nmod:desc", "flat", "amod")
        if any(self.tree.lemmas[title] in self.arguments.armed_nouns for title in titles):
            return True
        side = side_of(person, self.arguments.parties.vocabulary)
        return side.kind in ("ArmedForces", "ArmedGroup")

    def _troops(self, k: int) -> bool:
        """Whether it is fighters or their vehicles, and not the state that sends them."""
        if self.tree.lemmas[k] in self.things["troops"]:
            return True
        kinds = {p.kind for p in self.arguments.who(k)}
        return bool(kinds & {"ArmedForces", "ArmedGroup"})

    def _country(self, k: int) -> bool:
        return any(p.kind == "Government" for p in self.arguments.who(k))

    def _subjunctive(self, k: int) -> bool:
        """Whether it is "that it be lifted": a bare form behind a that."""
        tree = self.tree
        if "that" not in tree.marks(k) or tree.auxiliaries(k) & {"will", "would", "must", "should"}:
            return False
        bare = any(tree.words[c] == "be" for c in tree.children(k, "aux:pass", "cop", "aux"))
        return bare or tree.tags[k] == "VB"

    def _place(self, k: int) -> bool:
        return self.arguments.places.at(k) is not None

    def _special(self, k: int) -> bool:
        return self.arguments.places.is_special(k)

    def _laid_out(self, k: int) -> bool:
        return self.zones.is_laid_out(k)

    def _sized(self, k: int) -> bool:
        return self.zones.is_sized(k)

    def _measured(self, k: int) -> bool:
        return self.zones.is_measured(k)

    def _duty(self, k: int) -> bool:
        return self.tree.lemmas[k] in self.arguments.owed

    def _part(self, k: int) -> bool:
        head = self.tree.heads[k]
        part = self.arguments.grammar["part"]
        return self.tree.lemmas[head] in part and self.tree.preposition(k) == "of"

    def _quantity(self, k: int) -> bool:
        end = min(k + _MEASURE, len(self.tree.words))
        return any(t in self.counted for t in range(k, end))

    def _number(self, k: int) -> bool:
        """Whether it is a number without its noun: "more than 330,000 were killed"."""
        return self.tree.pos[k] == "NUM" and k in self.counted

    def _indefinite(self, k: int) -> bool:
        return any(self.tree.words[c] in ("a", "an") for c in self.tree.children(k, "det"))

    def _dating(self, k: int) -> bool:
        """Whether a clause only says when: "thousands were killed since the war broke out"."""
        return self.tree.deps[k] == "advcl" and "since" in self.tree.marks(k)

    def _negated(self, k: int) -> bool:
        return self.tree.negated(k)

    def _future(self, k: int) -> bool:
        return bool(self.tree.auxiliaries(k) & {"will", "would", "shall", "'ll", "’ll"})

    def _predicate(self, k: int) -> bool:
        near = range(max(0, self.tree.left[k] - 3), k)
        bears = bool(self.arguments.fillers(k, "bearer"))
        return bears or any(self.tree.lemmas[j] == "be" for j in near)

    def _infinitive(self, k: int) -> bool:
        if self.tree.is_infinitive(k):
            return True
        # "warned that prices will rise" asks nobody to raise them.
        return self.tree.tags[k] == "VB" and not self.tree.auxiliaries(k) & _MODAL

    def _clause(self, k: int) -> bool:
        return self.tree.pos[k] in ("VERB", "AUX") or bool(self.tree.children(k, "cop", "nsubj"))

    def _inside(self, k: int) -> bool:
        """Whether it is "in force", "in effect"."""
        return self.tree.preposition(k) in ("in", "into")

    def _passive(self, k: int) -> bool:
        return self.tree.is_passive(k)

    def _bidden(self, k: int) -> bool:
        """Whether a clause says that somebody must: "told them that they had to leave"."""
        tree = self.tree
        if tree.auxiliaries(k) & {"must", "should", "ought"}:
            return True
        behind = tree.children(k, "xcomp") if tree.lemmas[k] in ("have", "need") else []
        return any(tree.is_infinitive(c) for c in behind)

    def _overdue(self, k: int) -> bool:
        return self.tree.preposition(k).split(" ")[-1] in ("behind", "past", "beyond")

    def _stationed(self, k: int) -> bool:
        """Whether it is "there are X in Y", "X are in Y", "X still in Y" as a headline."""
        tree = self.tree
        head = tree.heads[k]
        if tree.deps[k] == "nsubj":
            if any(tree.words[c] == "there" for c in tree.kids[head]):
                return True
            located = tree.preposition(head) in ("in", "inside", "on", "at", "across")
            return located and (tree.pos[head] in ("NOUN", "PROPN"))
        return False

    def _accorded(self, k: int) -> bool:
        """Whether the article names an accord at all."""
        return bool(self.arguments.accords.mentions)

    def _plural(self, k: int) -> bool:
        return self.tree.tags[k] in ("NNS", "NNPS")

    def _singular(self, k: int) -> bool:
        return self.tree.tags[k] in ("NN", "NNP")

    def _located(self, k: int) -> bool:
        """Whether it is a "zone in Idlib", as a name or as a noun with a place."""
        span = self.arguments.parties.names.get(k)
        named = span is not None and " in " in span.text
        inside = self.arguments.fillers(k, "in")
        return named or any(self.arguments.places.at(p) for p in inside)

    def _military(self, k: int) -> bool:
        kinds = {self.tree.lemmas[c] for c in self.tree.children(k, "amod", "compound")}
        if kinds & {"military", "air", "army", "naval"}:
            return True
        owners = self.arguments.fillers(k, "owner") + self.arguments.fillers(k, "for")
        kinds_of = _ARMED if self.tree.lemmas[k] == "base" else _ARMED - {"Government"}
        return any(p.kind in kinds_of for c in owners for p in self.arguments.who(c))


_TESTS: dict[str, Callable[[Classes, int], bool]] = {
    "party": Classes._party,
    "owned": Classes._owned,
    "known": Classes._known,
    "armed": Classes._armed,
    "place": Classes._place,
    "country": Classes._country,
    "troops": Classes._troops,
    "subjunctive": Classes._subjunctive,
    "special": Classes._special,
    "laid-out": Classes._laid_out,
    "sized": Classes._sized,
    "measured": Classes._measured,
    "duty": Classes._duty,
    "part": Classes._part,
    "quantity": Classes._quantity,
    "number": Classes._number,
    "indefinite": Classes._indefinite,
    "dating": Classes._dating,
    "negated": Classes._negated,
    "future": Classes._future,
    "predicate": Classes._predicate,
    "infinitive": Classes._infinitive,
    "clause": Classes._clause,
    "inside": Classes._inside,
    "passive": Classes._passive,
    "bidden": Classes._bidden,
    "noun": Classes._noun,
    "overdue": Classes._overdue,
    "stationed": Classes._stationed,
    "accorded": Classes._accorded,
    "plural": Classes._plural,
    "singular": Classes._singular,
    "located": Classes._located,
    "military": Classes._military,
    "own": Classes._own,
}
