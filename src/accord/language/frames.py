"""The frames of ``mappings/frames/*.yaml``: which words make which claim, checked when loaded.

A frame is data for political scientists to edit; what its keys mean stands at the top of
``norms.yaml``, and :mod:`accord.language.matching` is what applies it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from accord.claim import ClaimType, Status
from accord.errors import VocabularyError
from accord.language.wordlists import word_lists
from accord.resources import resource

_KEYS = frozenset(
    [
        "name",
        "type",
        "verbs",
        "nouns",
        "adjectives",
        "roles",
        "needs",
        "status",
        "content",
        "holder",
        "weak",
        "owed",
    ]
)
_ROLES = ("actor", "target", "action")
_ARGUMENTS = frozenset(
    [
        "subject",
        "object",
        "complement",
        "owner",
        "self",
        "bearer",
        "any",
        "actor",
        "target",
        "compound",
    ]
)
_DETAILED = re.compile(
    r"(complement (subject|object)|governor (subject|object)|object (between|with|of|owner))"
)
_CLASSES = frozenset(
    [
        "any",
        "party",
        "parties",
        "known",
        "armed",
        "place",
        "special",
        "duty",
        "part",
        "quantity",
        "negated",
        "future",
        "predicate",
        "military",
        "indefinite",
        "located",
        "owned",
        "infinitive",
        "other",
        "one",
    ]
)
_CONTENTS = ("", "opaque", "duty")
_HOLDERS = ("", "subject", "owner")
PREPOSITIONS = frozenset(
    [
        "on",
        "at",
        "against",
        "with",
        "by",
        "for",
        "from",
        "to",
        "of",
        "in",
        "into",
        "upon",
        "between",
        "around",
        "along",
        "under",
        "over",
        "towards",
        "toward",
        "across",
        "within",
        "about",
        "after",
        "near",
    ]
)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a role is taken from: arguments whose fillers are put together, and their class."""

    arguments: tuple[str, ...]
    kind: str = "any"


@dataclass(frozen=True, slots=True)
class Need:
    """One of the arguments must be of one of the classes."""

    arguments: tuple[str, ...]
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """Words that make a claim. ``triggers`` are the lemmas: head first, then what stands below."""

    name: str
    type: ClaimType
    triggers: tuple[tuple[str, tuple[str, ...]], ...]
    roles: tuple[tuple[str, tuple[Source, ...]], ...] = ()
    needs: tuple[Need, ...] = ()
    status: str = ""
    content: str = ""
    holder: str = ""
    weak: bool = False
    owed: bool = False
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


@cache
def load_frames() -> Frames:
    """Read all frames once.

    :raises VocabularyError: naming file and line of the first mistake
    """
    folder = resource("mappings", "frames")
    paths = sorted(folder.glob("*.yaml"))
    return Frames(tuple(frame for path in paths for frame in read_frames(path)))


def read_frames(path: Path) -> list[Frame]:
    """Read the frames of one file.

    :raises VocabularyError: naming file and line of the first mistake
    """
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise VocabularyError(f"{path}:{line}: {error.problem}") from error
    if not isinstance(root, yaml.SequenceNode):
        raise VocabularyError(f"{path}:1: expected a list of frames, each beginning with '- name:'")
    return [_Reader(path, node).frame() for node in root.value]


