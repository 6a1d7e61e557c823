"""What each stage of the way costs beside the language model, in one process.

The articles go through in chunks, and each chunk through all stages, so that whatever else the
machine does hits all of them alike. Here all articles are read whole, whether they are about
conflict or not, which `accord ingest` does not do. ``parse`` is the limit: what ``nlp.pipe`` of the
shipped model takes for the same texts in the same batches, by itself.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from accord.article import Article
from accord.errors import ArticleError
from accord.extraction import BATCH, BEFORE, document, pipeline
from accord.graph import NamedGraph, article_graph
from accord.language.pipeline import load
from accord.language.relevance import is_relevant
from accord.sources.files import Files
from accord.store import open_store
from accord.validation import admit
from accord.versions import current_versions
from accord.vocabulary import load_vocabulary

#: Articles in a chunk: a batch of `accord ingest`.
CHUNK = 50
#: Which components make which stage; all others are the shipped model's.
STAGES = {
    BEFORE: "names",
    "accord_names": "names",
    "accord_attribution": "attribution",
    "accord_memberships": "attribution",
    "accord_claims": "claims",
}
LARGEST = 1_000_000


class Clock:
    """Adds up the processor and wall time of named stages."""

    def __init__(self) -> None:
        self.cpu: Counter[str] = Counter()
        self.wall: Counter[str] = Counter()

    def time(self, stage: str, work: Callable[[], Any]) -> Any:
        """Do some work and return what it returns."""
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        self.cpu[stage] += time.process_time() - cpu
        self.wall[stage] += time.perf_counter() - wall
        return result


def stages(paths: list[Path]) -> dict[str, Any]:
    """Return seconds of each stage, by processor and wall time, and what was found.

    ``parse`` is the model alone; ``model`` is the same model as a part of the way, which differs
    from it by chance, and by names that are kept whole.
    """
    whole, bare = pipeline(), load()
    for nlp in (whole, bare):
        list(nlp.pipe(["Russia called on Turkey to withdraw its troops from Idlib by October 15."]))
    vocabulary, versions = load_vocabulary(), current_versions(None)
    clock, counts = Clock(), Counter[str]()
    with tempfile.TemporaryDirectory() as folder, open_store(f"{folder}/s", create=True) as store:
        for start in range(0, len(paths), CHUNK):
            articles = clock.time("read", lambda s=start: read(paths[s : s + CHUNK]))
            texts = [article.text for article in articles]
            clock.time("parse", lambda t=texts: sum(1 for _ in bare.pipe(t, batch_size=BATCH)))
            docs = clock.time("model", lambda a=articles: [document(x, whole) for x in a])
            relevant = clock.time("relevance", lambda d=docs: [is_relevant(doc) for doc in d])
            for name, component in whole.pipeline:
                stage = STAGES.get(name, "model")
                docs = clock.time(stage, lambda c=component, d=docs: piped(whole, c, d))
            graphs = clock.time(
                "map",
                lambda d=docs: [
                    article_graph(
                        doc._.article, doc._.claims, versions, vocabulary,
                        doc._.memberships if doc._.claims else (), doc._.mentions,
                    )
                    for doc in d
                ],
            )  # fmt: skip
            clock.time("check", lambda g=graphs, d=docs: admit_all(g, d))
            clock.time("load", lambda g=graphs: store.replace(g))
            counts["articles"] += len(articles)
            counts["characters"] += sum(map(len, texts))
            counts["tokens"] += sum(map(len, docs))
            counts["relevant"] += sum(relevant)
            counts["claims"] += sum(len(doc._.claims) for doc in docs)
            counts["quads"] += sum(graph.triples.count("\n") for graph in graphs)
    return {"counts": dict(counts), "cpu": dict(clock.cpu), "wall": dict(clock.wall)}


def read(paths: Iterable[Path]) -> list[Article]:
    """Read files; what is set aside (an empty file) is left out."""
    articles = []
    for path in paths:
        for location in Files(path).discover():
            try:
                articles.append(location.article(location.read(), LARGEST))
            except ArticleError:
                continue
    return articles


def piped(nlp: Language, component: Callable[[Doc], Doc], docs: list[Doc]) -> list[Doc]:
    """Pass docs through one component as ``nlp.pipe`` does."""
    if hasattr(component, "pipe"):
        return list(component.pipe(docs, batch_size=BATCH))
    return [component(doc) for doc in docs]


def admit_all(graphs: list[NamedGraph], docs: list[Doc]) -> None:
    """Check graphs against the shapes."""
    for graph, doc in zip(graphs, docs, strict=True):
        admit(graph, doc._.article)
