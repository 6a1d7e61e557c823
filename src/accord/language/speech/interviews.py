"""Interviews that are printed as questions and answers, and talks as lines with their speakers.

An answer is its speaker's from the mark to the next one, whatever the networks find in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from accord.language.actors.parties import Parties, Party
from accord.language.speech.attribution import Attribution, attribute
from accord.language.speech.quotes import paragraphs
from accord.language.syntax import Tree
from accord.language.wordlists import word_lists

#: So many questions, or lines of one speaker, make an interview.
_LEAST = 2
#: A speaker's name before a colon has at most so many tokens.
_LONG = 5


@dataclass(frozen=True, slots=True)
class _Turn:
    """A paragraph that opens with a mark: whose, and its tokens behind the mark."""

    mark: str
    start: int
    opens: int
    end: int


class Interviews:
    """Finds the answers of one document."""

    def __init__(self, tree: Tree, parties: Parties) -> None:
        self.tree, self.parties, self.doc = tree, parties, tree.doc
        lists = word_lists("cues")
        self.questions, self.answers = frozenset(lists["question"]), frozenset(lists["answer"])

    def find(self, found: Iterable[Attribution]) -> Iterator[Attribution]:
        """Yield what is said in each answer.

        :param found: the other attributions, which say who was talked with
        """
        turns = list(self._turns())
        asked = [turn for turn in turns if turn.mark in self.questions]
        marks = Counter(turn.mark for turn in turns)
        if len(asked) >= _LEAST:
            guest = self._guest(turns[0].start, found)
            yield from (self._said(turn, guest) for turn in turns if turn.mark in self.answers)
        elif len(marks) > 1 and marks.most_common(1)[0][1] >= _LEAST:
            for turn in turns:
                speaker = self._named(turn)
                if speaker is not None:
                    yield self._said(turn, speaker)

    def _turns(self) -> Iterator[_Turn]:
        """Yield the turns; a paragraph without a mark goes on with the turn before it."""
        numbers = paragraphs(self.doc)
        starts = [
            i
            for i, word in enumerate(self.tree.words)
            if word.strip() and (i == 0 or numbers[i] != numbers[i - 1])
        ]
        marked = [
            (i, opens, mark)
            for i in starts
            if (opens := self._mark(i)) is not None
            for mark in (" ".join(self.tree.words[i : opens - 1]).strip(),)
        ]
        for k, (start, opens, mark) in enumerate(marked):
            end = marked[k + 1][0] if k + 1 < len(marked) else len(self.tree.words)
            if opens < end:
                yield _Turn(mark, start, opens, end)

    def _mark(self, i: int) -> int | None:
        """Return the token behind "Q:" or "Smith:" at the beginning of a paragraph."""
        words = self.tree.words
        colon = next((k for k in range(i + 1, min(i + _LONG, len(words))) if words[k] == ":"), None)
        if colon is None:
            return None
        short = colon == i + 1 and words[i] in self.questions | self.answers
        return colon + 1 if short or all(self._is_name(k) for k in range(i, colon)) else None

    def _is_name(self, k: int) -> bool:
        return k in self.parties.persons or (
            k in self.parties.names and self.parties.names[k].label_ == "Person"
        )

    def _named(self, turn: _Turn) -> Party | None:
        party = self.parties.resolve(turn.opens - 2)[0]
        return party if party.person else None

    def _guest(self, end: int, found: Iterable[Attribution]) -> Party:
        """Return whom the text before the first question quotes most, else names most."""
        quoted = Counter(
            a.speaker for a in found if a.speaker and a.speaker.person and a.cue.start < end
        )
        named = Counter(self.parties.resolve(i)[0] for i in range(end) if self._is_name(i))
        for counts in (quoted, named):
            for party, _ in counts.most_common():
                if party.person:
                    return party
        return Party("interviewee", "Unknown Person", "interviewee")

    def _said(self, turn: _Turn, speaker: Party) -> Attribution:
        return attribute(
            (),
            self.doc[turn.start : turn.opens],
            (self.doc[turn.opens : turn.end],),
            speaker,
            kind="direct",
            cue_class="assert",
        )
