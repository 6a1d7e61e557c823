"""Reads ``tests/fixtures/constructions.txt`` and compares claims with what stands there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from accord.claim import Claim
from accord.vocabulary import load_vocabulary


@dataclass
class Case:
    """One sentence with the claims that it makes (type, actors, slots) and those it does not."""

    section: str
    text: str
    line: int
    claims: list[tuple[str, tuple[str, ...], dict[str, str]]] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    none: bool = False
    missing: bool = False


def read(path: Path) -> Iterator[Case]:
    """Yield the cases of a file."""
    section, case = "", None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        words = line.strip()
        if words.startswith("# =="):
            section = words.removeprefix("# ==").strip()
        elif not words or words.startswith("#"):
            continue
        elif not line.startswith(" "):
            if case:
                yield case
            case = Case(section, words.removeprefix("? "), number, missing=words.startswith("? "))
        elif case is None:
            raise ValueError(f"{path}:{number}: a claim without a sentence")
        elif words == "none":
            case.none = True
        elif words.startswith("no "):
            case.absent.append(words.removeprefix("no "))
        else:
            head, *slots = (part.strip() for part in words.split("|"))
            kind, _, names = head.partition(" ")
            actors = tuple(n.strip() for n in names.split(";") if n.strip() != "-")
            values = dict(slot.split("=", 1) for slot in slots)
            case.claims.append((kind, actors, values))
    if case:
        yield case


@cache
def _names() -> dict[str, str]:
    """Return the label of the side behind each name of an actor, case folded."""
    vocabulary = load_vocabulary()
    table: dict[str, str] = {}
    for entity in vocabulary.entities.values():
        if not entity.is_place:
            side = vocabulary.side(entity).label.casefold()
            table[entity.label.casefold()] = side
            for name in (*entity.aliases, *entity.metonyms, *entity.demonyms):
                table.setdefault(name.casefold(), side)
    return table


def fold(name: str) -> str:
    """Return by what names are compared: the side's canonical label, else the name itself."""
    words = name.casefold().replace("’", "'").split()
    while words and words[0] in ("the", "both", "two"):
        words.pop(0)
    return _names().get(" ".join(words), " ".join(words))


def compare(case: Case, found: list[Claim]) -> list[str]:
    """Return what is wrong with the claims found in a case's sentence, as lines to read."""
    wrong = [f"no {kind}" for kind in case.absent if any(c.type == kind for c in found)]
    if case.none and found:
        wrong.append("none")
    for kind, actors, slots in case.claims:
        if not any(_fits(claim, kind, actors, slots) for claim in found):
            wrong.append(f"{kind} {'; '.join(actors)} {slots or ''}".strip())
    return wrong


def _fits(claim: Claim, kind: str, actors: tuple[str, ...], slots: dict[str, str]) -> bool:
    if claim.type != kind:
        return False
    if {fold(a) for a in claim.actor} != {fold(a) for a in actors}:
        return False
    for slot, value in slots.items():
        mine = getattr(claim, slot)
        values = mine if isinstance(mine, tuple) else (mine,)
        if fold(value) not in {fold(str(v)) for v in values if v is not None}:
            return False
    return True
