"""Who says what: the component that sets ``doc._.attributions``.

The network's utterances are the ground where the pipeline has trained weights for them; any other
pipeline goes by rules.
"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from accord.language.actors.coreference import PERSONAL
from accord.language.actors.parties import Parties, Party
from accord.language.speech.attribution import Attribution, Voice, nested, tokens, voices
from accord.language.speech.heard import Heard
from accord.language.speech.inserted import inserted
from accord.language.speech.interviews import Interviews
from accord.language.speech.quotes import forget
from accord.language.speech.reports import Reports
from accord.language.speech.sources import CLASSES
from accord.language.syntax import Tree
from accord.vocabulary import Vocabulary, load_vocabulary

__all__ = ["CLASSES", "Attribution", "AttributionComponent", "Voice", "find", "voices"]


def find(tree: Tree, parties: Parties) -> list[Attribution]:
    """Return the attributions of one document, in the order of the text."""
    rules = Reports(tree, parties)
    if not tree.doc.has_extension("utterances") or tree.doc._.utterances is None:
        return nested(rules.find())
    found = Heard(tree, parties).find()
    cues = {i for attribution in found for i in tokens([attribution.cue])}
    found += inserted(tree, rules.sources, cues | rules.quoted)
    covered = {i for attribution in found for i in tokens(attribution.content)}
    # The network was trained on running text: headlines with a colon are left to a rule. And of a
    # report within a report it finds fewer than there are (its training texts have few).
    found += [a for a in rules.headlines() if not covered.intersection(tokens(a.content))]
    found += rules.clauses(sorted(covered - cues))
    found += list(Interviews(tree, parties).find(found))
    return nested(found)


def _speakers(found: list[Attribution], tree: Tree, parties: Parties) -> dict[int, Party]:
    """Return whom "he" means inside an indirect report: the speaker, till another is named."""
    means: dict[int, Party] = {}
    for attribution in found:
        if attribution.kind == "direct" or not isinstance(attribution, Voice):
            continue
        for span in attribution.content:
            for i in range(span.start, span.end):
                name = parties.names.get(i)
                if i in parties.persons or (name is not None and name.label_ == "Person"):
                    break
                if tree.words[i] in PERSONAL:
                    means[i] = attribution.speaker
    return means


class AttributionComponent:
    """Sets ``doc._.attributions`` and keeps tree and parties for the components behind it."""

    def __init__(self, vocabulary: Vocabulary | None = None) -> None:
        self.vocabulary = vocabulary or load_vocabulary()
        for name in ("attributions", "accord_tree", "accord_parties", "accord_voices"):
            if not Doc.has_extension(name):
                Doc.set_extension(name, default=None)

    def __call__(self, doc: Doc) -> Doc:
        """Find the attributions of a document."""
        tree = Tree(doc)
        parties = Parties(tree, self.vocabulary)
        found = find(tree, parties)
        speaking = voices(found)
        side_of = {
            speaker: self._side(speaker) for speaker in {a.speaker for a in speaking.values()}
        }
        sides = {i: side_of[a.speaker] for i, a in speaking.items()}
        parties.set_voices(sides, _speakers(found, tree, parties))
        doc._.attributions = found
        doc._.accord_tree, doc._.accord_parties = tree, parties
        doc._.accord_voices = speaking
        forget(doc)
        return doc

    def _side(self, speaker: Party) -> Party:
        entity = self.vocabulary.entity(self.vocabulary.iri(speaker.side) or "")
        if entity is None:
            return Party(speaker.side, speaker.kind, speaker.side)
        return Party(entity.label, entity.kind, entity.label, entity.iri)


@Language.factory("accord_attribution", requires=["token.dep", "doc.spans"])
def make_attribution(nlp: Language, name: str) -> AttributionComponent:
    """Make the component that finds who says what; see :class:`AttributionComponent`."""
    return AttributionComponent()
