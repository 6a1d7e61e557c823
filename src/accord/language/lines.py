"""Sentence starts that the layout gives away: headlines, datelines, bullets, paragraphs.

A date on a line of its own, between headline and text, is known by its form even where the line
breaks were lost.

A blank line always ends a sentence. A single line break does too, unless the text is wrapped at a
fixed width, as mail and some agencies' copies are.
"""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc

from accord.language.neural.parts import write

#: A line of wrapped text is at least this long where it breaks, and none is longer than the other.
SHORTEST_WRAPPED = 45
LONGEST_WRAPPED = 100

_BULLETS = frozenset("•‣◦▪●*-–—·o")
_STOPS = frozenset([".", "!", "?", ":", '"', "”", "’", "'", ")", "]", "…", "..."])


def is_wrapped(text: str) -> bool:
    """Say whether a text's single line breaks only wrap it at a fixed width."""
    lines = text.split("\n")
    if max(map(len, lines)) > LONGEST_WRAPPED:
        return False
    breaks = [(a, b) for a, b in pairwise(lines) if a.strip() and b.strip()]
    if len(breaks) < 2:
        return False
    wrapped = sum(len(a) >= SHORTEST_WRAPPED and b.lstrip()[:1].islower() for a, b in breaks)
    return wrapped >= 0.3 * len(breaks)


def newlines(doc: Doc) -> list[int]:
    """Return for each token how many line breaks stand between it and the word before it."""
    counts = [0] * len(doc)
    waiting = 0
    for token in doc:
        if token.is_space:
            waiting += token.text.count("\n")
        else:
            counts[token.i] = waiting
            waiting = 0
    return counts


#: How an agency opens its report: ``ADEN (Agency) -``, ``BOGOTA, Nov 10 --``, ``Juba – ``. What
#: follows is a sentence of its own.
_OPENING = re.compile(
    r"^[ \t“\"]*(?:"
    r"[A-Z][A-ZÀ-Þ.'’/-]+(?:[ ,/-]{1,2}[A-ZÀ-Þ0-9][\w.'’/-]*){0,8},?(?: ?\([^()\n]{2,40}\))?\s*"
    r"|[A-ZÀ-Þ][\w'’-]+(?:[ ,/]{1,2}[A-ZÀ-Þ0-9][\w.'’-]*){0,6},?"
    r"(?: ?\([^()\n]{2,40}\)\s*| (?=[–—]))"
    r")(?:—|–|--?)[ \xa0]+(?=[A-ZÀ-Þ“\"‘0-9])",
    re.MULTILINE,
)

_DAYS = frozenset("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split())  # noqa: SIM905
_YEAR = re.compile(r"(?:19|20)[0-9]{2}$")
#: After these a date belongs to the running text.
_GOVERNORS = frozenset(
    ["on", "of", "since", "from", "until", "till", "by", "for", "before", "after"]
)


def dateline(doc: Doc, i: int) -> int:
    """Return the place after a date line that starts at token i, 0 where there is none.

    The form is ``Thursday, February 23, 2006``, with a capital after it and no preposition, comma
    or bracket before it.
    """
    if doc[i].text not in _DAYS or i + 6 >= len(doc) or i == 0:
        return 0
    _, comma, month, day, second, year, after = (token.text for token in doc[i : i + 7])
    before = doc[i - 1].text
    shaped = comma == second == "," and month.istitle() and day.isdigit() and _YEAR.match(year)
    governed = before.lower() in _GOVERNORS or before in ",(-–—"
    return i + 6 if shaped and not governed and after[:1].isupper() else 0


@Language.component("accord_line_breaks", assigns=["token.is_sent_start"])
def line_breaks(doc: Doc) -> Doc:
    """Set ``is_sent_start`` at line breaks, where nothing set it before."""
    # 1 starts a sentence, -1 does not, 0 is for others to say. Written at once: setting
    # token.is_sent_start looks at all tokens of the document each time.
    starts = np.array([token.sent_start for token in doc], np.int64)
    for i in range(len(doc)):
        end = dateline(doc, i)
        if end and starts[i] == 0 and starts[end] == 0:
            starts[[i, end]] = 1
    text = doc.text
    for opening in _OPENING.finditer(text):
        behind = doc.char_span(opening.end(), opening.end() + 1, alignment_mode="expand")
        if behind is not None and behind.start and starts[behind.start] == 0:
            starts[behind.start] = 1
    if any(token.is_space and "\n" in token.text for token in doc):
        _at_breaks(doc, starts, is_wrapped(text))
    write(doc, ["SENT_START"], starts)
    return doc


def _at_breaks(doc: Doc, starts: NDArray[np.int64], wrapped: bool) -> None:
    """Decide at each line break whether a sentence starts after it."""
    last = None  # the word before
    bulleted = False  # whether it is a bullet at the start of its line
    for token, count in zip(doc, newlines(doc), strict=True):
        if token.is_space:
            continue
        opens = last is None or count > 0
        if count and last is not None and starts[token.i] == 0:
            soft = count == 1 and wrapped
            if not soft or last.text in _STOPS or token.text in _BULLETS:
                starts[token.i] = 1
            elif token.text[:1].islower():
                starts[token.i] = -1
        elif bulleted and starts[token.i] == 0:
            starts[token.i] = -1
        bulleted = opens and token.text in _BULLETS
        last = token
