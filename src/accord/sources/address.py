"""Addresses of the web: which may be asked, and what is made from them."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

from accord.article import canonical_address
from accord.errors import ArticleError

_LONGEST = 60
"""Characters of a page's own words in its article's name."""


def usable(address: str) -> str:
    """Return an address as it is asked for: in ASCII, without fragment, otherwise as it was given.

    :raises ArticleError: if it is none of ``http`` or ``https``
    """
    import httpx

    try:
        url = httpx.URL(address.strip())
        # The library and the standard library do not agree on what is one.
        _ = urlsplit(str(url)).port
    except (httpx.InvalidURL, ValueError, TypeError):
        url = httpx.URL()
    if url.scheme not in ("http", "https") or not url.host:
        raise ArticleError(
            f"{address[:200]!r} is no address of a page.",
            "Addresses begin with http:// or https://.",
        )
    return str(url.copy_with(fragment=None, userinfo=b""))


def joined(address: str, link: str) -> str:
    """Return what a link on a page leads to, or the link itself if it is none."""
    try:
        return urljoin(address, link.strip())
    except ValueError:
        return link


def canonical(address: str) -> str:
    """Return an address in the form by which a page is known, however it was linked to.

    :raises ArticleError: as :func:`usable`
    """
    return canonical_address(usable(address))


def origin_of(address: str) -> str:
    """Return scheme, host and port of an address: who answers there."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"


def host_of(address: str) -> str:
    """Return the host of an address, without its port."""
    return (urlsplit(address).hostname or "").rstrip(".").lower()


def name_of(address: str) -> str:
    """Return an article's id in claims, made from its page's address: words, and a hash."""
    steps = [step for step in PurePosixPath(unquote(urlsplit(address).path)).parts if step != "/"]
    words = re.sub(r"\W+", "-", PurePosixPath(steps[-1]).stem if steps else "").strip("-")
    key = hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{words[:_LONGEST].strip('-') or host_of(address)}-{key}"


def charset_of(media: str | None) -> str | None:
    """Return the encoding that a Content-Type names."""
    found = re.search(r"charset\s*=\s*[\"']?([\w:.-]+)", media or "", re.IGNORECASE)
    return found[1] if found else None


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the open internet, and not of somebody's own network."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inside = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inside is None and ip in _NAT64:
            inside = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inside is not None:
            return is_public(str(inside))
    return ip.is_global and not ip.is_multicast


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def allowed(host: str, addresses: Iterable[str], private: frozenset[str]) -> list[str]:
    """Return those of a host's IP addresses that may be connected to.

    :param private: hosts that may be asked although they are in a private network
    """
    return [each for each in addresses if host.lower() in private or is_public(each)]
