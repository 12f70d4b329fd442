"""Nothing stays silent: what time does, with the product's clock moved."""

from __future__ import annotations

import pytest

from neighbourly.bookings.models import Occupation
from neighbourly.core.db import db
from neighbourly.exchanges import jobs
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.service import passing
from tests.databases import count_of
from tests.factories.exchanges import agree, bring_back, day, lend, propose
from tests.factories.listings import ask, offer


def state_of(exchange: Exchange) -> tuple[str, str | None]:
    row = db.session.get_one(Exchange, exchange.id, populate_existing=True)
    return row.state, row.end_reason


def test_a_proposal_is_remembered_after_a_day_and_expires_after_three(ana, bob, drill, later, news, latest):
    exchange = propose(bob, drill, begins=10)
    later(hours=25)
    assert (state_of(exchange)[0], news(ana)) == ("proposed", ["exchange_proposed", "exchange_proposed"])
    assert latest(ana).startswith("Your answer is awaited")
    later(hours=48)
    assert (state_of(exchange)[0], news(bob)) == ("expired", ["exchange_expired"])


def test_who_offered_in_vain_is_thanked_and_not_shown_what_else_there_is(as_, ana, bob, later, latest):
    need = ask(bob)
    body = {"listing_id": str(need.id), "starts_at": day(5).isoformat(), "ends_at": day(6).isoformat()}
    assert as_(ana).post("/v1/exchanges", json=body).status_code == 201
    later(days=4)
    assert latest(ana) == "No answer came | “perceuse”: thank you for having offered your help."


def test_who_is_asked_by_a_counter_is_reminded_a_day_later_too(ana, bob, drill, later, act, news):
    exchange = propose(bob, drill, begins=10)
    later(hours=30)
    starts_at = day(12)
    act(ana, exchange, "counter", starts_at=starts_at.isoformat(), ends_at=day(13).isoformat())
    heard = len(news(bob))
    later(hours=20)
    assert news(bob)[heard:] == []
    later(hours=5)
    assert news(bob)[heard:] == ["exchange_proposed"]


def test_it_may_be_accepted_late_while_its_time_is_still_to_come(ana, bob, drill, later, act, look):
    exchange = propose(bob, drill, begins=10)
    later(days=4)
    assert look(ana, exchange)["allowed_actions"] == ["accept"]
    assert act(ana, exchange, "accept").json["state"] == "accepted"


def test_late_acceptance_goes_through_the_same_rule(ana, bob, cleo, drill, later, act):
    """BOK-04."""
    exchange = propose(bob, drill, begins=10)
    later(days=4)
    agree(cleo, drill, begins=6)
    assert act(ana, exchange, "accept").json["code"] == "already_booked"


def test_after_its_time_it_is_too_late(ana, bob, drill, later, act):
    exchange = propose(bob, drill, begins=1, days=1)
    later(days=5)
    assert act(ana, exchange, "accept").status_code == 409


def test_who_asked_in_vain_sees_what_is_next_best(bob, cleo, drill, later, look):
    other = offer(cleo, "Une perceuse à colonne", category=drill.category, kind="item")
    exchange = propose(bob, drill, begins=10)
    later(days=4)
    assert [each["id"] for each in look(bob, exchange)["next_best"]] == [str(other.id)]


def test_the_day_before_both_are_reminded_and_a_day_after_both_are_asked(ana, bob, drill, later, news, latest):
    agree(bob, drill, begins=3, days=5)
    later(days=2.5)
    assert (news(ana)[-1], news(bob)[-1]) == ("hand_over_due", "hand_over_due")
    before = len(news(ana)), len(news(bob))
    later(days=2)
    assert (len(news(ana)), len(news(bob))) == (before[0] + 1, before[1] + 1)
    assert news(ana)[-1] == "hand_over_due"
    assert latest(ana).startswith("Did it take place?")


def test_of_a_help_too_both_are_asked_whether_it_took_place(ana, bob, later, latest):
    agree(bob, offer(ana, "Cours d'anglais", kind="skill", category=None), begins=1)
    later(days=2.1)
    assert {latest(ana), latest(bob)} == {"Did it take place? Cours d'anglais | One tap says so, or cancels it."}


def test_without_a_word_it_ends_and_may_be_declared_for_a_month(ana, bob, drill, later, act, look, news, latest):
    exchange = agree(bob, drill, begins=1, days=2)
    later(days=11)
    assert state_of(exchange) == ("cancelled", "no_word")
    assert count_of(Occupation) == 0
    assert {news(ana)[-1], news(bob)[-1]} == {"exchange_cancelled"}
    assert "If it did take place" in latest(bob)
    assert look(bob, exchange)["allowed_actions"] == ["hand_over", "return"]
    assert act(bob, exchange, "return").json["state"] == "returned"


