"""Other pipelines' labels in the terms that Accord works with: Universal Dependencies v2.

spaCy's own English models (``en_core_web_*``) use the CLEAR labels (``nsubjpass``, ``dobj``,
``prep`` + ``pobj``) and the classes of OntoNotes. CLEAR differs from UD in more than names: a
preposition governs its noun and a copula its predicate. `universal` gives the heads and labels that
UD would have, so that code downstream knows one scheme only. The labels of CLEAR: Choi and Palmer,
"Guidelines for the CLEAR style constituent to dependency conversion", 2012.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from spacy.tokens import Doc

from accord.language.neural.parts import read

#: CLEAR labels whose UD equivalent is another name for the same arc.
UD_OF_CLEAR: dict[str, str] = {
    "nsubjpass": "nsubj:pass",
    "csubjpass": "csubj:pass",
    "auxpass": "aux:pass",
    "dobj": "obj",
    "dative": "iobj",
    "acomp": "xcomp",
    "attr": "xcomp",
    "oprd": "xcomp",
    "relcl": "acl:relcl",
    "poss": "nmod:poss",
    "npadvmod": "obl:unmarked",
    "prt": "compound:prt",
    "neg": "advmod",
    "quantmod": "advmod",
    "preconj": "cc:preconj",
    "predet": "det:predet",
    "intj": "discourse",
    "meta": "discourse",
    "pobj": "obl",
    "prep": "advmod",
    "agent": "advmod",
    "pcomp": "advcl",
    "complm": "mark",
}

#: Labels that only CLEAR has: one of them shows that a doc was parsed in its style.
CLEAR_ONLY = frozenset(UD_OF_CLEAR)

#: Classes of names: those of OntoNotes, and what they are in the newswire corpus. Classes of
#: numbers (CARDINAL, ORDINAL, PERCENT, QUANTITY) have no equivalent there.
NEWSWIRE_OF_ONTONOTES: dict[str, str] = {
    "PERSON": "Person",
    "ORG": "Organization",
    "GPE": "Location",
    "LOC": "Location",
    "NORP": "NORP",
    "FAC": "Facility",
    "DATE": "Date",
    "TIME": "Date",
    "MONEY": "Money",
    "PRODUCT": "Product",
    "EVENT": "Misc",
    "WORK_OF_ART": "Misc",
    "LAW": "Misc",
    "LANGUAGE": "Misc",
}

_PREDICATES = frozenset({"VERB", "AUX", "ADJ", "ADV"})
_PREPOSITIONS = frozenset({"prep", "agent", "dative"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "csubjpass"})


def entity_class(label: str) -> str | None:
    """Return the newswire class of an entity label, None where there is no equivalent.

    >>> entity_class("GPE"), entity_class("Location"), entity_class("CARDINAL")
    ('Location', 'Location', None)
    """
    if label in NEWSWIRE_OF_ONTONOTES.values():
        return label
    return NEWSWIRE_OF_ONTONOTES.get(label)


@dataclass(frozen=True, slots=True)
class Arcs:
    """A parse as two lists: the head of each token (its own index for a root), and its label."""

    heads: list[int]
    deps: list[str]


def column(doc: Doc, attribute: str) -> list[str]:
    """Return a string attribute of all tokens: far quicker than one token after the other."""
    keys, inverse = np.unique(read(doc, [attribute])[:, 0], return_inverse=True)
    texts = [doc.vocab.strings[key] for key in keys.tolist()]
    return [texts[k] for k in inverse.tolist()]


def text_of(doc: Doc) -> str:
    """Return a doc's text: the article's if it has one, since ``doc.text`` is joined each time."""
    article = doc._.article if doc.has_extension("article") else None
    text: str = doc.text if article is None else article.text
    return text


def sentence_starts(doc: Doc) -> list[int]:
    """Return the tokens that are marked as the first of a sentence."""
    found: list[int] = np.flatnonzero(read(doc, ["SENT_START"])[:, 0] == 1).tolist()
    return found


def is_clear(doc: Doc) -> bool:
    """Say whether a doc carries CLEAR labels."""
    return not CLEAR_ONLY.isdisjoint(column(doc, "DEP"))


def universal(doc: Doc) -> Arcs:
    """Return a doc's heads and labels in UD, whichever of the two schemes it was parsed in."""
    offsets = read(doc, ["HEAD"])[:, 0].view(np.int64)
    heads: list[int] = (np.arange(len(doc)) + offsets).tolist()
    deps = column(doc, "DEP")
    if not is_clear(doc):
        return Arcs(heads, ["root" if dep == "ROOT" else dep for dep in deps])
    tree = _Tree(doc, heads, deps)
    tree.turn_prepositions()
    tree.turn_copulas()
    tree.flatten_conjunctions()
    labels = [UD_OF_CLEAR.get(dep, dep) for dep in tree.deps]
    return Arcs(tree.heads, ["root" if dep == "ROOT" else dep for dep in labels])


