"""Validation: what a graph holds that the rules of ``ontology/shapes.ttl`` do not allow.

It is done before an article is loaded (:func:`admit`), and over a whole store
(:mod:`accord.audit`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from textwrap import shorten

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from accord.article import Article
from accord.errors import ArticleError
from accord.graph import NamedGraph
from accord.ontology import FILES, shipped
from accord.shapes import Breach, Shape, Statements, Term, load_shapes
from accord.shapes.statements import TYPE
from accord.store import PREFIXES

_OA = PREFIXES["oa"]
_SPAN = NamedNode(_OA + "SpecificResource")
_SELECTOR = NamedNode(_OA + "hasSelector")
_START = NamedNode(_OA + "start")
_END = NamedNode(_OA + "end")
_EXACT = NamedNode(_OA + "exact")
_EVIDENCE = NamedNode(PREFIXES["accord"] + "evidence")
_LABEL = NamedNode(PREFIXES["skos"] + "prefLabel")

_FEW = 3
"""Violations told in full where an article is set aside."""

_SHORT = 80
"""Characters of a text that are shown."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule that is broken.

    ``focus`` is the node that breaks it, ``path`` leads from there to what is wrong, and ``value``
    is that, if it is one thing. ``shape`` is the IRI of the rule, ``component`` SHACL's name for
    its kind ("MinCount"). ``message`` says what should be, and what was found. ``graph`` is the
    name of the graph, where it is known.
    """

    focus: str
    path: str
    value: str
    shape: str
    component: str
    message: str
    graph: str = ""


def validate(
    graph: NamedGraph | Iterable[Triple], beside: Statements | None = None
) -> list[Violation]:
    """Return the violations of a graph.

    :param graph: one named graph, or its triples
    :param beside: what else is known; the vocabulary without it
    """
    name = graph.iri if isinstance(graph, NamedGraph) else ""
    triples = triples_of(graph) if isinstance(graph, NamedGraph) else graph
    return violations(Statements(triples, vocabulary() if beside is None else beside), name)


def violations(statements: Statements, graph: str = "") -> list[Violation]:
    """Return the violations of a graph that is indexed already.

    :param graph: its name
    """
    return [
        _violation(breach, statements, graph)
        for shape in load_shapes()
        for focus in shape.focus_nodes(statements)
        for breach in shape.breaches(focus, statements)
    ]


def admit(graph: NamedGraph, article: Article) -> None:
    """Let a graph of an article pass if it breaks no rule and quotes what the article says.

    :raises ArticleError: if not, with the rules that are broken
    """
    statements = Statements(triples_of(graph), vocabulary())
    found = [*violations(statements, graph.iri), *misquotes(statements, article.raw)]
    if not found:
        return
    more = f" And {len(found) - _FEW} more." if len(found) > _FEW else ""
    raise ArticleError(
        f"{article.name} was understood in a way that breaks {len(found)} "
        f"{'rule' if len(found) == 1 else 'rules'} of the graph. "
        + " ".join(violation.message for violation in found[:_FEW])
        + more,
        "Please report it with the article.",
    )


def misquotes(statements: Statements, text: str) -> Iterator[Violation]:
    """Yield the stretches of an article that do not quote what its text has at their offsets.

    :param text: the article's text as read; offsets are Unicode code points, end exclusive
    """
    for span in statements.instances(_SPAN):
        parts = statements.objects(span, _SELECTOR)
        start, end, exact = (
            next((term.value for part in parts for term in statements.objects(part, key)), "")  # type: ignore[union-attr]
            for key in (_START, _END, _EXACT)
        )
        if not (start.isdigit() and end.isdigit()) or text[int(start) : int(end)] != exact:
            yield Violation(
                focus=_text(span),
                path=_EXACT.value,
                value=exact,
                shape="https://w3id.org/accord-kg/shapes#Quote",
                component="Quotation",
                message="The quoted words are those of the article at their place. Found, at "
                f"characters {start or '?'} to {end or '?'}: {_shown(Literal(exact))}.",
            )


@cache
def vocabulary() -> Statements:
    """Return the ontology, the schemes, the actors and the agreements as they are shipped."""
    return Statements(triple for name in FILES for triple in shipped(name))


def triples_of(graph: NamedGraph) -> Iterator[Triple]:
    """Yield the triples of a named graph."""
    return (quad.triple for quad in parse(graph.triples, format=RdfFormat.N_TRIPLES))


def exceeded(rule: Shape, focus: Term, values: Sequence[Term]) -> Violation:
    """Return the violation of a maximum count by values that stand in several graphs."""
    return Violation(
        focus=_text(focus),
        path=rule.predicates,
        value="",
        shape=rule.name,
        component="MaxCount",
        message=f"{rule.message} Found, in several graphs, at {_shown(focus)}: {_list(values)}.",
    )


def _violation(breach: Breach, statements: Statements, graph: str) -> Violation:
    rule = breach.constraint.message or breach.shape.message
    return Violation(
        focus=_text(breach.focus),
        path=breach.shape.predicates,
        value="" if breach.value is None else _text(breach.value),
        shape=breach.shape.name,
        component=breach.constraint.component,
        message=f"{rule} Found, at {_named(breach.focus, statements)}: "
        f"{_found(breach, statements)}.",
        graph=graph,
    )


def _found(breach: Breach, statements: Statements) -> str:
    """Return what was found instead of what should be."""
    component, value = breach.constraint.component, breach.value
    if value is None:
        return _list(breach.shape.values(breach.focus, statements))
    if component == "Class" and not isinstance(value, Literal):
        types = ", ".join(map(_shown, statements.objects(value, TYPE)))
        return f"{_shown(value)}, which is {types or 'of no type'}"
    return _shown(value)


def _list(values: Sequence[Term]) -> str:
    return ", ".join(map(_shown, values[:_FEW])) + ", ..." * (len(values) > _FEW) or "nothing"


def _named(node: Term, statements: Statements) -> str:
    """Return a node as people know it: with its words, if it has any."""
    words = [
        text
        for span in [node, *statements.objects(node, _EVIDENCE)]
        for selector in statements.objects(span, _SELECTOR)
        for text in statements.objects(selector, _EXACT)
    ] or statements.objects(node, _LABEL)
    return f"{_shown(node)} ({_shown(words[0])})" if words else _shown(node)


def _shown(term: Term) -> str:
    if isinstance(term, Literal):
        text = shorten(term.value, _SHORT, placeholder="...") if term.value.strip() else term.value
        kind = _shown(term.datatype)
        return f'"{text}"' + (f" ({kind})" if kind not in ("xsd:string", "rdf:langString") else "")
    text = _text(term)
    for prefix, namespace in PREFIXES.items():
        if text.startswith(namespace):
            return f"{prefix}:{text.removeprefix(namespace)}"
    return text.removeprefix("https://w3id.org/accord-kg/")


def _text(term: Term) -> str:
    return str(term) if isinstance(term, Triple) else term.value
