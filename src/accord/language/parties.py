"""From a noun phrase to the parties it means: names, roles, descriptions and pronouns.

Built once for a document, in time linear in its length; nothing here reads the claim frames.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, cached_property

from spacy.tokens import Span

from accord.language.coreference import FIRST, Coreference, Mention
from accord.language.known_names import DEMONYMS, NAMES
from accord.language.persons import Party, Persons, by_token, clean, entities, party_of
from accord.language.syntax import SUBJECTS, Tree
from accord.language.wordlists import word_lists
from accord.vocabulary import Entity, Vocabulary

__all__ = ["Parties", "Party"]

#: Whoever is named among so many first tokens is whom the article is about.
_LEAD = 80
#: Names within names within names: deeper than this a phrase means nothing.
_DEEP = 12
#: A noun phrase has at most so many words before its head.
_LONG = 8
_OF = frozenset({"of", "from", "for", "in", "within"})
_MODIFIERS = ("amod", "compound", "nmod:poss", "nmod", "flat", "appos", "det", "nmod:desc")
_INSIDE = frozenset(
    {"amod", "compound", "det", "flat", "punct", "nummod", "nmod:poss", "case", "advmod", "cc"}
)


class Parties:
    """Resolves the heads of noun phrases of one document."""

    def __init__(self, tree: Tree, vocabulary: Vocabulary) -> None:
        self.tree, self.vocabulary, self.doc = tree, vocabulary, tree.doc
        self.lists = {key: frozenset(words) for key, words in word_lists("actors").items()}
        self.grammar = {key: frozenset(words) for key, words in word_lists("grammar").items()}
        self.names = by_token(self.doc.spans.get(NAMES, ()))
        self.demonyms = by_token(self.doc.spans.get(DEMONYMS, ()))
        self.people = Persons(tree, vocabulary, self.names, self.demonyms)
        self.persons = self.people.spans
        self.others = entities(self.doc, "Organization", "NORP", "Facility", "Misc")
        self.places = entities(self.doc, "Location")
        self.corefs = Coreference(tree, self._side)
        self.depth = 0
        self.cache: dict[int, tuple[Party, ...]] = {}
        self._collect()

    # -- the interface -------------------------------------------------------------------------

    def resolve(self, i: int) -> tuple[Party, ...]:
        """Return the parties that the noun phrase with head ``i`` means; never empty."""
        if i in self.cache:
            return self.cache[i]
        if self.depth > _DEEP:
            return (Party(self.tree.words[i], "Thing", self.tree.words[i]),)
        self.depth += 1
        found = self.corefs.pronoun(i) or self._named(i) or self._described(i)
        self.depth -= 1
        self.cache[i] = found
        return found

    def resolve_all(self, heads: Iterable[int]) -> tuple[Party, ...]:
        """Resolve several heads, each party once, in order."""
        return tuple(dict.fromkeys(p for i in heads for p in self.resolve(i)))

    def entity(self, i: int) -> Entity | None:
        """Return the entity whose name covers a token."""
        span = self.names.get(i)
        return self.vocabulary.entity(span.kb_id_) if span is not None else None

    def last_person_of(self, i: int, side: str) -> Party | None:
        """Return the person of one side who was named last before a token."""
        return self.corefs.last_person(i, side)

    def set_voices(self, voices: dict[int, Party], speakers: dict[int, Party]) -> None:
        """Say who speaks where, after the attributions are known.

        :param voices: for tokens in reported speech, the side that speaks
        :param speakers: for tokens that are he or she, the person who speaks
        """
        self.corefs.voices, self.corefs.speakers = voices, speakers
        self.cache = {}

    def owners(self, i: int) -> list[Party]:
        """Return whom the modifiers of a noun name: "Turkey's", "Turkish", "of Hamas"."""
        found: list[Party] = []
        for k in self.tree.kids[i]:
            dep = self.tree.deps[k]
            if dep in _MODIFIERS and self.tree.pos[k] != "PART":
                if dep == "nmod" and self.tree.preposition(k) not in _OF:
                    continue
                if dep == "appos" and k not in self.names:
                    continue
                heads = self.tree.conjuncts(k)
                for head in heads:
                    found.extend(self.modifier(head))
                if dep == "amod" and self.tree.lemmas[k] == "loyal":
                    for preposition, noun in self.tree.obliques(k):
                        if preposition == "to":
                            found.extend(self.resolve(noun))
        speaking = {self.corefs.voices[k] for k in self.tree.kids[i] if k in self.corefs.voices}
        ours = any(self.tree.words[k] in FIRST for k in self.tree.kids[i])
        if ours and any(p not in speaking for p in found):
            # "our Turkish partners" are Turkey's.
            found = [p for p in found if p not in speaking]
        return list(dict.fromkeys(found))

    def modifier(self, k: int) -> tuple[Party, ...]:
        """Return whom an adjective or a noun before another names: "Turkish", "Houthi"."""
        span = self.names.get(k) or self.demonyms.get(k)
        if span is not None and span.kb_id_:
            entity = self.vocabulary.entities[span.kb_id_]
            for iri in entity.within if entity.is_place else ():
                state = self.vocabulary.entity(iri)
                if state is not None and state.kind == "Government":
                    return ()
            return (party_of(entity, self.vocabulary),)
        if self.tree.words[k] in FIRST and k in self.corefs.voices:
            return (self.corefs.voices[k],)
        if self.tree.deps[k] in ("nmod:poss", "nmod"):
            return self.resolve(k)
        if self.tree.deps[k] in ("compound", "amod") and self.depth <= _DEEP:
            self.depth += 1
            below = [
                p
                for child in self.tree.children(k, "compound", "amod")
                for p in self.modifier(child)
            ]
            self.depth -= 1
            return tuple(below)
        return ()

    # -- names ---------------------------------------------------------------------------------

    def _named(self, i: int) -> tuple[Party, ...]:
        span = self.names.get(i) or self._beside(i)
        if span is not None:
            if not span.kb_id_:
                return (Party(span.text, "Place", span.text),)
            return (party_of(self.vocabulary.entities[span.kb_id_], self.vocabulary),)
        if i in self.persons:
            return (self.people.party(self.persons[i]),)
        people = self.demonyms.get(i)
        plural = self.tree.tags[i] in ("NNS", "NNPS")
        if people is not None and plural:
            return (party_of(self.vocabulary.entities[people.kb_id_], self.vocabulary),)
        return ()

    def _beside(self, i: int) -> Span | None:
        """Return the name right behind a noun that it says more of: "the militia X"."""
        if self.tree.lemmas[i] in self.lists["persons"]:
            return None
        for k in self.tree.children(i, "flat", "appos"):
            if k in self.names and k - i <= 2:
                return self.names[k]
        return None

    # -- descriptions --------------------------------------------------------------------------

    def _described(self, i: int) -> tuple[Party, ...]:
        lemma = self.tree.lemmas[i]
        owners = self.owners(i)
        kind = self._kind(i)
        named = [p for p in owners if p.kind not in ("Thing", "Place", "Zone", "Civilians")]
        if kind in ("government", "forces", "persons"):
            if named and kind == "forces":
                return tuple(dict.fromkeys(self._army(p) for p in named))
            person = self._person_beside(i)
            if person is not None:
                return (person,)
            if named:
                return tuple(dict.fromkeys(self._side(p) for p in named))
        if kind == "group":
            groups = [p for p in owners if p.kind in ("ArmedGroup", "ArmedForces", "Party")]
            if groups:
                return tuple(dict.fromkeys(groups))
            organisations = [p for p in owners if p.kind == "Organisation"]
            if organisations and lemma in self.lists["same_group"]:
                return tuple(dict.fromkeys(organisations))
        earlier = self.corefs.definite(i)
        if earlier:
            return earlier
        if lemma in ("government", "regime", "army", "military") or self._of_government(i):
            state = self._government(i)
            if state is not None:
                return (self._army(state) if kind == "forces" else state,)
        text = self.phrase(i)
        if lemma in self.lists["materiel"]:
            return (Party(text, "Thing", text),)
        if kind or (text[:1].isupper() and i in self.others):
            label = "Group" if kind else "Unknown"
            if lemma in self.lists["civilians"]:
                label = "Civilians"
            return (Party(text, label, text),)
        if lemma in self.lists["civilians"]:
            return (Party(text, "Civilians", text),)
        if i in self.others:
            return (Party(text, "Unknown", text),)
        if i in self.places:
            return (Party(clean(self.places[i].text), "Place", text),)
        return (Party(text, "Thing", text),)

    def _of_government(self, i: int) -> bool:
        """Whether it is "government troops" or "regime forces", without saying whose."""
        return any(
            self.tree.lemmas[k] in ("government", "regime") and self.tree.deps[k] != "conj"
            for k in self.tree.children(i, "compound", "nmod:poss", "amod")
        )

    def _government(self, i: int) -> Party | None:
        """Return whose a bare "government" is: the one said last, else the main state's."""
        for mention in self.corefs.before(i):
            if mention.noun in ("government", "regime") and mention.parties[0].kind == "Government":
                return mention.parties[0]
        entity = self.vocabulary.entity(self._main_state)
        return party_of(entity, self.vocabulary) if entity is not None else None

    @cached_property
    def _main_state(self) -> str:
        """IRI of the state that the article is about, if one stands out."""
        counts: dict[str, int] = {}
        spans = [*self.doc.spans.get(NAMES, ()), *self.doc.spans.get(DEMONYMS, ())]
        for span in spans:
            if span.label_ in ("Government", "ArmedForces") and span.kb_id_:
                side = self.vocabulary.side(self.vocabulary.entities[span.kb_id_])
                weight = 3 if span.start < _LEAD else 1
                counts[side.iri] = counts.get(side.iri, 0) + weight
        ranked = sorted(counts, key=lambda iri: (-counts[iri], iri))
        if not ranked or (len(ranked) > 1 and counts[ranked[0]] < 1.5 * counts[ranked[1]]):
            return ""
        return ranked[0]

    def _kind(self, i: int) -> str:
        lemma = self.tree.lemmas[i]
        kinds = ("forces", "group", "persons", "government")
        return next((kind for kind in kinds if lemma in self.lists[kind]), "")

    def _army(self, party: Party) -> Party:
        state = self.vocabulary.entity(party.iri) if party.iri else None
        if state is not None and state.kind == "Person":
            state = self.vocabulary.side(state)
        if state is not None and state.kind == "Government":
            army = _armies(self.vocabulary).get(state.iri)
            return party_of(army or state, self.vocabulary)
        return party

    def _side(self, party: Party) -> Party:
        entity = self.vocabulary.entity(party.iri) if party.iri else None
        if entity is None:
            return Party(party.side, party.kind, party.side)
        return party_of(self.vocabulary.side(entity), self.vocabulary)

    def _person_beside(self, i: int) -> Party | None:
        for k in self.tree.children(i, "appos", "flat", "compound", "nmod:desc"):
            if k == i + 1 or self.tree.left[k] == i + 1:
                entity = self.entity(k)
                if entity is not None and entity.kind == "Person":
                    return party_of(entity, self.vocabulary)
                if k in self.persons:
                    return self.people.party(self.persons[k])
        return None

    def phrase(self, i: int) -> str:
        """Return the noun with its adjectives and compounds, without article and clauses."""
        person = self.persons.get(i) or self.others.get(i)
        if person is not None:
            return clean(person.text)
        start = i
        while (
            start - 1 >= max(self.tree.left[i], i - _LONG) and self.tree.deps[start - 1] in _INSIDE
        ):
            start -= 1
        calendar = [k for k in range(start, i) if self.tree.lemmas[k] in self.grammar["calendar"]]
        start = max([start, *(k + 1 for k in calendar)])
        while start < i and (
            self.tree.deps[start] in ("det", "punct", "cc", "case", "nummod")
            or self.tree.pos[start] in ("PRON", "NUM", "PUNCT")
            or self.tree.words[start] in self.grammar["not_in_names"]
        ):
            start += 1
        end = i + 1
        if end < len(self.doc) and self.tree.words[end] == "of":
            for k in self.tree.children(i, "nmod"):
                if self.tree.preposition(k) == "of" and self.tree.right[k] - i <= 6:
                    name = self.names.get(k) or self.persons.get(k)
                    end = max(k + 1, name.end if name is not None else 0)
        text = clean(self.doc[start:end].text)
        group = self.tree.lemmas[i] in self.lists["group"] | self.lists["forces"]
        if group and self.tree.deps[i] == "compound" and self.tree.tags[i] == "NN":
            # The rebels of "rebel-held".
            return f"{text}s"
        return text

    def _collect(self) -> None:
        """Find, from left to right, the phrases that later ones may go back to."""
        for i in range(len(self.tree.words)):
            name = self.names.get(i) or self.persons.get(i)
            explicit = name is not None and i == name.root.i
            role = self.tree.pos[i] == "NOUN" and self._kind(i) != "" and bool(self.owners(i))
            if not explicit and not role:
                continue
            parties = self._named(i) or self._described(i)
            if parties[0].kind in ("Thing", "Place", "Zone", "Outlet"):
                continue
            self.cache[i] = parties
            if explicit and self.tree.deps[i] != "conj":
                others = [self._named(k) for k in self.tree.children(i, "conj")]
                parties = tuple(dict.fromkeys([*parties, *(p for found in others for p in found)]))
            subject = self.tree.deps[i] in SUBJECTS
            self.corefs.add(Mention(i, parties, self.tree.lemmas[i], subject))


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
