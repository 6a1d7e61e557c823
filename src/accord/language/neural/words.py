"""What the network sees of a word: a normal form, and its characters as small numbers.

Training and run time both come here, so that they cannot differ.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: Characters kept of one word; of a longer one the first and last halves.
MAX_CHARS = 18
#: Size of the alphabet: 0 pads, 1 is any character outside ASCII, 2 and 3 mark start and end,
#: 4 and 5 are the curly double quotes, 6 and 7 the single ones; ASCII keeps its code points.
ALPHABET = 128
WIDTH = MAX_CHARS + 2

_SPECIAL = {"“": 4, "”": 5, "‘": 6, "’": 7}
_DIGITS = re.compile(r"[0-9]")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "ʼ": "'", "ʻ": "'", "‛": "'"})


def straight(word: str) -> str:
    """Write the apostrophes inside a word straight; a quotation mark alone stays as it is."""
    return word.translate(_APOSTROPHES) if len(word) > 1 else word


def normal(word: str) -> str:
    """Return the key of a word in the word tables: lower case, straight, digits as 0."""
    return _DIGITS.sub("0", straight(word).lower())


@lru_cache(maxsize=4096)
def _char(char: str) -> int:
    if char in _SPECIAL:
        return _SPECIAL[char]
    base = unicodedata.normalize("NFKD", char)[0]
    code = ord(base)
    return code if 32 <= code < ALPHABET else 1


def characters(word: str) -> list[int]:
    """Return `WIDTH` character numbers: start mark, the word, end mark, padding."""
    word = straight(word)
    if len(word) > MAX_CHARS:
        half = MAX_CHARS // 2
        word = word[:half] + word[-half:]
    codes = [2, *(_char(char) for char in word), 3]
    return codes + [0] * (WIDTH - len(codes))
