"""Parameters of named queries: values become terms, and nothing else."""

import re

import pytest
from pyoxigraph import Literal, NamedNode
from rdflib.plugins.sparql import prepareQuery

from accord.errors import QueryError
from accord.graph import ID, NamedGraph, short_hash
from accord.parameters import TYPES, Names, Parameter, parameters
from accord.query import NamedQuery, find_query, named_queries, names_in, rows
from accord.store import PREFIXES, open_store
from accord.vocabulary import load_vocabulary

HOSTILE = (
    "a\"b'c\\",
    '"""',
    "'''} UNION { ?s ?p ?o } #",
    "> } } DROP ALL ; #",
    "one\ntwo\r\tthree",
    "\\u0022 } # \\U00000022 \\\\u003E",
    "?name $name <https://example.org/> _:b @en ^^xsd:int",
    "{{0}} %s $1 \\1 \\g<0>",
    "ünï\u202e \U0001f600 \u2028",
    "-- /* // */ #",
)
MARKED = """# title: Which?
# param: name text required the name
# param: day date the day
# param: limit integer = 5 the most rows
SELECT ?s WHERE {
  GRAPH ?g {
    # values: name ?s accord:surfaceForm ?name .
    # values: day ?s accord:time ?day .
    ?s accord:surfaceForm ?any .
  }
}
# limit: limit
"""


@pytest.fixture
def names():
    return Names(load_vocabulary(), lambda iri: False)


@pytest.fixture
def query():
    return NamedQuery("which", "Which?", "", MARKED, tuple(parameters(MARKED)))


def named_graph() -> NamedGraph:
    forms = [
        f"<https://example.org/{i}> <{PREFIXES['accord']}surfaceForm> {Literal(text)} .\n"
        for i, text in enumerate(HOSTILE)
    ]
    return NamedGraph("https://example.org/g", "".join(forms))


def check_hostile(store, query, names):
    store.replace([named_graph()])
    for i, text in enumerate(HOSTILE):
        found = list(rows(store.query(query.bound({"name": [text]}, names))))
        assert found == [{"s": f"https://example.org/{i}"}], text
    everything = list(rows(store.query(query.bound({"name": list(HOSTILE[:3])}, names))))
    assert len(everything) == 3
    assert len(list(store.quads())) == len(HOSTILE)


def test_hostile_texts_are_found_as_they_are(tmp_path, query, names):
    with open_store(tmp_path / "store", create=True) as store:
        check_hostile(store, query, names)


def test_hostile_texts_are_found_on_a_server(oxigraph_server, query, names):
    with open_store(oxigraph_server) as store:
        before = [quad.graph_name.value for quad in store.quads()]
        store.replace([], drop=set(before))
        check_hostile(store, query, names)
        store.replace([], drop=["https://example.org/g"])


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("kind", [name for name in TYPES if name != "text"])
def test_hostile_values_of_other_types_are_refused(kind, text, names):
    with pytest.raises(QueryError, match="cannot be"):
        Parameter("x", kind, "").terms([text], names)


@pytest.mark.parametrize("text", [f"https://example.org/{text}" for text in HOSTILE])
def test_an_iri_is_one_or_is_refused(text, names):
    try:
        (term,) = Parameter("x", "entity", "").terms([text], names)
    except QueryError as error:
        assert "no IRI" in error.what
    else:
        assert isinstance(term, NamedNode)
        assert not re.search(r'[\s<>"{}|\\^`]', term.value)


@pytest.mark.parametrize("text", ["\0", "a\x07b", "\ud800"])
def test_what_is_no_text_is_refused(text, names):
    with pytest.raises(QueryError, match="name cannot be"):
        Parameter("name", "text", "").terms([text], names)


