"""Fetching: what is asked for, how, and what is refused."""

import json
import os
import socket
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import pairwise

import httpcore
import pytest

from accord.errors import ArticleError, AwayError, UsageError
from accord.settings import Settings
from accord.sources.address import canonical, is_public, name_of
from accord.sources.fetching import Bounds, Fetcher
from tests.sources.website import story


@pytest.fixture
def fetcher(settings):
    return Fetcher(settings, Bounds(size=1_000_000))


@pytest.fixture
def hasty(settings):
    """One that waits two seconds for an answer."""
    return Fetcher(settings, Bounds(seconds=2.0))


def test_an_answer_is_kept_and_asked_for_conditionally(website, fetcher):
    website.publish(story(1))
    address = f"{website.address}/articles/report-1"
    first = fetcher.fetch(address)
    assert b"report 1" in first.read()
    assert (first.media, first.charset) == ("text/html", "utf-8")
    again = fetcher.fetch(address)
    assert again.path == first.path
    assert website.asked("/articles/report-1") == [200, 304]
    fetcher.fetch(address, fresh=60)
    assert website.asked("/articles/report-1") == [200, 304]


def test_a_page_that_changed_is_asked_for_although_its_answer_is_fresh(website, fetcher):
    website.publish(story(1))
    address = f"{website.address}/articles/report-1"
    fetcher.fetch(address)
    fetcher.fetch(address, fresh=60, changed=datetime(2020, 1, 1, tzinfo=UTC))
    assert len(website.asked("/articles/report-1")) == 1
    website.stories[0].paragraphs[0] += " Corrected."
    time.sleep(0.01)
    found = fetcher.fetch(address, fresh=60, changed=datetime.now(UTC))
    assert b"Corrected." in found.read()
    # The former bytes are not kept for ever.
    assert len(list(found.path.parent.iterdir())) == 2


def test_another_process_finds_what_is_kept(website, settings, fetcher):
    website.publish(story(1))
    fetcher.fetch(f"{website.address}/articles/report-1")
    website.forget()
    Fetcher(settings).fetch(f"{website.address}/articles/report-1", fresh=60)
    assert website.requests == []


def test_who_asks_says_so(website, fetcher):
    website.publish(story(1))
    fetcher.fetch(f"{website.address}/articles/report-1")
    agents = {headers["user-agent"] for _, headers, _ in website.requests}
    assert len(agents) == 1
    assert agents.pop().endswith("(+desk@institute.example)")


def test_nothing_is_fetched_without_a_contact():
    with pytest.raises(UsageError, match="without a contact"):
        Fetcher(Settings())


@pytest.mark.parametrize(
    ("path", "complaint"),
    [
        ("/gone", "answers 404"),
        ("/loop", "redirected more than 5 times"),
        ("/huge", "more than 1,000,000 bytes"),
        ("/closed/report-1", r"closed to robots by the site's robots\.txt"),
    ],
)
def test_what_cannot_be_had_is_named_with_its_reason(website, fetcher, path, complaint):
    with pytest.raises(ArticleError, match=complaint) as caught:
        fetcher.fetch(website.address + path)
    assert website.address + path in caught.value.what
    assert not isinstance(caught.value, AwayError)


@pytest.mark.parametrize(
    ("path", "complaint"),
    [
        ("/error", "answers 500"),
        ("/busy", "answers 503"),
        ("/slow", r"not answer whole within 2 s"),
    ],
)
def test_what_may_be_had_later_is_told_apart(website, hasty, path, complaint):
    started = time.monotonic()
    with pytest.raises(AwayError, match=complaint):
        hasty.fetch(website.address + path)
    assert time.monotonic() - started < 10


def test_headers_that_drip_are_not_waited_for(hasty):
    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor(1) as pool:

        def drip() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1000)
                try:
                    connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
                    for _ in range(100):
                        connection.sendall(b"x")
                        time.sleep(0.1)
                except OSError:
                    pass

        pool.submit(drip)
        started = time.monotonic()
        with pytest.raises(AwayError, match="within 2 s"):
            hasty.fetch(f"http://localhost:{server.getsockname()[1]}/x")
        assert time.monotonic() - started < 5


