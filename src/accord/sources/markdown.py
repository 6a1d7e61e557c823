"""Markdown: its text without marks, and what stands between ``---`` at its top."""

from __future__ import annotations

from datetime import date
from typing import Any

import yaml

from accord.article import Known
from accord.errors import ArticleError
from accord.sources import record


def read(where: str, source: str) -> tuple[str, Known]:
    """Return the text, paragraphs with an empty line in between, and what its front matter says.

    :raises ArticleError: if the front matter is no YAML
    """
    from markdown_it import MarkdownIt

    source = source.removeprefix("\ufeff").replace("\r\n", "\n")
    front: Any = None
    if source.startswith("---\n") and "\n---\n" in source[4:]:
        head, _, source = source[4:].partition("\n---\n")
        try:
            front = yaml.safe_load(head)
        except yaml.YAMLError as error:
            raise ArticleError(
                f"{where} has front matter that is no YAML.", "Correct what is between the ---."
            ) from error
    tokens = MarkdownIt().parse(source)
    blocks = [_words(token.children or []) for token in tokens if token.type == "inline"]
    text = "\n\n".join(filter(None, blocks)) + "\n"
    if not isinstance(front, dict):
        return text, Known()
    said = {name: _said(value) for name, value in front.items()}
    return text, record.read(where, {**said, "text": text})[1] if text.strip() else Known()


def _said(value: Any) -> Any:
    """Return a value as text, and nothing of what is nested: aliases may make that endless."""
    if isinstance(value, list):
        return [each for each in value if isinstance(each, str)]
    return str(value) if isinstance(value, (str, int, float, date)) else None


def _words(tokens: list[Any]) -> str:
    parts = (
        " " if token.type in ("softbreak", "hardbreak") else token.content
        for token in tokens
        if token.type in ("text", "code_inline", "softbreak", "hardbreak", "text_special")
    )
    return "".join(parts).strip()
