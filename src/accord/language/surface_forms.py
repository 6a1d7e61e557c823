"""Surface forms: what each actor, place and agreement of an article is called in it.

A name of a place may mean the government that sits there, or what was agreed or held there. The
first is told apart where names are found; the second is here: "the Sochi agreements", "to accept
the outcomes of Sochi".
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import cache

from spacy.tokens import Span

from accord.language.accords.names import named
from accord.language.known_names import NAMES
from accord.language.labels import text_of
from accord.language.places.kinds import of_kind
from accord.language.reading import Reading
from accord.language.wordlists import word_sets
from accord.mention import AGREEMENT, EVENT, Mention
from accord.vocabulary import Agreement, Entity, Vocabulary

#: So many words above the name of a place may stand the agreement that was made there.
_STEPS = 6
#: How a place's name hangs on an agreement that it only names.
_NAMING = frozenset({"compound", "amod", "flat", "nmod:poss", "nmod:desc"})
#: ... and on one that the text says was made there.
_MADE = _NAMING | {"nmod", "obl", "acl", "acl:relcl", "appos"}
#: A meeting's name has so many words at most.
_LONG = 9
_MARKS = " \t\n\r\xa0“”\"'‘’()[],;:"


def surface_forms(reading: Reading, unknown: Collection[str] = ()) -> list[Mention]:
    """Return what a document calls whom, in the order of first occurrences.

    :param unknown: names that the vocabulary lacks and that are wanted too
    """
    found: dict[tuple[str, str, str], Mention] = {}
    for mention in sorted(_Forms(reading, unknown).all(), key=lambda m: (m.start, m.end)):
        key = (mention.kind, mention.iri or mention.name, mention.form)
        before = found.get(key)
        count = before.occurrences + 1 if before else 1
        found[key] = replace(before or mention, occurrences=count)
    return list(found.values())


class _Forms:
    """Finds the mentions of one document."""

    def __init__(self, reading: Reading, unknown: Collection[str]) -> None:
        self.reading, self.doc, self.tree = reading, reading.doc, reading.tree
        self.vocabulary, self.accords, self.parties = (
            reading.vocabulary,
            reading.accords,
            reading.parties,
        )
        self.text = text_of(self.doc)
        self.unknown = frozenset(unknown)
        self.metonyms = _metonyms(reading.vocabulary)
        self.results = word_sets("accords")["results"]
        self.making = word_sets("accords")["making"]
        self.meetings = word_sets("things")["meetings"]
        self.prefixes = word_sets("places")["prefixes"]
        self.locative = word_sets("grammar")["locative"] | {"at"}

    def all(self) -> Iterator[Mention]:
        for span in self.doc.spans.get(NAMES, ()):
            if not self.reading.is_outside(span.start):
                yield from self._known(span)
        yield from self._agreements()
        yield from self._unknown()

    # -- names that the vocabulary has ---------------------------------------------------------

    def _known(self, span: Span) -> Iterator[Mention]:
        entity = self.vocabulary.entity(span.kb_id_) if span.kb_id_ else None
        if entity is not None and entity.is_place:
            entity = of_kind(self.tree, self.vocabulary, span.root.i, entity)
        meant, stands = self._stood_for(span)
        if meant is not None:
            yield meant
        if meant is None or stands:
            yield self._mention(span, entity or span.label_)
        if entity is not None and not entity.is_place and len(span) > 1:
            yield from self._inside(span, entity)

    def _inside(self, span: Span, entity: Entity) -> Iterator[Mention]:
        """Yield the government in the name of somebody of its side: "the Kremlin spokesman"."""
        side = self.vocabulary.side(entity)
        for token in span:
            within = self.metonyms.get(token.text)
            if within is not None and within.iri == side.iri and within.iri != entity.iri:
                yield self._mention(span.doc[token.i : token.i + 1], within)

    def _stood_for(self, span: Span) -> tuple[Mention | None, bool]:
        """Return what the name of a place stands for, and whether it means the place as well."""
        capital = span.label_ == "Government" and span.text in self.metonyms
        if span.label_ != "Place" and not capital:
            return None, True
        at = span.root.i
        for steps, head in enumerate((at, *self.tree.climb(at))):
            accord = self.accords.at(head) if head != at else None
            if accord is not None and accord.key and self._is_venue(span.text, accord.key):
                naming = steps == 1 and self.tree.deps[at] in _NAMING
                result = steps == 1 and self.tree.preposition(at) == "of"
                if naming or (not capital and (result or self._made_below(at, head))):
                    return self._agreement(span, accord.key), not naming
            if steps >= _STEPS or self.tree.deps[head] not in _MADE:
                break
        if not capital and self._is_result(at):
            return self._met(span), False
        return None, True

    def _is_venue(self, name: str, key: str) -> bool:
        """Whether an agreement was made at a place, or bears its name."""
        deal = self.vocabulary.agreements.get(key)
        if deal is None:
            return name.casefold() in key.split("-")
        return name in _places(deal, self.vocabulary)

    def _made_below(self, at: int, head: int) -> bool:
        """Whether it is "the agreements that were concluded in X", with X at token ``at``."""
        for above in self.tree.climb(at):
            if above == head:
                return False
            if self.tree.lemmas[above] in self.making:
                return self.tree.preposition(at) in self.locative
        return False

    def _is_result(self, at: int) -> bool:
        """Whether it is "the outcomes of X"."""
        head = self.tree.heads[at]
        named = self.tree.deps[at] == "nmod" and self.tree.preposition(at) == "of"
        return named and self.tree.lemmas[head] in self.results

    def _met(self, span: Span) -> Mention | None:
        """Return what was agreed at a place, else what was or will be held there."""
        for accord in self.accords.mentions:
            if accord.key and self._is_venue(span.text, accord.key):
                return self._agreement(span, accord.key)
        names = [name for other in self._again(span) for name in self._held(other.root.i)]
        if not names:
            return None
        # The longest says best which one it was.
        name = max(names, key=len)
        iri = next(filter(None, map(self.vocabulary.event_iri, (name, *names))), None)
        return replace(self._mention(span, EVENT, name), iri=iri)

    def _again(self, span: Span) -> Iterator[Span]:
        for other in self.doc.spans[NAMES]:
            if other.kb_id_ == span.kb_id_ and not self.reading.is_outside(other.start):
                yield other

    def _held(self, at: int) -> Iterator[str]:
        """Yield what meets at the place of a token: "talks in the city of X", "X, where a ..."."""
        for head in list(self.tree.climb(at))[:3]:
            if self.tree.lemmas[head] in self.meetings:
                yield self._name(head, at)
            if self.tree.deps[head] not in _MADE:
                break
        for k in range(at + 1, min(at + 3, len(self.tree.words))):
            if self.tree.words[k] == "where":
                # The place is right before it, wherever the parser hangs the clause.
                for subject in self.tree.surface_subject(self.tree.heads[k]):
                    if self.tree.lemmas[subject] in self.meetings:
                        yield self._name(subject, at)

    def _name(self, i: int, place: int) -> str:
        """Return a noun with what says which one it is, but for its place and its clauses."""
        end = i + 1
        for k in self.tree.children(i, "nmod"):
            if k > i and not self.tree.left[k] <= place <= self.tree.right[k]:
                end = max(end, self.tree.right[k] + 1)
        phrase = self._phrase(i)
        end = end if end - phrase.start <= _LONG else i + 1
        return " ".join(self.doc[phrase.start : end].text.split())

    # -- agreements ----------------------------------------------------------------------------

    def _agreements(self) -> Iterator[Mention]:
        names = named(self.vocabulary, self.text)
        at = 0
        for accord in self.accords.mentions:
            token = self.doc[accord.token]
            while at < len(names) and names[at][1] <= token.idx:
                at += 1
            if not accord.key or self.reading.is_outside(accord.token):
                continue
            span = None
            if at < len(names) and names[at][0] <= token.idx and accord.key in names[at][2]:
                span = self.doc.char_span(*names[at][:2], alignment_mode="expand")
            yield self._agreement(span or self._phrase(accord.token), accord.key)

    def _phrase(self, i: int) -> Span:
        """Return a noun with the words right before it: "latest Turkish-Russian deal"."""
        start = i
        while start > self.tree.left[i] and self._modifies(start - 1):
            start -= 1
        while start < i and self.tree.pos[start] == "PUNCT":
            start += 1
        return self.doc[start : i + 1]

    def _modifies(self, k: int) -> bool:
        adjective = self.tree.pos[k] == "ADJ" and self.tree.deps[k] not in ("case", "fixed")
        return adjective or self.tree.pos[k] in ("NOUN", "PROPN", "PUNCT")

    # -- names that it lacks -------------------------------------------------------------------

    def _unknown(self) -> Iterator[Mention]:
        """Yield the wanted names that the vocabulary lacks, under all their forms."""
        if not self.unknown:
            return
        parties = self.parties
        tables = (parties.persons, parties.organisations.spans, parties.others, parties.places)
        seen: set[int] = set()
        for table in tables:
            for span in dict.fromkeys(table.values()):
                at = span.root.i
                covered = any(token.i in parties.names or token.i in seen for token in span)
                if covered or self.reading.is_outside(span.start):
                    continue
                place = self.reading.places.at(at)
                if place in self.unknown and table is not parties.persons:
                    seen.update(range(span.start, span.end))
                    yield self._mention(span, "Place", place)
                    continue
                for party in parties.named(at)[:1]:
                    if party.label in self.unknown and party.iri is None:
                        seen.update(range(span.start, span.end))
                        kind = "Person" if party.person else "Actor"
                        yield self._mention(span, kind, party.label)

    # -- mentions ------------------------------------------------------------------------------

    def _agreement(self, span: Span, key: str) -> Mention:
        deal = self.vocabulary.agreements.get(key)
        made = self._mention(span, AGREEMENT, key)
        return replace(made, iri=deal.iri) if deal else made

    def _mention(self, span: Span, of: Entity | str, name: str = "") -> Mention:
        """Return the mention of an entity, or of a name of a kind, without marks around it."""
        start, end = span.start_char, span.end_char
        text = self.text
        first, hyphen, rest = span.text.partition("-")
        if hyphen and rest and first.casefold() in self.prefixes:
            start += len(first) + 1
        while start < end - 1 and text[start] in _MARKS:
            start += 1
        while end > start + 1 and text[end - 1] in _MARKS:
            end -= 1
        form = " ".join(text[start:end].split())
        if isinstance(of, Entity):
            return Mention(form, start, end, of.kind, of.label, of.iri)
        # "BISSAU" at the head of a dateline.
        name = name or (form.title() if form.isupper() and of == "Place" else form)
        return Mention(form, start, end, of, name)


@cache
def _metonyms(vocabulary: Vocabulary) -> dict[str, Entity]:
    """Return the governments by the names of their seats."""
    return {
        name: entity
        for entity in vocabulary.entities.values()
        if entity.kind == "Government"
        for name in entity.metonyms
    }


@cache
def _places(deal: Agreement, vocabulary: Vocabulary) -> frozenset[str]:
    """Return the names of the places where an agreement was made."""
    venues = [vocabulary.entity(iri) for iri in deal.venues]
    return frozenset(name for place in venues if place for name in (place.label, *place.aliases))
