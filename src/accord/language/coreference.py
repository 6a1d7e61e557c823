"""Pronouns and definite descriptions: to whom "it", "she" and "the two countries" go back.

Rules in the order of syntactic salience, as in Hobbs ("Resolving pronoun references", 1978) and
Lappin and Leass ("An algorithm for pronominal anaphora resolution", 1994): the subject of the
clause, of the sentence, of the sentence before. Where several are as likely, nobody is meant.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from itertools import islice

from accord.language.party import Party
from accord.language.persons import HE, SHE, UNKNOWN, Persons
from accord.language.quotes import find_quotations
from accord.language.syntax import Tree
from accord.language.wordlists import word_sets

_WORDS = word_sets("coreference")
PERSONAL = _WORDS["he"] | _WORDS["she"]
FIRST = _WORDS["first"]

#: How many earlier mentions a pronoun or a definite description may reach back.
_MEMORY = 40
#: A person who was not named in so many sentences is no longer "he".
_FAR = 6
#: "It" and "they" go back so many sentences at most.
_BACK = 2
#: A side in the title counts so often; two sides stand out if they are named so many times as
#: often as the third.
_TITLED, _CLEAR = 3, 1.3
_DASHES = frozenset({",", "—", "–", "-"})
#: A noun that says more of another is not what "it" means: the ministry of "ministry spokesman".
_WITHIN = frozenset({"compound", "amod", "flat", "nmod:desc"})
_PERSONS = ("Person", "Unknown Person")
_STATES = ("Government", "ArmedForces", *_PERSONS)
_PARTIES = (*_STATES, "ArmedGroup")
_GROUPS = ("ArmedGroup", "Party", "Organisation", "Group")
_BY_KIND: tuple[tuple[tuple[str, ...], str], ...] = (
    (("ArmedGroup", "Party"), "same_group"),
    (("Organisation", "Unknown"), "same_group"),
    (("Government",), "same_state"),
    (("ArmedForces",), "same_forces"),
    (("Organisation", "Unknown"), "same_organisation"),
)
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5}


@dataclass(frozen=True, slots=True)
class Mention:
    """A noun phrase that names parties.

    ``noun`` is the lemma of its head, ``sentence`` the first token of its sentence. ``sex`` is set
    for one human being, also for one without a name who speaks for a party. ``several`` says that
    a plural pronoun fits it.
    """

    token: int
    parties: tuple[Party, ...]
    noun: str
    subject: bool
    main: bool
    sentence: int
    sex: str | None = None
    several: bool = False
    quoted: bool = False
    named: bool = True
    titled: bool = False


class Coreference:
    """The mentions of a document so far, and what goes back to them."""

    def __init__(
        self,
        tree: Tree,
        persons: Persons,
        side: Callable[[Party], Party],
        nationalities: Container[int] = frozenset(),
    ) -> None:
        """Start with no mentions.

        :param side: returns the party for which a party stands
        :param nationalities: tokens that say of which state something is: "Turkish"
        """
        self.tree, self.doc, self.persons, self.side = tree, tree.doc, persons, side
        self.nationalities = nationalities
        #: Tokens inside quotation marks.
        self.quoted = frozenset(i for q in find_quotations(tree.doc) for i in range(q.start, q.end))
        self.mentions: list[Mention] = []
        self.positions: list[int] = []
        self._at: dict[int, Mention] = {}
        #: For each token inside reported speech, the side that speaks: what "we" means there.
        self.voices: dict[int, Party] = {}
        #: For each he or she inside an indirect report, the speaker, if nobody else was named.
        self.speakers: dict[int, Party] = {}
        #: The groups that the text calls rebels, militants and so on, by that noun; and those that
        #: others call so.
        self.called: dict[str, dict[str, Party]] = {}
        self.elsewhere: dict[str, dict[str, Party]] = {}
        #: How often each side is named, more in the title.
        self.counts: dict[str, float] = {}
        self._sides: dict[str, Party] = {}
        self._counting = True

    def add(self, mention: Mention) -> None:
        """Add the next mention of the text."""
        for party in mention.parties if self._counting else ():
            if party.kind in _PARTIES:
                side = self.side(party)
                self._sides[side.label] = side
                weight = _TITLED if mention.titled else 1
                self.counts[side.label] = self.counts.get(side.label, 0) + weight
        self.mentions.append(mention)
        self.positions.append(mention.token)
        self._at[mention.token] = mention

    def clear(self) -> None:
        """Forget the mentions, to collect them once more."""
        self._counting = not self.mentions
        self.mentions, self.positions, self._at = [], [], {}

    def call(self, noun: str, party: Party, here: bool = True) -> None:
        """Note that the text calls a group so, or if not ``here``, that others do."""
        if noun in _WORDS["fighters"]:
            called = self.called if here else self.elsewhere
            called.setdefault(noun, {})[party.label] = party

    def before(self, i: int) -> Iterator[Mention]:
        """Yield the mentions before a token, the nearest first."""
        at = bisect_left(self.positions, i)
        return islice((self.mentions[k] for k in range(at - 1, -1, -1)), _MEMORY)

    # -- pronouns ------------------------------------------------------------------------------

    def pronoun(self, i: int) -> tuple[Party, ...]:
        """Return whom a pronoun means; nobody for any other word."""
        word = self.tree.words[i]
        if word in FIRST:
            return (self.voices[i],) if i in self.voices else ()
        if word in PERSONAL:
            if i in self.speakers:
                return (self.speakers[i],)
            mention = self.individual(i, HE if word in _WORDS["he"] else SHE)
            return mention.parties if mention else ()
        if word in _WORDS["last"]:
            return next((mention.parties for mention in self.before(i)), ())
        if word in _WORDS["things"] or word in _WORDS["plural"]:
            several = word in _WORDS["plural"]
            return self._reproached(i) or self._governing(i, several) or self._earlier(i, several)
        return ()

    def individual(self, i: int, sex: str = UNKNOWN) -> Mention | None:
        """Return the mention of the man or woman that a pronoun means.

        The most salient of the sentence, else of the nearest sentence before that names one; whom
        somebody only speaks of inside a quotation is less likely, outside of it.
        """
        quoted = i in self.quoted
        best: Mention | None = None
        start = self.doc[i].sent.start
        sentences = {start}
        for mention in self.before(i):
            if mention.sex is None or (sex and mention.sex and mention.sex != sex):
                continue
            if best is not None and mention.sentence != best.sentence:
                if not best.quoted or quoted:
                    break
                if mention.quoted:
                    continue
            sentences.add(mention.sentence)
            if len(sentences) > _FAR:
                break
            if best is None or self._salience(mention, i) > self._salience(best, i):
                best = mention
        return best

    def _salience(self, mention: Mention, i: int) -> tuple[bool, bool, bool, int]:
        own = (i in self.quoted) == mention.quoted
        position = mention.token if mention.sentence == self.doc[i].sent.start else -mention.token
        return own, mention.main, mention.subject, position

    def _reproached(self, i: int) -> tuple[Party, ...]:
        """In "criticised Turkey for its failure" the pronoun means the one that is criticised."""
        noun = self.tree.heads[i]
        if self.tree.deps[i] != "nmod:poss" or self.tree.preposition(noun) not in ("for", "of"):
            return ()
        for k in self.tree.children(self.tree.heads[noun], "obj"):
            if k < i and k in self._at:
                return self._at[k].parties
        return ()

    def _governing(self, i: int, several: bool) -> tuple[Party, ...]:
        """Return the subject of the clauses around a pronoun, the innermost first.

        In "urged the rebels to leave their posts" that is the rebels, in "said that it had left"
        whoever said so.
        """
        below = {i}
        for at in self.tree.climb(i):
            head = self.tree.heads[at]
            own = self.tree.deps[at] == "xcomp" and self.tree.lemmas[head] in _WORDS["own_act"]
            if self.tree.pos[at] in ("VERB", "AUX") and not own:
                for k in self.tree.surface_subject(at):
                    mention = self._at.get(k)
                    if mention is None or k in below or k > i or mention.sex is not None:
                        continue
                    if self.tree.deps[k] in _WITHIN:
                        continue
                    if several == mention.several or (several and len(mention.parties) == 1):
                        return mention.parties
            below.add(at)
        return ()

    def _earlier(self, i: int, several: bool) -> tuple[Party, ...]:
        """Return the nearest subject of the sentence, else the main one of the sentence before."""
        start, low = self.doc[i].sent.start, self._low(i)
        inside: tuple[Party, ...] = ()
        together: tuple[Party, ...] = ()
        before: tuple[Party, ...] = ()
        sentence = -1
        for mention in self.before(i):
            if mention.token < low:
                break
            if mention.sex is not None or (mention.several and not several):
                continue
            if self.tree.deps[mention.token] in _WITHIN:
                continue
            if mention.token >= start:
                if mention.subject:
                    return mention.parties
                if not several or mention.several:
                    together = together or mention.parties
                inside = inside or mention.parties
                continue
            if together:
                return together
            if sentence not in (-1, mention.sentence) and before:
                break
            sentence = mention.sentence
            if not before or mention.subject or self.tree.deps[mention.token] == "root":
                before = mention.parties
        return together or before or inside

    def _low(self, i: int) -> int:
        """Return the first token of the sentence before the last one."""
        low = self.doc[i].sent.start
        for _ in range(_BACK):
            low = self.doc[low - 1].sent.start if low else 0
        return low

    # -- descriptions --------------------------------------------------------------------------

    def definite(self, i: int) -> tuple[Party, ...]:
        """Return whom "the group", "the two countries" or "the army" means."""
        lemma = self.tree.lemmas[i]
        determiners = {self.tree.words[k] for k in self.tree.children(i, "det", "nmod:poss")}
        counted = {self.tree.words[k] for k in self.tree.children(i, "nummod")} & _NUMBERS.keys()
        if lemma in _WORDS["pair"] and self._is_pair(i) and not self._restricted(i):
            number = max((_NUMBERS[word] for word in counted), default=2)
            return self._last_of(i, lemma, number)
        if not determiners & _WORDS["definite"] or self._restricted(i) or counted:
            return ()
        if self.tree.children(i, "nmod"):
            return ()
        modifiers = self.tree.children(i, "amod", "compound")
        if modifiers:
            return self._armed(i, modifiers)
        group = self.same_group(i)
        if group is not None:
            return (group,)
        for mention in self.before(i):
            longer = mention.parties[0].kind == "Group" and " " in mention.parties[0].label
            if mention.noun == lemma and (mention.named or (longer and mention.several)):
                return mention.parties
        for kinds, words in _BY_KIND:
            if lemma in _WORDS[words]:
                for mention in self.before(i):
                    if mention.parties[0].kind in kinds and mention.named:
                        return mention.parties[:1]
        return ()

    def same_group(self, i: int) -> Party | None:
        """Return the one group that a noun is used of: the rebels, the coalition."""
        lemma = self.tree.lemmas[i]
        groups = self.called.get(lemma, {}) or self.elsewhere.get(lemma, {})
        if len(groups) == 1:
            only = next(iter(groups.values()))
            if lemma in self.called or self._is_only_group(only):
                return only
        for mention in self.before(i) if lemma not in _WORDS["fighters"] else ():
            if mention.noun == lemma and mention.named and len(mention.parties) == 1:
                return mention.parties[0]
        return None

    def _is_only_group(self, party: Party) -> bool:
        groups = {label for label, side in self._sides.items() if side.kind == "ArmedGroup"}
        return groups <= {party.label}

    def _protagonists(self, without: Container[str] = frozenset()) -> tuple[Party, ...]:
        """Return the two sides that the article is about, if two stand out."""
        others = [label for label in self.counts if label not in without]
        ranked = sorted(others, key=lambda label: (-self.counts[label], label))
        if len(ranked) < 2:
            return ()
        third = self.counts[ranked[2]] if len(ranked) > 2 else 0
        if self.counts[ranked[1]] < _CLEAR * third:
            return ()
        return tuple(self._sides[label] for label in ranked[:2])

    def _armed(self, i: int, modifiers: list[int]) -> tuple[Party, ...]:
        """Return whom "the paramilitary group" means: the one called so, else the last group."""
        lemmas = {self.tree.lemmas[k] for k in modifiers}
        if self.tree.lemmas[i] not in _WORDS["groups"] or lemmas - _WORDS["armed"]:
            return ()
        for lemma in lemmas:
            groups = self.called.get(lemma, {})
            if len(groups) == 1:
                return tuple(groups.values())
        for mention in self.before(i):
            if mention.parties[0].kind == "ArmedGroup" and mention.named:
                return mention.parties[:1]
        return ()

    def same_person(self, i: int, side: str | None = None) -> Mention | None:
        """Return the mention of the person whom a post names again: "the diplomat".

        The nearest who holds such a post, or who was only called so, "an official".

        :param side: only persons who stand for it
        """
        lemma = self.tree.lemmas[i]
        if self.is_new(i) or lemma not in self.persons.human:
            return None
        words = {
            self.tree.lemmas[k]
            for k in self.tree.children(i, "amod", "compound")
            if self.tree.pos[k] in ("NOUN", "PROPN", "ADJ")
            and k not in self.nationalities
            and k not in self._at
        }
        for mention in self.before(i):
            party = mention.parties[0]
            if mention.sex is None or (side is not None and party.side != side):
                continue
            if not mention.named:
                if mention.noun == lemma:
                    return mention
            elif party.person and self.persons.holds(party, lemma, words):
                return mention
        return None

    def is_new(self, i: int) -> bool:
        """Whether a noun phrase speaks of somebody for the first time: "a Turkish official".

        So do plurals: "Israeli officials" are nobody who was named.
        """
        words = {self.tree.words[k] for k in self.tree.children(i, "det", "nummod", "amod")}
        if self.tree.tags[i] in ("NNS", "NNPS"):
            return True
        if words & _WORDS["indefinite"]:
            return not (words & _WORDS["definite"])
        determined = self.tree.children(i, "det", "nmod:poss")
        return not determined and self.tree.tags[i] == "NN" and not self.doc[i].is_title

    def _restricted(self, i: int) -> bool:
        """Whether a relative clause without a comma says which one is meant."""
        return any(
            not _DASHES
            & set(self.tree.words[max(self.tree.left[k] - 1, 0) : self.tree.left[k] + 1])
            for k in self.tree.children(i, "acl:relcl")
        )

    def _is_pair(self, i: int) -> bool:
        children = {self.tree.words[k] for k in self.tree.kids[i]}
        if self.tree.lemmas[i] in _WORDS["sides"] and self.tree.tags[i] == "NNS":
            named = self.tree.children(i, "nmod", "amod", "compound")
            return not named and bool(children & (_WORDS["definite"] | _NUMBERS.keys()))
        if children & {"both", "neither", "either"}:
            return True
        return bool(children & _NUMBERS.keys()) and bool(children & _WORDS["definite"])

    def _last_of(self, i: int, lemma: str, number: int) -> tuple[Party, ...]:
        """Return the last so many parties that the noun fits.

        Those that one phrase names, or one sentence; where a sentence names more, the two that the
        article is about. "Both sides" are always those two.
        """
        kinds: tuple[str, ...] = _PARTIES
        if lemma in _WORDS["states"]:
            kinds = _STATES
        elif lemma in _WORDS["groups"]:
            kinds = _GROUPS
        # Who urges both sides is none of them.
        speaking = {
            c
            for at in self.tree.climb(i)
            for k in self.tree.children(at, "nsubj")
            for c in self.tree.conjuncts(k)
        }
        speakers = {
            self.side(party).label
            for k in speaking
            if k in self._at and k != i
            for party in self._at[k].parties
        }
        about = (self._protagonists() or self._protagonists(speakers)) if number == 2 else ()
        if lemma in _WORDS["sides"] and about:
            return about
        low = self._low(i) if lemma in _WORDS["sides"] else 0
        human = lemma in self.persons.lists["human"]
        pair: dict[str, Party] = {}
        near: dict[str, Party] = {}
        sentence = -1
        for mention in self.before(i):
            if mention.token < low:
                pair = {}
                break
            if mention.sentence != sentence:
                if len(near) == number:
                    break
                if len(near) > number or len(pair) >= number:
                    near = {}
                    break
                sentence, near = mention.sentence, {}
            if self.tree.deps[mention.token] == "nmod:poss" or not mention.named:
                continue
            if mention.token in speaking or (human and mention.sex is None and not mention.several):
                continue
            sides = {side.label: side for side in self._fitting(mention, kinds, lemma)}
            if len(sides) == number:
                return tuple(sides.values())
            for label in reversed(sides):
                near.setdefault(label, sides[label])
                pair.setdefault(label, sides[label])
        if len(near) == number:
            return tuple(reversed(near.values()))
        if about and all(side.kind in kinds for side in about):
            return about
        return tuple(reversed(pair.values())) if len(pair) == number == 2 else ()

    def _fitting(self, mention: Mention, kinds: tuple[str, ...], lemma: str) -> Iterator[Party]:
        for party in mention.parties:
            if party.kind in kinds:
                side = self.side(party)
                if lemma not in _WORDS["states"] or side.kind == "Government":
                    yield side
