"""The routes of the endpoint, as an ASGI application."""

from __future__ import annotations

import asyncio
import hmac
import io
import json
import logging
import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
from pyoxigraph import NamedNode
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import URL
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from accord import __version__
from accord.errors import QueryError
from accord.publishing.description import write_description
from accord.store import open_store
from accord.web.child import Child
from accord.web.guard import check
from accord.web.metrics import EndpointMetrics
from accord.web.protocol import RefusedError, read_body, read_query
from accord.web.relay import Limits, Relay

_PAGE = {
    "/": "/",
    "/yasgui.min.js": "/yasgui.min.js",
    "/yasgui.min.css": "/yasgui.min.css",
    "/logo.svg": "/logo.svg",
}
"""The query page (YASGUI), which the Oxigraph server carries: nothing else of it is shown."""

_WRITABLE = ("application/n-triples", "text/turtle", "application/n-quads", "application/trig")
"""What may be written; RDF/XML and JSON-LD may name documents to be fetched, so they may not."""

_SAFE = {
    "Server": f"accord/{__version__}",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; object-src 'none'; frame-ancestors 'none'; base-uri 'none'"
    ),
}

_FRESH = 600
"""Seconds for which the numbers of the data set's description, which cost a scan, are kept."""

_access = logging.getLogger("accord.access")


@dataclass(frozen=True, slots=True)
class Policy:
    """What the endpoint allows: to whom, how much, and what is written down of it.

    :param token: what the owner shows to write graphs; None if nobody may
    :param services: hosts that ``SERVICE`` may call
    :param origins: web origins whose pages may read answers (CORS)
    :param log_queries: whether queries are written to the access log
    """

    limits: Limits = field(default_factory=Limits)
    token: str | None = None
    services: Collection[str] = ()
    origins: Collection[str] = ()
    log_queries: bool = False


class Endpoint:
    """The application over one child; see the module."""

    def __init__(self, child: Child, policy: Policy) -> None:
        self._child = child
        self._policy = policy
        self._relay = Relay(child, policy.limits)
        self._describing = asyncio.Lock()
        self._described = b""
        self._described_until = 0.0

    def app(self) -> ASGIApp:
        """Return the ASGI application, for a child that runs."""
        routes = [
            Route("/query", self.query, methods=["GET", "POST"]),
            Route("/sparql", self.query, methods=["GET", "POST"]),
            Route("/update", self.update, methods=["GET", "POST"]),
            Route("/store", self.store, methods=["GET", "PUT", "POST", "DELETE"]),
            Route("/health", self.health),
            Route("/.well-known/void", self.void),
            Route("/metrics", self.metrics),
            *(Route(path, self.page) for path in _PAGE),
        ]
        paths = [route.path for route in routes]
        self._metrics = EndpointMetrics(paths, lambda: self._child.restarts)
        middleware = [Middleware(_Outside, self._policy.log_queries, self._metrics)]
        if self._policy.origins:
            middleware.append(
                Middleware(
                    CORSMiddleware,
                    allow_origins=list(self._policy.origins),
                    allow_methods=["GET", "POST"],
                    allow_headers=["Accept", "Content-Type"],
                )
            )
        return Starlette(
            routes=routes,
            middleware=middleware,
            lifespan=self._lifespan,
            exception_handlers={RefusedError: _refused, QueryError: _refused},
        )

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        await self._relay.open()
        yield
        await self._relay.close()

    async def query(self, request: Request) -> Response:
        """A query of the SPARQL 1.1 Protocol; without one, the description of the service."""
        query = await read_query(request, self._policy.limits.query)
        if query is None:
            return Response(_description(_iri(request.url)), media_type="text/turtle")
        request.state.query = query.sparql
        named = check(query.sparql, self._policy.services)
        return await self._relay.query(query, union=not named)

    async def update(self, request: Request) -> Response:
        """Refuse an update, whatever it says."""
        raise RefusedError(403, "This endpoint is read-only: it takes queries and no updates.")

    async def store(self, request: Request) -> Response:
        """Graph Store Protocol: anybody may read, who has the token may write."""
        params = dict(request.query_params)
        if len(request.query_params.multi_items()) != len(params) or params.keys() - {"graph"}:
            raise RefusedError(400, "Name one graph: ?graph=IRI.")
        if request.method in ("GET", "HEAD"):
            return await self._relay.read(params, request.headers.get("accept", "*/*"))
        self._check_token(request)
        if not params and request.method != "POST":
            raise RefusedError(400, "Name the graph: ?graph=IRI.")
        media = ""
        if request.method != "DELETE":
            media = request.headers.get("content-type", "").split(";")[0].strip().casefold()
            if media not in _WRITABLE:
                raise RefusedError(415, f"Send one of {', '.join(_WRITABLE)}.")
        body = await read_body(request, self._policy.limits.body)
        return await self._relay.write(request.method, params, body, media)

    def _check_token(self, request: Request) -> None:
        token = self._policy.token
        if token is None:
            raise RefusedError(403, "This endpoint is read-only.")
        shown = request.headers.get("authorization", "")
        if not hmac.compare_digest(shown.encode(), f"Bearer {token}".encode()):
            raise RefusedError(401, "Only the owner may write.", WWW_Authenticate="Bearer")

    async def health(self, request: Request) -> Response:
        """Say whether the store answers; 503 if not, for a load balancer or a health check."""
        found = {"version": __version__, "restarts": self._child.restarts}
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session,
                session.get(f"{self._child.address}/query", params={"query": "ASK {}"}) as answer,
            ):
                alive = answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            alive = False
        status = 200 if alive else 503
        return JSONResponse({"status": "ok" if alive else "store down", **found}, status)

    async def metrics(self, request: Request) -> Response:
        """Metrics for Prometheus; they say how much is asked, not what and by whom."""
        return Response(self._metrics.text(), media_type=EndpointMetrics.media_type)

    async def void(self, request: Request) -> Response:
        """Describe the data set in VoID and DCAT, with its numbers of not long ago."""
        async with self._describing:
            if time.monotonic() > self._described_until:
                self._described = await run_in_threadpool(_described, self._child.address)
                self._described_until = time.monotonic() + _FRESH
        inside = f"<{self._child.address}/query>".encode()
        here = f"<{_iri(request.base_url)}query>".encode()
        return Response(self._described.replace(inside, here), media_type="text/turtle")

    async def page(self, request: Request) -> Response:
        """Pass on the query page and its parts, which need no other server."""
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.get(self._child.address + _PAGE[request.url.path]) as answer,
            ):
                content = await answer.read()
                media = answer.headers.get("Content-Type", "")
        except aiohttp.ClientError as error:
            raise RefusedError(503, "The store's server is starting again.") from error
        if request.url.path == "/":
            content = content.replace(b"Oxigraph server", b"Accord: SPARQL")
        return Response(content, media_type=media)


