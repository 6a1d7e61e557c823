"""Arguments of predicates, by the names that frames use for them, and the classes they are of."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from accord.language.accords.resolution import Accords
from accord.language.actors.parties import Parties, Party
from accord.language.actors.party import party_of
from accord.language.frames.classes import Classes
from accord.language.frames.reader import PREPOSITIONS
from accord.language.places.named import Places
from accord.language.quantities.counts import Counted
from accord.language.syntax import Tree
from accord.language.wordlists import word_lists
from accord.vocabulary import Vocabulary

_NOUNS = ("NOUN", "PROPN")
_HYPHENS = ("-", "–", "‑")


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
        self.fighters = frozenset(word_lists("coreference")["fighters"])
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
            return self._by(i)
        if step in PREPOSITIONS:
            found = self._with_preposition(i, step)
            if not found and not noun:
                for k in tree.patients(i):
                    found += self._with_preposition(k, step)
            return found
        if step == "subject":
            if noun and not tree.children(i, "cop"):
                return self._owner(i)
            return self._hyphenated(i) if self.is_hyphenated(i) else tree.agents(i)
        if step == "object":
            if noun:
                return self._with_preposition(i, "of")
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

    def _possessor(self, i: int) -> list[int]:
        return [c for k in self.tree.children(i, "nmod:poss") for c in self.tree.conjuncts(k)]

    def _doer(self, i: int) -> list[int]:
        """Return who does what a noun names: "the withdrawal of X", "attacks by X", "X's raid".

        Of "an end to the shelling by X" and "a halt to X's attacks" it is who does the inner act.
        """
        found = self._possessor(i) or self._by(i) or self._with_preposition(i, "between")
        if found:
            return found
        lemma = self.tree.lemmas[i]
        inner = self._with_preposition(i, "to") + self._with_preposition(i, "of")
        if lemma in self.things["endings"]:
            return [d for k in inner for d in self._doer(k)]
        owners = [k for k in self._owner(i) if any(p.acts for p in self.who(k))]
        if owners:
            return owners
        if lemma in self.things["movements"]:
            inner = self._with_preposition(i, "of")
            acting = [k for k in inner if any(p.acts for p in self.who(k))]
            return acting or [o for k in inner for o in self._owner(k)]
        return []

    def _by(self, i: int) -> list[int]:
        """Return the by-phrase on a noun, or on a noun in its phrases: "shelling of X by Y"."""
        found = self._with_preposition(i, "by")
        for p, k in [] if found else list(self.tree.obliques(i)):
            if p in ("of", "on", "against", "in", "from") and self.tree.pos[k] in _NOUNS:
                found += self._with_preposition(k, "by")
        verb = self.tree.heads[i]
        if not found and self.tree.deps[i] == "obj" and not self.tree.is_passive(verb):
            # "foresees the withdrawal of troops by both sides", hung too high.
            found = [k for k in self._with_preposition(verb, "by") if k > i]
        return found

    def _committer(self, i: int) -> list[int]:
        """Return who does the act that a noun names, by the verb above it.

        It is the subject of a verb that only says that it is done ("carried out the raid"), and
        whom somebody accuses of it.
        """
        tree = self.tree
        head, dep = tree.heads[i], tree.deps[i]
        for _ in range(2):
            if dep in ("nmod", "conj") and tree.pos[head] in _NOUNS:
                head, dep = tree.heads[head], tree.deps[head]
        lemma = tree.lemmas[head]
        if tree.preposition(i) == "in" and dep in ("obl", "nmod", "advcl"):
            # "opened fire in violation of the truce", "the advance in breach of it".
            noun = tree.pos[head] in _NOUNS
            return self._doer(head) or self._committer(head) if noun else tree.agents(head)
        if lemma in self.grammar["light_verbs"] and dep in ("obj", "nsubj:pass"):
            return tree.agents(head)
        for verb in list(tree.climb(i))[:4]:
            if tree.lemmas[verb] in self.grammar["accusing"] and tree.pos[verb] == "VERB":
                patients = tree.patients(verb)
                if any(tree.words[k] == "each" for k in patients):
                    return tree.agents(verb)
                return [k for k in patients if k != i and i not in tree.conjuncts(k)]
            if tree.pos[verb] == "VERB" and tree.lemmas[verb] not in self.grammar["light_verbs"]:
                break
        if lemma in self.grammar["trading"]:
            return tree.agents(head)
        return []

    def _route(self, i: int) -> list[int]:
        """Return where somebody goes, from where, or by which way."""
        ways = self.grammar["route"]
        found = [k for p, k in self.tree.obliques(i) if p.split(" ")[-1] in ways]
        return [k for k in found if self.tree.lemmas[k] not in self.grammar["calendar"]]

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
        if span is not None and i not in range(span.start, span.end):
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
        tree = self.tree
        word = tree.words[k]
        if tree.pos[k] == "ADJ" and "-" in word and k not in self.parties.names:
            # "pro-Russian": the name behind the prefix.
            party = self._called(word.partition("-")[2])
            if party is not None:
                return (party,)
        span = self.parties.names.get(k)
        if span is not None and span.start <= k < span.end - 1 and k + 1 < len(tree.words):
            # "Iran-backed Houthis", which is a name as a whole: Iran by itself.
            party = self._called(word) if tree.words[k + 1] in _HYPHENS else None
            if party is not None:
                return (party,)
        if tree.deps[k] in ("amod", "compound", "nmod:desc") and tree.pos[k] != "NOUN":
            return self.parties.modifier(k) or self.parties.resolve(k)
        return self.parties.resolve(k)

    def _called(self, word: str) -> Party | None:
        """Return the party that a single word names, whatever stands around it."""
        vocabulary = self.parties.vocabulary
        iri = _single_words(vocabulary).get(word.casefold())
        entity = vocabulary.entity(iri) if iri else None
        return party_of(entity, vocabulary) if entity is not None else None

    def is_a(self, kind: str, tokens: list[int]) -> bool:
        """Whether an argument's fillers are of a class that frames name."""
        return self.classes.is_a(kind, tokens)


@cache
def _single_words(vocabulary: Vocabulary) -> dict[str, str]:
    """Return the IRI of the actor behind each name or demonym of one word, case folded."""
    found: dict[str, str] = {}
    states_first = sorted(
        vocabulary.entities.values(), key=lambda entity: (entity.kind != "Government", entity.iri)
    )
    for entity in states_first:
        if entity.is_place:
            continue
        for name in (entity.label, *entity.demonyms, *entity.aliases):
            if " " not in name:
                found.setdefault(name.casefold(), entity.iri)
    return found


_STEPS: dict[str, Callable[[Arguments, int], list[int]]] = {
    "self": Arguments._self,
    "prefixed": Arguments._self,
    "complement": Arguments._complement,
    "compound": Arguments._compound,
    "governor": Arguments._governor,
    "owner": Arguments._owner,
    "possessor": Arguments._possessor,
    "doer": Arguments._doer,
    "bearer": Arguments._bearer,
    "route": Arguments._route,
    "committer": Arguments._committer,
    "actor": Arguments._nothing,
    "target": Arguments._nothing,
    "any": Arguments._nothing,
}
