"""An HTTP server that misbehaves on demand, for what a real server does only on a bad day."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TRUE = b'{"head": {}, "boolean": true}'
RESULTS = "application/sparql-results+json"


class Misbehaving(ThreadingHTTPServer):
    """Answers the probe well, and every other request with the next of ``moods``, then well.

    ``seen`` has the method, path and headers of every request but the probe's.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.moods: list[Callable[[_Handler], None]] = []
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []
        self.header = "Oxigraph/0"
        self.probe: Callable[[_Handler], None] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Misbehaving
    protocol_version = "HTTP/1.1"

    def _any(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.command == "GET" and "ASK" in self.path:
            (self.server.probe or well)(self)
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.seen.append((self.command, self.path, headers, body))
        (self.server.moods.pop(0) if self.server.moods else well)(self)

    do_GET = do_POST = do_PUT = do_DELETE = _any  # noqa: N815

    def version_string(self) -> str:
        return self.server.header

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def say(self, status: int, body: bytes = b"", media: str = RESULTS, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


Mood = Callable[[_Handler], None]


def well(handler: _Handler) -> None:
    handler.say(200, TRUE)


def status(code: int, body: bytes = b"not now", **headers: str) -> Mood:
    return lambda handler: handler.say(code, body, "text/plain", **headers)


def html(handler: _Handler) -> None:
    handler.say(200, b"<html>Welcome to the hotel's network</html>", "text/html")


def half(handler: _Handler) -> None:
    """Promise more than what is sent, and hang up."""
    handler.send_response(200)
    handler.send_header("Content-Type", RESULTS)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(TRUE[:10])
    handler.close_connection = True


def garbage(handler: _Handler) -> None:
    handler.say(200, b'{"head": {"vars": ["a"')


def reset(handler: _Handler) -> None:
    """Hang up without an answer."""
    handler.close_connection = True
    handler.connection.close()


def slow(seconds: float) -> Mood:
    """Send the header at once, and the body late."""

    def mood(handler: _Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", RESULTS)
        handler.send_header("Content-Length", str(len(TRUE)))
        handler.end_headers()
        handler.wfile.flush()
        time.sleep(seconds)
        handler.wfile.write(TRUE)

    return mood


@contextmanager
def misbehaving() -> Iterator[Misbehaving]:
    server = Misbehaving()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
