"""The persons of a document: their full names, and what is known of their sex and their posts."""

from __future__ import annotations

from collections.abc import Container, Iterable

from spacy.tokens import Span

from accord.language.actors.party import Party, by_token, clean
from accord.language.inflection import known_forms
from accord.language.labels import entity_class
from accord.language.syntax import Tree
from accord.language.wordlists import word_sets
from accord.vocabulary import Vocabulary

#: Sexes as pronouns tell them: he, she, and unknown.
HE, SHE, UNKNOWN = "he", "she", ""


class Persons:
    """The persons that a document names, known to the vocabulary or not.

    The longest form of a name is the full name; a last name alone, or the first word of a name that
    no other person has, means the one who was named in full last. ``sides`` has for whom they
    speak, by full name, and is filled by whoever finds their posts.
    """

    def __init__(
        self, tree: Tree, vocabulary: Vocabulary, peoples: Container[int] = frozenset()
    ) -> None:
        """Read the names of a document.

        :param peoples: tokens that are the name of a people or group: "Houthi"
        """
        self.tree, self.vocabulary = tree, vocabulary
        self.lists = word_sets("persons")
        #: Nouns that may mean one human being.
        self.human = self.lists["human"] | word_sets("actors")["persons"]
        nouns = known_forms()["NOUN"]
        spans = [
            ent
            for ent in tree.doc.ents
            if entity_class(ent.label_) == "Person"
            and (ent.kb_id_ or ent.text.lower() not in nouns)
            and not all(i in peoples for i in range(ent.start, ent.end))
        ]
        spans += self._surnames(spans)
        spans.sort(key=lambda span: span.start)
        self.spans = by_token(spans)
        #: For each name in the text, by its first token, the number of the person that it means.
        self._whose: dict[int, int] = {}
        self._names: list[tuple[str, ...]] = []
        self._full: list[str] = []
        self.sides: dict[str, str] = {}
        #: The words of the posts that each person is given, by label: "foreign", "minister".
        self.posts: dict[str, set[str]] = {}
        self.sexes: dict[str, str] = {}
        self._register(span for span in spans if not span.kb_id_)

    def _surnames(self, spans: list[Span]) -> list[Span]:
        """Return the last names of these persons where they were not recognised as names."""
        doc = self.tree.doc
        taken = {i for span in spans for i in range(span.start, span.end)}
        longer = {i for ent in doc.ents if ent.kb_id_ or len(ent) > 1 for i in _tokens(ent)}
        last = {span[-1].lower_ for span in spans if len(span) > 1 and not span.kb_id_}
        return [
            doc[i : i + 1]
            for i, word in enumerate(self.tree.words)
            if word in last
            and self.tree.pos[i] == "PROPN"
            and i not in taken
            and i not in longer
            and len(word) > 2
        ]

    def party(self, span: Span) -> Party:
        """Return the person whom a name means, also one by the last name only."""
        number = self._whose.get(span.start)
        name = self._full[number] if number is not None else self._bare(span)
        return Party(name, "Unknown Person", self.sides.get(name, name))

    def sex(self, label: str) -> str:
        """Return which pronoun a person takes, from title or first name, if that is clear."""
        if label in self.sexes:
            return self.sexes[label]
        first = label.split()[0].lower() if label.split() else ""
        if first in self.lists["female_names"]:
            return SHE
        return HE if first in self.lists["male_names"] else UNKNOWN

    def describe(self, label: str, words: Iterable[str]) -> None:
        """Note the words of a post or title that the text gives to a person."""
        found = set(words)
        self.posts.setdefault(label, set()).update(found)
        if found & self.lists["female"]:
            self.sexes[label] = SHE
        elif found & self.lists["male"]:
            self.sexes.setdefault(label, HE)

    def holds(self, party: Party, lemma: str, words: set[str]) -> bool:
        """Whether a person may be called so: "the diplomat", "the Turkish foreign minister".

        :param lemma: the noun
        :param words: further words before it that say which
        """
        entity = self.vocabulary.entity(party.iri) if party.iri else None
        posts = {
            word for post in (entity.posts if entity else ()) for word in post.lower().split()
        } | self.posts.get(party.label, set())
        sex = self.sex(party.label)
        if (lemma in self.lists["female"] and sex == HE) or (
            lemma in self.lists["male"] and sex == SHE
        ):
            return False
        if not posts:
            return not words and lemma in self.lists["kinds"]
        kinds = self.lists.get(lemma, frozenset()) if lemma in self.lists["kinds"] else frozenset()
        return (lemma in posts or bool(kinds & posts)) and words <= posts

    def _bare(self, span: Span) -> str:
        """Return a name without the rank before it: "Col. Jan Novak"."""
        words = clean(span.text).split()
        while len(words) > 1 and words[0].lower().rstrip(".") in self.lists["ranks"]:
            del words[0]
        return " ".join(words)

    def _register(self, spans: Iterable[Span]) -> None:
        """Give each name the person that it means, left to right."""
        last: dict[str, int] = {}
        first: dict[str, int] = {}
        for span in spans:
            name = self._bare(span)
            words = tuple(name.lower().split())
            if not words:
                continue
            number = last.get(words[-1], first.get(words[0]) if len(words) == 1 else None)
            if number is not None and len(words) > 1:
                known = self._names[number]
                if len(known) > 1 and not (set(words) <= set(known) or set(known) <= set(words)):
                    # Another man of the same last name.
                    number = None
            if number is None:
                number = len(self._names)
                self._names.append(words)
                self._full.append(name)
            elif len(words) > len(self._names[number]):
                self._names[number], self._full[number] = words, name
            self._whose[span.start] = number
            last[words[-1]] = number
            if len(words) > 1:
                first[words[0]] = number


def _tokens(span: Span) -> range:
    return range(span.start, span.end)
