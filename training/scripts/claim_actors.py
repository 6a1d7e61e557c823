"""Measure how well learned weights choose the actor of a claim. Nothing of it is shipped.

Takes the annotated claims of the sets `samples`, `others` and `training`, finds the word of each
that its `action` names, and the candidates for its actor (`actor_candidates.py`), once
with the roles that a frame gives, if one fires there, and once with those that any predicate has.
Fits a conditional logistic regression over the candidates, with a penalty on large weights.
Prints how often the choice is right in articles of `others` that were left out of the fit, four
parts of them in turn, beside the choice by rule alone; and, of those that the rules give no actor,
how often the one that the weights give them is right.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from actor_candidates import Candidate, Candidates, FramelessMatcher, actor_label
from spacy.tokens import Doc, Token

from accord.claim import NORMS, Claim
from accord.extraction import document, pipeline
from accord.language.actors.parties import Party
from accord.language.claims.selection import Selection
from accord.language.frames.matching import Draft
from accord.language.frames.reader import load_frames
from accord.language.reading import Reading
from accord.settings import load_settings
from accord.sources.files import File
from accord.vocabulary import load_vocabulary

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))
from claims import Names, passages

SETS = ("samples", "others", "training")
HELD = "others"
PARTS = 4
#: Evidence on fewer candidates than this has no weight of its own.
RARE = 8
PENALTY = 1.0
STEPS = 300
#: Beside the likeliest, whoever is at least so likely in comparison: "both sides".
_ALMOST = 0.5
_EMPTY = ("and", "to", "not", "be", "of", "the")
_CONTENT = ("VERB", "NOUN", "ADJ", "AUX", "PROPN", "ADV", "NUM")


@dataclass(frozen=True, slots=True)
class Example:
    """The candidates of one annotated claim, and which of them are right.

    ``share`` is 1, or one half where the same claim is there with a frame and without.
    """

    part: int
    framed: bool
    candidates: tuple[Candidate, ...]
    right: tuple[bool, ...]
    by_rule: bool
    unfilled: bool
    free: bool
    share: float


def trigger(doc: Doc, claim: Claim) -> Token | None:
    """Return the word of the evidence that the action names, else the highest of its parse."""
    inside = list(doc.char_span(claim.start, claim.end, alignment_mode="expand") or ())
    content = [t for t in inside if t.pos_ in _CONTENT]
    words = (claim.action or "").casefold().split()
    for word in [w for w in words if w not in _EMPTY] or words:
        found = [t for t in content if word in (t.lemma_.lower(), t.lower_)]
        found = found or [t for t in content if len(word) > 3 and t.lower_.startswith(word[:4])]
        if found:
            return min(found, key=lambda t: (sum(1 for _ in t.ancestors), t.i))
    places = {t.i for t in inside}
    roots = [t for t in inside if t.head.i not in places or t.head.i == t.i]
    return min(roots, key=lambda t: (t.pos_ not in ("VERB", "AUX"), t.i), default=None)


def examples(names: Names) -> Iterator[Example]:
    """Read the annotated articles and yield their claims' candidates."""
    nlp, vocabulary, frames = pipeline(), load_vocabulary(), load_frames()
    largest = load_settings().largest_article
    for which in SETS:
        for number, passage in enumerate(passages(which)):
            article = File(passage.file).article(passage.file.read_bytes(), largest)
            reading = Reading(nlp(document(article, nlp)), vocabulary, frames)
            candidates = Candidates(reading)
            matcher = FramelessMatcher(reading)
            drafts = Selection(reading).drafts()
            for claim in passage.claims:
                token = trigger(reading.doc, claim)
                if token is None:
                    continue
                near = (token.i, token.head.i)
                found = [d for d in drafts if d.type is claim.type and d.token in near][:1]
                bare = matcher.draft(token.i, claim.type)
                part = number % PARTS if which == HELD else -1
                for draft in (*found, bare):
                    share = 1 / (len(found) + 1)
                    yield example(part, draft, candidates, claim, names, share)


def example(
    part: int, draft: Draft, candidates: Candidates, claim: Claim, names: Names, share: float
) -> Example:
    """Return a claim's candidates with which of them are right."""
    gold, found = names.parties(claim.actor), candidates.of(draft)
    right = tuple(
        not gold if c.party is None else bool(names.parties((c.label,)) & gold) for c in found
    )
    rule = tuple(actor_label(p, draft.type in NORMS) for p in draft.actors if p.acts)
    by_rule = not gold or bool(names.parties(rule) & gold)
    framed = bool(draft.frame.where)
    return Example(part, framed, tuple(found), right, by_rule, not rule, not gold, share)


