"""Fetching from the web, politely and safely, with every answer kept.

Polite: robots.txt (RFC 9309) is obeyed, a host gets one request at a time with a pause after it,
what is known is asked for conditionally (ETag, Last-Modified), and every request says who asks.
Safe: http and https only, no private networks, bounded sizes, times and redirects.
"""

from __future__ import annotations

import email.utils
import ssl
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import httpcore
import httpx

from accord import __version__
from accord.errors import ArticleError, AwayError, UsageError
from accord.sources.address import canonical, charset_of, host_of, origin_of, usable
from accord.sources.courtesy import Turns
from accord.sources.shelf import Answer, Shelf
from accord.sources.transport import PrivateAddressError, TimeIsUpError, Transport

if TYPE_CHECKING:
    from protego import Protego

    from accord.settings import Settings

PRODUCT = "accord-kg"
"""The name by which a robots.txt may address us."""

_DAY = 86_400.0
_ROBOTS_BYTES = 500 * 1024
"""What RFC 9309 asks to be read at least of a robots.txt; the rest of a longer one is ignored."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({408, 425, 429})
"""Answers that, like those from 500 on, say that the same question may be answered later."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a fetch may take: unpacked bytes, seconds from first to last, redirects followed."""

    size: int = 10_000_000
    seconds: float = 30.0
    redirects: int = 5


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
        if not settings.contact:
            raise UsageError(
                "Nothing is fetched without a contact.",
                "Set contact to your e-mail address or page: sites want to know who asks.",
            )
        self.bounds = bounds or Bounds()
        self._pause = settings.pause
        self._private = frozenset(host.lower() for host in settings.private_hosts)
        self._agent = f"{PRODUCT}/{__version__} (+{settings.contact})"
        self._kept = Shelf(Path(settings.cache) / "pages")
        self._kept.clear_out(settings.cache_days * _DAY)
        self._turns = Turns(Path(settings.cache) / "hosts")
        self._robots: dict[str, Protego] = {}

    def fetch(
        self,
        address: str,
        *,
        fresh: float = 0.0,
        changed: datetime | None = None,
        bounds: Bounds | None = None,
    ) -> Fetched:
        """Return what an address has, from the cache if the answer there is still good.

        :param fresh: seconds for which a kept answer is good without asking
        :param changed: when the page changed, as its site says: an older answer is not good
        :raises AwayError: if it cannot be had now but may be later; where an answer is kept from
            before, that is returned instead
        :raises ArticleError: if it cannot or must not be had
        """
        address = usable(address)
        kept = self._kept.get(canonical(address))
        if kept is not None and _is_good(kept, fresh, changed):
            return _fetched(address, kept)
        try:
            return self._ask(address, kept, bounds or self.bounds, changed)
        except AwayError:
            if kept is None or kept.about["status"] != 200:
                raise
            return _fetched(address, kept)

    def _ask(
        self, address: str, kept: Answer | None, bounds: Bounds, changed: datetime | None
    ) -> Fetched:
        """Ask for an address, follow its redirects, and keep what the last one answers."""
        at = address
        for _ in range(bounds.redirects + 1):
            robots = self._rules(at)
            if not robots.can_fetch(at, PRODUCT):
                raise ArticleError(f"{at} is closed to robots by the site's robots.txt.")
            pause = max(self._pause, float(robots.crawl_delay(PRODUCT) or 0.0))
            reply = self._request(
                at, kept if kept and kept.about["at"] == at else None, pause, bounds
            )
            if reply.status == 304 and kept is not None:
                about = {**kept.about, "changed": _latest(kept, changed)}
                self._kept.renew(canonical(address), kept, about)
                return _fetched(address, kept)
            if reply.status in _REDIRECTS and reply.next:
                at = usable(urljoin(at, reply.next))
                continue
            about = {"address": address, "at": at, "status": reply.status, "media": reply.media}
            about |= {"etag": reply.etag, "modified": reply.modified}
            about["changed"] = _latest(kept, changed)
            return _fetched(address, self._kept.put(canonical(address), reply.content, about))
        raise ArticleError(f"{address} is redirected more than {bounds.redirects} times.")

    def _rules(self, address: str) -> Protego:
        """Return the rules of a site's robots.txt."""
        from protego import Protego

        origin = origin_of(address)
        if origin not in self._robots:
            text = self._robots_of(origin).decode("utf-8", "replace")
            self._robots[origin] = Protego.parse(text)
        return self._robots[origin]

    def _robots_of(self, origin: str) -> bytes:
        """Return a robots.txt: empty where there is none.

        :raises AwayError: if the site does not answer: then nothing else of it may be asked for
        """
        address = at = f"{origin}/robots.txt"
        kept = self._kept.get(address)
        if kept is not None and kept.age < _DAY:
            return kept.read()
        content = b""
        bounds = Bounds(_ROBOTS_BYTES, self.bounds.seconds, self.bounds.redirects)
        for _ in range(bounds.redirects + 1):
            reply = self._request(at, None, self._pause, bounds, whole=False)
            if reply.status not in _REDIRECTS or not reply.next:
                content = reply.content if reply.status == 200 else b""
                break
            at = usable(urljoin(at, reply.next))
        self._kept.put(address, content, {"address": address, "at": at, "status": 200})
        return content

    def _request(
        self, address: str, kept: Answer | None, pause: float, bounds: Bounds, whole: bool = True
    ) -> _Reply:
        """Make one request in its turn.

        :param whole: whether an answer above the bound is an error, and not cut off
        :raises AwayError: if there is no answer, or one that may be better later
        :raises ArticleError: if the host may not be asked, or the answer is above a bound
        """
        headers = {"User-Agent": self._agent, "Accept-Language": "en"}
        if kept is not None:
            validators = {"If-None-Match": "etag", "If-Modified-Since": "modified"}
            about = kept.about
            headers |= {name: about[key] for name, key in validators.items() if about.get(key)}
        host = host_of(address)
        with self._turns.at(origin_of(address), pause):
            try:
                transport = Transport(_tls(), bounds.seconds, self._private)
                with (
                    httpx.Client(transport=transport, headers=headers, trust_env=False) as client,
                    client.stream("GET", address) as answer,
                ):
                    reply = _Reply.of(answer, address, bounds.size, whole)
            except PrivateAddressError as error:
                raise ArticleError(
                    f"{address} lies in a private network.",
                    f"If it is meant, add {host!r} to the setting private_hosts.",
                ) from error
            except TimeIsUpError as error:
                raise AwayError(
                    f"{address} did not answer whole within {bounds.seconds:g} s.",
                    "A later run asks again.",
                ) from error
            except (httpx.HTTPError, httpx.InvalidURL, *_NETWORK, OSError) as error:
                reason = str(error) or type(error).__name__
                raise AwayError(
                    f"{address} cannot be reached: {reason}.", "A later run asks again."
                ) from error
            if reply.status in _PASSING or reply.status >= 500:
                self._turns.leave_alone(origin_of(address), reply.wait)
                raise AwayError(f"{address} answers {reply.status}.", "A later run asks again.")
        return reply


