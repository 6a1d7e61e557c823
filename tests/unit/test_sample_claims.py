"""Judged samples: who is drawn, which judgements stay, and what the figures are."""

from __future__ import annotations

import json
from typing import Any

import pytest
from benchmarks import sample_claims as sample


def claim(start: int, **fields: Any) -> dict[str, Any]:
    return {
        "article": "a", "start": start, "end": start + 5, "text": "words", "type": "Incident",
        "holder": "outlet", "actor": ["Chad"], "polarity": "affirmed", **fields,
    }  # fmt: skip


def test_a_draw_is_repeatable_and_another_seed_draws_others() -> None:
    claims = [claim(start) for start in range(100)]
    one = sample.draw(claims, 20, seed=1)
    assert len(one) == 20
    assert one == sample.draw(list(reversed(claims)), 20, seed=1)
    assert one != sample.draw(claims, 20, seed=2)


def test_a_claim_that_vanishes_is_replaced_and_the_others_stay() -> None:
    claims = [claim(start) for start in range(100)]
    before = sample.draw(claims, 20, seed=1)
    after = sample.draw([one for one in claims if one != before[0]], 20, seed=1)
    assert len([one for one in after if one in before]) == 19


@pytest.mark.parametrize(
    ("field", "value"), [("holder", "Chad"), ("actor", ["Mali"]), ("polarity", "denied")]
)
def test_a_judgement_stays_with_the_same_claim_only(field: str, value: object) -> None:
    judged = [claim(3) | {"judgement": "partly", "wrong": ["actor"]}]
    (kept,) = sample.carry_over([claim(3, place="Abéché")], judged)
    assert (kept["judgement"], kept["wrong"], kept["place"]) == ("partly", ["actor"], "Abéché")
    assert "text" not in kept
    (changed,) = sample.carry_over([claim(3, **{field: value})], judged)
    assert changed["judgement"] is None


def test_wilson_interval() -> None:
    # Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263 gives 0.2553 to 0.3662.
    low, high = sample.wilson(81, 263)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
    assert sample.wilson(0, 0) == (0.0, 1.0)


def test_report_counts_only_what_is_judged() -> None:
    verdicts = ["right", "right", "partly", "wrong", None]
    records = [claim(i) | {"judgement": one, "wrong": []} for i, one in enumerate(verdicts)]
    lines = list(sample.report({"claims": 50, "articles": 9, "words": 10_000}, records))
    assert "5 drawn, 4 judged" in lines[0]
    assert "2/4 = 0.500" in lines[1] and "otherwise 2.50 per 1,000 words" in lines[1]
    assert "3/4 = 0.750" in lines[2]


def test_the_sample_holds_no_text_and_only_known_judgements() -> None:
    if not sample.JUDGEMENTS.is_file():
        pytest.skip("no sample has been drawn")
    head, *records = map(json.loads, sample.JUDGEMENTS.read_text(encoding="utf-8").splitlines())
    assert set(head) == {"seed", "articles", "words", "claims"}
    assert records
    for record in records:
        assert "text" not in record
        assert record["judgement"] in (None, *sample.VERDICTS)
        if record["judgement"] in ("partly", "wrong"):
            assert record["wrong"], f"{record['article']} {record['start']}: say what is wrong"
