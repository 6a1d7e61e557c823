"""Who does what to whom, whatever the construction.

Passive, coordinated, relative, participial, infinitive and control constructions are undone here,
once, so that a frame in ``mappings/frames/`` only says "subject" and "object".
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc

from accord.language.syntax.arcs import Arcs
from accord.language.wordlists import word_sets

#: How far behind its verb a that-clause may begin.
_BEHIND = 7
#: A climb through a parse never needs more steps; a broken parse must not cost more.
_REACH = 8

RELATIVE = word_sets("grammar")["relative"]
_NEGATIONS = frozenset({"not", "n't", "never", "n’t", "nt", "neither", "nor"})
SUBJECTS = frozenset({"nsubj", "nsubj:pass", "csubj:pass"})


class Tree(Arcs):
    """The parse of a document, asked for voice, negation, and the arguments of its predicates."""

    def __init__(self, doc: Doc) -> None:
        super().__init__(doc)
        grammar = word_sets("grammar")
        self.object_control, self.accusing = grammar["object_control"], grammar["accusing"]
        self.intransitive, self.phrasal = grammar["intransitive"], grammar["phrasal"]
        self.agreements = word_sets("things")["agreements"]

    def is_passive(self, i: int) -> bool:
        """Whether the predicate's surface subject is its deep object."""
        if any(self.deps[k] in ("nsubj:pass", "aux:pass") for k in self.kids[i]):
            return True
        if self.deps[i] == "conj" and not self.children(i, "nsubj", "aux"):
            head = self.heads[i]
            return self.tags[i] == self.tags[head] == "VBN" and self.is_passive(head)
        if self.tags[i] == "VBN" and self.deps[i] == "root" and self._is_headline(i):
            return True
        if self.tags[i] not in ("VBN", "VBD") or self.children(i, "nsubj"):
            return False
        has = any(self.lemmas[k] == "have" for k in self.children(i, "aux"))
        return not has and self.deps[i] in ("acl", "amod", "advcl", "xcomp", "acl:relcl")

    def _is_headline(self, i: int) -> bool:
        """Whether it is "Truce renewed for two months": what agreements cannot do by themselves."""
        if self.children(i, "aux", "aux:pass", "cop", "obj", "xcomp", "ccomp"):
            return False
        if self.lemmas[i] in self.intransitive:
            return False
        return any(self.lemmas[k] in self.agreements for k in self.children(i, "nsubj"))

    def negated(self, i: int) -> bool:
        """Whether the predicate, its subject or its object carries a negation."""
        if any(self.words[k] in _NEGATIONS for k in self.kids[i]):
            return True
        for k in self.kids[i]:
            if self.deps[k] in ("nsubj", "nsubj:pass") and self.words[self.left[k]] == "neither":
                return True
            if self.deps[k] in ("aux", "cop") and self.words[k] in ("cannot", "ca"):
                return self.words[k] == "cannot"
            if self.deps[k] in ("obj", "nsubj", "nsubj:pass") and any(
                self.words[d] in ("no", "neither") for d in self.children(k, "det", "cc:preconj")
            ):
                return True
        return False

    def auxiliaries(self, i: int) -> frozenset[str]:
        """Return the lemmas of the predicate's auxiliaries, shared ones of a coordination too."""
        own = {self.words[k] for k in self.children(i, "aux", "aux:pass", "cop")}
        own |= {self.lemmas[k] for k in self.children(i, "aux", "aux:pass", "cop")}
        if self.deps[i] == "conj" and not self.children(i, *SUBJECTS, "aux", "cop"):
            own |= self.auxiliaries(self.heads[i])
        return frozenset(own)

    def surface_subject(self, i: int, reach: int = _REACH) -> list[int]:
        """Return the heads of the grammatical subject, found through control and coordination."""
        if reach == 0:
            return []
        for k in self.kids[i]:
            if self.deps[k] in SUBJECTS:
                return self.antecedents(k, i)
        dep, head = self.deps[i], self.heads[i]
        if self.is_infinitive(i) and "for" in self.marks(i):
            # "it is necessary for X to withdraw", whatever X was taken for.
            opens = next(k for k in self.children(i, "mark", "case") if self.words[k] == "for")
            named = [k for k in range(opens + 1, i) if self.pos[k] in ("NOUN", "PROPN", "PRON")]
            heads = [k for k in named if self.heads[k] not in named]
            return self.conjuncts(heads[-1]) if heads else []
        if dep == "conj" and not self.is_nominal(head):
            return self.surface_subject(head, reach - 1)
        controlled = dep == "advcl" and self.lemmas[head] in self.object_control
        if dep == "xcomp" or ((dep == "ccomp" or controlled) and self.is_infinitive(i)):
            controllers = self.children(head, "obj", "iobj") or [
                k
                for k in self.children(head, "obl")
                if self.preposition(k) in ("on", "upon", "for")
            ]
            if controllers:
                return self.conjuncts(controllers[0])
            return self.surface_subject(head, reach - 1)
        having = any(self.words[k] == "having" for k in self.children(i, "aux"))
        if (self.tags[i] == "VBG" or having) and {"of", "for", "from"} & set(self.marks(i)):
            # "accused Syria of attacking", "prevented it from attacking".
            if self.is_reciprocal(head) and self.heads[head] != head:
                verbs = [k for k in self.climb(head) if self.pos[k] == "VERB"]
                return self.agents(verbs[0], reach - 1) if verbs else []
            for k in self.children(head, "obj", "nsubj:pass"):
                if self.is_reciprocal(k):
                    return self.agents(head, reach - 1)
                return self.conjuncts(k)
            if dep == "acl" and self.lemmas[self.heads[head]] in self.accusing:
                return self.conjuncts(head)
            if dep == "acl":
                # "traded accusations of breaking the truce": whoever traded them.
                return self.noun_agents(head, reach - 1)
        if dep == "parataxis" and self.tags[i] == "VBN" and self.lemmas[head] in ("have", "be"):
            # "Turkey has, meanwhile, sent": the parser took the auxiliary for the verb.
            return self.surface_subject(head, reach - 1)
        if dep == "advcl":
            told = [k for k in self.children(head, "ccomp") if k < head]
            if told and self.tags[i] == "VBG" and self.lemmas[head] in ("say", "report", "add"):
                # "X opened fire, Kyiv said, breaking the truce": X broke it.
                return self.surface_subject(told[0], reach - 1)
            return self.surface_subject(head, reach - 1)
        if dep in ("acl", "amod"):
            if self.is_infinitive(i):
                return self.noun_agents(head, reach - 1)
            if self.deps[head] == "appos":
                # "X, a group based in the north": X is.
                return [self.heads[head]]
            return [head] if self.deps[head] == "conj" else self.conjuncts(head)
        if dep == "acl:relcl" and self.tags[i] in ("VBG", "VBN", "VBD"):
            return [head] if self.deps[head] == "conj" else self.conjuncts(head)
        return []

    def agents(self, i: int, reach: int = _REACH) -> list[int]:
        """Return who does it: the subject, or the by-phrase of a passive."""
        if not self.is_passive(i):
            return self.with_parallel(self.surface_subject(i, reach))
        found = self.children(i, "obl:agent") or [
            k
            for verb in (i, *self.children(i, "xcomp"))  # "was shot dead by"
            for k in self.children(verb, "obl", "nmod")
            if self.preposition(k) == "by"
        ]
        if not found and i + 2 < len(self.words) and self.words[i + 1] == "by":
            # The parser may hang the phrase elsewhere; the next word says where it belongs.
            found = [self.heads[i + 1]] if self.heads[i + 1] > i + 1 else []
        if not found:
            # "were sent to the Red Sea by China": hung on the noun before it.
            inner = (c for k in self.children(i, "obl") for c in self.children(k, "nmod"))
            found = [k for k in inner if self.preposition(k) == "by" and self.tags[k] == "NNP"]
        return self.with_parallel([c for k in found for c in self.conjuncts(k)])

    def patients(self, i: int) -> list[int]:
        """Return to whom or what it is done: the object, or the subject of a passive."""
        if self.is_passive(i):
            return self.surface_subject(i)
        for verb in self._sharers(i):
            objects = self.children(verb, "obj") or self._behind_particle(verb)
            if objects:
                return [c for k in objects for c in self.antecedents(k, verb)]
        bare = self.deps[i] == "acl:relcl" and not self._relative_subject(i)
        if self.deps[i] == "acl" and self.lemmas[self.heads[i]] in self.agreements:
            # "the truce that they signed", where "that" was taken for a conjunction.
            finite = self.tags[i] in ("VBD", "VBZ", "VBP")
            if finite and not self.children(i, "ccomp", "xcomp"):
                return [self.heads[i]] if self.children(i, "nsubj") else []
        that = any(self.words[k] == "that" for k in self.children(i, "mark"))
        others = self.children(i, "ccomp", "xcomp", *(() if that else ("obl",)))
        if bare and self.children(i, "nsubj") and not others:
            # "the obligations they took": no relative pronoun, the noun is the object.
            return [self.heads[i]]
        return []

    def obliques(self, i: int) -> Iterator[tuple[str, int]]:
        """Yield (preposition, noun) of the phrases on a predicate or a noun, "" for none."""
        verbs = [i]
        if self.deps[i] == "conj" and not self.is_nominal(i):
            verbs.append(self.heads[i])
        for verb in verbs:
            for k in self.kids[verb]:
                dep = self.deps[k]
                if dep in ("obl", "nmod", "obl:agent", "iobj") or (
                    dep == "advcl" and self.pos[k] in ("NOUN", "PROPN")
                ):
                    preposition = self.preposition(k)
                    for c in self.conjuncts(k):
                        yield self.preposition(c) or preposition, c

    def is_reciprocal(self, k: int) -> bool:
        """Whether it is "each other", "one another" or "the other"."""
        before = self.words[max(0, k - 1)]
        if self.words[k] in ("other", "another"):
            return before in ("each", "one", "the")
        return self.words[k] == "each" or before == "each"

    def noun_agents(self, i: int, reach: int = _REACH) -> list[int]:
        """Return whose act a noun names: "Turkey's failure", "shelling by militants"."""
        if reach == 0:
            return []
        owners = [c for k in self.children(i, "nmod:poss") for c in self.conjuncts(k)]
        if owners:
            return owners
        for k in self.kids[i]:
            if self.deps[k] in ("nmod", "obl", "obl:agent") and self.preposition(k) in (
                "by",
                "between",
            ):
                return self.conjuncts(k)
        head = self.heads[i]
        if self.deps[i] in ("obj", "xcomp", "obl") and not self.is_nominal(head):
            return self.agents(head, reach - 1)
        if self.deps[i] in ("nsubj:pass",):
            return self.agents(head, reach - 1)
        if self.deps[i] == "conj":
            return self.noun_agents(head, reach - 1)
        return []

    def complement(self, i: int) -> list[int]:
        """Return the heads of the clauses that depend on a predicate or noun as its content."""
        found = [
            k
            for k in self.kids[i]
            if self.deps[k] in ("xcomp", "ccomp")
            or (self.deps[k] == "csubj" and self.is_infinitive(k))
            or (self.deps[k] in ("acl", "advcl") and self.is_infinitive(k))
            or (self.deps[k] in ("advcl", "obl", "acl") and self.tags[k] == "VBG" and self.marks(k))
            or (self.deps[k] == "conj" and self.is_infinitive(k) and not self.is_infinitive(i))
            or (self.deps[k] == "parataxis" and self.tags[k] == "VB" and k > i)
        ]
        if not found:
            # "has demanded for months that they leave": the word that opens the clause leads to it.
            behind = range(i + 1, min(i + _BEHIND, len(self.words)))
            marks = [k for k in behind if self.words[k] == "that" and self.deps[k] == "mark"]
            if marks and any(self.pos[k] == "VERB" for k in range(i + 1, marks[0])):
                marks = []  # The clause is that verb's.
            found = [self.heads[k] for k in marks[:1] if self.heads[k] > k]
        if not found:
            # "has yet to withdraw": the clause may hang on the adverb.
            found = [c for k in self.children(i, "advmod") for c in self.children(k, "xcomp")]
        if not found and self.words[i + 1 : i + 2] == ["to"]:
            # "its failure to fulfil": what follows belongs to it, wherever the parser hangs it.
            found = [k for k in range(i + 2, min(i + 4, len(self.words))) if self.tags[k] == "VB"][
                :1
            ]
        return [c for k in found for c in self.conjuncts(k)]

    def _behind_particle(self, verb: int) -> list[int]:
        """Return the town of "took over the town", where "over" was read as a preposition."""
        particle = verb + 1
        if " ".join((self.lemmas[verb], *self.words[particle : particle + 1])) not in self.phrasal:
            return []
        return [k for k in self.children(verb, "obl") if self.heads[particle] == k]

    def _sharers(self, i: int) -> Iterator[int]:
        """Yield the predicate and the coordinated verbs that may hold an object for both."""
        yield i
        for k in self.children(i, "conj"):
            if k - i <= 3 and not self.children(k, *SUBJECTS) and not self.children(i, "obl"):
                yield k

    def _relative_subject(self, i: int) -> bool:
        return any(
            self.words[k] in RELATIVE and self.pos[k] in ("PRON", "DET", "SCONJ")
            for k in self.children(i, "nsubj", "nsubj:pass", "obj", "obl")
        )

    def _nearest(self, k: int, predicate: int) -> int | None:
        """In "Iran and Russia, which supports it" the singular verb chooses the nearer noun."""
        if k < 2 or self.words[k - 1] != "," or self.pos[k - 2] not in ("NOUN", "PROPN"):
            return None
        verbs = [predicate, *self.children(predicate, "aux", "aux:pass", "cop")]
        if all(self.tags[verb] != "VBZ" for verb in verbs):
            return None
        i = k - 2
        for _ in range(_REACH):
            if self.deps[i] not in ("flat", "compound"):
                break
            i = self.heads[i]
        return i

    def antecedents(self, k: int, predicate: int) -> list[int]:
        """Return whom a relative pronoun means; any other noun is itself, with its conjuncts."""
        if self.words[k] not in RELATIVE or self.pos[k] == "NOUN":
            return self.conjuncts(k)
        nearest = self._nearest(k, predicate)
        if nearest is not None:
            return [nearest]
        clause = predicate
        for _ in range(_REACH):
            dep, head = self.deps[clause], self.heads[clause]
            if dep in ("acl:relcl", "acl"):
                return [head]
            if dep not in ("conj", "xcomp", "ccomp", "advcl"):
                break
            clause = head
        return self.conjuncts(k)
