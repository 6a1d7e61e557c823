"""Constraints: the components of SHACL that the shapes use, each as one function.

Definitions after the W3C recommendation (https://www.w3.org/TR/shacl/, sections 4 and 5). A
constraint gets the value nodes of a focus node and yields those that break it; None stands for
no value in particular (a count, a value that is missing).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode

from accord.shapes.statements import Statements, Term
from accord.shapes.values import compare, is_well_formed

if TYPE_CHECKING:
    from accord.shapes.shape import Shape

SH = "http://www.w3.org/ns/shacl#"

Check = Callable[[Sequence[Term], Term, Statements], Iterable[Term | None]]


_OF_NOTHING = frozenset({"MinCount", "HasValue", "Equals", "QualifiedMinCount", "SPARQL"})
"""Kinds of constraints that can be broken where there is no value."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """One constraint of a shape: ``component`` is SHACL's name for its kind ("MinCount").

    ``message`` is its own, if it has one beside the shape's.
    """

    component: str
    check: Check
    message: str = ""

    @property
    def breaks_on_nothing(self) -> bool:
        """Whether it can be broken where there is no value."""
        return self.component in _OF_NOTHING


def min_count(least: int) -> Constraint:
    """At least so many values."""
    return Constraint("MinCount", lambda values, *_: [None] if len(values) < least else [])


def max_count(most: int) -> Constraint:
    """At most so many values."""
    return Constraint("MaxCount", lambda values, *_: [None] if len(values) > most else [])


def has_value(wanted: Term) -> Constraint:
    """A certain value among them."""
    return Constraint("HasValue", lambda values, *_: [] if wanted in values else [None])


def of_class(kind: Term) -> Constraint:
    """Values of a class or of one below it."""
    return Constraint(
        "Class",
        lambda values, _, graph: [value for value in values if not graph.is_a(value, kind)],
    )


def one_of(allowed: Sequence[Term]) -> Constraint:
    """Values from a list."""
    return _each("In", lambda value: value in allowed)


def datatype(wanted: Term) -> Constraint:
    """Literals of a datatype, with a lexical form of it."""
    return _each(
        "Datatype",
        lambda value: (
            isinstance(value, Literal) and value.datatype == wanted and is_well_formed(value)
        ),
    )


def node_kind(kind: str) -> Constraint:
    """Values of the kinds that a name joins: ``IRI``, ``Literal``, ``BlankNodeOrIRI``, ..."""
    classes = {"IRI": NamedNode, "BlankNode": BlankNode, "Literal": Literal}
    allowed = tuple(classes[name] for name in kind.split("Or"))
    return _each("NodeKind", lambda value: isinstance(value, allowed))


def pattern(regex: str, flags: str = "") -> Constraint:
    """Values, literals or IRIs, in which a regular expression is found.

    :param flags: as in SPARQL: ``i``, ``s``, ``m``, ``x``
    :raises ValueError: if it is no regular expression, or there is no such flag
    """
    letters = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE, "x": re.VERBOSE}
    if not set(flags) <= letters.keys():
        raise ValueError(f"{flags!r} has an unknown flag")
    try:
        compiled = re.compile(regex, sum(letters[letter] for letter in flags))
    except re.error as error:
        raise ValueError(f"{regex!r} is no regular expression: {error}") from error

    def matches(value: Term) -> bool:
        text = _text(value)
        return text is not None and compiled.search(text) is not None

    return _each("Pattern", matches)


def min_length(least: int) -> Constraint:
    """Values, literals or IRIs, of at least so many characters."""
    return _each(
        "MinLength", lambda value: (text := _text(value)) is not None and len(text) >= least
    )


def language_in(languages: Sequence[str]) -> Constraint:
    """Literals in one of the languages."""
    return _each(
        "LanguageIn", lambda value: isinstance(value, Literal) and value.language in languages
    )


def bound(component: str, limit: Term, allowed: Sequence[int]) -> Constraint:
    """Values whose order with a limit is one of those allowed: -1 less, 0 equal, 1 more."""
    return _each(component, lambda value: compare(value, limit) in allowed)


def ordered(component: str, predicate: NamedNode, allowed: Sequence[int]) -> Constraint:
    """Values whose order with each value of another property is one of those allowed."""

    def check(values: Sequence[Term], focus: Term, graph: Statements) -> Iterator[Term]:
        others = graph.objects(focus, predicate)
        for value in values:
            for other in others:
                if compare(value, other) not in allowed:
                    yield value

    return Constraint(component, check)


def equals(predicate: NamedNode) -> Constraint:
    """The same values as another property has."""

    def check(values: Sequence[Term], focus: Term, graph: Statements) -> Iterator[Term]:
        others = graph.objects(focus, predicate)
        yield from (value for value in values if value not in others)
        yield from (other for other in others if other not in values)

    return Constraint("Equals", check)


def disjoint(predicate: NamedNode) -> Constraint:
    """No value that another property has too."""
    return Constraint(
        "Disjoint",
        lambda values, focus, graph: [
            value for value in values if value in graph.objects(focus, predicate)
        ],
    )


def negation(shape: Shape) -> Constraint:
    """Values that do not conform to a shape."""
    return Constraint(
        "Not",
        lambda values, _, graph: [value for value in values if shape.conforms(value, graph)],
    )


def some_of(shapes: Sequence[Shape]) -> Constraint:
    """Values that conform to at least one of the shapes."""
    return Constraint(
        "Or",
        lambda values, _, graph: [
            value for value in values if not any(shape.conforms(value, graph) for shape in shapes)
        ],
    )


def conforming(shape: Shape) -> Constraint:
    """Values that conform to a shape."""
    return Constraint(
        "Node",
        lambda values, _, graph: [value for value in values if not shape.conforms(value, graph)],
    )


def qualified(shape: Shape, least: int | None, most: int | None) -> Iterator[Constraint]:
    """So many values that conform to a shape, whatever the others are."""

    def count(values: Sequence[Term], graph: Statements) -> int:
        return sum(shape.conforms(value, graph) for value in values)

    if least is not None:
        yield Constraint(
            "QualifiedMinCount",
            lambda values, _, graph: [None] if count(values, graph) < least else [],
        )
    if most is not None:
        yield Constraint(
            "QualifiedMaxCount",
            lambda values, _, graph: [None] if count(values, graph) > most else [],
        )


def sparql(select: str, message: str) -> Constraint:
    """No answer to a query for the focus node as ``?this``; ``?value`` is what is reported.

    The query is asked once for the whole graph, so that it must bind ``?this`` by itself.
    """
    return Constraint(
        "SPARQL", lambda _, focus, graph: graph.answers(select).get(focus, ()), message
    )


def _each(component: str, holds: Callable[[Term], bool]) -> Constraint:
    return Constraint(component, lambda values, *_: [value for value in values if not holds(value)])


def _text(term: Term) -> str | None:
    return term.value if isinstance(term, (NamedNode, Literal)) else None
