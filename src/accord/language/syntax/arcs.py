"""The words of a document with the arcs between them, as plain lists."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from spacy.tokens import Doc

from accord.language.inflection import known_forms
from accord.language.labels import column, sentence_starts, universal
from accord.language.neural.parts import read
from accord.language.syntax.parse import Parse
from accord.language.syntax.repairs import mend
from accord.language.wordlists import word_sets

#: Of a longer list, only so many count.
_MANY = 24

_TABLES = {"VERB": "VERB", "AUX": "VERB", "NOUN": "NOUN", "PROPN": "NOUN"}

#: Subtypes that mean something here; of all others only the part before the colon counts.
_SUBTYPES = frozenset(
    {"nsubj:pass", "aux:pass", "obl:agent", "acl:relcl", "compound:prt", "nmod:poss", "csubj:pass"}
)
_FINITE = frozenset({"VB", "VBP", "VBZ", "VBD"})
_UNMARKED = frozenset({"obl:unmarked", "obl:tmod", "obl:npmod", "nmod:unmarked", "nmod:tmod"})


class Arcs:
    """The parse of a document as plain lists, each with one item for each token.

    The parser's frequent mistakes are mended in them, see :mod:`~accord.language.syntax.repairs`.
    """

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.words, self.pos, self.tags = (column(doc, name) for name in ("LOWER", "POS", "TAG"))
        #: The words as they stand in the text, and at which character each begins.
        self.written = column(doc, "ORTH")
        self.offsets: list[int] = read(doc, ["IDX"])[:, 0].tolist()
        for i, tag in enumerate(self.tags):
            if tag in _FINITE and self.pos[i] in ("ADJ", "NOUN"):
                self.pos[i] = "VERB"  # The tag knows more forms: "will free two soldiers".
        arcs = universal(doc)
        self.deps = [_label(dep) for dep in arcs.deps]
        self.heads = arcs.heads
        tables = known_forms()
        starts = frozenset([*range(min(1, len(doc))), *sentence_starts(doc)])
        states = frozenset(
            i
            for span in doc.spans.get("names", ())
            if span.label_ == "Government"
            for i in range(span.start, span.end)
        )
        lists = (self.words, self.pos, self.tags, self.deps, self.heads)
        verbs, control, accusing, calling = _governing_forms()
        mend(Parse(*lists, starts, verbs, states, control, accusing, calling))
        self.lemmas = [
            tables.get(_TABLES.get(pos, ""), {}).get(word) or _lemma(lemma.lower() or word, pos)
            for word, lemma, pos in zip(self.words, column(doc, "LEMMA"), self.pos, strict=True)
        ]
        self.kids: list[list[int]] = [[] for _ in self.words]
        for index, head in enumerate(self.heads):
            if head != index:
                self.kids[head].append(index)
        self.left, self.right = self._edges()
        self.partitives = word_sets("grammar")["partitive"]
        self.crowds, self.idioms = _crowds_and_idioms()

    def _edges(self) -> tuple[list[int], list[int]]:
        """Return the first and the last token below each token, it included."""
        left, right = list(range(len(self.heads))), list(range(len(self.heads)))
        order = [i for i, head in enumerate(self.heads) if head == i]
        for i in order:
            order.extend(self.kids[i])
        for i in reversed(order):
            head = self.heads[i]
            left[head], right[head] = min(left[head], left[i]), max(right[head], right[i])
        return left, right

    def children(self, i: int, *deps: str) -> list[int]:
        """Return the children with one of these labels, in the order of the text."""
        return [k for k in self.kids[i] if self.deps[k] in deps]

    def conjuncts(self, i: int) -> list[int]:
        """Return the token and all that are coordinated with it, it first."""
        found = [i]
        for k in found:
            found.extend(self.children(k, "conj"))
            if len(found) > _MANY:
                break
        return found[:_MANY]

    def with_parallel(self, tokens: list[int]) -> list[int]:
        """Return nouns with those that "groups of X's troops and units of the Y police" adds.

        The parser may hang the second of two parallel phrases inside the first.
        """
        found = list(tokens)
        for i in tokens:
            k: int | None = i
            while k is not None and self.lemmas[k] in self.crowds:
                phrases = [c for c in self.children(k, "nmod") if self.preposition(c) == "of"]
                k = phrases[0] if phrases else None
                later = self.conjuncts(k)[1:] if k is not None else []
                found += [c for c in later if self.lemmas[c] in self.crowds and c not in found]
        return found

    def climb(self, i: int) -> Iterator[int]:
        """Yield the token's governors, the nearest first, up to the root of the sentence."""
        while self.heads[i] != i:
            i = self.heads[i]
            yield i

    def marks(self, i: int) -> list[str]:
        """Return the words that introduce the clause: that, to, if, unless."""
        return [self.words[k] for k in self.children(i, "mark", "case", "advmod")]

    def is_infinitive(self, i: int) -> bool:
        """Whether the predicate is a to-infinitive."""
        return any(self.words[k] == "to" for k in self.children(i, "mark", "aux", "case"))

    def preposition(self, i: int) -> str:
        """Return the words that introduce a noun phrase, "" for none."""
        words = []
        marks = self.children(i, "mark") if self.tags[i] == "VBG" else []
        for k in [*self.children(i, "case"), *marks]:
            if self.words[k] in ("'s", "’s", "'", "’"):
                continue
            words.append(self.words[k])
            words.extend(self.words[f] for f in self.children(k, "fixed"))
        return " ".join(words)

    def basis(self, i: int) -> str:
        """Return the words before a noun phrase, "in line with" and "in spite of" as a whole.

        Parsers take the noun of such an idiom for a noun like others, so it is the words that say.
        """
        first = self.preposition(i)
        low = self.left[i]
        whole = " ".join([*self.words[max(0, low - 2) : low], first])
        return whole if whole in self.idioms else first

    def is_nominal(self, i: int) -> bool:
        """Whether it is a noun or pronoun that says nothing by a copula."""
        return self.pos[i] in ("NOUN", "PROPN", "PRON", "NUM") and not self.children(i, "cop")

    def core(self, i: int) -> int:
        """Return the noun that a phrase is about: the troops of "thousands of troops"."""
        for _ in range(2):
            if self.lemmas[i] not in self.partitives and self.tags[i] != "CD":
                break
            inner = [k for k in self.children(i, "nmod", "obl") if self.preposition(k) == "of"]
            if not inner:
                break
            i = inner[0]
        return i


