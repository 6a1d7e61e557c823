"""The RDF of who holds which post, in three articles and without their claims.

After a change that is meant to change it: ``pytest tests/golden --update-golden``, and read the
difference before committing it.
"""

import pytest

from accord.extraction import read
from accord.graph import article_graph
from accord.sources.files import File
from accord.vocabulary import load_vocabulary
from tests.conftest import EXAMPLES
from tests.golden.comparison import VERSIONS, compare

NAMES = ("pretoria-tigray-2023", "south-sudan-extension-2019", "minsk-debaltseve-2015")


@pytest.mark.parametrize("name", NAMES)
def test_the_memberships_of_an_article(name, request):
    location = File(EXAMPLES / f"{name}.txt")
    (found,) = read([location.article(location.read(), 10**6)])
    assert found.memberships
    made = article_graph(found.article, [], VERSIONS, load_vocabulary(), found.memberships).triples
    compare(made, f"memberships-{name}", request.config.getoption("--update-golden"))
