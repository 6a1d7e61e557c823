"""Acronyms: of which name they are, and how texts introduce them."""

from __future__ import annotations

import re
from functools import cache

from accord.language.wordlists import word_lists

#: An acronym behind a name: "(SPLM-IO)", "(MoD)", "(the AA)".
INTRODUCED = re.compile(r"\((?:the |or |[“\"])?([A-Z][\w.]*[A-Z0-9](?:[-/]?[A-Z0-9]+)*)[”\"]?\)")
#: The words of a name are looked for so many characters before its acronym.
_BACK = 120
CAPITALS = re.compile(r"[A-Z][\w.]*[A-Z0-9](?:[-/]?[A-Z0-9]+)*")


def main_words(text: str, small: frozenset[str]) -> list[str]:
    """Return the words of a name that acronyms do not leave out, in capitals."""
    words = re.findall(r"[^\W\d_]+(?:['’]\w+)?", text)
    return [word.upper() for word in words if word.lower() not in small]


def initials(text: str, small: frozenset[str]) -> str:
    """Return the first letters of a name."""
    return "".join(word[0] for word in main_words(text, small))


def spelt_out(text: str) -> dict[str, list[str]]:
    """Return the words that stand before an acronym where a text introduces it.

    Only such words count as begin with its letters: "South African Airways (SAA)".
    """
    found: dict[str, list[str]] = {}
    for match in INTRODUCED.finditer(text):
        letters = match.group(1)
        words = re.findall(r"[^\W\d_]+", text[max(0, match.start() - _BACK) : match.start()])
        words = [word for word in words if word[0].isupper()][-len(letters) :]
        if "".join(word[0] for word in words) == letters:
            found.setdefault(letters, words)
    return found


def abbreviates(letters: str, words: list[str]) -> bool:
    """Whether letters are made of one to three first ones of each word: MODEL, SPLM, UNICEF."""
    if not words or not letters:
        return not words and not letters
    return any(
        letters[:size] == words[0][:size] and abbreviates(letters[size:], words[1:])
        for size in (1, 2, 3)
        if size <= min(len(letters), len(words[0]))
    )


@cache
def known_as() -> tuple[re.Pattern[str], ...]:
    """Return the phrases that introduce another name, the longest first."""
    phrases = sorted(word_lists("organisations")["known_as"], key=len, reverse=True)
    return tuple(re.compile(rf"\b{re.escape(phrase)}(?!\w)", re.IGNORECASE) for phrase in phrases)
