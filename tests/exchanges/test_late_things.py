"""Late things are everybody's business: what is told to whom while something waits, and how it ends (NOT-02)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.exchanges import jobs
from neighbourly.exchanges.models import Exchange
from neighbourly.notifications.models import Delivery, Notification
from tests import people
from tests.factories.exchanges import agree, dispute, lend, propose
from tests.factories.listings import offer


@pytest.fixture
def told(app):
    """`told(ana)`: how often she was told something of each type, with its variant; `told(ana, since)`: since then."""

    def count(user, type_name, variant=None):
        said = Notification.data["variant"].astext
        rows = select(func.count()).where(Notification.user_id == user.id, Notification.type == type_name)
        return db.session.scalar(rows.where(said.is_(None) if variant is None else said == variant))

    return count


@pytest.fixture
def mod(app):
    """A moderator of the whole installation."""
    return people.make("Mona M.", home=people.CLEO_CELL, role="moderator")


def state_of(exchange):
    return db.session.get_one(Exchange, exchange.id, populate_existing=True).state


def test_a_loan_of_five_hours_is_reminded_of_before_its_end_and_for_ever_after(ana, bob, drill, later, told, latest):
    """NOT-02: to both, in words that fit each."""
    lend(bob, drill, begins=0.01, days=5 / 24)
    later(hours=4)
    assert (told(bob, "return_due"), told(ana, "return_due", "owner")) == (1, 1)
    assert latest(bob).startswith("To bring back: Perceuse à percussion | It is due on ")
    assert latest(ana).startswith("It comes back: Perceuse à percussion | It is due on ")
    for hours, heard in ((26, 0), (48, 1), (96, 2), (7 * 24, 3), (30 * 24, 4)):
        assert (told(bob, "return_overdue"), told(ana, "return_overdue", "owner")) == (heard, heard)
        later(hours=hours)
    assert "Please bring it back, or ask for more time" in latest(bob)
    assert latest(ana).endswith("You can extend it, write, say that it is back, or dispute it.")


def test_after_its_end_nobody_is_reminded_that_it_is_to_come(ana, bob, drill, later, news):
    """NOT-02: the worker was down until then."""
    lend(bob, drill, begins=0.01, days=5 / 24)
    heard = [len(news(each)) for each in (ana, bob)]
    later(hours=7)
    assert [len(news(each)) for each in (ana, bob)] == heard


@pytest.mark.parametrize(("hours", "early", "late"), [(1, 0.4, 0.2), (5, 3.7, 0.1), (12, 8.9, 0.2), (60, 44.9, 0.2)])
def test_a_hand_over_is_reminded_of_however_soon_it_is(ana, bob, drill, later, told, hours, early, late):
    """NOT-02: a quarter of the time before, an hour at least (of an hour half): to both."""
    agree(bob, drill, begins=hours / 24, days=1)
    later(hours=early)
    assert (told(ana, "hand_over_due"), told(bob, "hand_over_due")) == (0, 0)
    later(hours=late)
    assert (told(ana, "hand_over_due"), told(bob, "hand_over_due")) == (1, 1)


def test_after_an_extension_and_a_late_hand_over_the_reminder_is_of_the_new_length(ana, bob, drill, later, act, told):
    """NOT-02, BOK-07, BOK-11: ten days and then two hours more are reminded of an hour before."""
    loan = lend(bob, drill, begins=0.01, days=10)
    later(days=9.9)
    assert told(bob, "return_due") == 1
    act(ana, loan, "extend", ends_at=(clock.now() + timedelta(hours=4)).isoformat())
    later(hours=2.9)
    assert told(bob, "return_due") == 1
    later(hours=0.2)
    assert (told(bob, "return_due"), told(ana, "return_due", "owner")) == (2, 2)


def test_a_proposal_for_the_same_evening_is_reminded_of_before_it_expires(ana, bob, drill, later, told):
    """NOT-02."""
    propose(bob, drill, begins=8 / 24, days=1)
    later(hours=5.9)
    assert told(ana, "exchange_proposed", "again") == 0
    later(hours=0.2)
    assert told(ana, "exchange_proposed", "again") == 1


def test_what_is_due_in_the_morning_is_said_in_the_evening_before(as_, ana, bob, drill, later, told):
    """NOT-02: Bob's night is quiet until the drill is due; Ana's is not."""
    loan = lend(bob, drill, begins=0.01, days=20 / 24)
    ends_at = loan.ends_at
    quiet = {"from": f"{ends_at - timedelta(hours=12):%H:%M}", "to": f"{ends_at:%H:%M}"}
    as_(bob).patch("/v1/me/preferences", json={"quiet_hours": quiet, "time_zone": "Etc/UTC"})
    later(hours=7.5)
    assert (told(bob, "return_due"), told(ana, "return_due", "owner")) == (1, 0)
    later(hours=8)
    assert (told(bob, "return_due"), told(ana, "return_due", "owner")) == (1, 1)


def test_an_owner_is_not_woken_by_what_they_wait_for(as_, ana, bob, drill, later):
    """NOT-02, FCM-09: whoever has the thing is; its owner hears in the morning."""
    for side, phone in ((ana, "ana"), (bob, "bob")):
        as_(side).put(f"/v1/me/devices/{phone}", json={"fcm_token": phone, "platform": "android"})
    lend(bob, drill, begins=0.01, days=1)
    around = {"from": f"{clock.now() + timedelta(minutes=10):%H:%M}", "to": f"{clock.now():%H:%M}"}
    for side in (ana, bob):
        as_(side).patch("/v1/me/preferences", json={"quiet_hours": around, "time_zone": "Etc/UTC"})
    later(days=2.1)
    sent = select(Notification.user_id, Delivery.state).join(Delivery, Delivery.notification_id == Notification.id)
    states = dict(db.session.execute(sent.where(Notification.type == "return_overdue")).all())
    assert states == {ana.id: "waiting", bob.id: "sent"}


def test_of_many_late_things_one_rings_and_the_inbox_has_all(as_, ana, bob, cleo, later, told):
    """NOT-02: the owner of a shed full of tools is not rung ten times in a row."""
    as_(ana).put("/v1/me/devices/ana", json={"fcm_token": "ana", "platform": "android"})
    for number, who in enumerate((bob, cleo, bob, cleo)):
        lend(who, offer(ana, f"Une échelle {number}"), begins=0.01, days=1)
    later(days=2.1)
    rung = select(func.count()).select_from(Delivery).join(Notification, Notification.id == Delivery.notification_id)
    assert told(ana, "return_overdue", "owner") == 4
    assert db.session.scalar(rung.where(Notification.type == "return_overdue")) == 1
    later(days=2)
    assert db.session.scalar(rung.where(Notification.type == "return_overdue")) == 2


@pytest.mark.parametrize("blocker", ["ana", "bob"])
def test_behind_a_block_the_words_say_what_is_left_and_the_kept_name(as_, ana, bob, drill, later, latest, blocker):
    """NOT-02, SEC-27: no word of writing, extending, or of what the thing is called by now."""
    loan = lend(bob, drill, begins=0.01, days=1)
    one, other = (ana, bob) if blocker == "ana" else (bob, ana)
    as_(one).put(f"/v1/me/blocks/{other.id}")
    as_(ana).patch(f"/v1/listings/{drill.id}", json={"title": "Autre chose"})
    later(hours=20)
    assert latest(bob).startswith("To bring back: Perceuse à percussion")
    assert latest(bob).endswith("Thank you for thinking of it.")
    later(days=1.3)
    assert latest(bob).startswith("Still out: Perceuse à percussion")
    assert latest(bob).endswith("Is it back? One tap says so.")
    assert latest(ana).endswith("You can say that it is back, or dispute it.")
    assert state_of(loan) == "handed_over"


def test_a_wish_that_nobody_answers_is_asked_again_and_ends(ana, bob, drill, later, act, told, look, latest):
    """NOT-02."""
    loan = lend(bob, drill, begins=0.01, days=4)
    act(bob, loan, "extend", ends_at=(clock.now() + timedelta(days=6)).isoformat())
    later(days=1.1)
    assert told(ana, "extension_requested", "again") == 1
    assert latest(ana).startswith("Your answer is awaited: Perceuse à percussion | They would like to keep it until")
    later(days=8)
    seen = look(bob, loan)
    assert (seen["extend_to"], seen["awaiting"]) == (None, None)
    assert told(bob, "extension_answered", "lapsed") == 1
    assert "extend" in seen["allowed_actions"]


def test_behind_a_block_nobody_is_asked_for_more_time(as_, ana, bob, drill, later, act, told):
    """NOT-02: the owner could not grant it."""
    loan = lend(bob, drill, begins=0.01, days=4)
    act(bob, loan, "extend", ends_at=(clock.now() + timedelta(days=6)).isoformat())
    as_(ana).put(f"/v1/me/blocks/{bob.id}")
    later(days=5.1)
    assert told(ana, "extension_requested", "again") == 0
    assert told(ana, "return_overdue", "owner_parted") == 1


def test_a_dispute_that_nobody_settles_reminds_both_then_the_moderators(as_, ana, bob, mod, drill, later, told, latest):
    """NOT-02: who looks after the neighbourhood hears of it by the exchange's id alone, and again while it lasts."""
    elsewhere = people.make("Else W.", role="moderator", territory_code="elsewhere")
    quarrel = dispute(bob, drill)
    for days, both, moderators in ((3.1, 1, 0), (4, 2, 0), (7, 2, 1), (27, 2, 1), (1, 2, 2), (56, 2, 3)):
        later(days=days)
        assert [told(each, "exchange_disputed", "unsettled") for each in (ana, bob)] == [both, both]
        assert told(mod, "moderation_case", "unsettled") == moderators
        assert [told(each, "exchange_disputed", "entrusted") for each in (ana, bob)] == [moderators, moderators]
    assert told(elsewhere, "moderation_case", "unsettled") == 0
    case = as_(mod).get("/v1/notifications").json["items"][0]
    assert (case["type"], case["data"]["exchange_id"], case["data"]["listing_id"]) == (
        "moderation_case",
        str(quarrel.id),
        None,
    )
    assert case["data"]["link"] is None
    assert not {"Ana", "Bob", drill.title} & {word for text in (case["title"], case["body"]) for word in text.split()}
    assert as_(mod).post(f"/v1/exchanges/{quarrel.id}/settle", json={"outcome": "returned"}).status_code == 204
    later(days=60)
    assert told(mod, "moderation_case", "unsettled") == 3


