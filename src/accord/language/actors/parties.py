"""From a noun phrase to the parties it means: names, roles, descriptions and pronouns.

Built once for a document, in time linear in its length; nothing here reads the claim frames.
"""

from __future__ import annotations

from collections.abc import Iterable

from spacy.tokens import Span

from accord.language.actors.coreference import FIRST, Coreference
from accord.language.actors.descriptions import Descriptions
from accord.language.actors.mentions import Mentions
from accord.language.actors.organisations import Organisations
from accord.language.actors.party import Party, by_token, entities, party_of, side_of, twofold
from accord.language.actors.persons import Persons
from accord.language.actors.states import States
from accord.language.known_names import DEMONYMS, NAMES
from accord.language.syntax import Tree
from accord.language.syntax.tree import RELATIVE
from accord.language.wordlists import word_sets
from accord.membership import Membership
from accord.vocabulary import Entity, Vocabulary

__all__ = ["Parties", "Party"]

#: Names within names within names: deeper than this a phrase means nothing.
_DEEP = 12
_OF = frozenset({"of", "from", "for", "in", "within"})
_MODIFIERS = ("amod", "compound", "nmod:poss", "nmod", "flat", "appos", "det", "nmod:desc")


class Parties:
    """Resolves the heads of noun phrases of one document."""

    def __init__(self, tree: Tree, vocabulary: Vocabulary) -> None:
        self.tree, self.vocabulary, self.doc = tree, vocabulary, tree.doc
        self.lists = word_sets("actors")
        self.names = by_token(self.doc.spans.get(NAMES, ()))
        self.demonyms = by_token(self.doc.spans.get(DEMONYMS, ()))
        self.people = Persons(tree, vocabulary, self.demonyms.keys())
        self.persons = self.people.spans
        self.organisations = Organisations(
            tree, vocabulary, self.names, self.demonyms, self.persons
        )
        self.others = entities(self.doc, "Organization", "NORP", "Facility", "Misc")
        self.places = entities(self.doc, "Location")
        self.corefs = Coreference(
            tree, self.people, lambda party: side_of(party, vocabulary), self.demonyms.keys()
        )
        self.states = States(self.doc, vocabulary, self.corefs)
        self.descriptions = Descriptions(self)
        #: For the head of a title, the person whose name follows.
        self.titled: dict[int, Party] = {}
        self.depth = 0
        self.cache: dict[int, tuple[Party, ...]] = {}
        #: Who holds which post, as the document says.
        self.memberships: list[Membership] = Mentions(self).collect()

    # -- the interface -------------------------------------------------------------------------

    def resolve(self, i: int) -> tuple[Party, ...]:
        """Return the parties that the noun phrase with head ``i`` means; never empty."""
        if i in self.cache:
            return self.cache[i]
        if self.depth > _DEEP:
            return (Party(self.tree.words[i], "Thing", self.tree.words[i]),)
        self.depth += 1
        found = (
            self.corefs.pronouns.resolve(i)
            or self._relative(i)
            or self.named(i)
            or self.descriptions.resolve(i)
        )
        self.depth -= 1
        self.cache[i] = found
        return found

    def _relative(self, i: int) -> tuple[Party, ...]:
        """Return whom a relative pronoun means; nobody for any other word."""
        if self.tree.words[i] == "whose":
            clause = next((k for k in self.tree.climb(i) if self.tree.deps[k] == "acl:relcl"), i)
            return self.resolve(self.tree.heads[clause]) if clause != i else ()
        if self.tree.words[i] not in RELATIVE or self.tree.pos[i] != "PRON":
            return ()
        heads = self.tree.antecedents(i, self.tree.heads[i])
        found = self.resolve_all(heads) if i not in heads else ()
        if self.tree.words[i] == "who" and not any(p.acts for p in found):
            # The parser took it for a thing: whoever was named last, in the same sentence.
            start = self.doc[i].sent.start
            last = next(self.corefs.before(i), None)
            return last.parties if last is not None and last.token >= start else found
        return found

    def resolve_all(self, heads: Iterable[int]) -> tuple[Party, ...]:
        """Resolve several heads, each party once, in order."""
        return tuple(dict.fromkeys(p for i in heads for p in self.resolve(i)))

    def entity(self, i: int) -> Entity | None:
        """Return the entity whose name covers a token."""
        span = self.names.get(i)
        return self.vocabulary.entity(span.kb_id_) if span is not None else None

    def last_person_of(self, i: int, side: str) -> Party | None:
        """Return the person of one side, named before, whom a post names: "the spokeswoman".

        "A Turkish official" and "Israeli officials" are nobody who was named: they are called so,
        and speak for their side.
        """
        mention = self.corefs.same_person(i, side)
        if mention is not None:
            return mention.parties[0]
        return self.unnamed(i, side) if self.tree.lemmas[i] in self.people.human else None

    def unnamed(self, i: int, side: str) -> Party:
        """Return somebody without a name, as the text calls him, who speaks for a side."""
        return Party(self.phrase(i), "Unknown Person", side)

    def set_voices(self, voices: dict[int, Party], speakers: dict[int, Party]) -> None:
        """Say who speaks where, after the attributions are known.

        :param voices: for tokens in reported speech, the side that speaks
        :param speakers: for tokens that are he or she, the person who speaks
        """
        pronouns = self.corefs.pronouns
        pronouns.voices, pronouns.speakers = voices, speakers
        self.cache = {}

    def owners(self, i: int) -> list[Party]:
        """Return whom the modifiers of a noun name: "Turkey's", "Turkish", "of Hamas"."""
        found: list[Party] = []
        # "Its troops in Mali" are its.
        of = frozenset({"of"}) if self.tree.children(i, "nmod:poss") else _OF
        for k in self.tree.kids[i]:
            dep = self.tree.deps[k]
            if dep in _MODIFIERS and self.tree.pos[k] != "PART":
                if dep == "nmod" and self.tree.preposition(k) not in of:
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
        speaking = {
            self.corefs.pronouns.voices[k]
            for k in self.tree.kids[i]
            if k in self.corefs.pronouns.voices
        }
        ours = any(self.tree.words[k] in FIRST for k in self.tree.kids[i])
        if ours and any(p not in speaking for p in found):
            # "our Turkish partners" are Turkey's.
            found = [p for p in found if p not in speaking]
        return list(dict.fromkeys(found))

    def modifier(self, k: int) -> tuple[Party, ...]:
        """Return whom an adjective or a noun before another names: "Turkish", "Houthi"."""
        people = twofold(self.doc, self.demonyms, k)
        if people is not None:
            return (people,)
        span = self.names.get(k) or self.demonyms.get(k)
        if span is not None and span.kb_id_:
            entity = self.vocabulary.entities[span.kb_id_]
            for iri in entity.within if entity.is_place else ():
                state = self.vocabulary.entity(iri)
                if state is not None and state.kind == "Government":
                    return ()
            return (party_of(entity, self.vocabulary),)
        if self.tree.words[k] in FIRST and k in self.corefs.pronouns.voices:
            return (self.corefs.pronouns.voices[k],)
        if self.tree.deps[k] in ("nmod:poss", "nmod"):
            return self.resolve(k)
        organisation = self.organisations.party(k)
        if organisation is not None:
            return (organisation,)
        modifies = self.descriptions.modifies_post(k)
        generic = self.descriptions.generic(k) if modifies else None
        if generic is not None:
            return (generic,)
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

    def kind(self, i: int) -> str:
        """Return which list of ``actors.yaml`` a noun is in, "" for none."""
        lemma = self.tree.lemmas[i]
        kinds = ("forces", "group", "persons", "government", "bodies")
        armed = lemma in self.lists["civilians"] and any(
            self.tree.words[k] in self.lists["arming"] for k in self.tree.children(i, "amod")
        )
        if armed:
            return "group"
        if lemma == "movement" and self.tree.words[i + 1 : i + 2] == ["of"]:
            return ""  # "The free movement of aid" is no group.
        return next((kind for kind in kinds if lemma in self.lists[kind]), "")

    def named(self, i: int) -> tuple[Party, ...]:
        """Return whom a name means; nobody where a token is no name's head."""
        span = self.names.get(i) or self._beside(i)
        if span is not None:
            if not span.kb_id_:
                return (Party(span.text, "Place", span.text),)
            party = party_of(self.vocabulary.entities[span.kb_id_], self.vocabulary)
            return (*self._coordinated(i, span), party)
        if i in self.persons:
            return (self.people.party(self.persons[i]),)
        organisation = self.organisations.party(i)
        if organisation is not None:
            return (self.descriptions.body(i, organisation),)
        people = self.demonyms.get(i)
        plural = self.tree.tags[i] in ("NNS", "NNPS")
        if people is not None and plural:
            return (party_of(self.vocabulary.entities[people.kb_id_], self.vocabulary),)
        return ()

    def _coordinated(self, i: int, span: Span) -> tuple[Party, ...]:
        """Return the Turkish army of "Turkish and Syrian troops", of which the second is a name."""
        if span.label_ != "ArmedForces" or span.start == 0 or i != span.end - 1:
            return ()
        return tuple(
            self.states.army(self.modifier(k)[0])
            for k in self.tree.children(i, "amod", "compound")
            if k < span.start and k in self.demonyms and self.tree.children(k, "conj")
        )

    def phrase(self, i: int) -> str:
        """Return the noun with its adjectives and compounds, without article and clauses."""
        return self.descriptions.phrase(i)

    def person_beside(self, i: int) -> Party | None:
        """Return the person named behind a title: "foreign minister X", "its chief, X"."""
        if i in self.titled:
            return self.titled[i]
        for k in self.tree.children(i, "appos", "flat", "compound", "nmod:desc"):
            if k == i + 1 or self.tree.left[k] == i + 1:
                entity = self.entity(k)
                if entity is not None and entity.kind == "Person":
                    return party_of(entity, self.vocabulary)
                if k in self.persons:
                    return self.people.party(self.persons[k])
        return None

    def _beside(self, i: int) -> Span | None:
        """Return the name right behind a noun that it says more of: "the militia X"."""
        if self.tree.lemmas[i] in self.lists["persons"]:
            return None
        for k in self.tree.children(i, "flat", "appos"):
            if k in self.names and k - i <= 2:
                return self.names[k]
        return None
