"""What each rule derives from a few invented claims, so that no change of it goes unseen.

After a change that is meant to change it: ``pytest tests/golden --update-golden``, and read the
difference before committing it.
"""

import re

import pytest
from pyoxigraph import RdfFormat, serialize

from accord.graph import BASE
from accord.rules import load_rules
from tests.golden.comparison import compare
from tests.unit.archives import claim, copy_of, derive, load, make, prepared

ARMS = {"action": "withdraw heavy weapons"}
WORDS = "We expect our partners to carry out fully what they took upon themselves"
SHELLING = claim("Incident", actor=("Syrian Arab Army",), place="Saraqib", action="shell")

ARTICLES = {
    "Herald": (
        claim(holder="Turkey", status="in-progress"),
        claim(holder="Russia", time="2019-01", status="not-fulfilled", **ARMS),
        claim("Demand", "Russia", agreement="sochi-2018", words=WORDS, **ARMS),
        SHELLING,
    ),
    "Times": (
        claim("Demand", "Russia", agreement="sochi-2018", words=WORDS, **ARMS),
        claim("Violation", "Iran", time="2019-02-01/.."),
        claim("Violation", "Turkey", polarity="denied"),
        SHELLING | {"holder": "Turkey"},
    ),
    # A copy, that corroborates nothing.
    "Wire": (SHELLING,),
}


@pytest.mark.parametrize("rule", load_rules())
def test_what_a_rule_derives(rule, request):
    made = [make(name, *claims) for name, claims in ARTICLES.items()]
    with prepared() as store:
        load(store, *(graph for _, graph in made))
        store.replace([copy_of(made[2][0], made[0][0])])
        derive(store)
        triples = {
            quad.triple
            for quad in store.quads()
            if quad.graph_name.value.startswith(f"{BASE}graph/derived/{rule}/")
        }
    lines = serialize(triples, format=RdfFormat.N_TRIPLES).decode().splitlines()
    # The hash changes with every edit of the vocabulary; what matters here is what is derived.
    text = re.sub(r'(ruleHash> )"\w+"', r'\1"golden"', "\n".join(sorted(lines)))
    compare(text + "\n", f"rule-{rule}", request.config.getoption("--update-golden"))
