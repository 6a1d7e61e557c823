"""The constructions in which triggers stand, by name."""

from __future__ import annotations

from accord.language.frames.matching import Draft
from accord.language.reading import Reading


def construction(draft: Draft, reading: Reading) -> str:
    """Return the construction in which a trigger stands, in a word or two."""
    tree, i = reading.tree, draft.token
    if reading.arguments.is_hyphenated(i):
        return "hyphenated"
    if tree.pos[i] in ("NOUN", "PROPN"):
        return "noun"
    if tree.pos[i] == "ADJ":
        return "adjective"
    if tree.deps[i] in ("acl:relcl", "acl"):
        kind = "relative clause" if tree.deps[i] == "acl:relcl" else "participle"
        return f"{kind}, passive" if tree.is_passive(i) else kind
    if tree.is_infinitive(i):
        return "infinitive"
    if tree.is_passive(i):
        return "passive"
    return "coordinated" if tree.deps[i] == "conj" else "active"
