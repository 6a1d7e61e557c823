"""Load the language pipeline: the shipped model, or any other that spaCy can load."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import spacy
from spacy.language import Language

# These register the factories that the model's config names.
from accord.language import lines, tokenizer  # noqa: F401
from accord.language.neural import (  # noqa: F401
    components,
    entities,
    parsing,
    sentences,
    utterances,
)

#: Where the shipped model lies.
MODEL = Path(__file__).parent / "model"


@lru_cache(maxsize=4)
def load(name: str | None = None) -> Language:
    """Return a pipeline, the same object for the same name.

    :param name: an installed spaCy package or the path of a model; the shipped model without it.
    :raises OSError: where no such package or folder is.
    """
    return spacy.load(MODEL if name is None else name)
