"""How sure a claim is, from evidence that is written down and weights that are fitted.

The weights stand in ``mappings/confidence.yaml``; ``benchmarks/fit_confidence.py`` fits them, by
logistic regression, on annotated articles.
"""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path
from typing import Any

from accord.claim import OUTLET, Claim
from accord.errors import VocabularyError
from accord.language.frames.constructions import construction
from accord.language.frames.matching import Draft
from accord.language.reading import Reading
from accord.resources import resource
from accord.yamls import read_yaml

_NEAR, _FAR = 4, 12
_SHORT, _LONG = 15, 35


def evidence(draft: Draft, claim: Claim, reading: Reading) -> tuple[str, ...]:
    """Return the names of what speaks for or against a claim, in the order of the alphabet."""
    tree, i = reading.tree, draft.token
    found = {
        f"type {claim.type}",
        f"construction {construction(draft, reading).partition(',')[0]}",
        f"voice {_voice(draft, claim, reading)}",
        f"actor {_actor(draft, claim, reading)}",
    }
    if draft.weak:
        found.add("weak noun")
    if not draft.frame.where:
        found.add("no frame, by construction")
    if draft.frame.content:
        found.add("content is opaque")
    if tree.is_passive(i):
        found.add("passive")
    if draft.actor_tokens:
        distance = min(abs(k - i) for k in draft.actor_tokens)
        near = "near" if distance <= _NEAR else "far" if distance > _FAR else "between"
        found.add(f"actor {near}")
    if len(claim.actor) > 1:
        found.add("several actors")
    if claim.target:
        found.add("target")
    if claim.agreement:
        found.add("agreement resolved")
    if claim.polarity == "denied":
        found.add("denied")
    if claim.modality != "asserted":
        found.add(f"modality {claim.modality}")
    if claim.status:
        found.add(f"status {claim.status}")
    for kind, _ in reading.stance.operators(i):
        found.add(f"under a word that is {kind}")
    sentence = reading.doc[i].sent
    length = sentence.end - sentence.start
    found.add(
        "sentence " + ("short" if length < _SHORT else "long" if length > _LONG else "middle")
    )
    if claim.end - claim.start < sentence.end_char - sentence.start_char - 1:
        found.add("evidence is a clause")
    if not reading.accords.mentions:
        found.add("no accord in the article")
    return tuple(sorted(found))


def _voice(draft: Draft, claim: Claim, reading: Reading) -> str:
    voice = reading.voices.get(draft.token)
    if claim.holder == OUTLET:
        return "outlet" if voice is None else "outlet, in an aside"
    if voice is None:
        return "named by the trigger"
    known = "known" if reading.vocabulary.iri(claim.holder) else "unknown"
    return f"{voice.kind}, {known} holder"


def _actor(draft: Draft, claim: Claim, reading: Reading) -> str:
    """Return how the actor is named."""
    if not claim.actor:
        return "missing"
    tags = {reading.tree.tags[k] for k in draft.actor_tokens}
    if tags & {"PRP", "PRP$", "WP", "WDT", "DT"}:
        return "is a pronoun"
    if all(reading.vocabulary.iri(label) for label in claim.actor):
        return "named" if any(p.known for p in draft.actors) else "resolved"
    return "described"


def confidence(found: tuple[str, ...]) -> float:
    """Return the confidence that evidence gives, 0 to 1, in hundredths.

    :param found: names of evidence, as :func:`evidence` returns them
    """
    bias, weights = load_weights()
    total = bias + sum(weights.get(name, 0.0) for name in found)
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, total)))), 2)


@cache
def load_weights() -> tuple[float, dict[str, float]]:
    """Read the weights once: what counts without any evidence, and the weight of each.

    :raises VocabularyError: naming the file and what is wrong in it
    """
    path, data = _read()
    weights = data.get("weights")
    numbers = [data.get("bias"), *weights.values()] if isinstance(weights, dict) else [None]
    if weights is None or not all(isinstance(number, int | float) for number in numbers):
        raise VocabularyError(
            f"{path}: expected a number 'bias' and 'weights' with a number each.",
            "Make it anew with benchmarks/fit_confidence.py.",
        )
    return float(data["bias"]), {str(name): float(weight) for name, weight in weights.items()}


@cache
def load_least() -> dict[str, float]:
    """Read once how sure a claim must be to be one, in an article with an accord and without.

    :raises VocabularyError: naming the file and what is wrong in it
    """
    path, data = _read()
    least = data.get("least")
    found = least if isinstance(least, dict) else {}
    if set(found) != {"accord", "no accord"} or not all(
        isinstance(number, int | float) and 0 <= number <= 1 for number in found.values()
    ):
        raise VocabularyError(
            f"{path}: 'least' is {least!r}.",
            "Write a number from 0 to 1 for 'accord' and one for 'no accord'.",
        )
    return {str(name): float(number) for name, number in found.items()}


def _read() -> tuple[Path, dict[str, Any]]:
    path = resource("mappings", "confidence.yaml")
    data = read_yaml(path)
    return path, data if isinstance(data, dict) else {}
