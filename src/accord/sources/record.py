"""A record: an article as a JSON object, its fields mapped by their names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from accord.article import Known
from accord.errors import ArticleError
from accord.resources import resource
from accord.yamls import read_yaml


def read(where: str, value: Any, fields: Iterable[tuple[str, str]] = ()) -> tuple[str, Known]:
    """Return a record's text and what it says beside it.

    :param fields: pairs of a meaning (``text``, ``html``, ``title``, ``date``, ``outlet``,
        ``address``, ``author``) and the path of its field, steps joined by dots; what is not
        mapped is looked for under the usual names, which stand in ``mappings/reading.yaml``
    :raises ArticleError: if it is no object or has no text
    """
    if not isinstance(value, dict):
        raise ArticleError(f"{where} is no JSON object.", "An article is an object with its text.")
    mapped = dict(fields)
    found = {
        meaning: _first(
            value,
            (mapped[meaning],) if meaning in mapped else names,
            # Several texts are paragraphs; several authors are a list.
            "\n\n" if meaning in ("text", "html") else ", ",
        )
        for meaning, names in _names().items()
    }
    text = found["text"] or _plain(found["html"] or "")
    if not text.strip():
        tried = ", ".join((mapped["text"],) if "text" in mapped else _names()["text"])
        raise ArticleError(
            f"{where} has no text in the field {tried}.",
            "Say in the source's table which field has it: fields = { text = 'NAME' }.",
        )
    return text, Known(
        found["title"], found["date"], found["outlet"], found["address"], found["author"]
    )


def meanings() -> frozenset[str]:
    """Return what a field can be mapped to."""
    return frozenset(_names())


def _first(value: dict[str, Any], paths: Iterable[str], between: str = ", ") -> str | None:
    for path in paths:
        found: Any = value
        # A key with a dot in it is found as well.
        for step in [path] if path in value else path.split("."):
            found = found.get(step) if isinstance(found, dict) else None
        found = [_named(each) for each in found] if isinstance(found, list) else _named(found)
        if isinstance(found, list) and all(isinstance(each, str) for each in found):
            found = between.join(found)
        if isinstance(found, (str, int)) and not isinstance(found, bool) and str(found).strip():
            return str(found)
    return None


def _named(value: Any) -> Any:
    """Return the name of what has one: {"name": "The Herald"}."""
    return value.get("name") if isinstance(value, dict) else value


def _plain(html: str) -> str:
    """Return the text of a fragment of HTML, a paragraph a line."""
    if not html.strip():
        return ""
    from lxml.html import fromstring

    tree = fromstring(f"<div>{html}</div>")
    for junk in tree.xpath("//script | //style"):
        junk.drop_tree()
    for block in tree.iter("p", "div", "br", "li", "h1", "h2", "h3", "h4", "blockquote"):
        block.tail = "\n" + (block.tail or "")
    lines = (" ".join(line.split()) for line in re.split(r"\n", tree.text_content()))
    return "\n\n".join(line for line in lines if line)


@cache
def _names() -> dict[str, tuple[str, ...]]:
    data: Any = read_yaml(resource("mappings", "reading.yaml"))
    return {meaning: tuple(names) for meaning, names in data["records"].items()}
