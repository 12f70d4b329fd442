"""No window in which one may answer or object closes on somebody who is away (NOT-01)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from neighbourly.core import clock
from tests.factories.exchanges import agree, bring_back, day, lend, propose
from tests.factories.listings import ask, offer

MINUTE = timedelta(minutes=1)


def text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def leave(as_, user, days: float | None) -> datetime | None:
    """Away for so many days, or back; until when."""
    until = None if days is None else day(days)
    assert as_(user).patch("/v1/me/preferences", json={"away_until": until and text(until)}).status_code == 200
    return until


def seen(as_, user, exchange):
    return as_(user).get(f"/v1/exchanges/{exchange.id}").json


def moment(said: str) -> datetime:
    return datetime.fromisoformat(said)


def steps(as_, user, exchange) -> list[str]:
    messages = as_(user).get(f"/v1/conversations/{exchange.conversation_id}/messages").json["items"]
    return [each["body"] for each in messages]


@pytest.mark.parametrize("first", ["leave", "propose"])
def test_a_proposal_waits_until_a_day_after_the_return_of_who_was_asked(as_, ana, bob, later, first):
    """NOT-01: whether they left before it was made or after; both sides read until when."""
    drill = offer(ana)
    if first == "leave":
        until = leave(as_, ana, 10)
    exchange = propose(bob, drill, begins=20)
    if first == "propose":
        until = leave(as_, ana, 10)
    for user in (ana, bob):
        assert moment(seen(as_, user, exchange)["expires_at"]) == until + timedelta(days=1)
    later(days=9)
    assert seen(as_, bob, exchange)["state"] == "proposed"
    later(days=1.9)
    assert "accept" in seen(as_, ana, exchange)["allowed_actions"]
    later(days=0.2)
    assert seen(as_, bob, exchange)["state"] == "expired"


def test_a_proposal_waits_no_longer_than_until_it_would_begin_and_says_why(as_, ana, bob, later):
    """NOT-01: nobody is told that no answer came from who was not there to give one."""
    exchange = propose(bob, offer(ana), begins=5)
    leave(as_, ana, 10)
    assert moment(seen(as_, bob, exchange)["expires_at"]) == exchange.starts_at
    later(days=5.1)
    assert seen(as_, bob, exchange)["state"] == "expired"
    (told,) = [each for each in as_(bob).get("/v1/notifications").json["items"] if each["type"] == "exchange_expired"]
    assert told["title"] == "Personne n'était là"
    assert any("n'était pas là" in each for each in steps(as_, bob, exchange))


def test_the_absence_of_who_proposed_holds_nothing_open(as_, ana, bob, later):
    exchange = propose(bob, offer(ana), begins=20)
    leave(as_, bob, 10)
    later(days=3.1)
    assert seen(as_, ana, exchange)["state"] == "expired"


@pytest.mark.parametrize(("back_after", "ends_after"), [(1, 3), (2.5, 3.5), (6, 7)])
def test_who_comes_back_early_has_a_day_or_what_was_left(as_, ana, bob, later, back_after, ends_after):
    """NOT-01: an absence that is shortened lets go of what it held."""
    exchange = propose(bob, offer(ana), begins=30)
    leave(as_, ana, 20)
    later(days=back_after)
    leave(as_, ana, None)
    later(days=ends_after - back_after - 0.1)
    assert seen(as_, bob, exchange)["state"] == "proposed"
    later(days=0.2)
    assert seen(as_, bob, exchange)["state"] == "expired"


def test_an_absence_that_is_extended_holds_on(as_, ana, bob, later):
    exchange = propose(bob, offer(ana), begins=30)
    leave(as_, ana, 5)
    later(days=4)
    leave(as_, ana, 5)
    later(days=5.9)
    assert seen(as_, bob, exchange)["state"] == "proposed"
    later(days=0.2)
    assert seen(as_, bob, exchange)["state"] == "expired"


def test_a_tap_may_be_objected_to_a_day_after_the_return(as_, ana, bob, act, later):
    """NOT-01: "it is back", says the borrower of somebody who is on holiday."""
    lent = lend(bob, offer(ana), begins=0.01)
    until = leave(as_, ana, 12)
    act(bob, lent, "return")
    assert moment(seen(as_, ana, lent)["object_until"]) == until + timedelta(days=1)
    later(days=12.9)
    assert "object" in seen(as_, ana, lent)["allowed_actions"]
    assert act(ana, lent, "object").json["state"] == "disputed"


def test_a_tap_is_past_objecting_once_that_day_is_over(as_, ana, bob, act, later):
    lent = lend(bob, offer(ana), begins=0.01)
    leave(as_, ana, 12)
    act(bob, lent, "return")
    later(days=13.1)
    assert "object" not in seen(as_, ana, lent)["allowed_actions"]
    assert act(ana, lent, "object").status_code == 409


def test_who_leaves_when_it_is_past_opens_nothing_anew(as_, ana, bob, later):
    """NOT-01: an absence that began after the end of a window does not hold it."""
    lent = bring_back(bob, offer(ana))
    later(days=1.1)
    leave(as_, ana, 5)
    assert "object" not in seen(as_, ana, lent)["allowed_actions"]


def test_a_month_to_dispute_goes_on_after_the_return(as_, ana, bob, act, later):
    lent = bring_back(bob, offer(ana))
    leave(as_, ana, 40)
    later(days=40.9)
    assert "dispute" in seen(as_, ana, lent)["allowed_actions"]
    later(days=0.2)
    assert "dispute" not in seen(as_, ana, lent)["allowed_actions"]


def help_done(as_, ana, bob, act):
    """Bob helped Ana, and says so."""
    need = ask(ana, "Monter une étagère", kind="time", category=None)
    exchange = agree(bob, need, begins=0.01)
    assert act(bob, exchange, "done").status_code == 200
    return exchange


@pytest.mark.parametrize(("away", "confirmed_after"), [(None, 7), (3, 7), (6.5, 7.5), (20, 21), (365, 37)])
def test_a_help_confirms_itself_a_day_after_the_return_and_a_month_later_at_most(
    as_, ana, bob, act, later, away, confirmed_after
):
    """NOT-01: minutes are nobody's hostage for a year."""
    exchange = help_done(as_, ana, bob, act)
    if away is not None:
        leave(as_, ana, away)
    said = moment(seen(as_, bob, exchange)["confirm_by"]) - clock.now()
    assert abs(said - timedelta(days=confirmed_after)) < MINUTE
    later(days=confirmed_after - 0.1)
    assert seen(as_, bob, exchange)["state"] == "done"
    later(days=0.2)
    assert seen(as_, bob, exchange)["state"] == "confirmed"


