"""Reports behind or inside what they report: "..., officials said yesterday, ..."."""

from __future__ import annotations

from collections.abc import Container, Iterator

from accord.language.speech.attribution import Attribution, attribute
from accord.language.speech.sources import Sources
from accord.language.syntax import Tree
from accord.language.wordlists import word_sets

#: A clause has at least so many tokens; a source and what stands between it and its cue at most.
_CLAUSE, _SOURCE = 4, 10
_STOPS = frozenset({",", ".", ";", "”", '"'})
_CLAUSES = frozenset({"VERB", "AUX", "SCONJ", "CCONJ"})
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})


def clause_before(tree: Tree, start: int, end: int) -> list[tuple[int, int]]:
    """Return the clause before an inserted report, as one stretch of tokens, or nothing.

    The report stands behind a comma, and no clause of its own follows it.

    :param start: first token of the source and its cue, whichever comes first
    :param end: the token behind them
    """
    sentence = tree.doc[start].sent
    if start - sentence.start < _CLAUSE or tree.words[start - 1] != ",":
        return []
    stop = next((k for k in range(end, sentence.end) if tree.words[k] in _STOPS), sentence.end)
    behind = tree.words[end] if end < len(tree.words) else "."
    if behind not in _STOPS and behind not in word_sets("cues")["behind"]:
        return []
    if any(tree.tags[k] in _FINITE for k in range(end, stop) if behind != "without"):
        return []
    clause = range(sentence.start, start - 1)
    if not any(tree.tags[k] in _FINITE for k in clause):
        return []
    return [(sentence.start, start - 1)]


def inserted(tree: Tree, sources: Sources, known: Container[int]) -> Iterator[Attribution]:
    """Yield the inserted reports with a verb of saying whose cue is not known yet.

    :param known: tokens of cues, and of what is quoted
    """
    for i, lemma in enumerate(tree.lemmas):
        if lemma not in sources.open or tree.tags[i] not in ("VBD", "VBZ", "VBP") or i in known:
            continue
        # By the comma, and not by the parse, which is often wrong about what is inserted.
        low = max(tree.doc[i].sent.start, i - _SOURCE)
        comma = next((k for k in range(i - 1, low, -1) if tree.words[k] == ","), None)
        if comma is None or any(
            tree.pos[k] in _CLAUSES and tree.words[k - 1] != "-" for k in range(comma + 1, i)
        ):
            continue
        source = range(comma + 1, i)
        nominal = [k for k in source if tree.is_nominal(k) and tree.heads[k] not in source]
        content = clause_before(tree, comma + 1, i + 1) if nominal else []
        speaker = sources.speaker(nominal[0], True) if content else None
        if speaker is not None:
            yield attribute(
                (tree.doc[comma + 1 : i],),
                tree.doc[i : i + 1],
                tuple(tree.doc[low:high] for low, high in content),
                speaker,
                kind="indirect",
                cue_class="assert",
            )
