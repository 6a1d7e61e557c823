"""Duties: whose they are where two are named side by side, and what is only a way of speaking."""

import pytest

from accord.article import parse_article
from accord.claim import ClaimType
from accord.extraction import read


def claims(text, kind):
    (extract,) = read([parse_article(f"Truce\n\n{text}\n", "a")])
    return [claim for claim in extract.claims if claim.type is kind]


@pytest.mark.parametrize(
    ("crowds", "actors"),
    [
        (
            "convoys of forces of the Armenian army and units of Azerbaijani troops",
            ("Armenia", "Azerbaijan"),
        ),
        ("units of the Lebanese army and patrols of Israeli soldiers", ("Lebanon", "Israel")),
        ("units of the Lebanese army", ("Lebanon",)),
    ],
)
def test_both_of_two_parallel_crowds_act(crowds, actors):
    for text in (
        f"Under the ceasefire, the border is to be guarded by {crowds}.",
        f"Under the ceasefire, {crowds} must guard the border.",
    ):
        (duty,) = claims(text, ClaimType.OBLIGATION)
        assert duty.actor == actors


@pytest.mark.parametrize("opening", ["must recall", "must remember", "should not forget"])
def test_what_one_must_remember_is_no_duty_of_who_says_so(opening):
    text = (
        f"“We {opening} that it is the responsibility of the Sudanese army to open the road under "
        "the truce,” a spokesman for the Rapid Support Forces said."
    )
    (duty,) = claims(text, ClaimType.OBLIGATION)
    assert (duty.holder, duty.actor) == ("Rapid Support Forces", ("Sudan",))


def test_what_one_must_note_counts_itself():
    text = (
        "“We must note that Israel has violated the ceasefire in Gaza,” Hamas spokesman Bassem "
        "Naim said."
    )
    (charge,) = claims(text, ClaimType.VIOLATION)
    assert (charge.holder, charge.actor) == ("Hamas", ("Israel",))
    assert not claims(text, ClaimType.OBLIGATION)


def test_what_others_must_remember_is_asked_of_them():
    text = "“Russia must remember that it is a party to the ceasefire,” Petro Poroshenko said."
    (demand,) = claims(text, ClaimType.DEMAND)
    assert demand.actor == ("Russia",)


@pytest.mark.parametrize(
    ("before", "actors"),
    [
        ("Germany and France must fulfil their duties under the Minsk agreement. ", "both"),
        ("", "nobody"),
    ],
)
def test_you_are_those_of_whom_the_speaker_demanded_something(before, actors):
    text = f"“{before}You should stop Russia,” Ukrainian Foreign Minister Pavlo Klimkin said."
    found = {claim.actor for claim in claims(text, ClaimType.DEMAND) if claim.action == "stop"}
    assert found == ({("Germany", "France")} if actors == "both" else set())
