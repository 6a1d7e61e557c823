"""Mentions: what an article calls whom, and what the name of a place stands for in it."""

import pytest
from pyoxigraph import RdfFormat, Store

from accord.article import parse_article
from accord.extraction import read
from accord.graph import ID, article_graph
from accord.mention import AGREEMENT, EVENT
from accord.sources.files import File
from accord.store import PREFIXES
from accord.versions import Versions
from accord.vocabulary import load_vocabulary


def found(text, **header):
    heads = "".join(f"{key.title()}: {value}\n" for key, value in header.items())
    (extract,) = read([parse_article(f"{heads}{text}\n", "a")])
    assert extract.claims, "the text must be about a conflict"
    return extract


def meant(extract, form):
    """Return what a form denotes, by the last part of its IRI or its name, with how often."""
    return {
        (m.kind, (m.iri or m.name).removeprefix(ID)): m.occurrences
        for m in extract.mentions
        if m.form == form
    }


def test_forms_stand_at_their_offsets_and_are_counted():
    text = (
        "Truce talks\n\nHamas accused Israel of breaking the truce in Gaza.\n"
        "Israel rejected the accusation and said Hamas had attacked its troops.\n"
    )
    extract = found(text, date="2025-02-01")
    for mention in extract.mentions:
        standing = extract.article.raw[mention.start : mention.end]
        assert " ".join(standing.split()) == mention.form
    assert meant(extract, "Hamas") == {("ArmedGroup", "actor/hamas"): 2}
    assert list(meant(extract, "Israel").values()) == [2]


def test_a_capital_is_a_government_in_one_sentence_and_a_place_in_another():
    extract = found(
        "Strain\n\nANKARA (Agency) - Moscow accused Ankara of breaking the ceasefire in Idlib.\n"
        "Foreign ministers will meet in Moscow on Friday.\n",
        date="2019-02-08",
    )
    assert meant(extract, "Ankara") == {("Government", "actor/turkey"): 1}
    assert meant(extract, "ANKARA") == {("Place", "place/ankara"): 1}
    assert meant(extract, "Moscow") == {
        ("Government", "actor/russia"): 1,
        ("Place", "place/moscow"): 1,
    }


@pytest.mark.parametrize(
    ("phrase", "kinds"),
    [
        ("the provinces of Aleppo, Hama and Homs", ("aleppo-governorate", "hama-governorate")),
        ("Hama and Aleppo provinces", ("aleppo-governorate", "hama-governorate")),
        ("the governorates of Aleppo and Hama", ("aleppo-governorate", "hama-governorate")),
        ("the cities of Aleppo and Hama", ("aleppo-city", "hama-city")),
        ("Aleppo and Hama", ("aleppo-city", "hama-city")),
    ],
)
def test_the_noun_above_a_list_of_places_says_of_what_kind_each_is(phrase, kinds):
    extract = found(f"Truce\n\nThe army shelled rebels in {phrase} despite the ceasefire.\n")
    for form, kind in zip(("Aleppo", "Hama"), kinds, strict=True):
        assert list(meant(extract, form)) == [("Place", f"place/{kind}")]


def test_the_kind_of_a_listed_place_holds_in_claims():
    extract = found(
        "Truce\n\nThe Houthis shelled troops in the governorates of Hodeidah and Marib, "
        "breaking the truce with the government.\n"
    )
    assert {claim.place for claim in extract.claims} == {"Al Hudaydah Governorate"}


def test_the_seat_in_the_name_of_a_spokesman_is_his_government():
    extract = found(
        "Talks\n\nTurkey must withdraw its troops from Idlib under the ceasefire deal, the Kremlin "
        "spokesman said.\n",
        date="2019-02-08",
    )
    assert meant(extract, "Kremlin") == {("Government", "actor/russia"): 1}


@pytest.mark.parametrize(
    ("sentence", "form", "kinds"),
    [
        ("Ukraine signed the Minsk agreements with Russia.", "Minsk", {AGREEMENT}),
        ("Rebels broke the ceasefire agreements that were signed in Minsk in February.", "Minsk",
         {AGREEMENT, "Place"}),
        ("Ukraine and the rebels will hold talks on the ceasefire in Minsk.", "Minsk", {"Place"}),
        ("Minsk urged Ukraine to keep the ceasefire.", "Minsk", {"Government"}),
    ],
)  # fmt: skip
def test_a_venue_is_a_place_a_government_or_what_was_agreed_there(sentence, form, kinds):
    text = (
        "Debaltseve\n\nUkraine accused Russia of breaking the ceasefire with shelling.\n"
        f"{sentence}\n"
    )
    extract = found(text, date="2015-03-08")
    assert {kind for kind, _ in meant(extract, form)} == kinds


