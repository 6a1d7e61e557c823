"""What a query for the endpoint may not do: call other servers, or be too complex to plan.

Oxigraph's own time limit holds for the evaluation of a query and not for its parsing and planning:
measured with oxigraph 0.5.13, 3,000 nested groups end the whole process, and the plan of 200 triple
patterns takes 40 seconds. So a query is looked at, token by token, before it gets there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

from accord.errors import QueryError

DEEPEST = 60
"""Brackets inside brackets."""

MOST_OPERATORS = 600
"""Operators, brackets and keywords that start a pattern."""

MOST_PATTERNS = 100
"""Ends of triple patterns: ``.`` and ``;``. The plan's time grows with their third power."""

# Terminals of the SPARQL 1.1 grammar (section 19.8), as far as they hide or are what is counted.
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
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_COUNTED = frozenset("([{!+*/|^-") | {"&&", "||", "<<", "<<("}
_PATTERNS = {"UNION", "OPTIONAL", "MINUS", "FILTER", "BIND", "EXISTS", "GRAPH", "SELECT"}


def check(sparql: str, services: Collection[str] = ()) -> None:
    """Refuse a query that calls a server which is not allowed, or that is too complex.

    Whether it is SPARQL at all is for the store to say.

    :param services: names of hosts that ``SERVICE`` may call
    :raises QueryError: saying what is not allowed
    """
    depth = operators = patterns = 0
    calls = False
    for kind, text in _tokens(sparql):
        word = text.upper() if kind == "word" else ""
        if calls and word != "SILENT":
            _check_service(kind, text, services)
            calls = False
        calls = calls or word == "SERVICE"
        if kind == "operator":
            depth += (text in _OPENING or text == "<<(") - (text in _CLOSING)
            patterns += text in ".;"
            operators += text in _COUNTED
        operators += word in _PATTERNS
        if depth > DEEPEST or operators > MOST_OPERATORS or patterns > MOST_PATTERNS:
            raise QueryError(
                "The query is too complex for this endpoint.",
                f"Split it: at most {MOST_PATTERNS} triple patterns, {MOST_OPERATORS} operators, "
                f"and {DEEPEST} brackets inside each other.",
            )
    if calls:
        _check_service("", "", services)


def _tokens(sparql: str) -> Iterator[tuple[str, str]]:
    for match in _TOKEN.finditer(sparql):
        kind = match.lastgroup or ""
        if kind != "comment":
            yield kind, match[0]


def _check_service(kind: str, text: str, services: Collection[str]) -> None:
    host = urlsplit(text[1:-1]).hostname if kind == "iri" else None
    # A variable or a prefixed name may stand for any address.
    if host is None or host not in services:
        allowed = f" Allowed are: {', '.join(sorted(services))}." if services else ""
        raise QueryError(
            f"SERVICE {text[:200]} is not allowed at this endpoint.{allowed}",
            "Join on your side: a SPARQL engine of your own may call this endpoint with SERVICE.",
        )
