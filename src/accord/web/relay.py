"""The child's answers to queries, within bounds of time, size and number."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import aiohttp
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from accord.web.child import Child, Server
from accord.web.protocol import FORM, QueryRequest, RefusedError

Request = Callable[[], "aiohttp.client._RequestContextManager"]
"""What sends a request to the child's server, once a call."""

_HELD = 1 << 20
"""Bytes of an answer that are held back until it is complete, so that it can still be an error."""

_GRACE = 3.0
"""Seconds after its time limit that a query may need to stop before the server is replaced."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of what one client may ask for.

    ``seconds`` is the time of a query, ``result`` and ``query`` are bytes, ``body`` those of a
    graph that the owner writes. ``concurrent`` queries run at a time and ``waiting`` wait.
    """

    seconds: float = 30.0
    result: int = 100_000_000
    query: int = 200_000
    body: int = 256_000_000
    concurrent: int = 8
    waiting: int = 100


class Relay:
    """Sends requests on to the child's server.

    A client that hangs up, and a time limit, give the answer up; the query's place among the
    concurrent ones is free again when the server has really stopped it.
    """

    def __init__(self, child: Child, limits: Limits) -> None:
        self._child = child
        self._limits = limits
        self._places = asyncio.Semaphore(limits.concurrent)
        self._waiting = 0
        self._draining: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Open the connections to the child."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=30),
            timeout=aiohttp.ClientTimeout(total=None),
            auto_decompress=False,
        )

    async def close(self) -> None:
        """Close the connections."""
        for task in self._draining:
            task.cancel()
        if self._session is not None:
            await self._session.close()

    async def query(self, query: QueryRequest, *, union: bool) -> Response:
        """Answer a query with what the child answers.

        :param union: whether the default graph is that of all graphs

        :raises RefusedError: 503 if too many wait, or the child does not answer; 504 at the time
            limit; the child's own status and message if it refuses
        """
        headers = {"Content-Type": FORM, "Accept": query.accept}
        return await self._answer("POST", "/query", query.form(union), headers)

    async def read(self, params: dict[str, str], accept: str) -> Response:
        """Read a graph, or all of them, by the Graph Store Protocol; raises as :meth:`query`."""
        return await self._answer("GET", "/store", b"", {"Accept": accept}, params)

    async def write(self, method: str, params: dict[str, str], body: bytes, media: str) -> Response:
        """Replace, extend or delete a graph by the Graph Store Protocol.

        The server has committed the change before it answers.

        :raises RefusedError: if the child does not answer, or with what it refuses
        """
        headers = {"Content-Type": media} if media else {}
        server = await self._server(asyncio.get_running_loop().time() + self._limits.seconds)
        try:
            async with self._open().request(
                method, f"{server.address}/store", params=params, data=body, headers=headers
            ) as response:
                text = await response.read()
                if response.status >= 400:
                    raise RefusedError(response.status, text.decode(errors="replace"))
                return Response(status_code=response.status)
        except aiohttp.ClientError as error:
            raise _unavailable() from error
        finally:
            server.leave()

    async def _server(self, deadline: float) -> Server:
        try:
            return await self._child.server(deadline)
        except TimeoutError as error:
            raise _unavailable() from error

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise _unavailable()
        return self._session

    async def _answer(
        self,
        method: str,
        path: str,
        body: bytes,
        headers: dict[str, str],
        params: dict[str, str] | None = None,
    ) -> Response:
        deadline = asyncio.get_running_loop().time() + self._limits.seconds
        await self._take_place(deadline)
        try:
            server = await self._server(deadline)
        except BaseException:
            self._places.release()
            raise
        exchange = _Exchange(self, server, deadline)
        try:
            return await exchange.begin(
                lambda: self._open().request(
                    method, server.address + path, params=params, data=body, headers=headers
                )
            )
        except BaseException:
            exchange.end()
            raise

    async def _take_place(self, deadline: float) -> None:
        if self._places.locked() and self._waiting >= self._limits.waiting:
            raise RefusedError(503, "Too many queries are waiting.", Retry_After="5")
        self._waiting += 1
        try:
            async with asyncio.timeout_at(deadline):
                await self._places.acquire()
        except TimeoutError as error:
            raise RefusedError(503, "Too many queries are running.", Retry_After="5") from error
        finally:
            self._waiting -= 1

    def leave(self, server: Server, rest: Coroutine[Any, Any, None] | None) -> None:
        """Free a query's place; of one that is not finished, when the server has stopped it.

        :param rest: what reads the rest of its answer
        """
        if rest is None:
            server.leave()
            self._places.release()
            return
        task = asyncio.create_task(self._drain(server, rest))
        self._draining.add(task)
        task.add_done_callback(self._draining.discard)

    async def _drain(self, server: Server, rest: Coroutine[Any, Any, None]) -> None:
        try:
            await rest
            server.leave()
        except TimeoutError:
            self._child.retire(server)
            server.leave()
            await server.process.wait()
        finally:
            self._places.release()


