"""Away is not deaf: what concerns exchanges under way is told, the rest in one word at the return (NOT-01)."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import select

from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.language.moments import moment
from neighbourly.exchanges import service as exchanges
from neighbourly.notifications import jobs
from neighbourly.notifications.catalogue import CATALOGUE
from neighbourly.notifications.models import Delivery, Notification
from neighbourly.notifications.other_words import OTHER_WORDS
from neighbourly.notifications.plans import Way, push_at
from neighbourly.preferences.models import Preferences
from tests.factories.exchanges import agree, lend, propose
from tests.factories.listings import actor, offer
from tests.notices import DOCUMENT, NIGHT, USUAL, WISHES, document, ways_of


def test_the_page_of_notices_says_what_the_rule_does():
    assert DOCUMENT.read_text() == document(), "run: .venv/bin/python -m tests.notices"


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_what_each_wish_does_to_each_type(name):
    """NOT-01: a table of wishes × types; no wish makes a type that is muted, or asked of who is away, ring."""
    ways = ways_of(name)
    asks = name == "request_nearby"
    assert ways["none"] is Way.AT_ONCE
    assert ways["muted"] is ways["phone signed out"] is Way.INBOX
    assert ways["asks per week 0"] is (Way.INBOX if asks else Way.AT_ONCE)
    assert ways["quiet hours"] is (Way.AT_ONCE if name == "return_overdue" else Way.AFTER_QUIET)
    assert ways["away, phone signed out"] is (Way.INBOX if asks else Way.AT_RETURN)
    assert (ways["away"] is Way.INBOX) is asks


CONCERN_WHAT_IS_UNDER_WAY = {
    "exchange_accepted", "exchange_cancelled", "exchange_handed_over", "exchange_returned", "exchange_confirmed",
    "exchange_disputed", "extension_requested", "extension_answered", "hand_over_due", "return_due", "return_overdue",
    "help_to_confirm", "item_unavailable", "item_back", "listing_edited",
}  # fmt: skip


def test_who_is_away_hears_at_once_of_what_is_under_way_and_of_nothing_else():
    assert {name for name in CATALOGUE if ways_of(name)["away"] is Way.AT_ONCE} == CONCERN_WHAT_IS_UNDER_WAY
    assert {key for key in OTHER_WORDS if ways_of(*key)["away"] is not ways_of(key[0])["away"]} == {
        ("exchange_cancelled", "withdrawn"),
        ("item_unavailable", "taken"),
        ("listing_edited", "pending"),
    }


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_two_wishes_never_ring_where_one_of_them_does_not(name):
    """Wishes join; only that urgent things may wake is a wish to hear more."""
    of_a_person = [wish for wish in WISHES if "has_phone" not in WISHES[wish]]
    ways = ways_of(name)
    for first, second in product(of_a_person, repeat=2):
        if {ways[first], ways[second]} & {Way.INBOX, Way.AT_RETURN}:
            assert push_at(name, Preferences(**USUAL | WISHES[first] | WISHES[second]), NIGHT) is None


def leave(as_, user, days: float | None) -> None:
    until = None if days is None else (clock.now() + timedelta(days=days)).isoformat()
    assert as_(user).patch("/v1/me/preferences", json={"away_until": until}).status_code == 200


@pytest.fixture
def rang(fcm):
    """`rang()`: types that were pushed since it was asked last."""
    seen = [0]

    def types() -> list[str]:
        new, seen[0] = fcm.received[seen[0] :], len(fcm.received)
        return sorted(each.message["data"]["type"] for each in new)

    return types


def told(user, name="absence_over") -> list[Notification]:
    return list(
        db.session.scalars(select(Notification).where(Notification.user_id == user.id, Notification.type == name))
    )


def test_of_a_loan_under_way_who_is_away_hears_at_once(as_, ana, bob, phone, rang, later):
    """NOT-01: and nothing is told a second time at the return."""
    phone(ana)
    lent = lend(bob, offer(ana), begins=0.01)
    later(minutes=1)
    rang()
    leave(as_, ana, 10)
    exchanges.dispute_exchange(actor=actor(bob), exchange_id=lent.id, reason="Il manque le chargeur.")
    later(minutes=1)
    assert rang() == ["exchange_disputed"]
    later(days=0.5)
    leave(as_, ana, None)
    later(minutes=1)
    assert rang() == []


def test_all_else_waits_for_the_return_and_is_one_word_then(as_, ana, bob, cleo, phone, rang, later):
    """NOT-01: proposals, and what is written about them, each thing counted once; the inbox has it meanwhile."""
    phone(ana)
    drill, saw = offer(ana), offer(ana, "Scie sauteuse")
    leave(as_, ana, 3)
    one = propose(bob, drill, begins=5)
    propose(cleo, saw, begins=5)
    as_(bob).post(f"/v1/conversations/{one.conversation_id}/messages", json={"text": "Bonjour !"})
    later(days=2.9)
    assert rang() == []
    assert {each["type"] for each in as_(ana).get("/v1/notifications").json["items"]} >= {"exchange_proposed"}
    later(days=0.2)
    assert rang() == ["absence_over"]
    later(days=0.1)
    assert rang() == []
    (row,) = as_(ana).get("/v1/notifications").json["items"][:1]
    assert row["title"] == "Pendant votre absence\u00a0: 2 nouvelles"


def test_who_comes_home_early_hears_at_once(as_, ana, bob, phone, rang, later):
    phone(ana)
    drill = offer(ana)
    leave(as_, ana, 30)
    propose(bob, drill, begins=40)
    later(days=1)
    leave(as_, ana, None)
    later(minutes=1)
    assert rang() == ["absence_over"]
    later(days=30)
    assert "absence_over" not in rang()
    assert [each.data["count"] for each in told(ana)] == [1]


def test_an_absence_that_goes_on_says_nothing_yet(as_, ana, bob, phone, rang, later):
    phone(ana)
    drill = offer(ana)
    leave(as_, ana, 1)
    propose(bob, drill, begins=20)
    later(days=0.5)
    leave(as_, ana, 2)
    later(days=1)
    assert rang() == []
    later(days=1.1)
    assert rang() == ["absence_over"]


@pytest.mark.parametrize("what", ["nothing", "read", "withdrawn", "muted", "asked"])
def test_nothing_is_said_at_a_return_for_which_nothing_waits(as_, ana, bob, phone, need, tell, rang, later, what):
    """NOT-01: what is read, over, or not wanted is not counted; who is away was not asked."""
    phone(ana)
    drill = offer(ana)
    if what == "muted":
        as_(ana).patch("/v1/me/preferences", json={"push": {"exchange_proposed": False}})
    leave(as_, ana, 3)
    if what == "asked":
        tell(need, ana, actor_id=bob.id)
    elif what != "nothing":
        proposed = propose(bob, drill, begins=5)
    later(days=2)
    if what == "read":
        as_(ana).put("/v1/notifications/read")
    if what == "withdrawn":
        as_(bob).post(f"/v1/exchanges/{proposed.id}/withdraw", json={})
        as_(ana).put(f"/v1/notifications/{told(ana, 'exchange_cancelled')[0].id}/read")
    later(days=1.1)
    assert rang() == []
    assert told(ana) == []


def test_who_has_no_phone_then_finds_all_in_the_inbox_and_is_told_where_one_is_signed_in_since(
    as_, ana, bob, phone, rang, later
):
    """NOT-01: also of what is under way, for which no phone rang."""
    agreed = agree(bob, offer(ana), begins=5)
    leave(as_, ana, 3)
    exchanges.cancel_exchange(actor=actor(bob), exchange_id=agreed.id)
    later(days=2)
    assert len(told(ana, "exchange_cancelled")) == 1
    phone(ana)
    later(days=1.1)
    assert rang() == ["absence_over"]


def test_what_waited_for_the_morning_waits_for_the_return_of_who_left_before_it(as_, ana, bob, phone, rang, later):
    """NOT-01: it was told before the absence was announced, and rang on no phone."""
    phone(ana)
    hour = (clock.now() + timedelta(hours=1)).strftime("%H:%M")
    before = (clock.now() - timedelta(hours=1)).strftime("%H:%M")
    as_(ana).patch("/v1/me/preferences", json={"quiet_hours": {"from": before, "to": hour}, "time_zone": "Etc/UTC"})
    propose(bob, offer(ana), begins=5)
    later(minutes=1)
    assert rang() == []
    leave(as_, ana, 2)
    later(hours=2)
    sweep(later)
    later(days=1.5)
    assert rang() == []
    later(days=0.5)
    sweep(later)
    assert rang() == ["absence_over"]


def sweep(later) -> None:
    jobs.sweep()
    later(minutes=1)


def test_the_one_word_waits_for_the_end_of_quiet_hours(as_, ana, bob, phone, later):
    """NOT-01, FCM-09."""
    phone(ana)
    drill = offer(ana)
    ends = (clock.now() + timedelta(days=2, hours=2)).replace(second=0, microsecond=0)
    quiet = {"from": (ends - timedelta(hours=4)).strftime("%H:%M"), "to": ends.strftime("%H:%M")}
    as_(ana).patch("/v1/me/preferences", json={"quiet_hours": quiet, "time_zone": "Etc/UTC"})
    leave(as_, ana, 2)
    propose(bob, drill, begins=5)
    later(days=2, minutes=1)
    (word,) = told(ana)
    delivery = db.session.scalars(select(Delivery).where(Delivery.notification_id == word.id)).one()
    assert (delivery.state, delivery.due_at) == ("waiting", ends)


def test_words_name_the_end_of_a_window_as_it_is_held(as_, ana, bob, act_return):
    """NOT-01: "say so before" names a day on which who was away can do so; back early, what was left of it."""
    until = clock.now() + timedelta(days=12)
    as_(ana).patch("/v1/me/preferences", json={"away_until": until.isoformat(), "time_zone": "Etc/UTC"})
    body = act_return()
    assert moment(until + timedelta(days=1), "fr", "Etc/UTC") in body()
    leave(as_, ana, None)
    assert moment(clock.now() + timedelta(days=1), "fr", "Etc/UTC") in body()


@pytest.fixture
def act_return(as_, ana, bob):
    """Bob says that what Ana lent him is back; what Ana reads of it."""
    lent = lend(bob, offer(ana), begins=0.01)

    def act():
        assert as_(bob).post(f"/v1/exchanges/{lent.id}/return", json={}).status_code == 200
        return lambda: next(
            each["body"]
            for each in as_(ana).get("/v1/notifications").json["items"]
            if each["type"] == "exchange_returned"
        )

    return act