def test_what_is_not_given_stays_a_comment_and_defaults_are_bound(query, names):
    text = query.bound({"name": ["x"]}, names)
    assert 'VALUES ?name { "x" } ?s accord:surfaceForm ?name .' in text
    assert "# values: day" in text
    assert text.endswith("LIMIT 5\n")
    assert "LIMIT 7" in query.bound({"name": ["x"], "limit": ["7"]}, names)
    with_day = query.bound({"name": ["x"], "day": ["2018-09-17"]}, names)
    assert f'"2018-09-17"^^<{PREFIXES["xsd"]}date>' in with_day


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "needs the parameter name"),
        ({"nane": ["x"]}, "no parameter 'nane'. Did you mean name"),
        ({"name": ["x"], "day": ["2018-02-30"]}, "no day"),
        ({"name": ["x"], "day": ["September"]}, "Write it as 2018-09-17"),
        ({"name": ["x"], "limit": ["0"]}, "no whole number"),
        ({"name": ["x"], "limit": ["-1"]}, "no whole number"),
        ({"name": ["x"], "limit": ["1 000"]}, "no whole number"),
        ({"name": ["x"], "limit": ["1", "2"]}, "has one value"),
    ],
)
def test_wrong_use_says_what_to_do(values, message, query, names):
    with pytest.raises(QueryError, match=message):
        query.bound(values, names)


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("actor", "turkey", "actor/turkey"),
        ("actor", "actor:turkey", "actor/turkey"),
        ("actor", "TURKEY", "actor/turkey"),
        ("actor", "Ankara", "actor/turkey"),
        ("actor", ID + "actor/turkey", "actor/turkey"),
        ("agreement", "sochi-2018", "agreement/sochi-2018"),
        ("agreement", "Sochi memorandum", "agreement/sochi-2018"),
        ("place", "Idlib demilitarized zone", "place/idlib-demilitarized-zone"),
        ("entity", "sochi-2018", "agreement/sochi-2018"),
    ],
)
def test_names_are_found_by_key_label_other_name_and_iri(kind, text, expected, names):
    assert Parameter("x", kind, "").terms([text], names) == [NamedNode(ID + expected)]


def test_a_side_is_also_who_stands_for_it(names):
    terms = Parameter("x", "side", "").terms(["turkey"], names)
    assert terms[0] == NamedNode(f"{ID}actor/turkey")
    assert NamedNode(f"{ID}actor/turkish-armed-forces") in terms
    assert Parameter("x", "actor", "").terms(["turkey"], names) == terms[:1]


@pytest.mark.parametrize(
    ("kind", "text", "near"),
    [
        ("actor", "turky", "turkey"),
        ("agreement", "sochi-2081", "sochi-2018"),
        ("place", "idlib governerate", "idlib-governorate"),
        ("status", "kept", "fulfilled"),
        ("type", "promise", "Commitment"),
    ],
)
def test_what_nobody_is_called_gets_a_suggestion(kind, text, near, names):
    with pytest.raises(QueryError, match=near):
        Parameter("x", kind, "").terms([text], names)


def test_a_name_that_only_the_store_knows_is_found_there(tmp_path):
    iri = f"{ID}name/{short_hash(False, 'Free Lowland Brigade')}"
    graph = NamedGraph("https://example.org/g", f"<{iri}> a <{PREFIXES['accord']}Actor> .\n")
    graph = NamedGraph(graph.iri, graph.triples.replace(" a ", f" <{PREFIXES['rdf']}type> "))
    with open_store(tmp_path / "store", create=True) as store:
        store.replace([graph])
        found = Parameter("x", "actor", "").terms(["Free Lowland Brigade"], names_in(store))
    assert found == [NamedNode(iri)]


@pytest.mark.parametrize(
    "line",
    ["# param: name", "# param: name wording what", "# param: Name text what", "# param: a text ="],
)
def test_a_malformed_declaration_is_refused(line):
    with pytest.raises(QueryError, match="no declaration"):
        list(parameters(line))


def everything(query: NamedQuery) -> dict[str, list[str]]:
    """Return a value for each parameter of a query."""
    samples = {
        "side": "turkey", "actor": "turkey", "agreement": "sochi-2018", "place": "sochi",
        "entity": "sochi", "type": "demand", "status": "fulfilled", "text": "x",
        "date": "2018-09-17", "integer": "3",
    }  # fmt: skip
    return {parameter.name: [samples[parameter.type]] for parameter in query.parameters}


@pytest.mark.parametrize("name", [query.name for query in named_queries()])
def test_every_query_is_plain_sparql_with_and_without_its_parameters(name, names):
    """By a second parser, which knows SPARQL 1.1 and nothing of Oxigraph."""
    query = find_query(name)
    bound = query.bound(everything(query), names)
    for text in (query.sparql, query.bound({}, names), bound):
        prepareQuery(text, initNs=PREFIXES)
    assert not re.search(r"# (values|limit):", bound)
    assert bound.count("VALUES ?") >= len(query.parameters) - 1


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("claims", "-p", "actor=turky"), "Did you mean turkey"),
        (("claims", "-p", "actr=turkey"), "Did you mean actor"),
        (("claims", "-p", "actor"), "is not KEY=VALUE"),
        (("ASK {}", "-p", "actor=turkey"), "Only named queries have parameters"),
    ],
)
def test_wrong_parameters_on_the_command_line(args, message, accord, tmp_path):
    open_store(tmp_path / "store", create=True).close()
    done = accord("query", *args, "--store", tmp_path / "store")
    assert done.returncode == 2
    assert message in done.stderr


def test_queries_shows_one_query(accord):
    shown = accord("queries", "noncompliance").stdout
    assert "actor=SIDE" in shown
    assert "PREFIX accord:" in shown
