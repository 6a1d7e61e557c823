"""The small Wikidata is sound: what other tests lean on."""

from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import SHARED
from tests.linking.wikidata_model import items

INVENTED = "Q9000"


def test_it_has_some_hundred_items_each_with_a_type():
    found = items()
    assert len([item for item in found if item.kind != "class"]) >= 300
    assert len({item.qid for item in found}) == len({item.key for item in found}) == len(found)
    classes = {item.qid for item in found if item.kind == "class"}
    for item in found:
        types = {qid for name, qid in item.statements if name in ("P31", "P279")}
        assert types <= classes
        assert types or item.key == "entity"


def test_names_are_confusable():
    """A third of what news names is somebody else's name too, as it is in Wikidata."""
    owners = Counter(
        name for item in items() for name in {item.label[0], *(text for text, _ in item.aliases)}
    )
    assert sum(count > 1 for count in owners.values()) >= 80


def test_what_is_verified_is_there_and_what_is_not_is_invented():
    table: Path = SHARED / "vocabulary" / "entities.tsv"
    if not table.exists():
        pytest.skip("the vocabulary is not beside this checkout (../shared/vocabulary)")
    rows = [line.split("\t") for line in table.read_text(encoding="utf-8").splitlines()]
    verified = {row[3] for row in rows if row[4] == "yes"}
    found = {item.qid for item in items() if item.kind != "class"}
    assert verified <= found
    assert {qid for qid in found - verified if not qid.startswith(INVENTED)} == set()
