"""Requests to a service over HTTP, one attempt each; :class:`Courtesy` says when and how often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from accord.errors import OverdueError, ServiceError
from accord.linking.courtesy import Courtesy, bounded, judge
from accord.store.wire import PassingError, passing


@dataclass(frozen=True, slots=True)
class Reply:
    """A good answer: its body, and the seconds of its Retry-After header if it has one."""

    body: bytes
    pause: float | None = None


class Web:
    """An HTTP client for one service.

    :param address: where requests go
    """

    def __init__(self, address: str, courtesy: Courtesy) -> None:
        self._address = address
        self._limit = courtesy.limit
        self._client = httpx.Client(
            timeout=courtesy.limit,
            follow_redirects=True,
            headers={
                "User-Agent": courtesy.agent(f"httpx/{httpx.__version__}"),
                "Accept": "application/json",
            },
        )

    def get(self, params: Mapping[str, str] | None = None) -> Reply:
        """Send a GET request once; see :func:`accord.linking.courtesy.judge` for errors."""
        return self._send("GET", params=params)

    def post(self, data: Mapping[str, str]) -> Reply:
        """Send a form by POST once."""
        return self._send("POST", data=data)

    def _send(
        self,
        method: str,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
    ) -> Reply:
        try:
            with self._client.stream(method, self._address, params=params, data=data) as response:
                body = bounded(response.iter_bytes(), self._limit)
        except (httpx.ReadTimeout, httpx.WriteTimeout) as error:
            raise OverdueError(f"There was no answer after {self._limit:.0f} s.") from error
        except httpx.TransportError as error:
            raise PassingError(f"does not answer: {error or type(error).__name__}") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ServiceError(f"It cannot be asked: {error}.") from error
        retry_after = response.headers.get("retry-after")
        judge(response.status_code, retry_after, body)
        return Reply(body, passing(response.status_code, retry_after).after)
