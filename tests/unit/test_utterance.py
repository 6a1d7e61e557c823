"""Utterances: the same words of the same side, whichever article carries them."""

import pytest
from rdflib import Graph, URIRef

from accord.article import parse_article
from accord.claim import Claim
from accord.extraction import read
from accord.graph import ONTOLOGY, article_graph
from accord.graph.utterance import utterance
from accord.sources.files import File
from accord.versions import Versions
from accord.vocabulary import load_vocabulary

QUOTE = "we expect our partners to carry out their obligations"
ONE = f"Geneva. “{QUOTE.capitalize()},” the ministry said on Monday."
OTHER = f'In a statement it said: "{QUOTE.replace("our partners", "our  PARTNERS")}" and no more.'
SHORT = "“This is unacceptable,” the ministry said."


def claim(text, evidence, **fields):
    start = text.index(evidence)
    return Claim.model_validate(
        {
            "article": "a",
            "start": start,
            "end": start + len(evidence),
            "text": evidence,
            "type": "Demand",
            "holder": "Russia",
            "actor": ["Turkey"],
        }
        | fields
    )


def quotations(text):
    marks = [i for i, char in enumerate(text) if char in '“”"']
    return [(low + 1, high) for low, high in zip(marks[::2], marks[1::2], strict=True)]


def nodes(text, *claims):
    triples = article_graph(
        parse_article(text, "a"),
        claims,
        Versions("1", "m", "p"),
        load_vocabulary(),
        quotations=quotations(text),
    ).triples
    graph = Graph().parse(data=triples, format="nt")
    return graph, set(graph.objects(None, URIRef(ONTOLOGY + "madeIn")))


def test_two_articles_that_quote_the_same_words_report_one_utterance():
    _, one = nodes(ONE, claim(ONE, ONE[8:]))
    _, other = nodes(OTHER, claim(OTHER, OTHER, speaker="Maria Zakharova"))
    assert one == other
    assert len(one) == 1


def test_the_words_of_another_side_are_another_utterance():
    _, one = nodes(ONE, claim(ONE, ONE[8:]))
    _, other = nodes(ONE, claim(ONE, ONE[8:], holder="Turkey"))
    assert one.isdisjoint(other)


def test_few_words_are_no_sign_of_one_utterance():
    longer = f"Two years later. {SHORT}"
    _, one = nodes(SHORT, claim(SHORT, "This is unacceptable"))
    _, other = nodes(longer, claim(longer, "This is unacceptable"))
    assert one.isdisjoint(other)


def test_several_claims_of_a_quotation_share_its_utterance_and_its_span():
    graph, (iri,) = nodes(
        ONE,
        claim(ONE, QUOTE.capitalize(), speaker="Maria Zakharova"),
        claim(ONE, "carry out their obligations,” the ministry", type="Obligation"),
    )
    assert len(set(graph.subjects(URIRef(ONTOLOGY + "madeIn")))) == 2
    assert len(set(graph.objects(iri, URIRef(ONTOLOGY + "appearsAs")))) == 1
    assert len(set(graph.objects(iri, URIRef(ONTOLOGY + "utteredBy")))) == 2


def test_what_the_article_says_itself_was_uttered_by_nobody():
    graph, made_in = nodes(ONE, claim(ONE, QUOTE.capitalize(), holder="outlet"))
    assert not made_in
    assert not set(graph.subjects(URIRef(ONTOLOGY + "utteredBy")))


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        ("the ministry said on Monday", "theministrysaidonmonday"),
        (QUOTE.capitalize(), QUOTE.replace(" ", "")),
        ("carry out their obligations", QUOTE.replace(" ", "")),
    ],
)
def test_a_claim_outside_the_quotation_has_the_words_of_its_evidence(evidence, words):
    assert utterance(claim(ONE, evidence), ONE, quotations(ONE)).words == words


def test_the_quote_in_two_of_the_sample_articles_is_one_utterance(seeds):
    found = {}
    for number in ("000", "001"):
        (path,) = seeds.glob(f"{number}_*.txt")
        location = File(path)
        (extract,) = read([location.article(location.read(), 10**6)])
        for each in extract.claims:
            said = utterance(each, extract.article.raw, extract.quotations)
            if said is not None and said.words.startswith("giventheextremelydifficult"):
                found.setdefault((each.holder, said.words), {})[number] = said.start, said.end
    ((_, spans),) = found.items()
    assert spans == {"000": (859, 1082), "001": (892, 1115)}
