"""Claims to RDF: one named graph an article, through the JSON-LD context of ``mappings/``.

No blank nodes: every node's IRI is made from its content, so that the same article, software,
model and mappings give the same triples, byte for byte.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from accord.article import Article
from accord.claim import OUTLET, Claim
from accord.graph.days import bounds
from accord.graph.jsonld import ntriples
from accord.graph.obligations import Duty, duties
from accord.graph.utterance import utterance
from accord.membership import Membership
from accord.mention import AGREEMENT, EVENT, Mention
from accord.versions import Versions
from accord.vocabulary import Vocabulary

BASE = "https://w3id.org/accord-kg/"
ONTOLOGY = BASE + "ontology#"
ID = BASE + "id/"


@dataclass(frozen=True, slots=True)
class NamedGraph:
    """An RDF graph with its name: ``triples`` is N-Triples text, sorted, one triple a line."""

    iri: str
    triples: str


def article_iri(article: Article) -> str:
    """Return the article's IRI, made from its canonical address, else from its content."""
    return f"{ID}article/{article.key}"


def graph_iri(article: str) -> str:
    """Return the name of the graph of an article, given the article's IRI."""
    return article.replace("/id/article/", "/graph/article/")


def article_graph(
    article: Article,
    claims: Iterable[Claim],
    versions: Versions,
    vocabulary: Vocabulary,
    memberships: Iterable[Membership] = (),
    mentions: Iterable[Mention] = (),
    quotations: Sequence[tuple[int, int]] = (),
) -> NamedGraph:
    """Map an article and what was found in it to the triples of its named graph.

    :param quotations: what stands between quotation marks, as character offsets of the text, by
        which the same words quoted in two articles are known as one utterance
    :raises ClaimError: if a claim has a key or an IRI that the mapping cannot take
    """
    builder = _ArticleGraph(article, versions, vocabulary, quotations)
    for membership in memberships:
        builder.enrol(membership)
    for mention in mentions:
        builder.mention(mention)
    for claim in claims:
        builder.add(claim)
    return NamedGraph(graph_iri(builder.iri), ntriples(builder.nodes.values()))


