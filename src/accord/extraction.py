"""From articles to claims: the language half of the line, usable alone."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from spacy.language import Language
from spacy.tokens import Doc

from accord.article import Article
from accord.claim import Claim
from accord.errors import UsageError

# What is not used below registers the factories.
from accord.language import known_names, relevance  # noqa: F401
from accord.language.actors import memberships  # noqa: F401
from accord.language.claims import finder  # noqa: F401
from accord.language.pipeline import load
from accord.language.speech import attributions  # noqa: F401
from accord.language.speech.quotes import find_quotations, forget
from accord.membership import Membership
from accord.mention import Mention

BEFORE = "accord_whole_names"
COMPONENTS = ("accord_names", "accord_attribution", "accord_memberships", "accord_claims")

#: Articles in one batch through the networks.
BATCH = 32


@cache
def pipeline(name: str | None = None) -> Language:
    """Return the whole pipeline: a base model with the components that find claims behind it.

    :param name: a spaCy package or the path of a model; the shipped model without it
    :raises UsageError: where no such package or folder is
    """
    try:
        # A pipeline of its own: the one that load() keeps stays as it is for whoever else uses it.
        return with_components(load.__wrapped__(name))
    except OSError as error:
        raise UsageError(
            f"The language model {name!r} cannot be loaded: {error}.",
            "Leave the setting `model` out to use the one that ships with Accord.",
        ) from error


def with_components(nlp: Language) -> Language:
    """Add to a pipeline the components that it lacks, the first in front; returns it."""
    if BEFORE not in nlp.pipe_names:
        nlp.add_pipe(BEFORE, first=True)
    for component in COMPONENTS:
        if component not in nlp.pipe_names:
            nlp.add_pipe(component)
    return nlp


@dataclass(frozen=True, slots=True)
class Extract:
    """What was found in one article: its claims, who holds which post, and what it calls whom.

    ``quotations`` are the stretches between quotation marks, as character offsets of the text. An
    article without claims has none of these: it is about something else.
    """

    article: Article
    claims: list[Claim]
    memberships: list[Membership]
    mentions: list[Mention] = field(default_factory=list)
    quotations: tuple[tuple[int, int], ...] = ()


def extract(
    articles: Iterable[Article], nlp: Language | None = None
) -> Iterator[tuple[Article, list[Claim]]]:
    """Yield each article with its claims; see :func:`read`."""
    for found in read(articles, nlp):
        yield found.article, found.claims


def read(articles: Iterable[Article], nlp: Language | None = None) -> Iterator[Extract]:
    """Yield what is found in each article, claims in the order of their evidence.

    The text that is read is ``article.text``; offsets hold for ``article.raw`` as well. Claims
    come neither from headers nor from boilerplate. An article that is about something else by its
    words is not read any further: see :func:`~accord.language.relevance.is_relevant`.

    :param articles: any number of articles; they are read as they are needed
    :param nlp: a pipeline with the components of :data:`COMPONENTS`; the default one without it
    """
    nlp = nlp or pipeline()
    waiting: deque[tuple[Article, bool]] = deque()

    def relevant() -> Iterator[Doc]:
        for article in articles:
            doc = document(article, nlp)
            about = relevance.is_relevant(doc)
            waiting.append((article, about))
            if about:
                yield doc

    for doc in nlp.pipe(relevant(), batch_size=BATCH):
        while not (first := waiting.popleft())[1]:
            yield Extract(first[0], [], [])
        if doc._.claims:
            found = doc._.memberships, doc._.mentions, _quotations(doc)
            yield Extract(doc._.article, doc._.claims, *found)
        else:
            yield Extract(doc._.article, [], [])
    for article, _ in waiting:
        yield Extract(article, [], [])


def _quotations(doc: Doc) -> tuple[tuple[int, int], ...]:
    spans = [doc[quotation.start : quotation.end] for quotation in find_quotations(doc)]
    forget(doc)
    return tuple((span.start_char, span.end_char) for span in spans)


def document(article: Article, nlp: Language) -> Doc:
    """Return an article's tokens, for the pipeline to work on."""
    nlp.max_length = max(nlp.max_length, len(article.text) + 1)
    doc = nlp.make_doc(article.text)
    doc._.article = article
    return doc
