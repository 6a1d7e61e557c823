import shutil

import pytest
import spacy

from accord import versions
from accord.errors import UsageError
from accord.extraction import pipeline
from accord.resources import resource

current = versions.current_versions.__wrapped__


def test_the_key_names_all_three_and_is_stable():
    assert current() == current()
    assert current().key == (
        f"accord {current().software}, model {current().model}, mappings {current().mappings}"
    )


def test_an_edited_mapping_is_another_version(tmp_path, monkeypatch):
    before = current()
    shutil.copytree(resource("mappings"), tmp_path / "mappings")
    monkeypatch.setattr(
        versions,
        "resource",
        lambda *parts: tmp_path / "mappings" if parts == ("mappings",) else resource(*parts),
    )
    assert current() == before
    with (tmp_path / "mappings" / "reading.yaml").open("a") as file:
        file.write("# edited\n")
    assert current().mappings != before.mappings
    assert current().model == before.model


def test_another_model_is_another_version_and_a_missing_one_is_named(tmp_path):
    spacy.blank("en").to_disk(tmp_path / "blank")
    assert current(str(tmp_path / "blank")).model != current().model
    for call in (current, pipeline):
        with pytest.raises(UsageError, match="'en_no_such_model'"):
            call("en_no_such_model")


def test_a_pipeline_without_a_parser_finds_no_claims_and_does_not_break(tmp_path, accord, write):
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.to_disk(tmp_path / "blank")
    done = accord("extract", write("a.txt"), ACCORD_MODEL=str(tmp_path / "blank"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
