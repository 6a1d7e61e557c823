"""Mapping sets: what is read is what was written, mistakes are named, links become a graph."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from accord.errors import LinkError
from accord.linking.mapping_set import check, code_iri, code_of, curated, triples, winning
from accord.linking.sssom import (
    BROAD,
    CLOSE,
    CURATED,
    EXACT,
    PREDICATES,
    Link,
    MappingSet,
    curie,
    read_links,
    render,
    write_links,
)
from accord.resources import resource
from accord.store import PREFIXES

ACTOR, WD = PREFIXES["actor"], PREFIXES["wd"]
HTS = Link(f"{ACTOR}hts", f"{WD}Q5", subject_label="HTS", confidence=0.5, tool="accord")
TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp")), max_size=30).map(
    lambda text: " ".join(text.split())
)
LINKS = st.builds(
    Link,
    subject=st.sampled_from(
        [f"{ACTOR}a", "https://w3id.org/accord-kg/id/name/0f", "http://e.x/?q=1"]
    ),
    object=st.sampled_from(
        [f"{WD}Q43", "https://sws.geonames.org/169387/", code_iri("acled", "A (b)")]
    ),
    predicate=st.sampled_from(sorted(PREDICATES)),
    subject_label=TEXT,
    object_label=TEXT,
    confidence=st.none() | st.integers(0, 1000).map(lambda n: n / 1000),
    negated=st.booleans(),
    reviewer=TEXT,
    day=st.none() | st.dates(),
    comment=TEXT,
)


@settings(deadline=None)
@given(st.lists(LINKS, max_size=4))
def test_what_is_written_is_read_back(tmp_path_factory, links):
    path = tmp_path_factory.mktemp("sssom") / "links.sssom.tsv"
    written = MappingSet(links, {"mapping_set_id": "https://example.org/set", "license": "CC0"})
    write_links(path, written)
    assert read_links(path) == written


def test_the_curated_file_is_as_the_program_writes_it():
    path = resource("mappings", "links.sssom.tsv")
    assert render(read_links(path)) == path.read_text(encoding="utf-8")


def test_columns_of_other_tools_are_kept(tmp_path):
    path = tmp_path / "links.tsv"
    path.write_text(
        "#curie_map:\n#  ex: https://example.org/\n#mapping_date: 2026-01-01\n"
        "subject_id\tpredicate_id\tobject_id\tmapping_justification\tsubject_source\n"
        "ex:a\tskos:closeMatch\twd:Q43\tsemapv:LexicalMatching\tex:source\n"
    )
    read = read_links(path)
    assert read.links[0].subject == "https://example.org/a"
    assert read.links[0].predicate == CLOSE
    write_links(path, read)
    assert "\tsubject_source\n" in path.read_text() and "\tex:source\n" in path.read_text()
    assert read_links(path) == read


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("nobody:a\tskos:exactMatch\twd:Q43\tsemapv:X\t\t\t", "subject_id 'nobody:a'"),
        ("actor:a\towl:sameAs\twd:Q43\tsemapv:X\t\t\t", "owl:sameAs"),
        ("actor:a\thttp://www.w3.org/2002/07/owl#sameAs\twd:Q43\tsemapv:X\t\t\t", "is not one of"),
        ("actor:a\tskos:exactMatch\tQ43\tsemapv:X\t\t\t", "object_id 'Q43'"),
        ("actor:a\tskos:exactMatch\twd:Q43\tsemapv:X\t1.2\t\t", "confidence '1.2'"),
        ("actor:a\tskos:exactMatch\twd:Q43\tsemapv:X\tsure\t\t", "confidence 'sure'"),
        ("actor:a\tskos:exactMatch\twd:Q43\tsemapv:X\tnan\t\t", "confidence 'nan'"),
        ("actor:a\tskos:exactMatch\twd:Q43\tsemapv:X\t\t1.2.2026\t", "mapping_date '1.2.2026'"),
        ("actor:a\tskos:exactMatch\twd:Q43\tsemapv:X\t\t\tnot", "predicate_modifier is 'not'"),
        ("actor:a\tskos:exactMatch\twd:Q43", "as many fields"),
        ("actor:a\tskos:exactMatch\twd:Q43\tsemapv:X\t\t\t\t\t", "as many fields"),
    ],
)
def test_a_wrong_row_is_named_with_its_line(tmp_path, row, said):
    path = tmp_path / "links.tsv"
    path.write_text(
        "#license: CC0\n"
        "subject_id\tpredicate_id\tobject_id\tmapping_justification\tconfidence\tmapping_date\t"
        f"predicate_modifier\n{row}\n"
    )
    with pytest.raises(LinkError, match=r"links\.tsv:3") as error:
        read_links(path)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no column subject_id"),
        (b"#license: CC0\nname\tid\n", "no column subject_id"),
        (b"#a: [\nsubject_id\n", "no YAML"),
        (b"#- a\nsubject_id\n", "no YAML map"),
        (b"#curie_map: x\nsubject_id\n", "curie_map"),
        (b"\xff\xfe", "cannot be read"),
    ],
)
def test_what_is_no_mapping_set_is_refused(tmp_path, content, said):
    path = tmp_path / "links.tsv"
    path.write_bytes(content)
    with pytest.raises(LinkError, match=said):
        read_links(path)


def test_a_file_that_cannot_be_written_stays_as_it_was(tmp_path):
    path = tmp_path / "links.tsv"
    path.mkdir()
    with pytest.raises(LinkError, match="cannot be written"):
        write_links(path, MappingSet([HTS]))
    assert [each.name for each in tmp_path.iterdir()] == ["links.tsv"]


def test_only_a_person_confirms():
    assert not HTS.confirmed and not HTS.accepted
    assert HTS.accept("A. Scholar").accepted
    assert HTS.accept("A. Scholar", BROAD).predicate == BROAD
    refused = HTS.reject("A. Scholar")
    assert refused.confirmed and not refused.accepted
    assert replace(HTS, justification=CURATED).accepted


def test_links_that_contradict_each_other_are_refused(tmp_path):
    one = HTS.accept("A")
    for other, said in (
        (replace(one, object=f"{WD}Q6"), "linked exactly to wd:Q5 and to wd:Q6"),
        (replace(one, subject=f"{ACTOR}other"), "wd:Q5 stands on actor:hts and on actor:other"),
        (HTS.reject("B"), "both linked to wd:Q5 and not"),
    ):
        with pytest.raises(LinkError, match=said):
            check(tmp_path / "links.tsv", [one, other])
    check(tmp_path, [one, replace(one, object=f"{WD}Q6", predicate=CLOSE)])
    check(tmp_path, [one, replace(HTS, object=f"{WD}Q6")])


def test_curated_links_win():
    over = [replace(HTS, justification=CURATED), replace(HTS, subject=f"{ACTOR}b").reject("A")]
    accepted = replace(HTS, reviewer="B")
    losing = [
        replace(accepted, object=f"{WD}Q6"),
        replace(accepted, subject=f"{ACTOR}c"),
        replace(accepted, subject=f"{ACTOR}b"),
    ]
    keeping = [
        replace(accepted, subject=f"{ACTOR}c", object=f"{WD}Q7"),
        replace(accepted, object=f"{WD}Q8", predicate=BROAD),
        replace(accepted, object=code_iri("geonames", "1")),
    ]
    assert winning([*losing, *keeping, replace(HTS, object=f"{WD}Q9")], over) == keeping


def test_an_accepted_link_becomes_a_statement_and_a_node_that_accounts_for_it():
    link = replace(HTS.accept("A. Scholar", day=date(2026, 11, 22)), comment="looked at")
    made = set(triples([link]))
    terms = {f"<{triple.predicate.value}>" for triple in made}
    assert any(
        (t.subject, t.predicate, t.object)
        == (NamedNode(link.subject), NamedNode(EXACT), NamedNode(link.object))
        for t in made
    )
    nodes = {t.subject for t in made} - {NamedNode(link.subject)}
    assert len(nodes) == 1
    said = {t.object for t in made if t.subject in nodes}
    assert {Literal("A. Scholar"), Literal("looked at"), NamedNode(link.object)} <= said
    assert not [term for term in terms if "sameAs" in term]


def test_proposals_and_rejections_become_nothing():
    assert list(triples([HTS, HTS.reject("A")])) == []


def test_a_code_becomes_a_notation_with_its_scheme():
    link = replace(HTS, object=code_iri("acled", "HTS: Hayat (2017-)"), reviewer="A")
    (notation,) = (t for t in triples([link]) if t.predicate.value.endswith("#notation"))
    assert notation.object.value == "HTS: Hayat (2017-)"
    assert notation.object.datatype.value.endswith("ontology#acled")
    closely = replace(link, predicate=CLOSE)
    assert not [t for t in triples([closely]) if t.predicate.value.endswith("#notation")]


@pytest.mark.parametrize(
    ("scheme", "code", "iri"),
    [
        ("wikidata", "Q43", f"{WD}Q43"),
        ("geonames", "169387", "https://sws.geonames.org/169387/"),
        ("acled", "a/b c", "https://w3id.org/accord-kg/id/code/acled/a%2Fb%20c"),
    ],
)
def test_a_code_has_an_iri_and_the_iri_its_code(scheme, code, iri):
    assert code_iri(scheme, code) == iri
    assert code_of(iri) == (scheme, code)


def test_other_iris_are_no_codes():
    for iri in ("https://example.org/1", f"{WD}Q4/3", "https://w3id.org/accord-kg/id/code/acled"):
        assert code_of(iri) is None


def test_curies_are_written_only_where_they_are_read_back():
    assert curie(f"{WD}Q43") == "wd:Q43"
    assert curie(f"{WD}a?b") == f"{WD}a?b"


def test_every_curated_link_says_by_what_it_was_verified():
    assert len(curated()) > 140
    assert all(link.comment and link.justification == CURATED for link in curated())
