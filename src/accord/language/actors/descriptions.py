"""Noun phrases without a name: "the Turkish side", "Russian troops", "the regime", "a rebel"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accord.language.actors.coreference import FIRST
from accord.language.actors.party import Party, clean, party_of, side_of
from accord.language.actors.states import capitals
from accord.language.names import fold
from accord.language.wordlists import word_sets
from accord.vocabulary import Entity

if TYPE_CHECKING:
    from accord.language.actors.parties import Parties

#: A noun phrase has at most so many words before its head.
_LONG = 8
#: What may stand in it; a conjunct there is a modifier: "Islamist and terrorist groups".
_INSIDE = frozenset(
    ("amod", "compound", "conj", "cc", "det", "flat", "punct", "nummod", "nmod:poss", "case")
) | {"advmod"}


class Descriptions:
    """Resolves the noun phrases of one document that are no names."""

    def __init__(self, parties: Parties) -> None:
        self.parties, self.tree, self.doc = parties, parties.tree, parties.doc
        self.vocabulary, self.states = parties.vocabulary, parties.states
        self.lists = word_sets("actors")
        self.grammar = word_sets("grammar")
        self.human = word_sets("persons")["human"] | self.lists["persons"]
        self.spoken_for = word_sets("persons")["speaks_for"]
        self.fighters = word_sets("coreference")["fighters"]

    def resolve(self, i: int) -> tuple[Party, ...]:
        """Return whom a noun phrase without a name means; never empty."""
        apposed = self._apposed(i)
        if apposed:
            return apposed
        owners = self.parties.owners(i)
        kind = self.parties.kind(i)
        acting = [p for p in owners if p.acts]
        if kind in ("government", "forces", "persons"):
            found = self._official(i, kind, acting)
            if found:
                return found
        if kind == "bodies" and acting and self.tree.children(i, "nmod:poss"):
            # "The movement's council" stands for the movement.
            return (Party(self.phrase(i), "Unknown", side_of(acting[0], self.vocabulary).label),)
        if self.tree.lemmas[i] in self.lists["sorts"]:
            # "Several groups of militants" are militants.
            of = [k for k in self.tree.children(i, "nmod") if self.tree.preposition(k) == "of"]
            if of and self.tree.tags[of[0]] == "NNS":
                return self.parties.resolve(of[0])
        if kind == "group":
            fighting: tuple[str, ...] = ("ArmedGroup", "ArmedForces", "Party")
            if self.tree.lemmas[i] in self.fighters:
                fighting = (*fighting, "Unknown")
            groups = [p for p in owners if p.kind in fighting]
            if not groups and self.tree.lemmas[i] == "member":
                # "a member of the delegation" stands for it.
                groups = [side_of(p, self.vocabulary) for p in acting]
            if not groups and self.tree.lemmas[i] in self.lists["same_group"]:
                groups = [p for p in owners if p.kind in ("Organisation", "Unknown")]
            if groups:
                return tuple(dict.fromkeys(groups))
        return self._again(i, kind) or (self._anonymous(i, kind),)

    def _apposed(self, i: int) -> tuple[Party, ...]:
        """Return whom "M23, a rebel group" says more of."""
        head = self.tree.heads[i]
        if self.tree.deps[i] != "appos" or not head < i or not self.parties.kind(i):
            return ()
        before = self.tree.words[self.tree.left[i] - 1 : self.tree.left[i] + 1]
        single = self.tree.tags[i] == "NN" and bool(self.tree.children(i, "det", "nmod:poss"))
        if not single or not {",", "—", "–"} & set(before):
            return ()
        found = self.parties.named(head)
        return found if found and found[0].acts else ()

    def body(self, i: int, party: Party) -> Party:
        """Return an unknown organisation, with its state if it is a ministry: "Its Army"."""
        organisations = self.parties.organisations
        if party.known or not organisations.is_institution(party.label):
            return party
        owners = [p for p in self.parties.owners(i) if p.known]
        entity = self.vocabulary.entity(owners[0].iri or "") if owners else self._located(i)
        state = self.vocabulary.side(entity) if entity is not None else self.states.government(i)
        if state is None or state.kind != "Government":
            return party
        return organisations.institution(state, party.label)

    def generic(self, k: int) -> Party | None:
        """Return whom a noun in a title means: "a coalition spokesman", "a rebel leader"."""
        if self.tree.pos[k] not in ("NOUN", "PROPN", "ADJ"):
            return None
        lemma = self.tree.lemmas[k]
        if lemma in self.lists["of_state"] | self.lists["armies"]:
            state = self.states.government(k)
            if state is None:
                return None
            party = party_of(state, self.vocabulary)
            return self.states.army(party) if lemma in self.lists["armies"] else party
        if lemma not in self.lists["group"] or self.tree.pos[k] == "PROPN":
            return None
        found = self.parties.corefs.same_group(k)
        text = clean(self.tree.words[k])
        label = f"{text}s" if lemma in self.fighters and not text.endswith("s") else text
        return found or Party(label, "Group", label)

    def modifies_post(self, k: int) -> bool:
        """Whether a noun stands before a post, as in "coalition spokesman"."""
        head = self.tree.heads[k]
        return self.tree.lemmas[head] in self.human and self.parties.kind(head) != "group"

    def _official(self, i: int, kind: str, acting: list[Party]) -> tuple[Party, ...]:
        """Return whom a post, a body or an army of somebody means."""
        if kind == "forces" and acting:
            return tuple(dict.fromkeys(self.states.army(p) for p in acting))
        person = self.parties.person_beside(i) if self.tree.lemmas[i] in self.human else None
        if person is not None:
            return (person,)
        state = self._located(i) if not acting else None
        if state is not None:
            acting = [party_of(state, self.vocabulary)]
        if self.parties.organisations.is_institution(self.tree.lemmas[i]) and len(acting) == 1:
            entity = self.vocabulary.entity(acting[0].iri or "")
            entity = self.vocabulary.side(entity) if entity is not None else None
            if entity is not None and entity.kind == "Government":
                return (self.parties.organisations.institution(entity, self._bare(i)),)
        return tuple(dict.fromkeys(side_of(p, self.vocabulary) for p in acting))

    def _bare(self, i: int) -> str:
        """Return what a body is called, without its state: "defence ministry"."""
        words = [
            k
            for k in sorted(self.tree.children(i, "amod", "compound"))
            if k not in self.parties.demonyms and k not in self.parties.names and k < i
        ]
        start = words[0] if words else i
        if i - start > len(words):
            start = i
        return clean(self.doc[start : i + 1].text)

    def _located(self, i: int) -> Entity | None:
        """Return the state of "an official in Juba", and of "In Juba, an official said"."""
        if self.tree.lemmas[i] not in self.lists["local"]:
            return None
        places = [k for k in self.tree.children(i, "nmod") if self.tree.preposition(k) == "in"]
        start = self.doc[i].sent.start
        if not places and self.tree.words[start] == "in" and start < i:
            places = list(range(start + 1, min(start + 4, i)))
        for k in places:
            span = self.parties.names.get(k)
            if span is not None and span.label_ in ("Place", "Government"):
                return capitals(self.vocabulary).get(fold(span.text))
        return None

    def _again(self, i: int, kind: str) -> tuple[Party, ...]:
        """Return who was named before, or which state the article is about."""
        if kind in ("government", "persons") and self.tree.tags[i] in ("NN", "NNP"):
            mention = self.parties.corefs.same_person(i)
            if mention is not None:
                return mention.parties
        ground = self.vocabulary.entity(self.states.ground)
        if ground is not None and self._is_ground(i):
            return (party_of(ground, self.vocabulary),)
        earlier = self.parties.corefs.definite(i)
        if earlier:
            return earlier
        if self._is_government(i) or self._of_government(i):
            state = self.states.government(i)
            if state is not None:
                party = party_of(state, self.vocabulary)
                return (self.states.army(party) if kind == "forces" else party,)
        alone = self.states.main_government()
        if alone is not None and ground in (None, alone) and self._are_regulars(i):
            return (self.states.army(party_of(alone, self.vocabulary)),)
        return ()

    def _are_regulars(self, i: int) -> bool:
        """Whether it is "soldiers" or "the security forces", and no word says whose."""
        if self.tree.lemmas[i] not in self.lists["regulars"]:
            return False
        owned = self.tree.children(i, "nmod:poss")
        if any(self.tree.words[k] not in FIRST for k in owned):
            return False
        said = self.tree.children(i, "amod", "compound", "nummod", "nmod", "acl", "acl:relcl")
        return all(self.tree.lemmas[k] in self.lists["plain_forces"] for k in said)

    def _is_ground(self, i: int) -> bool:
        """Whether it is "in the country", where things happen and nobody acts."""
        bare = not self.tree.children(i, "amod", "compound", "nmod", "nummod", "acl:relcl")
        country = self.tree.lemmas[i] in ("country", "nation") and self.tree.tags[i] == "NN"
        the = any(self.tree.words[k] == "the" for k in self.tree.children(i, "det"))
        return country and bare and the and self.tree.preposition(i) in self.grammar["locative"]

    def _anonymous(self, i: int, kind: str) -> Party:
        """Return a phrase as what it is called: a group, civilians, a place, a thing."""
        text = self.phrase(i)
        lemma = self.tree.lemmas[i]
        if lemma in self.lists["materiel"]:
            return Party(text, "Thing", text)
        if kind or (text[:1].isupper() and i in self.parties.others):
            label = "Group" if kind else "Unknown"
            if lemma in self.lists["civilians"] and kind != "group":
                label = "Civilians"
            return Party(text, label, text)
        if lemma in self.lists["civilians"]:
            return Party(text, "Civilians", text)
        if i in self.parties.others:
            return Party(text, "Unknown", text)
        if i in self.parties.places:
            return Party(clean(self.parties.places[i].text), "Place", text)
        return Party(text, "Thing", text)

    def _is_government(self, i: int) -> bool:
        """Whether it is "the government" or "the army", and no ceasefire regime or unity one."""
        if self.tree.lemmas[i] not in self.lists["of_state"] | self.lists["armies"]:
            return False
        determiners = {self.tree.words[k] for k in self.tree.children(i, "det")}
        return not self.tree.children(i, "compound") and not determiners & {"a", "an", "no", "any"}

    def _of_government(self, i: int) -> bool:
        """Whether it is "government troops" or "regime forces", without saying whose."""
        return any(
            self.tree.lemmas[k] in self.lists["of_state"] and self.tree.deps[k] != "conj"
            for k in self.tree.children(i, "compound", "nmod:poss", "amod")
        )

    # -- words ---------------------------------------------------------------------------------

    def phrase(self, i: int) -> str:
        """Return the noun with its adjectives and compounds, without article and clauses."""
        tree = self.tree
        person = self.parties.persons.get(i) or self.parties.others.get(i)
        if person is not None:
            return clean(person.text)
        start = i
        while start - 1 >= max(tree.left[i], i - _LONG) and tree.deps[start - 1] in _INSIDE:
            start -= 1
        calendar = [k for k in range(start, i) if tree.lemmas[k] in self.grammar["calendar"]]
        start = max([start, *(k + 1 for k in calendar)])
        while start < i and (
            tree.deps[start] in ("det", "punct", "cc", "case", "nummod")
            or tree.pos[start] in ("PRON", "NUM", "PUNCT")
            or tree.words[start] in self.grammar["not_in_names"]
        ):
            start += 1
        end = i + 1
        behind = {"of", "for"} if tree.lemmas[i] in self.spoken_for else {"of"}
        if end < len(self.doc) and tree.words[end] in behind:
            for k in tree.children(i, "nmod"):
                if tree.preposition(k) in behind and tree.right[k] - i <= 6:
                    name = self.parties.names.get(k) or self.parties.persons.get(k)
                    end = max(k + 1, name.end if name is not None else 0)
        for k in tree.children(i, "amod", "acl"):
            # "fighters loyal to X": without X nobody knows which.
            if k == i + 1 and tree.lemmas[k] in self.lists["loyal"]:
                for to in tree.children(k, "obl", "nmod"):
                    name = self.parties.names.get(to) or self.parties.persons.get(to)
                    close = to - k <= _LONG
                    end = max(end, to + 1 if close else 0, name.end if close and name else 0)
        text = clean(self.doc[start:end].text)
        group = tree.lemmas[i] in self.lists["group"] | self.lists["forces"]
        if group and tree.deps[i] == "compound" and tree.tags[i] == "NN":
            # The rebels of "rebel-held".
            return f"{text}s"
        return text
