"""The endpoint's query page in a real browser: it starts, and asks no other server for anything."""

import json
import shutil
import subprocess
from urllib.parse import quote, urlsplit

import pytest

from tests.serve.conftest import EX, served  # noqa: F401

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.server,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: chromium)"),
]


def opened(address: str, profile, *options: str) -> str:
    """Return the page's elements after its scripts have run for a while."""
    done = subprocess.run(
        [
            *(CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu"),
            *("--disable-dev-shm-usage", f"--user-data-dir={profile}"),
            *("--virtual-time-budget=15000", *options, "--dump-dom", address),
        ],
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.stdout


def test_the_editor_starts_with_the_query_of_the_address(served, tmp_path):  # noqa: F811
    query = f"SELECT ?o WHERE {{ <{EX}s42> ?p ?o }}"
    page = opened(f"{served.address}/#query={quote(query)}&outputFormat=json", tmp_path)
    assert "CodeMirror" in page
    assert f"{EX}s42" in page


def test_the_page_asks_this_server_alone(served, tmp_path):  # noqa: F811
    log = tmp_path / "net.json"
    opened(served.address, tmp_path / "profile", f"--log-net-log={log}")
    text = log.read_text()
    try:
        events = json.loads(text)["events"]
    except ValueError:
        # The browser may end before it closes the list.
        events = json.loads(text.rstrip().rstrip(",") + "]}")["events"]
    asked = {
        urlsplit(url).netloc
        for event in events
        if (url := (event.get("params") or {}).get("url", "")).startswith("http")
        and (event.get("params") or {}).get("initiator") not in (None, "not an origin")
    }
    assert asked <= {urlsplit(served.address).netloc}
    paths = {line["path"] for line in served.access}
    assert {"/", "/yasgui.min.js", "/yasgui.min.css"} <= paths
