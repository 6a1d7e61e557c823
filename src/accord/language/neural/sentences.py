"""Where sentences start: a small network over a window of words and their layout."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.scorer import Scorer
from spacy.tokens import Doc
from spacy.training import Example

from accord.language.neural.network import Floats, product
from accord.language.neural.parts import Part, read, write
from accord.language.neural.words import normal, straight

#: Rows of the hashed tables of words and of shapes.
WORD_ROWS = 6000
SHAPE_ROWS = 600
#: Words seen before and after the place in question.
BEFORE = 6
AFTER = 6
#: Layout of a word: whether there is a space before it.
LAYOUT = 1

#: Quotation marks that do not say by themselves whether they open or close.
DOUBLE = ('"', "``", "''")
SINGLE = ("'", "`")

#: Marks that belong to the sentence before them where no space stands between.
CLOSING = ("”", "’", ")", "]", "}", ",", ".", "!", "?", ":", ";", "…", "...")

_UPPER = re.compile(r"[A-ZÀ-Þ]")
_LOWER = re.compile(r"[a-zß-ÿ]")
_DIGIT = re.compile(r"[0-9]")
_REPEAT = re.compile(r"(.)\1{2,}")


def shape(word: str) -> str:
    """Return a word's shape: ``Xxx``, ``dd``, marks as they are, runs cut to two."""
    drawn = _DIGIT.sub("d", _LOWER.sub("x", _UPPER.sub("X", word)))
    return _REPEAT.sub(r"\1\1", drawn)[:6]


def directed(word: str, before: bool, after: bool) -> str:
    """Return a quotation mark as the curly one that its spaces say it is; other words as they are.

    :param before: whether there is a space before it; ``after``: likewise.
    """
    if word in DOUBLE:
        return "“" if before and not after else "”"
    if word in SINGLE:
        return "‘" if before and not after else "’"
    return word


def rows(word: str) -> tuple[int, int]:
    """Return the rows of a word and its shape in the hashed tables (row 0 is kept free)."""
    key = normal(word) if len(word) > 1 else straight(word)
    return (
        1 + zlib.crc32(key.encode()) % (WORD_ROWS - 1),
        1 + zlib.crc32(shape(straight(word)).encode()) % (SHAPE_ROWS - 1),
    )


