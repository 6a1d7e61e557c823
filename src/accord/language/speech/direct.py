"""Direct speech: whose words stand between quotation marks."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from accord.language.speech.quotes import Quotation, paragraphs
from accord.language.speech.sources import Cue
from accord.language.syntax import Tree

#: How far behind a closing quotation mark its cue may stand, and before an opening one.
_BEHIND = 30
#: After a full stop inside the quotation only a short clause can still name its speaker.
_SHORT = 12
#: Of the cues before a quotation, so many of the last may be of another speaker.
_SINCE = 6
_ENDS = frozenset({".", "“", '"', "?", "!"})


def spoken(
    tree: Tree, quotations: list[Quotation], cues: list[Cue]
) -> Iterator[tuple[Quotation, Cue]]:
    """Yield each quotation whose speaker is known, with the cue that names the speaker.

    A cue stands behind the quotation ("...," he said) or before it (he said: "..."); without one,
    the last speaker goes on, in the same paragraph or in one that opens with a quotation mark,
    unless somebody else has spoken since.

    :param cues: in the order of the text
    """
    numbers = paragraphs(tree.doc)
    tokens = [cue.token for cue in cues]
    last: Cue | None = None
    previous: Quotation | None = None
    for quotation in quotations:
        at = bisect_left(tokens, quotation.end)
        cue = _behind(tree, quotation, cues[at : at + 3], numbers)
        cue = cue or _ahead(tree, quotation, cues[max(0, at - 4) : at], numbers)
        if cue is None and last is not None and previous is not None:
            near = quotation.paragraph - previous.paragraph
            others = any(
                previous.end <= other.token and other.speaker != last.speaker
                for other in cues[max(0, at - _SINCE) : at]
            )
            if not others and (near == 0 or (near <= 2 and _opens(quotation, numbers))):
                cue = last
        if cue is not None:
            yield quotation, cue
            last, previous = cue, quotation


def _behind(tree: Tree, quotation: Quotation, cues: list[Cue], numbers: list[int]) -> Cue | None:
    for cue in cues:
        if cue.token - quotation.end > _BEHIND or numbers[cue.token] != quotation.paragraph:
            break
        between = tree.words[quotation.end + 1 : min(cue.token, cue.source)]
        if _ENDS.intersection(between):
            break
        stopped = tree.words[quotation.end - 1] == "."
        if stopped and max(cue.token, cue.source) - quotation.end > _SHORT:
            break
        return cue
    return None


def _ahead(tree: Tree, quotation: Quotation, cues: list[Cue], numbers: list[int]) -> Cue | None:
    for cue in reversed(cues):
        if cue.token >= quotation.start:
            continue
        between = tree.words[cue.token + 1 : quotation.start - 1]
        if "." in between or len(between) > _BEHIND:
            break
        if numbers[cue.token] != quotation.paragraph:
            break
        return cue
    return None


def _opens(quotation: Quotation, numbers: list[int]) -> bool:
    """Whether a quotation is the first thing in its paragraph."""
    mark = quotation.start - 1
    return mark <= 0 or numbers[mark - 1] != numbers[mark]
