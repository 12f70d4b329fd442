"""When the two do not agree, and how it ends."""

from __future__ import annotations

import pytest

from neighbourly.bookings.models import Occupation
from neighbourly.core import clock
from neighbourly.core.audit import AuditEntry
from neighbourly.core.db import db
from tests import people
from tests.databases import count_of
from tests.factories.exchanges import agree, dispute, lend
from tests.factories.listings import offer


@pytest.fixture
def disputed(ana, bob, drill):
    """Bob says that the charger was missing."""
    return dispute(bob, drill)


@pytest.fixture
def mod(app):
    """A moderator of the whole installation."""
    return people.make("Mona M.", home=people.CLEO_CELL, role="moderator")


def test_both_read_why_and_minutes_and_things_stay_where_they_are(ana, bob, disputed, look, news):
    seen = look(ana, disputed)
    assert (seen["state"], seen["dispute_reason"]) == ("disputed", "Il manque le chargeur.")
    assert seen["allowed_actions"] == ["cancel", "return"]
    assert news(ana)[-1] == "exchange_disputed"
    assert count_of(Occupation) == 1


def test_the_first_proposes_how_it_ends_and_the_same_by_the_other_ends_it(ana, bob, disputed, act):
    proposed = act(bob, disputed, "return").json
    assert (proposed["state"], proposed["settle_as"], proposed["awaiting"]) == ("disputed", "returned", "giver")
    assert act(bob, disputed, "return").json["state"] == "disputed", "nobody agrees with themselves"
    assert act(ana, disputed, "cancel").json["settle_as"] == "cancelled"
    ended = act(bob, disputed, "cancel").json
    assert (ended["state"], ended["settle_as"]) == ("cancelled", None)
    assert db.session.scalars(db.select(Occupation)).one().period.upper <= clock.now(), "what was is history"


def test_a_disputed_help_moves_its_minutes_once_both_confirm(as_, ana, bob, act):
    """LED-01: a dispute holds them."""
    exchange = agree(bob, offer(ana, "Cours d'anglais", kind="skill", category=None), minutes=60)
    act(ana, exchange, "done")
    act(bob, exchange, "dispute", reason="C'était une demi-heure.")
    assert as_(ana).get("/v1/me/timebank").json["balance_minutes"] == 0
    assert as_(bob).get("/v1/me/timebank").json["pending_minutes"] == 60
    act(ana, exchange, "confirm")
    assert act(bob, exchange, "confirm").json["state"] == "confirmed"
    assert as_(ana).get("/v1/me/timebank").json["balance_minutes"] == 60


@pytest.mark.parametrize(
    ("outcome", "status", "state"),
    [("returned", 204, "returned"), ("cancelled", 204, "cancelled"), ("confirmed", 422, "disputed")],
)
def test_a_moderator_says_how_it_ends_on_record(as_, ana, mod, disputed, look, outcome, status, state):
    answer = as_(mod).post(f"/v1/exchanges/{disputed.id}/settle", json={"outcome": outcome})
    assert answer.status_code == status
    assert look(ana, disputed)["state"] == state
    acts = [each.act for each in db.session.scalars(db.select(AuditEntry))]
    assert ("dispute_settled" in acts) is (status == 204)


def test_a_moderator_moves_no_more_minutes_than_the_receiver_agreed_to(as_, ana, bob, mod, act):
    """LED-08."""
    exchange = agree(bob, offer(ana, "Cours d'anglais", kind="skill", category=None), minutes=60)
    act(ana, exchange, "done", minutes=180)
    act(bob, exchange, "dispute", reason="Ce n'était qu'une heure.")
    assert as_(mod).post(f"/v1/exchanges/{exchange.id}/settle", json={"outcome": "confirmed"}).status_code == 204
    assert as_(ana).get("/v1/me/timebank").json["balance_minutes"] == 60


def test_moderators_find_the_disputes_of_their_territory_and_not_their_own(as_, ana, bob, mod, disputed, drill):
    (shown,) = as_(mod).get("/v1/disputes").json["items"]
    assert (shown["id"], shown["title"], shown["reason"]) == (str(disputed.id), drill.title, "Il manque le chargeur.")
    elsewhere = people.make("Else W.", role="moderator", territory_code="elsewhere")
    assert as_(elsewhere).get("/v1/disputes").json["items"] == []
    ana.role = "admin"
    db.session.commit()
    assert as_(ana).get("/v1/disputes").json["items"] == []
    assert as_(bob).get("/v1/disputes").status_code == 403


