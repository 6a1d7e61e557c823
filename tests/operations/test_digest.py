"""The digest: what is told, what is not told again, and who gets it."""

import json
import threading
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer
from socketserver import StreamRequestHandler, TCPServer

import pytest

from accord.operations.delivery import DeliveryError, deliver
from accord.operations.digest import make_digest
from accord.operations.reporting import keep, window
from accord.settings import Settings
from accord.store import open_store
from tests.conftest import EXAMPLES

HOUR = timedelta(hours=1)
REPORT = """Date: Feb 8, 2019
Source: The Harbour Gazette
URL: https://gazette.example/sochi_deal

Sochi deal broken

Turkey said on Thursday that it had fulfilled its obligations under the Sochi memorandum.
Russia accused Turkey of violating the Sochi memorandum on Wednesday.
The Russian defence ministry said that Turkey had failed to withdraw heavy weapons from Idlib.
Turkey promised to withdraw heavy weapons from Idlib by 15 February 2019.
"""


@pytest.fixture
def store(ingest, write, tmp_path):
    ingest(write("a.txt", REPORT))
    with open_store(tmp_path / "store") as opened:
        yield opened


def now():
    return datetime.now(UTC).replace(microsecond=0)


def counts(digest):
    return {section.name: section.count for section in digest.sections}


def test_what_is_new_is_told_with_its_words(store):
    digest = make_digest(store, now() - HOUR, now() + HOUR)
    assert counts(digest)["violations"] >= 1
    (violation,) = (i[0] for i in digest.sections[1].items if i[0].holder == "Russia")
    assert "violating the Sochi memorandum" in violation.words
    text = digest.markdown()
    assert "## New violations" in text
    assert "The Harbour Gazette" in text
    page = digest.html()
    assert '<a href="https://gazette.example/sochi_deal">' in page
    assert "violating the Sochi memorandum" in page


def test_what_is_old_is_not_told(store):
    assert counts(make_digest(store, now() + HOUR, now() + 2 * HOUR)) == {
        "contradictions": 0,
        "violations": 0,
        "deadlines": 0,
    }


def test_deadlines_are_told_on_the_day_after(store):
    def told(day):
        first = datetime(2019, 2, day, tzinfo=UTC)
        return counts(make_digest(store, first, first + 24 * HOUR))["deadlines"]

    assert (told(14), told(15), told(16)) == (0, 1, 0)


def test_an_article_that_is_read_anew_is_no_news(ingest, write, tmp_path):
    path = write("a.txt", REPORT)
    ingest(path)
    with open_store(tmp_path / "store") as opened:
        before = counts(make_digest(opened, now() - HOUR, now() + HOUR))["violations"]
    # A sentence more: the article is extracted again, and only what it adds is new.
    write("a.txt", REPORT + "Iran accused Israel of violating the ceasefire in Lebanon.\n")
    ingest(path)
    with open_store(tmp_path / "store") as opened:
        after = make_digest(opened, now() - HOUR, now() + HOUR)
    assert before >= 1
    assert counts(after)["violations"] == 1
    assert after.sections[1].items[0][0].holder == "Iran"


def test_contradictions_are_told_as_pairs(ingest, tmp_path):
    ingest(EXAMPLES)
    with open_store(tmp_path / "store") as opened:
        digest = make_digest(opened, now() - HOUR, now() + HOUR)
    section = digest.sections[0]
    assert section.count >= 2
    assert len(set(section.keys)) == section.count
    for one, other in section.items:
        assert one.holder != other.holder


def test_nothing_is_told_twice_and_what_comes_late_is_told(store, tmp_path):
    address = str(tmp_path / "store")
    first = window(address)
    digest = make_digest(store, first.first, first.end + HOUR, first.told, first.back)
    assert digest.count
    keep(digest, address)
    second = window(address)
    assert second.first == first.end + HOUR
    again = make_digest(store, second.first, second.first + HOUR, second.told, second.back)
    assert counts(again)["violations"] == 0
    # Had the first digest not seen them, the second would: they were captured in its time.
    late = make_digest(store, second.first, second.first + HOUR, (), second.back)
    assert counts(late)["violations"] == counts(digest)["violations"]