def test_what_is_declared_late_ended_when_it_was_declared(as_, ana, bob, drill, later, act):
    """The other may object for a day, and both write on for a month from then."""
    exchange = agree(bob, drill, begins=1, days=2)
    later(days=11)
    later(days=28)
    act(bob, exchange, "return")
    later(days=4)
    chat = f"/v1/conversations/{exchange.conversation_id}/messages"
    assert as_(ana).post(chat, json={"body": "Merci !"}).status_code == 201
    assert act(ana, exchange, "dispute", reason="Elle est rayée.").json["state"] == "disputed"


def test_after_a_month_it_stays_as_it_is(bob, drill, later, act):
    exchange = agree(bob, drill, begins=1, days=2)
    later(days=11)
    later(days=31)
    assert act(bob, exchange, "hand_over").status_code == 409


def test_what_was_cancelled_by_a_tap_did_not_happen(ana, bob, drill, act):
    exchange = agree(bob, drill)
    act(ana, exchange, "cancel")
    assert act(bob, exchange, "hand_over").status_code == 409


def test_the_return_is_recalled_before_it_on_days_1_and_3_and_each_week_to_both(bob, ana, drill, later, news, look):
    """NOT-02."""
    exchange = lend(bob, drill, begins=0.01, days=3)
    heard = {ana.id: [], bob.id: []}
    for day_after in range(1, 26):
        later(days=1)
        for side in (ana, bob):
            new = news(side)[sum(len(each) for _, each in heard[side.id]) :]
            heard[side.id] += [(day_after, new)] if new else []
    late = [(day_after, ["return_overdue"]) for day_after in (5, 7, 11, 18, 25)]
    assert heard[bob.id] == [(1, ["exchange_accepted", "exchange_handed_over"]), (3, ["return_due"]), *late]
    assert heard[ana.id] == [(1, ["exchange_proposed"]), (3, ["return_due"]), *late]
    assert [look(side, exchange)["overdue"] for side in (ana, bob)] == [True, True]
    assert state_of(exchange)[0] == "handed_over"


def test_a_reminder_is_computed_from_the_state_at_sending(bob, drill, later, news):
    """Overdue mails once came for things returned months ago."""
    bring_back(bob, drill)
    later(days=20)
    assert "return_overdue" not in news(bob)


def test_a_reminder_that_waited_is_not_pushed_once_it_is_back(as_, bob, drill, later, act, data_dir):
    as_(bob).put("/v1/me/devices/p1", json={"fcm_token": "bobs", "platform": "android"})
    exchange = lend(bob, drill, begins=0.01, days=1)
    pushes = data_dir / "push.jsonl"
    pushes.unlink(missing_ok=True)
    later(hours=2)
    act(bob, exchange, "return")
    later(days=8)
    assert not pushes.exists() or "return_overdue" not in pushes.read_text()


def test_the_next_borrower_of_what_is_late_is_told_once(ana, bob, cleo, drill, later, news):
    """BOK-07."""
    late = lend(bob, drill, begins=0.01, days=2)
    coming = agree(cleo, drill, begins=2.5, days=2)
    later(days=2.2)
    assert "item_unavailable" in news(cleo)
    held = db.session.get_one(Occupation, late.id, populate_existing=True)
    assert held.period.upper == db.session.get_one(Occupation, coming.id).period.lower
    later(days=1)
    assert news(cleo).count("item_unavailable") == 1


def test_the_next_borrower_hears_that_what_was_late_is_back(ana, bob, cleo, drill, later, act, news):
    """BOK-07."""
    late = lend(bob, drill, begins=0.01, days=2)
    agree(cleo, drill, begins=4, days=2)
    later(days=2.2)
    act(bob, late, "return")
    assert news(cleo)[-2:] == ["item_unavailable", "item_back"]


def test_of_what_comes_back_in_time_the_next_borrower_hears_nothing(ana, bob, cleo, drill, act, news):
    loan = lend(bob, drill, begins=0.01, days=2)
    agree(cleo, drill, begins=3, days=2)
    act(bob, loan, "return")
    assert news(cleo) == ["exchange_accepted"]


def test_with_another_copy_the_next_borrower_need_not_wait(ana, bob, cleo, later, news):
    """BOK-07."""
    chairs = offer(ana, "Une chaise haute", quantity=2)
    late = lend(bob, chairs, begins=0.01, days=2)
    coming = agree(cleo, chairs, begins=2.5, days=2)
    later(days=2.2)
    copies = {db.session.get_one(Occupation, each.id, populate_existing=True).copy_id for each in (late, coming)}
    assert len(copies) == 2
    assert "item_unavailable" not in news(cleo)


