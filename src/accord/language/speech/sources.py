"""Cues and sources: which words report that somebody says something, and who that is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from accord.language.actors.parties import Parties, Party
from accord.language.actors.party import clean, party_of
from accord.language.syntax import Tree
from accord.language.wordlists import word_lists

CLASSES = ("assert", "demand", "promise", "deny", "accuse", "warn", "ask")

_MARKS = frozenset({",", "”", '"', "’"})
#: "The report" goes back to one that was named so many tokens before at most.
_FAR = 400
#: What says more of somebody without a name is at most so long.
_LONG = 8
_TITLE = frozenset({"NOUN", "PROPN", "ADJ"})
_DESCRIBES = frozenset({"ADP", "ADJ", "DET", "NOUN", "PROPN", "PART", "NUM"})
#: Endings of nouns for people.
_HUMAN = ("er", "or", "ist", "ian", "man", "woman", "ee")


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that reports: its token, its class, its source's head, and who that is."""

    token: int
    cue_class: str
    source: int
    speaker: Party


class Sources:
    """Finds the cues of one document, each with its source."""

    def __init__(self, tree: Tree, parties: Parties) -> None:
        self.tree, self.parties, self.doc = tree, parties, tree.doc
        lists = word_lists("cues")
        self.order = CLASSES
        self.classes = {word: name for name in reversed(CLASSES) for word in lists[name]}
        self.documents = frozenset(lists["documents"])
        self.naming = frozenset(lists["naming"])
        self.thinking = frozenset(lists["thinking"])
        self.official = frozenset(lists["official"])
        self.publishing = frozenset(lists["publishing"])
        self.remarking = frozenset(lists["remarking"])
        self.shows = frozenset(lists["shows"])
        self.some = frozenset(lists["some"])
        self.private = frozenset(lists["private"])
        self.open = frozenset(lists["open"])
        self.only_that = frozenset(lists["only_that"])
        self.nominal = frozenset(lists["nominal"])
        self.humans = frozenset([*word_lists("actors")["civilians"], *lists["speakers"]])
        self.agreements = frozenset(word_lists("things")["agreements"])
        self.calendar = frozenset(word_lists("grammar")["calendar"])
        self.person_roles = parties.people.human

    def cues(self, quoted: set[int]) -> Iterator[Cue]:
        """Yield the verbs that report, in the order of the text.

        :param quoted: tokens in quotations; a verb there reports only if it has a clause
        """
        for i in range(len(self.tree.lemmas)):
            cue = self.cue(i, quoted)
            if cue is not None:
                yield cue

    def cue(self, i: int, quoted: set[int]) -> Cue | None:
        """Return what a verb reports; None where it is no verb that does, or nobody is named."""
        lemma = self.tree.lemmas[i]
        if lemma not in self.classes or self.tree.pos[i] not in ("VERB", "AUX"):
            return None
        if i in quoted and not self.tree.children(i, "ccomp"):
            return None
        source = self._source(i)
        speaker = self.speaker(source, lemma in self.open) if source is not None else None
        if source is None or speaker is None:
            return None
        return Cue(i, self.classes[lemma], source, speaker)

    def _source(self, i: int) -> int | None:
        if self.tree.words[i - 1] in (",", "”", '"', "’") and i > 0:
            behind = self.inverted(i)
            if behind is not None:
                return behind
        if self.tree.lemmas[i] == "quote":
            subjects = self.tree.surface_subject(i)
        elif self.tree.is_passive(i):
            subjects = self.tree.agents(i)
        else:
            subjects = self.tree.surface_subject(i)
        if not subjects and self.tree.deps[i] == "advcl":
            subjects = self.tree.surface_subject(self.tree.heads[i])
        if not subjects and not self.tree.is_passive(i):
            # "It said that ...": the parser may take the pronoun for an expletive.
            subjects = self.tree.children(i, "expl") if self.tree.children(i, "ccomp") else []
        return subjects[0] if subjects else None

    def inverted(self, i: int) -> int | None:
        """Return the source in "..., said the Syrian Observatory": a name right behind the cue."""
        for k in range(i + 1, min(i + 9, self.doc[i].sent.end)):
            if k in self.parties.names:
                return self.parties.names[k].root.i if self.parties.names[k].kb_id_ else None
            if k in self.parties.persons:
                return self.parties.persons[k].root.i
            if self.tree.words[k] in ("he", "she", "they") and k == i + 1:
                return k
            if self.tree.pos[k] in ("VERB", "AUX", "ADP", "PUNCT", "SCONJ"):
                break
            if self.tree.pos[k] == "NOUN" and self.tree.deps[k] in ("nsubj", "obj"):
                following = self.tree.words[k + 1 : k + 2]
                if following and following[0] in (".", ","):
                    return k
        return None

    def _human(self, lemma: str) -> bool:
        known = self.humans | self.person_roles
        return lemma in known or (len(lemma) > 4 and lemma.endswith(_HUMAN))

    def speaker(self, i: int, anybody: bool = False) -> Party | None:
        """Return who speaks; None where the noun is not one that speaks.

        :param anybody: whether people and documents without a name or an owner count too
        """
        i = self._core(i)
        party = self.parties.resolve(i)[0]
        lemma = self.tree.lemmas[i]
        documented = (
            lemma in self.documents and not self.parties.named(i) and not self.parties.kind(i)
        )
        if party.acts and (not documented or lemma in self.person_roles):
            return self._somebody(i, party)
        if lemma in self.agreements or party.kind in ("Place", "Zone"):
            return None
        maker = self._maker(i) if documented else None
        if maker is not None:
            return maker
        if party.acts:
            return self._somebody(i, party)
        if (
            anybody
            and self.tree.pos[i] == "NOUN"
            and (lemma in self.documents or self._human(lemma))
        ):
            # "Medical staff said", "local media reported": nobody that we know, but somebody.
            owners = [p for p in self.parties.owners(i) if p.acts]
            if owners and lemma not in self.private:
                return Party(party.label, "Unknown Person", owners[0].side)
            if lemma not in self.documents:
                return self._stranger(i)
            return Party(party.label, "Group", party.label)
        return None

    def _core(self, i: int) -> int:
        """Return the noun that a source is about: "one of them, a teacher" is a teacher."""
        core = self.tree.core(i)
        if core == i:
            return i
        apposed = (k for k in self.tree.children(i, "appos") if self._human(self.tree.lemmas[k]))
        return next(apposed, core)

    def _somebody(self, i: int, party: Party) -> Party | None:
        """Return who a noun or pronoun is that means somebody who acts."""
        lemma = self.tree.lemmas[i]
        if i in self.parties.demonyms and self.tree.tags[i] in ("NNS", "NNPS"):
            said = {self.tree.words[k] for k in self.tree.children(i, "amod", "det", "nummod")}
            if said & self.some:
                # "Many Iraqis said": people, and not their state.
                label = self.doc[i].text
                return Party(label, "Group", label)
        nobody = party.kind == "Group" and party.label == self.parties.phrase(i)
        if lemma in self.private and not self.parties.person_beside(i):
            # "A resident of Bahri" speaks for no town.
            return self._stranger(i)
        if lemma in self.person_roles:
            named = self._named_behind(i)
            owners = [p.side for p in self.parties.owners(i) if p.acts]
            if named is not None and (owners or not party.person):
                return Party(named.label, "Unknown Person", next(iter(owners), named.side))
        if lemma in self.person_roles and not party.person:
            if nobody and self.tree.tags[i] == "NN":
                return self._stranger(i)
            return self.parties.last_person_of(i, party.side) or party
        if party.kind == "Group" and (
            self.tree.words[i] == "it"
            or (self.tree.words[i] == "they" and not self._human(_singular(party.label)))
        ):
            return None
        return party

    def _named_behind(self, i: int) -> Party | None:
        """Return the person of "the coalition's spokesman, Brigadier General X"."""
        if self.tree.tags[i] not in ("NN", "NNP") or self.tree.words[i + 1 : i + 2] != [","]:
            return None
        for k in range(i + 2, min(i + 2 + _LONG, self.doc[i].sent.end)):
            found = self.parties.named(k)
            if found and found[0].person:
                return found[0]
            if self.tree.pos[k] not in _TITLE:
                break
        return None

    def _stranger(self, i: int) -> Party:
        """Return who stands for nobody and has no name: "an official close to the talks"."""
        label, end = self.parties.phrase(i), i + 1
        # By the words: the parser often hangs "close to the talks" elsewhere.
        last = min(i + _LONG, self.doc[i].sent.end)
        while end < last and (self.tree.pos[end] in _DESCRIBES or self.tree.words[end] == "close"):
            when = self.tree.lemmas[end + 1] if end + 1 < last else ""
            if self.tree.pos[end] == "ADP" and when in self.calendar:
                break
            end += 1
        while end > i + 1 and self.tree.pos[end - 1] not in ("NOUN", "PROPN"):
            end -= 1
        noun = self.doc[i].text
        if noun in label:
            label = clean(label[: label.index(noun)] + self.doc[i:end].text)
        return Party(label, "Unknown Person", label)

    def _maker(self, i: int) -> Party | None:
        """Return whose document it is: "the ministry's statement", "a report by the UN".

        Where it does not say, the last one of the same name that did: "the report added".
        """
        owners = self._makers(i)
        if owners or self.tree.tags[i] in ("NNS", "NNPS"):
            return owners[0] if owners else None
        determiners = {self.tree.words[k] for k in self.tree.children(i, "det")}
        modified = self.tree.children(i, "amod", "compound", "nmod", "acl")
        if not determiners & {"the", "this"} or modified:
            return None
        lemma = self.tree.lemmas[i]
        for k in range(i - 1, max(-1, i - _FAR), -1):
            if self.tree.lemmas[k] == lemma and self.tree.pos[k] == "NOUN":
                owners = self._makers(k) or self._publishers(k)
                if owners:
                    return owners[0]
        return None

    def _makers(self, i: int) -> list[Party]:
        """Return whom the phrase of a document names: its owners, who it is by, or the state."""
        by = [k for k in self.tree.children(i, "nmod") if self.tree.preposition(k) == "by"]
        found = [p for p in (*self.parties.owners(i), *self.parties.resolve_all(by)) if p.acts]
        for k in self.tree.children(i, "compound") if not found else ():
            # "The ministry statement": the ministry that was named.
            before = self.parties.corefs.before(k)
            same = (m.parties[0] for m in before if m.noun == self.tree.lemmas[k])
            found += [p for p in same if p.kind != "Group"][:1]
        if not found and any(
            self.tree.words[k] in self.official for k in self.tree.children(i, "amod", "compound")
        ):
            state = self.parties.states.government(i)
            found = [party_of(state, self.parties.vocabulary)] if state is not None else []
        return found

    def _publishers(self, i: int) -> list[Party]:
        """Return who publishes a document: "X released a report"."""
        head = self.tree.heads[i]
        if self.tree.deps[i] not in ("obj", "nsubj:pass") or (
            self.tree.lemmas[head] not in self.publishing
        ):
            return []
        return [p for p in self.parties.resolve_all(self.tree.agents(head)) if p.acts]


def _singular(label: str) -> str:
    """Return the last word of what several people are called, as of one of them."""
    word = label.lower().split()[-1] if label.split() else ""
    return word.removesuffix("s")
