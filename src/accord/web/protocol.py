"""A query request of the SPARQL 1.1 Protocol (W3C, section 2.1), read and checked.

The protocol has three forms: GET with parameters, POST of a form, POST of the query itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
_DATASET = ("default-graph-uri", "named-graph-uri")
_UPDATE = ("update", "using-graph-uri", "using-named-graph-uri")


class RefusedError(Exception):
    """A request that is answered with an error: its HTTP status, and what to tell the client."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        self.status = status
        self.message = message
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """A query with the dataset that the request names, and the forms of answer it accepts."""

    sparql: str
    dataset: Sequence[tuple[str, str]]
    accept: str

    def form(self, union: bool) -> bytes:
        """Return the request as the body of a form, for the store's Oxigraph server.

        :param union: whether the default graph is that of all graphs. Oxigraph's option for that
            wins over ``FROM``, so it is only for requests and queries that name no data set.
        """
        fields = [("query", self.sparql), *self.dataset]
        if union and not self.dataset:
            fields.append(("union-default-graph", "true"))
        return urlencode(fields).encode()


async def read_query(request: Request, longest: int) -> QueryRequest | None:
    """Read a query from a request; None if it is a GET without one.

    :param longest: the most bytes of a body or of an address
    :raises RefusedError: with the status that the protocol or HTTP has for the mistake
    """
    fields = _fields(request.url.query, longest)
    if request.method == "POST":
        media = request.headers.get("content-type", "").split(";")[0].strip().casefold()
        if media not in (FORM, DIRECT):
            raise RefusedError(415, f"Send {DIRECT} or {FORM}, not {media or 'nothing'}.")
        text = _text(await read_body(request, longest))
        if media == DIRECT:
            fields.append(("query", text))
        else:
            fields += _fields(text, longest)
    if any(name in _UPDATE for name, _ in fields):
        raise RefusedError(403, "This endpoint is read-only: it takes queries and no updates.")
    queries = [value for name, value in fields if name == "query"]
    if not queries and request.method in ("GET", "HEAD"):
        return None
    if len(queries) != 1:
        raise RefusedError(400, f"Give one query, not {len(queries)}.")
    dataset = [(name, value) for name, value in fields if name in _DATASET]
    return QueryRequest(queries[0], dataset, ", ".join(request.headers.getlist("accept")) or "*/*")


async def read_body(request: Request, longest: int) -> bytes:
    """Return a request's body.

    :raises RefusedError: if it is longer than ``longest`` bytes, or compressed
    """
    if request.headers.get("content-encoding", "identity") != "identity":
        raise RefusedError(415, "Send the body as it is, without Content-Encoding.")
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > longest:
            raise RefusedError(413, f"The body is longer than {longest} bytes.", Connection="close")
    return bytes(body)


def _fields(encoded: str, longest: int) -> list[tuple[str, str]]:
    if len(encoded) > longest:
        raise RefusedError(414, f"The address is longer than {longest} bytes.")
    try:
        return parse_qsl(encoded, keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError as error:
        raise RefusedError(400, f"The parameters cannot be read: {error}.") from error


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RefusedError(400, f"The body is not UTF-8: {error.reason}.") from error