@dataclass(frozen=True, slots=True)
class _Reply:
    """An answer to one request; ``wait`` is what it asks for, in seconds."""

    status: int
    content: bytes
    media: str
    next: str | None
    etag: str | None
    modified: str | None
    wait: float

    @classmethod
    def of(cls, answer: httpx.Response, address: str, most: int, whole: bool) -> _Reply:
        headers = answer.headers
        content = bytearray()
        if answer.status_code == 200:
            size = headers.get("Content-Length", "")
            if whole and size.isdigit() and int(size) > most:
                raise _too_large(address, most)
            for chunk in answer.iter_bytes():
                content += chunk
                if len(content) > most:
                    if whole:
                        raise _too_large(address, most)
                    break
        return cls(
            answer.status_code,
            bytes(content[:most]),
            headers.get("Content-Type", ""),
            headers.get("Location"),
            headers.get("ETag"),
            headers.get("Last-Modified"),
            _seconds(headers.get("Retry-After", "")),
        )


_NETWORK = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
    httpcore.TimeoutException,
)


def _too_large(address: str, most: int) -> ArticleError:
    return ArticleError(f"{address} has more than {most:,} bytes.", "No article is that large.")


def _seconds(value: str) -> float:
    """Return the seconds of a Retry-After, which may be a date."""
    if value.strip().isdigit():
        return min(float(value), _DAY)
    try:
        return max(
            0.0, min(email.utils.parsedate_to_datetime(value).timestamp() - time.time(), _DAY)
        )
    except ValueError:
        return 0.0


def _is_good(kept: Answer, fresh: float, changed: datetime | None) -> bool:
    # Two things that a site says are compared, and no clocks, if it said something before.
    fetched = datetime.fromtimestamp(time.time() - kept.age, UTC)
    before = kept.about.get("changed")
    since = datetime.fromisoformat(before) if before else fetched
    return kept.age < fresh and (changed is None or changed <= since)


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


@cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)