def test_the_outcomes_of_a_place_are_what_was_held_there():
    extract = found(
        "Pressure\n\nShelling killed ten people in Idlib, rebels said, accusing Syria of breaking "
        "the ceasefire before peace talks in the city of Geneva.\n"
        "Rebels said that they would never accept the outcomes of Geneva.\n",
        date="2017-02-08",
    )
    kinds = dict(meant(extract, "Geneva").keys())
    assert set(kinds) == {"Place", EVENT}
    assert kinds[EVENT] == "peace talks"


def test_a_name_that_the_vocabulary_lacks_is_known_by_its_longest_form():
    extract = found(
        "Border\n\nThe Northern Relief Army (NRA) attacked government troops near the border, "
        "breaking the ceasefire, commander Odd Halvorsen said.\n"
        "Halvorsen said the NRA had shelled two villages and killed five soldiers.\n",
        date="2021-02-08",
    )
    assert meant(extract, "NRA") == {("Actor", "Northern Relief Army"): 2}
    assert meant(extract, "Halvorsen") == {("Person", "Odd Halvorsen"): 1}


def test_an_article_without_claims_has_no_mentions():
    (extract,) = read([parse_article("Football\n\nTurkey beat Russia in Sochi on Monday.\n", "a")])
    assert not extract.claims
    assert not extract.mentions


@pytest.fixture(scope="module")
def graph():
    from tests.conftest import SHARED

    folder = SHARED / "seeds"
    if not folder.is_dir():
        pytest.skip("the sample articles are not beside this checkout (../shared/seeds)")
    store = Store()
    locations = [File(path) for path in sorted(folder.glob("*.txt"))]
    for extract in read([each.article(each.read(), 10**6) for each in locations]):
        made = article_graph(
            extract.article, extract.claims, Versions("1", "m", "p"), load_vocabulary(),
            extract.memberships, extract.mentions, extract.quotations,
        )  # fmt: skip
        number = f'<{ID}article/{extract.article.key}> <urn:number> "{extract.article.name[:3]}" .'
        store.load((made.triples + number).encode(), format=RdfFormat.N_TRIPLES)
    return store


def denoted(graph, forms):
    """Return by article what forms denote there: pairs of form and the end of an IRI."""
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    values = " ".join(f'"{form}"' for form in forms)
    rows = graph.query(
        prefixes + f"SELECT ?number ?form ?what WHERE {{ VALUES ?form {{ {values} }} "
        "?m a accord:Mention ; accord:surfaceForm ?form ; accord:denotes ?what ; "
        "accord:statedIn/<urn:number> ?number }"
    )
    found: dict[str, set[tuple[str, str]]] = {}
    for row in rows:
        what = row["what"].value.removeprefix(ID)
        found.setdefault(row["number"].value, set()).add((row["form"].value, what))
    return found


def test_two_spellings_denote_one_group(graph):
    assert denoted(graph, ["Jeish Al Izza", "Jaysh al-Izz"]) == {
        "003": {("Jaysh al-Izz", "actor/jaysh-al-izza")},
        "004": {("Jeish Al Izza", "actor/jaysh-al-izza")},
    }


def test_what_sochi_denotes_in_each_sample_article(graph):
    city = ("Sochi", "place/sochi")
    assert denoted(graph, ["Sochi"]) == {
        "000": {city},
        "001": {city},
        "003": {city, ("Sochi", "agreement/sochi-2018")},
        "004": {city, ("Sochi", "event/sochi-congress-2018")},
    }


def test_where_capitals_denote_governments_in_the_sample_articles(graph):
    forms = ["Ankara", "Moscow", "MOSCOW", "Tehran", "Damascus", "Kremlin", "BAGHDAD"]
    assert denoted(graph, forms) == {
        "000": {
            ("MOSCOW", "place/moscow"),
            ("BAGHDAD", "place/baghdad"),
            ("Moscow", "actor/russia"),
            ("Moscow", "place/moscow"),
        },
        "001": {
            ("Ankara", "actor/turkey"),
            ("Moscow", "actor/russia"),
            ("Moscow", "place/moscow"),
        },
        "002": {
            ("Ankara", "actor/turkey"),
            ("Moscow", "actor/russia"),
            ("Moscow", "place/moscow"),
            ("Damascus", "actor/syria"),
        },
        "003": {
            ("MOSCOW", "place/moscow"),
            ("Ankara", "actor/turkey"),
            ("Moscow", "actor/russia"),
            ("Kremlin", "actor/russia"),
        },
        "004": {
            ("Ankara", "actor/turkey"),
            ("Moscow", "actor/russia"),
            ("Tehran", "actor/iran"),
        },
    }
