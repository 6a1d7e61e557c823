"""Reported speech by rules: what a pipeline without trained weights for it goes by.

Which verbs report, and what their saying does, is in ``mappings/words/cues.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spacy.tokens import Span

from accord.language.actors.parties import Parties
from accord.language.speech.attribution import Attribution, attribute, kind_of
from accord.language.speech.direct import spoken
from accord.language.speech.quotes import utterances
from accord.language.speech.sources import Cue, Sources
from accord.language.syntax import Tree

_THAT = frozenset({"that", "whether", "if"})


class Reports:
    """Finds reported speech in one document by rules over its parse and its quotation marks."""

    def __init__(self, tree: Tree, parties: Parties) -> None:
        self.tree, self.parties, self.doc = tree, parties, tree.doc
        self.sources = Sources(tree, parties)
        self.quotations = utterances(self.doc)
        self.quoted = {i for q in self.quotations for i in range(q.start, q.end)}

    def find(self) -> list[Attribution]:
        """Return the attributions in the order of their cues, or contents."""
        cues = sorted(self.sources.cues(self.quoted), key=lambda cue: cue.token)
        direct = list(spoken(self.tree, self.quotations, cues))
        quoting = {cue.token for _, cue in direct}
        found = [
            attribution
            for attribution in self._indirect(cues)
            if attribution.kind == "indirect" or attribution.cue.start not in quoting
        ]
        found += [*self._according(), *self.headlines()]
        found += [self._make(cue, [(q.start, q.end)], "direct") for q, cue in direct]
        return sorted(found, key=lambda a: (a.content[0].start, -a.size))

    def clauses(self, among: Iterable[int]) -> Iterator[Attribution]:
        """Yield the reports with a that-clause, or "denied doing so", by some tokens."""
        for i in among:
            clauses = self.tree.children(i, "ccomp")
            denied = [
                k
                for k in self.tree.children(i, "xcomp", "ccomp")
                if self.tree.lemmas[i] == "deny" and self.tree.tags[k] == "VBG"
            ]
            if denied or any(_THAT.intersection(self.tree.marks(k)) for k in clauses):
                cue = self.sources.cue(i, self.quoted)
                if cue is not None:
                    yield from self._indirect([cue])

    # -- indirect ------------------------------------------------------------------------------

    def _indirect(self, cues: list[Cue]) -> Iterator[Attribution]:
        for cue in cues:
            content = self._clauses(cue) or self._parenthesis(cue) or self._rest(cue)
            if content:
                yield self._make(cue, content, kind_of(content, self.quoted))

    def _clauses(self, cue: Cue) -> list[tuple[int, int]]:
        i = cue.token
        heads = self.tree.children(i, "ccomp")
        if cue.cue_class in ("demand", "promise", "warn", "ask"):
            heads = heads + self.tree.children(i, "xcomp")
        if self.tree.lemmas[i] in self.sources.only_that:
            heads = [
                k for k in heads if _THAT.intersection(self.tree.marks(k)) or self.tree.left[k] > i
            ]
        if cue.cue_class == "accuse":
            end = self.tree.right[i] + 1
            for k in range(i + 1, min(i + 16, end)):
                if self.tree.words[k] in ("of", "for", "over") and self.tree.words[k + 1 : k + 2]:
                    return [(k, end)]
            return []
        if cue.cue_class == "deny":
            heads = heads + [k for k in self.tree.children(i, "xcomp") if k > i]
        if self.tree.lemmas[i] in self.sources.nominal:
            heads = heads + [k for k in self.tree.children(i, "obj", "xcomp") if k > i]
        if self.tree.lemmas[i] == "quote":
            return []
        if heads:
            # "said that ..., and that ...": the second clause often hangs on the cue itself.
            heads = heads + [
                k for k in self.tree.children(i, "conj") if "that" in self.tree.marks(k)
            ]
        pieces = [(self.tree.left[k], self.tree.right[k] + 1) for k in heads]
        if pieces and self.tree.lemmas[i] in self.sources.open:
            end = max(end for _, end in pieces)
            for k in range(end, min(end + 3, self.doc[i].sent.end)):
                if self.tree.words[k] == "that" and self.tree.pos[k] == "SCONJ":
                    pieces.append((k, self.doc[i].sent.end))
        return pieces

    def _rest(self, cue: Cue) -> list[tuple[int, int]]:
        """Return what follows a verb of saying, where the parser saw no clause in it."""
        i = cue.token
        if self.tree.lemmas[i] not in self.sources.open or cue.source > i or i in self.quoted:
            return []
        end = self.doc[i].sent.end
        finite = [k for k in range(i + 1, end) if self.tree.tags[k] in ("VBD", "VBZ", "VBP", "MD")]
        if not finite or self.tree.words[i + 1 : i + 2] in (["."], [","], ['"'], ["”"]):
            return []
        return [(i + 1, end)]

    def _parenthesis(self, cue: Cue) -> list[tuple[int, int]]:
        """Return the rest of the sentence in "the deal holds, he said" and "..., said X, ..."."""
        i = cue.token
        sentence = self.doc[i].sent
        if cue.cue_class not in ("assert", "warn", "deny", "promise"):
            return []
        if cue.source > i and self.tree.words[i - 1] in (",", "”", '"') and i > 0:
            start, end = i, max(self.tree.right[cue.source], cue.source) + 1
        elif self.tree.deps[i] == "parataxis" and self.tree.heads[i] < i:
            start, end = self.tree.left[i], self.tree.right[i] + 1
            if any(k > i for k in self.tree.children(i, "ccomp")):
                return []
        elif self.tree.deps[i] in ("root", "ccomp", "parataxis"):
            # Unless the parser sees it: a comma, then subject and verb, then the end.
            start = min(max(self.tree.left[cue.source], cue.source - 12), i)
            if cue.source > i:
                start = i
            end = max(self.tree.right[cue.source], i) + 1
            if start - 1 < sentence.start or self.tree.words[start - 1] not in (",", "”", '"'):
                return []
            tail = range(end, sentence.end)
            if sum(1 for k in tail if self.tree.pos[k] == "VERB") > 1:
                return []
            return [(sentence.start, start)] if start - sentence.start > 3 else []
        else:
            return []
        pieces = [(sentence.start, start)]
        if self.tree.words[start - 1] not in ("”", '"'):
            pieces.append((end, sentence.end))
        return [(a, b) for a, b in pieces if b - a > 3]

    def _according(self) -> Iterator[Attribution]:
        for i, word in enumerate(self.tree.words):
            if word not in ("according", "per"):
                continue
            noun = self.tree.heads[i]
            if self.tree.words[noun] == "to":
                noun = self.tree.heads[noun]
            if not i < noun < i + 12 or self.doc[noun].sent.start > i:
                continue
            speaker = self.sources.speaker(noun)
            if speaker is None or speaker.kind == "Agreement":
                continue
            sentence = self.doc[i].sent
            start, end = min(i, self.tree.left[noun]), self.tree.right[noun] + 1
            if start - sentence.start < 4 and end < sentence.end and end - start > 14:
                end = noun + 1
            pieces = [(sentence.start, start), (end, sentence.end)]
            content = [(a, b) for a, b in pieces if b - a > 3]
            if content:
                cue = Cue(i, "assert", noun, speaker)
                yield self._make(cue, content, kind_of(content, self.quoted))

    def headlines(self) -> Iterator[Attribution]:
        """Find "Turkey drags its feet: Russia" and "Russia: it is Turkey's job"."""
        for sentence in self._lines():
            words = range(sentence.start, sentence.end)
            colons = [i for i in words if self.tree.words[i] == ":"]
            if len(colons) != 1 or self.tree.words[words[-1]] in (".", "”", '"'):
                continue
            before = range(sentence.start, colons[0])
            after = range(colons[0] + 1, sentence.end)
            for side, content in ((after, before), (before, after)):
                if 0 < len(side) <= 4 and len(content) >= 3:
                    name = self.parties.names.get(side[-1])
                    if name is not None and name.start <= side[0] + 1 and name.kb_id_:
                        speaker = self.parties.resolve(name.root.i)[0]
                        if speaker.acts:
                            cue = Cue(colons[0], "assert", name.root.i, speaker)
                            yield self._make(cue, [(content[0], content[-1] + 1)], "indirect")
                            break

    def _lines(self) -> Iterator[Span]:
        """Yield the lines of at most thirty tokens."""
        start = 0
        for i, word in enumerate(self.tree.words):
            if "\n" in word or i == len(self.doc) - 1:
                end = i if "\n" in word else i + 1
                if 3 < end - start <= 30:
                    yield self.doc[start:end]
                start = i + 1

    # -- results -------------------------------------------------------------------------------

    def _make(self, cue: Cue, content: list[tuple[int, int]], kind: str) -> Attribution:
        source = self.doc[self.tree.left[cue.source] : self.tree.right[cue.source] + 1]
        if len(source) > 25:
            source = self.doc[cue.source : cue.source + 1]
        return attribute(
            (source,),
            self.doc[cue.token : cue.token + 1],
            tuple(self.doc[start:end] for start, end in content),
            cue.speaker,
            kind=kind,
            cue_class=cue.cue_class,
        )
