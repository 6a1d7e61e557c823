"""Noun phrases without a name: "the Turkish side", "Russian troops", "the regime", "a rebel"."""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING

from accord.language.known_names import DEMONYMS, NAMES
from accord.language.names import fold
from accord.language.party import Party, clean, party_of, side_of
from accord.language.wordlists import word_sets
from accord.vocabulary import Entity, Vocabulary

if TYPE_CHECKING:
    from accord.language.parties import Parties

#: Whoever is named in the title, or among so many first tokens, is whom the article is about.
_TITLE, _LEAD = 30, 80
#: One state stands out if it is named so many times as often as the next.
_CLEAR = 1.5
#: ... and it is whose President it is that is named, if so many times.
_ALONE = 2
#: A noun phrase has at most so many words before its head.
_LONG = 8
_INSIDE = frozenset(
    {"amod", "compound", "det", "flat", "punct", "nummod", "nmod:poss", "case", "advmod", "cc"}
)


class Descriptions:
    """Resolves the noun phrases of one document that are no names."""

    def __init__(self, parties: Parties) -> None:
        self.parties, self.tree, self.doc = parties, parties.tree, parties.doc
        self.vocabulary = parties.vocabulary
        self.lists = word_sets("actors")
        self.grammar = word_sets("grammar")
        self.human = word_sets("persons")["human"] | self.lists["persons"]
        self.fighters = word_sets("coreference")["fighters"]

    def resolve(self, i: int) -> tuple[Party, ...]:
        """Return whom a noun phrase without a name means; never empty."""
        owners = self.parties.owners(i)
        kind = self.parties.kind(i)
        acting = [p for p in owners if p.acts]
        if kind in ("government", "forces", "persons"):
            found = self._official(i, kind, acting)
            if found:
                return found
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

    def body(self, i: int, party: Party) -> Party:
        """Return an unknown organisation, with its state if it is a ministry: "Its Army"."""
        organisations = self.parties.organisations
        if party.known or not organisations.is_institution(party.label):
            return party
        owners = [p for p in self.parties.owners(i) if p.known]
        entity = self.vocabulary.entity(owners[0].iri or "") if owners else self._located(i)
        state = self.vocabulary.side(entity) if entity is not None else self.government(i)
        if state is None or state.kind != "Government":
            return party
        return organisations.institution(state, party.label)

    def generic(self, k: int) -> Party | None:
        """Return whom a noun in a title means: "a coalition spokesman", "a rebel leader"."""
        if self.tree.pos[k] not in ("NOUN", "PROPN", "ADJ"):
            return None
        lemma = self.tree.lemmas[k]
        if lemma in self.lists["of_state"] | self.lists["armies"]:
            state = self.government(k)
            if state is None:
                return None
            party = party_of(state, self.vocabulary)
            return self.army(party) if lemma in self.lists["armies"] else party
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
            return tuple(dict.fromkeys(self.army(p) for p in acting))
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
                return _capitals(self.vocabulary).get(fold(span.text))
        return None

    def _again(self, i: int, kind: str) -> tuple[Party, ...]:
        """Return who was named before, or which state the article is about."""
        if kind in ("government", "persons") and self.tree.tags[i] in ("NN", "NNP"):
            mention = self.parties.corefs.same_person(i)
            if mention is not None:
                return mention.parties
        ground = self.vocabulary.entity(self.ground)
        if ground is not None and self._is_ground(i):
            return (party_of(ground, self.vocabulary),)
        earlier = self.parties.corefs.definite(i)
        if earlier:
            return earlier
        if self._is_government(i) or self._of_government(i):
            state = self.government(i)
            if state is not None:
                party = party_of(state, self.vocabulary)
                return (self.army(party) if kind == "forces" else party,)
        return ()

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
            if lemma in self.lists["civilians"]:
                label = "Civilians"
            return Party(text, label, text)
        if lemma in self.lists["civilians"]:
            return Party(text, "Civilians", text)
        if i in self.parties.others:
            return Party(text, "Unknown", text)
        if i in self.parties.places:
            return Party(clean(self.parties.places[i].text), "Place", text)
        return Party(text, "Thing", text)

    # -- states and armies ---------------------------------------------------------------------

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

    def government(self, i: int) -> Entity | None:
        """Return whose a bare "government" is.

        The one said last; else that of the ground on which it all happens; else of the state that
        the article is about.
        """
        for mention in self.parties.corefs.before(i):
            if mention.noun in self.lists["of_state"] and mention.parties[0].kind == "Government":
                return self.vocabulary.entity(mention.parties[0].iri or "")
        return self.vocabulary.entity(self.ground or self._main_state)

    def main_government(self) -> Entity | None:
        """Return the state that the article is about, if no other is named half as often."""
        return self.vocabulary.entity(_outstanding(self._counts, _ALONE))

    @cached_property
    def ground(self) -> str:
        """IRI of the state within which most of the places lie, if one stands out."""
        counts: dict[str, int] = {}
        for span in self.doc.spans.get(NAMES, ()):
            entity = self.vocabulary.entity(span.kb_id_)
            if entity is None or not entity.is_place or fold(entity.label) in self._seats:
                continue
            state = self._state_of(entity)
            if state is not None:
                counts[state.iri] = counts.get(state.iri, 0) + 1
        return _outstanding(counts)

    @cached_property
    def _seats(self) -> frozenset[str]:
        return frozenset(_capitals(self.vocabulary))

    def _state_of(self, entity: Entity) -> Entity | None:
        """Return the state in which a place lies."""
        seen = {entity.iri}
        while entity.kind != "Government":
            above = next((iri for iri in entity.within if iri not in seen), None)
            within = self.vocabulary.entity(above or "")
            if within is None:
                return None
            seen.add(within.iri)
            entity = within
        return entity

    @cached_property
    def _main_state(self) -> str:
        """IRI of the state that the article is about, if one stands out."""
        return _outstanding(self._counts)

    @cached_property
    def _counts(self) -> dict[str, int]:
        """How often each state is named, more in the lead."""
        counts: dict[str, int] = {}
        spans = [*self.doc.spans.get(NAMES, ()), *self.doc.spans.get(DEMONYMS, ())]
        first = (i for i, token in enumerate(self.doc[:_TITLE]) if "\n" in token.text and i)
        title = next(first, 0)
        places = {
            span.end - 1
            for span in spans
            if span.label_ == "Place" and self.doc[span.end : span.end + 1].text == ","
        }
        for span in spans:
            if span.label_ in ("Government", "ArmedForces", "Person") and span.kb_id_:
                side = self.vocabulary.side(self.vocabulary.entities[span.kb_id_])
                if side.kind != "Government":
                    continue
                if span.start > 1 and span.start - 2 in places:
                    # The country of a dateline.
                    continue
                weight = 3 if span.start < _LEAD else 1
                if span.end <= title:
                    weight = 5
                counts[side.iri] = counts.get(side.iri, 0) + weight
        return counts

    def army(self, party: Party) -> Party:
        """Return the armed forces of a state, as far as the vocabulary has them; else it itself."""
        state = self.vocabulary.entity(party.iri) if party.iri else None
        if state is not None and state.kind == "Person":
            state = self.vocabulary.side(state)
        if state is not None and state.kind == "Government":
            army = _armies(self.vocabulary).get(state.iri)
            return party_of(army or state, self.vocabulary)
        return party

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
        if end < len(self.doc) and tree.words[end] == "of":
            for k in tree.children(i, "nmod"):
                if tree.preposition(k) == "of" and tree.right[k] - i <= 6:
                    name = self.parties.names.get(k) or self.parties.persons.get(k)
                    end = max(k + 1, name.end if name is not None else 0)
        for k in tree.children(i, "amod", "acl"):
            # "fighters loyal to X": without X nobody knows which.
            if k == i + 1 and tree.lemmas[k] in self.lists["loyal"] and tree.right[k] - k <= _LONG:
                end = max(end, tree.right[k] + 1)
        text = clean(self.doc[start:end].text)
        group = tree.lemmas[i] in self.lists["group"] | self.lists["forces"]
        if group and tree.deps[i] == "compound" and tree.tags[i] == "NN":
            # The rebels of "rebel-held".
            return f"{text}s"
        return text


