"""Which articles are read at all, and that the others cost the networks nothing."""

from collections.abc import Iterator

import pytest

from accord.article import parse_article
from accord.extraction import document, pipeline, read
from accord.language.inflection import forms
from accord.language.relevance import is_relevant

TRUCE = (
    "Russia and Turkey agreed on a ceasefire in Idlib on Friday. Rebels withdrew their troops.\n"
)
BAKERY = "The bakery on the corner sells bread, cake and coffee from six in the morning.\n"


def relevant(text: str) -> bool:
    return is_relevant(document(parse_article(text, "a"), pipeline()))


def padded(text: str, sentences: int) -> str:
    return text + BAKERY * sentences


def test_an_article_on_a_truce_is_about_conflict():
    assert relevant(TRUCE)


def test_an_article_on_bread_is_not():
    assert not relevant(BAKERY)


def test_words_of_conflict_must_be_dense():
    assert relevant(padded(TRUCE, 15))
    assert not relevant(padded(TRUCE, 40))


@pytest.mark.parametrize("form", ["shelled", "shelling", "truces", "gunmen", "airstrikes"])
def test_any_form_of_a_word_counts(form):
    assert relevant(padded(f"There were {form}, and again {form}.\n", 4))


def test_unsure_words_count_together_only():
    assert not relevant(padded("A strike, and another strike, in the strike over pay.\n", 4))
    assert relevant(padded("Soldiers attack the border zone; the army is at war.\n", 4))


def test_names_of_armed_groups_and_of_known_agreements_count():
    assert relevant(padded("Hezbollah opened a bakery. Hezbollah baked.\n", 4))
    assert relevant(padded("It was the day of the Minsk agreements.\n", 4))
    assert not relevant(padded("It was the day of the Baker agreements.\n", 4))


def test_what_is_called_a_peace_deal_counts_as_a_known_agreement():
    assert relevant(padded("It was the year of two peace deals.\n", 4))
    assert not relevant(padded("It was the year of two deals on flour.\n", 4))


def test_a_brief_text_needs_no_more_than_an_agreement_and_its_place():
    assert relevant("Russia and Turkey signed a memorandum on Idlib.\n")
    assert not relevant("Russia and Turkey signed a memorandum on tourism.\n")


def test_forms_of_nouns_and_verbs():
    assert {"withdraw", "withdraws", "withdrew", "withdrawn", "withdrawing"} <= forms("withdraw")
    assert {"gunman", "gunmen"} <= forms("gunman")
    assert {"hostility", "hostilities"} <= forms("hostility")


def test_only_relevant_articles_reach_the_networks_and_all_come_back_in_order(monkeypatch):
    texts = [BAKERY, TRUCE, BAKERY, BAKERY, TRUCE.replace("Friday", "Monday"), BAKERY]
    articles = [parse_article(text, f"{number}") for number, text in enumerate(texts)]
    nlp = pipeline()
    reached: list[str] = []
    pipe = nlp.pipe

    def counted(docs, **options) -> Iterator[object]:
        for doc in pipe(docs, **options):
            reached.append(doc._.article.name)
            yield doc

    monkeypatch.setattr(nlp, "pipe", counted)
    found = list(read(articles, nlp))
    assert reached == ["1", "4"]
    assert [extract.article.name for extract in found] == list("012345")
    assert [bool(extract.claims) for extract in found] == [text != BAKERY for text in texts]
