"""A web page: its main text, headline, date, outlet and address, by trafilatura."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

from accord.article import Known
from accord.errors import ArticleError

_SAME = ("www.", "amp.", "m.", "mobile.")
"""What the same site's host may begin with."""


_BREAKS = re.compile(r"(?:<br\s*/?>\s*){2,}", re.IGNORECASE)
"""What old pages put between paragraphs."""


def read(where: str, source: str, address: str | None = None) -> tuple[str, Known]:
    """Return a page's main text, a paragraph a line, and its metadata.

    Menus, comments, notices and advertisements are left out, as far as they can be told.

    :param where: what messages call the page
    :param address: where it was fetched from; None for a file, whose own word is taken for it
    :raises ArticleError: if it has no article
    """
    try:
        found, canonical = _extracted(source, address)
    except Exception as error:  # damaged pages lead the library anywhere
        raise ArticleError(
            f"{where} cannot be read as a page: {type(error).__name__}: {error}."
        ) from error
    if found is None or not (found.text or "").strip():
        raise ArticleError(
            f"{where} has no text that looks like an article.",
            "Nothing needs doing if it is a list of articles or an empty page.",
        )
    known = Known(
        title=found.title or None,
        published=found.date or None,
        outlet=_outlet(found),
        address=canonical,
        author=found.author or None,
    )
    return _paragraphs(found.text), known


def _extracted(source: str, address: str | None) -> tuple[Any, str | None]:
    """Return what the library finds, if it finds anything, and the page's own address."""
    # Half a second to load: only where there is a page.
    from trafilatura import bare_extraction, load_html

    tree: Any = load_html(_BREAKS.sub("</p><p>", source))
    if tree is None:
        return None, address
    canonical = _canonical(tree, address)
    found = bare_extraction(
        tree,
        url=canonical,
        with_metadata=True,
        include_comments=False,
        include_tables=False,
        # A wrong date is worse than none, and the day of the last change is a wrong one.
        date_extraction_params={
            "original_date": True,
            "extensive_search": False,
            "max_date": (date.today() + timedelta(days=1)).isoformat(),
        },
    )
    return found, canonical


def _paragraphs(text: str) -> str:
    lines = (re.sub(r"^- ", "", line).strip() for line in text.splitlines())
    return "\n\n".join(line for line in lines if line) + "\n"


def _outlet(found: Any) -> str | None:
    """Return the site's name, but not its host, which is no name."""
    name = found.sitename
    return name if name and not re.fullmatch(r"[\w-]+(\.[\w-]+)+", name) else None


def _canonical(tree: Any, address: str | None) -> str | None:
    """Return the address that a page says is its own, if it may say so, else the given one."""
    links: list[str] = tree.xpath(
        '//link[@rel="canonical"]/@href | //meta[@property="og:url"]/@content'
    )
    for link in links:
        try:
            own = urljoin(address or "", link.strip())
            parts = urlsplit(own)
            host = parts.hostname
        except ValueError:
            continue
        if parts.scheme not in ("http", "https") or not host:
            continue
        # Nobody but a site itself may say that a page is one of its own, and a page that names
        # the front page as its address is badly made.
        if address is None or (_site(host) == _site(urlsplit(address).hostname or "")):
            front = not parts.path.strip("/") and not parts.query
            if not front or not urlsplit(address or "").path.strip("/"):
                return own
    return address


def _site(host: str) -> str:
    for prefix in _SAME:
        host = host.removeprefix(prefix)
    return host
