"""What an attribution is: somebody's words, or thoughts, with who has them and how we know."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from spacy.tokens import Span

from accord.language.actors.parties import Party

#: So much of a content between quotation marks makes it a direct quotation.
_DIRECT = 0.8


@dataclass(frozen=True, slots=True)
class Attribution:
    """A cue with its source and content; each of these may be split in several stretches.

    ``source`` is None where nobody is named ("it was reported"); ``sources`` has all its stretches.
    ``kind`` is direct, indirect or mixed; ``cue_class`` one of
    :data:`accord.language.speech.sources.CLASSES`. ``speaker`` is who voiced it, ``holder`` the
    side that it stands for; both are None where the source is nobody who can hold a claim.
    ``told`` is what the speaker answers for: the content without unquoted sentences that only seem
    to go on from it. ``said`` is false of what somebody only thinks, feels or wants. ``parent`` is
    the attribution in whose content this one stands.
    """

    source: Span | None
    cue: Span
    content: tuple[Span, ...]
    kind: str
    cue_class: str
    speaker: Party | None
    holder: str | None
    sources: tuple[Span, ...] = ()
    told: tuple[Span, ...] = ()
    said: bool = True
    parent: Attribution | None = None

    @property
    def size(self) -> int:
        """Number of tokens of the content."""
        return sum(len(span) for span in self.content)


@dataclass(frozen=True, slots=True)
class Voice(Attribution):
    """An attribution whose speaker is known: one that can hold a claim."""

    speaker: Party
    holder: str


def attribute(
    sources: tuple[Span, ...],
    cue: Span,
    content: tuple[Span, ...],
    speaker: Party | None,
    *,
    kind: str,
    cue_class: str,
    told: tuple[Span, ...] | None = None,
    said: bool = True,
) -> Attribution:
    """Return an attribution: a `Voice` where the speaker is known."""
    source = sources[0] if sources else None
    told = content if told is None else told
    if speaker is None:
        nobody = (kind, cue_class, None, None)
        return Attribution(source, cue, content, *nobody, sources, told, said)
    somebody = (kind, cue_class, speaker, speaker.side)
    return Voice(source, cue, content, *somebody, sources, told, said)


def kind_of(content: Iterable[tuple[int, int]], quoted: Collection[int]) -> str:
    """Return whether a content is direct, indirect or mixed.

    :param quoted: tokens between quotation marks
    """
    tokens = [i for start, end in content for i in range(start, end)]
    inside = sum(i in quoted for i in tokens)
    if not inside:
        return "indirect"
    return "direct" if inside >= _DIRECT * len(tokens) else "mixed"


def tokens(spans: Iterable[Span]) -> Iterator[int]:
    """Return the tokens of several stretches."""
    return (i for span in spans for i in range(span.start, span.end))


def nested(found: Iterable[Attribution]) -> list[Attribution]:
    """Return attributions with their parents, in the order of the text."""
    innermost: dict[int, Attribution] = {}
    done: list[Attribution] = []
    for attribution in sorted(found, key=lambda a: -a.size):
        parent = innermost.get(attribution.cue.start)
        whole = replace(attribution, parent=parent) if parent else attribution
        innermost.update(dict.fromkeys(tokens(whole.content), whole))
        done.append(whole)
    return sorted(done, key=lambda a: (a.content[0].start, -a.size))


def voices(attributions: Iterable[Attribution]) -> dict[int, Voice]:
    """Return for each token in reported speech the innermost attribution around it.

    Only what somebody said counts, and only where it is known who: a wish or a thought is told by
    the article itself.
    """
    found: dict[int, Voice] = {}
    heard = [a for a in attributions if isinstance(a, Voice) and a.said]
    for attribution in sorted(heard, key=lambda a: (-a.size, a.kind == "direct")):
        found.update(dict.fromkeys(tokens(attribution.told), attribution))
    return found