def test_a_page_of_200_mb_is_cut_off_early(website, fetcher):
    tracemalloc.start()
    with pytest.raises(ArticleError):
        fetcher.fetch(f"{website.address}/huge")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000


def test_a_redirect_is_followed_and_its_target_is_the_address(website, fetcher):
    website.publish(story(1))
    found = fetcher.fetch(f"{website.address}/moved/report-1")
    assert found.address == f"{website.address}/articles/report-1"
    fetcher.fetch(f"{website.address}/moved/report-1")
    assert website.asked("/articles/report-1") == [200, 304]


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:1/",
        "http://169.254.169.254/latest",
        "ftp://x.example/",
        "http://[::1",
    ],
)
def test_a_redirect_is_checked_like_the_first_address(website, fetcher, monkeypatch, location):
    from tests.sources import website as module

    real = module._Handler._answer

    def answer(self, path):
        if path == "/trap":
            return self._send(302, b"", headers={"Location": location})
        return real(self, path)

    monkeypatch.setattr(module._Handler, "_answer", answer)
    with pytest.raises(ArticleError, match=r"no address of a page|private network|Invalid URL"):
        fetcher.fetch(f"{website.address}/trap")


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://[::1]/",
        "http://user:word@127.0.0.1/",
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::a00:1]/",
        "http://10.1.2.3/",
        "http://192.168.0.1/",
        "http://169.254.169.254/",
        "http://0.0.0.0/",
        "http://100.64.0.1/",
        "http://224.0.0.1/",
    ],
)
def test_private_addresses_are_refused_in_every_spelling(fetcher, address):
    with pytest.raises(ArticleError, match="private network") as caught:
        fetcher.fetch(address)
    assert "private_hosts" in caught.value.remedy


def test_a_name_that_changes_its_mind_leads_nowhere(website, settings, monkeypatch):
    """A name server gives a public address for the check and a private one for the connection."""
    asked = []
    real = socket.getaddrinfo
    connected = []

    def lookup(host, *rest, **named):
        if host != "rebinding.example":
            return real(host, *rest, **named)
        asked.append(host)
        ip = "93.184.216.34" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, website.port))]

    def connect(self, host, port, timeout=None, **_):
        connected.append(host)
        raise httpcore.ConnectError("no way out of here")

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    with pytest.raises(AwayError):
        Fetcher(settings).fetch(f"http://rebinding.example:{website.port}/articles/x")
    # It was resolved once, and the connection went to what was checked, by number.
    assert connected == ["93.184.216.34"]
    assert asked == ["rebinding.example"]
    assert website.requests == []


def test_public_addresses_are_public():
    assert is_public("93.184.216.34")
    assert is_public("2606:2800:220:1:248:1893:25c8:1946")


@pytest.mark.parametrize(
    "address", ["", "x", "ftp://a.example/b", "http://", "http://[::1", "//a/b", "http://a:x/"]
)
def test_what_is_no_address_is_named(fetcher, address):
    with pytest.raises(ArticleError, match="no address of a page"):
        fetcher.fetch(address)


def test_a_site_without_robots_is_open_and_one_that_fails_is_closed(website, settings):
    website.publish(story(1))
    website.robots = 404
    assert Fetcher(settings).fetch(f"{website.address}/closed/report-1")
    website.robots = 500
    other = settings.model_copy(update={"cache": settings.cache + "2"})
    with pytest.raises(AwayError, match=r"robots\.txt answers 500"):
        Fetcher(other).fetch(f"{website.address}/articles/report-1")
    assert website.asked("/articles/report-1") == []


def test_robots_are_asked_for_once_a_day(website, settings):
    website.publish(story(1), story(2))
    Fetcher(settings).fetch(f"{website.address}/articles/report-1")
    Fetcher(settings).fetch(f"{website.address}/articles/report-2")
    assert website.asked("/robots.txt") == [200]


