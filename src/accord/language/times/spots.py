"""Where time expressions stand in the parse: what each of them depends on."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from accord.language.accords.resolution import Accords
from accord.language.syntax import Tree
from accord.language.times.dates import TimeExpression
from accord.language.times.tenses import Tenses
from accord.language.wordlists import word_lists

_REACH = 6
#: What is further off than so many tokens has nothing to do with it, however long the sentence.
_FAR = 120


@dataclass(frozen=True, slots=True)
class Spot:
    """A time expression in the parse.

    ``token`` is the token that the rest of it depends on, ``chain`` what that depends on in turn,
    up to the first predicate. ``inner`` says that it stands before a noun: "the May 5 accord".
    """

    token: int
    expression: TimeExpression
    chain: tuple[int, ...]
    inner: bool = False

    @property
    def predicate(self) -> int:
        """The last of the chain, or -1 for a time that depends on nothing."""
        return self.chain[-1] if self.chain else -1


class Spots:
    """The time expressions of one document, in the order of the text."""

    def __init__(
        self, tree: Tree, tenses: Tenses, accords: Accords, dates: list[TimeExpression]
    ) -> None:
        self.tree, self.tenses, self.accords = tree, tenses, accords
        words = word_lists("dates")
        self.apart, self.hours = frozenset(words["apart"]), frozenset(words["hours"])
        self.found = [self._spot(date) for date in dates]
        self.tokens = [spot.token for spot in self.found]

    def near(self, i: int) -> list[Spot]:
        """Return the times in the sentence of a token."""
        sentence = self.tree.doc[i].sent
        low = bisect_left(self.tokens, max(sentence.start, i - _FAR))
        return self.found[low : bisect_left(self.tokens, min(sentence.end, i + _FAR))]

    def around(self, k: int) -> list[int]:
        """Return the tokens of the times that a token may be part of."""
        low = bisect_left(self.tokens, k - 2)
        return self.tokens[low : low + 3]

    def _spot(self, date: TimeExpression) -> Spot:
        tree = self.tree
        token = self.tenses.token(date.start, date.end)
        first = self.tenses.token(date.start, date.start + 1)
        opening = first
        while opening > 0 and tree.pos[opening - 1] in ("ADP", "SCONJ", "ADV"):
            opening -= 1
        head = tree.heads[token]
        inner = (
            head > token
            and tree.pos[head] in ("NOUN", "PROPN")
            and not tree.preposition(token)
            and all(tree.pos[k] != "VERB" for k in range(token, head))
            and tree.words[head - 1] not in ("“", '"', ",", "”")
        )
        right_behind = opening > 0 and tree.pos[opening - 1] == "VERB"
        if right_behind and date.sort != "offset" and not (inner and first == opening):
            # "said last month groups were": what stands right behind a verb is the verb's.
            return Spot(token, date, (opening - 1,))
        if date.sort == "offset":
            # "Two days after the town fell": what "after" introduces is at that time.
            event = tree.heads[self.tenses.token(date.end - 1, date.end)]
            return Spot(token, date, (event,) if event > token else ())
        chain: list[int] = []
        at = token
        for _ in range(_REACH):
            if tree.heads[at] == at:
                break
            at = tree.heads[at]
            chain.append(at)
            if tree.pos[at] in ("VERB", "AUX") or tree.children(at, "cop", "nsubj"):
                chain[-1] = self._told(first, at)
                break
            if tree.preposition(at) in self.apart and tree.lemmas[at] not in self.hours:
                # "Since the armistice of 1953", "after Monday's attack": the day is that one's.
                break
            if self.accords.at(at) and (inner or tree.preposition(token) in ("of", "from")):
                # "The deal of March 5": the date is the deal's, not that of what is said of it.
                break
        return Spot(token, date, tuple(chain), inner)

    def _told(self, first: int, predicate: int) -> int:
        """Return the verb on the other side of a comma: "left on May 2, the army said"."""
        tree = self.tree
        between = range(first + 1, predicate)
        if not any(tree.words[k] == "," for k in between):
            return predicate
        start = max(tree.doc[first].sent.start, first - _FAR)
        before = [k for k in range(start, first) if tree.pos[k] == "VERB"]
        reports = tree.deps[predicate] == "parataxis" or any(
            tree.deps[k] in ("ccomp", "parataxis") and tree.heads[k] == predicate for k in before
        )
        return before[-1] if reports and before else predicate
