"""Forty pages in the manner of different sites: forty layouts, with texts short and long in turn.

A layout is HTML with ``{title}``, ``{date}``, ``{author}`` and ``{slug}``, and with lines
``@each A:B HTML``, which put in the paragraphs from A to B (as of Python's slices), each in the
place of ``%``.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Meant:
    """A page, and what it says: the text is the headline and the paragraphs, and nothing else."""

    layout: str
    page: str
    title: str
    date: str
    author: str
    paragraphs: tuple[str, ...]

    @property
    def content(self) -> bytes:
        """The page as a server sends it, in the encoding that it declares."""
        declared = re.search(r"charset=([\w-]+)", self.page)
        return self.page.encode(declared[1] if declared else "utf-8", "xmlcharrefreplace")

    @property
    def outlet(self) -> str | None:
        """The name of its site, where it says so to machines."""
        said = re.search(r'og:site_name" content="([^"]+)|Organization","name":"([^"]+)', self.page)
        return (said[1] or said[2]) if said else None

    @property
    def words(self) -> list[str]:
        """The words of its text."""
        return " ".join((self.title, *self.paragraphs)).split()


def pages() -> Iterator[Meant]:
    """Yield the forty pages."""
    texts = yaml.safe_load((HERE / "texts.yaml").read_text("utf-8"))
    half = len(texts) // 2
    for number, layout in enumerate(sorted(HERE.glob("*.html"))):
        text = texts[(number % 2) * half + number // 2 % half]
        yield Meant(
            layout.stem,
            _filled(layout.read_text("utf-8"), text),
            text["title"],
            str(text["date"]),
            text["author"],
            tuple(text["paragraphs"]),
        )


def _filled(layout: str, text: dict) -> str:
    def each(match: re.Match[str]) -> str:
        start, end, markup = match[1], match[2], match[3]
        some = text["paragraphs"][int(start or 0) : int(end) if end else None]
        return "\n".join(markup.replace("%", html.escape(one, quote=False)) for one in some)

    page = re.sub(r"^ *@each (\d*):(\d*) (.+)$", each, layout, flags=re.MULTILINE)
    slug = "-".join(re.findall(r"\w+", text["title"].lower()))
    for name, value in {**text, "slug": slug}.items():
        page = page.replace(f"{{{name}}}", html.escape(str(value)))
    return page
