#!/usr/bin/env python3
"""Measure what the check of an article's graph costs, beside its extraction and beside pySHACL.

    python benchmarks/shapes.py [ARTICLE ...]

Without articles: the twelve samples. All times are of the process, an article, after a first
article that loads models and shapes. pySHACL gets the vocabulary in the same graph, since it needs
the types of actors and places, and therefore looks at that too.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import mean

from pyoxigraph import RdfFormat, parse
from pyshacl import validate as pyshacl
from rdflib import Graph

from accord.extraction import pipeline, read
from accord.graph import NamedGraph, article_graph
from accord.graph.jsonld import sorted_ntriples
from accord.ontology import FILES, shipped
from accord.processes import one_core_each
from accord.resources import resource
from accord.sources.files import File
from accord.validation import validate
from accord.versions import current_versions
from accord.vocabulary import load_vocabulary

_FEW = 5
"""Articles for pySHACL, which takes seconds for each."""


def main() -> None:
    """Print milliseconds an article."""
    one_core_each()
    paths = [Path(name) for name in sys.argv[1:]]
    paths = paths or sorted(resource("examples", "articles").glob("*.txt"))
    nlp = pipeline()
    graphs: list[NamedGraph] = []

    def extract(path: Path) -> None:
        location = File(path.absolute())
        (found,) = read([location.article(location.read(), 10**6)], nlp)
        graphs.append(
            article_graph(
                found.article,
                found.claims,
                current_versions(),
                load_vocabulary(),
                memberships=found.memberships,
                mentions=found.mentions,
                quotations=found.quotations,
            )
        )

    shapes = Graph().parse(resource("ontology", "shapes.ttl"))
    vocabulary = Graph()
    for name in FILES:
        vocabulary.parse(data=sorted_ntriples(shipped(name)), format="nt")

    def reference(graph: NamedGraph) -> None:
        data = Graph()
        data += vocabulary
        data.parse(data=graph.triples, format="nt")
        conforms, _, report = pyshacl(data, shacl_graph=shapes)
        if not conforms:
            sys.exit(report)

    extract(paths[0])
    graphs.clear()
    extraction = [_milliseconds(lambda path=path: extract(path)) for path in paths]  # type: ignore[misc]
    validate(graphs[0])
    ours = [_milliseconds(lambda graph=graph: validate(graph)) for graph in graphs]  # type: ignore[misc]
    theirs = [_milliseconds(lambda graph=graph: reference(graph)) for graph in graphs[:_FEW]]  # type: ignore[misc]
    triples = mean(sum(1 for _ in parse(g.triples, format=RdfFormat.N_TRIPLES)) for g in graphs)
    print(f"{len(graphs)} articles, {triples:.0f} triples each")
    print(f"extraction and mapping  {mean(extraction):8.1f} ms")
    print(
        f"check of the shapes     {mean(ours):8.1f} ms, {mean(ours) / mean(extraction):.1%} of it"
    )
    print(f"pySHACL                 {mean(theirs):8.1f} ms")


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000


if __name__ == "__main__":
    main()
