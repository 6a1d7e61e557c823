import json

import pytest
from pydantic import ValidationError

from accord.claim import NORMS, Claim, ClaimType, read_claims
from accord.errors import ClaimError
from tests.conftest import SHARED

CLAIM = {
    "article": "a",
    "start": 10,
    "end": 23,
    "text": "Turkey agreed",
    "type": "Agreement",
    "holder": "outlet",
    "actor": ["Turkey"],
}


def test_norms_are_the_first_seven_types():
    assert {"Agreement", "Obligation", "Commitment", "Demand"} < {str(kind) for kind in NORMS}
    assert len(NORMS) == 7
    assert len(ClaimType) == 13
    assert ClaimType.INCIDENT not in NORMS


def test_empty_fields_are_left_out_and_defaults_written():
    assert Claim.model_validate(CLAIM).document() == CLAIM | {
        "polarity": "affirmed",
        "modality": "asserted",
    }


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"end": 24}, "span 14"),
        ({"status": "delayed"}, "status"),
        ({"type": "Compliance"}, "status"),
        ({"type": "Rumour"}, "type"),
        ({"holder": ""}, "holder"),
        ({"colour": "red"}, "colour"),
        ({"start": -1}, "start"),
    ],
)
def test_a_claim_of_another_form_is_refused(change, complaint):
    with pytest.raises(ValidationError, match=complaint):
        Claim.model_validate(CLAIM | change)


def test_a_bad_line_is_named_with_its_number(tmp_path):
    path = tmp_path / "claims.jsonl"
    path.write_text(json.dumps(CLAIM) + "\n\n" + json.dumps(CLAIM | {"end": 3}) + "\n")
    with pytest.raises(ClaimError, match=r"claims\.jsonl:3: "):
        list(read_claims(path))


def test_the_gold_claims_have_the_form_and_come_out_as_they_went_in():
    gold = SHARED / "gold" / "seeds.jsonl"
    if not gold.exists():
        pytest.skip("the gold claims are not beside this checkout (../shared/gold)")
    lines = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    for line in lines:
        del line["id"]
    assert [claim.document() for claim in read_claims(gold)] == lines