def fit(data: Sequence[Example]) -> dict[str, float]:
    """Return the weights: the likelihood of the right candidates, less a penalty, at its top."""
    counts = Counter(name for e in data for c in e.candidates for name in c.evidence)
    known = sorted(name for name, count in counts.items() if count >= RARE)
    column = {name: number for number, name in enumerate(known)}
    rows, columns, owners, right = [], [], [], []
    used = [e for e in data if any(e.right)]
    for owner, one in enumerate(used):
        for candidate, good in zip(one.candidates, one.right, strict=True):
            for name in candidate.evidence:
                if name in column:
                    rows.append(len(right))
                    columns.append(column[name])
            owners.append(owner)
            right.append(good)
    row, col, of = np.array(rows), np.array(columns), np.array(owners)
    good, share = np.array(right, np.float64), np.array([e.share for e in used])[of]
    first = np.flatnonzero(np.diff(of, prepend=-1))
    weights = np.zeros(len(known))
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        totals = np.bincount(row, weights[col], minlength=len(of))
        powers = np.exp(totals - np.maximum.reduceat(totals, first)[of])
        all_of, good_of = np.add.reduceat(powers, first), np.add.reduceat(powers * good, first)
        slope = (powers / all_of[of] - powers * good / good_of[of]) * share
        gradient = np.bincount(col, slope[row], minlength=len(weights)) + PENALTY * weights
        mean, square = 0.9 * mean + 0.1 * gradient, 0.99 * square + 0.01 * gradient**2
        rate = 0.05 if step < 0.8 * STEPS else 0.015
        moved = (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-6)
        weights -= rate * moved
    return {name: float(weight) for name, weight in zip(known, weights, strict=True)}


def choose(candidates: Sequence[Candidate], weights: Mapping[str, float]) -> tuple[Party, ...]:
    """Return the likeliest actors; none where it is likeliest that nobody is named."""
    shares = likelihoods(candidates, weights)
    best = max(range(len(shares)), key=shares.__getitem__)
    if candidates[best].party is None:
        return ()
    order = sorted(range(len(shares)), key=lambda n: -shares[n])
    least = _ALMOST * shares[best]
    return tuple(p for n in order if shares[n] >= least and (p := candidates[n].party))


def likelihoods(candidates: Sequence[Candidate], weights: Mapping[str, float]) -> list[float]:
    """Return how likely each candidate is the one, of all of them: numbers that add up to 1."""
    totals = [sum(weights.get(name, 0.0) for name in c.evidence) for c in candidates]
    powers = [math.exp(total - max(totals)) for total in totals]
    return [power / sum(powers) for power in powers]


def table(data: Sequence[Example]) -> Iterator[str]:
    """Yield how often the actor is right, in articles left out of the fit."""
    counts: Counter[tuple[str, str]] = Counter()
    for part in range(PARTS):
        weights = fit([e for e in data if e.part != part])
        for e in data:
            if e.part != part:
                continue
            kind = "with a frame" if e.framed else "any"
            chosen = choose(e.candidates, weights)
            good = {id(c.party) for c, right in zip(e.candidates, e.right, strict=True) if right}
            if e.unfilled and chosen:
                counts[kind, "filled"] += 1
                counts[kind, "filled well"] += any(id(p) in good for p in chosen)
            counts[kind, "claims"] += 1
            counts[kind, "rule"] += e.by_rule
            counts[kind, "weights"] += e.free or any(id(p) in good for p in chosen)
    for kind in ("with a frame", "any"):
        total = max(1, counts[kind, "claims"])
        rule, weighed = counts[kind, "rule"] / total, counts[kind, "weights"] / total
        yield f"{kind:14}{total:6} claims, right by rule {rule:.3f}, by weights {weighed:.3f}"
        filled = counts[kind, "filled"]
        yield f"{'':14}{filled:6} given one, {counts[kind, 'filled well']} of them the right one"


def main() -> None:
    """Measure: ``claim_actors.py``."""
    argparse.ArgumentParser(description=main.__doc__).parse_args()
    print(*table(list(examples(Names(load_vocabulary())))), sep="\n")


if __name__ == "__main__":
    main()
