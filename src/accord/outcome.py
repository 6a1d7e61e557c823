"""Outcomes: a batch of locations, read, extracted and mapped, in one file on disk.

This is the work of one task. It needs no store, so it can run in any process or on any machine.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from accord.article import Article
from accord.copies.fingerprint import Fingerprint, fingerprint
from accord.errors import AccordError, ArticleError, ClaimError
from accord.graph import NamedGraph, article_graph, article_iri
from accord.operations.dead_letters import Letter, letter
from accord.provenance.capture import Capture
from accord.settings import Settings
from accord.sources import Location, digest
from accord.validation import admit
from accord.versions import current_versions
from accord.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from accord.extraction import Extract


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one location: an article's graph, or a capture with the reason why not.

    A location that was set aside comes with its letter for :mod:`accord.operations.dead_letters`.
    """

    capture: Capture
    graph: NamedGraph | None = None
    claims: dict[str, int] = field(default_factory=dict)
    letter: Letter | None = None
    fingerprint: Fingerprint | None = None


def extract_batch(
    locations: Sequence[Location], target: Path, settings: Settings, tick: Callable[[], None]
) -> Path:
    """Read, extract and map the articles of locations, and write the outcomes to a file.

    :param target: the file to write, one JSON object a line
    :param tick: called after every article; what it raises gives the batch up
    :returns: ``target``
    """
    return _write(target, _outcomes(locations, settings), tick)


def refuse(location: Location, error: ArticleError, target: Path, settings: Settings) -> Path:
    """Write the outcome of a location that is set aside unread, because reading it is no good.

    :param error: why
    :returns: ``target``
    """
    outcome = _Captures(settings).refused(location, b"", error)
    return _write(target, [outcome], lambda: None)


def read_outcomes(path: Path) -> Iterator[Outcome]:
    """Yield the outcomes that :func:`extract_batch` wrote."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            value = json.loads(line)
            capture = {**value["capture"], "note": tuple(value["capture"]["note"])}
            graph = value["graph"] and NamedGraph(**value["graph"])
            letter = value["letter"] and Letter(**value["letter"])
            print_ = value.get("fingerprint")
            print_ = print_ and Fingerprint(**print_ | {"bands": tuple(print_["bands"])})
            yield Outcome(Capture(**capture), graph, value["claims"], letter, print_)


def extract_each(
    articles: Sequence[Article], model: str | None
) -> Iterator[Extract | ArticleError]:
    """Yield what each article says; of one that breaks the pipeline, the reason to set it aside.

    Articles go through the pipeline together, and one by one from the first that breaks it on.
    """
    # With it comes spaCy: most of the start of a run that finds nothing to extract.
    from accord.extraction import pipeline, read

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
                broke = ArticleError(
                    f"{left[0].name} broke the extraction: {type(error).__name__}: {error}.",
                    "Please report it with the article.",
                )
                broke.__cause__ = error
                yield broke
                del left[0]
            # With several in the pipeline nobody can tell which one it was.
            together = False


def _outcomes(locations: Sequence[Location], settings: Settings) -> Iterator[Outcome]:
    vocabulary = load_vocabulary()
    captures = _Captures(settings)
    articles: list[tuple[Location, bytes, Article]] = []
    for location in locations:
        content = b""
        try:
            content = location.read()
            article = location.article(content, settings.largest_article)
            articles.append((location, content, article))
        except Exception as error:  # noqa: BLE001 - one bad article never stops a run
            yield captures.refused(location, content, error)
    results = extract_each([article for _, _, article in articles], settings.model)
    for (location, content, article), result in zip(articles, results, strict=True):
        try:
            if isinstance(result, ArticleError):
                raise result
            graph = article_graph(
                result.article,
                result.claims,
                captures.versions,
                vocabulary,
                result.memberships,
                result.mentions,
                result.quotations,
            )
            admit(graph, result.article)
            capture = captures.of(location, content, holds=article_iri(article), note=article.notes)
            print_ = fingerprint(result.article, capture.captured)
        except (ArticleError, ClaimError) as error:
            yield captures.refused(location, content, error)
            continue
        yield Outcome(
            capture,
            graph,
            dict(Counter(claim.type.value for claim in result.claims)),
            fingerprint=print_,
        )


class _Captures:
    """Makes the captures of one batch."""

    def __init__(self, settings: Settings) -> None:
        self.versions = current_versions(settings.model)
        self._when = datetime.now(UTC).isoformat(timespec="seconds")
        # No encoding needs more than four bytes a character.
        self._largest = 4 * settings.largest_article

    def of(self, location: Location, content: bytes, **found: object) -> Capture:
        return Capture(
            location=location.iri,
            name=location.name,
            digest=digest(content),
            version=self.versions.key,
            captured=self._when,
            **found,  # type: ignore[arg-type]
        )

    def refused(self, location: Location, content: bytes, error: Exception) -> Outcome:
        reason = str(error)
        if not isinstance(error, AccordError):
            reason = (
                f"{location.iri} broke its reading: {type(error).__name__}: {error}. "
                "Please report it with the article."
            )
        capture = self.of(location, content, reason=reason)
        return Outcome(
            capture, letter=letter(location, content, error, reason, self._when, self._largest)
        )


def _write(target: Path, outcomes: Iterable[Outcome], tick: Callable[[], None]) -> Path:
    with target.open("w", encoding="utf-8") as lines:
        for outcome in outcomes:
            lines.write(json.dumps(asdict(outcome), ensure_ascii=False) + "\n")
            tick()
    return target
