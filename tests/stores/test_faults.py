"""A short run of ``benchmarks/faults.py``: what is killed leaves nothing half done."""

from io import StringIO
from random import Random

import pytest
from benchmarks import faults
from pyoxigraph import Literal, NamedNode, Quad
from pyoxigraph import Store as Oxigraph
from rich.console import Console


@pytest.mark.server
@pytest.mark.parametrize("kind", ["embedded", "server"])
def test_killed_at_random_moments(monkeypatch, kind):
    monkeypatch.setattr(faults, "EVERY", 5)
    found = faults.trial(kind, 10, 7, Console(file=StringIO()))
    assert found.wrong == []
    assert found.finished == 2
    assert sum(found.killed.values()) >= 3


def test_the_check_finds_what_is_amiss(tmp_path):
    subject = faults.Trial(tmp_path, "embedded", Random(0))
    article = NamedNode("https://w3id.org/accord-kg/id/article/a")
    graph = NamedNode("https://w3id.org/accord-kg/graph/article/a")
    capture = NamedNode("https://w3id.org/accord-kg/graph/capture/c")
    store = Oxigraph(subject.store)
    store.add(Quad(capture, NamedNode(f"{faults.ACCORD}holds"), article, capture))
    store.flush()
    del store
    found = faults.Found()
    subject.look(found, finish=False)
    assert found.wrong == [f"{article.value} is said to be there, and is not."]
    store = Oxigraph(subject.store)
    store.add(Quad(article, NamedNode("urn:p"), Literal("half"), graph))
    store.flush()
    del store
    found = faults.Found()
    subject.look(found, finish=True)
    assert found.wrong[0] == f"{article.value} is not what its text makes."
    assert found.wrong[1].startswith("After a whole run: ")
