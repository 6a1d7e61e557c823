"""From the network's utterances to attributions: what the cue does, and who the source is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from spacy.tokens import Span

from accord.language.actors.parties import Parties, Party
from accord.language.neural.utterances import Stretch, Utterance
from accord.language.speech.attribution import Attribution, attribute, kind_of
from accord.language.speech.direct import spoken
from accord.language.speech.inserted import clause_before
from accord.language.speech.quotes import utterances
from accord.language.speech.sources import Cue, Sources
from accord.language.syntax import SUBJECTS, Tree
from accord.language.wordlists import word_lists

#: A quotation of which this part has a speaker needs no other.
_SPOKEN_FOR = 0.5
#: One speaker who has this part of a quotation, and no other any, has the whole of it. (With both
#: rules the F1 of contents rises by one point, on 60 articles of PolNeAR's training part.)
_ONE_SPEAKER = 0.25
_NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM"})
_MODIFYING = frozenset({"compound", "amod", "nmod", "nmod:poss", "nummod"})


class Heard:
    """Turns the utterances that the network found in one document into attributions."""

    def __init__(self, tree: Tree, parties: Parties) -> None:
        self.tree, self.doc = tree, tree.doc
        self.sources = Sources(tree, parties)
        self.others = {
            word: name
            for name in self.sources.order
            for word in word_lists("cues").get(f"{name}_words", [])
        }
        self.quotations = utterances(self.doc)
        self.quoted = {i for q in self.quotations for i in range(q.start, q.end)}

    def find(self) -> list[Attribution]:
        """Return the attributions of ``doc._.utterances``, with quotations that go on."""
        found = [self._inverted(utterance) for utterance in self.doc._.utterances]
        speakers = self._speakers(found)
        running = self._running(found, speakers)
        return [
            self._attribution(utterance, speakers[utterance.cue], running.get(utterance.cue, []))
            for utterance in found
        ]

    def _inverted(self, utterance: Utterance) -> Utterance:
        """Give "..., said the Syrian Observatory" the source that the network took for content."""
        cue = utterance.cue
        source = None if utterance.source else self.sources.inverted(self._head(cue))
        if source is None or source < cue[1]:
            return utterance
        low, high = max(self.tree.left[source], cue[1]), self.tree.right[source] + 1
        content = [
            piece
            for start, end in utterance.content
            for piece in ((start, min(end, low)), (max(start, high), end))
            if piece[0] < piece[1]
        ]
        if not content:
            return utterance
        return replace(utterance, source=((low, high),), content=tuple(content))

    def _attribution(
        self, utterance: Utterance, speaker: Party | None, running: list[Stretch]
    ) -> Attribution:
        head = self._head(utterance.cue)
        cue_class, said = self._class(utterance.cue, head)
        more = self._charge(head) if cue_class == "accuse" else self._before(utterance, head)
        more += [
            # "Protested that ..., and that ...".
            (self.tree.left[k], self.tree.right[k] + 1)
            for k in self.tree.children(head, "conj")
            if "that" in self.tree.marks(k)
        ]
        content = _merged([*utterance.content, *more, *running])
        kind = kind_of(content, self.quoted)
        lemma = self.tree.lemmas[head]
        if kind == "direct" or lemma in self.sources.naming:
            said = True
        elif not said and lemma not in self.sources.thinking:
            # The network knows more words for saying than the lists do: "retorted that".
            said = any(self.tree.words[start] == "that" for start, _ in content)
        elif lemma in self.sources.only_that or (
            lemma in self.sources.shows and self._is_it(utterance.source)
        ):
            nominal = lemma in self.sources.nominal
            said = said and (nominal or kind == "mixed" or self._clause(head, content))
        return attribute(
            self._spans(utterance.source),
            self.doc[slice(*utterance.cue)],
            self._spans(content),
            speaker,
            kind=kind,
            cue_class=cue_class,
            told=self._spans(self._told(utterance.cue, content)),
            said=said,
        )

    def _charge(self, head: int) -> list[Stretch]:
        """Return what somebody is accused of, of which the network often finds the beginning."""
        objects = [k for k in self.tree.children(head, "obj") if k > head]
        end = self.doc[head].sent.end
        for k in range(head + 2, end):
            if self.tree.words[k] == "of" and self.tree.words[k - 1] == ",":
                # "Accused the coalition, which backs them, of breaches."
                stop = next((at for at in range(k, end) if self.tree.words[at] in (",", ".")), end)
                return [(k, stop)]
        return [
            (self.tree.left[k], self.tree.right[k] + 1)
            for at in (head, *objects)
            for k in self.tree.children(at, "obl", "advcl", "nmod", "acl", "ccomp")
            if k > max(at, *objects, head) and {"of", "for", "over"} & set(self.tree.marks(k))
        ]

    def _before(self, utterance: Utterance, head: int) -> list[Stretch]:
        """Return the clause before "..., state media reported, ...": it is reported too."""
        if self._class_of(head) != "assert" or len(utterance.source) != 1:
            return []
        (low, high), (start, end) = utterance.source[0], utterance.cue
        if not (abs(low - end) <= 1 or abs(start - high) <= 1):
            return []
        return clause_before(self.tree, min(low, start), max(high, head + 1))

    def _clause(self, head: int, content: list[Stretch]) -> bool:
        """Whether what follows a cue is a clause with that, or whose subject follows the cue."""
        for start, end in content:
            if self.tree.words[start] in ("that", "whether", "if"):
                return True
            for k in self.tree.children(head, "ccomp"):
                if start <= k < end and self.tree.children(k, *SUBJECTS):
                    return True
        return False

    def _told(self, cue: Stretch, content: list[Stretch]) -> list[Stretch]:
        """Return of a content what is quoted, or stands in the cue's sentence."""
        sentence = self.doc[cue[0]].sent
        low, high = sentence.start, sentence.end
        if self.tree.words[high - 1] == ":":
            # "The minister said:" and what follows are one.
            high = self.doc[min(high, len(self.doc) - 1)].sent.end
        told: list[Stretch] = []
        remarks = self._remarks(low, high)
        for start, end in content:
            for i in range(start, end):
                if not (low <= i < high or i in self.quoted) or i in remarks:
                    continue
                if told and told[-1][1] == i:
                    told[-1] = (told[-1][0], i + 1)
                else:
                    told.append((i, i + 1))
        return told

    def _is_it(self, source: Iterable[Stretch]) -> bool:
        return all(self.tree.words[start] == "it" for start, _ in source)

    def _remarks(self, low: int, high: int) -> set[int]:
        """Return the tokens of "..., sparking protests", which the article adds to a report."""
        found: set[int] = set()
        for i in range(low + 1, high):
            remarks = self.tree.tags[i] == "VBG" and self.tree.lemmas[i] in self.sources.remarking
            if remarks and self.tree.words[i - 1] == "," and i not in self.quoted:
                found.update(range(i, self.tree.right[i] + 1))
        return found

    def _spans(self, stretches: list[Stretch] | tuple[Stretch, ...]) -> tuple[Span, ...]:
        return tuple(self.doc[start:end] for start, end in sorted(stretches))

    def _head(self, stretch: Stretch) -> int:
        """Return the first token of a stretch that hangs outside it."""
        start, end = stretch
        heads = self.tree.heads
        inside = range(start, end)
        return next((i for i in inside if heads[i] == i or heads[i] not in inside), start)

    def _class(self, cue: Stretch, head: int) -> tuple[str, bool]:
        """Return what a cue does, and whether by saying something.

        The main word decides if it reports; else ("issued a warning") any other that does.
        """
        found = [name for i in (head, *range(*cue)) if (name := self._class_of(i))]
        if self._class_of(head):
            return found[0], True
        strong = [name for name in found if name != "assert"]
        return (strong or found or ["assert"])[0], bool(found)

    def _class_of(self, i: int) -> str | None:
        lemma, word = self.tree.lemmas[i], self.tree.words[i]
        classes = self.sources.classes
        phrase = " ".join(self.tree.lemmas[i : i + 2])
        if self.tree.pos[i] in ("VERB", "AUX"):
            return classes.get(phrase) or classes.get(lemma) or classes.get(word)
        return self.others.get(lemma)

    # -- sources -------------------------------------------------------------------------------

    def _speakers(self, found: Iterable[Utterance]) -> dict[Stretch, Party | None]:
        """Return who speaks, by the cues; "they added" are the people who said something last."""
        speakers: dict[Stretch, Party | None] = {}
        several: tuple[int, Party] | None = None
        for utterance in sorted(found, key=lambda utterance: utterance.cue):
            if not utterance.source:
                speakers[utterance.cue] = None
                continue
            # Of several stretches the one beside the cue.
            cue = utterance.cue[0]
            nearest = min(utterance.source, key=lambda s: min(abs(cue - s[0]), abs(cue - s[1])))
            head = self._noun(nearest)
            speaker = self.sources.speaker(head, True)
            if self.tree.words[head] == "they":
                if several is not None and self._near(several[0], head):
                    speaker = several[1]
            elif speaker is not None and self.tree.tags[head] in ("NNS", "NNPS"):
                several = (head, speaker)
            speakers[utterance.cue] = speaker
        return speakers

    def _noun(self, stretch: Stretch) -> int:
        """Return the noun that a source is about: not the adjective in "official close to it"."""
        head = self._head(stretch)
        if self.tree.pos[head] in _NOMINAL:
            return head
        inside = range(*stretch)
        nouns = (
            k
            for k in inside
            if self.tree.pos[k] in _NOMINAL and self.tree.deps[k] not in _MODIFYING
        )
        return next(nouns, head)

    def _near(self, one: int, other: int) -> bool:
        """Whether a token stands in the same sentence as a later one, or in the one before."""
        start = self.doc[other].sent.start
        return one >= start or (start > 0 and one >= self.doc[start - 1].sent.start)

    # -- quotations that go on -----------------------------------------------------------------

    def _running(
        self, found: list[Utterance], speakers: dict[Stretch, Party | None]
    ) -> dict[Stretch, list[Stretch]]:
        """Return for cues the quotations of which the network found a part, or nothing.

        It sees only so many words around a cue. Between two quotation marks one speaks; and where
        a quotation of several paragraphs follows, the last speaker goes on.
        """
        running: dict[Stretch, list[Stretch]] = {}
        covered: dict[int, list[Stretch]] = {}
        for utterance in found:
            for i in _tokens(utterance.content):
                covered.setdefault(i, []).append(utterance.cue)
        unspoken = set()
        for quotation in self.quotations:
            inside = range(quotation.start, quotation.end)
            # A cue within the quotation is the speaker's own report of somebody else.
            counts = Counter(
                cue for i in inside for cue in covered.get(i, ()) if cue[0] not in inside
            )
            cue, most = counts.most_common(1)[0] if counts else ((0, 0), 0)
            if len(counts) == 1 and most >= _ONE_SPEAKER * quotation.size:
                running.setdefault(cue, []).append((quotation.start, quotation.end))
            elif most < _SPOKEN_FOR * quotation.size:
                unspoken.add(quotation)
        cues = {
            u.cue[0]: (u.cue, Cue(u.cue[0], "assert", self._head(u.source[0]), speaker))
            for u in found
            if (speaker := speakers[u.cue]) is not None
        }
        for quotation, by in spoken(self.tree, self.quotations, [cue for _, cue in cues.values()]):
            if quotation in unspoken:
                stretch = (quotation.start, quotation.end)
                running.setdefault(cues[by.token][0], []).append(stretch)
        return running


def _tokens(stretches: Iterable[Stretch]) -> Iterator[int]:
    """Yield the tokens of stretches."""
    return (i for start, end in stretches for i in range(start, end))


def _merged(stretches: list[Stretch]) -> list[Stretch]:
    """Return stretches in order, those that overlap joined."""
    merged: list[Stretch] = []
    for start, end in sorted(stretches):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