class _Tree:
    """A CLEAR parse while it is being changed."""

    def __init__(self, doc: Doc, heads: list[int], deps: list[str]) -> None:
        self.heads, self.deps = heads, deps
        self.pos = [token.pos_ for token in doc]
        self.lemmas = [token.lemma_.lower() or token.lower_ for token in doc]

    def children(self, i: int) -> list[int]:
        return [k for k, head in enumerate(self.heads) if head == i and k != i]

    def depth(self, i: int) -> int:
        steps = 0
        while self.heads[i] != i and steps <= len(self.heads):
            i = self.heads[i]
            steps += 1
        return steps

    def lift(self, lower: int, label: str) -> None:
        """Put a token in its head's place; the head hangs on it with the label given."""
        upper = self.heads[lower]
        self.heads[lower] = lower if self.heads[upper] == upper else self.heads[upper]
        for k in self.children(upper):
            if k != lower:
                self.heads[k] = lower
        self.heads[upper], self.deps[upper] = lower, label

    def turn_prepositions(self) -> None:
        """``prep`` + ``pobj`` become ``case`` and ``obl`` or ``nmod``; deepest first."""
        found = [i for i, dep in enumerate(self.deps) if dep in _PREPOSITIONS]
        for i in sorted(found, key=self.depth, reverse=True):
            if self.deps[i] == "dative" and self.pos[i] != "ADP":
                continue
            below = self.children(i)
            nouns = [k for k in below if self.deps[k] in ("pobj", "obl", "nmod")]
            clauses = [k for k in below if self.deps[k] == "pcomp"]
            above = self.heads[i]
            verbal = self.pos[above] in _PREDICATES
            if nouns:
                agent = self.deps[i] == "agent"
                self.lift(nouns[0], "case")
                self.deps[nouns[0]] = "obl:agent" if agent else "obl" if verbal else "nmod"
            elif clauses:
                self.lift(clauses[0], "mark")
                self.deps[clauses[0]] = "advcl" if verbal else "acl"

    def turn_copulas(self) -> None:
        """A predicate takes the place of the form of *be* that governs it."""
        for i, lemma in enumerate(self.lemmas):
            if lemma != "be" or self.deps[i] in ("aux", "auxpass"):
                continue
            below = self.children(i)
            kinds = {self.deps[k] for k in below}
            predicates = [k for k in below if self.deps[k] in ("attr", "acomp")]
            if "expl" in kinds:
                for k in predicates[:1]:
                    self.deps[k] = "nsubj"
                continue
            if not predicates and kinds & _SUBJECTS:
                predicates = [k for k in below if self.deps[k] == "obl" and k > i]
            if predicates:
                label = self.deps[i]
                self.lift(predicates[0], "cop")
                self.deps[predicates[0]] = label

    def is_conjunct(self, i: int, first: int) -> bool:
        return self.deps[i] == "conj" and self.heads[i] == first

    def flatten_conjunctions(self) -> None:
        """All conjuncts hang on the first one, a conjunction on the conjunct that follows it."""
        for i, dep in enumerate(self.deps):
            if dep != "conj":
                continue
            first = self.heads[i]
            for _ in self.deps:
                if self.deps[first] != "conj":
                    break
                first = self.heads[first]
            self.heads[i] = first
        for i, dep in enumerate(self.deps):
            if dep != "cc":
                continue
            head = self.heads[i]
            start = self.heads[head] if self.deps[head] == "conj" else head
            later = [k for k in range(i + 1, len(self.deps)) if self.is_conjunct(k, start)]
            if later:
                self.heads[i] = later[0]
