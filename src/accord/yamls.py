"""The YAML files of ``mappings/``: read quickly, and no key twice."""

from __future__ import annotations

from pathlib import Path

import yaml

from accord.errors import VocabularyError

#: libyaml, where PyYAML was built with it, reads the files ten times as fast.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def compose(path: Path) -> yaml.Node | None:
    """Return the file's nodes, which know their lines; None for an empty file.

    :raises VocabularyError: naming file and line of what is no YAML, or of a key that stands
        twice: YAML itself would silently keep the last one
    """
    try:
        root: yaml.Node | None = yaml.compose(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise VocabularyError(f"{path}:{line}: {error.problem}.") from error
    _check(path, root)
    return root


def read_yaml(path: Path) -> object:
    """Return what the file holds, as plain lists, dictionaries, strings and numbers.

    :raises VocabularyError: as :func:`compose`
    """
    root = compose(path)
    if root is None:
        return None
    found: object = yaml.constructor.SafeConstructor().construct_document(root)
    return found


def _check(path: Path, node: yaml.Node | None) -> None:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _check(path, item)
    if not isinstance(node, yaml.MappingNode):
        return
    lines: dict[str, int] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if key.value in lines:
            raise VocabularyError(
                f"{path}:{line}: {key.value!r} stands a second time.",
                f"Join it with the first one, in line {lines[key.value]}.",
            )
        lines[key.value] = line
        _check(path, value)
