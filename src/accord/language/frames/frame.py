"""The frames of ``mappings/frames/*.yaml``: which words make which claim.

A frame is data for political scientists to edit; what its keys mean stands at the top of
``norms.yaml``. :mod:`accord.language.frames.reader` checks the files, and
:mod:`accord.language.frames.matching` applies the frames.
"""

from __future__ import annotations

from dataclasses import dataclass

from accord.claim import ClaimType


@dataclass(frozen=True, slots=True)
class Source:
    """Where a role is taken from: arguments whose fillers are put together, and their class."""

    arguments: tuple[str, ...]
    kind: str = "any"

    def __str__(self) -> str:
        return " and ".join(self.arguments) + ("" if self.kind == "any" else f" {self.kind}")


@dataclass(frozen=True, slots=True)
class Need:
    """One of the arguments must be of one of the classes."""

    arguments: tuple[str, ...]
    classes: tuple[str, ...]

    def __str__(self) -> str:
        return f"{' or '.join(self.arguments)}: {' or '.join(self.classes)}"


@dataclass(frozen=True, slots=True)
class Frame:
    """Words that make a claim. ``triggers`` are the lemmas: head first, then what stands below."""

    name: str
    type: ClaimType
    triggers: tuple[tuple[str, tuple[str, ...]], ...]
    roles: tuple[tuple[str, tuple[Source, ...]], ...] = ()
    needs: tuple[Need, ...] = ()
    excludes: tuple[Need, ...] = ()
    status: str = ""
    content: str = ""
    holder: str = ""
    weak: bool = False
    owed: bool = False
    denied: bool = False
    open: bool = False
    where: str = ""

    def sources(self, role: str) -> tuple[Source, ...]:
        """Return where a role is taken from, the first choice first."""
        return dict(self.roles).get(role, ())


class Frames:
    """All frames, found by the part of speech and the lemma of their first word."""

    def __init__(self, frames: tuple[Frame, ...]) -> None:
        self.all = frames
        self.index: dict[tuple[str, str], list[tuple[tuple[str, ...], Frame]]] = {}
        for frame in frames:
            for pos, words in frame.triggers:
                self.index.setdefault((pos, words[0]), []).append((words[1:], frame))
        for found in self.index.values():
            found.sort(key=lambda item: -len(item[0]))

    def of(self, pos: str, lemma: str) -> list[tuple[tuple[str, ...], Frame]]:
        """Return (further words, frame) for a lemma, those with most words first."""
        return self.index.get((pos, lemma), [])
