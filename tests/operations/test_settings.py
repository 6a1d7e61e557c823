"""Settings of what runs by itself: secrets by file, logs by an option."""

import json

import pytest

from accord.errors import UsageError
from accord.operations.schedule import deployments
from accord.settings import Settings, load_settings


@pytest.fixture
def secrets(tmp_path, monkeypatch):
    folder = tmp_path / "secrets"
    folder.mkdir()
    monkeypatch.setenv("ACCORD_SECRETS", str(folder))
    monkeypatch.chdir(tmp_path)
    return folder


def test_any_setting_may_be_a_file(secrets, tmp_path, monkeypatch):
    (secrets / "accord_store_token").write_text("from-a-file\n")
    (secrets / "database_password").write_text("of no concern")
    assert load_settings().store_token.get_secret_value() == "from-a-file"
    # Before accord.toml, after variables.
    (tmp_path / "accord.toml").write_text('store_token = "from-toml"\n')
    assert load_settings().store_token.get_secret_value() == "from-a-file"
    monkeypatch.setenv("ACCORD_STORE_TOKEN", "from-a-variable")
    assert load_settings().store_token.get_secret_value() == "from-a-variable"


def test_no_secret_is_a_parameter_of_a_deployment(secrets):
    hidden = {
        name: "must-not-be-seen-by-anybody"
        for name, field in Settings.model_fields.items()
        if "Secret" in str(field.annotation)
    }
    assert len(hidden) >= 7
    table = {"name": "a", "address": "b", "schedule": "15 * * * *"}
    settings = Settings(source=(table,), **hidden)
    for one in deployments(settings):
        assert "must-not-be-seen" not in json.dumps(one.parameters)


def test_a_schedule_that_is_wrong_is_named(secrets):
    with pytest.raises(UsageError, match="report_schedule"):
        load_settings(report_schedule="at noon")


def test_logs_by_an_option(accord, write, tmp_path):
    done = accord("--log", "log.jsonl", "ingest", write("a.txt", ""), "--store", "graph")
    assert done.returncode == 3, done.stderr
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [line["message"] for line in lines] == ["article set aside", "run ended"]
    assert lines[0]["run"] == lines[1]["run"]
    wrong = accord("--log", "no/such/folder/log", "ingest", write("a.txt", ""), "--store", "graph")
    assert (wrong.returncode, "no/such/folder/log cannot be written" in wrong.stderr) == (2, True)
