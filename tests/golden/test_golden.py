"""The RDF of two articles, so that no change of it goes unseen.

The files hold what the pipeline makes, its mistakes included. After a change that is meant to
change it: ``pytest tests/golden --update-golden``, and read the difference before committing it.
Without blank nodes, sorted N-Triples are canonical.
"""

import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from accord.extraction import extract
from accord.graph import article_graph
from accord.sources.files import Location, read_article
from accord.versions import Versions
from accord.vocabulary import load_vocabulary
from tests.conftest import EXAMPLES, ROOT

# Hashes of model and mappings change with every edit; what matters here is what they produce.
VERSIONS = Versions("golden", "golden", "golden")


@pytest.mark.parametrize("name", ["idlib-moscow-2020", "lebanon-ceasefire-2025"])
def test_the_graph_of_an_article(name, request):
    location = Location(EXAMPLES / f"{name}.txt")
    article = read_article(location, location.read(), 10**6)
    ((_, claims),) = extract([article])
    made = article_graph(article, claims, VERSIONS, load_vocabulary()).triples
    path = ROOT / "tests" / "golden" / f"{name}.nt"
    if request.config.getoption("--update-golden"):
        path.write_text(made, encoding="utf-8")
    golden = path.read_text(encoding="utf-8")
    missing = sorted(set(golden.splitlines()) - set(made.splitlines()))
    new = sorted(set(made.splitlines()) - set(golden.splitlines()))
    difference = "".join(f"- {line}\n" for line in missing) + "".join(f"+ {line}\n" for line in new)
    assert not difference, f"\n{difference}"
    assert isomorphic(_read(made), _read(golden))


def _read(triples: str) -> Graph:
    return Graph().parse(data=triples, format="nt")
