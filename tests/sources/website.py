"""A news site on this machine, with all that goes wrong at real ones.

It is a real HTTP server, in a thread (:class:`Website`) or a process of its own
(``python -m tests.sources.website PORT``, which then serves one more article every few seconds).

    /feed.xml /atom.xml /sitemap.xml /index.xml /packed.xml.gz   the articles that are published
    /articles/NAME       an article, with ETag and Last-Modified, and 304 for who has it
    /gone /error /busy   404, 500, and 503 with Retry-After
    /loop /moved/NAME    a redirect without end, one to an article
    /slow /huge /turkish a page that drips, one of 200 MB, one in windows-1254
    /closed/NAME         an article that robots.txt closes
"""

from __future__ import annotations

import gzip
import hashlib
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from xml.sax.saxutils import escape

HUGE = 200_000_000
"""Bytes of the page that is far too large."""

ROBOTS = "User-agent: *\nDisallow: /closed/\n"


@dataclass
class Story:
    """An article on the site; ``changed`` is when it was put there, or corrected."""

    name: str
    title: str
    paragraphs: list[str]
    changed: datetime = field(
        default_factory=lambda: datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    )

    def page(self) -> str:
        """Return its page: headline and text between what such pages have."""
        text = "".join(f"<p>{escape(each)}</p>" for each in self.paragraphs)
        return (
            "<!DOCTYPE html><html lang=en><head><meta charset=utf-8>"
            f"<title>{escape(self.title)} | The Daily Example</title>"
            '<meta property="og:site_name" content="The Daily Example">'
            f'<meta property="article:published_time" content="{self.changed.isoformat()}">'
            f'<link rel=canonical href="/articles/{self.name}"></head><body>'
            '<nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li></ul></nav>'
            f"<article><h1>{escape(self.title)}</h1>{text}</article>"
            "<footer>© The Daily Example</footer></body></html>"
        )


def story(number: int) -> Story:
    """Return the story of a number: a report with claims, each in other words than the last."""
    towns = ("Saraqib", "Ariha", "Maarat al-Numan", "Jisr al-Shughur", "Khan Shaykhun")
    town = towns[number % len(towns)]
    return Story(
        f"report-{number}",
        f"Truce in Idlib: report {number} from {town}",
        [
            f"Russia demanded on Thursday that Turkey fulfil its obligations under the Sochi "
            f"memorandum, in statement number {number} since the talks began.",
            f"Turkey says it has been implementing the Idlib agreement near {town} without any "
            f"problems, and that {number + 3} observation posts are at work.",
            "The Russian defence ministry said that Turkey had failed to withdraw heavy weapons "
            f"from Idlib, and named {number + 11} violations of the ceasefire.",
        ],
    )


