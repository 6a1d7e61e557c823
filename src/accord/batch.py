"""A batch of locations: read, extracted and mapped, with its outcome kept in one file on disk.

This is the work of one task. It needs no store, so it can run in any process or on any machine.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from accord.article import Article
from accord.errors import ArticleError, ClaimError
from accord.extraction import Extract, pipeline, read
from accord.graph import NamedGraph, article_graph, article_iri
from accord.provenance.capture import Capture
from accord.settings import Settings
from accord.sources import Location, digest
from accord.validation import admit
from accord.versions import current_versions
from accord.vocabulary import load_vocabulary


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one location: an article's graph, or a capture with the reason why not."""

    capture: Capture
    graph: NamedGraph | None = None
    claims: dict[str, int] = field(default_factory=dict)


def extract_batch(
    locations: Sequence[Location], target: Path, settings: Settings, tick: Callable[[], None]
) -> Path:
    """Read, extract and map the articles of locations, and write the outcomes to a file.

    :param target: the file to write, one JSON object a line
    :param tick: called after every article; what it raises gives the batch up
    :returns: ``target``
    """
    with target.open("w", encoding="utf-8") as lines:
        for outcome in _outcomes(locations, settings):
            lines.write(json.dumps(asdict(outcome), ensure_ascii=False) + "\n")
            tick()
    return target


def read_outcomes(path: Path) -> Iterator[Outcome]:
    """Yield the outcomes that :func:`extract_batch` wrote."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            value = json.loads(line)
            capture = {**value["capture"], "note": tuple(value["capture"]["note"])}
            graph = value["graph"] and NamedGraph(**value["graph"])
            yield Outcome(Capture(**capture), graph, value["claims"])


def extract_each(
    articles: Sequence[Article], model: str | None
) -> Iterator[Extract | ArticleError]:
    """Yield what each article says; of one that breaks the pipeline, the reason to set it aside.

    Articles go through the pipeline together, and one by one from the first that breaks it on.
    """
    nlp = pipeline(model)
    left = list(articles)
    together = True
    while left:
        try:
            for found in read(left[:] if together else left[:1], nlp):
                yield found
                del left[0]
        except Exception as error:  # noqa: BLE001 - one bad article never stops a run
            if not together:
                yield ArticleError(
                    f"{left[0].name} broke the extraction: {type(error).__name__}: {error}.",
                    "Please report it with the article.",
                )
                del left[0]
            # With several in the pipeline nobody can tell which one it was.
            together = False


def _outcomes(locations: Sequence[Location], settings: Settings) -> Iterator[Outcome]:
    versions = current_versions(settings.model)
    vocabulary = load_vocabulary()
    captured = datetime.now(UTC).isoformat(timespec="seconds")

    def capture(location: Location, content: bytes, **found: object) -> Capture:
        return Capture(
            location=location.iri,
            name=location.name,
            digest=digest(content),
            version=versions.key,
            captured=captured,
            **found,  # type: ignore[arg-type]
        )

    articles: list[tuple[Location, bytes, Article]] = []
    for location in locations:
        content = b""
        try:
            content = location.read()
            article = location.article(content, settings.largest_article)
            articles.append((location, content, article))
        except ArticleError as error:
            yield Outcome(capture(location, content, reason=str(error)))
    results = extract_each([article for _, _, article in articles], settings.model)
    for (location, content, article), result in zip(articles, results, strict=True):
        try:
            if isinstance(result, ArticleError):
                raise result
            graph = article_graph(
                result.article,
                result.claims,
                versions,
                vocabulary,
                result.memberships,
                result.mentions,
                result.quotations,
            )
            admit(graph, result.article)
        except (ArticleError, ClaimError) as error:
            yield Outcome(capture(location, content, reason=str(error)))
            continue
        yield Outcome(
            capture(location, content, holds=article_iri(article), note=article.notes),
            graph,
            dict(Counter(claim.type.value for claim in result.claims)),
        )
