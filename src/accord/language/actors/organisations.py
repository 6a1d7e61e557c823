"""The organisations of a document that the vocabulary does not know, under all their names.

A text introduces them itself: "the Arakan Army (AA)", "the Movement for Peace, also known as
MP". Acronyms that it adds to known names are found here too.
"""

from __future__ import annotations

import re

from spacy.tokens import Span

from accord.language.actors.acronyms import (
    CAPITALS,
    INTRODUCED,
    abbreviates,
    initials,
    known_as,
    main_words,
)
from accord.language.actors.institutions import Institutions
from accord.language.actors.party import Party, clean, party_of
from accord.language.inflection import known_forms
from accord.language.labels import entity_class, text_of
from accord.language.names import fold
from accord.language.syntax import Tree
from accord.vocabulary import Entity, Vocabulary

#: So many names one organisation has at most.
_MANY = 6
#: An acronym stands for a name of at most so many words.
_LONGEST = 10


class Organisations(Institutions):
    """Finds the unknown organisations of one document; :meth:`party` says which covers a token."""

    def __init__(
        self,
        tree: Tree,
        vocabulary: Vocabulary,
        names: dict[int, Span],
        demonyms: dict[int, Span],
        persons: dict[int, Span],
    ) -> None:
        super().__init__(vocabulary)
        self.tree, self.doc = tree, tree.doc
        self.names, self.demonyms, self.persons = names, demonyms, persons
        #: Each folded name, to the folded longest one of the same organisation.
        self._same: dict[str, str] = {}
        self._full: dict[str, str] = {}
        self._known: dict[str, Party] = {}
        self._aliases: dict[str, str] = {}
        self.spans: dict[int, Span] = {}
        self._collect()
        self._introduce()
        self._again()
        self._initials()
        self._parties: dict[str, Party] = {}

    def party(self, i: int) -> Party | None:
        """Return the organisation whose name covers a token, if it is not in the vocabulary."""
        span = self.spans.get(i)
        if span is None:
            return None
        key = self._canonical(_key(span))
        if key not in self._parties:
            self._parties[key] = self._known.get(key) or self._make(key, span)
        return self._parties[key]

    # -- names ---------------------------------------------------------------------------------

    def _collect(self) -> None:
        nouns = known_forms()["NOUN"]
        for ent in self.doc.ents:
            if entity_class(ent.label_) == "NORP" and self._is_creed(ent):
                self._add_creed(ent)
                continue
            if entity_class(ent.label_) != "Organization" or ent.kb_id_:
                continue
            if all(i in self.demonyms for i in range(ent.start, ent.end)):
                continue
            if ent.text.isupper() or ent.text.lower() not in nouns:
                self._add(ent)

    def _is_creed(self, ent: Span) -> bool:
        """Whether it names the followers of an idea, "Maoist", and no people or religion."""
        word = ent.text.lower().removesuffix("s")
        return (
            len(ent) == 1
            and not ent.kb_id_
            and word.endswith("ist")
            and word not in self.lists["religions"]
            and ent.start not in self.demonyms
            and ent.start not in self.names
        )

    def _add_creed(self, ent: Span) -> None:
        """Let the Maoists of "Maoist rebels" and "the Maoists" be one."""
        name = clean(ent.text)
        plural = name if name.lower().endswith("s") else f"{name}s"
        self._full.setdefault(_folded(plural), plural)
        if plural != name:
            self._same[_folded(name)] = _folded(plural)
        self._add(ent)

    def _trim(self, span: Span) -> Span:
        while len(span) > 1 and (self.tree.words[span.start] == "the" or not span[0].text.strip()):
            span = span[1:]
        while len(span) > 1 and self.tree.words[span.end - 1] in ("'s", "’s", "'", "’"):
            span = span[:-1]
        return span

    def _add(self, span: Span) -> None:
        span = self._trim(span)
        key = _key(span)
        if not key:
            return
        self._full.setdefault(key, clean(span.text))
        for i in range(span.start, span.end):
            if i not in self.names and i not in self.persons:
                self.spans[i] = span

    def _introduce(self) -> None:
        """Read what names the text itself puts beside a name."""
        text = text_of(self.doc)
        for match in INTRODUCED.finditer(text):
            alias = self.doc.char_span(match.start(1), match.end(1), alignment_mode="contract")
            if alias is None or alias.start in self.names:
                continue
            opened = self.doc.char_span(match.start(), match.start() + 1, alignment_mode="expand")
            name = self._before(opened.start, match.group(1)) if opened is not None else None
            if name is not None:
                self._unite(name, alias)
        for phrase in known_as():
            for match in phrase.finditer(text):
                before = self.doc.char_span(match.start(), match.end(), alignment_mode="expand")
                if before is None or not 0 < before.start < len(self.doc):
                    continue
                name = self._ending(before.start)
                at = before.end
                while at < len(self.doc) and self.doc[at].text in ("the", "“", '"', "as"):
                    at += 1
                alias = self.spans.get(at)
                if name is not None and alias is not None and alias.start == at:
                    self._unite(name, alias)

    def _before(self, end: int, acronym: str) -> Span | None:
        """Return the name right before a parenthesis, whole: "Movement for Peace in Liberia"."""
        letters = re.sub(r"[^A-Za-z]", "", acronym).upper()
        name = self._ending(end)
        low = max(self.doc[end - 1].sent.start, end - _LONGEST) if end else 0
        for start in range(low, end):
            word = self.doc[start].text
            if not word[:1].isupper() or (name is not None and start > name.start):
                continue
            span = self.doc[start:end]
            if abbreviates(letters, main_words(span.text, self.lists["small"])):
                return span
        if name is None or name.label_ in ("Person", "Place", "Government"):
            return self._titled(end) if letters == letters.upper() and len(letters) > 1 else None
        return name if name.text[:1].upper() == letters[:1] or len(name) > 2 else None

    def _titled(self, end: int) -> Span | None:
        """Return "Front for Change in Chad" before an acronym that is of another language."""
        start = end
        while start > 0 and end - start < _LONGEST and start - 1 not in self.persons:
            word = self.doc[start - 1].text
            if not word[:1].isupper() and word not in self.lists["small"]:
                break
            start -= 1
        while start < end and not self.doc[start].text[:1].isupper():
            start += 1
        while start < end and self.tree.words[start] in ("the", "a"):
            start += 1
        span = self.doc[start:end]
        words = set(self.tree.words[start:end])
        bodies = self.lists["armed"] | self.lists["bodies"]
        return span if end - start > 2 and words & bodies else None

    def _ending(self, end: int) -> Span | None:
        """Return the name that ends right before a token, or a comma before it."""
        at = end - 1
        if at >= 0 and self.tree.words[at] == ",":
            at -= 1
        if at < 0 or at in self.persons:
            return None
        return self.names.get(at) or self.spans.get(at)

    def _unite(self, name: Span, alias: Span) -> None:
        """Let two names mean one organisation: the vocabulary's, or that of the longer name."""
        if alias.start in self.persons:
            return
        name = self._trim(name)
        key, other = self._canonical(_key(name)), self._canonical(_key(alias))
        if name.start in self.names and self.names[name.start].end >= name.end:
            known = self.names[name.start]
            if not known.kb_id_ or known.label_ in ("Government", "Person", "Place", "Zone"):
                return
            self._known[key] = party_of(self.vocabulary.entities[known.kb_id_], self.vocabulary)
        else:
            self._add(name)
        self._add(alias)
        self._aliases[alias.text] = other
        if key != other:
            self._same[other] = key
            self._full[key] = max(
                self._full.get(key, ""), self._full.get(other, ""), clean(name.text), key=len
            )

    def _again(self) -> None:
        """Find the introduced acronyms wherever they stand."""
        for match in CAPITALS.finditer(text_of(self.doc)) if self._aliases else ():
            if match.group() in self._aliases:
                span = self.doc.char_span(match.start(), match.end())
                if span is not None and span.start not in self.spans:
                    self._add(span)

    def _initials(self) -> None:
        """Let an acronym that is nowhere introduced mean the one name that has its initials."""
        by_initials: dict[str, set[str]] = {}
        for key, full in self._full.items():
            if " " in full:
                letters = initials(full, self.lists["small"])
                by_initials.setdefault(letters, set()).add(self._canonical(key))
        for key, full in list(self._full.items()):
            found = by_initials.get(full, set())
            if full.isupper() and len(full) > 1 and key not in self._same and len(found) == 1:
                root = next(iter(found))
                if root != key:
                    self._same[key] = root

    def _canonical(self, key: str) -> str:
        for _ in range(_MANY):
            if key not in self._same:
                break
            key = self._same[key]
        return key

    # -- what they are -------------------------------------------------------------------------

    def _make(self, key: str, span: Span) -> Party:
        name = self._full.get(self._canonical(key)) or clean(span.text)
        words = {word.lower() for word in name.split()}
        state = self._state(span) if self.is_body(name) else None
        if state is not None and self.is_only(words, state):
            return self.institution(state, name)
        owner = self.names.get(span.start)
        if owner is not None and owner.kb_id_ and self._owns(owner, span):
            # "The MILF's central committee" stands for the MILF.
            whole = party_of(self.vocabulary.entities[owner.kb_id_], self.vocabulary)
            return Party(name, "Unknown", whole.side, whole.iri)
        armed = words & self.lists["armed"] and not words & self.lists["peaceful"]
        if self.is_institution(name):
            armed = False
        return Party(name, "ArmedGroup" if armed else "Unknown", name)

    def _owns(self, owner: Span, span: Span) -> bool:
        """Whether a name is the possessive at the head of a longer one."""
        marks = ("'s", "’s", "'", "’")
        return owner.end < span.end - 1 and self.tree.words[owner.end] in marks

    def arm(self, party: Party) -> None:
        """Take an unknown organisation for an armed group: the text calls it rebels."""
        key = self._canonical(_folded(party.label))
        if self._parties.get(key) == party and party.kind == "Unknown":
            self._parties[key] = Party(party.label, "ArmedGroup", party.side)

    def _state(self, span: Span) -> Entity | None:
        """Return the state that a name contains: Georgia of "Georgian Interior Ministry"."""
        before = range(max(span.start - 2, span.sent.start), span.start)
        for k in [*range(span.start, span.end), *before]:
            named = self.demonyms.get(k) or self.names.get(k)
            if named is None or not named.kb_id_:
                continue
            if k < span.start and self.tree.words[span.start - 1] in ("and", "or", ","):
                continue
            entity = self.vocabulary.side(self.vocabulary.entities[named.kb_id_])
            if entity.kind == "Government":
                return entity
        return None


def _key(span: Span) -> str:
    return _folded(span.text)


def _folded(text: str) -> str:
    return " ".join(fold(word) for word in re.findall(r"[\w'’-]+", text))
