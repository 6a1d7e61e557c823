"""The vocabulary: what the Turtle files give, and that a mistake in them is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from accord.errors import VocabularyError
from accord.vocabulary import Vocabulary, load_vocabulary, read_vocabulary

PREFIXES = """
@prefix accord: <https://w3id.org/accord-kg/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix : <https://example.org/> .
"""
ACTORS = """
:ruritania a accord:Government ; skos:prefLabel "Ruritania"@en ; skos:altLabel "RUR"@en ;
    accord:metonym "Strelsau"@en ; accord:demonym "Ruritanian"@en .
:army a accord:ArmedForces ; skos:prefLabel "Ruritanian Army"@en ; accord:partOf :ruritania .
:paper a accord:Outlet ; skos:prefLabel "The Red Elphberg"@en ; accord:partOf :army .
:sapt a accord:Person ; skos:prefLabel "Colonel Sapt"@en ; accord:speaksFor :ruritania ;
    accord:post "aide"@en .
:zenda a accord:Place ; skos:prefLabel "Zenda"@en ; accord:within :ruritania .
"""
DEALS = """
:pact a accord:Agreement ; skos:prefLabel "Pact of Zenda"@en ; accord:key "zenda-1894" ;
    accord:party :ruritania ; accord:concludedOn "1894-05-01"^^xsd:date ; accord:zone :zenda .
"""


def vocabulary(folder: Path, actors: str = ACTORS, deals: str = DEALS) -> Vocabulary:
    (folder / "actors.ttl").write_text(PREFIXES + actors, encoding="utf-8")
    (folder / "agreements.ttl").write_text(PREFIXES + deals, encoding="utf-8")
    return read_vocabulary(folder / "actors.ttl", folder / "agreements.ttl")


def test_an_entity_has_all_that_its_block_says(tmp_path: Path) -> None:
    words = vocabulary(tmp_path)
    entity = words.entities["https://example.org/ruritania"]
    assert (entity.label, entity.kind, entity.aliases) == ("Ruritania", "Government", ("RUR",))
    assert (entity.metonyms, entity.demonyms) == (("Strelsau",), ("Ruritanian",))


def test_labels_and_keys_lead_to_iris(tmp_path: Path) -> None:
    words = vocabulary(tmp_path)
    assert words.iri("Colonel Sapt") == "https://example.org/sapt"
    assert words.agreement_iri("zenda-1894") == "https://example.org/pact"
    assert words.iri("Nobody") is None
    assert words.agreement_iri("none-1900") is None


@pytest.mark.parametrize("name", ["army", "paper", "sapt", "ruritania"])
def test_whoever_belongs_to_a_state_stands_for_it(tmp_path: Path, name: str) -> None:
    words = vocabulary(tmp_path)
    assert words.side(words.entities[f"https://example.org/{name}"]).label == "Ruritania"


def test_an_agreement_knows_its_day_and_parties(tmp_path: Path) -> None:
    deal = vocabulary(tmp_path).agreements["zenda-1894"]
    assert deal.bound == {"https://example.org/ruritania"}
    assert deal.concluded is not None
    assert deal.concluded.year == 1894


@pytest.mark.parametrize(
    ("actors", "deals", "named"),
    [
        (ACTORS + ":x a accord:Person .", DEALS, "prefLabel"),
        (ACTORS + ":x a accord:Place ; skos:prefLabel 'X'@en ; accord:within :y .", DEALS, "/y"),
        (ACTORS, DEALS.replace('"1894-05-01"', '"1894-13-01"'), "1894-13-01"),
        (ACTORS, DEALS + DEALS.replace(":pact", ":pact2"), "zenda-1894"),
        (ACTORS, DEALS.replace(":party :ruritania", ":party :graustark"), "graustark"),
        (ACTORS, DEALS.replace('accord:key "zenda-1894" ;', ""), "accord:key"),
        (ACTORS + "this is no turtle", DEALS, "actors.ttl"),
    ],
)
def test_a_mistake_is_named_with_its_file(
    tmp_path: Path, actors: str, deals: str, named: str
) -> None:
    with pytest.raises(VocabularyError, match=named) as raised:
        vocabulary(tmp_path, actors, deals)
    assert ".ttl" in str(raised.value)


def test_the_shipped_vocabulary_loads_and_knows_the_three_idlib_accords() -> None:
    words = load_vocabulary()
    assert {"astana-2017", "sochi-2018", "moscow-2020"} <= set(words.agreements)
    assert words.iri("Turkey")