class _Reader:
    """Reads one frame and names the line of whatever is wrong in it."""

    def __init__(self, path: Path, node: yaml.Node) -> None:
        self.path, self.line = path, node.start_mark.line + 1
        if not isinstance(node, yaml.MappingNode):
            self.fail("a frame is a mapping of keys to values")
        self.values: dict[str, Any] = {}
        self.lines: dict[str, int] = {}
        for key, value in node.value:
            self.lines[key.value] = key.start_mark.line + 1
            self.values[key.value] = _plain(value)
        self.name = str(self.values.get("name", "a frame without a name"))

    def fail(self, what: str, key: str = "") -> None:
        name = getattr(self, "name", "frame")
        line = getattr(self, "lines", {}).get(key, self.line)
        raise VocabularyError(
            f"{self.path}:{line}: {name}: {what}.", "The keys are explained in norms.yaml."
        )

    def frame(self) -> Frame:
        for key in self.values:
            if key not in _KEYS:
                self.fail(f"unknown key {key!r}", key)
        for key in ("name", "type"):
            if key not in self.values:
                self.fail(f"no {key!r}")
        kind = self.choice("type", [member.value for member in ClaimType])
        status = self.choice("status", ["", "by tense", *(member.value for member in Status)])
        if (kind == "Compliance") != bool(status):
            self.fail("a Compliance has a status, and no other type has one", "type")
        triggers = tuple(
            (pos, tuple(words.split()))
            for pos, key in (("VERB", "verbs"), ("NOUN", "nouns"), ("ADJ", "adjectives"))
            for words in self.words(key)
        )
        if not triggers:
            self.fail("no verbs, nouns or adjectives")
        return Frame(
            name=self.name,
            type=ClaimType(kind),
            triggers=triggers,
            roles=tuple(self.roles()),
            needs=tuple(self.needs()),
            status=status,
            content=self.choice("content", _CONTENTS),
            holder=self.choice("holder", _HOLDERS),
            weak=self.flag("weak"),
            owed=self.flag("owed"),
            where=f"{self.path.name}:{self.line}",
        )

    def choice(self, key: str, allowed: Any) -> str:
        value = self.values.get(key, "")
        if value not in allowed:
            self.fail(f"{key} is {value!r}, not one of {', '.join(filter(None, allowed))}", key)
        return str(value)

    def flag(self, key: str) -> bool:
        value = self.values.get(key, "false")
        if value not in ("true", "false"):
            self.fail(f"{key} is {value!r}, not true or false", key)
        return bool(value == "true")

    def words(self, key: str) -> list[str]:
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            self.fail(f"{key} is not a list of words", key)
        return [str(word) for word in value]

    def roles(self) -> Iterator[tuple[str, tuple[Source, ...]]]:
        roles = self.values.get("roles", {})
        if not isinstance(roles, dict):
            self.fail("roles is not a mapping", "roles")
        for role, sources in roles.items():
            if role not in _ROLES:
                self.fail(f"unknown role {role!r}, not one of {', '.join(_ROLES)}", "roles")
            yield role, tuple(self.source(str(words)) for words in sources)

    def source(self, words: str) -> Source:
        head, _, last = words.rpartition(" ")
        if head and last in (_CLASSES | _lists()) and words not in _ALL_ARGUMENTS():
            words, kind = head, last
        else:
            kind = "any"
        arguments = tuple(words.split(" and "))
        for argument in arguments:
            self.argument(argument, "roles")
        return Source(arguments, kind)

    def argument(self, argument: str, key: str) -> None:
        if argument in _ARGUMENTS or argument in PREPOSITIONS or _DETAILED.fullmatch(argument):
            return
        self.fail(f"unknown argument {argument!r} in {key}", key)

    def needs(self) -> Iterator[Need]:
        needs = self.values.get("needs", {})
        groups = needs if isinstance(needs, list) else [needs]
        if not all(isinstance(group, dict) for group in groups):
            self.fail("needs is neither a mapping nor a list of mappings", "needs")
        for arguments, classes in (item for group in groups for item in group.items()):
            names = tuple(arguments.replace("'", "").split(" or "))
            for name in names:
                self.argument(name, "needs")
            kinds = tuple(str(classes).split(" or "))
            for kind in kinds:
                if kind not in _CLASSES and kind not in _lists():
                    self.fail(f"unknown class {kind!r} in needs", "needs")
            yield Need(names, kinds)


def _plain(node: yaml.Node) -> Any:
    """Return a node's value with every scalar as it is written: ``on`` is a preposition."""
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        return {_plain(key): _plain(value) for key, value in node.value}
    return node.value


def _ALL_ARGUMENTS() -> frozenset[str]:  # noqa: N802
    return frozenset({"complement subject", "complement object"})


def _lists() -> frozenset[str]:
    return frozenset(word_lists("things"))
