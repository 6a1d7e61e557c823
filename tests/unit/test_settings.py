import pytest

from accord.errors import UsageError
from accord.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"ACCORD_{name.upper()}", raising=False)
    return tmp_path


def test_flags_before_environment_before_file_before_default(folder, monkeypatch):
    assert load_settings().workers == 1
    (folder / "accord.toml").write_text("workers = 2\nbatch = 7\n")
    assert load_settings().workers == 2
    monkeypatch.setenv("ACCORD_WORKERS", "3")
    assert load_settings().workers == 3
    assert load_settings(workers=4).workers == 4
    assert load_settings(workers=None).batch == 7


def test_the_default_store_is_in_the_users_data_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert load_settings().store == str(tmp_path / "data" / "accord" / "store")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("workers = 0", "workers = 0"),
        ('workers = "many"', "workers = 'many'"),
        ("wrokers = 2", "wrokers"),
        ("workers = ", r"accord\.toml cannot be read"),
    ],
)
def test_a_wrong_setting_is_named_with_its_value(folder, text, complaint):
    (folder / "accord.toml").write_text(text)
    with pytest.raises(UsageError, match=complaint):
        load_settings()
