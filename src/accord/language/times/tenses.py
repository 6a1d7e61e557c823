"""Whether what happens at a time is past or still ahead, as the words around the time say."""

from __future__ import annotations

from bisect import bisect_right

from accord.language.syntax import Tree
from accord.language.wordlists import word_lists

_REACH = 6


class Tenses:
    """Tells for characters of a text whether what happens then is past or future."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.starts = tree.offsets
        words = word_lists("dates")
        self.futurate = frozenset(words["futurate"])
        self.prospective = frozenset(words["prospective"])
        self.upcoming = frozenset(words["upcoming"])
        self.ahead = frozenset(words["ahead"])
        self.hours = frozenset(words["hours"])
        self.will = frozenset(words["will"])
        self.must = frozenset(words["must"])

    def token(self, start: int, end: int) -> int:
        """Return the token of characters ``start`` to ``end`` that the others depend on."""
        first = max(0, bisect_right(self.starts, start) - 1)
        last = max(first, bisect_right(self.starts, max(start, end - 1)) - 1)
        for k in range(first, last + 1):
            if not first <= self.tree.heads[k] <= last:
                return k
        return last

    def __call__(self, start: int, end: int) -> str:
        """Return ``past``, ``future``, ``would`` (ahead of something past) or nothing."""
        tree = self.tree
        at = self.token(start, end)
        for _ in range(_REACH):
            head = tree.heads[at]
            event = tree.pos[at] == "NOUN" and tree.lemmas[at] not in self.hours
            if event and tree.preposition(at) in self.ahead:
                return "future"
            if head == at:
                break
            at = head
            if tree.pos[at] in ("VERB", "AUX"):
                return self.of(at)
            if any(tree.lemmas[k] in self.upcoming for k in tree.children(at, "amod")):
                return "future"
            if tree.lemmas[at] == "due":
                return "future"
            if tree.children(at, "cop"):
                return self.of(at)
        return ""

    def of(self, i: int, reach: int = _REACH) -> str:
        """Return the tense of a predicate, as a call does."""
        tree = self.tree
        own = tree.auxiliaries(i)
        if own & self.will:
            return "future"
        if "would" in own:
            return "" if "have" in own else "would"
        if own & self.must:
            return "past" if "have" in own else "future"
        tag = tree.tags[i]
        finite = [
            tree.tags[k]
            for k in tree.children(i, "aux", "aux:pass", "cop")
            if tree.tags[k] in ("VBD", "VBZ", "VBP")
        ]
        if tree.is_infinitive(i):
            return self._infinitive(i, reach)
        if tag == "VBD" or (finite and finite[0] == "VBD"):
            return "would" if tree.lemmas[i] in self.futurate and self._awaited(i) else "past"
        if "have" in own:
            return "past"
        if tag == "VBN":
            if tree.lemmas[i] in self.futurate and self._awaited(i):
                return "future"
            return "" if finite else "past"
        if tag == "VBG" and not finite:
            head = tree.heads[i]
            return self.of(head, reach - 1) if reach and head != i else ""
        if tag in ("VBZ", "VBP", "VBG"):
            # The present tells of a day ahead ("talks resume on Monday"), hardly of a year ahead.
            return "would" if tree.lemmas[i] in self.futurate else ""
        return "future" if tag == "VB" else ""

    def _awaited(self, i: int) -> bool:
        """Whether a participle says that something is yet to come: "scheduled for Monday"."""
        return self.tree.tags[i] == "VBN" and self.tree.lemmas[i] in self.prospective

    def _infinitive(self, i: int, reach: int) -> str:
        tree = self.tree
        head = tree.heads[i]
        if head == i or not reach:
            return "future"
        if tree.lemmas[head] in self.prospective:
            outer = self.of(head, reach - 1)
            return "would" if outer == "past" else "future"
        if tree.pos[head] in ("VERB", "AUX"):
            return self.of(head, reach - 1)
        return "future"
