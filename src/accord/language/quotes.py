"""Quotations: stretches of a text between quotation marks, also unpaired and running ones."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Doc

from accord.language.lines import is_wrapped, newlines

#: A quotation shorter than this, in tokens, is a word in quotation marks and no utterance.
UTTERANCE = 5

_OPENING, _CLOSING, _STRAIGHT = frozenset("“„«"), frozenset("”»"), frozenset('"')


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
    opened = -1
    for token in doc:
        i, text = token.i, token.text
        if opened >= 0 and numbers[i] != numbers[opened - 1]:
            if i > opened:
                found.append(Quotation(opened, i, False, numbers[opened - 1]))
            opened = -1
        if opened < 0 and (text in _OPENING or text in _STRAIGHT):
            opened = i + 1
        elif opened >= 0 and (text in _CLOSING or text in _STRAIGHT):
            if i > opened:
                found.append(Quotation(opened, i, True, numbers[opened - 1]))
            opened = -1
        elif text in _OPENING:
            opened = i + 1
    if 0 <= opened < len(doc):
        found.append(Quotation(opened, len(doc), False, numbers[opened - 1]))
    return found


def utterances(doc: Doc) -> list[Quotation]:
    """Return the quotations that are long enough to be somebody's utterance."""
    return [quotation for quotation in find_quotations(doc) if quotation.size >= UTTERANCE]


def paragraphs(doc: Doc) -> list[int]:
    """Return for each token the number of its paragraph: a line, unless the text is wrapped."""
    numbers, number = [], 0
    least = 2 if is_wrapped(doc.text) else 1
    for count in newlines(doc):
        number += count >= least
        numbers.append(number)
    return numbers