class _Outside:
    """What every answer has, metrics, and the access log: JSON a line, without the query."""

    def __init__(self, app: ASGIApp, log_queries: bool, metrics: EndpointMetrics) -> None:
        self._app = app
        self._log_queries = log_queries
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})
        began = time.monotonic()
        status, size = 500, 0

        async def sending(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message.get("headers", []),
                    *((name.lower().encode(), value.encode()) for name, value in _SAFE.items()),
                ]
            else:
                size += len(message.get("body", b""))
            await send(message)

        self._metrics.began()
        try:
            await self._app(scope, receive, sending)
        finally:
            self._metrics.ended(scope["path"], status, time.monotonic() - began, size)
            line = {
                "time": round(time.time(), 3),
                "client": (scope.get("client") or ("",))[0],
                "method": scope["method"],
                "path": scope["path"],
                "status": status,
                "bytes": size,
                "ms": round((time.monotonic() - began) * 1000, 1),
            }
            if self._log_queries:
                line["query"] = scope["state"].get("query")
            _access.info(json.dumps(line, ensure_ascii=False))


def _described(address: str) -> bytes:
    written = io.BytesIO()
    with open_store(address) as store:
        write_description(store, written)
    return written.getvalue()


def _iri(url: URL) -> str:
    """Return an address of a request; its host is what the client says it is."""
    try:
        return NamedNode(str(url)).value
    except ValueError as error:
        raise RefusedError(400, "The request's address or its host is malformed.") from error


async def _refused(request: Request, error: Exception) -> Response:
    if isinstance(error, RefusedError):
        return PlainTextResponse(error.message + "\n", error.status, error.headers)
    return PlainTextResponse(f"{error}\n", 400)


def _description(address: str) -> str:
    """Return a description of the service (SPARQL 1.1 Service Description)."""
    formats = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "Turtle")
    listed = ", ".join(f"<http://www.w3.org/ns/formats/{name}>" for name in formats)
    return (
        "@prefix sd: <http://www.w3.org/ns/sparql-service-description#> .\n"
        f"[] a sd:Service ;\n    sd:endpoint <{address}> ;\n"
        "    sd:supportedLanguage sd:SPARQL11Query ;\n"
        "    sd:feature sd:UnionDefaultGraph ;\n"
        f"    sd:resultFormat {listed} .\n"
    )