def _outstanding(counts: dict[str, int], clear: float = _CLEAR) -> str:
    """Return what is counted clearly more often than all else, or nothing."""
    ranked = sorted(counts, key=lambda iri: (-counts[iri], iri))
    if not ranked or (len(ranked) > 1 and counts[ranked[0]] < clear * counts[ranked[1]]):
        return ""
    return ranked[0]


@cache
def _armies(vocabulary: Vocabulary) -> dict[str, Entity]:
    """Return for each state its regular armed forces: those that bear its demonym."""
    armies: dict[str, Entity] = {}
    for entity in vocabulary.entities.values():
        for iri in entity.part_of if entity.kind == "ArmedForces" else ():
            state = vocabulary.entity(iri)
            regular = {
                f"{demonym} {noun}"
                for demonym in (state.demonyms if state else ())
                for noun in ("army", "military", "forces", "troops")
            }
            if regular & {*entity.aliases, *entity.descriptions}:
                armies.setdefault(iri, entity)
    return armies


@cache
def _capitals(vocabulary: Vocabulary) -> dict[str, Entity]:
    """Return the states by the folded names of their capitals, and of themselves."""
    return {
        fold(name): entity
        for entity in vocabulary.entities.values()
        if entity.kind == "Government"
        for name in (entity.label, *entity.metonyms)
    }
