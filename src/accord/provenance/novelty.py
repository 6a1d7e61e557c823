"""What a store did not know: the claims of articles that come into it for the first time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from accord.graph import ID, ONTOLOGY, NamedGraph
from accord.store import Store

_CLAIM = re.compile(
    rf"^<({re.escape(ID)}claim/[^>]+)> <[^>]+#type> <{re.escape(ONTOLOGY)}(\w+)Claim> \.$", re.M
)


def new_claims(store: Store, articles: Sequence[NamedGraph]) -> Counter[str]:
    """Count, by type, the claims of article graphs that the store has not in graphs of that name.

    A claim is known by its IRI, which is the same as long as the article says the same.
    """
    if not articles:
        return Counter()
    values = " ".join(f"<{graph.iri}>" for graph in articles)
    rows: Any = store.query(
        f"SELECT ?claim WHERE {{ VALUES ?g {{ {values} }} GRAPH ?g {{ ?claim accord:holder ?h }} }}"
    )
    known = {row["claim"].value for row in rows}
    found = {claim: kind for graph in articles for claim, kind in _CLAIM.findall(graph.triples)}
    return Counter(kind for claim, kind in found.items() if claim not in known)
