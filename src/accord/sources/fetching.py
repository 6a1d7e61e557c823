"""Fetching from the web, politely and safely, with every answer kept.

Polite: robots.txt (RFC 9309) is obeyed, a host gets one request at a time with a pause after it,
what is known is asked for conditionally (ETag, Last-Modified), and every request says who asks.
Safe: http and https only, no private networks, bounded sizes, times and redirects.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from accord.errors import ArticleError, AwayError
from accord.sources.address import canonical, charset_of, joined, usable
from accord.sources.request import REDIRECTS, Bounds, Requests
from accord.sources.robots import Robots
from accord.sources.shelf import Answer, Shelf

if TYPE_CHECKING:
    from accord.settings import Settings

__all__ = ["Bounds", "Fetched", "Fetcher"]

_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer on disk: ``address`` is where it came from in the end, ``media`` its type."""

    address: str
    path: Path
    media: str
    charset: str | None

    def read(self) -> bytes:
        """Return the bytes as they came, unpacked."""
        return self.path.read_bytes()


class Fetcher:
    """Asks for addresses; what it keeps and its turns at hosts are shared between processes.

    :raises UsageError: if the settings do not say whom a site can write to
    """

    def __init__(self, settings: Settings, bounds: Bounds | None = None) -> None:
        self.bounds = bounds or Bounds()
        self._requests = Requests(settings)
        self._kept = Shelf(Path(settings.cache) / "pages")
        self._kept.clear_out(settings.cache_days * _DAY)
        self._robots = Robots(self._requests, self._kept, settings.pause, self.bounds)

    def fetch(
        self,
        address: str,
        *,
        fresh: float = 0.0,
        changed: datetime | None = None,
        bounds: Bounds | None = None,
        stale: bool = True,
    ) -> Fetched:
        """Return what an address has, from the cache if the answer there is still good.

        :param fresh: seconds for which a kept answer is good without asking
        :param changed: when the page changed, as its site says: an older answer is not good
        :param stale: whether a kept answer will do where the address cannot be had now
        :raises AwayError: if it cannot be had now but may be later, and no kept answer will do
        :raises ArticleError: if it cannot or must not be had
        """
        address = usable(address)
        kept = self._kept.get(canonical(address))
        if kept is not None and _is_good(kept, fresh, changed):
            return _fetched(address, kept)
        try:
            return self._ask(address, kept, bounds or self.bounds, changed)
        except AwayError:
            if not stale or kept is None or kept.about["status"] != 200:
                raise
            return _fetched(address, kept)

    def _ask(
        self, address: str, kept: Answer | None, bounds: Bounds, changed: datetime | None
    ) -> Fetched:
        """Ask for an address, follow its redirects, and keep what the last one answers."""
        at = address
        for _ in range(bounds.redirects + 1):
            pause = self._robots.pause_after(at)
            validators = _validators(kept) if kept and kept.about["at"] == at else {}
            reply = self._requests.get(at, pause, bounds, validators)
            if reply.status == 304 and kept is not None:
                about = {**kept.about, "changed": _latest(kept, changed)}
                self._kept.renew(canonical(address), kept, about)
                return _fetched(address, kept)
            if reply.status in REDIRECTS and reply.next:
                at = usable(joined(at, reply.next))
                continue
            about = {"address": address, "at": at, "status": reply.status, "media": reply.media}
            about |= {"etag": reply.etag, "modified": reply.modified}
            about["changed"] = _latest(kept, changed)
            return _fetched(address, self._kept.put(canonical(address), reply.content, about))
        raise ArticleError(f"{address} is redirected more than {bounds.redirects} times.")


def _is_good(kept: Answer, fresh: float, changed: datetime | None) -> bool:
    # Two things that a site says are compared, and no clocks, if it said something before.
    fetched = datetime.fromtimestamp(time.time() - kept.age, UTC)
    before = kept.about.get("changed")
    since = datetime.fromisoformat(before) if before else fetched
    return kept.age < fresh and (changed is None or changed <= since)


def _validators(kept: Answer) -> dict[str, str | None]:
    """Return the headers that ask for an answer only if it is another than the kept one."""
    about = kept.about
    return {"If-None-Match": about.get("etag"), "If-Modified-Since": about.get("modified")}


def _latest(kept: Answer | None, changed: datetime | None) -> str | None:
    """Return when a page changed, as of all that was said of it."""
    before = kept.about.get("changed") if kept else None
    said = [datetime.fromisoformat(before)] if before else []
    said += [changed] if changed else []
    return max(said).isoformat() if said else None


def _fetched(address: str, kept: Answer) -> Fetched:
    """Return a kept answer, or raise what it says.

    :raises ArticleError: if it is none with a page
    """
    about = kept.about
    if about["status"] != 200:
        raise ArticleError(f"{address} answers {about['status']}.", "Nothing can be read there.")
    media = about["media"]
    return Fetched(
        about["at"], kept.path, media.partition(";")[0].strip().lower(), charset_of(media)
    )