def test_a_late_copy_stays_taken_after_the_next_borrower_got_another(ana, bob, cleo, new_user, later, wish):
    """BOK-07: what is not back is promised to nobody, also after the time of who has another copy instead."""
    chairs = offer(ana, "Une chaise haute", quantity=2)
    late = lend(bob, chairs, begins=0.01, days=2)
    agree(cleo, chairs, begins=2.5, days=2)
    later(days=2.2)
    agree(new_user("Dora D."), chairs, begins=5, days=9)
    assert db.session.get_one(Occupation, late.id, populate_existing=True).period.upper is None
    assert wish(new_user("Emil E."), chairs, begins=6).json["code"] == "already_booked"


def test_a_late_thing_is_free_again_once_it_is_back(ana, bob, cleo, drill, later, act, wish):
    """BOK-07."""
    late = lend(bob, drill, begins=0.01, days=2)
    later(days=5)
    assert wish(cleo, drill).json["code"] == "already_booked", "nobody knows when it comes back"
    act(bob, late, "return")
    assert act(ana, wish(cleo, drill).json, "accept").json["state"] == "accepted"


def test_when_the_next_one_cancels_a_late_thing_is_still_not_free(ana, bob, cleo, drill, later, act, wish):
    """BOK-07."""
    lend(bob, drill, begins=0.01, days=2)
    coming = agree(cleo, drill, begins=2.5, days=2)
    later(days=2.2)
    act(cleo, coming, "cancel")
    assert wish(cleo, drill).json["code"] == "already_booked"


def test_what_a_dispute_ends_long_after_takes_no_time_from_the_next(ana, bob, cleo, drill, later, act):
    """BOK-01: a thing that was back, lent again and disputed meanwhile."""
    first = bring_back(bob, drill)
    act(ana, first, "dispute", reason="Elle est rayée.")
    lend(cleo, drill, begins=0.01, days=10)
    later(days=2)
    act(ana, first, "return")
    assert act(bob, first, "return").json["state"] == "returned"


def test_help_is_confirmed_by_itself_after_two_reminders_up_to_what_was_agreed(ana, bob, act, later, news):
    lesson = offer(ana, "Cours d'anglais", kind="skill", category=None)
    exchange = agree(bob, lesson, minutes=60)
    act(ana, exchange, "done", minutes=180)
    heard = len(news(bob))
    for _ in range(7):
        later(days=1, minutes=1)
    assert news(bob)[heard:] == ["help_to_confirm", "help_to_confirm", "exchange_confirmed"]
    row = db.session.get_one(Exchange, exchange.id, populate_existing=True)
    assert (row.state, row.minutes) == ("confirmed", 60)


@pytest.fixture
def recount(app):
    """`recount()`: the night has passed."""

    def night():
        db.session.commit()
        with app.app_context():
            jobs.recount()

    return night


def test_how_soon_someone_answers_is_shown_from_five_answers_on_if_they_agree(as_, ana, bob, act, recount, look):
    thing = offer(ana, "Chaises", quantity=50)
    for _ in range(4):
        act(ana, propose(bob, thing), "accept")
    as_(ana).patch("/v1/me/preferences", json={"show_answer_time": True})
    recount()
    assert look(bob, propose(bob, thing))["expect"] is None
    act(ana, propose(bob, thing), "decline")
    recount()
    expect = look(bob, propose(bob, thing))["expect"]
    assert (expect["code"], expect["about"]) == ("within_1_h", "person")
    as_(ana).patch("/v1/me/preferences", json={"show_answer_time": False})
    assert look(bob, propose(bob, thing))["expect"] is None


def test_one_that_fails_holds_up_nobody_else(ana, bob, drill, later, news, monkeypatch):
    """Nothing stays silent: what fails is tried again, and the others do not wait for it."""
    first, second = propose(bob, drill, begins=10), propose(bob, offer(ana, "Une tente"), begins=11)
    real = passing.tell

    def failing(exchange, *more):
        if exchange.id == first.id:
            raise RuntimeError
        real(exchange, *more)

    monkeypatch.setattr(passing, "tell", failing)
    later(hours=73)
    assert (state_of(first)[0], state_of(second)[0]) == ("proposed", "expired")
    monkeypatch.undo()
    later(minutes=11)
    assert state_of(first)[0] == "expired"


@pytest.mark.parametrize("days", [0.5, 3, 30])
def test_time_looks_at_each_exchange_once_however_long_it_slept(ana, bob, drill, later, news, days):
    lend(bob, drill, begins=0.01, days=2)
    later(days=days)
    heard = news(bob)
    later(seconds=1)
    assert news(bob) == heard
    assert day(0) is not None
