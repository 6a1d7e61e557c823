"""Sentences on many accords make the claims that stand beside them in tests/fixtures."""

from __future__ import annotations

from pathlib import Path

import pytest

from accord.article import parse_article
from accord.claim import Claim
from accord.extraction import extract
from accord.language import relevance
from tests.unit.constructions import Case, compare, read

LEAST = ("accord", "no accord")
CASES = list(read(Path(__file__).parent.parent / "fixtures" / "constructions.txt"))


@pytest.fixture(scope="module")
def found() -> dict[str, list[Claim]]:
    """The claims of each sentence, read as part of an article that is about a conflict.

    Whether an article is about one takes more words than a sentence has; only of the sentences
    that make no claim at all it is asked too. Nor is it asked how sure the claims are.
    """
    without = {case.text for case in CASES if case.none}
    asked = relevance.is_relevant
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(relevance, "is_relevant", lambda doc: doc.text not in without or asked(doc))
        patch.setattr("accord.language.claims.finder.load_least", lambda: dict.fromkeys(LEAST, 0.0))
        articles = [parse_article(case.text, "test") for case in CASES]
        return {article.text: claims for article, claims in extract(articles)}


def _parameter(case: Case) -> object:
    marks = [pytest.mark.xfail(reason="not found yet", strict=True)] if case.missing else []
    return pytest.param(case, id=f"{case.section}, line {case.line}", marks=marks)


@pytest.mark.parametrize("case", [_parameter(case) for case in CASES])
def test_a_sentence_makes_its_claims(case: Case, found: dict[str, list[Claim]]) -> None:
    claims = found[case.text]
    assert not compare(case, claims), "\n".join(claim.line() for claim in claims)
