"""The RDF of two articles, so that no change of it goes unseen.

The files hold what the pipeline makes, its mistakes included. After a change that is meant to
change it: ``pytest tests/golden --update-golden``, and read the difference before committing it.
Without blank nodes, sorted N-Triples are canonical.
"""

import pytest

from accord.extraction import read
from accord.graph import article_graph
from accord.sources.files import File
from accord.vocabulary import load_vocabulary
from tests.conftest import EXAMPLES
from tests.golden.comparison import VERSIONS, compare


@pytest.mark.parametrize("name", ["idlib-moscow-2020", "lebanon-ceasefire-2025"])
def test_the_graph_of_an_article(name, request):
    location = File(EXAMPLES / f"{name}.txt")
    article = location.article(location.read(), 10**6)
    (found,) = read([article])
    made = article_graph(
        article,
        found.claims,
        VERSIONS,
        load_vocabulary(),
        mentions=found.mentions,
        quotations=found.quotations,
    )
    compare(made.triples, name, request.config.getoption("--update-golden"))