class SentenceSplitter(Part):
    """Sets ``is_sent_start`` of every word where nothing set it before."""

    def ready(self) -> None:
        """Start with no word remembered."""
        self.memory: dict[int, int] = {}
        size = self.weights["word"].shape[1] if self.weights else 0
        self.table: Floats = np.zeros((4096, size), np.float32)

    def vectors(self, keys: NDArray[np.uint64]) -> Floats:
        """Return the sum of both tables' rows for each word, by its string's id."""
        unique, inverse = np.unique(keys, return_inverse=True)
        if len(self.memory) + len(unique) > 40_000:
            self.ready()
        places = []
        for key in unique.tolist():
            place = self.memory.get(key)
            if place is None:
                place = len(self.memory)
                if place == len(self.table):
                    self.table = np.concatenate([self.table, np.zeros_like(self.table)])
                word, form = rows(self.vocab.strings[key])
                self.table[place] = self.weights["word"][word] + self.weights["shape"][form]
                self.memory[key] = place
            places.append(place)
        out: Floats = self.table[np.array(places)[inverse]]
        return out

    def __call__(self, doc: Doc) -> Doc:
        """Split one doc; one of white space only is one sentence."""
        if len(doc) and all(token.is_space for token in doc):
            write(doc, ["SENT_START"], np.array([[1], *[[-1]] * (len(doc) - 1)]))
        return super().__call__(doc)

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Split docs, one after the other."""
        yield from map(self, stream)

    def annotate(self, docs: list[Doc]) -> None:
        """Split docs into sentences."""
        for doc in docs:
            table = read(doc, ["ORTH", "IS_SPACE", "SENT_START", "SPACY"])
            words = np.flatnonzero(table[:, 1] == 0)
            if not len(words):
                continue
            given = table[words, 2].view(np.int64)
            marks = layout(table, words)
            after = table[words, 3] == 1
            after[:-1] |= np.diff(words) > 1  # white space that is a token of its own
            after[-1] = True
            keys = self.direct(table[words, 0], marks[:, 0] > 0, after)
            scores = self.scores(keys, marks, given == 1)
            starts = np.where(scores > 0, 1, -1).astype(np.int64)
            self.mend(starts, keys, marks[:, 0] > 0)
            starts = np.where(given != 0, given, starts)
            starts[0] = 1
            values = np.full(len(doc), -1, np.int64)
            values[words] = starts
            if words[0] > 0:
                values[words[0]] = -1
            values[0] = 1
            write(doc, ["SENT_START"], values.reshape(-1, 1))

    def mend(
        self, starts: NDArray[np.int64], keys: NDArray[np.uint64], before: NDArray[np.bool_]
    ) -> None:
        """Undo, in place, starts that hardly can be: at a mark that closes, after a comma or colon.

        After a colon on the same line the treebanks' dev sets have fewer starts than the network
        finds wrongly (10 against 16).
        """
        ids = [self.vocab.strings[mark] for mark in CLOSING]
        closing = np.isin(keys, np.array(ids, np.uint64)) & ~before
        comma = keys == np.uint64(self.vocab.strings[","])
        # What closes belongs to the sentence before; that sentence ends after it.
        for place in np.flatnonzero(closing & (starts == 1)).tolist():
            starts[place] = -1
            if place + 1 < len(starts) and not closing[place + 1]:
                starts[place + 1] = 1
        colon = keys == np.uint64(self.vocab.strings[":"])
        starts[1:][comma[:-1] | colon[:-1]] = -1
        starts[2:][comma[:-2] & closing[1:-1]] = -1

    def direct(
        self, keys: NDArray[np.uint64], before: NDArray[np.bool_], after: NDArray[np.bool_]
    ) -> NDArray[np.uint64]:
        """Exchange straight quotation marks for curly ones, as `directed` does."""
        opens = before & ~after
        strings = self.vocab.strings
        for straights, left, right in ((DOUBLE, "“", "”"), (SINGLE, "‘", "’")):
            found = np.isin(keys, np.array([strings[mark] for mark in straights], np.uint64))
            if found.any():
                keys = np.where(found & opens, np.uint64(strings.add(left)), keys)
                keys = np.where(found & ~opens, np.uint64(strings.add(right)), keys)
        return keys

    def scores(self, keys: NDArray[np.uint64], marks: Floats, breaks: NDArray[np.bool_]) -> Floats:
        """Score each word as the first of a sentence (above 0: it is).

        :param breaks: words that are known to start a sentence: no window looks across them.
        """
        w = self.weights
        x = np.concatenate([self.vectors(keys), marks], axis=1)
        count, width = len(x), x.shape[1]
        gap = max(BEFORE, AFTER)
        part = np.cumsum(breaks & (np.arange(count) > 0))
        places = gap + np.arange(count) + gap * part
        padded = np.zeros((int(places[-1]) + 1 + gap, width), np.float32)
        padded[places] = x
        windows = np.lib.stride_tricks.as_strided(
            padded,
            (len(padded) - BEFORE - AFTER, (BEFORE + 1 + AFTER) * width),
            (padded.strides[0], padded.strides[1]),
            writeable=False,
        )
        hidden = product(windows[places - BEFORE], w["hidden.weight"])
        hidden += w["hidden.bias"]
        np.maximum(hidden, 0, out=hidden)
        out: Floats = product(hidden, w["out.weight"])[:, 0] + w["out.bias"][0]
        return out

    def score(self, examples: list[Example], **kwargs: Any) -> dict[str, Any]:
        """Score sentences."""
        scores = Scorer.score_spans(
            examples, "sents", has_annotation=lambda doc: doc.has_annotation("SENT_START"), **kwargs
        )
        scores.pop("sents_per_type", None)
        return scores


def layout(table: NDArray[np.uint64], words: NDArray[np.int64]) -> Floats:
    """Return the layout marks of a doc's words (words x `LAYOUT`)."""
    before = words - 1
    spaced = (table[before, 3] == 1) | (table[before, 1] == 1)
    spaced[0] = True
    marks: Floats = spaced.astype(np.float32)[:, None]
    return marks


@Language.factory(
    "accord_sentences",
    assigns=["token.is_sent_start"],
    default_score_weights={"sents_f": 0.1},
)
def create_sentences(nlp: Language, name: str) -> SentenceSplitter:
    """Make the component that finds sentence starts."""
    return SentenceSplitter(nlp.vocab, name)
