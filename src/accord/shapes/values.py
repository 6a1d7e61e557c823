"""Values of literals: whether a lexical form is one of its datatype, and which is less.

Stores keep lexical forms as they are, so that ``"2024-13-45"^^xsd:date`` goes in without a word.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from pyoxigraph import Literal

_XSD = "http://www.w3.org/2001/XMLSchema#"
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(Z|[+-][0-9]{2}:[0-9]{2})?")
_DATETIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?"
)


def value_of(literal: Literal) -> Any:
    """Return a literal's value, that compares with others of its kind.

    Datatypes that are not known here have their lexical form as value.

    :raises ValueError: if the lexical form is none of the datatype
    """
    read = _READERS.get(literal.datatype.value.removeprefix(_XSD))
    return literal.value if read is None else read(literal.value)


def is_well_formed(literal: Literal) -> bool:
    """Tell whether the lexical form is one of the datatype."""
    try:
        value_of(literal)
    except ValueError:
        return False
    return True


def compare(one: object, other: object) -> int | None:
    """Return -1, 0 or 1 as the first literal is less, equal or more; None if nobody can tell."""
    if not isinstance(one, Literal) or not isinstance(other, Literal):
        return None
    try:
        left, right = value_of(one), value_of(other)
        return int(left > right) - int(left < right)
    except (ValueError, TypeError):
        return None


def _decimal(text: str) -> Decimal:
    if not _DECIMAL.fullmatch(text):
        raise ValueError(text)
    return Decimal(text)


def _double(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error


def _integer(least: int | None = None) -> Callable[[str], Decimal]:
    def read(text: str) -> Decimal:
        if not _INTEGER.fullmatch(text) or (least is not None and int(text) < least):
            raise ValueError(text)
        return Decimal(text)

    return read


def _date(text: str) -> date:
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return date.fromisoformat(match[1])


def _datetime(text: str) -> datetime:
    if not _DATETIME.fullmatch(text):
        raise ValueError(text)
    value = datetime.fromisoformat(text)
    # Times without a zone are taken as UTC, so that all compare.
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _boolean(text: str) -> bool:
    if text not in ("true", "false", "0", "1"):
        raise ValueError(text)
    return text in ("true", "1")


_READERS: dict[str, Callable[[str], Any]] = {
    "boolean": _boolean,
    "date": _date,
    "dateTime": _datetime,
    "decimal": _decimal,
    "double": _double,
    "float": _double,
    "integer": _integer(),
    "nonNegativeInteger": _integer(0),
    "positiveInteger": _integer(1),
}