class _Exchange:
    """One query with the child: from the request to the last byte of the answer."""

    def __init__(self, relay: Relay, server: Server, deadline: float) -> None:
        self._relay = relay
        self._server = server
        self._deadline = deadline
        self._opened: asyncio.Task[aiohttp.ClientResponse] | None = None
        self._finished = False
        self._left = False
        self._size = 0

    async def begin(self, request: Request) -> Response:
        """Wait for the answer's first megabyte, or all of it."""
        self._opened = asyncio.ensure_future(_opened(request))
        held = bytearray()
        try:
            async with asyncio.timeout_at(self._deadline):
                response = await asyncio.shield(self._opened)
                async for part in self._parts(response):
                    held += part
                    if len(held) >= _HELD:
                        break
        except TimeoutError as error:
            raise self._too_slow() from error
        except aiohttp.ClientError as error:
            self._finished = True
            raise _unavailable() from error
        if response.status >= 400:
            self._finished = True
            raise RefusedError(response.status, held.decode(errors="replace"))
        media = response.headers.get("Content-Type", "")
        if self._finished:
            self.end()
            return Response(bytes(held), response.status, media_type=media)
        return _Streamed(self, bytes(held), response, media)

    async def _parts(self, response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
        while part := await response.content.readany():
            self._size += len(part)
            if self._size > self._relay._limits.result:
                raise RefusedError(413, "The answer is too large: ask for less, or use LIMIT.")
            yield part
        self._finished = True

    async def rest(self, held: bytes, response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
        """Yield the held part and the rest; what goes wrong now can only break the answer off."""
        try:
            yield held
            async with asyncio.timeout_at(self._deadline):
                async for part in self._parts(response):
                    yield part
        finally:
            self.end()

    def end(self) -> None:
        """Leave the place among the concurrent queries, once."""
        if not self._left:
            self._left = True
            opened = None if self._finished else self._opened
            self._relay.leave(self._server, self._rest(opened) if opened else None)

    async def _rest(self, opened: asyncio.Task[aiohttp.ClientResponse]) -> None:
        """Read what nobody wants any more, until the server is done with the query.

        :raises TimeoutError: if it is not done some time after the query's time
        """
        try:
            async with asyncio.timeout_at(self._deadline + _GRACE):
                response = await opened
                while await response.content.readany():
                    pass
        except aiohttp.ClientError:
            pass
        finally:
            if opened.done() and not opened.cancelled() and opened.exception() is None:
                opened.result().close()

    def _too_slow(self) -> RefusedError:
        seconds = self._relay._limits.seconds
        return RefusedError(504, f"The query took longer than {seconds:g} s: ask for less.")


class _Streamed(StreamingResponse):
    """An answer too long to hold back. It ends without its last chunk if it is cut off."""

    def __init__(
        self, exchange: _Exchange, held: bytes, response: aiohttp.ClientResponse, media: str
    ) -> None:
        super().__init__(exchange.rest(held, response), response.status, media_type=media)
        self._exchange = exchange

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._exchange.end()


async def _opened(request: Request) -> aiohttp.ClientResponse:
    try:
        return await request()
    except aiohttp.ServerDisconnectedError:
        # The server has just closed a connection that was kept for the next request.
        return await request()


def _unavailable() -> RefusedError:
    return RefusedError(503, "The store's server is starting again.", Retry_After="2")
