"""A graph that keeps all rules, and what to do to it so that it breaks one: planted violations.

Each entry: the shape that must notice (its local name), SHACL's kind of the constraint, and a
SPARQL update that plants it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple, parse

from accord.article import parse_article
from accord.claim import Claim
from accord.graph import article_graph
from accord.membership import Membership
from accord.mention import Mention
from accord.provenance.capture import Capture
from accord.provenance.run import Run
from accord.shapes import Statements
from accord.store import PREFIXES
from accord.validation import triples_of, vocabulary
from accord.versions import Versions
from accord.vocabulary import load_vocabulary

TEXT = """Source: The Herald
Truce
Turkey delays the withdrawal of 50 heavy weapons from Idlib until March 2019, said Jane Roe.
"""
VERSIONS = Versions("1.0", "m", "p")

_PREFIXES = PREFIXES | {
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "scheme": "https://w3id.org/accord-kg/scheme/",
    "ex": "https://w3id.org/accord-kg/id/name/",
}

_CLAIM = "?c a accord:ComplianceClaim"
_SPAN = "?c a accord:ComplianceClaim ; accord:evidence ?span"
_BAD = "ex:bad"


_LATER = """
<https://w3id.org/accord-kg/graph/superseded/1> a accord:SupersededGraph ;
  accord:formerlyNamed <https://w3id.org/accord-kg/graph/article/1> ; accord:claimCount 2 ;
  accord:statements "" ; prov:invalidatedAtTime "2026-01-01T00:00:00Z"^^xsd:dateTime ;
  prov:wasGeneratedBy <{extraction}> .
<https://w3id.org/accord-kg/graph/derived/timeline/1> a accord:DerivedGraph ;
  accord:byRule <https://w3id.org/accord-kg/id/rule/timeline> ; accord:ruleHash "1" ;
  accord:derivedFor <{article}> ; prov:wasDerivedFrom <https://w3id.org/accord-kg/graph/sides> .
<{claim}#duty=1> a accord:TimelineEntry ; accord:entryOf <{duty}> ; accord:restsOn <{claim}> ;
  accord:saysStatus status:delayed ; accord:holdsFrom "2019-03-01"^^xsd:date ;
  accord:holdsUntil "2019-03-31"^^xsd:date .
<{claim}#accused=turkey> a accord:Accusation ; accord:accuser actor:russia ;
  accord:accused actor:turkey ; accord:restsOn <{claim}> .
<https://w3id.org/accord-kg/graph/text/1> a accord:Fingerprint ;
  accord:fingerprintOf <{article}> ; accord:shingleCount 40 ; accord:sample "AAHZ7QAJ0Zw=" ;
  accord:band "0-0a1b2c3d4e5f6071" ; accord:lastDay "2019-02-08"^^xsd:date ;
  accord:firstCaptured "2026-01-01T00:00:00Z"^^xsd:dateTime .
<{article}> accord:copyOf <https://w3id.org/accord-kg/id/article/1> ; accord:commonText 0.9 .
"""
"""What is added to an article's graph afterwards, in graphs of its own."""


def _without(predicate: str, where: str, subject: str = "?c") -> str:
    return f"DELETE {{ {subject} {predicate} ?x }} WHERE {{ {where} . {subject} {predicate} ?x }}"


def _also(statement: str, where: str = _CLAIM) -> str:
    return f"INSERT {{ {statement} }} WHERE {{ {where} }}"


def _instead(predicate: str, value: str, where: str = _CLAIM, subject: str = "?c") -> str:
    return (
        f"DELETE {{ {subject} {predicate} ?x }} INSERT {{ {subject} {predicate} {value} }} "
        f"WHERE {{ {where} . {subject} {predicate} ?x }}"
    )


_DUTY = "?c accord:requires ?action"
_POSITION = "?c a oa:TextPositionSelector"
_QUOTE = "?c a oa:TextQuoteSelector"
_QUANTITY = "?c a accord:Quantity"
_MENTION = "?c a accord:Mention"
_MEMBER = "?c a org:Membership"
_ARTICLE = "?c a accord:Article"
_RUN = "?c a accord:Extraction"
_CAPTURE = "?c a accord:Capture"

