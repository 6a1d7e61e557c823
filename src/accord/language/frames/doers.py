"""Who does the act that a noun names: "shelling by X", "X's raid", "accused X of a breach"."""

from __future__ import annotations

from accord.language.frames.participants import Participants
from accord.language.wordlists import word_sets

_NOUNS = ("NOUN", "PROPN")


class Doers:
    """Finds whose the nouns of one document are, and who does what they name."""

    def __init__(self, participants: Participants) -> None:
        self.participants = participants
        self.tree, self.parties = participants.tree, participants.parties
        self.things, self.grammar = word_sets("things"), word_sets("grammar")
        actors = word_sets("actors")
        self.roles = actors["forces"] | actors["group"] | actors["government"]

    def doer(self, i: int) -> list[int]:
        """Return who does what a noun names: "the withdrawal of X", "attacks by X", "X's raid".

        Of "an end to the shelling by X" and "a halt to X's attacks" it is who does the inner act.
        """
        found = self.possessor(i) or self.by(i) or self.with_preposition(i, "between")
        if found:
            return found
        lemma = self.tree.lemmas[i]
        inner = self.with_preposition(i, "to") + self.with_preposition(i, "of")
        if lemma in self.things["endings"]:
            return [d for k in inner for d in self.doer(k)]
        owners = [k for k in self.owner(i) if any(p.acts for p in self.participants.who(k))]
        if owners:
            return owners
        if lemma in self.things["movements"]:
            inner = self.with_preposition(i, "of")
            acting = [k for k in inner if any(p.acts for p in self.participants.who(k))]
            return acting or [o for k in inner for o in self.owner(k)]
        return []

    def committer(self, i: int) -> list[int]:
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
            return self.doer(head) or self.committer(head) if noun else tree.agents(head)
        if lemma in self.grammar["light_verbs"] and dep in ("obj", "nsubj:pass"):
            return tree.agents(head)
        if lemma in self.grammar["light_verbs_with"] and tree.preposition(i) in (
            "in",
            "to",
            "with",
        ):
            return tree.agents(head)
        for verb in list(tree.climb(i))[:5]:
            if tree.lemmas[verb] in self.grammar["accusing"] and tree.pos[verb] == "VERB":
                patients = tree.patients(verb)
                if any(tree.is_reciprocal(k) for k in patients):
                    return tree.agents(verb)
                return [k for k in patients if k != i and i not in tree.conjuncts(k)]
            if tree.pos[verb] == "VERB" and tree.lemmas[verb] not in self.grammar["light_verbs"]:
                break
        if lemma in self.grammar["trading"]:
            return tree.agents(head)
        return []

    def by(self, i: int) -> list[int]:
        """Return the by-phrase on a noun, or on a noun in its phrases: "shelling of X by Y"."""
        found = self.with_preposition(i, "by")
        for p, k in [] if found else list(self.tree.obliques(i)):
            if p in ("of", "on", "against", "in", "from") and self.tree.pos[k] in _NOUNS:
                found += self.with_preposition(k, "by")
        verb = self.tree.heads[i]
        if not found and self.tree.deps[i] == "obj" and not self.tree.is_passive(verb):
            # "foresees the withdrawal of troops by both sides", hung too high.
            found = [k for k in self.with_preposition(verb, "by") if k > i]
        return found

    def owner(self, i: int) -> list[int]:
        """Return whose a noun is: "X's troops", "Syrian troops", "rebel positions"."""
        found = self.possessor(i)
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

    def possessor(self, i: int) -> list[int]:
        """Return who stands in the genitive before a noun."""
        return [c for k in self.tree.children(i, "nmod:poss") for c in self.tree.conjuncts(k)]

    def with_preposition(self, i: int, preposition: str) -> list[int]:
        """Return the nouns of the phrases with a preposition, nouns of time excepted."""
        return [
            k
            for p, k in self.tree.obliques(i)
            if (p == preposition or p.split(" ")[-1] == preposition)
            and self.tree.lemmas[k] not in self.grammar["calendar"]
        ]
