"""What a query for the endpoint may not do: call other servers, or be too complex to plan.

Oxigraph's own time limit holds for the evaluation of a query and not for its parsing and planning:
measured with oxigraph 0.5.13, 3,000 nested groups end the whole process, and the plan of 200 triple
patterns takes 40 seconds. So a query is looked at, token by token, before it gets there.
"""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from accord.errors import QueryError
from accord.tokens import Token, tokens

DEEPEST = 60
"""Brackets inside brackets."""

MOST_OPERATORS = 600
"""Operators, brackets and keywords that start a pattern."""

MOST_PATTERNS = 100
"""Ends of triple patterns: ``.`` and ``;``. The plan's time grows with their third power."""

_JOIN_THERE = "Join on your side: a SPARQL engine of your own may call this endpoint with SERVICE."

_OPENING = frozenset(("(", "[", "{", "<<", "<<("))
_CLOSING = frozenset((")", "]", "}", ">>", ")>>"))
_COUNTED = frozenset("([{!+*/|^-") | {"&&", "||", "<<", "<<("}
_PATTERNS = {"UNION", "OPTIONAL", "MINUS", "FILTER", "BIND", "EXISTS", "GRAPH", "SELECT"}


def check(sparql: str, services: Collection[str] = ()) -> bool:
    """Refuse a query that calls a server which is not allowed, or that is too complex.

    Whether it is SPARQL at all is for the store to say.

    :param services: names of hosts that ``SERVICE`` may call
    :returns: whether the query names its data set (``FROM``)
    :raises QueryError: saying what is not allowed
    """
    depth = operators = patterns = 0
    dataset = False
    check_services(sparql, services, "at this endpoint", _JOIN_THERE)
    for token in tokens(sparql):
        dataset = dataset or token.word == "FROM"
        if token.kind == "operator":
            depth += (token.text in _OPENING) - (token.text in _CLOSING)
            patterns += token.text in ".;"
            operators += token.text in _COUNTED
        operators += token.word in _PATTERNS
        if depth > DEEPEST or operators > MOST_OPERATORS or patterns > MOST_PATTERNS:
            raise QueryError(
                "The query is too complex for this endpoint.",
                f"Split it: at most {MOST_PATTERNS} triple patterns, {MOST_OPERATORS} operators, "
                f"and {DEEPEST} brackets inside each other.",
            )
    return dataset


def check_services(sparql: str, services: Collection[str], where: str, remedy: str) -> None:
    """Refuse a query that calls a server which is not allowed.

    :param services: names of hosts that ``SERVICE`` may call
    :param where: where it is not allowed, for the message
    :param remedy: what to do about it, for the message
    :raises QueryError: naming what is called
    """
    calls = False
    if "service" not in sparql.lower():
        return
    for token in tokens(sparql):
        if calls and token.word != "SILENT":
            _check_service(token, services, where, remedy)
            calls = False
        calls = calls or token.word == "SERVICE"
    if calls:
        _check_service(Token("", ""), services, where, remedy)


def _check_service(token: Token, services: Collection[str], where: str, remedy: str) -> None:
    host = urlsplit(token.text[1:-1]).hostname if token.kind == "iri" else None
    # A variable or a prefixed name may stand for any address.
    if host is None or host not in services:
        allowed = f" Allowed are: {', '.join(sorted(services))}." if services else ""
        raise QueryError(f"SERVICE {token.text[:200]} is not allowed {where}.{allowed}", remedy)
