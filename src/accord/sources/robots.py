"""What a site's robots.txt allows (RFC 9309)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accord.errors import ArticleError, AwayError
from accord.sources.address import joined, origin_of, usable
from accord.sources.request import PRODUCT, REDIRECTS, Bounds, Requests
from accord.sources.shelf import Shelf

if TYPE_CHECKING:
    from protego import Protego

_DAY = 86_400.0
"""Seconds for which a robots.txt is believed, by the standard."""

_SIZE = 500 * 1024
"""Bytes of it that the standard asks to be read at least; the rest of a longer one is ignored."""


class Robots:
    """The rules of sites, each asked for once a day.

    :param pause: seconds after a request at least
    """

    def __init__(self, requests: Requests, shelf: Shelf, pause: float, bounds: Bounds) -> None:
        self._requests = requests
        self._shelf = shelf
        self._pause = pause
        self._bounds = Bounds(_SIZE, bounds.seconds, bounds.redirects)
        self._rules: dict[str, Protego | AwayError] = {}

    def pause_after(self, address: str) -> float:
        """Return the seconds to leave the site alone after asking for an address.

        :raises ArticleError: if the site does not want it to be asked for
        :raises AwayError: if the site does not say: then nothing of it may be asked for
        """
        rules = self._of(origin_of(address))
        if not rules.can_fetch(address, PRODUCT):
            raise ArticleError(f"{address} is closed to robots by the site's robots.txt.")
        return max(self._pause, float(rules.crawl_delay(PRODUCT) or 0.0))

    def _of(self, origin: str) -> Protego:
        from protego import Protego

        if origin not in self._rules:
            try:
                text = self._read(origin).decode("utf-8", "replace")
                self._rules[origin] = Protego.parse(text)
            except AwayError as error:
                self._rules[origin] = error
        rules = self._rules[origin]
        if isinstance(rules, AwayError):
            raise AwayError(rules.what, rules.remedy)
        return rules

    def _read(self, origin: str) -> bytes:
        """Return a robots.txt: empty where there is none."""
        address = at = f"{origin}/robots.txt"
        kept = self._shelf.get(address)
        if kept is not None and kept.age < _DAY:
            return kept.read()
        content = b""
        for _ in range(self._bounds.redirects + 1):
            reply = self._requests.get(at, self._pause, self._bounds, whole=False)
            if reply.status not in REDIRECTS or not reply.next:
                content = reply.content if reply.status == 200 else b""
                break
            at = usable(joined(at, reply.next))
        self._shelf.put(address, content, {"address": address, "at": at, "status": 200})
        return content