def test_a_dispute_stands_on_the_first_screen_of_whom_it_waits_for(as_, ana, bob, drill, act):
    """NOT-02: of both until one of them proposes how it ends, then of the other."""
    quarrel = dispute(bob, drill)

    def to_do():
        return [[each["id"] for each in as_(side).get("/v1/start").json["to_do"]] for side in (ana, bob)]

    assert to_do() == [[str(quarrel.id)]] * 2
    act(bob, quarrel, "return")
    assert to_do() == [[str(quarrel.id)], []]


def test_a_moderator_who_is_one_of_the_two_is_told_as_one_of_the_two(ana, bob, mod, drill, later, told):
    """NOT-02: nobody is called to judge in their own cause."""
    ana.role = "moderator"
    dispute(bob, drill)
    later(days=14.1)
    assert [told(each, "moderation_case", "unsettled") for each in (ana, mod)] == [0, 1]
    assert told(ana, "exchange_disputed", "entrusted") == 1


def test_of_many_disputes_a_moderator_is_rung_once_a_day(as_, ana, bob, mod, later, told):
    """NOT-02."""
    as_(mod).put("/v1/me/devices/mod", json={"fcm_token": "mod", "platform": "android"})
    for number in range(3):
        dispute(bob, offer(ana, f"Une échelle {number}"))
    later(days=14.1)
    rung = select(func.count()).select_from(Delivery).join(Notification, Notification.id == Delivery.notification_id)
    assert told(mod, "moderation_case", "unsettled") == 3
    assert db.session.scalar(rung.where(Notification.type == "moderation_case")) == 1


