"""GDP-02: a right of one waits for nobody's goodwill: what holds up that somebody leaves ends by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from neighbourly.accounts import jobs as accounts
from neighbourly.accounts.models import User
from neighbourly.core import clock
from neighbourly.core.audit import AuditEntry
from neighbourly.core.db import db
from neighbourly.exchanges import service
from neighbourly.exchanges.models import Exchange
from tests.databases import count_of
from tests.factories.exchanges import agree, bring_back, day, lend, propose
from tests.factories.listings import actor, offer


@pytest.fixture
def pass_days(app, later):
    """`pass_days(30)`: that many days later, what time brings to accounts is done."""

    def move(days):
        later(days=days)
        with app.app_context():
            accounts.forget_old()
        db.session.expire_all()

    return move


def state_of(user) -> str:
    return db.session.get_one(User, user.id).state


@pytest.mark.parametrize("leaver", ["ana", "bob"])
def test_a_dispute_of_what_was_returned_holds_nobody_up(as_, ana, bob, drill, act, leave, look, news, leaver):
    """GDP-02: the other, blocked, has no veto."""
    loan = bring_back(bob, drill)
    gone, stays = (ana, bob) if leaver == "ana" else (bob, ana)
    as_(gone).put(f"/v1/me/blocks/{stays.id}")
    assert act(stays, loan, "dispute", reason="Tu vas le regretter.").status_code == 200
    assert leave(gone).status_code == 204
    seen = look(stays, loan)
    assert (seen["state"], seen["allowed_actions"], seen["dispute_reason"]) == ("returned", [], None)
    assert news(stays)[-1] == "exchange_returned"


@pytest.mark.parametrize("leaver", ["ana", "bob"])
@pytest.mark.parametrize("disputed", [True, False])
def test_a_thing_that_is_out_holds_for_a_month_after_its_end(
    ana, bob, drill, act, leave, pass_days, look, leaver, disputed
):
    """GDP-02: then the account goes by itself, the other hears that it is over, and a case without a name stays."""
    loan = lend(bob, drill)
    if disputed:
        act(bob, loan, "dispute", reason="CANARI")
    gone, stays = (ana, bob) if leaver == "ana" else (bob, ana)
    refused = leave(gone)
    assert (refused.status_code, refused.json["code"]) == (409, "loan_open")
    assert refused.json["leaves_at"] is not None
    pass_days(20)
    assert state_of(gone) == "active"
    pass_days(14)
    assert state_of(gone) == "erased"
    assert look(stays, loan)["state"] == "cancelled"
    case = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "left_with_thing_out")).one()
    assert (case.actor_id, case.subject_id) == (gone.id, loan.id)
    assert "CANARI" not in str(look(stays, loan))


def test_whatever_the_other_taps_meanwhile_puts_it_off_no_further(ana, bob, drill, act, leave, pass_days, as_):
    """GDP-02: a dispute on the last day is one too many."""
    loan = lend(bob, drill)
    first = leave(ana).json["leaves_at"]
    pass_days(25)
    act(bob, loan, "dispute", reason="Je ne la rends pas.")
    again = leave(ana)
    assert (again.status_code, again.json["leaves_at"]) == (409, first)
    act(bob, loan, "return")
    act(bob, loan, "cancel")
    pass_days(10)
    assert state_of(ana) == "erased"


def test_a_long_loan_holds_for_three_months_at_most(ana, bob, drill, leave, pass_days):
    """GDP-02."""
    loan = lend(bob, drill, days=14)
    loan.ends_at = clock.now() + timedelta(days=360)
    db.session.commit()
    assert leave(bob).status_code == 409
    pass_days(91)
    assert state_of(bob) == "erased"


def test_once_it_is_back_the_account_goes_by_itself(ana, bob, drill, act, leave, pass_days):
    """GDP-02."""
    loan = lend(bob, drill)
    leave(ana)
    act(bob, loan, "return")
    pass_days(0)
    assert state_of(ana) == "erased"


def test_one_sees_when_and_may_stay_after_all(as_, ana, bob, drill, leave, pass_days):
    """GDP-02."""
    lend(bob, drill)
    told = leave(ana).json["leaves_at"]
    mine = as_(ana)
    assert mine.get("/v1/me").json["leaves_at"][:19] == told[:19]
    assert mine.delete("/v1/me/erasure").status_code == 204
    assert mine.delete("/v1/me/erasure").status_code == 204
    assert mine.get("/v1/me").json["leaves_at"] is None
    pass_days(120)
    assert state_of(ana) == "active"


def test_nothing_new_begins_with_who_waits_to_leave(as_, ana, bob, cleo, drill, leave, look):
    """GDP-02: else they would take along what they borrow meanwhile; the other sides are told no more than a no."""
    lend(bob, drill)
    ladder = offer(cleo, "Une échelle")
    wished, agreed = propose(bob, ladder), agree(bob, offer(cleo, "Une tente"))
    assert leave(bob).json["code"] == "loan_open"
    assert [look(cleo, each)["state"] for each in (wished, agreed)] == ["cancelled", "cancelled"]
    assert as_(cleo).post(f"/v1/exchanges/{wished.id}/accept", json={}).status_code == 409
    times = {"starts_at": day(1).isoformat(), "ends_at": day(2).isoformat()}
    wish = {"listing_id": str(ladder.id)} | times
    refused = as_(bob).post("/v1/exchanges", json=wish)
    assert (refused.status_code, refused.json["code"]) == (409, "leaving_soon")
    asked = propose(cleo, offer(bob, "Un seau", kind="item"))
    assert as_(bob).post(f"/v1/exchanges/{asked.id}/accept", json={}).json["code"] == "leaving_soon"
    assert as_(bob).delete("/v1/me/erasure").status_code == 204
    assert as_(bob).post("/v1/exchanges", json=wish).status_code == 201


def test_a_thing_that_never_came_back_holds_nobody_for_ever(ana, bob, drill, leave, pass_days, news, new_user):
    """GDP-02: a month after the end the lender leaves at once; a moderator hears of it."""
    mona = new_user("Mona M.", role="moderator")
    lend(bob, drill)
    pass_days(40)
    assert leave(ana).status_code == 204
    assert news(mona) == ["moderation_case"]


def test_a_moderator_is_told_once_and_neither_of_the_two_is(ana, bob, drill, leave, news, new_user):
    """GDP-02."""
    mona = new_user("Mona M.", role="moderator")
    lend(bob, drill)
    for _ in range(3):
        leave(ana)
    assert news(mona) == ["moderation_case"]
    assert "moderation_case" not in news(ana) + news(bob)


@pytest.mark.parametrize("leaver", ["ana", "bob"])
def test_a_disputed_help_ends_without_minutes(as_, ana, bob, act, leave, look, leaver):
    """GDP-02, LED-08: nobody waits for who is gone, and nothing is held any more."""
    help = agree(bob, offer(ana, "Cours", kind="skill", category=None), minutes=60)
    act(ana, help, "done")
    act(bob, help, "dispute", reason="Il n'est pas venu.")
    gone, stays = (ana, bob) if leaver == "ana" else (bob, ana)
    assert leave(gone).status_code == 204
    assert look(stays, help)["state"] == "cancelled"
    assert as_(stays).get("/v1/me/timebank").json["pending_minutes"] == 0


@pytest.mark.parametrize("leaver", ["ana", "bob"])
def test_a_help_disputed_after_somebody_left_ends_without_minutes(as_, ana, bob, act, leave, look, later, leaver):
    """GDP-02, LED-08: as if it had been disputed before: no minutes are held for an answer that nobody can give."""
    help = agree(bob, offer(ana, "Cours", kind="skill", category=None), minutes=60)
    act(ana, help, "done")
    gone, stays = (ana, bob) if leaver == "ana" else (bob, ana)
    assert leave(gone).status_code == 204
    assert act(stays, help, "dispute", reason="Il n'est pas venu.").json["state"] == "cancelled"
    later(days=8)
    seen = look(stays, help)
    assert (seen["state"], seen["end_reason"], seen["allowed_actions"]) == ("cancelled", "left", [])
    assert as_(stays).get("/v1/me/timebank").json["pending_minutes"] == 0


@pytest.mark.parametrize("leaver", ["ana", "bob"])
@pytest.mark.parametrize("how", ["expired", "cancelled"])
def test_what_came_to_nothing_is_taken_up_again_with_nobody_who_is_gone(
    ana, bob, drill, leave, look, later, how, leaver
):
    """GDP-02: no late yes, no word that it did take place; and it does not say who left (LOC-13)."""
    exchange = propose(bob, drill, 20) if how == "expired" else agree(bob, drill)
    later(days=4 if how == "expired" else 20)
    gone, stays = (ana, bob) if leaver == "ana" else (bob, ana)
    before = look(stays, exchange)
    assert before["state"] == how
    assert before["allowed_actions"] or (how, leaver) == ("expired", "ana")
    assert leave(gone).status_code == 204
    after = look(stays, exchange)
    assert (after["state"], after["allowed_actions"], after["end_reason"]) == (how, [], None)


@pytest.mark.parametrize("kind", ["loan", "gift"])
def test_what_was_returned_or_given_is_not_out_again_with_who_is_gone(as_, ana, bob, drill, leave, look, kind):
    """GDP-02, LOC-13: what remains is what remains behind a block."""
    if kind == "gift":
        drill.terms = "give"
    exchange = lend(bob, drill) if kind == "gift" else bring_back(bob, drill)
    assert "object" in look(bob if kind == "gift" else ana, exchange)["allowed_actions"]
    assert leave(bob if kind == "loan" else ana).status_code == 204
    assert look(ana if kind == "loan" else bob, exchange)["allowed_actions"] == ["dispute"]


def test_a_help_that_was_said_to_be_done_is_confirmed_by_time_though_somebody_left(ana, bob, act, leave, later, look):
    """GDP-02, LED-10."""
    help = agree(bob, offer(ana, "Cours", kind="skill", category=None), minutes=60)
    act(ana, help, "done")
    assert leave(bob).status_code == 204
    later(days=8)
    assert look(ana, help)["state"] == "confirmed"


def test_the_lender_of_what_somebody_took_along_may_lend_again(as_, ana, bob, cleo, drill, leave, pass_days):
    """BOK-01: the copy is not held by who is gone."""
    lend(bob, drill)
    pass_days(40)
    assert leave(bob).status_code == 204
    assert lend(cleo, drill).state == "handed_over"
    assert count_of(Exchange) == 2
    assert service.get_exchange(actor=actor(ana), exchange_id=db.session.scalars(select(Exchange.id)).first())