_GRAPH = "?c a accord:SupersededGraph"
_DERIVED = "?c a accord:DerivedGraph"
_ENTRY = "?c a accord:TimelineEntry"
_PRINT = "?c a accord:Fingerprint"
_ACCUSATION = "?c a accord:Accusation"

PLANTED: list[tuple[str, str, str]] = [
    # Claims
    ("Claim", "MinCount", _without("accord:holder", _CLAIM)),
    ("Claim", "MaxCount", _also("?c accord:holder actor:iran")),
    ("Claim", "Class", _instead("accord:holder", "place:ankara")),
    ("Claim", "Class", _instead("accord:actor", "place:ankara")),
    ("Claim", "Class", _instead("accord:agreement", "actor:turkey")),
    ("Claim", "Class", _also("?c accord:speaker place:ankara")),
    ("Claim", "MaxCount", _also("?c accord:speaker actor:iran, actor:syria")),
    ("Claim", "Or", _also("?c accord:target agreement:sochi-2018")),
    ("Claim", "Or", _instead("accord:place", "agreement:sochi-2018")),
    ("Claim", "In", _also("?c a accord:Claim")),
    ("Claim", "MaxCount", _also("?c a accord:DemandClaim")),
    ("Claim", "MaxInclusive", _instead("accord:confidence", "1.2")),
    ("Claim", "MinInclusive", _instead("accord:confidence", "-0.1")),
    ("Claim", "Datatype", _instead("accord:confidence", "'high'")),
    ("Claim", "MinLength", _instead("accord:action", "''")),
    ("Claim", "Class", _instead("accord:quantity", "?c")),
    (
        "Claim",
        "Pattern",
        "DELETE { ?c ?p ?o } INSERT { ex:bad ?p ?o } WHERE { ?c a accord:ComplianceClaim ; ?p ?o }",
    ),
    ("ClaimEvidence", "MinCount", _without("accord:evidence", _CLAIM)),
    ("ClaimEvidence", "MinCount", _without("accord:statedIn", _CLAIM)),
    ("ClaimEvidence", "MinCount", _without("prov:wasGeneratedBy", _CLAIM)),
    ("ClaimEvidence", "Class", _instead("prov:wasGeneratedBy", "actor:turkey")),
    ("ClaimEvidence", "Equals", _instead("oa:hasSource", "actor:turkey", _SPAN, "?span")),
    ("ClaimConcepts", "MinCount", _without("accord:polarity", _CLAIM)),
    ("ClaimConcepts", "HasValue", _instead("accord:polarity", "modality:possible")),
    ("ClaimConcepts", "MaxCount", _also("?c accord:modality modality:possible")),
    ("ClaimConcepts", "Class", _instead("accord:modality", "actor:turkey")),
    ("ComplianceClaim", "MinCount", _without("accord:status", _CLAIM)),
    ("ComplianceClaim", "MaxCount", _also("?c accord:status status:fulfilled")),
    ("Status", "Class", _also("?c accord:status status:delayed", "?c a accord:DemandClaim")),
    ("Status", "HasValue", _instead("accord:status", "modality:possible")),
    ("Status", "Class", _instead("accord:status", "'delayed'")),
    ("ClaimObligation", "Equals", _instead("accord:agreement", "agreement:astana-2017")),
    ("ClaimObligation", "Class", _also("?c accord:concerns agreement:sochi-2018")),
    ("Holder", "Class", _without("a", _CLAIM)),
    # Times and numbers
    ("Time", "Node", _instead("accord:time", "'2019-13'^^edtf:EDTF")),
    ("Time", "Node", _instead("accord:time", "'last month'^^edtf:EDTF")),
    ("Time", "Node", _instead("accord:time", "'2019-03'")),
    ("Time", "MaxCount", _also("?c accord:time '2018'^^edtf:EDTF")),
    ("Time", "Node", _instead("accord:due", "'2019-02-32'^^edtf:EDTF")),
    ("Time", "LessThanOrEquals", _instead("accord:latest", "'2018-01-01'^^xsd:date")),
    ("Time", "LessThanOrEquals", _instead("accord:dueEarliest", "'2021-01-01'^^xsd:date")),
    ("Time", "Datatype", _instead("accord:latest", "'2019-02-31'^^xsd:date")),
    ("Time", "Datatype", _instead("accord:earliest", "'2019'")),
    ("Earliest", "MinCount", _without("accord:time", _CLAIM)),
    ("DueEarliest", "MinCount", _without("accord:due", _CLAIM)),
    (
        "Quantity",
        "Or",
        _without("accord:minimum", _QUANTITY) + " ; " + _without("accord:maximum", _QUANTITY),
    ),
    ("Quantity", "LessThanOrEquals", _instead("accord:minimum", "51.0", _QUANTITY)),
    ("Quantity", "MinCount", _without("accord:unit", _QUANTITY)),
    ("Quantity", "Datatype", _instead("accord:maximum", "'many'", _QUANTITY)),
    # Evidence
    ("Evidence", "Class", _without("a", _SPAN, "?span")),
    ("Span", "MinCount", _without("oa:hasSource", _SPAN, "?span")),
    ("Span", "Class", _instead("oa:hasSource", "place:ankara", _SPAN, "?span")),
    ("Span", "QualifiedMinCount", _without("a", _QUOTE)),
    (
        "Span",
        "QualifiedMaxCount",
        _also(
            "?span oa:hasSelector ?c",
            f"{_POSITION} . {_CLAIM.replace('?c', '?d')} ; accord:evidence ?span",
        ),
    ),
    (
        "Span",
        "SPARQL",
        _instead(
            "oa:exact",
            "'Turkey delays'",
            f"?d a accord:ComplianceClaim ; accord:evidence/oa:hasSelector ?c . {_QUOTE}",
        ),
    ),
    ("Position", "MinCount", _without("oa:start", _POSITION)),
    ("Position", "MaxCount", _also("?c oa:end 100000", _POSITION)),
    ("Position", "LessThan", _instead("oa:start", "5000", _POSITION)),
    ("Position", "Or", _instead("oa:start", "'3'", _POSITION)),
    ("Position", "MinInclusive", _instead("oa:start", "-3", _POSITION)),
    ("Quote", "MinCount", _without("oa:exact", _QUOTE)),
    ("Quote", "MinLength", _instead("oa:exact", "''", _QUOTE)),
    # Utterances, mentions, memberships
    ("Utterance", "MinCount", _without("accord:utteredBy", "?c a accord:Utterance")),
    ("Utterance", "Class", _instead("accord:utteredBy", "place:ankara", "?c a accord:Utterance")),
    ("Utterance", "MinCount", _without("accord:appearsAs", "?c a accord:Utterance")),
    ("MadeIn", "Class", _instead("accord:madeIn", "actor:turkey")),
    ("MadeIn", "Class", _also("?c accord:madeIn ?u", f"{_ARTICLE} . ?u a accord:Utterance")),
    ("Mention", "MinCount", _without("accord:denotes", _MENTION)),
    ("Mention", "Or", _instead("accord:denotes", "status:delayed", _MENTION)),
    ("Mention", "SPARQL", _instead("accord:surfaceForm", "'Turquie'", _MENTION)),
    ("Mention", "MinInclusive", _instead("accord:occurrences", "0", _MENTION)),
    ("Denotes", "Class", _without("a", _MENTION)),
    ("Membership", "MinCount", _without("org:member", _MEMBER)),
    ("Membership", "Class", _instead("org:organization", "place:ankara", _MEMBER)),
    ("Membership", "Class", _instead("accord:standsFor", "place:ankara", _MEMBER)),
    ("Membership", "MinCount", _without("accord:evidence", _MEMBER)),
    # Obligations and agreements
    ("Obligation", "MaxCount", _also("?c accord:obligor actor:iran", _DUTY)),
    ("Obligation", "MinCount", _without("accord:obligor", _DUTY)),
    ("Obligation", "Class", _instead("accord:obligor", "place:ankara", _DUTY)),
    ("Obligation", "Class", _instead("accord:arisesFrom", "actor:turkey", _DUTY)),
    ("Obligation", "Node", _instead("accord:requires", "status:delayed", _DUTY)),
    ("Obligation", "Class", _instead("accord:appliesIn", "actor:turkey", _DUTY)),
    ("Obligation", "SPARQL", _instead("accord:partOfObligation", "?c", _DUTY)),
    (
        "Obligation",
        "SPARQL",
        _instead(
            "accord:obligor",
            "actor:iran",
            "?c a accord:Obligation FILTER NOT EXISTS { ?c accord:requires ?a }",
        ),
    ),
    ("FineObligation", "MinCount", _without("accord:requires", _DUTY)),
    ("RequiredAction", "MinCount", _without("accord:partOfObligation", _DUTY)),
    (
        "RequiredAction",
        "Class",
        _also("?c accord:requires ?action", f"{_CLAIM} . ?o accord:requires ?action"),
    ),
    ("Obligor", "Class", _also("?c accord:obligor actor:turkey")),
    ("Agreement", "Class", _also("agreement:sochi-2018 accord:party place:ankara")),
    ("Agreement", "Class", _also("agreement:sochi-2018 accord:guarantor place:ankara")),
    ("Agreement", "Class", _also("agreement:sochi-2018 accord:signatory place:ankara")),
    ("Agreement", "Class", _also("agreement:sochi-2018 accord:zone actor:turkey")),
    ("Agreement", "MinCount", _without("accord:key", "?c accord:key 'sochi-2018'")),
    ("Agreement", "Pattern", _instead("accord:key", "'sochi 2018'", "?c accord:key 'sochi-2018'")),
    (
        "Agreement",
        "Datatype",
        _instead("accord:concludedOn", "'2018-09-31'^^xsd:date", "?c accord:key 'sochi-2018'"),
    ),
    ("Venue", "Class", _also("agreement:sochi-2018 accord:venue actor:turkey")),
    ("Event", "MinCount", _also("ex:bad a accord:Event")),
    ("Key", "MaxCount", _instead("accord:key", "'sochi-2018'", "?c accord:key 'astana-2017'")),
    # Actors, places, links
    ("Actor", "Not", _also("actor:turkey a accord:Place")),
    ("Actor", "MaxCount", _also("actor:turkey skos:prefLabel 'Turkiye'@en")),
    ("Actor", "LanguageIn", _instead("skos:prefLabel", "'Türkei'@de", "?c skos:exactMatch wd:Q43")),
    ("Actor", "Class", _also("actor:turkey accord:partOf place:ankara")),
    ("Place", "MinCount", _also("ex:bad a accord:Place")),
    ("Place", "Or", _also("place:ankara accord:within agreement:sochi-2018")),
    ("Place", "MaxInclusive", _also("place:ankara accord:latitude 139.9")),
    ("Geometry", "Pattern", _also("ex:bad geo:asWKT 'somewhere'^^geo:wktLiteral")),
    ("Geometry", "Datatype", _also("ex:bad geo:asWKT 'POINT(1 2)'")),
    ("Concept", "MinCount", _without("skos:inScheme", "?c skos:inScheme scheme:status")),
    ("Concept", "Class", _also("status:delayed accord:incompatibleWith actor:turkey")),
    ("Notation", "Not", _also("actor:turkey skos:notation 'TUR'")),
    ("Link", "Or", _also("place:ankara skos:exactMatch wd:Q012")),
    ("Link", "Or", _also("place:ankara skos:exactMatch <https://www.wikidata.org/wiki/Q3640>")),
    ("Link", "QualifiedMaxCount", _also("actor:turkey skos:exactMatch wd:Q3640")),
    ("LinkedItem", "MaxCount", _also("place:ankara skos:exactMatch wd:Q43")),
    ("SameAs", "SPARQL", _also("actor:turkey owl:sameAs wd:Q43")),
    # Articles and how they came here
    ("Article", "MinCount", _without("accord:publishedBy", _ARTICLE)),
    ("Article", "Class", _instead("accord:publishedBy", "actor:turkey", _ARTICLE)),
    ("Article", "Pattern", _instead("accord:sha256", "'abc'", _ARTICLE)),
    ("Article", "Datatype", _also("?c accord:publishedOn '8 Feb 2019'^^xsd:date", _ARTICLE)),
    ("Article", "Node", _also("?c accord:inferredDate 'spring'^^edtf:EDTF", _ARTICLE)),
    ("Extraction", "MinCount", _without("accord:softwareVersion", _RUN)),
    ("Extraction", "MinCount", _without("accord:modelHash", _RUN)),
    ("Extraction", "MinCount", _without("accord:mappingHash", _RUN)),
    ("Extraction", "MinCount", _without("prov:used", _RUN)),
    ("Capture", "Or", _without("accord:holds", _CAPTURE)),
    ("Capture", "Datatype", _instead("prov:generatedAtTime", "'yesterday'", _CAPTURE)),
    ("Capture", "Class", _instead("accord:holds", "actor:turkey", _CAPTURE)),
    ("Capture", "Pattern", _instead("accord:sha256", "'abc'", _CAPTURE)),
    ("Capture", "Class", _instead("prov:wasGeneratedBy", "actor:turkey", _CAPTURE)),
    ("FormerCapture", "Class", _also("?c accord:formerlyHeld ex:bad")),
    ("Run", "MinCount", _without("prov:startedAtTime", "?c a accord:Run")),
    ("Run", "MinCount", _without("prov:used", "?c a accord:Run")),
    ("Run", "MinCount", _without("accord:modelHash", "?c a accord:Run")),
    ("SupersededGraph", "Or", _without("accord:statements", _GRAPH)),
    ("SupersededGraph", "Datatype", _instead("prov:invalidatedAtTime", "'now'", _GRAPH)),
    ("SupersededGraph", "MinInclusive", _instead("accord:claimCount", "-1", _GRAPH)),
    ("SupersededGraph", "MinCount", _without("prov:wasGeneratedBy", _GRAPH)),
    # What rules derive
    ("DerivedGraph", "MinCount", _without("accord:byRule", _DERIVED)),
    ("DerivedGraph", "MinCount", _without("accord:ruleHash", _DERIVED)),
    ("DerivedGraph", "MinCount", _without("prov:wasDerivedFrom", _DERIVED)),
    ("DerivedGraph", "Class", _instead("accord:derivedFor", "ex:bad", _DERIVED)),
    ("PendingDerivation", "MinCount", _also("ex:bad a accord:PendingDerivation")),
    ("TimelineEntry", "Class", _instead("accord:entryOf", "ex:bad", _ENTRY)),
    ("TimelineEntry", "Class", _instead("accord:restsOn", "ex:bad", _ENTRY)),
    ("TimelineEntry", "Node", _instead("accord:saysStatus", "polarity:denied", _ENTRY)),
    ("Holds", "LessThanOrEquals", _instead("accord:holdsFrom", "'2031-01-01'^^xsd:date", _ENTRY)),
    ("Holds", "Datatype", _also("?c accord:holdsUntil '2031-02-31'^^xsd:date", _ARTICLE)),
    ("Accusation", "MinCount", _without("accord:accuser", _ACCUSATION)),
    ("Accusation", "Class", _instead("accord:accused", "place:ankara", _ACCUSATION)),
    ("Accusation", "Disjoint", _instead("accord:accuser", "actor:turkey", _ACCUSATION)),
    ("Accusation", "Class", _instead("accord:restsOn", "ex:bad", _ACCUSATION)),
    ("ClaimRelation", "Class", _also("?c accord:contradicts ex:bad")),
    ("ClaimRelation", "Class", _also("ex:bad accord:restates ?c")),
    ("ClaimRelation", "SPARQL", _also("?c accord:corroborates ?c")),
    ("Side", "MaxCount", _also("actor:iran accord:side actor:iran, actor:turkey")),
    ("Side", "Class", _also("actor:iran accord:side place:ankara")),
    ("Copy", "SPARQL", _also("?c accord:copyOf ?c", _ARTICLE)),
    ("Copy", "Pattern", _also("?c accord:copyOf actor:turkey", _ARTICLE)),
    ("Copy", "MaxCount", _also("?c accord:copyOf ?c", _ARTICLE)),
    ("Copy", "MinCount", _without("accord:commonText", _ARTICLE)),
    ("Copy", "MaxInclusive", _instead("accord:commonText", "1.2", _ARTICLE)),
    ("Fingerprint", "Class", _instead("accord:fingerprintOf", "ex:bad", _PRINT)),
    ("Fingerprint", "MinInclusive", _instead("accord:shingleCount", "0", _PRINT)),
    ("Fingerprint", "Pattern", _instead("accord:sample", "'?'", _PRINT)),
    ("Fingerprint", "Pattern", _also("?c accord:band 'x'", _PRINT)),
    ("Fingerprint", "MinCount", _without("accord:band", _PRINT)),
    ("Fingerprint", "Datatype", _instead("accord:lastDay", "'2019-02-31'^^xsd:date", _PRINT)),
    ("Fingerprint", "MinCount", _without("accord:firstCaptured", _PRINT)),
]


