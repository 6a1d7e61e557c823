#!/usr/bin/env python3
"""Extract the claims of annotated articles and score them against the annotations.

    python benchmarks/claims.py [--set samples|others|news|training|unseen|all] [--only WORD]
        [--errors]

Prints, for each claim type and overall, how many claims are annotated, found and right, with
precision, recall and F1, and how often each slot of the matched claims is right. ``--errors``
lists what was missed, what was found and is not annotated, and the wrong slots; it is refused for
the set ``unseen``, which is for figures only and no part of ``all``.

A found claim matches an annotated one when the types and holders are equal, their spans share at
least half of the shorter one, and the actors share a member (or no actor is annotated). A state,
its government, ministries and armed forces compare as one. Each claim is matched at most once.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from accord.claim import NORMS, Claim
from accord.errors import UsageError
from accord.extraction import extract
from accord.settings import load_settings
from accord.sources.files import File
from accord.vocabulary import Vocabulary, load_vocabulary

ROOT = Path(__file__).parent.parent
ANNOTATIONS = Path(__file__).parent / "annotations"
SAMPLES = ROOT / "examples" / "articles"
#: Where the news articles lie that are annotated but may not be copied (see README.md).
NEWS = ROOT.parent / "shared" / "data" / "news"
#: The sets that rules are written with. Not the one whose errors nobody reads.
SETS = ("samples", "others", "news")
UNSEEN = "unseen"
#: Material to learn from: headlines and several slots are not annotated in it.
TRAINING = "training"
SLOTS = (
    "speaker", "target", "agreement", "place", "status", "polarity", "modality", "time", "due",
    "quantity",
)  # fmt: skip
#: Slots with which a claim that lacks them is still complete: right if both sides lack them.
_ALWAYS = ("polarity", "modality")


@dataclass(frozen=True, slots=True)
class Passage:
    """Annotated code points ``start`` to ``end`` of an article (end exclusive)."""

    file: Path
    start: int
    end: int
    claims: tuple[Claim, ...]

    def holds(self, claim: Claim) -> bool:
        """Whether at least half of a claim's evidence lies in the passage."""
        shared = min(claim.end, self.end) - max(claim.start, self.start)
        return 2 * shared >= claim.end - claim.start


@dataclass(frozen=True, slots=True)
class Result:
    """A passage with the claims found in it and the pairs of equal ones, as positions."""

    passage: Passage
    found: tuple[Claim, ...]
    pairs: tuple[tuple[int, int], ...]


class Names:
    """Compare names by canonical label, case folded, a state's own bodies as the state."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._labels: dict[str, str] = {}
        self._states: dict[str, str] = {}
        entities = sorted(vocabulary.entities.values(), key=lambda item: (item.is_place, item.iri))
        for entity in entities:
            side = vocabulary.side(entity)
            if side.kind == "Government" and entity.kind in ("ArmedForces", "Organisation"):
                self._states.setdefault(_fold(entity.label), _fold(side.label))
            self._labels.setdefault(_fold(entity.label), _fold(entity.label))
        for entity in entities:
            for alias in entity.aliases:
                self._labels.setdefault(_fold(alias), _fold(entity.label))

    def of(self, value: Any) -> frozenset[str]:
        """Return the folded names in a slot's value: one, several or none."""
        if value is None or value == ():
            return frozenset()
        values = value if isinstance(value, list | tuple) else [value]
        return frozenset(self._labels.get(_fold(name), _fold(name)) for name in values)

    def parties(self, value: Any) -> frozenset[str]:
        """Return the same with what belongs to a state as the state."""
        return frozenset(self._states.get(name, name) for name in self.of(value))


def _fold(name: object) -> str:
    return " ".join(str(name).replace("’", "'").replace("‘", "'").casefold().split())


def overlap(one: Claim, other: Claim) -> float:
    """Return the share of the shorter evidence that both cover, 0 to 1."""
    shared = min(one.end, other.end) - max(one.start, other.start)
    return max(0, shared) / min(one.end - one.start, other.end - other.start)


def pair(
    gold: Sequence[Claim], found: Sequence[Claim], same: Callable[[Claim, Claim], bool]
) -> list[tuple[int, int]]:
    """Pair each annotated claim with at most one found claim, largest overlap first."""
    edges = sorted(
        (-overlap(one, other), i, j)
        for i, one in enumerate(gold)
        for j, other in enumerate(found)
        if overlap(one, other) >= 0.5 and same(one, other)
    )
    left: set[int] = set()
    right: set[int] = set()
    pairs = []
    for _, i, j in edges:
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            pairs.append((i, j))
    return pairs


