"""SPARQLWrapper for one server: with its credentials, and without going where a server sends it."""

from __future__ import annotations

from http.client import HTTPMessage
from typing import IO, Any
from urllib.request import (
    HTTPDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    HTTPRedirectHandler,
    Request,
    build_opener,
)

from SPARQLWrapper import BASIC, CONSTRUCT, DESCRIBE, JSON, POST, SELECT, TURTLE, SPARQLWrapper

from accord.store.wire import TIMEOUT, Wire
from accord.tokens import query_form


class Reader(SPARQLWrapper):  # type: ignore[misc]
    """A query to be read from an endpoint, as often as need be.

    SPARQLWrapper sends through urllib's global opener, which follows redirects with the
    credentials, and installs another one for digest authentication; this one has its own.

    :param endpoint: the query endpoint's address
    :param sparql: the query; :attr:`queryType` then says which form it has, and nothing makes it
        an update (SPARQLWrapper takes a word of an IRI or a comment for the form)
    :param wire: for the credentials
    """

    def __init__(self, endpoint: str, sparql: str, wire: Wire) -> None:
        super().__init__(endpoint, returnFormat=JSON)
        self.setMethod(POST)
        self.setQuery(sparql)
        self.queryType = query_form(sparql) or SELECT
        if self.queryType in (CONSTRUCT, DESCRIBE):
            self.setReturnFormat(TURTLE)
        headers = wire.headers()
        self.agent = headers.pop("User-Agent")
        for name, value in headers.items():
            self.addCustomHttpHeader(name, value)
        handlers: list[Any] = [_Stay()]
        if wire.user is not None and wire.digest:
            passwords = HTTPPasswordMgrWithDefaultRealm()
            passwords.add_password(None, endpoint, wire.user, wire.password or "")
            handlers.append(HTTPDigestAuthHandler(passwords))
        elif wire.user is not None:
            self.setHTTPAuth(BASIC)
            self.setCredentials(wire.user, wire.password or "")
        self._opener = build_opener(*handlers)

    def read(self) -> tuple[bytes, str]:
        """Send the query and return the answer's body and media type.

        :raises urllib.error.HTTPError: for every status but 200
        :raises OSError: if the connection fails, or :class:`http.client.HTTPException`
        """
        with self._opener.open(self._createRequest(), timeout=TIMEOUT) as response:
            body: bytes = response.read()
            return body, response.headers.get_content_type()


class _Stay(HTTPRedirectHandler):
    """Takes a redirect for an error, which urllib then raises."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None
