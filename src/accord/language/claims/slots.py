"""What stands beside the roles of a claim: evidence, accord, place, time, quantity, action."""

from __future__ import annotations

from bisect import bisect_left

from accord.claim import NORMS, ClaimType, Quantity
from accord.language.frames.matching import Draft
from accord.language.places.whereabouts import Whereabouts
from accord.language.quantities.own import Amounts
from accord.language.reading import Reading
from accord.language.times.own import Times
from accord.language.wordlists import word_lists

#: A sentence of up to this many tokens is evidence as a whole.
_SHORT = 22
_ABOUT_ACCORDS = frozenset(
    {ClaimType.OBLIGATION, ClaimType.COMPLIANCE, ClaimType.VIOLATION, ClaimType.ZONE}
)


class Slots:
    """Fills the slots of one document's claims."""

    def __init__(self, reading: Reading, drafts: list[Draft]) -> None:
        self.reading, self.doc, self.article = reading, reading.doc, reading.article
        self.vocabulary, self.tree = reading.vocabulary, reading.tree
        self.voices, self.accords = reading.voices, reading.accords
        self.times = Times(self.tree, reading.tenses, reading.dates, self.accords, self.voices)
        self.amounts = Amounts(self.tree, reading.quantities)
        self.tokens = sorted(draft.token for draft in drafts)
        self.where = Whereabouts(self.tree, reading.places, self.accords)
        self.owed = frozenset(word_lists("accords")["owed"])
        self.acts = frozenset(word_lists("accords")["acts"])

    def evidence(self, draft: Draft, narrow: bool = False) -> tuple[int, int]:
        """Return the characters of the sentence, or of the clause in a long one with several.

        :param narrow: the clause in any case
        """
        i = draft.token
        sentence = self.doc[i].sent
        start, end = sentence.start, sentence.end
        others = bisect_left(self.tokens, end) - bisect_left(self.tokens, start)
        if (end - start > _SHORT and others > 1) or narrow:
            low, high = self.reading.clause(i)
            if draft.frame.holder or draft.type in (ClaimType.DEMAND, ClaimType.AGREEMENT):
                low = min([low, *self.tree.agents(i)])
            start, end = max(start, low), min(end, high)
        if draft.span is not None:
            start, end = draft.span
        whole = (start, end) == (sentence.start, sentence.end)
        words = [k for k in range(start, end) if not self.doc[k].is_space]
        while words and not whole and self._is_edge(words[0]):
            words.pop(0)
        while words and not whole and self.tree.words[words[-1]] in (",", ";", "—", "–", "-"):
            words.pop()
        if not words:
            return 0, 0
        first, last = words[0], words[-1]
        return self.doc[first].idx, self.doc[last].idx + len(self.doc[last])

    def _is_edge(self, k: int) -> bool:
        """Whether a word before a clause is no part of it: ", and that"."""
        if self.tree.words[k] in ("“", '"', "‘", "("):
            return False
        return self.tree.pos[k] in ("PUNCT", "CCONJ") or self.tree.words[k] == "that"

    def agreement(self, draft: Draft, start: int, end: int) -> str | None:
        """Return the key of the agreement that it concerns."""
        if draft.type not in NORMS:
            return None
        i = draft.token
        sentence = self.doc[i].sent
        low, high = self.reading.clause(i)
        inside = self.accords.within(low, high)
        near = inside or self.accords.within(sentence.start, sentence.end)
        for mention in sorted(near, key=lambda m: abs(m.token - i)):
            if mention.key:
                return mention.key
        if near and draft.type is ClaimType.AGREEMENT:
            return None  # A new one, and the text does not say which.
        if draft.type in _ABOUT_ACCORDS or near or self._is_owed(low, high):
            return self.accords.before(i, self.where.paragraph(i)) or None
        if any(lemma in self.acts for lemma in self.tree.lemmas[low:high]):
            start = self.where.paragraph(i)
            spoken = any(mention.key for mention in self.accords.within(start, i))
            if spoken or draft.type is ClaimType.DEMAND:
                return self.accords.before(i, start) or None
        return None

    def _is_owed(self, start: int, end: int) -> bool:
        """Whether a clause speaks of duties, without saying under which agreement."""
        return any(lemma in self.owed for lemma in self.tree.lemmas[start:end])

    def place(self, draft: Draft) -> str | None:
        """Return the place or zone that it concerns."""
        return self.where.of(draft, self.reading.clause(draft.token))

    def time(self, draft: Draft) -> tuple[str | None, str | None]:
        """Return when it holds or happened, and by when it is due, as EDTF."""
        return self.times.of(draft)

    def quantity(self, draft: Draft) -> Quantity | None:
        """Return how many or how much it speaks of."""
        return self.amounts.of(draft, *self.reading.clause(draft.token))

    def action(self, draft: Draft) -> str:
        """Return the head words of the action."""
        heads = [draft.token if draft.span is None else draft.complements[0]]
        if draft.frame.content and draft.complements and draft.type is not ClaimType.OBLIGATION:
            heads = draft.complements
        elif draft.type is ClaimType.OBLIGATION and draft.span is None:
            heads = self.tree.conjuncts(draft.token)
            heads = [k for k in heads if k == draft.token or not self.tree.children(k, "nsubj")]
        verbs = [self.tree.lemmas[k] for k in heads[:3]]
        return " and ".join(dict.fromkeys(verbs))
