"""Lemmas as rules that turn a word into its lemma, so that a classifier can choose among them.

A rule is ``case|cut|ending``: how the word's case changes, how many characters go at its end, and
what is put there instead (the idea of UDPipe's lemmatiser: Straka et al., CoNLL 2018).
"""

from __future__ import annotations

from accord.language.neural.words import straight


def rule(word: str, lemma: str) -> str:
    """Return the rule that turns a word into its lemma (``l`` lower, ``k`` keep, ``c`` capital)."""
    word, lemma = straight(word), straight(lemma)
    candidates = []
    for case in "lkc":
        base = _cased(word, case)
        same = 0
        while same < min(len(base), len(lemma)) and base[same] == lemma[same]:
            same += 1
        candidates.append((len(base) - same + len(lemma) - same, case, len(base) - same, same))
    # Keeping the case wins where it changes nothing, as for names.
    best = min(candidates, key=lambda item: (item[0], "lkc".index(item[1])))
    _, case, cut, same = best
    if same == 0 and cut:
        return f"={lemma}"
    return f"{case}|{cut}|{lemma[same:]}"


def apply(rule_: str, word: str) -> str:
    """Apply a rule; a word too short for it stays as it is."""
    if rule_.startswith("="):
        return rule_[1:]
    case, cut, ending = rule_.split("|", 2)
    base = _cased(straight(word), case)
    if int(cut) > len(base):
        return base
    return base[: len(base) - int(cut)] + ending


def _cased(word: str, case: str) -> str:
    if case == "l":
        return word.lower()
    if case == "c":
        return word[:1].upper() + word[1:].lower()
    return word
