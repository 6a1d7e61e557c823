"""The noun phrases of a document that later ones may go back to, collected from left to right."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from accord.language.actors.memory import Mention
from accord.language.actors.party import Party, party_of, side_of
from accord.language.actors.persons import HE, SHE, UNKNOWN
from accord.language.actors.posts import Posts
from accord.language.labels import text_of
from accord.language.syntax import SUBJECTS
from accord.language.wordlists import word_sets
from accord.membership import Membership
from accord.vocabulary import Entity

if TYPE_CHECKING:
    from accord.language.actors.parties import Parties

_MAIN = frozenset({"root", "parataxis", "conj"})


class Mentions:
    """Collects the mentions of one document, and the posts of its persons."""

    def __init__(self, parties: Parties) -> None:
        self.parties, self.tree, self.corefs = parties, parties.tree, parties.corefs
        self.lists = word_sets("persons")
        self.fighters = word_sets("coreference")["fighters"]
        self.posts = Posts(
            parties.tree,
            parties.vocabulary,
            parties.names,
            parties.demonyms,
            parties.organisations,
        )
        self.memberships: list[Membership] = []
        first = re.search(r"\S[^\n]*\n", text_of(parties.doc))
        self.title = first.end() if first else 0

    def collect(self) -> list[Membership]:
        """Find all mentions; returns the memberships, in the order of the text.

        Two passes: a title in the fifth paragraph says also for whom the headline's name speaks.
        """
        #: The persons with a post that names its employer, in either pass.
        self.told: set[str] = set()
        for _ in range(2):
            self.corefs.clear()
            self.parties.cache.clear()
            self.memberships = []
            self.placed: set[str] = set()
            self.guessed: set[str] = set()
            for i in self._candidates():
                self._visit(i)
        return self.memberships

    def _candidates(self) -> list[int]:
        """Return the nouns, and the tokens of names."""
        parties = self.parties
        spans = (parties.names, parties.persons, parties.organisations.spans)
        nouns = (i for i, pos in enumerate(self.tree.pos) if pos == "NOUN")
        return sorted({*nouns, *(i for found in spans for i in found)})

    def _visit(self, i: int) -> None:
        parties, tree = self.parties, self.tree
        span = parties.names.get(i) or parties.persons.get(i) or parties.organisations.spans.get(i)
        named = span is not None and i == span.root.i
        if span is not None and i == span.start and self._is_person(i):
            self._employ(i)
        noun = tree.pos[i] == "NOUN" and not named and tree.deps[i] not in ("compound", "amod")
        kind = parties.kind(i) if noun else ""
        owned = bool(kind) and bool(parties.owners(i))
        if not named and not kind and not (noun and self._is_human(i)):
            return
        found = parties.named(i) or parties.descriptions.resolve(i)
        subject = tree.deps[i] in SUBJECTS
        if found[0].kind == "Thing" and self._is_human(i):
            # "One delegate", whom "he" may mean.
            label = parties.phrase(i)
            sides = [party.side for party in parties.owners(i) if party.acts]
            found = (Party(label, "Unknown Person", next(iter(sides), label)),)
        if found[0].kind in ("Thing", "Place", "Zone"):
            return
        if found[0].kind == "Outlet" and not subject:
            # "told Reuters" is not whom the article goes on about, "Reuters reported" is.
            return
        parties.cache[i] = found
        if named and tree.deps[i] != "conj":
            others = [parties.named(k) for k in tree.children(i, "conj")]
            found = tuple(dict.fromkeys([*found, *(p for other in others for p in other)]))
        if named or owned:
            self._call(i, found)
        several = len(found) > 1 or (tree.tags[i] == "NNS" and not named)
        head = tree.heads[i]
        sex = self._sex(i, found, several)
        if sex is not None and not found[0].person and not named:
            found = (parties.unnamed(i, found[0].side),)
        self.corefs.add(
            Mention(
                token=i,
                parties=found,
                noun=tree.lemmas[i],
                subject=subject,
                main=subject and tree.deps[head] in _MAIN,
                sentence=parties.doc[i].sent.start,
                sex=sex,
                several=several,
                quoted=i in self.corefs.pronouns.quoted,
                named=named or (owned and not self._is_human(i)),
                titled=parties.doc[i].idx < self.title,
            )
        )

    def _is_person(self, i: int) -> bool:
        name = self.parties.names.get(i)
        return i in self.parties.persons if name is None else name.label_ == "Person"

    def _is_human(self, i: int) -> bool:
        single = self.tree.tags[i] == "NN" and self.tree.pos[i] == "NOUN"
        return single and self.tree.lemmas[i] in self.lists["human"]

    def _sex(self, i: int, found: tuple[Party, ...], several: bool) -> str | None:
        """Return which pronoun one human being takes; None for all others."""
        if several:
            return None
        if found[0].person:
            return self.parties.people.sex(found[0].label)
        if not self._is_human(i):
            return None
        if self.tree.lemmas[i] in self.lists["female"]:
            return SHE
        return HE if self.tree.lemmas[i] in self.lists["male"] else UNKNOWN

    def _call(self, i: int, found: tuple[Party, ...]) -> None:
        """Note what a group is called: "Houthi rebels", "the rebel group X", "X, a rebel group"."""
        if len(found) != 1 or found[0].kind not in ("ArmedGroup", "Unknown"):
            return
        around = [i, *self.tree.children(i, "compound", "amod", "appos", "nmod:desc", "nmod")]
        head = self.tree.heads[i]
        if self.tree.deps[i] in ("appos", "flat", "compound", "nmod:desc", "amod"):
            around += [head, *self.tree.children(head, "compound", "amod")]
        for k in around:
            for near in (k, *self.tree.children(k, "compound", "amod")):
                lemma = self.tree.lemmas[near]
                if lemma in self.fighters and found[0].kind == "Unknown":
                    self.parties.organisations.arm(found[0])
                elif found[0].kind == "ArmedGroup":
                    self.corefs.call(lemma, found[0])
        entity = self.parties.vocabulary.entity(found[0].iri or "")
        behind = self._behind(i)
        if behind is not None and found[0].kind == "ArmedGroup":
            self.corefs.call(self.tree.lemmas[behind], found[0])
        for name in (*entity.aliases, *entity.descriptions) if entity else ():
            last = name.lower().split()[-1]
            if last.endswith("s"):
                self.corefs.call(last[:-1], found[0], here=False)

    def _behind(self, i: int) -> int | None:
        """Return the token behind a name and its acronym: "the National Army (NA) rebels"."""
        span = self.parties.names.get(i) or self.parties.organisations.spans.get(i)
        at = span.end if span is not None else i + 1
        if self.tree.words[at : at + 1] == ["("] and self.tree.words[at + 2 : at + 3] == [")"]:
            at += 3
        return at if at < len(self.tree.words) else None

    def _employ(self, i: int) -> None:
        """Keep the posts that stand beside a person's name, and let the person speak for them."""
        parties = self.parties
        span = parties.names.get(i) or parties.persons[i]
        people = parties.people
        (person,) = parties.named(span.root.i)[:1] or (None,)
        if person is None:
            return
        known = parties.vocabulary.entity(person.iri or "")
        own = parties.vocabulary.side(known) if known is not None else None

        def state(at: int) -> Entity | None:
            if known is None:
                return parties.states.main_government()
            return own if own is not None and own.kind == "Government" else None

        generic = parties.descriptions.generic
        heads = []
        for post in self.posts.find(span, parties.persons, parties.owners, state, generic):
            if post.end <= span.start:
                heads.append(post.head)
            tokens = range(post.start, post.end)
            if own is not None and own.kind in ("ArmedGroup", "Party"):
                for k in tokens:
                    self.corefs.call(self.tree.lemmas[k], party_of(own, parties.vocabulary))
            people.describe(person.label, (self.tree.lemmas[k] for k in tokens))
            if post.employer is None:
                continue
            side = side_of(post.employer, parties.vocabulary).label
            if not person.known and self._places(person.label, post.guessed):
                people.sides[person.label] = side
            low, high = min(post.start, span.start), max(post.end, span.end)
            stretch = parties.doc[low:high]
            self.memberships.append(
                Membership(
                    person=person.label,
                    organization=post.employer.label,
                    side=side,
                    role=post.role,
                    start=stretch.start_char,
                    end=stretch.end_char,
                )
            )
        for head in heads:
            # Only now it is known for whom the person speaks.
            parties.titled[head] = parties.named(span.root.i)[0]

    def _places(self, label: str, guessed: bool) -> bool:
        """Whether a post says for whom a person speaks: the first that names it, else the first."""
        if label in self.placed or (guessed and label in self.guessed | self.told):
            return False
        if guessed:
            self.guessed.add(label)
        else:
            self.placed.add(label)
            self.told.add(label)
        return True
