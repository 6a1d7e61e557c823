"""A parse that can be changed: heads and labels, and how a token comes to hang on another one."""

from __future__ import annotations

from dataclasses import dataclass, field

from accord.language.wordlists import word_sets

#: Classes of words that head a noun phrase.
NOUNS = frozenset({"NOUN", "PROPN", "PRON", "NUM"})
#: Behind a fronted phrase the subject's coordination has at most so many tokens.
FRONTED = 30
#: A clause has at most so many tokens between its ends.
CLAUSE = 60


@dataclass(slots=True)
class Parse:
    """The parse of a document as lists that the repairs change in place.

    ``starts`` are the first tokens of sentences, ``states`` the tokens in names of states. The
    sets of words are forms in lower case: ``verbs`` all known verbs, ``control`` those whose
    object does what the infinitive says, ``accusing`` and ``calling`` those of blame and of
    naming, ``forms`` the lists of ``mappings/words/repairs.yaml``.
    """

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
    forms: dict[str, frozenset[str]] = field(default_factory=lambda: word_sets("repairs"))

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
