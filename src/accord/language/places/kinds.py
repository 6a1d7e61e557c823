"""Of which kind the places of a list are: "the provinces of Aleppo and Hama" are no cities.

The noun above a list of names holds for each of its members, as it does for one name alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from accord.language.syntax import Tree
from accord.language.wordlists import word_lists
from accord.vocabulary import Entity, Vocabulary

#: How a name hangs on the noun behind it: "Aleppo and Hama provinces".
_BEFORE = frozenset({"compound", "amod", "nmod:desc"})


def of_kind(tree: Tree, vocabulary: Vocabulary, i: int, place: Entity) -> Entity:
    """Return the place that a name means by the noun above it, else the one that it means alone.

    :param i: the token of the name's main word
    :param place: what the name means alone: the city for "Aleppo"
    """
    lists = word_lists("places")
    above = _above(tree, i)
    if above is None or not place.is_place:
        return place
    lemma = tree.lemmas[above]
    alike = [words for key in ("provinces", "cities") if lemma in (words := lists[key])]
    kinds = [lemma, *(word for words in alike for word in words)]
    if lemma not in lists["kinds_of_places"] and not alike:
        return place
    named = _named(vocabulary)
    for kind in kinds:
        for name in _names(place):
            found = named.get(f"{name} {kind}") or named.get(f"{kind} of {name}")
            if found is not None:
                return found
    return place


def _above(tree: Tree, i: int) -> int | None:
    """Return the noun that says of what kind a name, or the list that it is in, is."""
    seen = {i}
    while tree.deps[i] in ("conj", "appos") and tree.heads[i] not in seen:
        i = tree.heads[i]
        seen.add(i)
    head = tree.heads[i]
    if tree.deps[i] == "nmod" and tree.preposition(i) == "of":
        return head
    return head if tree.deps[i] in _BEFORE and head > i else None


def _names(place: Entity) -> Iterator[str]:
    """Yield the names of a place without what tells it from others: "Latakia (city)"."""
    for name in (place.label, *place.aliases):
        yield name.partition(" (")[0].casefold()


@cache
def _named(vocabulary: Vocabulary) -> dict[str, Entity]:
    """Return the places by each of their names, case folded; the first in the order of IRIs."""
    found: dict[str, Entity] = {}
    for entity in sorted(vocabulary.entities.values(), key=lambda entity: entity.iri):
        if entity.is_place:
            for name in (entity.label, *entity.aliases):
                found.setdefault(name.casefold(), entity)
    return found
