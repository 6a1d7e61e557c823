"""One request to a site, in its turn and within its bounds."""

from __future__ import annotations

import email.utils
import ssl
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import httpcore
import httpx

from accord import __version__
from accord.errors import ArticleError, AwayError, UsageError
from accord.sources.address import host_of, origin_of
from accord.sources.courtesy import Turns
from accord.sources.transport import PrivateAddressError, TimeIsUpError, Transport

if TYPE_CHECKING:
    from accord.settings import Settings

PRODUCT = "accord-kg"
"""The name by which a robots.txt may address us."""

REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""Answers that lead elsewhere."""

_PASSING = frozenset({408, 425, 429})
"""Answers that, like those from 500 on, say that the same question may be answered later."""

_DAY = 86_400.0
_ENOUGH = 3
"""Requests in a row that a site does not answer, after which a run asks it no more."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a fetch may take: unpacked bytes, seconds from first to last, redirects followed."""

    size: int = 10_000_000
    seconds: float = 30.0
    redirects: int = 5


class Requests:
    """Makes requests, one at a time at each host, over all processes.

    :raises UsageError: if the settings do not say whom a site can write to
    """

    def __init__(self, settings: Settings) -> None:
        if not settings.contact:
            raise UsageError(
                "Nothing is fetched without a contact.",
                "Set contact to your e-mail address or page: sites want to know who asks.",
            )
        self._private = frozenset(host.lower() for host in settings.private_hosts)
        self._agent = f"{PRODUCT}/{__version__} (+{settings.contact})"
        self._turns = Turns(Path(settings.cache) / "hosts")
        self._unanswered: Counter[str] = Counter()

    def get(
        self,
        address: str,
        pause: float,
        bounds: Bounds,
        validators: Mapping[str, str | None] | None = None,
        whole: bool = True,
    ) -> Reply:
        """Make one request in its turn; redirects are answers like others.

        :param pause: seconds after it in which nobody asks the host
        :param validators: headers that make it conditional
        :param whole: whether an answer above the bound is an error, and not cut off
        :raises AwayError: if there is no answer, or one that may be better later
        :raises ArticleError: if the host may not be asked, or the answer is above a bound
        """
        origin = origin_of(address)
        if self._unanswered[origin] >= _ENOUGH:
            raise AwayError(
                f"{address} was not asked for: {origin} does not answer.", "A later run asks again."
            )
        headers = {"User-Agent": self._agent, "Accept-Language": "en"}
        headers |= {name: value for name, value in (validators or {}).items() if value}
        with self._turns.at(origin, pause):
            try:
                transport = Transport(_tls(), bounds.seconds, self._private)
                with (
                    httpx.Client(transport=transport, headers=headers, trust_env=False) as client,
                    client.stream("GET", address) as answer,
                ):
                    reply = Reply.of(answer, address, bounds.size, whole)
            except PrivateAddressError as error:
                raise ArticleError(
                    f"{address} lies in a private network.",
                    f"If it is meant, add {host_of(address)!r} to the setting private_hosts.",
                ) from error
            except (TimeIsUpError, httpx.HTTPError, *_NETWORK, OSError) as error:
                self._unanswered[origin] += 1
                raise _away(address, error, bounds) from error
            self._unanswered[origin] = 0
            if reply.status in _PASSING or reply.status >= 500:
                self._turns.leave_alone(origin, reply.wait)
                raise AwayError(f"{address} answers {reply.status}.", "A later run asks again.")
        return reply


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to one request; ``wait`` is what it asks for, in seconds."""

    status: int
    content: bytes
    media: str
    next: str | None
    etag: str | None
    modified: str | None
    wait: float

    @classmethod
    def of(cls, answer: httpx.Response, address: str, most: int, whole: bool) -> Reply:
        """Read an answer, its body as far as its bound."""
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


def _away(address: str, error: Exception, bounds: Bounds) -> AwayError:
    reason = str(error).rstrip(".") or type(error).__name__
    what = f"cannot be reached: {reason}"
    if isinstance(error, TimeIsUpError):
        what = f"did not answer whole within {bounds.seconds:g} s"
    return AwayError(f"{address} {what}.", "A later run asks again.")


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


@cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)
