"""Pronouns: to whom "it", "she" and "they" go back.

Rules in the order of syntactic salience, as in Hobbs ("Resolving pronoun references", 1978) and
Lappin and Leass ("An algorithm for pronominal anaphora resolution", 1994): the subject of the
clause, of the sentence, of the sentence before.
"""

from __future__ import annotations

from accord.language.actors.memory import Memory, Mention
from accord.language.actors.party import Party
from accord.language.actors.persons import HE, SHE, UNKNOWN
from accord.language.speech.quotes import find_quotations
from accord.language.syntax import SUBJECTS
from accord.language.wordlists import word_sets

_WORDS = word_sets("coreference")
PERSONAL = _WORDS["he"] | _WORDS["she"]
FIRST = _WORDS["first"]

#: A person who was not named in so many sentences is no longer "he".
_FAR = 6
#: A noun that says more of another is not what "it" means: the ministry of "ministry spokesman".
_WITHIN = frozenset({"compound", "amod", "flat", "nmod:desc"})


class Pronouns:
    """Resolves the pronouns of one document."""

    def __init__(self, memory: Memory) -> None:
        self.memory, self.tree, self.doc = memory, memory.tree, memory.doc
        #: For each token inside reported speech, the side that speaks: what "we" means there.
        self.voices: dict[int, Party] = {}
        #: For each he or she inside an indirect report, the speaker, if nobody else was named.
        self.speakers: dict[int, Party] = {}
        #: Tokens inside quotation marks.
        self.quoted = frozenset(i for q in find_quotations(self.doc) for i in range(q.start, q.end))

    def resolve(self, i: int) -> tuple[Party, ...]:
        """Return whom a pronoun means; nobody for any other word."""
        word = self.tree.words[i]
        if word in FIRST:
            return (self.voices[i],) if i in self.voices else ()
        if word in PERSONAL:
            if i in self.speakers:
                return (self.speakers[i],)
            mention = self.individual(i, HE if word in _WORDS["he"] else SHE)
            return mention.parties if mention else ()
        if word in _WORDS["neither"] and self.tree.deps[i] in SUBJECTS:
            return self.memory.protagonists()
        if word in _WORDS["last"]:
            return next((mention.parties for mention in self.memory.before(i)), ())
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
        for mention in self.memory.before(i):
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
            if k < i and k in self.memory.at:
                return self.memory.at[k].parties
        return ()

    def _governing(self, i: int, several: bool) -> tuple[Party, ...]:
        """Return the subject of the clauses around a pronoun, the innermost first.

        In "urged the rebels to leave their posts" that is the rebels, in "said that it had left"
        whoever said so.
        """
        below = {i}
        hurt: set[Party] = set()
        for at in self.tree.climb(i):
            head = self.tree.heads[at]
            own = self.tree.deps[at] == "xcomp" and self.tree.lemmas[head] in _WORDS["own_act"]
            subjects = self.tree.surface_subject(at)
            if self._harms(i, at, below):
                # "Jets bombed their columns": those of others.
                hurt.update(
                    p for k in subjects if k in self.memory.at for p in self.memory.at[k].parties
                )
                own = True
            if self.tree.pos[at] in ("VERB", "AUX") and not own:
                if self.tree.lemmas[at] in self.tree.accusing:
                    # "Blamed the rebels for their failure": theirs, and not the accuser's.
                    subjects = [k for k in self.tree.children(at, "obj") if k < i] + subjects
                for k in subjects:
                    mention = self.memory.at.get(k)
                    if mention is None or k in below or k > i or mention.sex is not None:
                        continue
                    if self.tree.deps[k] in _WITHIN or hurt.intersection(mention.parties):
                        continue
                    if several == mention.several or (several and len(mention.parties) == 1):
                        return mention.parties
            below.add(at)
        return ()

    def _harms(self, i: int, verb: int, below: set[int]) -> bool:
        """Whether a verb does harm to what a possessive pronoun says whose it is."""
        if self.tree.lemmas[verb] not in _WORDS["harms"] or self.tree.deps[i] != "nmod:poss":
            return False
        return any(
            k in below and self.tree.heads[i] in self.tree.conjuncts(k)
            for k in self.tree.children(verb, "obj", "obl", "nsubj:pass")
        )

    def _merely_reports(self, mention: Mention, i: int) -> bool:
        """Whether it is an outlet, which "it added" means, but not "their offensive"."""
        adding = self.tree.words[i] == "it" and self.tree.deps[i] in SUBJECTS | {"expl"}
        return mention.parties[0].kind == "Outlet" and not adding

    def _earlier(self, i: int, several: bool) -> tuple[Party, ...]:
        """Return the nearest subject of the sentence, else the main one of the sentence before."""
        start, low = self.doc[i].sent.start, self.memory.low(i)
        inside: tuple[Party, ...] = ()
        together: tuple[Party, ...] = ()
        before: tuple[Party, ...] = ()
        sentence = -1
        for mention in self.memory.before(i):
            if mention.token < low:
                break
            if mention.sex is not None or (mention.several and not several):
                continue
            if self.tree.deps[mention.token] in _WITHIN or self._merely_reports(mention, i):
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