def test_nobody_is_judge_in_their_own_cause(as_, ana, bob, disputed):
    bob.role = "moderator"
    db.session.commit()
    answer = as_(bob).post(f"/v1/exchanges/{disputed.id}/settle", json={"outcome": "cancelled"})
    assert answer.status_code == 403


def test_a_gift_that_was_not_handed_over_after_all_can_be_given_to_another(ana, bob, cleo, act):
    chairs = offer(ana, "Une chaise haute", terms="give", quantity=2)
    for _ in range(2):
        gift = agree(bob, chairs, ends_at=None)
        act(ana, gift, "hand_over")
        act(bob, gift, "object")
        for side in (ana, bob):
            ended = act(side, gift, "cancel")
        assert ended.json["state"] == "cancelled"
    other = agree(cleo, chairs, ends_at=None)
    assert act(ana, other, "hand_over").json["state"] == "handed_over"


def test_after_a_month_nothing_is_disputed_any_more(ana, bob, drill, act, later):
    exchange = agree(bob, drill, begins=0.01, days=1)
    act(ana, exchange, "hand_over")
    act(bob, exchange, "return")
    later(days=31)
    assert act(ana, exchange, "dispute", reason="Elle est rayée.").status_code == 409


def test_what_is_said_not_to_be_back_is_not_free(ana, bob, cleo, drill, act, later, wish):
    """BOK-07: Bob says that he brought it back, Ana that he did not."""
    loan = lend(bob, drill, begins=0.001, days=2)
    act(bob, loan, "return")
    assert act(ana, loan, "object").json["state"] == "disputed"
    assert wish(cleo, drill).json["code"] == "already_booked"
    later(days=3)
    assert wish(cleo, drill).json["code"] == "already_booked", "now it is late"


def test_an_objection_after_the_end_is_late_at_once(ana, bob, cleo, drill, act, later, wish):
    """BOK-07."""
    loan = lend(bob, drill, begins=0.01, days=2)
    later(days=3)
    act(bob, loan, "return")
    act(ana, loan, "object")
    assert wish(cleo, drill).json["code"] == "already_booked"
    for side in (ana, bob):
        act(side, loan, "return")
    assert act(ana, wish(cleo, drill).json, "accept").json["state"] == "accepted"


def test_an_objection_takes_nothing_from_who_was_promised_it_meanwhile(ana, bob, cleo, drill, act):
    """BOK-01."""
    loan = lend(bob, drill, begins=0.001, days=5)
    act(bob, loan, "return")
    agree(cleo, drill, begins=1, days=1)
    act(ana, loan, "object")
    held, coming = (each.period for each in db.session.scalars(db.select(Occupation).order_by(Occupation.period)))
    assert held.upper == coming.lower


def test_the_next_borrower_hears_each_time_that_it_is_back_and_that_it_is_not(ana, bob, cleo, drill, act, later, news):
    """BOK-07: a return that is denied is none."""
    loan = lend(bob, drill, begins=0.01, days=2)
    agree(cleo, drill, begins=4, days=2)
    later(days=2.2)
    act(bob, loan, "return")
    act(ana, loan, "object")
    for side in (ana, bob):
        act(side, loan, "return")
    told = [each for each in news(cleo) if each.startswith("item_")]
    assert told == ["item_unavailable", "item_back", "item_unavailable", "item_back"]


def test_who_has_it_by_now_is_not_told_to_wait_for_it(ana, bob, cleo, drill, act, later, news):
    """Bob's return is denied while Cleo has the thing in hand."""
    loan = lend(bob, drill, begins=0.001, days=1)
    later(days=2)
    act(bob, loan, "return")
    lend(cleo, drill, begins=0.001, days=2)
    assert act(ana, loan, "object").json["state"] == "disputed"
    assert "item_unavailable" not in news(cleo)


def test_a_dispute_about_how_it_came_back_takes_nothing(ana, bob, cleo, drill, act):
    """A scratch is no reason not to lend it on."""
    loan = lend(bob, drill, begins=0.001, days=5)
    act(bob, loan, "return")
    act(ana, loan, "dispute", reason="Elle est rayée.")
    agree(cleo, drill, begins=1, days=1)
