"""An entry of a source that cannot be read: it is set aside as any other article would be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn, Self

from accord.article import Article
from accord.errors import ArticleError, AwayError


@dataclass(frozen=True, slots=True)
class Broken:
    """A location without bytes, with the reason; ``away`` says that it may have some later."""

    iri: str
    name: str
    what: str
    remedy: str = ""
    away: bool = False

    @classmethod
    def by(cls, error: ArticleError, iri: str, name: str) -> Self:
        """Return the location at which an error came up."""
        return cls(iri, name, error.what, error.remedy, isinstance(error, AwayError))

    def read(self) -> NoReturn:
        """Say why there is nothing.

        :raises ArticleError: always; :class:`AwayError` if trying again may help
        """
        raise (AwayError if self.away else ArticleError)(self.what, self.remedy)

    def article(self, content: bytes, largest: int) -> Article:
        """Say why there is nothing; see :meth:`read`."""
        self.read()
