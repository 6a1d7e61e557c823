"""The shapes: what keeps the rules passes, every planted violation is caught, as pySHACL has it."""

from collections import Counter

import pytest
from pyoxigraph import RdfFormat, serialize
from pyshacl import validate as pyshacl
from rdflib import Graph
from rdflib.namespace import SH

from accord.errors import VocabularyError
from accord.resources import resource
from accord.shapes import Statements, load_shapes, read_shapes
from accord.validation import violations, vocabulary
from tests.unit.planted import PLANTED, base, planted

GROUPS = 14
SHAPES = "https://w3id.org/accord-kg/shapes#"


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return Graph().parse(resource("ontology", "shapes.ttl"))


def ours(triples) -> Counter:
    return Counter(
        (found.focus, found.component, found.value) for found in violations(Statements(triples))
    )


def theirs(triples, shapes: Graph) -> Counter:
    graph = triples
    if not isinstance(triples, Graph):
        data = serialize(triples, format=RdfFormat.N_TRIPLES)
        graph = Graph().parse(data=data, format="nt")
    _, report, _ = pyshacl(graph, shacl_graph=shapes, advanced=False)
    prefix, suffix = len(str(SH)), len("ConstraintComponent")
    found: Counter = Counter()
    # Not those that are the details of others.
    for result in report.objects(None, SH.result):
        component = str(report.value(result, SH.sourceConstraintComponent))[prefix:-suffix]
        value = report.value(result, SH.value)
        found[
            str(report.value(result, SH.focusNode)), component, "" if value is None else str(value)
        ] += 1
    return found


def test_what_keeps_the_rules_passes_both(shapes):
    assert ours(base()) == theirs(base(), shapes) == Counter()


@pytest.mark.parametrize(("shape", "component", "update"), PLANTED)
def test_a_planted_violation_is_caught(shape, component, update):
    found = violations(Statements(planted(update)))
    assert (SHAPES + shape, component) in {(one.shape, one.component) for one in found}, found
    assert all(one.message.endswith(".") and " Found, at " in one.message for one in found)


def groups() -> list[list[str]]:
    """Return the planted violations by several: a run of pySHACL takes a third of a second."""
    # It fails where an order is asked of what is no date.
    updates = [update for _, _, update in PLANTED if "2019-02-31" not in update]
    # A node without its type is no longer looked at.
    untyped = [update for update in updates if update.startswith("DELETE { ?c a ")]
    typed = [update for update in updates if update not in untyped]
    return [untyped, *(typed[first::GROUPS] for first in range(GROUPS))]


@pytest.mark.parametrize("updates", groups(), ids=lambda updates: f"{len(updates)} together")
def test_pyshacl_finds_the_same(updates, shapes):
    triples = planted(*updates)
    found = ours(triples)
    assert len(found) > len(updates) / 2
    assert found == theirs(triples, shapes)


def test_every_shape_has_a_planted_violation_and_a_message():
    names = {shape.name.removeprefix(SHAPES) for shape in load_shapes()}
    assert names == {name for name, _, _ in PLANTED}
    assert len(PLANTED) >= 40
    for shape in load_shapes():
        for rule in (shape, *shape.properties):
            for constraint in rule.constraints:
                assert rule.message or constraint.message, f"{shape.name} {rule.predicates}"


@pytest.mark.parametrize(
    ("turtle", "message"),
    [
        (":S a sh:NodeShape ; sh:targetClass :C ; sh:closed true .", "uses sh:closed"),
        (":S a sh:NodeShape ; sh:nodeKind sh:IRI .", "has no target"),
        (":S a sh:NodeShape ; sh:targetClass :C ; sh:pattern '(' .", "pattern"),
        (
            ":S a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path "
            "[ sh:zeroOrMorePath :p ] ; sh:minCount 1 ] .",
            "path",
        ),
        (":S a sh:NodeShape ; sh:targetClass :C ; sh:minCount 'x' .", "whole number"),
        (":S a sh:NodeShape ;", "is not Turtle"),
    ],
)
def test_a_shape_that_cannot_be_checked_is_refused(tmp_path, turtle, message):
    file = tmp_path / "shapes.ttl"
    file.write_text(f"@prefix : <http://x/> . @prefix sh: <{SH}> .\n{turtle}")
    with pytest.raises(VocabularyError, match=message):
        read_shapes(file)


def test_the_vocabulary_keeps_the_rules():
    assert violations(vocabulary()) == []
