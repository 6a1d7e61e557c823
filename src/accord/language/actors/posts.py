"""Posts: whose spokesman, minister or envoy a person is, as titles and appositions say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from spacy.tokens import Span

from accord.language.actors.employers import Employers
from accord.language.actors.party import Party, clean, party_of
from accord.vocabulary import Entity

#: A title stands at most so many tokens before a name, or behind it.
_BEFORE, _BEHIND = 12, 16
_CLAUSE = frozenset({"VERB", "AUX", "PRON", "CCONJ", "SCONJ"})
_POSSESSIVE = frozenset({"'s", "’s", "'", "’"})
_TITLE = frozenset({"NOUN", "PROPN", "ADJ", "DET", "PART", "NUM"})


@dataclass(frozen=True, slots=True)
class Post:
    """A title: its head, its tokens from ``start`` to ``end`` (exclusive), and whose it is.

    ``guessed`` says that the title names nobody, and is of the state that the article is about.
    """

    head: int
    start: int
    end: int
    role: str
    employer: Party | None
    guessed: bool = False


class Posts(Employers):
    """Finds the posts that a document gives to its persons."""

    def find(
        self,
        span: Span,
        persons: dict[int, Span],
        owners: Callable[[int], list[Party]],
        state: Callable[[int], Entity | None],
        generic: Callable[[int], Party | None],
    ) -> list[Post]:
        """Return the posts that stand beside a person's name.

        :param owners: whom the modifiers of a noun name, pronouns included
        :param state: the state that a bare "foreign minister" is of, if one stands out
        :param generic: whom a noun in a title means: "government", "rebel"
        """
        self.persons, self.owners = persons, owners
        self._main, self._generic = state, generic
        found = [self._before(span), self._behind(span)]
        return [post for post in found if post is not None]

    # -- where the title is --------------------------------------------------------------------

    def _before(self, span: Span) -> Post | None:
        words, pos = self.tree.words, self.tree.pos
        if words[span.start - 1 : span.start] == ["by"] and span.start > 1:
            return self._led(span)
        # The parser may take a title for a sentence of its own; a full stop ends it in any case.
        low = max(0, span.start - _BEFORE)
        if span.start > low and words[span.start - 1] in self.lists["dashes"]:
            head = self._apposed(span)
            if head is None:
                return None
            return self._post(head, self._title_start(head, low), span.start - 1)
        start = span.start
        while start > low:
            k = start - 1
            if words[k] in self.lists["stops"] or k in self.persons:
                break
            if pos[k] != "ADP" and not self._in_title(k):
                break
            start = k
        heads = [k for k in range(start, span.start) if self.tree.lemmas[k] in self.human]
        if not heads:
            return None
        return self._post(heads[-1], self._title_start(heads[-1], start), span.start, bare=True)

    def _led(self, span: Span) -> Post | None:
        """Return the post in "the mission, headed by X"."""
        verb = span.start - 2
        if self.tree.lemmas[verb] not in self.lists["leads"] or self.tree.tags[verb] != "VBN":
            return None
        noun = self.tree.heads[verb]
        if noun >= verb:
            return None
        found = self.body(range(self.tree.left[noun], noun + 1))
        party = found[1] if found is not None else self.owner(noun)
        if party is None:
            return None
        return Post(verb, verb, span.start, self.tree.words[verb], party)

    def _apposed(self, span: Span) -> int | None:
        """Return the noun of a title before a comma: "The group's spokesman, X, said"."""
        closed = span.end < len(self.tree.words) and (
            self.tree.words[span.end] in self.lists["dashes"] | {".", "said"}
        )
        k = span.start - 2
        low = max(span.sent.start, span.start - _BEFORE)
        if closed and k >= low and self.tree.words[k] == ")":
            # The acronym of the organisation stands between.
            k = next((at for at in range(k, low, -1) if self.tree.words[at] == "("), low) - 1
        found = None
        while closed and k >= low and k not in self.persons:
            if not self._in_title(k) and self.tree.words[k] not in self.lists["of_posts"]:
                break
            joined = found is not None and (
                self.tree.words[k + 1] == "-"
                or (self.tree.heads[k] == found and self.tree.deps[k] in ("amod", "compound"))
            )
            if self.tree.lemmas[k] in self.human and not joined:
                # "The secretary of the president, X": X is the secretary.
                found = k
            k -= 1
        return found if found is not None and self.tree.tags[found] in ("NN", "NNP") else None

    def _title_start(self, head: int, low: int) -> int:
        start = head
        while start > low and self._in_title(start - 1) and start - 1 not in self.persons:
            start -= 1
        name = self.names.get(start)
        return name.start if name is not None and name.start >= low else start

    def _in_title(self, k: int) -> bool:
        doc = self.tree.doc
        if self.tree.pos[k] in _TITLE or self.tree.words[k] in ("its", "their"):
            return True
        # "US-backed", but not the dash behind a dateline.
        joined = k > 0 and not doc[k - 1].whitespace_
        if self.tree.words[k] == "-":
            return joined and not doc[k].whitespace_
        return joined and self.tree.words[k - 1] == "-"

    def _behind(self, span: Span) -> Post | None:
        words = self.tree.words
        if span.end >= len(words):
            return None
        if words[span.end] in self.lists["of"]:
            # "Jane Roe of Human Rights Watch".
            found = self.body(range(span.end + 1, min(span.end + 3, span.sent.end)))
            if found is None:
                return None
            end, party = found
            return Post(span.root.i, span.end, end, "", party)
        if words[span.end] not in self.lists["opens"]:
            return None
        end = min(span.sent.end, span.end + _BEHIND)
        region = range(span.end + 1, end)
        stop = next((k for k in region if words[k] in self.lists["ends"]), end)
        region = range(span.end + 1, stop)
        if words[span.end + 1 : span.end + 2] == ["who"]:
            return self._leading(region)
        head = next((k for k in region if self.tree.lemmas[k] in self.human), None)
        if head is None or any(k in self.persons for k in region):
            return None
        who = next((k for k in region if self.tree.words[k] == "who"), stop)
        leading = self._leading(range(who, stop))
        if leading is not None:
            return leading
        if any(self.tree.pos[k] in _CLAUSE for k in range(region.start, head)):
            return None
        return self._post(head, region.start, stop)

    def _leading(self, region: range) -> Post | None:
        """Return the post in "X, who heads the mission"."""
        for k in region:
            if self.tree.pos[k] == "VERB":
                if self.tree.lemmas[k] not in self.lists["leads"]:
                    return None
                found = self.body(range(k + 1, region.stop))
                if found is None:
                    # "X, who heads its negotiating panel".
                    owners = (self.owner(at) for at in self.tree.children(k, "obj"))
                    owner = next((party for party in owners if party is not None), None)
                    found = (region.stop, owner) if owner is not None else None
                return (
                    Post(k, region.start, found[0], self.tree.words[k], found[1]) if found else None
                )
        return None

    # -- whose it is ---------------------------------------------------------------------------

    def _post(self, head: int, start: int, end: int, bare: bool = False) -> Post:
        words = self.tree.words
        shared = self.tree.tags[head] in ("NNS", "NNPS")
        then = range(max(start - 1, 0), head)
        if shared or any(words[k] in self.lists["former"] for k in then):
            # "Presidents X and Y" are not of the same state.
            return Post(head, start, end, self._role(start, head, end, None), None)
        last = start
        employer: Party | None = None
        delegate = self.tree.lemmas[head] in self.lists["delegates"]
        for k, party in self.named(range(start, head)):
            state = party.kind == "Government"
            if employer is None or (employer.kind == "Government" and not state and not delegate):
                employer, last = party, self.end(k)
        for k in range(start, head) if employer is None else ():
            generic = self._generic(k)
            if generic is not None and self.employs(generic):
                employer, last = generic, k + 1
        if employer is None:
            employer = self.prepositional(head, end)
        if employer is None:
            employer = self.owner(head)
        named = employer is not None
        employer = self._whole(employer, start, head, bare)
        role = self._role(last, head, end, employer)
        return Post(head, start, end, role, employer if role else None, not named)

    def _whole(self, employer: Party | None, start: int, head: int, bare: bool) -> Party | None:
        """Give a ministry without a state its state, and a minister his."""
        ministry = employer is not None and (
            employer.side == employer.label and self.organisations.is_institution(employer.label)
        )
        if employer is not None and (employer.known or not ministry):
            return employer
        words = self.tree.words[start : head + 1]
        title = {*words, *(" ".join(pair) for pair in pairwise(words))}
        office = bare and self.tree.doc[head].is_title and title & self.lists["offices"]
        if employer is None and not office and not title & self.lists["state_posts"]:
            return None
        state = self._main(head)
        if state is None:
            return employer
        if employer is not None:
            return self.organisations.institution(state, employer.label)
        return party_of(state, self.vocabulary)

    def _role(self, start: int, head: int, end: int, employer: Party | None) -> str:
        """Return the words of the post itself, with its mandate: "special envoy for Syria"."""
        owned = [k + 1 for k in range(start, head) if self.tree.words[k] in _POSSESSIVE]
        start = max([start, *owned])
        while start < head and (
            self.tree.pos[start] in ("DET", "PART", "PRON", "PUNCT", "ADP")
            or self.tree.words[start] in _POSSESSIVE
        ):
            start += 1
        stop = head + 1
        mandated = self.tree.words[stop : stop + 1]
        speaking = self.tree.lemmas[head] in self.lists["speaks_for"]
        stretch = max(stop, min(end, self.tree.right[head] + 1))
        if mandated in (["for"], ["to"]) and not speaking:
            stop = stretch
        elif mandated == ["of"] and employer is not None:
            # "Minister of Agriculture", and not "President of Uganda".
            body = self.body(range(stop + 1, end), states=True)
            if body is None or body[1] != employer or body[0] < stretch:
                stop = stretch
        return clean(self.tree.doc[start:stop].text) if start <= head else ""
