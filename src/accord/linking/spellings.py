"""What is asked of Wikidata, and in which spellings: ``mappings/wikidata.yaml``."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from accord.errors import VocabularyError
from accord.resources import resource
from accord.yamls import read_yaml

UPPER = r"\U"
"""In the place of a spelling's replacement: what was found, in large letters."""


class Properties(BaseModel):
    """The properties of Wikidata whose values a candidate has, by what they say."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    types: list[str]
    superclasses: list[str]
    countries: list[str]
    inception: list[str]
    dissolved: list[str]
    related: list[str]

    @property
    def of_items(self) -> list[str]:
        """All properties of an item that is a candidate."""
        lists = (self.types, self.countries, self.inception, self.dissolved, self.related)
        return [name for names in lists for name in names]


class Wishes(BaseModel):
    """The file ``mappings/wikidata.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    languages: list[str] = Field(min_length=1)
    spellings: list[tuple[re.Pattern[str], str]]
    most_spellings: int
    unwanted: list[str]
    most_candidates: int
    properties: Properties
    names_a_request: int
    items_a_request: int = Field(le=50)
    queries_a_request: int


@lru_cache(maxsize=1)
def wishes() -> Wishes:
    """Return the file.

    :raises VocabularyError: if it has not the form of :class:`Wishes`
    """
    path = resource("mappings", "wikidata.yaml")
    try:
        return Wishes.model_validate(read_yaml(path))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise VocabularyError(f"{path}: {place}: {first['msg']}.") from error


def spellings(name: str) -> list[str]:
    """Return a name as written, then in other spellings, at most ``most_spellings`` of them.

    >>> spellings("Hay’at Tahrir al-Sham")[:3]
    ['Hay’at Tahrir al-Sham', "Hay'at Tahrir al-Sham", 'Hayat Tahrir al-Sham']
    """
    given = wishes()
    written = " ".join(name.split())
    found = dict.fromkeys((written, _plain(written)))
    for pattern, replacement in given.spellings:
        for known in list(found):
            if replacement == UPPER:
                other = pattern.sub(lambda match: match[0].upper(), known)
            else:
                other = pattern.sub(replacement, known)
            found.setdefault(other)
    return [spelling for spelling in found if spelling][: given.most_spellings]


def _plain(name: str) -> str:
    """Return a name without marks on its letters: "Mevlut Cavusoglu"."""
    letters = unicodedata.normalize("NFKD", name.replace("ı", "i"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
