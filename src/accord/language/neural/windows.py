"""The words around a cue, and how each of them stands to it.

Training and run time both come here, so that they cannot differ. A window reaches one sentence
back and two forward and holds some 120 words at most, so all windows together grow with the
text and not faster. N is the number of words in all windows of a document.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accord.language.neural.network import Ints
from accord.language.neural.traits import Traits

#: Words before and behind a cue that its window holds at most, and sentences that are told apart.
BEFORE, BEHIND = 56, 64
SENTENCES_BEFORE, SENTENCES_BEHIND = 2, 3
#: Sentences that are in a window at all: a wider one finds no more, and costs a third more.
REACH_BEFORE, REACH_BEHIND = 1, 2
#: Steps of a climb through the parse, and ancestors of a cue that count.
CLIMB, ANCESTORS = 24, 6

#: Where one bucket of distances ends and the next starts.
_STEPS = np.array([1, 2, 3, 4, 5, 6, 8, 11, 16, 24, 36])
#: Numbers of the values of each relation.
DISTANCES = 2 * len(_STEPS) + 1
SENTENCES = SENTENCES_BEFORE + SENTENCES_BEHIND + 1
PARAGRAPHS = 5
QUOTES = 8
LEVELS = ANCESTORS + 2
#: A branch is told apart under the cue, under its head, and under what is higher.
BRANCHES = 3


@dataclass(slots=True)
class Windows:
    """The windows of a document's cues, one behind the other.

    ``lengths`` has one item for each cue. All others have N: ``words`` are places among the
    document's words, ``owners`` numbers of cues; the others are relations to the cue:
    ``distances``, ``sentences``, ``paragraphs``, ``quotes``, ``levels`` (which ancestor of the
    cue the word hangs below), ``branches`` (the word's ancestor right below that one) with
    ``ranks`` (0 to 2, see `BRANCHES`).
    """

    lengths: Ints
    words: Ints
    owners: Ints
    distances: Ints
    sentences: Ints
    paragraphs: Ints
    quotes: Ints
    levels: Ints
    branches: Ints
    ranks: Ints

    @classmethod
    def of(cls, traits: Traits, starts: Ints, ends: Ints) -> Windows:
        """Make the windows of cues.

        :param starts: the first word of each cue; ``ends``: the one after its last, likewise
        """
        number = traits.sentences
        edges = np.searchsorted(number, number[starts] - REACH_BEFORE, side="left")
        low = np.maximum(edges, starts - BEFORE)
        edges = np.searchsorted(number, number[starts] + REACH_BEHIND, side="right")
        high = np.minimum(np.maximum(edges, ends), ends + BEHIND)
        lengths = (high - low).astype(np.int64)
        offsets = np.cumsum(lengths) - lengths
        owners = np.repeat(np.arange(len(starts)), lengths)
        words = np.arange(len(owners)) - offsets[owners] + low[owners]
        start, last = starts[owners], ends[owners] - 1
        gap = np.where(words < start, start - words, np.maximum(words - last, 0))
        bucket = np.searchsorted(_STEPS, gap, side="right")
        distances = np.where(words < start, -bucket, bucket) + len(_STEPS)
        sentences = np.clip(
            number[words] - number[start] + SENTENCES_BEFORE, 0, SENTENCES_BEFORE + SENTENCES_BEHIND
        )
        apart = traits.paragraphs[words] - traits.paragraphs[start]
        levels, branches = _climb(traits, starts, ends, words, owners, offsets, low, lengths)
        return cls(
            lengths=lengths,
            words=words,
            owners=owners,
            distances=distances,
            sentences=sentences,
            paragraphs=np.clip(apart, -2, 2) + 2,
            quotes=_quotes(traits.quotes, starts, ends, words, owners),
            levels=levels,
            branches=branches,
            ranks=np.minimum(levels, BRANCHES - 1),
        )


def _quotes(quotes: Ints, starts: Ints, ends: Ints, words: Ints, owners: Ints) -> Ints:
    """Return how each word's quotation stands to the cue's (`QUOTES` values)."""
    count = len(quotes)
    inside = quotes >= 0
    # The nearest quoted word before and behind each place.
    before = np.maximum.accumulate(np.where(inside, np.arange(count), -1))
    behind = np.minimum.accumulate(np.where(inside, np.arange(count), count)[::-1])[::-1]
    left = np.where(starts > 0, before[np.maximum(starts - 1, 0)], -1)
    right = np.where(ends < count, behind[np.minimum(ends, count - 1)], count)
    padded = np.append(quotes, -2)
    mine, cue = quotes[words], quotes[starts][owners]
    result = np.where(cue >= 0, 2, 0)
    result = np.where((mine >= 0) & (words < starts[owners]), 4, result)
    result = np.where((mine >= 0) & (words >= ends[owners]), 5, result)
    result = np.where((mine >= 0) & (mine == padded[left][owners]), 6, result)
    result = np.where((mine >= 0) & (mine == padded[right][owners]), 7, result)
    result = np.where((cue >= 0) & (mine >= 0), 3, result)
    return np.where((cue >= 0) & (mine == cue), 1, result).astype(np.int64)


def _climb(
    traits: Traits,
    starts: Ints,
    ends: Ints,
    words: Ints,
    owners: Ints,
    offsets: Ints,
    low: Ints,
    lengths: Ints,
) -> tuple[Ints, Ints]:
    """Return which ancestor of the cue each word hangs below, and through which word."""
    heads = traits.heads
    # A cue's own head is its first word that hangs outside it.
    inner = owners[(words >= starts[owners]) & (words < ends[owners])]
    mine = words[(words >= starts[owners]) & (words < ends[owners])]
    outside = (heads[mine] < starts[inner]) | (heads[mine] >= ends[inner]) | (heads[mine] == mine)
    top = starts.copy()
    top[inner[outside][::-1]] = mine[outside][::-1]
    marks = np.full(len(words), LEVELS - 1, np.int64)
    node = top
    for level in range(ANCESTORS + 1):
        spot = node - low
        seen = (spot >= 0) & (spot < lengths)
        flat = (offsets + spot)[seen]
        marks[flat] = np.minimum(marks[flat], level)
        node = heads[node]
    below = marks.copy()
    branch = words.copy()
    open_ = np.flatnonzero(below == LEVELS - 1)
    node = words[open_]
    for _ in range(CLIMB):
        if not len(open_):
            break
        branch[open_] = node
        above = heads[node]
        owner = owners[open_]
        spot = above - low[owner]
        seen = (spot >= 0) & (spot < lengths[owner]) & (above != node)
        mark = np.where(seen, marks[np.where(seen, offsets[owner] + spot, 0)], LEVELS - 1)
        below[open_] = mark
        go_on = seen & (mark == LEVELS - 1)
        open_, node = open_[go_on], above[go_on]
    return below, branch
