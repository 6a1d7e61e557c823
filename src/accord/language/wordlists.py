"""The word lists of ``mappings/words/*.yaml``: linguistic knowledge that a researcher edits."""

from __future__ import annotations

from functools import cache

from accord.errors import VocabularyError
from accord.resources import resource
from accord.yamls import read_yaml


@cache
def word_lists(name: str) -> dict[str, list[str]]:
    """Return the lists of one file: names of lists to lists of words.

    :param name: the file's stem, for instance ``"actors"``
    :raises VocabularyError: naming the file, and the line or the list that is wrong
    """
    path = resource("mappings", "words", f"{name}.yaml")
    data = read_yaml(path)
    if not isinstance(data, dict):
        raise VocabularyError(f"{path}: expected lists of words, each with a name.")
    for key, words in data.items():
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            # YAML reads the bare words no, yes, on and off as truth values.
            raise VocabularyError(
                f"{path}: {key!r} is not a list of words.", "Quote words such as 'no' and 'on'."
            )
    return data


@cache
def word_sets(name: str) -> dict[str, frozenset[str]]:
    """Return the lists of one file as sets, for looking words up; see :func:`word_lists`."""
    return {key: frozenset(words) for key, words in word_lists(name).items()}
