"""How a service on the web is asked: as its keepers ask for it to be asked.

One request at a time, also from several processes; by name and with an address to write to; not
before the moment until which the service wants to be left alone (Retry-After); with limits of time
and size; and not at all once it has failed too often. Wikimedia's rules:
https://foundation.wikimedia.org/wiki/Policy:Wikimedia_Foundation_User-Agent_Policy,
https://www.mediawiki.org/wiki/API:Etiquette.
"""

from __future__ import annotations

import fcntl
import ipaddress
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO, TypeVar
from urllib.parse import urlsplit

from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_random_exponential

from accord import __version__
from accord.errors import AccordError, OverdueError, ServiceError, UsageError
from accord.store.wire import PassingError, may_pass, passing

LIMIT = 70.0
"""Seconds that an answer may take; Wikidata's own limit for a query is 60."""

PATIENCE = 120.0
"""Seconds for which a service that fails is asked again."""

_MOST_FAILURES = 10
"""Failures in a row after which a service is asked no more."""

_LARGEST = 100_000_000
"""Bytes of an answer."""

_TOO_MUCH = (400, 413, 414, 504)
"""Answers to a question that may be answered in parts."""

_T = TypeVar("_T")
_BACKOFF = wait_random_exponential(multiplier=1, max=30)


class RefusedError(ServiceError):
    """A service that wants nothing to do with us: it is asked no more in this run."""


class Courtesy:
    """One service, and the manners with it.

    :param address: the service's address
    :param contact: an e-mail address or page of whoever asks
    :param folder: where processes agree on whose turn it is
    :param patience: seconds for which it is asked again when it fails; it is also the longest
        pause that a service may ask for before it is given up for this run
    :raises UsageError: without a contact, if the service is somebody else's
    """

    def __init__(
        self,
        address: str,
        contact: str | None,
        folder: Path,
        *,
        patience: float = PATIENCE,
        limit: float = LIMIT,
    ) -> None:
        if contact is None and not _is_own(address):
            raise UsageError(
                f"{address} wants to know whom it can write to when something goes wrong.",
                "Set ACCORD_CONTACT to your e-mail address or the address of your page, or ask "
                "only the cache with --offline.",
            )
        self.address = address
        self.limit = limit
        self.requests = 0
        """Requests sent so far."""
        self._agent = f"accord/{__version__} ({contact or 'local'})"
        self._patience = patience
        self._failures = 0
        self._over: str | None = None
        self._trouble: float | None = None
        host = urlsplit(address).netloc
        self._turn = folder / f"turn-{sha256(host.encode()).hexdigest()[:16]}"

    def agent(self, library: str) -> str:
        """Return the User-Agent header: program, contact, library with version."""
        return f"{self._agent} {library}"

    def ask(self, send: Callable[[], _T]) -> _T:
        """Send a request when it is its turn, and again while patience lasts.

        :param send: sends it once, within :attr:`limit` seconds; raises
            :class:`~accord.store.wire.PassingError` for what may pass (see :func:`judge`)
        :raises OverdueError: if the service needs too long for it: it is not asked again
        :raises ServiceError: if it is out of reach, or has asked for a longer pause
        """
        if self._over is not None:
            raise ServiceError(f"{self.address} {self._over}", "Run again later.")
        try:
            answer: _T = Retrying(
                retry=retry_if_exception_type(PassingError),
                wait=_pause,
                stop=self._enough,
                reraise=True,
            )(self._send, send)
        except PassingError as error:
            self._failed()
            later = f" It asks for a pause of {error.after:.0f} s." if error.after else ""
            raise ServiceError(
                f"{self.address} {error.what}.{later}",
                "Run again later: what was answered is in the cache.",
            ) from error
        except RefusedError as error:
            self._over = f"is asked no more in this run. {error.what}"
            raise ServiceError(f"{self.address}: {error.what}", error.remedy) from error
        except ServiceError as error:
            self._failed()
            raise type(error)(f"{self.address}: {error.what}", error.remedy) from error
        self._failures, self._trouble = 0, None
        return answer

    def _failed(self) -> None:
        self._failures += 1
        if self._failures >= _MOST_FAILURES:
            self._over = f"is asked no more in this run: it failed {self._failures} times in a row."

    def _send(self, send: Callable[[], _T]) -> _T:
        with self._alone() as file:
            if (pause := _until(file) - time.time()) > 0:
                raise PassingError("wants to be left alone", after=pause)
            self.requests += 1
            try:
                return send()
            except PassingError as error:
                self._trouble = self._trouble or time.monotonic()
                if error.after:
                    _write(file, time.time() + error.after)
                raise

    def _enough(self, state: RetryCallState) -> bool:
        """Tell whether patience would be over before the next attempt; it lasts over requests."""
        began = self._trouble or state.start_time
        return time.monotonic() - began + state.upcoming_sleep > self._patience

    @contextmanager
    def _alone(self) -> Iterator[IO[str]]:
        """Wait for this process's turn; the file says until when the service wants a pause."""
        try:
            self._turn.parent.mkdir(parents=True, exist_ok=True)
            file = self._turn.open("a+", encoding="ascii")
        except OSError as error:
            raise AccordError(
                f"The folder {self._turn.parent} cannot be written to: {error}.",
                "Name another folder with ACCORD_CACHE.",
            ) from error
        with file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file


def judge(status: int, retry_after: str | None, body: bytes) -> None:
    """Raise an error for a status that is none of success.

    :param body: the answer, for the message
    :raises PassingError: for what may pass, with the pause that the service asks for
    :raises OverdueError: for a question that is too much at once, or that one part of it spoils
    :raises RefusedError: if the service turns us away
    :raises ServiceError: for everything else
    """
    if status < 300:
        return
    says = " ".join(body[:2000].decode(errors="replace").split())[:200]
    if status in _TOO_MUCH or (status == 500 and is_timeout(body)):
        raise OverdueError(f"It does not answer this question ({status}): {says}.")
    if may_pass(status):
        raise passing(status, retry_after)
    if status in (401, 403):
        raise RefusedError(
            f"It refuses requests ({status}): {says}.",
            "Read its rules, and check ACCORD_CONTACT: it may have blocked this program.",
        )
    raise ServiceError(f"It says {status}: {says}.", "Check the service's address.")


def is_timeout(body: bytes) -> bool:
    """Tell whether a query took the service too long.

    Wikidata's query service then answers 500 with a Java trace, or 200 with a trace in the middle.
    """
    return b"TimeoutException" in body


def bounded(chunks: Iterable[bytes], limit: float) -> bytes:
    """Return an answer's body.

    :param limit: seconds in which all of it must be there
    :raises OverdueError: if it is not
    :raises ServiceError: if it is too large
    """
    deadline = time.monotonic() + limit
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if time.monotonic() > deadline:
            raise OverdueError(f"The answer was not complete after {limit:.0f} s.")
        if len(body) > _LARGEST:
            raise ServiceError(f"The answer is larger than {_LARGEST:,} bytes.")
    return bytes(body)


def _pause(state: RetryCallState) -> float:
    failure = state.outcome.exception() if state.outcome else None
    if isinstance(failure, PassingError) and failure.after is not None:
        return failure.after
    return float(_BACKOFF(state))


def _until(file: IO[str]) -> float:
    file.seek(0)
    try:
        return float(file.read() or 0)
    except ValueError:  # somebody else wrote into it
        return 0.0


def _write(file: IO[str], moment: float) -> None:
    file.seek(0)
    file.truncate()
    file.write(f"{moment:.3f}")
    file.flush()


def _is_own(address: str) -> bool:
    """Tell whether an address is of this machine."""
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
