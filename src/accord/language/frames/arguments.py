"""Arguments of predicates, by the names that frames use for them, and the classes they are of."""

from __future__ import annotations

from collections.abc import Callable

from accord.language.accords.resolution import Accords
from accord.language.actors.parties import Parties, Party
from accord.language.frames.classes import Classes
from accord.language.frames.doers import Doers
from accord.language.frames.participants import Participants
from accord.language.frames.reader import PREPOSITIONS
from accord.language.places.named import Places
from accord.language.quantities.counts import Counted
from accord.language.syntax import SUBJECTS, Tree
from accord.language.wordlists import word_sets

_NOUNS = ("NOUN", "PROPN")


class Arguments:
    """Finds and classifies the arguments of one document's predicates."""

    def __init__(
        self,
        tree: Tree,
        parties: Parties,
        places: Places,
        accords: Accords,
        quantities: list[Counted],
        owed: frozenset[str],
    ) -> None:
        self.tree, self.parties, self.places, self.accords = tree, parties, places, accords
        self.owed = owed
        self.actors, self.grammar = word_sets("actors"), word_sets("grammar")
        self.armed_nouns = self.actors["forces"] | self.actors["group"]
        self.fighters = word_sets("coreference")["fighters"]
        self.participants = Participants(tree, parties)
        self.doers = Doers(self.participants)
        self.quantities = quantities
        self._found: dict[tuple[int, str], list[int]] = {}
        self.classes = Classes(self)

    def fillers(self, i: int, argument: str) -> list[int]:
        """Return the heads that fill an argument of a predicate, as frames name them.

        :param argument: steps from the predicate, each from what the one before has found:
            "object between" is the between-phrase on the object
        """
        known = self._found.get((i, argument))
        if known is None:
            known = self._found[i, argument] = self._walk(i, argument)
        return list(known)

    def _walk(self, i: int, argument: str) -> list[int]:
        found = [i]
        before = ""
        for step in argument.split(" "):
            tokens = [k for t in found for k in dict.fromkeys((t, self.tree.core(t)))]
            found = list(dict.fromkeys(f for t in tokens for f in self._step(t, step, before)))
            before = step
        if argument in ("self", "prefixed"):
            return found
        return [self.tree.core(k) for k in found if k != i]

    def _step(self, i: int, step: str, before: str) -> list[int]:
        tree = self.tree
        noun = tree.pos[i] in _NOUNS and not self.is_hyphenated(i)
        if before == "complement":
            if step == "subject":
                return [k for c in self._ensured(i) for k in tree.surface_subject(c)]
            if step == "object":
                return self._goal(i)
        if before == "governor":
            return tree.agents(i) if step == "subject" else tree.patients(i)
        if step == "by" and noun:
            return self.doers.by(i)
        if step in PREPOSITIONS:
            found = self.doers.with_preposition(i, step)
            if not found and not noun:
                for k in tree.patients(i):
                    found += self.doers.with_preposition(k, step)
            return found
        if step == "subject":
            if noun and not tree.children(i, "cop"):
                return self.doers.owner(i)
            return self._hyphenated(i) if self.is_hyphenated(i) else tree.agents(i)
        if step == "object":
            if noun:
                return self.doers.with_preposition(i, "of")
            modifying = tree.deps[i] == "amod" and (tree.tags[i] == "VBN" or "-" in tree.words[i])
            if self.is_hyphenated(i) or modifying:
                return [tree.heads[i]]
            return tree.patients(i)
        return _STEPS[step](self, i)

    def _self(self, i: int) -> list[int]:
        return [i]

    def _complement(self, i: int) -> list[int]:
        return self.tree.complement(i)

    def _compound(self, i: int) -> list[int]:
        return self.tree.children(i, "compound", "amod")

    def _route(self, i: int) -> list[int]:
        """Return where somebody goes, from where, or by which way."""
        ways = self.grammar["route"]
        found = [k for p, k in self.tree.obliques(i) if p.split(" ")[-1] in ways]
        return [k for k in found if self.tree.lemmas[k] not in self.grammar["calendar"]]

    def _recipient(self, i: int) -> list[int]:
        """Return to whom something is given: the first of two objects."""
        return self.tree.children(i, "iobj")

    def _nothing(self, i: int) -> list[int]:
        return []

    def _ensured(self, c: int) -> list[int]:
        """Look through "ensure that": what counts is the clause in it."""
        inner = self.tree.children(c, "ccomp") if self.tree.lemmas[c] in ("ensure", "see") else []
        return inner or [c]

    def _goal(self, c: int) -> list[int]:
        """Return what a clause is directed at: its object, or that of a clause in it."""
        found = [
            k for k in self.tree.patients(c) if self.tree.lemmas[k] not in self.grammar["light"]
        ]
        if found:
            return found
        for k in self.tree.kids[c]:
            if self.tree.deps[k] in ("xcomp", "advcl", "acl", "obj") and k > c:
                inner = k if self.tree.deps[k] != "obj" else None
                for e in [inner] if inner else self.tree.children(k, "acl", "xcomp", "advcl"):
                    found += [t for t in self.tree.patients(e) if t not in found]
        return found or [
            k for p, k in self.tree.obliques(c) if p in ("against", "on", "with", "from")
        ]

    def _hyphenated(self, i: int) -> list[int]:
        """Return the agent of "Russia-backed": what stands before the hyphen."""
        k = i - 2
        span = self.parties.names.get(k) or self.parties.demonyms.get(k)
        if span is not None and i not in range(span.start, span.end):
            return [span.root.i if span.root.i in range(span.start, span.end) else k]
        return [k]

    def _antecedent(self, i: int) -> list[int]:
        """Return the noun right before a participle: "the group once affiliated with X"."""
        tree = self.tree
        if tree.tags[i] not in ("VBN", "VBD") or tree.deps[i] != "advcl":
            return []
        if tree.children(i, *SUBJECTS, "aux", "aux:pass"):
            return []
        k = i - 1
        while k > 0 and tree.pos[k] == "ADV":
            k -= 1
        return [k] if k >= 0 and tree.pos[k] in _NOUNS and tree.heads[k] != i else []

    def _bearer(self, i: int) -> list[int]:
        """Return of whom a noun is said: "Russia, its ally", "X is an ally", "rebel-backer X"."""
        tree = self.tree
        if tree.children(i, "cop"):
            return tree.surface_subject(i)
        if tree.deps[i] == "nmod" and tree.words[tree.heads[i]] == "one":
            # "One of its branches" is a branch.
            return self._bearer(tree.heads[i])
        start = tree.left[i]
        while start < i and tree.pos[start] == "PUNCT":
            start += 1
        if (
            start > 1
            and tree.words[start - 1] in (",", "—", "–", "-")
            and start - 2 in self.parties.names
        ):
            # An apposition, whatever the parser took it for: a name, a comma, a noun.
            return [self.parties.names[start - 2].root.i]
        if tree.deps[i] == "appos":
            return [tree.heads[i]]
        if (
            tree.deps[i] in ("xcomp", "obl")
            and tree.lemmas[tree.heads[i]] in self.grammar["called"] | self.grammar["known_as"]
        ):
            return tree.patients(tree.heads[i]) or tree.surface_subject(tree.heads[i])
        if tree.deps[i] in ("obj", "xcomp", "obl") and (
            tree.lemmas[tree.heads[i]] in self.grammar["copular"]
        ):
            return tree.surface_subject(tree.heads[i])
        if tree.deps[i] in ("compound", "nmod", "amod") and tree.heads[i] in self.parties.names:
            return [tree.heads[i]]
        return [k for k in tree.children(i, "appos", "flat") if k in self.parties.names]

    def _governor(self, i: int) -> list[int]:
        """Return the verb that a noun is an argument of."""
        dep = self.tree.deps[i]
        for head in self.tree.climb(i):
            if self.tree.pos[head] == "VERB" or self.tree.children(head, "cop"):
                return [head] if dep in ("obj", "obl", "nsubj:pass", "xcomp", "nsubj") else []
            dep = self.tree.deps[head]
            if dep not in ("obj", "obl", "nmod", "conj", "nsubj", "nsubj:pass"):
                break
        return []

    def is_hyphenated(self, i: int) -> bool:
        """Whether it is the verb of "Russia-backed", whatever the tagger took it for."""
        return (
            i >= 2
            and self.tree.words[i - 1] in ("-", "–", "‑")
            and self.tree.words[i].endswith(("ed", "held", "led", "run"))
            and not self.tree.children(i, "aux", "aux:pass", "obj")
        )

    def who(self, k: int) -> tuple[Party, ...]:
        """Return the parties of an argument, which may be an adjective: "Syrian offensives"."""
        return self.participants.who(k)

    def is_a(self, kind: str, tokens: list[int]) -> bool:
        """Whether an argument's fillers are of a class that frames name."""
        return self.classes.is_a(kind, tokens)


_STEPS: dict[str, Callable[[Arguments, int], list[int]]] = {
    "self": Arguments._self,
    "prefixed": Arguments._self,
    "complement": Arguments._complement,
    "compound": Arguments._compound,
    "governor": Arguments._governor,
    "owner": lambda arguments, i: arguments.doers.owner(i),
    "possessor": lambda arguments, i: arguments.doers.possessor(i),
    "doer": lambda arguments, i: arguments.doers.doer(i),
    "antecedent": Arguments._antecedent,
    "bearer": Arguments._bearer,
    "route": Arguments._route,
    "recipient": Arguments._recipient,
    "committer": lambda arguments, i: arguments.doers.committer(i),
    "actor": Arguments._nothing,
    "target": Arguments._nothing,
    "any": Arguments._nothing,
}