def test_who_is_offered_an_end_of_a_dispute_is_reminded_of_it(ana, bob, drill, later, act, told, latest):
    """NOT-02."""
    quarrel = dispute(bob, drill)
    later(days=1)
    act(bob, quarrel, "return")
    later(days=1.1)
    assert [told(each, "exchange_disputed", "settling_again") for each in (ana, bob)] == [1, 0]
    assert latest(ana).startswith("An end is proposed: Perceuse à percussion")


def test_what_nobody_brings_back_for_a_year_is_disputed_by_itself(ana, bob, mod, drill, later, told, look, latest):
    """NOT-02: so that it has an end, by both or by a moderator."""
    loan = lend(bob, drill, begins=0.01, days=1)
    later(days=360)
    assert state_of(loan) == "handed_over"
    later(days=6)
    seen = look(ana, loan)
    assert (seen["state"], seen["dispute_reason"]) == ("disputed", "not_back")
    assert [told(each, "exchange_disputed", "not_back") for each in (ana, bob)] == [1, 1]
    assert latest(ana).startswith("Never came back: Perceuse à percussion")
    later(days=14.1)
    assert told(mod, "moderation_case", "unsettled") == 1
    assert look(bob, loan)["allowed_actions"] == ["cancel", "return"]


def test_a_help_whose_minutes_were_never_seen_ends_without_a_word(ana, bob, later, act, told, look):
    """NOT-02, CON-10: silence pays nothing; it may be declared for a month."""
    lesson = offer(ana, "Cours d'anglais", kind="skill", category=None)
    help = agree(bob, lesson, minutes=60)
    db.session.execute(update(Exchange).where(Exchange.id == help.id).values(consented_minutes=None))
    act(ana, help, "done")
    later(days=34.9)
    assert (state_of(help), told(bob, "help_to_confirm", "unseen")) == ("done", 2)
    later(days=0.2)
    seen = look(bob, help)
    assert (seen["state"], seen["end_reason"]) == ("cancelled", "no_word")
    assert [told(each, "exchange_cancelled", "no_word") for each in (ana, bob)] == [1, 1]
    assert act(bob, help, "done").json["state"] == "done"


