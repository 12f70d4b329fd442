"""BOK-09: one copy is with one person; handing over what is out is the return of the loan before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from neighbourly.bookings.models import ONE_HAND, Occupation
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.exchanges.models import Exchange
from tests.factories.exchanges import agree, day, lend
from tests.factories.listings import offer


def lend_and_promise(bob, cleo, thing) -> tuple[Exchange, Exchange]:
    """Bob has it for two days; Cleo is to have it after that."""
    return lend(bob, thing, begins=0.01, days=2), agree(cleo, thing, begins=3, days=3)


def state_of(exchange: Exchange) -> tuple[str, str | None]:
    row = db.session.get_one(Exchange, exchange.id, populate_existing=True)
    return row.state, row.settle_as


def test_handing_it_to_the_next_is_the_return_of_the_last(ana, bob, cleo, drill, act, look, later, news, latest):
    """The last one is told, may object for a day, and is nagged no more."""
    late, coming = lend_and_promise(bob, cleo, drill)
    later(days=4)
    assert act(ana, coming, "hand_over").json["state"] == "handed_over"
    assert (state_of(late)[0], look(bob, late)["overdue"]) == ("returned", False)
    assert latest(bob).startswith("Ana: another borrower has it")
    assert "object" in look(bob, late)["allowed_actions"]
    heard = news(bob)
    later(days=8)
    assert news(bob) == heard
    assert news(cleo)[-1] != "item_back"


def test_the_conversation_says_so_without_saying_who_has_it(as_, ana, bob, cleo, drill, act):
    last, coming = lend_and_promise(bob, cleo, drill)
    act(ana, coming, "hand_over")
    page = as_(bob).get(f"/v1/conversations/{last.conversation_id}/messages")
    said = page.json["items"][0]["body"]
    assert said == "Ana A.\u00a0: l'objet est chez une autre personne. Ce prêt est donc rendu."
    assert "Cleo" not in page.text


def test_an_early_hand_over_too_is_a_return(ana, bob, cleo, drill, act):
    """Whoever was to have it until tomorrow brought it back today, or the next one would not have it."""
    last, coming = lend_and_promise(bob, cleo, drill)
    assert act(ana, coming, "hand_over").json["state"] == "handed_over"
    assert state_of(last)[0] == "returned"
    held = {each.holder_id: each for each in db.session.scalars(db.select(Occupation))}
    assert held[last.id].period.upper == held[coming.id].period.lower
    assert [each.in_hand for each in (held[last.id], held[coming.id])] == [False, True]


def test_who_objects_says_that_they_have_it_still_and_takes_it_from_nobody(ana, bob, cleo, drill, act, later):
    last, coming = lend_and_promise(bob, cleo, drill)
    act(ana, coming, "hand_over")
    assert act(bob, last, "object").json["state"] == "disputed"
    later(days=5)
    assert (state_of(last)[0], state_of(coming)[0]) == ("disputed", "handed_over")
    act(cleo, coming, "return")
    for side in (ana, bob):
        ended = act(side, last, "return")
    assert ended.json["state"] == "returned"


def test_a_wish_to_keep_it_longer_ends_with_the_loan(ana, bob, cleo, drill, act, look):
    last = lend(bob, drill, begins=0.01, days=2)
    act(bob, last, "extend", ends_at=day(2.5).isoformat())
    coming = agree(cleo, drill, begins=3)
    act(ana, coming, "hand_over")
    assert (look(bob, last)["state"], look(bob, last)["extend_to"]) == ("returned", None)


def test_behind_a_block_it_is_a_return_like_any_other(as_, ana, bob, cleo, drill, act, latest):
    last, coming = lend_and_promise(bob, cleo, drill)
    as_(ana).put(f"/v1/me/blocks/{bob.id}")
    act(ana, coming, "hand_over")
    assert state_of(last)[0] == "returned"
    assert "Ana" not in latest(bob)


@pytest.mark.parametrize(
    ("bobs_wish", "expected"),
    [(None, ("disputed", "returned")), ("cancel", ("disputed", "returned")), ("return", ("returned", None))],
)
def test_of_a_dispute_it_is_one_sides_word(ana, bob, cleo, drill, act, bobs_wish, expected):
    """It is back, so much is clear; what else was in dispute ends when both say so."""
    last, coming = lend_and_promise(bob, cleo, drill)
    act(bob, last, "dispute", reason="Il manque le chargeur.")
    if bobs_wish:
        act(bob, last, bobs_wish)
    assert act(ana, coming, "hand_over").json["state"] == "handed_over"
    assert state_of(last) == expected


def test_a_neighbour_alone_does_not_end_the_loan_of_another(ana, bob, cleo, drill, act):
    """Consent is to one thing: who comes next says what they have, not what the last one gave back."""
    last, coming = lend_and_promise(bob, cleo, drill)
    refused = act(cleo, coming, "hand_over")
    assert (refused.status_code, refused.json["code"], refused.json["exchange_id"]) == (409, "return_first", None)
    assert (state_of(last)[0], state_of(coming)[0]) == ("handed_over", "accepted")


def test_the_owners_code_says_it_as_their_tap_does(as_, ana, bob, cleo, drill, act):
    last, coming = lend_and_promise(bob, cleo, drill)
    code = as_(ana).get(f"/v1/exchanges/{coming.id}/code").json["code"]
    assert act(cleo, coming, "hand_over", code=code).json["state"] == "handed_over"
    assert state_of(last)[0] == "returned"


def test_where_a_code_is_needed_the_return_comes_first(as_, ana, bob, cleo, act):
    """The owner, who sees both, is told which; the next borrower is not told whose."""
    trailer = offer(ana, "Une remorque", requires_code=True)
    last, coming = (agree(each, trailer, begins, days=2) for each, begins in ((bob, 0.01), (cleo, 3)))
    code = as_(ana).get(f"/v1/exchanges/{last.id}/code").json["code"]
    act(bob, last, "hand_over", code=code)
    shown = as_(ana).get(f"/v1/exchanges/{coming.id}/code")
    assert (shown.status_code, shown.json["code"], shown.json["exchange_id"]) == (409, "return_first", str(last.id))
    act(ana, last, "return", code=as_(bob).get(f"/v1/exchanges/{last.id}/code").json["code"])
    code = as_(ana).get(f"/v1/exchanges/{coming.id}/code").json["code"]
    assert act(cleo, coming, "hand_over", code=code).json["state"] == "handed_over"


def test_a_code_that_was_shown_before_does_not_pass_over_a_return_that_needs_one(ana, bob, cleo, act, as_):
    trailer = offer(ana, "Une remorque", requires_code=True)
    last, coming = (agree(each, trailer, begins, days=2) for each, begins in ((bob, 0.01), (cleo, 3)))
    codes = {each: as_(ana).get(f"/v1/exchanges/{each.id}/code").json["code"] for each in (last, coming)}
    act(bob, last, "hand_over", code=codes[last])
    refused = act(cleo, coming, "hand_over", code=codes[coming])
    assert (refused.status_code, refused.json["code"]) == (409, "return_first")
    assert state_of(last)[0] == "handed_over"


def test_a_copy_at_home_is_handed_over_before_one_that_is_out(ana, bob, cleo, act):
    chairs = offer(ana, "Une chaise haute", quantity=2)
    last = lend(bob, chairs, begins=0.01, days=2)
    coming = agree(cleo, chairs, begins=3)
    act(ana, coming, "hand_over")
    assert [state_of(each)[0] for each in (last, coming)] == ["handed_over"] * 2
    assert len({db.session.get_one(Occupation, each.id).copy_id for each in (last, coming)}) == 2


def test_a_gift_of_what_is_out_ends_the_loan_too(as_, ana, bob, cleo, drill, act):
    last = lend(bob, drill, begins=0.01, days=2)
    drill.terms = "give"  # as an earlier version let its owner say meanwhile
    db.session.commit()
    gift = agree(cleo, drill, begins=3, ends_at=None)
    assert act(ana, gift, "hand_over").json["state"] == "handed_over"
    assert state_of(last)[0] == "returned"


def test_the_database_itself_refuses_two_who_have_one_copy(bob, cleo, drill):
    """Also for who goes round the code."""
    _, coming = lend_and_promise(bob, cleo, drill)
    with pytest.raises(IntegrityError, match=ONE_HAND):
        db.session.execute(update(Occupation).where(Occupation.holder_id == coming.id).values(in_hand=True))
    db.session.rollback()


def test_what_an_older_version_took_back_stands_in_nobodys_way(ana, bob, cleo, drill, act):
    """While two versions serve, one of them ends loans without a word of who has the copy."""
    last, coming = lend_and_promise(bob, cleo, drill)
    act(bob, last, "return")
    db.session.execute(update(Occupation).where(Occupation.holder_id == last.id).values(in_hand=True))
    assert act(ana, coming, "hand_over").json["state"] == "handed_over"


@pytest.mark.parametrize("looked", [True, False])
def test_what_is_late_is_out_whatever_was_agreed(as_, ana, bob, cleo, drill, later, wish, looked):
    """Ask who holds it: in the calendar, the search and a proposal, also before time has looked."""
    lend(bob, drill, begins=0.01, days=2)
    later(days=1)
    later(days=1.1) if looked else clock.advance(timedelta(days=1.1))
    assert as_(cleo).get(f"/v1/listings/{drill.id}/calendar").json["free"] == []
    during = {"available_from": day(1).isoformat(), "available_until": day(2).isoformat()}
    assert as_(cleo).get("/v1/listings", query_string=during).json["items"] == []
    assert wish(cleo, drill).json["code"] == "already_booked"


def test_it_is_out_after_the_turn_of_the_next_who_never_came(as_, ana, bob, cleo, new_user, drill, later, wish):
    lend_and_promise(bob, cleo, drill)
    later(days=7)
    assert as_(cleo).get(f"/v1/listings/{drill.id}/calendar").json["free"] == []
    during = {"available_from": day(1).isoformat(), "available_until": day(2).isoformat()}
    assert as_(cleo).get("/v1/listings", query_string=during).json["items"] == []
    assert wish(new_user("Dora D."), drill).json["code"] == "already_booked"
