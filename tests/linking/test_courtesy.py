"""How a service is asked: one request at a time, with the pauses it wants, and not for ever."""

import subprocess
import sys
import threading
import time

import httpx
import pytest

from accord.errors import OverdueError, ServiceError, UsageError
from accord.linking.courtesy import Courtesy
from accord.linking.web import Web
from tests.conftest import ROOT
from tests.linking.misbehaving import dripping, half, html, misbehaving, reset, slow, status

GOOD = status(200, b"{}")


@pytest.fixture
def server():
    with misbehaving(GOOD) as server:
        yield server


def web(server, tmp_path, **options):
    """Return what asks the server once, courteously."""
    courtesy = Courtesy(server.address, "https://example.org/me", tmp_path, **options)
    client = Web(server.address, courtesy)

    def ask():
        return courtesy.ask(client.get)

    ask.courtesy = courtesy
    return ask


@pytest.mark.parametrize(
    "address", ["https://www.wikidata.org/w/api.php", "http://10.1.2.3/sparql"]
)
def test_others_are_not_asked_without_a_contact(tmp_path, address):
    with pytest.raises(UsageError, match="ACCORD_CONTACT"):
        Courtesy(address, None, tmp_path)
    assert "me@example.org" in Courtesy(address, "me@example.org", tmp_path).agent("x/1")


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:7878/query", "http://localhost/", "http://[::1]:1/"]
)
def test_ones_own_server_needs_none(tmp_path, address):
    assert Courtesy(address, None, tmp_path).agent("httpx/1").startswith("accord/")


def test_it_says_who_asks(server, tmp_path):
    web(server, tmp_path)()
    agent = server.seen[0][1]["user-agent"]
    assert agent.startswith("accord/")
    assert agent.endswith(f"(https://example.org/me) httpx/{httpx.__version__}")


@pytest.mark.parametrize("code", [429, 503])
def test_a_pause_that_is_asked_for_is_kept(server, tmp_path, code):
    server.moods = [status(code, Retry_After="1"), status(code, Retry_After="2")]
    web(server, tmp_path)()
    moments = [moment for moment, *_ in server.seen]
    assert len(moments) == 3
    assert moments[1] - moments[0] >= 0.95
    assert moments[2] - moments[1] >= 1.95


def test_a_pause_until_a_date_is_kept(server, tmp_path):
    until = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 2))
    server.moods = [status(429, Retry_After=until)]
    web(server, tmp_path)()
    assert server.seen[1][0] - server.seen[0][0] >= 0.9


def test_a_longer_pause_ends_the_asking_and_holds_for_the_next_run_too(server, tmp_path):
    """Who does not obey is banned; so neither this run nor another sends anything before."""
    server.moods = [status(429, Retry_After="3600")]
    with pytest.raises(ServiceError, match=r"pause of 3[56]\d\d s"):
        web(server, tmp_path)()
    for _ in range(3):
        with pytest.raises(ServiceError, match="left alone"):
            web(server, tmp_path)()
    assert len(server.seen) == 1


@pytest.mark.parametrize("mood", [status(502), status(503), status(429), half, reset])
def test_what_may_pass_is_tried_again(server, tmp_path, mood):
    server.moods = [mood]
    assert web(server, tmp_path)().body == b"{}"
    assert len(server.seen) == 2


@pytest.mark.parametrize("code", [401, 403, 404, 500])
def test_what_will_not_pass_is_not(server, tmp_path, code):
    server.mood = status(code, b"because of the weather")
    with pytest.raises(ServiceError, match=f"{code}.*weather"):
        web(server, tmp_path)()
    assert len(server.seen) == 1


def test_a_page_is_a_page(server, tmp_path):
    """Whether an answer makes sense is for the client of the service to say."""
    server.mood = html
    assert b"hotel" in web(server, tmp_path)().body


@pytest.mark.parametrize("mood", [slow(20), dripping, status(504), status(400)])
def test_a_request_that_takes_too_long_is_ended_and_not_repeated(server, tmp_path, mood):
    server.mood = mood
    began = time.monotonic()
    with pytest.raises(OverdueError):
        web(server, tmp_path, limit=0.5)()
    assert time.monotonic() - began < 5
    assert len(server.seen) == 1


def test_patience_lasts_over_requests(server, tmp_path):
    """A service that is down is waited for once, and not anew for each of a thousand names."""
    server.mood = status(503)
    ask = web(server, tmp_path, patience=3)
    began = time.monotonic()
    for _ in range(20):
        with pytest.raises(ServiceError):
            ask()
    assert time.monotonic() - began < 15
    with pytest.raises(ServiceError, match="10 times in a row"):
        ask()
    sent = len(server.seen)
    server.mood = GOOD
    with pytest.raises(ServiceError):
        ask()
    assert len(server.seen) == sent == ask.courtesy.requests


@pytest.mark.parametrize("code", [401, 403])
def test_who_is_turned_away_does_not_come_again(server, tmp_path, code):
    server.moods = [status(code, b"You have been banned until tomorrow")]
    ask = web(server, tmp_path)
    for _ in range(3):
        with pytest.raises(ServiceError, match="banned until tomorrow"):
            ask()
    assert len(server.seen) == 1


def test_one_success_makes_good_for_failures(server, tmp_path):
    ask = web(server, tmp_path, patience=0)
    for _ in range(3):
        server.moods = [status(404)] * 4
        for _ in range(4):
            with pytest.raises(ServiceError):
                ask()
        ask()


def test_one_request_at_a_time_from_all_threads_and_processes(server, tmp_path):
    server.mood = slow(0.1)
    script = f"""
from pathlib import Path
from accord.linking.courtesy import Courtesy
from accord.linking.web import Web
courtesy = Courtesy({server.address!r}, None, Path({str(tmp_path)!r}))
client = Web({server.address!r}, courtesy)
for _ in range(5):
    courtesy.ask(client.get)
"""
    others = [subprocess.Popen([sys.executable, "-c", script], cwd=ROOT) for _ in range(2)]
    threads = [
        threading.Thread(target=lambda: [web(server, tmp_path)() for _ in range(5)])
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [other.wait(60) for other in others] == [0, 0]
    assert len(server.seen) == 25
    assert server.together == 1


def test_an_address_that_is_none_is_named(tmp_path):
    courtesy = Courtesy("http://localhost:1/x", None, tmp_path, patience=0)
    with pytest.raises(ServiceError, match=r"localhost:1.*does not answer"):
        courtesy.ask(Web("http://localhost:1/x", courtesy).get)
