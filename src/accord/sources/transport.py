"""The connection behind a request: to an address that was checked, and not for ever.

A name is resolved once, what it resolves to is checked, and the connection goes to that very
address: a name server that answers differently a moment later (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore
import httpx

from accord.sources.address import allowed


class PrivateAddressError(Exception):
    """A host that lies in a private network and was not allowed by name."""


class TimeIsUpError(Exception):
    """The whole of a request took too long."""


class Transport(httpx.BaseTransport):
    """Carries the requests of one fetch, all of them within its time.

    :param seconds: for everything, from the first connection to the last byte
    :param private: hosts that may be asked although they are in a private network
    """

    def __init__(self, tls: ssl.SSLContext, seconds: float, private: frozenset[str]) -> None:
        self._deadline = time.monotonic() + seconds
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls, network_backend=_Network(self._deadline, private)
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and return its answer, whose body is read as a stream.

        :raises httpcore.NetworkError: and the other errors of httpcore
        :raises PrivateAddressError: if the host may not be asked
        :raises TimeIsUpError: if the time is over; likewise while the body is read
        """
        answer = self._pool.handle_request(
            httpcore.Request(
                request.method,
                httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
            )
        )
        assert isinstance(answer.stream, Iterable)  # noqa: S101 - for the type checker
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


class _Network(httpcore.NetworkBackend):
    """Connects to checked addresses only."""

    def __init__(self, deadline: float, private: frozenset[str]) -> None:
        self._deadline = deadline
        self._private = private
        self._real = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} is not known") from error
        addresses = allowed(host, (str(each[4][0]) for each in found), self._private)
        if not addresses:
            raise PrivateAddressError(host)
        for number, address in enumerate(addresses, 1):
            try:
                with _timed(self._deadline) as left:
                    stream = self._real.connect_tcp(address, port, left)
                return _Stream(stream, self._deadline)
            except httpcore.ConnectError:
                if number == len(addresses):
                    raise
        raise AssertionError  # pragma: no cover - the loop returns or raises


class _Stream(httpcore.NetworkStream):
    """A stream that ends when the time is up, however slowly its bytes drip."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        with _timed(self._deadline) as left:
            return self._stream.read(max_bytes, left)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        with _timed(self._deadline) as left:
            self._stream.write(buffer, left)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        with _timed(self._deadline) as left:
            stream = self._stream.start_tls(ssl_context, server_hostname, left)
        return _Stream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


@contextmanager
def _timed(deadline: float) -> Iterator[float]:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeIsUpError
    try:
        yield left
    except httpcore.TimeoutException as error:
        raise TimeIsUpError from error
