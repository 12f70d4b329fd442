"""Hours and minutes of a help stay what was said: of a need, by a counter, and when it is done (LED-08)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from neighbourly.core.db import db
from neighbourly.exchanges.models import Exchange
from neighbourly.timebank.models import Entry
from tests.factories.exchanges import agree, day, propose
from tests.factories.listings import ask, offer


@pytest.fixture
def lesson(ana):
    """Ana teaches English."""
    return offer(ana, "Cours d'anglais", kind="skill", category=None)


def help_wanted(bob, hours: float | None = 3, **more):
    """Bob needs a hand for so many hours in two days; None: any time in the week to come."""
    begins = day(2)
    times = {} if hours is None else {"needed_from": begins, "needed_until": begins + timedelta(hours=hours)}
    return ask(bob, "Déménager une armoire", kind="time", category=None, **times, **more)


def chosen(as_, ana, bob, need, **said):
    answer = as_(ana).post(f"/v1/listings/{need.id}/answers", json={"answer": "yes"})
    assert answer.status_code in (200, 201), answer.json
    return as_(bob).post("/v1/exchanges", json={"answer_id": answer.json["id"], **said}).json


def moved() -> list[int]:
    """The minutes that moved, by entry."""
    entries = select(Entry.minutes).order_by(Entry.minutes)
    return list(db.session.scalars(entries))


@pytest.mark.parametrize(
    ("hours", "said", "minutes", "state"),
    [
        (3, {}, 180, "accepted"),
        (0.5, {}, 30, "accepted"),
        (3, {"minutes": 60}, 60, "proposed"),
        (30, {}, 60, "proposed"),
        (None, {}, 60, "proposed"),
    ],
)
def test_a_chosen_yes_without_times_takes_those_of_the_need(as_, ana, bob, hours, said, minutes, state):
    """A need says hours where it ends within a day of its beginning; else its end is a date to be met by.

    CON-10: only hours that both read are agreed at once.
    """
    need = help_wanted(bob, hours)
    made = chosen(as_, ana, bob, need, **said)
    assert (made["state"], made["minutes"]) == (state, minutes)
    span = datetime.fromisoformat(made["ends_at"]) - datetime.fromisoformat(made["starts_at"])
    assert span == timedelta(minutes=minutes)
    if hours is not None:
        assert datetime.fromisoformat(made["starts_at"]) == need.needed_from


def test_who_offers_themselves_for_a_need_takes_its_hours_too(as_, ana, bob):
    need = help_wanted(bob)
    made = as_(ana).post("/v1/exchanges", json={"listing_id": str(need.id)}).json
    assert (made["state"], made["minutes"]) == ("proposed", 180)


@pytest.mark.parametrize(
    ("minutes", "length", "expected"),
    [(None, 3, 180), (None, None, 60), (45, 1, 45), (45, 2, 120)],
)
def test_a_counter_moves_the_minutes_with_the_hours(ana, bob, lesson, act, minutes, length, expected):
    """Where the hours are as long as they were the minutes stay as well."""
    said = {"minutes": minutes, "ends_at": day(1) + timedelta(hours=1)} if minutes else {}
    exchange = propose(bob, lesson, **said)
    times = {"starts_at": day(4)} | ({"ends_at": day(4) + timedelta(hours=length)} if length else {})
    if length == 1:
        times["ends_at"] = times["starts_at"] + (exchange.ends_at - exchange.starts_at)
    countered = act(ana, exchange, "counter", **{name: each.isoformat() for name, each in times.items()}).json
    assert countered["minutes"] == expected
    assert act(bob, exchange, "accept").json["agreed_minutes"] == expected


def test_more_than_was_agreed_is_asked_for_in_so_many_words(ana, bob, lesson, act, look, latest):
    exchange = agree(bob, lesson, minutes=60)
    done = act(ana, exchange, "done", minutes=150).json
    assert (done["minutes"], done["agreed_minutes"], done["awaiting"]) == (150, 60, "receiver")
    assert latest(bob).startswith(
        "Was it 2\u00a0h\u00a030\u00a0min? Cours d'anglais"
        " | Agreed: 1\u00a0h. Confirm 2\u00a0h\u00a030\u00a0min, or less. Without a word, 1\u00a0h count on "
    )
    assert look(bob, exchange)["confirm_by"] is not None


def test_the_reminder_says_it_too(ana, bob, lesson, act, later, latest):
    exchange = agree(bob, lesson, minutes=60)
    act(ana, exchange, "done", minutes=150)
    later(days=2.1)
    assert latest(bob).startswith("Was it 2\u00a0h\u00a030\u00a0min?")


@pytest.mark.parametrize("minutes", [30, 60, None])
def test_as_agreed_or_less_is_asked_for_as_ever(ana, bob, lesson, act, latest, minutes):
    exchange = agree(bob, lesson, minutes=60)
    act(ana, exchange, "done", minutes=minutes)
    assert latest(bob).startswith("Is it done?")


@pytest.mark.parametrize(("said", "confirmed"), [(None, 150), (150, 150), (75, 75), (1, 1)])
def test_who_pays_confirms_what_was_said_or_less_and_just_that_moves(ana, bob, lesson, act, said, confirmed):
    """LED-08."""
    exchange = agree(bob, lesson, minutes=60)
    act(ana, exchange, "done", minutes=150)
    ended = act(bob, exchange, "confirm", **({"minutes": said} if said else {})).json
    assert (ended["state"], ended["minutes"], ended["agreed_minutes"]) == ("confirmed", confirmed, 60)
    assert moved() == [-confirmed, confirmed]


def test_nobody_confirms_more_than_was_said(ana, bob, lesson, act):
    exchange = agree(bob, lesson, minutes=60)
    act(ana, exchange, "done", minutes=50)
    refused = act(bob, exchange, "confirm", minutes=60)
    assert (refused.status_code, refused.json["code"]) == (422, "more_than_said")
    assert db.session.get_one(Exchange, exchange.id, populate_existing=True).state == "done"
    assert moved() == []


def test_in_a_dispute_neither_lowers_what_the_other_agreed_to(ana, bob, lesson, act):
    """Both must want the same end; a moderator goes by what was said."""
    exchange = agree(bob, lesson, minutes=60)
    act(ana, exchange, "done", minutes=60)
    act(bob, exchange, "dispute", reason="Ce fut plus court.")
    assert act(ana, exchange, "confirm").json["settle_as"] == "confirmed"
    refused = act(bob, exchange, "confirm", minutes=5)
    assert (refused.status_code, refused.json["code"]) == (422, "disputed")
    assert act(bob, exchange, "confirm", minutes=60).json["state"] == "confirmed"
    assert moved() == [-60, 60]


def test_without_a_word_no_more_moves_than_was_agreed(ana, bob, lesson, act, later, look):
    """LED-08."""
    exchange = agree(bob, lesson, minutes=60)
    act(ana, exchange, "done", minutes=150)
    for _ in range(8):
        later(days=1)
    assert (look(bob, exchange)["state"], moved()) == ("confirmed", [-60, 60])
