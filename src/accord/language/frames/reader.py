"""Reads the frames and checks them: a mistake is named with its file, line, value and remedy."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import NoReturn

import yaml

from accord.claim import ClaimType, Status
from accord.errors import VocabularyError
from accord.language.frames.frame import Frame, Frames, Need, Source
from accord.language.wordlists import word_lists
from accord.resources import resource
from accord.yamls import compose

PREPOSITIONS = frozenset(
    (  # noqa: SIM905
        "on at against with by for from to of in into upon between among around along alongside "
        "under over onto out towards toward across within about after near beside via through as "
        "during amid despite without since behind"
    ).split()
)
#: The steps of which an argument consists: "object between" is the between-phrase on the object.
STEPS = PREPOSITIONS | frozenset(
    (  # noqa: SIM905
        "subject object complement governor owner doer possessor bearer committer self any actor "
        "target compound prefixed route recipient antecedent"
    ).split()
)
CLASSES = frozenset(
    (  # noqa: SIM905
        "any troops country subjunctive party parties known armed place special duty part "
        "quantity negated future predicate laid-out sized measured military indefinite "
        "located owned infinitive other own one accorded clause plural singular inside "
        "stationed passive bidden noun overdue number dating"
    ).split()
)
_KEYS = frozenset(
    (  # noqa: SIM905
        "name type verbs nouns adjectives prefixes roles needs excludes status content holder "
        "weak owed denied open"
    ).split()
)
_ROLES = ("actor", "target", "action")
_CONTENTS = ("", "opaque", "duty")
_HOLDERS = ("", "subject", "owner")
_SORTS = (("VERB", "verbs"), ("NOUN", "nouns"), ("ADJ", "adjectives"), ("PREFIX", "prefixes"))
_REMEDY = "The keys are explained at the top of mappings/frames/norms.yaml."

#: A scalar with the line that it stands on, a list or a mapping of them.
_Node = yaml.Node


@cache
def load_frames() -> Frames:
    """Read all frames once.

    :raises VocabularyError: naming file and line of the first mistake
    """
    paths = sorted(resource("mappings", "frames").glob("*.yaml"))
    found = [frame for path in paths for frame in read_frames(path)]
    where: dict[str, str] = {}
    for frame in found:
        if frame.name in where:
            raise VocabularyError(
                f"{frame.where}: the name {frame.name!r} stands at {where[frame.name]} already.",
                "Give each frame a name of its own.",
            )
        where[frame.name] = frame.where
    return Frames(tuple(found))


def read_frames(path: Path) -> list[Frame]:
    """Read the frames of one file.

    :raises VocabularyError: naming file and line of the first mistake
    """
    root = compose(path)
    if not isinstance(root, yaml.SequenceNode):
        raise VocabularyError(f"{path}:1: expected a list of frames, each beginning with '- name:'")
    return [_Reader(path, node).frame() for node in root.value]


class _Reader:
    """Reads one frame and names the line of whatever is wrong in it."""

    def __init__(self, path: Path, node: _Node) -> None:
        self.path, self.node, self.name = path, node, "frame"
        self.values: dict[str, _Node] = {}
        for key, value in self.pairs(node, "a frame"):
            if key.value not in _KEYS:
                self.unknown(key, "key", _KEYS)
            self.values[key.value] = value
        if isinstance(self.values.get("name"), yaml.ScalarNode):
            self.name = str(self.values["name"].value)

    def fail(self, node: _Node, what: str, remedy: str = _REMEDY) -> NoReturn:
        line = node.start_mark.line + 1
        raise VocabularyError(f"{self.path}:{line}: {self.name}: {what}.", remedy)

    def unknown(
        self, node: _Node, what: str, allowed: Collection[str], value: str = ""
    ) -> NoReturn:
        value = value or str(node.value)
        near = get_close_matches(value, sorted(allowed), n=1)
        remedy = f"Did you mean {near[0]!r}? {_REMEDY}" if near else _REMEDY
        self.fail(node, f"unknown {what} {value!r}", remedy)

    def frame(self) -> Frame:
        for key in ("name", "type"):
            if key not in self.values:
                self.fail(self.node, f"no {key!r}")
        kind = self.choice("type", [member.value for member in ClaimType])
        status = self.choice("status", ["", "by tense", *(member.value for member in Status)])
        if (kind == "Compliance") != bool(status):
            self.fail(self.values["type"], "a Compliance has a status, and no other type has one")
        triggers = tuple(
            (pos, tuple(words.split())) for pos, key in _SORTS for words in self.words(key)
        )
        if not triggers:
            self.fail(self.node, "no verbs, nouns or adjectives")
        return Frame(
            name=self.name,
            type=ClaimType(kind),
            triggers=triggers,
            roles=tuple(self.roles()),
            needs=tuple(self.needs("needs")),
            excludes=tuple(self.needs("excludes")),
            status=status,
            content=self.choice("content", _CONTENTS),
            holder=self.choice("holder", _HOLDERS),
            weak=self.flag("weak"),
            owed=self.flag("owed"),
            denied=self.flag("denied"),
            open=self.flag("open"),
            where=f"{self.path.name}:{self.node.start_mark.line + 1}",
        )

    # -- values --------------------------------------------------------------------------------

    def scalar(self, node: _Node, what: str) -> str:
        """Return a word as it is written: ``on`` is a preposition, and not true."""
        if not isinstance(node, yaml.ScalarNode):
            self.fail(node, f"{what} is not a word")
        return str(node.value)

    def items(self, node: _Node, what: str) -> list[_Node]:
        if not isinstance(node, yaml.SequenceNode):
            self.fail(node, f"{what} is not a list of words", "Write it as [one, another].")
        return list(node.value)

    def pairs(self, node: _Node, what: str) -> list[tuple[_Node, _Node]]:
        if not isinstance(node, yaml.MappingNode):
            self.fail(node, f"{what} is not a mapping", "Write it as key: value.")
        return list(node.value)

    def choice(self, key: str, allowed: Collection[str]) -> str:
        if key not in self.values:
            return ""
        value = self.scalar(self.values[key], key)
        if value not in allowed:
            self.unknown(self.values[key], key, [word for word in allowed if word])
        return value

    def flag(self, key: str) -> bool:
        if key not in self.values:
            return False
        value = self.scalar(self.values[key], key)
        if value not in ("true", "false"):
            self.fail(self.values[key], f"{key} is {value!r}, not true or false")
        return value == "true"

    def words(self, key: str) -> list[str]:
        if key not in self.values:
            return []
        found: list[str] = []
        for node in self.items(self.values[key], key):
            word = self.scalar(node, key)
            if word in found:
                self.fail(node, f"{word!r} stands twice among its {key}", "Leave one of them out.")
            found.append(word)
        return found

    # -- roles and needs -----------------------------------------------------------------------

    def roles(self) -> Iterator[tuple[str, tuple[Source, ...]]]:
        if "roles" not in self.values:
            return
        for role, sources in self.pairs(self.values["roles"], "roles"):
            if role.value not in _ROLES:
                self.unknown(role, "role", _ROLES)
            nodes = self.items(sources, f"the role {role.value}")
            yield str(role.value), tuple(self.source(node) for node in nodes)

    def source(self, node: _Node) -> Source:
        words = self.scalar(node, "a source")
        head, _, last = words.rpartition(" ")
        kind = "any"
        if head and last not in STEPS:
            if last not in CLASSES and last not in _lists():
                self.unknown(node, "argument or class", STEPS | CLASSES | _lists(), last)
            words, kind = head, last
        arguments = tuple(words.split(" and "))
        for argument in arguments:
            self.argument(argument, node)
        return Source(arguments, kind)

    def argument(self, argument: str, node: _Node) -> None:
        for step in argument.split(" "):
            if step not in STEPS:
                self.unknown(node, "argument", STEPS, step)

    def needs(self, key: str) -> Iterator[Need]:
        if key not in self.values:
            return
        node = self.values[key]
        groups = list(node.value) if isinstance(node, yaml.SequenceNode) else [node]
        for group in groups:
            for arguments, classes in self.pairs(group, key):
                names = tuple(self.scalar(arguments, key).split(" or "))
                for name in names:
                    self.argument(name, arguments)
                kinds = tuple(self.scalar(classes, key).split(" or "))
                for kind in kinds:
                    if kind not in CLASSES and kind not in _lists():
                        self.unknown(classes, "class", CLASSES | _lists(), kind)
                yield Need(names, kinds)


def _lists() -> frozenset[str]:
    return frozenset(word_lists("things"))
