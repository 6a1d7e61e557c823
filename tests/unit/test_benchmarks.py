"""The annotations are claims, and their offsets are those of the texts that they refer to."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from benchmarks import claims as benchmark

from accord.claim import Claim, ClaimType
from accord.vocabulary import load_vocabulary

ALL = (*benchmark.SETS, benchmark.TRAINING, benchmark.UNSEEN)


def passages(which: str) -> list[benchmark.Passage]:
    if which == "news" and not benchmark.NEWS.is_dir():
        pytest.skip("the newswire articles are not part of the repository")
    return list(benchmark.passages(which))


def annotated(which: str) -> Iterator[tuple[benchmark.Passage, str, Claim]]:
    for passage in passages(which):
        with passage.file.open(encoding="utf-8", newline="") as handle:
            text = handle.read()
        for claim in passage.claims:
            yield passage, text, claim


@pytest.mark.parametrize("which", ALL)
def test_evidence_is_what_the_text_says_at_the_offsets(which: str) -> None:
    for passage, text, claim in annotated(which):
        where = f"{claim.article} {claim.start} {claim.type}"
        assert claim.article == passage.file.stem, where
        assert passage.start <= claim.start < claim.end <= passage.end, where
        assert claim.text == text[claim.start : claim.end], where
        assert claim.text == claim.text.strip() and claim.text, where


@pytest.mark.parametrize("which", ALL)
def test_no_claim_is_annotated_twice(which: str) -> None:
    seen = [
        (claim.article, claim.start, claim.end, claim.type, claim.holder, claim.actor, claim.action)
        for _, _, claim in annotated(which)
    ]
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("which", ALL)
def test_agreements_are_known_or_look_like_a_key(which: str) -> None:
    known = load_vocabulary().agreements
    for _, _, claim in annotated(which):
        name, _, year = (claim.agreement or "some-2000").rpartition("-")
        assert claim.agreement is None or claim.agreement in known or (name and year.isdigit())


def test_news_annotations_hold_no_text() -> None:
    path = benchmark.ANNOTATIONS / "news.jsonl"
    if not path.is_file():
        pytest.skip("no news annotations yet")
    for line in path.read_text(encoding="utf-8").splitlines():
        assert all("text" not in claim for claim in json.loads(line)["claims"])


def test_every_sample_article_is_annotated() -> None:
    files = {passage.file.name for passage in passages("samples")}
    assert files == {path.name for path in benchmark.SAMPLES.glob("*.txt")}


def test_training_passages_begin_behind_the_headline_and_may_hold_no_claim() -> None:
    found = passages(benchmark.TRAINING)
    assert any(not passage.claims for passage in found)
    for passage in found:
        head, _, body = passage.file.read_text(encoding="utf-8").partition("\n\n")
        assert len(head.splitlines()) == 2 and body, passage.file.name
        assert passage.start == len(head)


def test_every_unseen_article_is_annotated() -> None:
    files = {passage.file.name for passage in passages(benchmark.UNSEEN)}
    assert files == {path.name for path in (benchmark.ANNOTATIONS / "unseen").glob("*.txt")}


def test_errors_of_the_unseen_set_are_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def extract(*_: object) -> None:
        raise AssertionError("extracted although refused")

    monkeypatch.setattr(benchmark, "results", extract)
    monkeypatch.setattr("sys.argv", ["claims.py", "--set", "unseen", "--errors"])
    with pytest.raises(SystemExit):
        benchmark.main()
    assert "figures only" in capsys.readouterr().err
    assert benchmark.UNSEEN not in benchmark.SETS  # nor by --set all


def claim(start: int, end: int, **values: object) -> Claim:
    fields = {
        "article": "a",
        "start": start,
        "end": end,
        "text": "x" * (end - start),
        "type": ClaimType.DEMAND,
        "holder": "Turkey",
        "actor": ["Russia"],
    }
    return Claim.model_validate(fields | values)


@pytest.mark.parametrize(
    ("found", "right"),
    [
        (claim(0, 10), True),
        (claim(5, 15), True),  # half of the shorter evidence
        (claim(6, 16), False),
        (claim(0, 10, type=ClaimType.THREAT), False),
        (claim(0, 10, holder="Syria"), False),
        (claim(0, 10, holder="Turkish Armed Forces"), True),  # a state and its army are one
        (claim(0, 10, actor=["Iran", "Russian Armed Forces"]), True),
        (claim(0, 10, actor=[]), False),
    ],
)
def test_a_match_needs_type_holder_actor_and_half_of_the_evidence(
    found: Claim, right: bool
) -> None:
    names = benchmark.Names(load_vocabulary())
    pairs = benchmark.pair([claim(0, 10)], [found], benchmark.equal_claims(names))
    assert bool(pairs) is right


def test_an_annotation_without_actor_matches_any_actor_once() -> None:
    names = benchmark.Names(load_vocabulary())
    gold = [claim(0, 10, actor=[])]
    found = [claim(0, 10), claim(0, 10, actor=["Iran"])]
    assert len(benchmark.pair(gold, found, benchmark.equal_claims(names))) == 1


def test_slots() -> None:
    names = benchmark.Names(load_vocabulary())
    gold = claim(0, 10, target=["Iran"], time="2019")
    found = claim(0, 10, target=["Syria", "Iran"])
    right = {slot: benchmark.slot_is_right(names, slot, gold, found) for slot in benchmark.SLOTS}
    assert right["target"] is True
    assert right["time"] is False
    assert right["polarity"] is True
    assert right["place"] is None


def test_scores_of_a_result() -> None:
    names = benchmark.Names(load_vocabulary())
    passage = benchmark.Passage(benchmark.SAMPLES, 0, 100, (claim(0, 10), claim(20, 30)))
    found = (claim(0, 10), claim(40, 50, holder="Iran"))
    pairs = tuple(benchmark.pair(passage.claims, found, benchmark.equal_claims(names)))
    scored = [benchmark.Result(passage, found, pairs)]
    row = next(line for line in benchmark.table(scored, names) if line.startswith("CLAIMS, all"))
    assert row.split()[2:] == ["2", "2", "1", "0.500", "0.500", "0.500"]
    assert [line[0] for line in benchmark.errors(scored, names) if line[:1] in "-+~"] == ["-", "+"]