@cache
def base() -> list[Triple]:
    """Return a graph with something of everything, and what it needs of the vocabulary."""
    article = parse_article(TEXT, "a")
    start, end = TEXT.index("Turkey"), TEXT.index(", said")
    given = {
        "article": "a",
        "start": start,
        "end": end,
        "text": TEXT[start:end],
        "holder": "Jane Roe",
        "actor": ["Turkey"],
        "agreement": "sochi-2018",
        "place": "Idlib",
        "action": "withdraw",
        "time": "2019-03",
        "due": "2019-03-15",
        "confidence": 0.5,
        "quantity": {"min": 50, "max": 50, "unit": "weapons"},
    }
    claims = [
        Claim.model_validate(given | {"type": "Compliance", "status": "delayed"}),
        Claim.model_validate(given | {"type": "Demand", "holder": "outlet", "quantity": None}),
    ]
    vocabulary_ = load_vocabulary()
    at = TEXT.index("Jane Roe")
    graph = article_graph(
        article,
        claims,
        VERSIONS,
        vocabulary_,
        memberships=[Membership("Jane Roe", "Turkey", "Turkey", "envoy", at, at + 8)],
        mentions=[
            Mention("Turkey", start, start + 6, "Government", "Turkey", vocabulary_.iri("Turkey"))
        ],
    )
    own = list(triples_of(graph))
    holds = next(triple.subject.value for triple in own if triple.object == _named("Article"))
    run = Run("2026-01-01T00:00:00.000+00:00", VERSIONS, ("file:///",))
    capture = Capture(
        location="file:///a",
        name="a",
        digest="0" * 64,
        version="v",
        captured="2026-01-01T00:00:00+00:00",
        holds=holds,
        run=run.iri,
    )
    own += [*triples_of(run.graph()), *triples_of(capture.graph())]
    claim = next(t.subject.value for t in own if t.object == _named("ComplianceClaim"))
    duty = next(t.subject.value for t in own if t.predicate == _named("requires"))
    made = next(t.subject.value for t in own if t.object == _named("Extraction"))
    later = _LATER.format(claim=claim, duty=duty, article=holds, extraction=made)
    own += [quad.triple for quad in parse(_prologue() + later, format=RdfFormat.TURTLE)]
    return own + list(_known(own))


