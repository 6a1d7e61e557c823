"""An HTTP server for what services on the web do on a bad day, or on a good one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Server(ThreadingHTTPServer):
    """Answers with the next of ``moods``, and after them always with ``mood``.

    ``seen`` has the time, the headers and the body (or what stands after the question mark) of each
    request; ``together`` is the largest number of ``slow`` answers that were awaited at once.
    """

    daemon_threads = True

    def __init__(self, mood: Mood) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.mood = mood
        self.moods: list[Mood] = []
        self.seen: list[tuple[float, dict[str, str], str]] = []
        self.together = 0
        self._under_way = 0
        self._lock = threading.Lock()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/api"

    def count(self, change: int) -> None:
        with self._lock:
            self._under_way += change
            self.together = max(self.together, self._under_way)


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def _any(self) -> None:
        length = int(self.headers.get("content-length", 0))
        body = self.rfile.read(length).decode() or urlsplit(self.path).query
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.seen.append((time.monotonic(), headers, body))
        mood = self.server.moods.pop(0) if self.server.moods else self.server.mood
        mood(self, body)

    do_GET = do_POST = _any  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def say(self, status: int, body: bytes, media: str = "application/json", **head: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(body)))
        for name, value in head.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


Mood = Callable[[Handler, str], None]


def status(code: int, body: bytes = b"not now", **headers: str) -> Mood:
    return lambda handler, _: handler.say(code, body, **headers)


def html(handler: Handler, _: str) -> None:
    handler.say(200, b"<html>Welcome to the hotel's network</html>", "text/html")


def half(handler: Handler, _: str) -> None:
    """Promise more than what is sent, and hang up."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"results"')
    handler.close_connection = True


def reset(handler: Handler, _: str) -> None:
    """Hang up without an answer."""
    handler.close_connection = True
    handler.connection.close()


def slow(seconds: float) -> Mood:
    """Answer nothing for some time."""

    def mood(handler: Handler, _: str) -> None:
        handler.server.count(1)
        time.sleep(seconds)
        handler.server.count(-1)
        handler.say(200, b"{}")

    return mood


def dripping(handler: Handler, _: str) -> None:
    """Send a byte now and then, for ever."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.1)
    except OSError:
        handler.close_connection = True


def fields(body: str) -> dict[str, str]:
    """The fields of a form or of an address."""
    return {name: values[0] for name, values in parse_qs(body).items()}


@contextmanager
def misbehaving(mood: Mood) -> Iterator[Server]:
    server = Server(mood)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
