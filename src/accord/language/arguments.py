"""Arguments of predicates, by the names that frames use for them, and the classes they are of."""

from __future__ import annotations

from accord.language.accords import Accords
from accord.language.frames import PREPOSITIONS
from accord.language.parties import Parties, Party
from accord.language.places import Places
from accord.language.quantities import Counted
from accord.language.syntax import Tree
from accord.language.wordlists import word_lists

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
        self.things = {key: frozenset(words) for key, words in word_lists("things").items()}
        self.actors = {key: frozenset(words) for key, words in word_lists("actors").items()}
        self.grammar = {key: frozenset(words) for key, words in word_lists("grammar").items()}
        self.armed_nouns = self.actors["forces"] | self.actors["group"]
        self.roles = self.armed_nouns | self.actors["government"]
        self.counted = {token for q in quantities for token in range(q.start, q.end)}

    def fillers(self, i: int, argument: str) -> list[int]:
        """Return the heads that fill an argument of a predicate, as frames name them."""
        found = self._fillers(i, argument)
        return found if argument == "self" else [self.tree.core(k) for k in found]

    def _fillers(self, i: int, argument: str) -> list[int]:
        tree = self.tree
        noun = tree.pos[i] in _NOUNS and not self.is_hyphenated(i)
        if argument == "self":
            return [i]
        if argument == "subject":
            if noun and not tree.children(i, "cop"):
                return self._owner(i)
            if self.is_hyphenated(i):
                return self._hyphenated(i)
            return tree.agents(i)
        if argument == "object":
            if noun:
                return self._with_preposition(i, "of")
            if self.is_hyphenated(i) or (tree.deps[i] == "amod" and tree.tags[i] == "VBN"):
                return [tree.heads[i]]
            return tree.patients(i)
        if argument == "owner":
            return self._owner(i)
        if argument == "bearer":
            return self._bearer(i)
        if argument == "compound":
            return tree.children(i, "compound", "amod")
        if argument.startswith("complement"):
            heads = tree.complement(i)
            if argument == "complement subject":
                heads = [e for c in heads for e in self._ensured(c)]
                return list(dict.fromkeys(k for c in heads for k in tree.surface_subject(c)))
            if argument == "complement object":
                return list(dict.fromkeys(k for c in heads for k in self._goal(c)))
            return heads
        if argument.startswith("governor"):
            return self._governor(i, argument == "governor subject")
        if argument.startswith("object "):
            inner = argument.removeprefix("object ")
            if inner == "owner":
                return [k for o in tree.patients(i) for k in self._owner(o)]
            return [k for o in tree.patients(i) for k in self._with_preposition(o, inner)]
        if argument in PREPOSITIONS:
            found = self._with_preposition(i, argument)
            if not found and not noun:
                for k in tree.patients(i):
                    found += self._with_preposition(k, argument)
            return found
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

    def _with_preposition(self, i: int, preposition: str) -> list[int]:
        return [
            k
            for p, k in self.tree.obliques(i)
            if (p == preposition or p.split(" ")[-1] == preposition)
            and self.tree.lemmas[k] not in self.grammar["calendar"]
        ]

    def _owner(self, i: int) -> list[int]:
        found = [c for k in self.tree.children(i, "nmod:poss") for c in self.tree.conjuncts(k)]
        if found:
            return found
        for k in self.tree.children(i, "amod", "compound", "nmod"):
            for c in self.tree.conjuncts(k):
                if self.tree.preposition(c):
                    continue
                adjective = self.parties.modifier(c)
                role = self.tree.lemmas[c] in self.roles
                # "Russian-Turkish patrols": the first of the two hangs on the second.
                pair = self.tree.children(c, "amod", "compound")
                found += [k for k in pair if k in self.parties.demonyms and c > k]
                if any(p.acts for p in adjective) or (self.tree.pos[c] == "NOUN" and role):
                    found.append(c)
        return found

    def _hyphenated(self, i: int) -> list[int]:
        """Return the agent of "Russia-backed": what stands before the hyphen."""
        k = i - 2
        span = self.parties.names.get(k) or self.parties.demonyms.get(k)
        if span is not None:
            return [span.root.i if span.root.i in range(span.start, span.end) else k]
        return [k]

    def _bearer(self, i: int) -> list[int]:
        """Return of whom a noun is said: "Russia, its ally", "X is an ally", "rebel-backer X"."""
        tree = self.tree
        if tree.children(i, "cop"):
            return tree.surface_subject(i)
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
            and tree.lemmas[tree.heads[i]] in self.grammar["called"]
        ):
            return tree.patients(tree.heads[i]) or tree.surface_subject(tree.heads[i])
        if tree.deps[i] in ("compound", "nmod", "amod") and tree.heads[i] in self.parties.names:
            return [tree.heads[i]]
        return [k for k in tree.children(i, "appos", "flat") if k in self.parties.names]

    def _governor(self, i: int, subject: bool) -> list[int]:
        deps = ("obj", "obl", "nsubj:pass", "xcomp", "nmod") if subject else ("nsubj", "obl")
        for head in self.tree.climb(i):
            if self.tree.pos[head] == "VERB" or self.tree.children(head, "cop"):
                if self.tree.deps[i] not in deps and self.tree.heads[i] == head:
                    return []
                return self.tree.agents(head) if subject else self.tree.patients(head)
            if self.tree.deps[head] not in ("obj", "obl", "nmod", "conj"):
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
        if self.tree.deps[k] in ("amod", "compound", "nmod:desc") and self.tree.pos[k] != "NOUN":
            return self.parties.modifier(k) or self.parties.resolve(k)
        return self.parties.resolve(k)

    # -- classes -------------------------------------------------------------------------------

    def is_a(self, kind: str, tokens: list[int]) -> bool:
        """Whether an argument's fillers are of a class that frames name."""
        if kind == "any":
            return bool(tokens)
        if kind == "parties":
            parties = {p.side for k in tokens for p in self.who(k) if p.acts}
            plural = any(self.tree.tags[k] in ("NNS", "PRP") for k in tokens)
            return (
                len(parties) > 1
                or (bool(parties) and plural and len(tokens) > 1)
                or any(
                    self.tree.lemmas[k] in ("side", "party", "leader", "two")
                    and self.tree.tags[k] == "NNS"
                    for k in tokens
                )
            )
        if kind == "one":
            return len({p.side for k in tokens for p in self.who(k) if p.acts}) == 1
        return any(self._token_is(kind, k) for k in tokens)

    def _token_is(self, kind: str, k: int) -> bool:
        tree, lemma = self.tree, self.tree.lemmas[k]
        if kind in self.things:
            if kind == "agreements" and self.accords.at(k) is not None:
                return True
            return lemma in self.things[kind] and tree.pos[k] != "PRON"
        if kind == "party":
            return any(p.acts for p in self.who(k))
        if kind == "owned":
            return any(p.acts for p in [*self.who(k), *self.parties.owners(k)])
        if kind == "known":
            return any(p.acts and p.known for p in self.who(k))
        if kind == "armed":
            return lemma in self.armed_nouns or any(
                p.kind in ("Government", "ArmedForces", "ArmedGroup") for p in self.who(k)
            )
        if kind == "place":
            return self.places.at(k) is not None
        if kind == "special":
            return self.places.is_special(k)
        if kind == "duty":
            return lemma in self.owed
        if kind == "part":
            head = tree.heads[k]
            return tree.lemmas[head] in self.grammar["part"] and tree.preposition(k) == "of"
        if kind == "quantity":
            return any(t in self.counted for t in range(k, min(k + 16, len(tree.words))))
        if kind == "indefinite":
            return any(tree.words[c] in ("a", "an") for c in tree.children(k, "det"))
        if kind == "negated":
            return tree.negated(k)
        if kind == "future":
            return bool(tree.auxiliaries(k) & {"will", "would", "shall", "'ll"})
        if kind == "predicate":
            near = range(max(0, tree.left[k] - 3), k)
            return bool(self._bearer(k)) or any(tree.lemmas[j] == "be" for j in near)
        if kind == "infinitive":
            return tree.is_infinitive(k) or tree.tags[k] == "VB"
        if kind == "located":
            # "zone in Idlib", as a name or as a noun with a place.
            span = self.parties.names.get(k)
            named = span is not None and " in " in span.text
            return named or any(self.places.at(p) for p in self._with_preposition(k, "in"))
        if kind == "military":
            kinds = [tree.lemmas[c] for c in tree.children(k, "amod", "compound")]
            return (
                "military" in kinds
                or "air" in kinds
                or any(
                    p.kind in ("Government", "ArmedGroup", "ArmedForces")
                    for c in self._owner(k) + self._with_preposition(k, "for")
                    for p in self.who(c)
                )
            )
        return False
