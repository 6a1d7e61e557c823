"""``accord attributions``: who says what in articles, as JSON Lines or as a table.

What takes long to import is imported by the command, as in `accord.commands`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from accord import display
from accord.commands.options import ListFormat
from accord.errors import ArticleError, ExitCode

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Span

    from accord.article import Article
    from accord.language.speech.attributions import Attribution

#: Components that come after attributions, and are not needed for them.
_LATER = ("accord_memberships", "accord_claims")


def attributions(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Files, folders, addresses, or -.")
    ],
    format: Annotated[ListFormat, typer.Option(help="One a line, or a table.")] = (
        ListFormat.JSONL
    ),
) -> None:
    """Write who says what in articles: source, cue and content, each with its place in the file.

    Stretches are pairs of code points into the text as read, end exclusive. `kind` is direct,
    indirect or mixed; `class` says what the cue does; `speaker` and `holder` are left out where
    nobody is named; `thought` stands where nothing was said, but believed or wanted; `parent` is
    the cue of the attribution in whose content this one stands.
    """
    from accord.extraction import pipeline
    from accord.settings import load_settings
    from accord.sources import articles as articles_of
    from accord.sources import source_of

    settings = load_settings()
    articles, failed = [], False
    for article in articles_of(map(source_of, files), settings.largest_article):
        if isinstance(article, ArticleError):
            display.complain(article)
            failed = True
        else:
            articles.append(article)
    rows = []
    for result in _attributed(articles, pipeline(settings.model)):
        if isinstance(result, ArticleError):
            display.complain(result)
            failed = True
            continue
        for row in documents(result):
            if format is ListFormat.JSONL:
                print(json.dumps(row, ensure_ascii=False))
            else:
                rows.append(row)
    if format is ListFormat.TABLE:
        display.attributions(rows)
    if failed:
        raise typer.Exit(ExitCode.SET_ASIDE)


def documents(doc: Doc) -> Iterator[dict[str, Any]]:
    """Yield the JSON form of each attribution of a document that stands in ``doc._.article``."""
    for attribution in doc._.attributions:
        yield {"article": doc._.article.name, **_document(attribution, doc._.article.raw)}


def _document(attribution: Attribution, raw: str) -> dict[str, Any]:
    stretches = {
        "source": attribution.sources,
        "cue": (attribution.cue,),
        "content": attribution.content,
    }
    row: dict[str, Any] = {name: _places(spans) for name, spans in stretches.items()}
    row |= {"kind": attribution.kind, "class": attribution.cue_class}
    if attribution.speaker is not None:
        row |= {"speaker": attribution.speaker.label, "holder": attribution.holder}
    if not attribution.said:
        row["thought"] = True
    if attribution.parent is not None:
        row["parent"] = _places((attribution.parent.cue,))[0]
    row["text"] = {
        name: " … ".join(raw[start:end] for start, end in row[name]) for name in stretches
    }
    return row


def _places(spans: Iterable[Span]) -> list[list[int]]:
    return [[span.start_char, span.end_char] for span in spans]


def _attributed(articles: list[Article], nlp: Language) -> Iterator[Doc | ArticleError]:
    """Yield each article's document; of one that breaks the pipeline, why.

    Articles go through the pipeline together, and one by one from the first that breaks it on.
    """
    from accord.extraction import BATCH, document

    done, together = 0, True
    later = [name for name in _LATER if name in nlp.pipe_names]
    while done < len(articles):
        left = articles[done:] if together else articles[done : done + 1]
        docs = (document(article, nlp) for article in left)
        try:
            for doc in nlp.pipe(docs, batch_size=BATCH, disable=later):
                yield doc
                done += 1
        except Exception as error:  # noqa: BLE001 - one bad article never stops a run
            if not together:
                yield ArticleError(
                    f"{articles[done].name} cannot be read: {type(error).__name__}: {error}.",
                    "Please report it with the article.",
                )
                done += 1
            together = False
