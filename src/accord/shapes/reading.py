"""Reading shapes from Turtle. What is not understood is refused, so that no rule goes unchecked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from accord.errors import VocabularyError
from accord.resources import resource
from accord.shapes import constraints as kinds
from accord.shapes.constraints import SH, Constraint
from accord.shapes.shape import Shape, Step, Target
from accord.shapes.statements import FIRST, TYPE, Statements, Term

_ACROSS = NamedNode("https://w3id.org/accord-kg/shapes#acrossGraphs")
_TARGETS = ("Class", "SubjectsOf", "ObjectsOf")
_REMARKS = {"message", "name", "description", "order"}
_READ_TOGETHER = {"path", "property", "flags", "qualifiedMinCount", "qualifiedMaxCount"} | {
    f"target{kind}" for kind in _TARGETS
}
_BOUNDS = {
    "minInclusive": (0, 1),
    "minExclusive": (1,),
    "maxInclusive": (-1, 0),
    "maxExclusive": (-1,),
}
_ORDERS = {"lessThan": (-1,), "lessThanOrEquals": (-1, 0)}


@cache
def load_shapes() -> tuple[Shape, ...]:
    """Return the shapes of ``ontology/shapes.ttl``.

    :raises VocabularyError: see :func:`read_shapes`
    """
    return read_shapes(resource("ontology", "shapes.ttl"))


def read_shapes(path: Path) -> tuple[Shape, ...]:
    """Return the node shapes with targets that a Turtle file holds.

    :raises VocabularyError: if it is not Turtle, or uses a part of SHACL that is not checked here
    """
    try:
        triples = [quad.triple for quad in parse(path=str(path), format=RdfFormat.TURTLE)]
    except SyntaxError as error:
        raise VocabularyError(f"{path} is not Turtle: {error}.") from error
    return tuple(_Reader(path, Statements(triples)).shapes())


class _Reader:
    def __init__(self, path: Path, graph: Statements) -> None:
        self.path = path
        self.graph = graph
        self.single: dict[str, Callable[[Term], Constraint]] = {
            "minCount": lambda term: kinds.min_count(self.integer(term)),
            "maxCount": lambda term: kinds.max_count(self.integer(term)),
            "hasValue": kinds.has_value,
            "class": kinds.of_class,
            "datatype": kinds.datatype,
            "in": lambda term: kinds.one_of(list(graph.members(term))),
            "nodeKind": lambda term: kinds.node_kind(self.iri(term).value.removeprefix(SH)),
            "minLength": lambda term: kinds.min_length(self.integer(term)),
            "languageIn": lambda term: kinds.language_in([*map(self.text, graph.members(term))]),
            "equals": lambda term: kinds.equals(self.iri(term)),
            "disjoint": lambda term: kinds.disjoint(self.iri(term)),
            "not": lambda term: kinds.negation(self.inner(term)),
            "node": lambda term: kinds.conforming(self.inner(term)),
            "or": lambda term: kinds.some_of([self.inner(one) for one in graph.members(term)]),
            "sparql": self.query,
        }
        for name, allowed in _BOUNDS.items():
            self.single[name] = lambda term, name=name, allowed=allowed: (  # type: ignore[misc]
                kinds.bound(_capital(name), term, allowed)
            )
        for name, allowed in _ORDERS.items():
            self.single[name] = lambda term, name=name, allowed=allowed: (  # type: ignore[misc]
                kinds.ordered(_capital(name), self.iri(term), allowed)
            )
        self.name = ""

    def shapes(self) -> Iterator[Shape]:
        for node in self.graph.instances(_sh("NodeShape")):
            self.name = self.iri(node).value
            shape = self.inner(node)
            if not shape.targets:
                raise self.error("has no target, so that it is never looked at")
            yield shape

    def inner(self, node: Term) -> Shape:
        """Return the shape of a node, with all that it holds."""
        given: dict[str, list[Term]] = {}
        for predicate in self.graph.predicates(node):
            if predicate not in (TYPE, FIRST) and predicate.value.startswith(SH):
                given[predicate.value.removeprefix(SH)] = self.graph.objects(node, predicate)
        unknown = given.keys() - self.single.keys() - _REMARKS - _READ_TOGETHER
        unknown -= {"pattern", "qualifiedValueShape"}
        if unknown:
            raise self.error(f"uses sh:{', sh:'.join(sorted(unknown))}, which is not checked here")
        found = [build(term) for name, build in self.single.items() for term in given.get(name, ())]
        for term in given.get("pattern", ()):
            found.append(self.pattern(self.text(term), *map(self.text, given.get("flags", ()))))
        for term in given.get("qualifiedValueShape", ()):
            least, most = (
                next(map(self.integer, given.get(name, ())), None)
                for name in ("qualifiedMinCount", "qualifiedMaxCount")
            )
            found.extend(kinds.qualified(self.inner(term), least, most))
        return Shape(
            name=self.name,
            path=tuple(step for term in given.get("path", ()) for step in self.steps(term)),
            message=" ".join(map(self.text, given.get("message", ()))),
            targets=tuple(
                Target(kind, self.iri(term))
                for kind in _TARGETS
                for term in given.get(f"target{kind}", ())
            ),
            constraints=tuple(found),
            properties=tuple(map(self.inner, given.get("property", ()))),
            maximum=next(map(self.integer, given.get("maxCount", ())), None),
            across_graphs=bool(self.graph.objects(node, _ACROSS)),
        )

    def steps(self, term: Term) -> Iterator[Step]:
        """Yield the steps of a path: a predicate, a list of paths, or an inverse."""
        if isinstance(term, NamedNode):
            yield Step(term)
        elif self.graph.objects(term, FIRST):
            for member in self.graph.members(term):
                yield from self.steps(member)
        else:
            inverse = self.graph.objects(term, _sh("inversePath"))
            if len(inverse) != 1:
                raise self.error("has a path that is neither a sequence nor an inverse")
            yield Step(self.iri(inverse[0]), backwards=True)

    def pattern(self, regex: str, flags: str = "") -> Constraint:
        try:
            return kinds.pattern(regex, flags)
        except ValueError as error:
            raise self.error(f"has a pattern that cannot be used: {error}") from error

    def query(self, node: Term) -> Constraint:
        """Return a constraint in SPARQL; its prefixes are those that sh:prefixes declares."""
        prologue = "".join(
            f"PREFIX {self.text(prefix)}: <{self.text(namespace)}>\n"
            for ontology in self.graph.objects(node, _sh("prefixes"))
            for declaration in self.graph.objects(ontology, _sh("declare"))
            for prefix in self.graph.objects(declaration, _sh("prefix"))
            for namespace in self.graph.objects(declaration, _sh("namespace"))
        )
        selects = self.graph.objects(node, _sh("select"))
        if len(selects) != 1:
            raise self.error("has a SPARQL constraint without one sh:select")
        messages = self.graph.objects(node, _sh("message"))
        select = prologue + self.text(selects[0]).replace("$this", "?this")
        return kinds.sparql(select, " ".join(map(self.text, messages)))

    def iri(self, term: Term) -> NamedNode:
        if not isinstance(term, NamedNode):
            raise self.error(f"has {term} where an IRI belongs")
        return term

    def text(self, term: Term) -> str:
        if not isinstance(term, Literal):
            raise self.error(f"has {term} where a literal belongs")
        return term.value

    def integer(self, term: Term) -> int:
        try:
            return int(self.text(term))
        except ValueError as error:
            raise self.error(f"has {term} where a whole number belongs") from error

    def error(self, what: str) -> VocabularyError:
        return VocabularyError(
            f"{self.path.name}: the shape {self.name or '(without a name)'} {what}.",
            "Write it with the parts of SHACL that the other shapes use.",
        )


def _capital(name: str) -> str:
    return name[0].upper() + name[1:]


def _sh(name: str) -> NamedNode:
    return NamedNode(SH + name)