@pytest.mark.parametrize("who", ["giver", "receiver"])
def test_what_had_no_word_waits_for_who_is_away(as_, ana, bob, later, who):
    """NOT-01: either of the two may know whether it took place."""
    exchange = agree(bob, offer(ana), begins=1, days=2)
    leave(as_, ana if who == "giver" else bob, 15)
    later(days=12)
    assert seen(as_, ana, exchange)["state"] == "accepted"
    later(days=4.1)
    assert seen(as_, ana, exchange)["state"] == "cancelled"


def test_a_wish_for_more_time_waits_for_the_owner(as_, ana, bob, act, later):
    lent = lend(bob, offer(ana), begins=0.01, days=3)
    leave(as_, ana, 15)
    act(bob, lent, "extend", ends_at=text(day(5)))
    later(days=14)
    assert "grant" in seen(as_, ana, lent)["allowed_actions"]
    later(days=2.1)
    assert "grant" not in seen(as_, ana, lent)["allowed_actions"]


def test_no_counter_asks_who_is_away_for_these_days(as_, ana, bob, act):
    """NOT-01: as no proposal does."""
    exchange = propose(bob, offer(ana), begins=20)
    leave(as_, bob, 10)
    refused = act(ana, exchange, "counter", starts_at=text(day(5)), ends_at=text(day(6)))
    assert (refused.status_code, refused.json["code"]) == (409, "not_available")