def test_a_host_gets_one_request_at_a_time_with_a_pause(website, settings):
    website.publish(*(story(number) for number in range(4)))
    polite = settings.model_copy(update={"pause": 0.3})
    fetchers = [Fetcher(polite) for _ in range(4)]

    def fetch(number: int) -> None:
        fetchers[number].fetch(f"{website.address}/articles/report-{number}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(fetch, range(4)))
    moments = sorted(website.moments)
    assert len(moments) >= 5
    for (_, ended), (started, _) in pairwise(moments):
        assert started - ended > 0.25


def test_the_delay_that_a_site_asks_for_is_kept(website, settings):
    website.publish(story(1))
    website.robots = "User-agent: *\nCrawl-delay: 1\n"
    started = time.monotonic()
    fetcher = Fetcher(settings)
    fetcher.fetch(f"{website.address}/articles/report-1")
    fetcher.fetch(f"{website.address}/articles/report-1")
    assert time.monotonic() - started > 0.9


def test_a_site_that_asks_to_be_left_alone_is_left_alone(website, settings):
    website.publish(story(1))
    with pytest.raises(AwayError, match="answers 503"):
        Fetcher(settings).fetch(f"{website.address}/busy")
    website.forget()
    with pytest.raises(AwayError, match="not to be asked again"):
        Fetcher(settings).fetch(f"{website.address}/articles/report-1")
    assert website.requests == []


def test_during_an_outage_what_is_kept_stands(website, fetcher):
    website.publish(story(1))
    address = f"{website.address}/articles/report-1"
    first = fetcher.fetch(address)
    website.stop()
    try:
        assert fetcher.fetch(address).read() == first.read()
        with pytest.raises(AwayError, match="cannot be reached"):
            fetcher.fetch(f"{website.address}/articles/report-2")
    finally:
        website.start()


def test_a_page_that_is_gone_is_not_asked_for_again_at_once(website, fetcher):
    for _ in range(2):
        with pytest.raises(ArticleError, match="answers 404"):
            fetcher.fetch(f"{website.address}/gone", fresh=60)
    assert website.asked("/gone") == [404]


def test_a_torn_answer_is_asked_for_again(website, fetcher):
    website.publish(story(1))
    found = fetcher.fetch(f"{website.address}/articles/report-1")
    (entry,) = found.path.parent.glob("*.json")
    for damage in ("", '{"at": ', "[]", json.dumps({"bytes": "nothing"})):
        entry.write_text(damage)
        assert fetcher.fetch(f"{website.address}/articles/report-1", fresh=60).read()


def test_what_is_listed_no_more_is_not_kept_for_ever(website, settings):
    website.publish(story(1), story(2))
    one, two = (
        Fetcher(settings).fetch(f"{website.address}/articles/report-{n}").path for n in (1, 2)
    )
    long_ago = time.time() - 100 * 86_400
    (entry,) = one.parent.glob(f"{one.name.partition('-')[0]}.json")
    os.utime(entry, (long_ago, long_ago))
    Fetcher(settings)
    assert one.exists()  # it was looked for today
    (one.parent.parent / "cleared").unlink()
    Fetcher(settings)
    assert not one.exists()
    assert not entry.exists()
    assert two.exists()


def test_names_are_made_of_words_and_are_distinct():
    assert name_of("https://x.example/2024/05/truce-holds.html").startswith("truce-holds-")
    assert name_of("https://x.example/a") != name_of("https://y.example/a")
    assert name_of("https://x.example/").startswith("x.example-")
    assert canonical("https://X.example/a/?utm_source=rss#top") == "https://x.example/a"


def test_a_site_that_does_not_answer_is_not_waited_for_again_and_again(website, fetcher):
    website.publish(story(1))
    fetcher.fetch(f"{website.address}/articles/report-1")
    website.stop()
    try:
        for number, complaint in ((2, "reached"), (3, "reached"), (4, "reached"), (5, "not asked")):
            with pytest.raises(AwayError, match=complaint):
                fetcher.fetch(f"{website.address}/articles/report-{number}")
    finally:
        website.start()


def test_robots_that_cannot_be_had_are_asked_for_once_a_run(website, fetcher):
    website.robots = 500
    for number in range(3):
        with pytest.raises(AwayError, match=r"robots\.txt answers 500"):
            fetcher.fetch(f"{website.address}/articles/report-{number}")
    assert website.asked("/robots.txt") == [500]