def planted(*updates: str) -> list[Triple]:
    """Return the graph after updates; a single one must change it."""
    store = Store()
    store.extend(Quad(*triple) for triple in base())
    for update in updates:
        before = set(store)
        store.update(update, prefixes=_PREFIXES)
        assert set(store) != before or len(updates) > 1, f"{update} changes nothing"
    return [quad.triple for quad in store]


def _known(own: list[Triple]) -> Iterator[Triple]:
    """Yield what the vocabulary says of the nodes that are named, and of those that it names."""
    known: Statements = vocabulary()
    left = {node for triple in own for node in (triple.predicate, triple.object)}
    left |= {NamedNode(PREFIXES["place"] + "ankara"), NamedNode(PREFIXES["actor"] + "iran")}
    left |= {
        NamedNode(PREFIXES["agreement"] + "astana-2017"),
        NamedNode(PREFIXES["modality"] + "possible"),
    }
    done = set()
    while left:
        node = left.pop()
        done.add(node)
        for predicate in known.predicates(node):
            for value in known.objects(node, predicate):
                yield Triple(node, predicate, value)
                if value not in done:
                    left.add(value)


def _prologue() -> str:
    return "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in _PREFIXES.items())


def _named(name: str) -> NamedNode:
    return NamedNode(PREFIXES["accord"] + name)
