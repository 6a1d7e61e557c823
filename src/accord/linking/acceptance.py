"""Accepted links in the store, and a researcher's table on its way there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from accord.linking.candidate import ENTITY
from accord.linking.identifiers import identifiers
from accord.linking.mapping_set import ACCEPTED, check, curated, links_graph, winning
from accord.linking.proposals import HEADER
from accord.linking.sssom import EXACT, Link, MappingSet, read_links, write_links
from accord.linking.subject import subjects
from accord.linking.table import Report, match, read_table
from accord.ontology import outdated_graphs
from accord.store import Store

_TABLES = ("graph/links", "graph/identifiers")


def load_accepted(store: Store, path: Path, links: Sequence[Link]) -> int:
    """Put the accepted links of a file into the store's graph of them; return how many.

    The curated links and codes are loaded too if they are not there as they are now.

    :raises LinkError: if accepted links contradict each other or curated ones
    """
    accepted = winning(links, curated())
    check(path, [*curated(), *accepted])
    graphs = [graph for graph in outdated_graphs(store) if graph.iri.endswith(_TABLES)]
    graph = links_graph(ACCEPTED, accepted)
    if graph.triples:
        store.replace([*graphs, graph])
    else:
        store.replace(graphs, drop=[ACCEPTED])
    return len(accepted)


def import_table(store: Store, table: Path, out: Path, reviewer: str | None, day: date) -> Report:
    """Match a researcher's table with the store's names, and add the matches to the proposals.

    :param reviewer: who has looked at the table: the matches are accepted and loaded
    :raises LinkError: if the table or the file is wrong, or what is accepted contradicts
    """
    before = read_links(out) if out.exists() else MappingSet(header=HEADER)
    confirmed = [*curated(), *winning(before.links, curated())]
    every = subjects(store, items_of(confirmed))
    report = match(read_table(table), every, confirmed, identifiers(), day)
    rows = [link.accept(reviewer, link.predicate) if reviewer else link for link in report.matched]
    pairs = {(link.subject, link.object) for link in rows}
    kept = [link for link in before.links if (link.subject, link.object) not in pairs]
    links = [*kept, *rows]
    check(out, [*curated(), *winning(links, curated())])
    write_links(out, MappingSet(links, {**HEADER, **before.header}))
    load_accepted(store, out, links)
    return report


def items_of(links: Sequence[Link]) -> dict[str, str]:
    """Return the item of each subject that has an accepted exact link to one."""
    exact = [link for link in links if link.accepted and link.predicate == EXACT]
    return {link.subject: link.object for link in exact if link.object.startswith(ENTITY)}
