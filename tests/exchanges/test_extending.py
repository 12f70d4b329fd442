"""Keeping something longer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from neighbourly.bookings.models import Occupation
from neighbourly.core import clock
from neighbourly.core.db import db
from tests.factories.exchanges import agree, day, lend
from tests.factories.listings import offer


@pytest.fixture
def lent(bob, drill):
    """Bob has the drill for two days."""
    return lend(bob, drill, begins=0.01, days=2)


def until(number: float) -> dict[str, str]:
    return {"ends_at": day(number).isoformat()}


def test_the_borrower_asks_and_the_owner_grants(ana, bob, lent, act, look, news):
    asked = act(bob, lent, "extend", **until(4)).json
    assert (asked["awaiting"], asked["extend_to"] is not None) == ("giver", True)
    assert news(ana)[-1] == "extension_requested"
    assert look(ana, lent)["allowed_actions"] == ["return", "dispute", "grant", "refuse"]
    granted = act(ana, lent, "grant").json
    assert (granted["ends_at"], granted["extend_to"]) == (asked["extend_to"], None)
    assert news(bob)[-1] == "extension_answered"
    occupation = db.session.get_one(Occupation, lent.id, populate_existing=True)
    assert occupation.period.upper.isoformat().replace("+00:00", "Z") == granted["ends_at"]


def test_the_owner_refuses_and_it_ends_as_was_agreed(ana, bob, lent, act):
    before = act(bob, lent, "extend", **until(4)).json["ends_at"]
    refused = act(ana, lent, "refuse").json
    assert (refused["ends_at"], refused["extend_to"], refused["awaiting"]) == (before, None, None)


def test_a_wish_ends_with_the_loan(bob, lent, act):
    act(bob, lent, "extend", **until(4))
    assert act(bob, lent, "return").json["extend_to"] is None


def test_an_owner_who_extends_has_granted_it(ana, lent, act):
    assert act(ana, lent, "extend", **until(4)).json["extend_to"] is None


def test_whoever_comes_next_is_not_pushed_aside(ana, bob, cleo, drill, lent, act):
    """BOK-04, BOK-10: nor is it asked for; the answer says until when it could be kept."""
    act(bob, lent, "extend", **until(4))
    coming = agree(cleo, drill, begins=3, days=2)
    until_then = coming.starts_at.isoformat().replace("+00:00", "Z")
    act(ana, lent, "refuse")
    for refused in (act(bob, lent, "extend", **until(4)), act(ana, lent, "extend", **until(4))):
        assert (refused.status_code, refused.json["code"]) == (409, "already_booked")
        assert refused.json["possible_until"] == until_then


def test_a_wish_is_not_granted_over_what_was_promised_meanwhile(ana, bob, cleo, drill, lent, act):
    """BOK-04."""
    act(bob, lent, "extend", **until(4))
    agree(cleo, drill, begins=3, days=2)
    refused = act(ana, lent, "grant")
    assert (refused.status_code, refused.json["code"]) == (409, "already_booked")
    assert act(ana, lent, "extend", **until(2.5)).status_code == 409, "one wish at a time"


def test_no_longer_than_the_owner_lends_it_and_never_shorter(ana, bob, act):
    lent = lend(bob, offer(ana, "Une scie", max_loan_days=3), begins=0.01, days=2)
    assert act(bob, lent, "extend", **until(4)).json["code"] == "loan_too_long"
    refused = act(bob, lent, "extend", **until(1))
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/ends_at")


def test_reminders_follow_the_new_end(ana, bob, lent, act, later, news):
    act(ana, lent, "extend", **until(6))
    later(days=4)
    assert "return_due" not in news(bob)
    later(days=1.5)
    assert news(bob)[-1] == "return_due"


def test_an_owner_who_has_not_answered_hears_of_the_wish_when_the_thing_falls_due(ana, bob, lent, act, later, news):
    """Nothing stays silent."""
    act(bob, lent, "extend", **until(4))
    assert news(ana).count("extension_requested") == 1
    later(days=1.2)
    assert news(ana).count("extension_requested") == 2
    later(days=0.4)
    assert (news(ana).count("extension_requested"), news(bob)[-1]) == (3, "return_due")
    assert "return_due" not in news(ana), "she is asked instead"
    act(ana, lent, "refuse")
    later(days=2)
    assert news(ana).count("extension_requested") == 3


def test_who_was_reminded_asked_for_more_and_got_it_is_reminded_again(ana, bob, lent, act, later, news):
    """What was told of the old end is not told of the new one."""
    later(days=1.6)
    assert news(bob).count("return_due") == 1
    act(ana, lent, "extend", **until(4))
    later(days=3.2)
    assert news(bob).count("return_due") == 2
    for expected in (0, 1, 1, 2):
        later(days=1)
        assert news(bob).count("return_overdue") == expected


def test_who_is_late_gets_more_time_and_is_late_again_is_reminded_again(ana, bob, lent, act, later, news):
    later(days=3.2)
    assert news(bob).count("return_overdue") == 1
    act(ana, lent, "extend", **until(2))
    later(days=3.2)
    assert news(bob).count("return_overdue") == 2


def test_a_wish_that_is_granted_after_its_own_end_frees_nothing(ana, bob, cleo, drill, lent, act, later, wish):
    """BOK-07: what is still out is nobody else's, however late the owner said yes."""
    act(bob, lent, "extend", **until(4))
    later(days=5)
    granted = act(ana, lent, "grant").json
    assert (granted["state"], granted["overdue"]) == ("handed_over", True)
    assert wish(cleo, drill).json["code"] == "already_booked"


@pytest.mark.parametrize("tapper", ["bob asks for more", "ana refuses"])
def test_a_tap_just_after_the_end_does_not_hide_that_it_is_late(ana, bob, cleo, drill, lent, act, later, wish, tapper):
    """BOK-07: whoever taps between the end and the next look of time."""
    later(days=1)
    if tapper == "ana refuses":
        act(bob, lent, "extend", **until(3))
    clock.advance(timedelta(days=1, minutes=20))
    answer = act(ana, lent, "refuse") if tapper == "ana refuses" else act(bob, lent, "extend", **until(3))
    assert (answer.status_code, answer.json["overdue"]) == (200, True)
    later(minutes=5)
    assert wish(cleo, drill).json["code"] == "already_booked"


def test_a_dispute_just_after_the_end_does_not_hide_that_it_is_late(ana, bob, cleo, drill, lent, act, later, wish):
    """BOK-07."""
    later(days=1)
    clock.advance(timedelta(days=1, minutes=20))
    assert act(ana, lent, "dispute", reason="Il ne répond pas.").json["state"] == "disputed"
    assert wish(cleo, drill).json["code"] == "already_booked"