def test_what_is_accepted_late_is_asked_about_and_ends_as_anything_else(ana, bob, later, act, told):
    """NOT-02: a gift, twenty days after the time it was wanted for."""
    gift = propose(bob, offer(ana, "Un lit d'enfant", terms="give"), begins=1, ends_at=None)
    later(days=20)
    assert act(ana, gift, "accept").json["state"] == "accepted"
    later(days=1.1)
    assert (state_of(gift), told(ana, "hand_over_due", "took_place"), told(bob, "hand_over_due", "took_place")) == (
        "accepted",
        1,
        1,
    )
    later(days=6)
    assert state_of(gift) == "cancelled"


@pytest.fixture
def as_an_earlier_version_left_it(app):
    """Nothing of it is to be looked at any more, nor is it known since when it waits."""

    def leave(exchange):
        left = {"look_at": None, "waits_since": None}
        db.session.execute(update(Exchange).where(Exchange.id == exchange.id).values(left))
        db.session.commit()

    return leave


def test_what_was_late_before_is_told_of_from_now_on_and_of_nothing_past(
    app, ana, bob, drill, later, told, as_an_earlier_version_left_it
):
    """NOT-02: two hundred days late as this version came; the next weekly reminder is the first."""
    loan = lend(bob, drill, begins=0.01, days=1)
    as_an_earlier_version_left_it(loan)
    later(days=200.5)
    assert (told(ana, "return_overdue", "owner"), told(bob, "return_overdue")) == (0, 0)
    with app.app_context():
        jobs.waken_forgotten()
    later(minutes=1)
    assert (told(ana, "return_overdue", "owner"), told(bob, "return_overdue")) == (0, 0)
    later(days=7)
    assert (told(ana, "return_overdue", "owner"), told(bob, "return_overdue")) == (1, 1)


def test_an_old_dispute_is_brought_before_the_moderators_in_time(
    app, ana, bob, mod, drill, later, told, as_an_earlier_version_left_it
):
    """NOT-02."""
    as_an_earlier_version_left_it(dispute(bob, drill))
    later(days=100)
    with app.app_context():
        jobs.waken_forgotten()
    later(days=28)
    assert told(mod, "moderation_case", "unsettled") == 1