class Website:
    """The site, as a context manager; ``address`` is where it is, also after an outage.

    ``stories`` are what the feed lists, the newest first; ``requests`` what was asked for, as
    (path, headers, status); ``away`` makes it answer 503 to everything.
    """

    def __init__(self, port: int = 0) -> None:
        self.stories: list[Story] = []
        self.extra_entries: list[str] = []
        self.robots: str | int = ROBOTS
        self.requests: list[tuple[str, dict[str, str], int]] = []
        self.moments: list[tuple[float, float]] = []
        self.away = False
        self.drip = 0.2
        self._lock = threading.Lock()
        self._start(port)

    @property
    def address(self) -> str:
        """The base address, without a slash."""
        return f"http://localhost:{self.port}"

    def publish(self, *stories: Story) -> None:
        """Put stories on top of the feed; one of the same name is replaced where it stands."""
        for new in stories:
            for place, old in enumerate(self.stories):
                if old.name == new.name:
                    self.stories[place] = new
                    break
            else:
                self.stories.insert(0, new)

    def asked(self, path: str) -> list[int]:
        """Return the statuses of the answers for a path."""
        return [status for each, _, status in self.requests if each == path]

    def forget(self) -> None:
        """Forget the requests so far."""
        self.requests.clear()
        self.moments.clear()

    def stop(self) -> None:
        """Close the port: whoever connects is refused."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def start(self) -> None:
        """Come back, at the same port."""
        self._start(self.port)

    def _start(self, port: int) -> None:
        site = self

        class Handler(_Handler):
            website = site

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )
        self._thread.start()

    def record(self, path: str, headers: dict[str, str], status: int, started: float) -> None:
        """Note a request that was answered."""
        with self._lock:
            self.requests.append((path, headers, status))
            self.moments.append((started, time.monotonic()))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Handler(BaseHTTPRequestHandler):
    website: Website
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.started = time.monotonic()
        # Who asked may have had enough before the end.
        with suppress(BrokenPipeError, ConnectionResetError):
            self._answer(self.path.partition("?")[0])

    def end_headers(self) -> None:
        """Note the request before the answer goes out: who gets it may look at once."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.website.record(self.path, headers, self.status, self.started)
        super().end_headers()

    def send_response(self, code: int, message: str | None = None) -> None:
        """Begin an answer."""
        self.status = int(code)
        super().send_response(code, message)

    def log_message(self, *_: Any) -> None:
        pass

    def _answer(self, path: str) -> int:
        site, base = self.website, self.website.address
        if site.away:
            return self._send(503, b"away")
        if path == "/robots.txt":
            if isinstance(site.robots, int):
                return self._send(site.robots, b"")
            return self._send(200, site.robots.encode(), "text/plain")
        if path == "/feed.xml":
            return self._page(_rss(site), "application/rss+xml")
        if path == "/atom.xml":
            return self._page(_atom(site), "application/atom+xml")
        if path == "/sitemap.xml":
            return self._page(_sitemap(site), "application/xml")
        if path == "/packed.xml.gz":
            content = gzip.compress(_sitemap(site).encode(), mtime=0)
            return self._send(200, content, "application/x-gzip")
        if path == "/index.xml":
            maps = ("packed.xml.gz", "gone", "sitemap.xml")
            inside = "".join(f"<sitemap><loc>{base}/{each}</loc></sitemap>" for each in maps)
            return self._page(f'<sitemapindex xmlns="{_NS}">{inside}</sitemapindex>', "text/xml")
        if path == "/error":
            return self._send(500, b"<html>broken</html>")
        if path == "/busy":
            return self._send(503, b"", headers={"Retry-After": "3600"})
        if path == "/loop":
            return self._send(302, b"", headers={"Location": "/loop"})
        if path.startswith("/moved/"):
            place = f"/articles/{path.removeprefix('/moved/')}"
            return self._send(301, b"", headers={"Location": place})
        if path == "/slow":
            return self._drip()
        if path == "/huge":
            return self._flood()
        if path == "/turkish":
            return self._send(200, TURKISH.encode("cp1254"), "text/html")
        if path == "/picture":
            return self._send(200, b"\x89PNG", "image/png")
        name = path.removeprefix("/articles/").removeprefix("/closed/")
        for each in site.stories:
            if each.name == name and path != f"/{name}":
                return self._page(each.page(), "text/html; charset=utf-8", each.changed)
        return self._send(404, b"<html>There is nothing here.</html>")

    def _page(self, text: str, media: str, changed: datetime | None = None) -> int:
        content = text.encode()
        etag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        headers = {"ETag": etag}
        if changed:
            headers["Last-Modified"] = format_datetime(changed, usegmt=True)
        if self.headers.get("If-None-Match") == etag:
            return self._send(304, b"", headers=headers)
        return self._send(200, content, media, headers)

    def _send(
        self,
        status: int,
        content: bytes,
        media: str = "text/html",
        headers: dict[str, str] | None = None,
    ) -> int:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Type", media)
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        return status

    def _drip(self) -> int:
        """Send a byte now and then, for as long as anyone listens."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Connection", "close")
        self.end_headers()
        for _ in range(600):
            self.wfile.write(b"<")
            self.wfile.flush()
            time.sleep(self.website.drip)
        return 200

    def _flood(self) -> int:
        """Send a page of 200 MB that does not say beforehand how long it is."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Connection", "close")
        self.end_headers()
        chunk = b"<p>word word word</p>" * 4000
        for _ in range(HUGE // len(chunk)):
            self.wfile.write(chunk)
        return 200


_NS = "http://www.sitemaps.org/schemas/sitemap/0.9"

TURKISH = (
    '<html><head><meta charset="windows-1254"><title>Çavuşoğlu speaks on Idlib</title></head><body>'
    "<article><h1>Çavuşoğlu speaks on Idlib</h1><p>Foreign Minister Mevlüt Çavuşoğlu said on "
    "Friday that Turkey would keep to the agreement on Idlib, and Russia should keep to it too."
    "</p><p>Görüşmeler, as he called the talks, go on in İstanbul next week, he told reporters at "
    "the ministry, where both delegations had met for four hours.</p></article></body></html>"
)
"""A page in another encoding than UTF-8."""


def _rss(site: Website) -> str:
    items = "".join(
        f"<item><title>{escape(each.title)}</title><link>{site.address}/articles/{each.name}"
        f"?utm_source=rss</link><pubDate>{format_datetime(each.changed)}</pubDate></item>"
        for each in site.stories
    )
    extra = "".join(site.extra_entries)
    return (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>The Daily Example</title>'
        f"{extra}{items}</channel></rss>"
    )


def _atom(site: Website) -> str:
    entries = "".join(
        f"<entry><title>{escape(each.title)}</title><id>urn:{each.name}</id>"
        f'<link href="/articles/{each.name}"/><updated>{each.changed.isoformat()}</updated></entry>'
        for each in site.stories
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Example</title>{entries}</feed>'


def _sitemap(site: Website) -> str:
    urls = "".join(
        f"<url><loc>{site.address}/articles/{each.name}</loc>"
        f"<lastmod>{each.changed.isoformat()}</lastmod></url>"
        for each in site.stories
    )
    return f'<urlset xmlns="{_NS}">{urls}<url><loc>http://elsewhere.example/x</loc></url></urlset>'


def main() -> None:
    """Serve a site whose feed grows, for trying things out by hand."""
    with Website(int(sys.argv[1]) if len(sys.argv) > 1 else 8123) as site:
        print(f"{site.address}/feed.xml", flush=True)
        for number in range(1, 1000):
            site.publish(story(number))
            time.sleep(10)


if __name__ == "__main__":
    main()