@pytest.fixture
def webhook():
    """A web server that keeps what is posted to it; the first answers are those of ``answers``."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.received.append(json.loads(body))
            self.send_response(server.answers.pop(0) if server.answers else 204)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.received, server.answers = [], []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


class Mailbox(TCPServer):
    """A mail server (RFC 5321) that takes everything and offers no encryption."""

    allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Smtp)
        self.received, self.people = [], []


class _Smtp(StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"RCPT":
                self.server.people.append(line.split(b"<")[1].split(b">")[0].decode())
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = []
                while (line := self.rfile.readline()) != b".\r\n":
                    lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
                self.server.received.append(b"".join(lines))
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
            if word == b"QUIT":
                return


@pytest.fixture
def mailbox():
    server = Mailbox()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_digest_goes_to_a_webhook_and_to_people(store, webhook, mailbox):
    webhook.answers = [500, 204]
    digest = make_digest(store, now() - HOUR, now() + HOUR)
    settings = Settings(
        report_webhook=f"http://127.0.0.1:{webhook.server_port}/hook",
        report_mail="ana@example.org, ben@example.org",
        mail_server=f"127.0.0.1:{mailbox.server_address[1]}",
        mail_from="accord@example.org",
    )
    assert deliver(digest, settings, pause=0) == ["the webhook", "ana@example.org, ben@example.org"]
    # The first answer was an error, so it was sent again.
    assert len(webhook.received) == 2
    assert webhook.received[1]["text"] == digest.markdown()
    assert webhook.received[1]["digest"]["sections"][1]["items"]
    assert mailbox.people == ["ana@example.org", "ben@example.org"]
    (received,) = mailbox.received
    message = message_from_bytes(received, policy=default)
    assert message["Subject"] == digest.title
    text = message.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert text == digest.markdown()
    assert "<h2>New violations</h2>" in message.get_body(("html",)).get_content()


def test_one_that_cannot_be_reached_keeps_nobody_else_from_it(store, webhook):
    settings = Settings(
        report_webhook=f"http://127.0.0.1:{webhook.server_port}/hook",
        report_mail="ana@example.org",
        mail_server="127.0.0.1:9",
    )
    digest = make_digest(store, now() - HOUR, now() + HOUR)
    with pytest.raises(DeliveryError, match=r"ana@example.org: .*refused"):
        deliver(digest, settings, pause=0)
    assert len(webhook.received) == 1


def test_a_password_never_goes_out_in_the_open(store, mailbox):
    settings = Settings(
        report_mail="ana@example.org",
        mail_server=f"127.0.0.1:{mailbox.server_address[1]}",
        mail_user="accord",
        mail_password="secret",
    )
    digest = make_digest(store, now() - HOUR, now() + HOUR)
    with pytest.raises(DeliveryError, match="STARTTLS"):
        deliver(digest, settings, pause=0)
    assert mailbox.received == []


def test_the_command_tells_once_keeps_it_and_sends_it(ingest, write, accord, tmp_path, webhook):
    ingest(write("a.txt", REPORT))
    hook = {"ACCORD_REPORT_WEBHOOK": f"http://127.0.0.1:{webhook.server_port}/hook"}
    env = hook | {"XDG_DATA_HOME": str(tmp_path / "data")}
    store = str(tmp_path / "store")
    first = accord("report", "--store", store, **env)
    assert first.returncode == 0, first.stderr
    assert "violating the Sochi memorandum" in first.stdout
    assert webhook.received[0]["text"] == first.stdout
    (kept,) = (tmp_path / "data" / "accord" / "digests").glob("*/*.md")
    assert kept.read_text() == first.stdout
    second = json.loads(accord("report", "--json", "--store", store, **env).stdout)
    assert [part["keys"] for part in second["sections"][:2]] == [[], []]
    since = accord("report", "--since", "2019-02-14", "--format", "html", "--store", store, **env)
    assert "violating the Sochi memorandum" in since.stdout
    assert "<h2>Deadlines passed</h2>" in since.stdout