class _ArticleGraph:
    """The JSON-LD nodes of one article's graph, by IRI."""

    def __init__(
        self,
        article: Article,
        versions: Versions,
        vocabulary: Vocabulary,
        quotations: Sequence[tuple[int, int]],
    ) -> None:
        self.article = article
        self.quotations = quotations
        self.vocabulary = vocabulary
        self.iri = article_iri(article)
        self.run = f"{ID}extraction/{short_hash(self.iri, article.digest, versions.key)}"
        self.nodes: dict[str, dict[str, Any]] = {}
        self.outlet = (
            self._name(article.outlet, "Outlet") if article.outlet else f"{self.iri}#outlet"
        )
        if not article.outlet:
            self._put(self.outlet, type="Outlet", label=OUTLET)
        self._put(
            self.iri,
            type="Article",
            title=article.quote(article.title) if article.title else None,
            publisher=self.outlet,
            published=article.published and article.published.isoformat(),
            inferred=article.inferred,
            address=article.address,
            author=article.author,
            digest=article.digest,
            run=self.run,
        )
        self._put(
            self.run,
            type="Extraction",
            used=self.iri,
            software=versions.software,
            model=versions.model,
            mappings=versions.mappings,
        )

    def add(self, claim: Claim) -> None:
        fields = claim.document()
        # The file's name is no part of the claim: the same text in two files is one article.
        del fields["article"]
        # Nor is it another claim if one is surer of it.
        confidence = fields.pop("confidence", None)
        identity = json.dumps(fields, ensure_ascii=False, sort_keys=True)
        iri = f"{ID}claim/{short_hash(self.iri, identity)}"
        actors = [self._name(actor, "Actor") for actor in claim.actor]
        holder = self.outlet if claim.holder == OUTLET else self._name(claim.holder, "Actor")
        speaker = claim.speaker and self._name(claim.speaker, "Actor")
        fields |= {
            "evidence": self._span(fields.pop("start"), fields.pop("end"), fields.pop("text")),
            "article": self.iri,
            "run": self.run,
            "holder": holder,
            "speaker": speaker,
            "utterance": self._utterance(claim, holder, speaker),
            "actor": actors,
            "target": [self._name(target, "Actor") for target in claim.target],
            "agreement": claim.agreement and self._agreement(claim.agreement),
            "place": claim.place and self._name(claim.place, "Place"),
            "quantity": claim.quantity and self._quantity(iri, fields["quantity"]),
            "confidence": None if confidence is None else str(confidence),
            "obligation": [self._obligation(duty) for duty in duties(claim, self.vocabulary)],
        }
        for key in ("status", "polarity", "modality"):
            if key in fields:
                fields[key] = f"{BASE}scheme/{key}/{fields[key]}"
        fields["earliest"], fields["latest"] = bounds(claim.time)
        fields["dueEarliest"], fields["dueLatest"] = bounds(claim.due)
        self._put(iri, **fields)

    def enrol(self, membership: Membership) -> None:
        """Add who holds which post, with the passage that says so."""
        start, end = membership.start, membership.end
        fields = (membership.person, membership.organization, membership.role, start, end)
        self._put(
            f"{ID}membership/{short_hash(self.iri, *fields)}",
            type="Membership",
            person=self._name(membership.person, "Person"),
            organization=self._name(membership.organization, "Actor"),
            standsFor=self._name(membership.side, "Actor"),
            role=membership.role,
            evidence=self._span(start, end),
            article=self.iri,
            run=self.run,
        )

    def mention(self, mention: Mention) -> None:
        """Add what the article calls whom."""
        denoted = mention.iri or self._unknown(mention)
        self._put(
            f"{ID}mention/{short_hash(self.iri, denoted, mention.form)}",
            type="Mention",
            denotes=denoted,
            form=mention.form,
            occurrences=mention.occurrences,
            evidence=self._span(mention.start, mention.end),
            article=self.iri,
        )

    def _unknown(self, mention: Mention) -> str:
        if mention.kind == AGREEMENT:
            return self._agreement(mention.name)
        if mention.kind == EVENT:
            iri = f"{ID}event/local/{short_hash(self.iri, mention.name)}"
            return self._put(iri, type="Event", label=mention.name)
        return self._name(mention.name, mention.kind)

    def _put(self, iri: str, **fields: Any) -> str:
        self.nodes[iri] = {"id": iri, **fields}
        return iri

    def _name(self, label: str, kind: str) -> str:
        """Return the IRI of a canonical label, or mint one for a name that nobody knows yet."""
        known = self.vocabulary.iri(label)
        if known:
            return known
        iri = f"{ID}name/{short_hash(kind == 'Place', label)}"
        # A person stays one, wherever else the name stands.
        return iri if iri in self.nodes else self._put(iri, type=kind, label=label)

    def _agreement(self, key: str) -> str:
        known = self.vocabulary.agreement_iri(key)
        return known or self._put(f"{ID}agreement/local/{short_hash(key)}", type="Accord", key=key)

    def _obligation(self, duty: Duty) -> str:
        """Return what an actor owes under an agreement, where all claims of that meet."""
        obligor = self._name(duty.obligor, "Actor")
        agreement = self._agreement(duty.agreement)
        broader = duty.broader()
        parts = [part for part in (duty.action, duty.object, duty.zone) if part]
        return self._put(
            f"{ID}obligation/{short_hash(obligor, agreement, *parts)}",
            type="Duty",
            obligor=obligor,
            arisesFrom=agreement,
            duty=duty.action and f"{BASE}scheme/action/{duty.action}",
            thing=duty.object and f"{BASE}scheme/object/{duty.object}",
            where=duty.zone and self._name(duty.zone, "Place"),
            broader=broader and self._obligation(broader),
        )

    def _utterance(self, claim: Claim, holder: str, speaker: str | None) -> str | None:
        """Return the act of saying that a claim was made in, unless it is the article's own."""
        found = utterance(claim, self.article.raw, self.quotations)
        if found is None:
            return None
        own = () if found.is_known_anywhere else (self.iri,)
        iri = f"{ID}utterance/{short_hash(holder, found.words, *own)}"
        before = self.nodes.get(iri, {"speakers": [], "appearances": []})
        span = self._span(found.start, found.end)
        return self._put(
            iri,
            type="Utterance",
            speakers=[*before["speakers"], speaker or holder],
            appearances=[*before["appearances"], span],
        )

    def _span(self, start: int, end: int, text: str = "") -> str:
        """Return a stretch of the article's text; ``text`` is what stands there, if it is known."""
        text = text or self.article.raw[start:end]
        iri = f"{self.iri}#char={start},{end}"
        position = self._put(f"{iri};position", type="PositionSelector", start=start, end=end)
        quote = self._put(f"{iri};quote", type="QuoteSelector", text=text)
        return self._put(iri, type="Span", source=self.iri, selector=[position, quote])

    def _quantity(self, claim: str, fields: dict[str, Any]) -> str:
        # JSON-LD writes a fraction as a double ("1.5E0"), which is no xsd:decimal: hand it strings.
        for key in fields.keys() & {"min", "max"}:
            fields[key] = str(fields[key])
        return self._put(f"{claim}#quantity", type="Quantity", **fields)


def short_hash(*parts: object) -> str:
    """Return 24 hexadecimal digits that stand for the parts."""
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:24]
