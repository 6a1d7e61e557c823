"""Mends mistakes that a parser makes time and again in the prose of news agencies.

Each repair looks for one impossible or very unlikely configuration and puts the reading in its
place that the order of words allows. It works on the plain lists of a
:class:`~accord.language.syntax.parse.Parse`, before a tree is built of them; tokens are their
indices. The words that it asks for are in ``mappings/words/repairs.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterable

from accord.language.syntax.parse import Parse
from accord.language.syntax.repairs import clauses, phrases, words


def mend(parse: Parse) -> None:
    """Apply all repairs, in an order in which each can build on those before."""
    for i in range(len(parse.words)):
        words.base_form(parse, i)
        words.participle(parse, i)
        words.gerund(parse, i)
    # Some repairs look for a word of their own, which most words are not.
    forms = parse.forms
    own = forms["have"] | parse.calling | {"between"} | forms["spans"] | forms["roughly"]
    for start, end in _sentences(parse.starts, len(parse.words)):
        clauses.joined(parse, start, end)
        clauses.fronted(parse, start, end)
        for i in range(start, end):
            special = parse.words[i] in own
            clauses.headline(parse, i)
            if special:
                clauses.perfect(parse, i)
            clauses.governed(parse, i)
            clauses.beyond(parse, i)
            phrases.noun_phrases(parse, i)
            if special:
                clauses.called(parse, i, end)
            clauses.reported(parse, i, start, end)
            phrases.together(parse, i)
            if special:
                phrases.between(parse, i, end)
                phrases.span_of_time(parse, i)
                phrases.about(parse, i)
            clauses.aside(parse, i)
            clauses.loyal(parse, i, end)


def _sentences(starts: Iterable[int], size: int) -> list[tuple[int, int]]:
    found = sorted(starts)
    return list(zip(found, [*found[1:], size][: len(found)], strict=True))
