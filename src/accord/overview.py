"""What a store holds: articles, claims by type, what was set aside, and versions."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from accord.provenance.capture import Capture, set_aside
from accord.query import rows
from accord.store import Store


@dataclass(frozen=True, slots=True)
class Overview:
    """Numbers about one store. ``versions`` counts articles by the versions that read them."""

    store: str
    articles: int
    claims: dict[str, int]
    versions: dict[str, int]
    set_aside: list[Capture]

    def document(self) -> dict[str, Any]:
        """Return the overview for machines."""
        return asdict(self)


def overview(store: Store) -> Overview:
    """Count what a store holds."""
    types = rows(
        store.query(
            'SELECT (REPLACE(STR(?class), "^.*#|Claim$", "") AS ?type) (COUNT(?claim) AS ?n) '
            "WHERE { GRAPH ?g { ?claim a ?class ; accord:holder ?holder } } "
            "GROUP BY ?class ORDER BY DESC(?n) ?type"
        )
    )
    versions = rows(
        store.query(
            "SELECT ?version (COUNT(DISTINCT ?article) AS ?n) WHERE { GRAPH ?c { ?c accord:holds "
            "?article ; accord:extractedWith ?version FILTER NOT EXISTS { ?c "
            "accord:setAsideBecause ?reason } } } GROUP BY ?version ORDER BY ?version"
        )
    )
    articles = rows(
        store.query("SELECT (COUNT(?a) AS ?n) WHERE { GRAPH ?g { ?a a accord:Article } }")
    )
    return Overview(
        store=store.address,
        articles=int(next(iter(articles))["n"]),
        claims={row["type"]: int(row["n"]) for row in types},
        versions={row["version"]: int(row["n"]) for row in versions},
        set_aside=set_aside(store),
    )
