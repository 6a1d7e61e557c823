"""Numbers in words, from ``mappings/words/numbers.yaml``."""

from __future__ import annotations

from functools import cache

from accord.language.wordlists import word_lists


@cache
def number_words() -> dict[str, int]:
    """Return words for whole numbers with their values; no multipliers such as "hundred"."""
    lists = word_lists("numbers").items()
    return {word: int(key) for key, words in lists if key.isdigit() for word in words}


@cache
def scales() -> dict[str, int]:
    """Return the words that multiply the number before them, with the factor."""
    return _after("scale_")


@cache
def shares() -> dict[str, int]:
    """Return words for shares, with their percentage."""
    return _after("percent_")


def _after(prefix: str) -> dict[str, int]:
    lists = word_lists("numbers").items()
    return {
        word: int(key.removeprefix(prefix))
        for key, words in lists
        if key.startswith(prefix)
        for word in words
    }
