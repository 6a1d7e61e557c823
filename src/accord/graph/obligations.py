"""Duties: what a claim says that somebody owes, so that claims about one duty meet.

A duty is who owes what under which agreement, and where. The words of claims differ ("withdraw
heavy weapons", "pull back heavy arms"), so the action and its object are concepts, by the word
lists ``actions`` and ``objects``. A claim that names no action ("fulfil its obligations") is about
the general duty of a party under an agreement, of which the others are parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from accord.claim import Claim, ClaimType
from accord.language.wordlists import word_lists
from accord.vocabulary import Vocabulary

#: Types of claims that are about duties.
DUTY_TYPES = frozenset(
    {
        ClaimType.OBLIGATION,
        ClaimType.COMMITMENT,
        ClaimType.DEMAND,
        ClaimType.COMPLIANCE,
        ClaimType.VIOLATION,
    }
)
_BREACH = "against cease-fire"
_APART = "told apart"
#: What is withdrawn if nothing is said of it.
_DEFAULT = "forces"
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")


@dataclass(frozen=True, slots=True)
class Duty:
    """What ``obligor`` owes under ``agreement``; all but these two may be empty.

    ``action`` and ``object`` are codes of the schemes of the same names, ``zone`` is a place's
    label.
    """

    agreement: str
    obligor: str
    action: str = ""
    object: str = ""
    zone: str = ""

    def broader(self) -> Duty | None:
        """Return the duty of which this one is a part: anywhere, of anything, at all."""
        for part in ("zone", "object", "action"):
            if getattr(self, part):
                return replace(self, **{part: ""})
        return None


def duties(claim: Claim, vocabulary: Vocabulary) -> list[Duty]:
    """Return the duties that a claim is about, one for each actor and action; often none."""
    if not claim.agreement or claim.type not in DUTY_TYPES:
        return []
    zone = claim.place or ""
    known = vocabulary.entity(vocabulary.iri(zone) or "")
    if known is not None and not known.is_place:
        zone = ""  # A whole country tells no duty from another.
    found = []
    for obligor in dict.fromkeys(_side(actor, vocabulary) for actor in claim.actor):
        for action in actions(claim) or [""]:
            thing = _object(claim, vocabulary) if action in word_lists("objects")[_APART] else ""
            if action == "withdraw":
                thing = thing or _DEFAULT
            # The general duty is one, wherever it is spoken of.
            place = zone if action else ""
            found.append(Duty(claim.agreement, obligor, action, thing, place))
    return list(dict.fromkeys(found))


def _side(actor: str, vocabulary: Vocabulary) -> str:
    """Return who owes what an actor has to do: what its army owes, a state owes."""
    entity = vocabulary.entity(vocabulary.iri(actor) or "")
    if entity is None or entity.kind != "ArmedForces":
        return actor
    return vocabulary.side(entity).label


def actions(claim: Claim) -> list[str]:
    """Return the codes of the actions that a claim's words are of, in the order of its words.

    The claim's action says it; where that only says how a duty stands ("delay"), its evidence
    does, if it has words of one action only.
    """
    words = _words(claim.action or "")
    index = _index("actions", breach=claim.type is ClaimType.VIOLATION)
    found = list(dict.fromkeys(index[word] for word in words if word in index))
    if found:
        return found
    inside = {index[word] for word in _words(_without_names(claim.text)) if word in index}
    return sorted(inside) if len(inside) == 1 else []


def _object(claim: Claim, vocabulary: Vocabulary) -> str:
    """Return what an action is done to: from the claim's targets, else from its evidence."""
    for target in claim.target:
        entity = vocabulary.entity(vocabulary.iri(target) or "")
        if entity is not None and entity.kind in ("ArmedForces", "ArmedGroup"):
            return "forces" if entity.kind == "ArmedForces" else "fighters"
    index = _index("objects")
    for text in (*claim.target, claim.text):
        found = [index[word] for word in _words(text) if word in index]
        if found:
            return found[-1] if text is not claim.text else found[0]
    return ""


@cache
def _index(name: str, breach: bool = False) -> dict[str, str]:
    """Return the code that each word of a list stands for, the first if it is in several."""
    index: dict[str, str] = {}
    for code, words in word_lists(name).items():
        if code in (_APART, _BREACH):
            continue
        for word in words:
            index.setdefault(word, code)
    for word in word_lists(name).get(_BREACH, []) if breach else ():
        index.setdefault(word, "cease-fire")
    return index


def _words(text: str) -> Iterator[str]:
    """Yield the words of a text, lower case, plurals as singulars."""
    for match in _WORD.finditer(text.casefold()):
        word = match.group()
        yield word
        if word.endswith("s") and not word.endswith("ss"):
            yield word[:-1]


def _without_names(text: str) -> str:
    """Return a text without the words that only say of what kind an agreement or a zone is."""
    things = word_lists("things")
    nouns = "|".join(map(re.escape, (*things["agreements"], *things["zones"])))
    return re.sub(rf"\b\w[\w-]*\s+(?=(?:{nouns})s?\b)", "", text, flags=re.IGNORECASE)