def equal_types(one: Claim, other: Claim) -> bool:
    """Whether two claims have the same type."""
    return one.type == other.type


def equal_claims(names: Names) -> Callable[[Claim, Claim], bool]:
    """Return the comparison of an annotated with a found claim that the headline figure uses."""

    def same(gold: Claim, found: Claim) -> bool:
        actors = names.parties(gold.actor)
        return (
            gold.type == found.type
            and names.parties(gold.holder) == names.parties(found.holder)
            and (not actors or bool(actors & names.parties(found.actor)))
        )

    return same


def slot_is_right(names: Names, slot: str, gold: Claim, found: Claim) -> bool | None:
    """Whether a slot of two matched claims agrees; None if neither has it."""
    mine, theirs = getattr(gold, slot), getattr(found, slot)
    if not mine and not theirs and slot not in _ALWAYS:
        return None
    if slot == "quantity":
        return (
            mine is not None
            and theirs is not None
            and all(getattr(mine, key) == getattr(theirs, key) for key in ("min", "max", "unit"))
        )
    one, other = names.of(mine), names.of(theirs)
    return bool(one & other) or one == other


def passages(which: str, news: Path = NEWS) -> Iterator[Passage]:
    """Yield the annotated passages of one set; an article that is annotated whole is one.

    :raises UsageError: where the articles of the set are not to be had
    """
    folder = {"samples": SAMPLES, "news": news}.get(which, ANNOTATIONS / which)
    path = (ANNOTATIONS if which in ("samples", "news") else folder) / f"{which}.jsonl"
    if not folder.is_dir() or not path.is_file():
        raise UsageError(
            f"The set {which!r} needs {path} and the articles in {folder}.",
            "See benchmarks/README.md for where they come from; --news names another folder.",
        )
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    if which == "news":
        for line in lines:
            file = folder / line["file"]
            with file.open(encoding="utf-8", newline="") as handle:
                text = handle.read()
            claims = (
                Claim.model_validate(
                    {"article": file.stem, "text": text[claim["start"] : claim["end"]]} | claim
                )
                for claim in line["claims"]
            )
            yield Passage(file, line["start"], line["end"], tuple(claims))
        return
    by_article: dict[str, list[Claim]] = defaultdict(list)
    for line in lines:
        by_article[line["article"]].append(Claim.model_validate(line))
    if which == TRAINING:
        for file in sorted(folder.glob("*.txt")):
            behind = file.read_text(encoding="utf-8").index("\n\n")  # the date and the headline
            yield Passage(file, behind, sys.maxsize, tuple(by_article[file.stem]))
        return
    for article, annotated in sorted(by_article.items()):
        yield Passage(folder / f"{article}.txt", 0, sys.maxsize, tuple(annotated))


def results(sets: Sequence[str], names: Names, only: str = "", news: Path = NEWS) -> list[Result]:
    """Extract the claims of the articles of some sets and pair them with the annotations."""
    wanted = [passage for name in sets for passage in passages(name, news)]
    wanted = [passage for passage in wanted if only in passage.file.name]
    files = list(dict.fromkeys(passage.file for passage in wanted))
    largest = load_settings().largest_article
    articles = [File(file).article(file.read_bytes(), largest) for file in files]
    claims = dict(zip(files, (found for _, found in extract(articles)), strict=True))
    same = equal_claims(names)
    scored = []
    for passage in wanted:
        found = tuple(claim for claim in claims[passage.file] if passage.holds(claim))
        scored.append(Result(passage, found, tuple(pair(passage.claims, found, same))))
    return scored


