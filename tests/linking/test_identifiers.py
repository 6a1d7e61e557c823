"""Codes of other data sets: each with its scheme and evidence, and only the verified are loaded."""

import pytest

from accord.errors import LinkError
from accord.graph import ID, ONTOLOGY
from accord.linking.identifiers import identifiers, read_identifiers, schemes, triples
from accord.linking.mapping_set import curated
from accord.linking.subject import subjects
from accord.ontology import outdated_graphs
from accord.store import open_store

HEAD = "entity\tscheme\tcode\tverified\tevidence\n"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("place:a\tzipcode\t1\tyes\tsource\n", "scheme 'zipcode' is not known"),
        ("nobody:a\tgeonames\t1\tyes\tsource\n", "entity 'nobody:a'"),
        ("place:a\tgeonames\t1\tmaybe\tsource\n", "neither yes nor no"),
        ("place:a\tgeonames\t\tyes\tsource\n", "code is missing"),
        ("place:a\tgeonames\t1\tyes\t\n", "nothing says by what"),
        ("place:a\tgeonames\t1\tyes\n", "does not have 5 fields"),
        ("place:a\tgeonames\t1\tyes\tx\nplace:b\tgeonames\t1\tyes\tx\n", "stands on .*/place/a"),
    ],
)
def test_a_wrong_row_is_named_with_its_line(tmp_path, rows, said):
    path = tmp_path / "identifiers.tsv"
    path.write_text(HEAD + rows)
    with pytest.raises(LinkError, match=said) as error:
        read_identifiers(path)
    assert "identifiers.tsv:" in str(error.value)


def test_another_table_is_refused(tmp_path):
    path = tmp_path / "identifiers.tsv"
    path.write_text("name\tcode\n")
    with pytest.raises(LinkError, match="columns entity, scheme"):
        read_identifiers(path)


def test_codes_of_roles_may_stand_on_several(tmp_path):
    path = tmp_path / "identifiers.tsv"
    path.write_text(f"{HEAD}actor:a\tcameo\tREB\tyes\tx\nactor:b\tcameo\tREB\tyes\tx\n")
    assert len(read_identifiers(path)) == 2


def test_the_table_has_codes_of_the_schemes_and_of_known_entities_only():
    found = {each.scheme for each in identifiers()}
    assert {"geonames", "geonames-admin1", "ocha-pcode", "iso3166-2", "cameo", "acled"} <= found
    assert {"pax", "iso3166-1-alpha-2", "iso3166-1-alpha-3", "un-document"} <= found
    assert found <= schemes()


def test_only_verified_codes_are_loaded_and_on_what_is_named(tmp_path):
    with open_store(tmp_path / "store", create=True) as store:
        store.replace(outdated_graphs(store))
        named = {subject.iri for subject in subjects(store, {})}
        loaded = {
            (row["s"].value, row["c"].datatype.value.removeprefix(ONTOLOGY), row["c"].value)
            for row in store.query(
                "SELECT ?s ?c WHERE { GRAPH graph:identifiers { ?s skos:notation ?c } }"
            )
        }
    verified = {(each.entity, each.scheme, each.code) for each in identifiers() if each.verified}
    assert loaded == verified
    assert {each.entity for each in identifiers()} <= named
    assert {link.subject for link in curated()} <= named


def test_trap_the_geonames_code_that_looks_like_the_p_code_of_idlib():
    idlib, deir = f"{ID}place/idlib-governorate", f"{ID}place/deir-ez-zor-governorate"
    owners = {(each.scheme, each.code): each for each in identifiers()}
    assert owners["geonames-admin1", "SY.07"].entity == deir
    assert owners["ocha-pcode", "SY07"].entity == idlib
    assert ("geonames-admin1", "SY07") not in owners and ("ocha-pcode", "SY.07") not in owners
    # Nobody has looked it up, so that nothing says it to those who query.
    pcode = owners["ocha-pcode", "SY07"]
    assert not pcode.verified and list(triples([pcode])) == []
