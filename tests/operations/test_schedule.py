"""Schedules: what runs when, on a real Prefect server, and the deployments of ``prefect.yaml``."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import yaml

from tests.conftest import ROOT, clean_environment


@pytest.fixture
def empty_server(prefect_server):
    """The shared server; the deployments of a test, which have schedules, go with it."""
    yield prefect_server
    for one in httpx.post(f"{prefect_server}/deployments/filter", json={}).json():
        httpx.delete(f"{prefect_server}/deployments/{one['id']}").raise_for_status()


SOURCES = """
[[source]]
name = "hourly"
address = "articles"
schedule = "15 * * * *"

[[source]]
name = "nightly"
address = "https://news.example/sitemap.xml"
schedule = "30 4 * * *"
timezone = "Europe/Berlin"

[[source]]
name = "by-hand"
address = "archive"
"""


def test_what_would_run_is_listed(accord, tmp_path):
    (tmp_path / "accord.toml").write_text(SOURCES)
    listed = accord("schedule", "--json")
    assert listed.returncode == 0, listed.stderr
    found = {row["name"]: row for row in json.loads(listed.stdout)}
    assert list(found) == ["hourly", "nightly", "daily"]
    assert found["nightly"]["cron"] == "30 4 * * *"
    assert found["nightly"]["timezone"] == "Europe/Berlin"
    assert found["daily"]["flow"] == "report"
    table = accord("schedule", "--list").stdout
    assert "15 * * * *" in table


def test_without_a_schedule_nothing_is_done(accord, tmp_path):
    (tmp_path / "accord.toml").write_text('[[source]]\nname = "a"\naddress = "b"\n')
    done = accord("schedule")
    assert done.returncode == 2
    assert "No source of accord.toml has a schedule" in done.stderr


def test_a_pool_needs_a_server(accord, tmp_path):
    (tmp_path / "accord.toml").write_text(SOURCES)
    done = accord("schedule", "--work-pool", "institute")
    assert (done.returncode, "PREFECT_API_URL" in done.stderr) == (2, True)


@pytest.mark.server
def test_deployments_of_a_pool(accord, tmp_path, empty_server):
    (tmp_path / "accord.toml").write_text(SOURCES)
    for _ in range(2):  # twice: what is there already is replaced
        done = accord("schedule", "--work-pool", "institute", PREFECT_API_URL=empty_server)
        assert done.returncode == 0, done.stderr
    found = {one["name"]: one for one in _deployments(empty_server, "institute")}
    assert set(found) == {"hourly", "nightly", "daily"}
    hourly = found["hourly"]
    assert hourly["parameters"]["sources"] == ["hourly"]
    # Runs have a folder of their own: what is given to them is absolute.
    (table, *_) = hourly["parameters"]["settings"]["source"]
    assert table["address"] == str(tmp_path / "articles")
    assert found["nightly"]["schedules"][0]["schedule"] == {
        "cron": "30 4 * * *",
        "timezone": "Europe/Berlin",
        "day_or": True,
    }


@pytest.mark.server
def test_prefect_yaml_has_the_sources_of_the_example(tmp_path, empty_server, accord):
    for name in ("prefect.yaml", "flows", "examples"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "examples" / "accord.toml", tmp_path / "accord.toml")
    env = clean_environment(tmp_path) | {"PREFECT_API_URL": empty_server, "PWD": str(tmp_path)}
    prefect = [Path(sys.executable).with_name("prefect"), "--no-prompt"]
    for command in (["work-pool", "create", "accord", "--type", "process"], ["deploy", "--all"]):
        done = subprocess.run(
            [*prefect, *command], cwd=tmp_path, env=env, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
    deployed = {one["name"]: one for one in _deployments(empty_server, "accord")}
    listed = {one["name"]: one for one in json.loads(accord("schedule", "--json").stdout)}
    assert deployed.keys() == listed.keys()
    for name, one in listed.items():
        (schedule,) = deployed[name]["schedules"]
        assert schedule["schedule"]["cron"] == one["cron"], name
        assert schedule["schedule"]["timezone"] == one["timezone"], name
        assert deployed[name]["description"] == one["description"], name
    (step,) = deployed["samples"]["pull_steps"]
    assert os.fspath(tmp_path) in str(step)


def test_the_example_of_the_containers_is_right(accord, tmp_path):
    shutil.copy(ROOT / "docker" / "accord.toml", tmp_path / "accord.toml")
    listed = accord("schedule", "--json")
    assert [one["name"] for one in json.loads(listed.stdout)] == ["reports", "daily"]


def _deployments(server, pool):
    asked = {"work_pools": {"name": {"any_": [pool]}}}
    return httpx.post(f"{server}/deployments/filter", json=asked).json()


def test_prefect_yaml_is_of_the_version_that_is_pinned():
    version = yaml.safe_load((ROOT / "prefect.yaml").read_text())["prefect-version"]
    assert f"prefect=={version}" in (ROOT / "constraints.txt").read_text().splitlines()