def table(scored: Sequence[Result], names: Names) -> Iterator[str]:
    """Yield the lines of the table: each type, four totals, the slots."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    slots: dict[str, list[int]] = {slot: [0, 0] for slot in SLOTS}
    for result in scored:
        gold, found = result.passage.claims, result.found
        for label, claims in (("gold", gold), ("found", found)):
            for claim in claims:
                for row in _rows(claim):
                    counts[row][label] += 1
        for i, j in result.pairs:
            for row in _rows(gold[i]):
                if not row.startswith("type and span"):
                    counts[row]["right"] += 1
            for slot in SLOTS:
                right = slot_is_right(names, slot, gold[i], found[j])
                if right is not None:
                    slots[slot][0] += right
                    slots[slot][1] += 1
        for i, _ in pair(gold, found, equal_types):
            for row in _rows(gold[i]):
                if row.startswith("type and span"):
                    counts[row]["right"] += 1
    yield f"{'':24}{'gold':>6}{'found':>7}{'right':>7}{'P':>8}{'R':>8}{'F1':>8}"
    totals = ("type and span, all", "type and span, norms", "CLAIMS, norms", "CLAIMS, all")
    for row in (*sorted(set(counts) - set(totals)), *totals):
        count = counts[row]
        precision = count["right"] / max(1, count["found"])
        recall = count["right"] / max(1, count["gold"])
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        label = row if row in totals else f"  {row}"
        yield (
            f"{label:24}{count['gold']:6}{count['found']:7}{count['right']:7}"
            f"{precision:8.3f}{recall:8.3f}{f1:8.3f}"
        )
    yield "slots of matched claims: " + ", ".join(
        f"{slot} {right}/{total}" for slot, (right, total) in slots.items() if total
    )


def _rows(claim: Claim) -> tuple[str, ...]:
    norm = ("type and span, norms", "CLAIMS, norms") if claim.type in NORMS else ()
    return (claim.type.value, "type and span, all", "CLAIMS, all", *norm)


def errors(scored: Sequence[Result], names: Names) -> Iterator[str]:
    """Yield one line a miss (-), a claim that is not annotated (+) and a wrong slot (~)."""
    for result in scored:
        gold, found = result.passage.claims, result.found
        lines = [(gold[i].start, "-", _short(gold[i])) for i in _rest(gold, result.pairs, 0)]
        lines += [(found[j].start, "+", _short(found[j])) for j in _rest(found, result.pairs, 1)]
        for i, j in result.pairs:
            for slot in SLOTS:
                if slot_is_right(names, slot, gold[i], found[j]) is False:
                    change = f"{_value(gold[i], slot)} but found {_value(found[j], slot)}"
                    words = f"{gold[i].type.value} {slot}: {change}  {_quote(gold[i])}"
                    lines.append((gold[i].start, "~", words))
        if lines:
            yield f"\n{result.passage.file.stem}"
        for start, sign, words in sorted(lines):
            yield f"{sign} {start:5} {words}"


def _rest(claims: Sequence[Claim], pairs: Sequence[tuple[int, int]], side: int) -> list[int]:
    used = {both[side] for both in pairs}
    return [number for number in range(len(claims)) if number not in used]


def _short(claim: Claim) -> str:
    actors = ", ".join(claim.actor) or "-"
    return f"{claim.type.value} | {claim.holder} | {actors} | {_quote(claim)}"


def _quote(claim: Claim) -> str:
    words = " ".join(claim.text.split())
    return repr(words if len(words) <= 110 else f"{words[:70]} ... {words[-35:]}")


def _value(claim: Claim, slot: str) -> str:
    value = claim.document().get(slot)
    return json.dumps(value, ensure_ascii=False) if value else "-"


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--set", choices=(*SETS, TRAINING, UNSEEN, "all"), default="samples", dest="which"
    )
    parser.add_argument("--only", default="", help="articles whose file name holds this word")
    parser.add_argument("--errors", action="store_true", help="list what is wrong")
    parser.add_argument("--news", type=Path, default=NEWS, help="folder of the news articles")
    parser.add_argument(
        "--reliability", action="store_true", help="how many claims at each confidence are right"
    )
    options = parser.parse_args()
    if options.reliability:
        from fit_confidence import examples, reliability

        print(*reliability(examples(options.news)), sep="\n")
        return
    if options.errors and options.which == UNSEEN:
        parser.error("--errors: the set 'unseen' is for figures only, lest rules be fitted to it")
    names = Names(load_vocabulary())
    try:
        sets = SETS if options.which == "all" else (options.which,)
        scored = results(sets, names, options.only, options.news)
    except UsageError as error:
        raise SystemExit(f"{error}") from error
    if options.errors:
        print(*errors(scored, names), "", sep="\n")
    print(*table(scored, names), sep="\n")


if __name__ == "__main__":
    main()
