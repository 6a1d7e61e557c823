"""Articles that have most of their text in common are marked as copies, in whatever order."""

from __future__ import annotations

import random
import shutil
from collections import defaultdict
from dataclasses import replace
from datetime import date

import pytest

from accord.article import Article, parse_article
from accord.audit import Audit
from accord.copies.fingerprint import Fingerprint, Text, body, fingerprint, limits, shingles
from accord.copies.marking import mark_copies, text_iri
from accord.copies.originals import Copied, find_originals
from accord.graph import article_iri, graph_iri
from accord.query import find_query, names_in, rows
from accord.rules.upkeep import marked as pending
from accord.settings import Settings
from accord.store import Store, open_store
from accord.store.memory import MemoryStore
from tests.conftest import EXAMPLES
from tests.unit.archives import articles, claim, derive, load, make, prepared, related

NOW, LATER = "2026-11-22T10:00:00+00:00", "2026-11-22T11:00:00+00:00"
WORDS = [f"{first}{last}" for first in "bdfgklmnprst" for last in ("a", "en", "ir", "o", "ul")]
NOTICE = " ".join(f"Notice{number}" for number in range(40)) + "."


def prose(seed: int, words: int = 300) -> list[str]:
    """Return sentences of ten invented words; different seeds have hardly a shingle in common."""
    draw = random.Random(seed)
    return [" ".join(draw.choices(WORDS, k=10)).capitalize() + "." for _ in range(words // 10)]


def page(name: str, sentences: list[str], day: int | None = 1, title: str = "") -> Article:
    head = f"URL: https://news.example/{name}\n" + (f"Date: 2020-01-{day:02}\n" if day else "")
    return parse_article(f"{head}\n{title or name}\n\n" + "\n\n".join(sentences), name)


def of(article: Article, captured: str = NOW) -> Fingerprint:
    found = fingerprint(article, captured)
    assert found
    return found


def named(found: dict[str, Copied | None], *pages: Article) -> dict[str, str]:
    """Return the copies among the results, with their originals, by name."""
    names = {article_iri(article): article.name for article in pages}
    return {names[copy]: names[of.original] for copy, of in found.items() if of}


# -- Fingerprints


def test_what_is_no_text_does_not_count():
    text = prose(1)
    plain = page("a", text)
    other = page("a", ["Read more", *[line.upper() for line in text], "All rights reserved"], 7)
    other = parse_article(other.raw.replace("Date:", "Source: The Post\nDate:"), "other")
    assert of(other).sample == of(plain).sample
    assert of(other).bands == of(plain).bands
    assert "Read more" not in body(other) and "Post" not in body(other)
    assert of(page("a", text, title="Something else has happened")).sample == of(plain).sample


def test_a_text_that_is_too_short_has_no_fingerprint():
    words = " ".join(f"word{number}" for number in range(limits().least + 2))
    assert len(shingles(words)) == limits().least - 1
    assert fingerprint(page("a", [words]), NOW) is None
    assert fingerprint(page("a", [words + " more"]), NOW)


def test_fingerprints_stay_comparable_with_those_in_stores():
    """What another version of datasketch or of Python makes of a text must be the same."""
    found = of(page("a", ["One two three four five six. " + NOTICE]))
    assert found.shingles == 43
    assert found.sample.startswith("AH6TWgrau8UMrczMDQJ20BePrSAYmivv")
    assert found.bands[:2] == ("0-10e61fa601377c5e", "1-08344f2b00579ea1")


def test_the_day_is_that_of_publication_or_the_last_that_it_may_be():
    article = page("a", prose(1), day=None)
    assert of(article).day is None
    assert of(replace(article, inferred="2018-02")).day == "2018-02-28"
    assert of(replace(article, inferred="2018-02", published=date(2018, 1, 5))).day == "2018-01-05"


@pytest.mark.parametrize(("words", "sure"), [(200, 0.001), (3000, 0.1)])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_shares_are_those_of_all_shingles(words, sure, part):
    """Exactly where the samples hold all shingles, else about."""
    text = prose(3, words)
    left = text[: round(len(text) * part)] + prose(4, words // 10)
    one, two = page("a", text), page("b", left)
    whole, cut = shingles(body(one)), shingles(body(two))
    shares = Text.of(of(one)).shares(Text.of(of(two)))
    assert shares[0] == pytest.approx(len(whole & cut) / len(whole), abs=sure)
    assert shares[1] == pytest.approx(len(whole & cut) / len(cut), abs=sure)
    assert Text.of(of(two)).shares(Text.of(of(one))) == shares[::-1]


def test_the_sample_of_a_long_text_meets_all_of_a_short_one():
    long = prose(5, 5000)
    short = page("short", long[100:130])
    own, other = Text.of(of(short)).shares(Text.of(of(page("long", long))))
    assert own == 1
    assert 0 < other < 0.2


# -- Originals


def test_a_copy_is_cut_changed_and_framed():
    text = prose(10)
    one = page("one", text, 2)
    cut = page("cut", text[:14], 3)
    framed = page("framed", [NOTICE, *text, "Subscribe to our newsletter"], 4, "Another title")
    edited = page(
        "edited", [line.replace("bo ", "so ").replace("fen", "a fen") for line in text], 5
    )
    other = page("other", prose(11), 3)
    pages = (one, cut, framed, edited, other)
    found = find_originals(map(of, pages))
    assert named(found, *pages) == {"cut": "one", "framed": "one", "edited": "one"}
    assert found[article_iri(cut)] == Copied(article_iri(one), 1.0)
    framed_share = found[article_iri(framed)]
    assert framed_share and 0.8 < framed_share.share < 0.95


def test_quotations_and_patterns_in_common_make_no_copy():
    quote = prose(12, 80)
    report, answer = page("a", prose(13, 200) + quote), page("b", prose(14, 200) + quote)
    assert find_originals([of(report), of(answer)])[article_iri(answer)] is None
    pattern = "On {0} observers counted {1} breaches near {2}, {3} more than in {4}."
    daily = [
        [pattern.format(*(draw.choice(WORDS) for _ in range(5))) for _ in range(12)]
        for draw in (random.Random(1), random.Random(2))
    ]
    one, two = page("mon", daily[0], 1), page("tue", daily[1], 2)
    assert find_originals([of(one), of(two)])[article_iri(two)] is None


def test_a_digest_makes_its_reports_no_copies_of_each_other():
    parts = [prose(seed, 200) for seed in (15, 16, 17)]
    reports = [page(f"r{number}", part, number) for number, part in enumerate(parts, 1)]
    digest = page("digest", [line for part in parts for line in part], 9)
    pages = [*reports, digest]
    assert named(find_originals(map(of, pages)), *pages) == {"digest": "r1"}
    many = [prose(seed, 200) for seed in range(20, 30)]
    reports = [page(f"r{number}", part, number) for number, part in enumerate(many, 1)]
    digest = page("digest", [line for part in many for line in part], 30)
    pages = [*reports, digest]
    assert named(find_originals(map(of, pages)), *pages) == {}


def test_the_earliest_is_the_original():
    text = prose(18)
    dated, undated = page("dated", text[:25], 2), page("undated", text, None)
    earlier = page("earlier", text[5:], 1)
    pages = (dated, undated, earlier)
    assert named(find_originals(map(of, pages)), *pages) == dict.fromkeys(
        ("dated", "undated"), "earlier"
    )
    # On the same day the one that was found first, and of two found at once the longer one.
    twin = page("twin", text[:28], 2)
    pages = (dated, twin)
    assert named(find_originals([of(dated), of(twin, LATER)]), *pages) == {"twin": "dated"}
    assert named(find_originals([of(dated, LATER), of(twin)]), *pages) == {"dated": "twin"}
    assert named(find_originals([of(dated), of(twin)]), *pages) == {"dated": "twin"}
    # Times count, not how they are written.
    assert named(find_originals([of(dated, "2026-11-22T12:30:00+03:00"), of(twin)]), *pages) == {
        "twin": "dated"
    }


# -- Marking


def marked(store: Store) -> dict[str, tuple[str, float]]:
    found = rows(
        store.query("SELECT ?c ?o ?s { GRAPH ?g { ?c accord:copyOf ?o ; accord:commonText ?s } }")
    )
    return {row["c"]: (row["o"], float(row["s"])) for row in found}


def change(
    store: Store, *coming: Fingerprint | None, gone: tuple[str, ...] = (), short: str = ""
) -> list[str]:
    """Load and drop articles; return those whose marks changed beside."""
    new: dict[str, Fingerprint | None] = {print_.article: print_ for print_ in coming if print_}
    if short:
        new[short] = None
    done = mark_copies(store, new, map(graph_iri, gone))
    store.replace(done.graphs, done.drop)
    return done.changed


def expected(prints: list[Fingerprint]) -> dict[str, tuple[str, float]]:
    found = find_originals(prints)
    return {copy: (of.original, of.share) for copy, of in found.items() if of}


@pytest.mark.parametrize("seed", range(8))
def test_the_order_of_what_happens_does_not_matter(seed):
    """Articles come, change and go in any order and number: the marks are those of what is left."""
    draw = random.Random(seed)
    texts = [prose(30 + number, 150) for number in range(4)]
    versions = {}
    for number in range(24):
        text = list(draw.choice(texts))
        keep = sorted(draw.sample(range(len(text)), draw.randint(7, len(text))))
        text = [text[at] for at in keep] + prose(100 + number, draw.choice([0, 20, 80]))
        name = f"a{number % 18}"
        captured = draw.choice([NOW, LATER])
        versions[number] = of(page(name, text, draw.choice([None, 1, 2, 3])), captured)
    now: dict[str, Fingerprint] = {}
    left = list(versions.values())
    draw.shuffle(left)
    with MemoryStore() as store:
        while left:
            batch = {p.article: p for p in (left.pop() for _ in range(min(len(left), 5)))}
            goes = draw.sample(sorted(now), draw.randint(0, min(3, len(now))))
            goes = [article for article in goes if article not in batch]
            for article in goes:
                del now[article]
            for article, print_ in batch.items():
                before = now.get(article)
                now[article] = replace(print_, captured=before.captured) if before else print_
            change(store, *batch.values(), gone=tuple(goes))
            assert marked(store) == expected(list(now.values()))
        assert expected(list(now.values())), "nothing is a copy: this tests nothing"


def test_an_earlier_original_comes_later_and_goes_again():
    text = prose(40)
    one, two, three = (of(page(f"p{day}", text[day:], day)) for day in (3, 4, 5))
    other = of(page("other", prose(41), 3))
    first = of(page("p1", text, 1))
    with MemoryStore() as store:
        assert change(store, one, two, three, other) == []
        assert {copy: of[0] for copy, of in marked(store).items()} == dict.fromkeys(
            (two.article, three.article), one.article
        )
        assert change(store, first) == sorted(graph_iri(each.article) for each in (one, two, three))
        assert {of for of, _ in marked(store).values()} == {first.article}
        assert change(store, first) == []
        # Corrected, it is another text; too short, it has none; or it is found no more.
        gone = (
            lambda: change(store, of(page("p1", prose(42), 1))),
            lambda: change(store, short=first.article),
            lambda: change(store, gone=(first.article,)),
        )
        for goes in gone:
            assert len(goes()) == 3
            assert {of for of, _ in marked(store).values()} == {one.article}
            assert len(change(store, first)) == 3
        change(store, gone=tuple(each.article for each in (one, two, three, first)))
        assert marked(store) == {}
        left = store.query(f"SELECT ?p {{ GRAPH <{text_iri(one.article)}> {{ ?s ?p ?o }} }}")
        assert list(rows(left)) == []


def test_what_is_read_again_stays_the_one_that_was_found_first():
    text = prose(43)
    one, two = page("one", text, None), page("two", text[1:], None)
    with MemoryStore() as store:
        change(store, of(one))
        change(store, of(two, LATER))
        assert named_in(store) == {("two", "one")}
        change(store, of(one, "2027-01-01T00:00:00+00:00"))
        assert named_in(store) == {("two", "one")}


def named_in(store: Store) -> set[tuple[str, str]]:
    names = {article_iri(page(name, [])): name for name in ("one", "two")}
    return {(names[copy], names[of]) for copy, (of, _) in marked(store).items()}


def test_a_notice_under_every_report_costs_no_more_the_more_there_are(monkeypatch):
    """Reports that share a notice share bands; of these no more are read than the limit."""
    asked: list[int] = []
    with MemoryStore() as store:
        prints = [of(page(f"n{n}", [*prose(200 + n, 60), NOTICE], 1)) for n in range(150)]
        change(store, *prints)
        assert marked(store) == {}
        copied = of(page("copy", [*prose(200 + 77, 60)[1:], NOTICE], 2))
        query = store.query
        monkeypatch.setattr(
            store,
            "query",
            lambda sparql: asked.append(sparql.count("/graph/text/")) or query(sparql),
        )
        change(store, copied)
        monkeypatch.undo()
        assert {copy: of[0] for copy, of in marked(store).items()} == {
            copied.article: prints[77].article
        }
    assert max(asked) <= limits().candidates


@pytest.mark.server
def test_the_same_on_a_server(oxigraph_server):
    same_on(oxigraph_server, Settings())


@pytest.mark.virtuoso
def test_the_same_on_virtuoso(virtuoso_server):
    same_on(virtuoso_server, Settings(store_user="dba", store_password="dba", store_auth="digest"))


def same_on(address: str, settings: Settings) -> None:
    text = prose(44)
    prints = [of(page(f"v{day}", text[day:], day)) for day in (3, 4, 2)]
    try:
        with open_store(address, settings=settings) as store:
            for print_ in prints:
                change(store, print_)
            assert marked(store) == expected(prints)
            change(store, gone=(prints[2].article,))
            assert marked(store) == expected(prints[:2])
    finally:
        with open_store(address, settings=settings) as store:
            store.replace([], drop=[text_iri(print_.article) for print_ in prints])


# -- What follows


def test_two_copies_and_an_independent_article():
    """The claim of a copy agrees with the independent report, but not with its original."""
    shelling = claim("Incident", action="shell", place="Idlib", time="2019-02-07")
    made = {name: make(name, shelling) for name in ("One", "Two", "Three")}
    graphs = {name: graph for name, (_, graph) in made.items()}
    text = prose(45)
    texts = {"One": text, "Two": text[3:], "Three": prose(46)}
    prints = {
        name: replace(of(page(name, texts[name], day)), article=article_iri(made[name][0]))
        for day, name in enumerate(made, 1)
    }
    apart = [frozenset({name, "Three"}) for name in ("One", "Two")]
    with prepared() as store:
        load(store, *graphs.values())
        derive(store)
        assert articles(related(store, "corroborates")) == {*apart, frozenset({"One", "Two"})}
        change(store, *prints.values())
        load(store, *graphs.values())
        derive(store)
        assert articles(related(store, "corroborates")) == set(apart)


def test_an_ingestion_marks_copies(tmp_path, ingest):
    samples = tmp_path / "samples"
    samples.mkdir()
    for name in ("idlib-sochi-2018", "idlib-sochi-2018-reprint", "idlib-moscow-2020"):
        shutil.copy(EXAMPLES / f"{name}.txt", samples)
    ingest(samples)
    with open_store(tmp_path / "store") as store:
        answer = ask(store, "copies")
        assert [(row["original"], row["copy"]) for row in answer] == [
            ("idlib-sochi-2018", "idlib-sochi-2018-reprint")
        ]
        assert 0.9 < float(answer[0]["common"]) < 1
        assert ask(store, "copies", article=["idlib-sochi-2018"]) == answer
        assert ask(store, "copies", article=["idlib-moscow-2020"]) == []
        # What the two quote is one utterance with two appearances, and no second source.
        restated = defaultdict(set)
        for row in ask(store, "restatements"):
            restated[row["utterance"]].add(row["article"])
        assert {"idlib-sochi-2018", "idlib-sochi-2018-reprint"} in restated.values()
        for pair in pairs(store):
            assert pair != {"idlib-sochi-2018", "idlib-sochi-2018-reprint"}
        assert list(Audit(store).violations()) == []
    # The report gives way to another one: the reprint is the report now.
    shutil.copy(EXAMPLES / "karabakh-truce-2020.txt", samples / "idlib-sochi-2018.txt")
    ingest(samples)
    with open_store(tmp_path / "store") as store:
        assert ask(store, "copies") == []
        assert pending(store) == {}
        assert list(Audit(store).violations()) == []


def ask(store: Store, name: str, **values: list[str]) -> list[dict[str, str]]:
    query = find_query(name)
    return list(rows(store.query(query.bound(values, names_in(store)))))


def pairs(store: Store) -> list[set[str]]:
    """Return the articles of each pair of claims that corroborate each other."""
    found = defaultdict(set)
    for row in ask(store, "corroborations"):
        found[row["pair"]].add(row["article"])
    return list(found.values())
