"""The tokens of a SPARQL query: enough of its grammar to tell keywords from what hides them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

FORMS = ("SELECT", "CONSTRUCT", "DESCRIBE", "ASK")
"""The forms of a query."""

# Terminals of the SPARQL 1.1 grammar (section 19.8), as far as they hide or are what is looked for.
# The order matters: an IRI may hold what looks like a comment, and a string anything.
_TOKEN = re.compile(
    r"""
      (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    | (?P<string>\"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
                | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
    | (?P<comment>\#[^\n\r]*)
    | (?P<variable>[?$]\w+)
    | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    | (?P<name>[\w-]*:(?:[\w:%-]|\\.|\.(?=[\w:%\\-]))*)
    | (?P<word>@?[A-Za-z_][\w-]*)
    | (?P<operator>&&|\|\||\^\^|[!<>]?=|<<\(?|\)?>>|[][(){}.;,!+*/|^<>-])
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its kind (iri, string, variable, number, name, word, operator) and its text."""

    kind: str
    text: str

    @property
    def word(self) -> str:
        """The keyword in capitals, or '' if it is none."""
        return self.text.upper() if self.kind == "word" else ""


def tokens(sparql: str) -> Iterator[Token]:
    """Yield the tokens of a query without its comments; what is no token is left out."""
    for match in _TOKEN.finditer(sparql):
        kind = match.lastgroup or ""
        if kind != "comment":
            yield Token(kind, match[0])


def query_form(sparql: str) -> str | None:
    """Return which of ``FORMS`` a query has; None if it is no query."""
    words = (token.word for token in tokens(sparql))
    return next((word for word in words if word in FORMS), None)
