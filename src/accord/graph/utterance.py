"""Utterances: acts of saying, told apart by who spoke which words.

Two articles that quote the same words of the same side report one utterance. That the words are
the same is seen past case, punctuation and the kind of quotation marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from accord.claim import OUTLET, Claim

#: Fewer words may have been said on many occasions ("this is unacceptable").
LEAST = 5
_WORD = re.compile(r"\w+")
_NO_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Utterance:
    """What was said, as an article gives it: ``words`` are its letters and digits, case folded.

    ``start`` and ``end`` are character offsets of the words in the article's text (Unicode code
    points, end exclusive). ``is_known_anywhere`` is false of few words: the same in another
    article may well be another utterance.
    """

    words: str
    start: int
    end: int
    is_known_anywhere: bool


def utterance(
    claim: Claim, text: str, quotations: Iterable[tuple[int, int]] = ()
) -> Utterance | None:
    """Return the utterance that a claim was made in, or None if it is the article's own.

    Its words are those of the quotation that the claim's evidence stands in, or that stands in its
    evidence, since that is what two articles have in common; without one, those of the evidence.

    :param text: the article's text
    :param quotations: what stands between quotation marks, as character offsets of the text
    """
    if claim.holder == OUTLET:
        return None
    start, end = claim.start, claim.end
    shared = 0
    for low, high in quotations:
        common = min(claim.end, high) - max(claim.start, low)
        mostly = 2 * common >= min(claim.end - claim.start, high - low)
        if mostly and common > shared and len(_WORD.findall(text[low:high])) >= LEAST:
            start, end, shared = low, high, common
    said = text[start:end]
    enough = len(_WORD.findall(said)) >= LEAST
    return Utterance(_NO_LETTERS.sub("", said.casefold()), start, end, enough)