def _lemma(lemma: str, pos: str) -> str:
    """Return a pipeline's lemma, of "gunmen" and their like the singular."""
    plural = lemma.endswith("men") and len(lemma) > 4 and pos == "NOUN"
    return f"{lemma[:-3]}man" if plural and lemma not in ("specimen", "regimen") else lemma


@cache
def _crowds_and_idioms() -> tuple[frozenset[str], frozenset[str]]:
    """Return the words for many people, and the prepositions of more than two words."""
    actors, grammar = word_sets("actors"), word_sets("grammar")
    idioms = frozenset(p for p in grammar["under"] | grammar["despite"] if p.count(" ") > 1)
    return actors["forces"] | actors["group"] | actors["sorts"], idioms


@cache
def _governing_forms() -> tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str]]:
    """Return the forms of all verbs, and of those of object control, of accusing, of calling."""
    grammar, forms = word_sets("grammar"), known_forms()["VERB"]

    def of(key: str) -> frozenset[str]:
        return frozenset(form for form, lemma in forms.items() if lemma in grammar[key])

    return frozenset(forms), of("object_control"), of("accusing"), of("called")


def _label(dep: str) -> str:
    """Fold a label to those that this package uses."""
    if dep in _SUBTYPES:
        return dep
    if dep in _UNMARKED:
        return "unmarked"
    return dep.partition(":")[0]
