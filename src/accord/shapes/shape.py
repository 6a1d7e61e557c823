"""A shape: what is asked of nodes, and of what they have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from accord.shapes.constraints import Constraint
from accord.shapes.statements import Statements, Term


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path: along a predicate, or against it."""

    predicate: NamedNode
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """Which nodes a shape is about: ``kind`` is SHACL's name without "target" ("Class")."""

    kind: str
    node: NamedNode

    def nodes(self, graph: Statements) -> Iterator[Term]:
        """Yield the nodes of the graph itself (not of the vocabulary beside it)."""
        if self.kind == "Class":
            yield from graph.instances(self.node)
        elif self.kind == "SubjectsOf":
            yield from graph.with_predicate(self.node)
        else:
            yield from graph.behind(self.node)


@dataclass(frozen=True, slots=True)
class Breach:
    """One constraint that is broken: where, by what (None: by no value in particular)."""

    focus: Term
    shape: Shape
    constraint: Constraint
    value: Term | None


@dataclass(slots=True)
class Shape:
    """A node shape (no ``path``), or a property shape (the steps of its path).

    ``name`` is the shape's IRI, that of the shape around it if it has none. ``maximum`` is its
    sh:maxCount, which holds of several graphs together if the node shape is ``across_graphs``.
    """

    name: str
    path: tuple[Step, ...] = ()
    message: str = ""
    targets: tuple[Target, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    properties: tuple[Shape, ...] = ()
    maximum: int | None = None
    across_graphs: bool = False
    _minds_nothing: bool = field(init=False)

    def __post_init__(self) -> None:
        self._minds_nothing = any(one.breaks_on_nothing for one in self.constraints)

    def focus_nodes(self, graph: Statements) -> Iterator[Term]:
        """Yield the nodes that the shape is about, each once."""
        found: dict[Term, None] = {}
        for target in self.targets:
            found.update(dict.fromkeys(target.nodes(graph)))
        yield from found

    def values(self, focus: Term, graph: Statements) -> Sequence[Term]:
        """Return the value nodes: the focus node, or what the path leads to, each once."""
        nodes: Sequence[Term] = [focus]
        for step in self.path:
            if step.backwards:
                nodes = [value for node in nodes for value in graph.subjects(step.predicate, node)]
            else:
                nodes = [value for node in nodes for value in graph.objects(node, step.predicate)]
        return nodes if len(self.path) < 2 else list(dict.fromkeys(nodes))

    def breaches(self, focus: Term, graph: Statements) -> Iterator[Breach]:
        """Yield what the focus node breaks."""
        values = self.values(focus, graph)
        if not values and not self._minds_nothing:
            return
        for constraint in self.constraints:
            for value in constraint.check(values, focus, graph):
                yield Breach(focus, self, constraint, value)
        for inner in self.properties:
            for value in values:
                yield from inner.breaches(value, graph)

    def conforms(self, focus: Term, graph: Statements) -> bool:
        """Tell whether the focus node breaks nothing."""
        return next(self.breaches(focus, graph), None) is None

    @property
    def predicates(self) -> str:
        """The path as people read it."""
        return "/".join(f"{'^' * step.backwards}{step.predicate.value}" for step in self.path)
