"""The RDF of who holds which post, in three articles and without their claims.

After a change that is meant to change it: ``pytest tests/golden --update-golden``, and read the
difference before committing it.
"""

import pytest

from accord.extraction import read
from accord.graph import article_graph
from accord.sources.files import Location, read_article
from accord.versions import Versions
from accord.vocabulary import load_vocabulary
from tests.conftest import EXAMPLES, ROOT

VERSIONS = Versions("golden", "golden", "golden")
NAMES = ("pretoria-tigray-2023", "south-sudan-extension-2019", "minsk-debaltseve-2015")


@pytest.mark.parametrize("name", NAMES)
def test_the_memberships_of_an_article(name, request):
    location = Location(EXAMPLES / f"{name}.txt")
    (found,) = read([read_article(location, location.read(), 10**6)])
    assert found.memberships
    made = article_graph(found.article, [], VERSIONS, load_vocabulary(), found.memberships).triples
    path = ROOT / "tests" / "golden" / f"memberships-{name}.nt"
    if request.config.getoption("--update-golden"):
        path.write_text(made, encoding="utf-8")
    golden = path.read_text(encoding="utf-8")
    missing = sorted(set(golden.splitlines()) - set(made.splitlines()))
    new = sorted(set(made.splitlines()) - set(golden.splitlines()))
    difference = "".join(f"- {line}\n" for line in missing) + "".join(f"+ {line}\n" for line in new)
    assert not difference, f"\n{difference}"
