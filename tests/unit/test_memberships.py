"""Posts: who speaks for whom in which post, as titles and appositions say."""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat, parse

from accord.article import parse_article
from accord.extraction import read
from accord.graph import NamedGraph, article_graph
from accord.membership import Membership
from accord.query import find_query, render
from accord.store import open_store
from accord.versions import Versions
from accord.vocabulary import load_vocabulary

#: Makes an article one about conflict, with a claim.
CLAIM = "\n\nIsrael accused Hamas of violating the ceasefire."


def memberships(text: str) -> list[Membership]:
    (found,) = read([parse_article(text + CLAIM, "test")])
    return found.memberships


@pytest.mark.parametrize(
    ("text", "person", "organization", "role"),
    [
        (
            "Liberian Foreign Minister Sam Doe spoke on Friday.",
            "Sam Doe",
            "Liberia",
            "Foreign Minister",
        ),
        ("Hamas spokesman Adel Karim spoke on Friday.", "Adel Karim", "Hamas", "spokesman"),
        (
            "Jan Novak, a spokesman for the Ruritanian People's Army, spoke on Friday.",
            "Jan Novak",
            "Ruritanian People's Army",
            "spokesman",
        ),
        (
            "M23 signed. The group's spokesman, Peter Moyo, said that it would leave.",
            "Peter Moyo",
            "March 23 Movement",
            "spokesman",
        ),
        (
            "Moldova signed. Foreign Ministry spokesman Ivan Petrov said that Moldova would leave.",
            "Ivan Petrov",
            "Moldovan Foreign Ministry",
            "spokesman",
        ),
        (
            "The UN envoy for Yemen, Hans Berg, spoke on Friday.",
            "Hans Berg",
            "United Nations",
            "envoy for Yemen",
        ),
        (
            "Ann Lee of Human Rights Watch said that soldiers had shot at them.",
            "Ann Lee",
            "Human Rights Watch",
            "",
        ),
        (
            "Peter Hall, the Danish general who leads UNMHA, spoke on Friday.",
            "Peter Hall",
            "UNMHA",
            "leads",
        ),
        ("Russia's UN ambassador Ivan Petrov spoke.", "Ivan Petrov", "Russia", "UN ambassador"),
        (
            "Federica Mogherini, the European Union's foreign policy chief, spoke on Friday.",
            "Federica Mogherini",
            "European Union",
            "foreign policy chief",
        ),
    ],
)
def test_a_title_says_whose_it_is(text: str, person: str, organization: str, role: str) -> None:
    found = [m for m in memberships(text) if m.person == person]
    assert [(m.organization, m.role) for m in found] == [(organization, role)]
    (only,) = found
    words = text[only.start : only.end]
    assert person in words
    assert role in words


@pytest.mark.parametrize(
    "text",
    [
        "Former Israeli prime minister Dan Levi spoke.",
        "Sam Doe, who met Hamas officials, spoke.",
        "Presidents Sam Doe of Liberia and Jan Novak spoke.",
        "Sam Doe told the Russian army to leave.",
        "US-backed rebel Sam Doe spoke.",
    ],
)
def test_what_is_no_post_of_his_gives_none(text: str) -> None:
    found = [(m.person, m.organization) for m in memberships(text)]
    assert not [pair for pair in found if pair[0] in ("Dan Levi", "Sam Doe")], found


def test_the_whole_article_knows_for_whom_a_person_speaks() -> None:
    text = (
        "Doe: troops leave Monrovia\n\n"
        "“We have left the whole town,” Doe said on Friday.\n\n"
        "Sam Doe, the Liberian foreign minister, said that the ceasefire would hold."
    )
    (found,) = read([parse_article(text + CLAIM, "test")])
    assert found.memberships
    doc_sides = {m.side for m in found.memberships if m.person == "Sam Doe"}
    assert doc_sides == {"Liberia"}


def test_an_article_without_claims_has_no_memberships() -> None:
    (found,) = read([parse_article("Liberian Finance Minister Sam Doe cut taxes.", "test")])
    assert not found.claims
    assert found.memberships == []


def test_headers_and_boilerplate_give_none() -> None:
    text = "Source: Liberian Foreign Minister Sam Doe\n\nThe talks began." + CLAIM
    (found,) = read([parse_article(text, "test")])
    assert found.memberships == []


def test_the_graph_says_who_with_which_words(tmp_path) -> None:
    text = "Moldova signed. Foreign Ministry spokesman Ivan Petrov said Moldova kept the truce."
    article = parse_article(text + CLAIM, "test")
    (found,) = read([article])
    made = article_graph(
        article, found.claims, Versions("1", "m", "p"), load_vocabulary(), found.memberships
    )
    again = article_graph(
        article, found.claims, Versions("1", "m", "p"), load_vocabulary(), found.memberships
    )
    assert made == again
    subjects = {
        str(quad.subject)
        for quad in parse(made.triples, format=RdfFormat.N_TRIPLES)
        if str(quad.object) == "<http://www.w3.org/ns/org#Membership>"
    }
    assert len(subjects) == len(found.memberships) == 1
    capture = (
        f"<https://example.org/c> <https://w3id.org/accord-kg/ontology#holds> "
        f"<{made.iri.replace('/graph/article/', '/id/article/')}> .\n"
        "<https://example.org/c> <http://purl.org/dc/terms/identifier> "
        '"test" .\n'
    )
    with open_store(tmp_path / "store", create=True) as store:
        from accord.ontology import outdated_graphs

        store.replace([*outdated_graphs(store), made, NamedGraph("https://example.org/c", capture)])
        rows = render(store.query(find_query("memberships").sparql), "csv").splitlines()
    assert rows[1:] == [
        "Ivan Petrov,spokesman,Moldovan Foreign Ministry,Moldova,test,"
        "Foreign Ministry spokesman Ivan Petrov"
    ]
