"""Quotations: stretches of a text between quotation marks, also unpaired and running ones."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import numpy as np
from spacy.tokens import Doc

from accord.language.labels import column, text_of
from accord.language.lines import is_wrapped
from accord.language.neural.parts import read

#: A quotation shorter than this, in tokens, is a word in quotation marks and no utterance.
UTTERANCE = 5

_KEPT = "accord_paragraphs"
_OPENING, _CLOSING, _STRAIGHT = frozenset("“„«"), frozenset("”»"), frozenset('"')
_MARKS = _OPENING | _CLOSING | _STRAIGHT


@dataclass(frozen=True, slots=True)
class Quotation:
    """Tokens ``start`` to ``end`` (exclusive) between two marks, the marks not included.

    ``closed`` is false where the paragraph ends without a closing mark; the speaker then goes on
    in the next paragraph, if that opens with a mark.
    """

    start: int
    end: int
    closed: bool
    paragraph: int

    @property
    def size(self) -> int:
        """Number of tokens."""
        return self.end - self.start


def find_quotations(doc: Doc) -> list[Quotation]:
    """Return the quotations of a document, left to right, none inside another.

    A quotation never runs over the end of its paragraph, so that one unpaired mark spoils one
    paragraph and not the article.
    """
    found: list[Quotation] = []
    numbers = paragraphs(doc)
    texts = column(doc, "ORTH")
    opened = -1

    def cut() -> None:
        """Close what is open at the end of its paragraph."""
        number = numbers[opened - 1]
        end = bisect_right(numbers, number)
        if end > opened:
            found.append(Quotation(opened, end, False, number))

    for i, text in enumerate(texts):
        if text not in _MARKS:
            continue
        if text in _STRAIGHT:
            text = _side(doc, i) or text
        if opened >= 0 and numbers[i] != numbers[opened - 1]:
            cut()
            opened = -1
        if opened < 0 and text not in _CLOSING:
            opened = i + 1
        elif opened >= 0 and text not in _OPENING:
            if i > opened:
                found.append(Quotation(opened, i, True, numbers[i]))
            opened = -1
        elif text in _OPENING:
            # The one before was not closed.
            if i > opened:
                found.append(Quotation(opened, i, True, numbers[i]))
            opened = i + 1
    if opened >= 0:
        cut()
    return found


def _side(doc: Doc, i: int) -> str:
    """Return the curly mark that a straight one stands for, by the spaces around it, or nothing."""
    behind = bool(doc[i].whitespace_) or i + 1 == len(doc) or doc[i + 1].is_space
    before = i == 0 or bool(doc[i - 1].whitespace_) or doc[i - 1].is_space
    if before == behind:
        return ""
    return "“" if before else "”"


def utterances(doc: Doc) -> list[Quotation]:
    """Return the quotations that are long enough to be somebody's utterance."""
    return [quotation for quotation in find_quotations(doc) if quotation.size >= UTTERANCE]


def paragraphs(doc: Doc) -> list[int]:
    """Return for each token the number of its paragraph: a line, unless the text is wrapped.

    What was found is kept with the document until `forget` is called.
    """
    known: list[int] | None = doc.user_data.get(_KEPT)
    if known is not None:
        return known
    least = 2 if is_wrapped(text_of(doc)) else 1
    spaces = read(doc, ["IS_SPACE"])[:, 0] != 0
    breaks = np.zeros(len(doc), np.int64)
    for i in np.flatnonzero(spaces).tolist():
        breaks[i] = doc[i].text.count("\n")
    # A word starts a paragraph where enough line breaks stand between it and the word before it.
    words = np.flatnonzero(~spaces)
    passed = np.diff(np.cumsum(breaks)[words], prepend=0)
    starts = np.zeros(len(doc), np.int64)
    starts[words] = passed >= least
    numbers: list[int] = np.cumsum(starts).tolist()
    doc.user_data[_KEPT] = numbers
    return numbers


def forget(doc: Doc) -> None:
    """Drop what `paragraphs` keeps with a document."""
    doc.user_data.pop(_KEPT, None)
