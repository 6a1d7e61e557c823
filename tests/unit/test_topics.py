"""Of which days a claim is taken to speak, and that articles without claims cost no derivation."""

from datetime import date

from accord.graph import article_iri
from accord.rules.derivation import Derivation
from accord.rules.topics import find_topics
from accord.rules.upkeep import marked
from tests.unit.archives import claim, load, make, prepared

SHELLING = claim("Incident", actor=("Syria",), place="Saraqib", action="shell")


def days(*claims, **more):
    article, graph = make("One", *claims, **more)
    with prepared() as store:
        load(store, graph)
        return set(find_topics(store, article_iri(article)).days.values())


def test_a_claim_without_a_time_speaks_of_the_week_before_its_article():
    assert days(SHELLING) == {(date(2019, 2, 2), date(2019, 2, 8))}


def test_without_any_date_it_speaks_of_the_time_since_its_accord():
    assert days(claim(), day=None) == {(date(2018, 9, 17), None)}


def test_without_an_accord_either_it_may_speak_of_any_day():
    assert days(SHELLING, day=None) == {(None, None)}


def test_for_articles_without_claims_nothing_is_derived():
    (_, silent), (_, speaking) = make("Silent"), make("Speaking", claim())
    with prepared() as store:
        load(store, silent, speaking)
        assert len(marked(store)) == 2
        written: list[str] = []
        replace = store.replace

        def noted(graphs, drop=()):
            graphs = list(graphs)
            written.extend(graph.iri for graph in graphs)
            replace(graphs, drop)

        store.replace = noted
        assert Derivation(store).finish().articles == 2
        assert written
        key = silent.iri.rsplit("/", 1)[-1]
        assert not [iri for iri in written if key in iri]
        assert not marked(store)
