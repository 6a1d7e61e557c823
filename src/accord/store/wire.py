"""Requests to a server over HTTP, with patience for what may pass and none for what will not."""

from __future__ import annotations

import email.utils
import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

import httpx
from pydantic import SecretStr
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_delay,
    wait_random_exponential,
)

from accord import __version__
from accord.errors import StoreError
from accord.settings import Settings

TIMEOUT = 60.0
"""Seconds that a request may take until the server answers something."""

_PASSING = (429, 502, 503, 504)
"""Answers that say: not now."""

_LONGEST_WAIT = 30.0
"""Seconds between two attempts at most, whatever the server asks for."""

_log = logging.getLogger("accord.store")
_T = TypeVar("_T")


class PassingError(Exception):
    """A failure that another attempt may not meet; ``after`` are seconds that were asked for."""

    def __init__(self, what: str, after: float | None = None) -> None:
        self.what = what
        self.after = after
        super().__init__(what)


class Wire:
    """An HTTP client for one server.

    :param address: the server's address, for messages
    :param settings: for the credentials, which are never shown
    :param patience: seconds for which a request is tried again
    """

    def __init__(self, address: str, settings: Settings, patience: float) -> None:
        self.address = address
        self.credentials = settings.credentials
        self.user = settings.store_user
        self.password = _plain(settings.store_password)
        self.token = _plain(settings.store_token)
        self.digest = settings.store_auth == "digest"
        self._patience = patience
        self._client = httpx.Client(timeout=TIMEOUT, headers=self.headers(), auth=self._auth())

    def headers(self) -> dict[str, str]:
        """Return the headers of every request: who asks, and a bearer's token if there is one."""
        agent = {"User-Agent": f"accord/{__version__}"}
        return agent | ({"Authorization": f"Bearer {self.token}"} if self.token else {})

    def request(self, method: str, url: str, **kwargs: Any) -> httpx.Response:
        """Send a request until it is answered with something that will not pass by itself.

        Every request that Accord sends may be sent twice: it reads, replaces or adds to a set.

        :raises StoreError: if the server is out of reach for longer than the patience lasts,
            refuses the credentials, or sends the request elsewhere
        """
        response = self.patiently(lambda: self._send(method, url, **kwargs))
        self.check(url, response.status_code, response.headers.get("location"))
        return response

    def check(self, url: str, status: int, location: str | None) -> None:
        """Raise an error if an answer refuses the credentials or sends the request elsewhere.

        :raises StoreError: naming the address
        """
        if status in (401, 403):
            raise StoreError(
                f"{url} refuses the credentials ({status}).",
                f"Set {self.credentials}_USER and {self.credentials}_PASSWORD (and "
                f"{self.credentials}_AUTH=digest where the server wants it), or "
                f"{self.credentials}_TOKEN.",
            )
        if location and 300 <= status < 400:
            raise StoreError(
                f"{url} has moved to {location}.",
                "Give the new address to --store: credentials and data are not sent on.",
            )

    def patiently(self, attempt: Callable[[], _T]) -> _T:
        """Repeat what raises :class:`PassingError`, with growing pauses, while patience lasts.

        :raises StoreError: when it is over, with the last failure
        """
        try:
            return Retrying(
                retry=retry_if_exception_type(PassingError),
                wait=_pause,
                stop=stop_after_delay(self._patience),
                before_sleep=self._tell,
                reraise=True,
            )(attempt)
        except PassingError as error:
            raise StoreError(
                f"The store at {self.address} {error.what}.",
                "Check that the server runs and that the address is the server's base address. "
                "What was loaded stays; the next run goes on from there.",
            ) from error

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _auth(self) -> httpx.Auth | None:
        if self.user is None:
            return None
        auth = httpx.DigestAuth if self.digest else httpx.BasicAuth
        return auth(self.user, self.password or "")

    def _send(self, method: str, url: str, **kwargs: Any) -> httpx.Response:
        try:
            response = self._client.request(method, url, **kwargs)
        except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise StoreError(
                f"{url} is no address of a server: {error}.", "Write it as http://host:port."
            ) from error
        except httpx.HTTPError as error:
            raise PassingError(f"does not answer: {_reason(error)}") from error
        if response.status_code in _PASSING:
            raise passing(response.status_code, response.headers.get("retry-after"))
        return response

    def _tell(self, state: RetryCallState) -> None:
        outcome, action = state.outcome, state.next_action
        if outcome is not None and action is not None:
            failure = outcome.exception()
            _log.warning(
                "The store at %s %s; trying again in %.1f s.", self.address, failure, action.sleep
            )


def passing(status: int, retry_after: str | None) -> PassingError:
    """Return the failure for an answer of ``_PASSING``."""
    return PassingError(f"says {status}", _seconds(retry_after))


def may_pass(status: int) -> bool:
    """Tell whether an HTTP status says: not now."""
    return status in _PASSING


def _pause(state: RetryCallState) -> float:
    failure = state.outcome.exception() if state.outcome else None
    if isinstance(failure, PassingError) and failure.after is not None:
        return min(failure.after, _LONGEST_WAIT)
    return float(wait_random_exponential(multiplier=0.2, max=10)(state))


def _seconds(retry_after: str | None) -> float | None:
    """Return the seconds of a Retry-After header: a number or an HTTP date (RFC 9110, 10.2.3)."""
    if retry_after is None:
        return None
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        moment = email.utils.parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max(0.0, moment.timestamp() - time.time())


def _plain(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
