"""What ``mappings/linking.yaml`` says: kinds and types, spellings, weights, thresholds, schemes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from accord.errors import VocabularyError
from accord.resources import resource
from accord.yamls import read_yaml


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Names(_Strict):
    articles: list[str]
    spellings: dict[str, str]
    word_missing: float = Field(ge=0, le=1)


class _Thresholds(_Strict):
    link: float = Field(gt=0, lt=1)
    margin: float = Field(ge=0)
    review: float = Field(gt=0, lt=1)


class _File(_Strict):
    types: dict[str, list[str]]
    names: _Names
    respellings: dict[str, str]
    families: list[list[str]]
    bias: float
    weights: dict[str, float]
    thresholds: _Thresholds
    schemes: dict[str, str]


@dataclass(frozen=True, slots=True)
class Rules:
    """The file's content.

    :ivar types: by kind of subject, the classes (QIDs) one of which its item has
    :ivar articles: words of a name that say nothing, in lower case
    :ivar spellings: what is respelt, in order
    :ivar word_missing: what is left of the likeness of names with different numbers of words
    :ivar respellings: what a word may be spelt like instead
    :ivar families: words, in lower case, that are one word in several spellings
    :ivar weights: by feature; see :mod:`accord.linking.scoring`
    :ivar link: confidence from which the best candidate is a link
    :ivar margin: by how much its odds (their natural logarithm) must exceed the second's
    :ivar review: confidence from which a candidate is kept for a person to look at
    :ivar schemes: IRI of a code by scheme, with ``{code}`` in the code's place
    """

    types: Mapping[str, frozenset[str]]
    articles: frozenset[str]
    spellings: tuple[tuple[re.Pattern[str], str], ...]
    word_missing: float
    respellings: tuple[tuple[re.Pattern[str], str], ...]
    families: tuple[tuple[str, ...], ...]
    bias: float
    weights: Mapping[str, float]
    link: float
    margin: float
    review: float
    schemes: Mapping[str, str]


@cache
def rules() -> Rules:
    """Read the file once.

    :raises VocabularyError: naming the file, the key and what is wrong there
    """
    return read_rules(resource("mappings", "linking.yaml"))


def read_rules(path: Path) -> Rules:
    """Read a file of rules.

    :raises VocabularyError: as :func:`rules`
    """
    try:
        given = _File.model_validate(read_yaml(path))
        spellings, respellings = (
            tuple((re.compile(pattern, re.I), text) for pattern, text in table.items())
            for table in (given.names.spellings, given.respellings)
        )
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise VocabularyError(f"{path}: {where or 'the file'}: {first['msg']}.") from error
    except re.error as error:
        raise VocabularyError(f"{path}: the pattern {error.pattern!r}: {error}.") from error
    wrong = [name for name, iri in given.schemes.items() if "{code}" not in iri]
    if wrong:
        raise VocabularyError(f"{path}: schemes.{wrong[0]} has no {{code}} in it.")
    return Rules(
        types={kind: frozenset(classes) for kind, classes in given.types.items()},
        articles=frozenset(given.names.articles),
        spellings=spellings,
        word_missing=given.names.word_missing,
        respellings=respellings,
        families=tuple(tuple(family) for family in given.families),
        bias=given.bias,
        weights=given.weights,
        link=given.thresholds.link,
        margin=given.thresholds.margin,
        review=given.thresholds.review,
        schemes=given.schemes,
    )
