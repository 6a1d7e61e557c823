"""What the network that finds utterances sees of a document's words, besides their vectors.

Training and run time both come here, so that they cannot differ. W is the number of words: the
tokens that are not white space.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from accord.language.neural.network import Ints
from accord.language.neural.parts import read

#: Of a longer paragraph, so many words are read together.
LONGEST = 100

#: Between the numbers of two documents' sentences.
_APART = 10

_OPENING = ("“", "„", "«", "``")
_CLOSING = ("”", "»", "''")
_STRAIGHT = ('"',)

#: How a word stands to the quotation marks around it.
OUTSIDE, INSIDE, UNCLOSED, OPENS, CLOSES, LONE = range(6)
#: Cases of a word's letters, and what is no word.
LOWER, TITLE, UPPER, OTHER, PUNCTUATION, NUMBER = range(6)
CASES = 6
STATES = 6


@dataclass(slots=True)
class Traits:
    """The words of one document; all arrays have W items.

    ``places`` are the words' places in the document. ``lemmas``, ``tags``, ``deps`` and ``names``
    are ids of strings; ``heads`` the head of each word among the words, itself for a root.
    ``cases`` and ``states`` are those of this module, ``quotes`` numbers the quotations (-1
    outside), ``sentences`` and ``paragraphs`` number those, ``firsts`` is the word's place in its
    sentence. ``vectors`` are the encoder's (W x size).
    """

    places: Ints
    lemmas: NDArray[np.uint64]
    tags: NDArray[np.uint64]
    deps: NDArray[np.uint64]
    names: NDArray[np.uint64]
    inner: Ints
    heads: Ints
    cases: Ints
    states: Ints
    quotes: Ints
    sentences: Ints
    paragraphs: Ints
    firsts: Ints

    @classmethod
    def of(cls, doc: Doc) -> Traits:
        """Read a document that is tagged, parsed and searched for names."""
        columns = ["IS_SPACE", "ORTH", "LEMMA", "TAG", "DEP", "HEAD", "ENT_TYPE", "ENT_IOB"]
        flags = ["SENT_START", "IS_LOWER", "IS_TITLE", "IS_UPPER", "IS_PUNCT", "IS_DIGIT"]
        table = read(doc, columns + flags)
        space = table[:, 0] != 0
        places = np.flatnonzero(~space)
        number = np.cumsum(~space) - 1  # of the word at or before each token
        words = table[places]
        heads = places + words[:, 5].view(np.int64)
        # A word never hangs on white space, unless another model's parser says so.
        heads = np.where(space[heads], places, heads)
        starts = np.cumsum(table[:, 8] == 1)[places]
        sentences = starts - (starts[0] if len(starts) else 0)
        paragraphs = _paragraphs(doc, space, places)
        first = np.flatnonzero(np.diff(sentences, prepend=-1))
        firsts = np.arange(len(places)) - first[sentences_rank(sentences)] if len(places) else first
        cases = np.full(len(places), OTHER, np.int64)
        for column, case in ((9, LOWER), (10, TITLE), (11, UPPER), (12, PUNCTUATION), (13, NUMBER)):
            cases[words[:, column] != 0] = case
        states, quotes = _quotations(doc, words[:, 1], paragraphs)
        return cls(
            places=places.astype(np.int64),
            lemmas=words[:, 2],
            tags=words[:, 3],
            deps=words[:, 4],
            names=words[:, 6],
            inner=(words[:, 7] == 1).astype(np.int64),
            heads=number[heads].astype(np.int64),
            cases=cases,
            states=states,
            quotes=quotes,
            sentences=sentences.astype(np.int64),
            paragraphs=paragraphs,
            firsts=firsts.astype(np.int64),
        )

    @classmethod
    def join(cls, parts: list[Traits]) -> Traits:
        """Put documents one behind the other; ``places`` stay those in their own document.

        No window reaches from one into another: their sentences' numbers lie far apart.
        """
        counts = [len(part.places) for part in parts]
        starts = np.repeat(np.cumsum(counts) - counts, counts)
        columns = {
            field.name: [getattr(part, field.name) for part in parts] for field in fields(cls)
        }
        joined = {name: np.concatenate(values) for name, values in columns.items()}
        joined["heads"] += starts
        for name in ("quotes", "sentences", "paragraphs"):
            tops = [int(getattr(part, name).max(initial=0)) + _APART for part in parts]
            above = np.repeat(np.cumsum(tops) - tops, counts)
            joined[name] = np.where(joined[name] < 0, -1, joined[name] + above)
        return cls(**joined)

    def segments(self) -> Ints:
        """Return the lengths of the stretches that are read together.

        They are paragraphs; one of more than `LONGEST` words is cut where a sentence starts, and
        a sentence that is longer still is cut anywhere.
        """
        lengths = []
        edges = np.flatnonzero(np.diff(self.paragraphs, prepend=-1, append=-1))
        for start, end in pairwise(edges.tolist()):
            while end - start > LONGEST:
                inside = np.flatnonzero(self.firsts[start + 1 : start + LONGEST + 1] == 0)
                cut = start + 1 + int(inside[-1]) if len(inside) else start + LONGEST
                lengths.append(cut - start)
                start = cut
            lengths.append(end - start)
        return np.array(lengths, np.int64)


def sentences_rank(sentences: Ints) -> Ints:
    """Return for each word how many sentences with words start before its own."""
    return np.cumsum(np.diff(sentences, prepend=sentences[:1]) != 0)


def _paragraphs(doc: Doc, space: NDArray[np.bool_], places: Ints) -> Ints:
    """Number the paragraphs: a line break between words ends one."""
    breaks = np.zeros(len(doc), np.int64)
    for i in np.flatnonzero(space).tolist():
        breaks[i] = "\n" in doc[i].text
    return np.cumsum(breaks)[places].astype(np.int64)


def _quotations(doc: Doc, keys: NDArray[np.uint64], paragraphs: Ints) -> tuple[Ints, Ints]:
    """Return each word's state and the number of its quotation; none runs over a paragraph."""
    strings = doc.vocab.strings
    opening, closing, straight = (
        np.isin(keys, np.array([strings[mark] for mark in marks], np.uint64))
        for marks in (_OPENING, _CLOSING, _STRAIGHT)
    )
    states = np.full(len(keys), OUTSIDE, np.int64)
    quotes = np.full(len(keys), -1, np.int64)
    opened, count = -1, 0
    ends = np.flatnonzero(np.diff(paragraphs, append=-1)) + 1
    for mark in [*np.flatnonzero(opening | closing | straight).tolist(), len(keys)]:
        if opened >= 0 and (mark == len(keys) or paragraphs[mark] != paragraphs[opened]):
            end = int(ends[np.searchsorted(ends, opened, side="right")])
            states[opened + 1 : end], quotes[opened:end] = UNCLOSED, count
            opened, count = -1, count + 1
        if mark == len(keys):
            break
        if opened >= 0 and not opening[mark]:
            states[opened + 1 : mark], quotes[opened : mark + 1] = INSIDE, count
            states[mark] = CLOSES
            opened, count = -1, count + 1
        elif closing[mark]:
            states[mark] = LONE
        else:
            if opened >= 0:
                states[opened] = LONE
            states[mark] = OPENS
            opened = mark
    return states, quotes
