"""Copies are taken by rows that cannot overlap, whatever the code does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError

from neighbourly.bookings import service
from neighbourly.bookings.errors import AlreadyBooked
from neighbourly.bookings.models import NO_OVERLAP, Copy, Occupation
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.ids import new_id
from tests import draws
from tests.databases import count_of
from tests.factories.exchanges import agree, day, lend, propose
from tests.factories.listings import offer


@pytest.fixture
def drill(ana):
    """One drill."""
    return offer(ana)


def take(listing, begins: float, ends: float):
    return service.occupy(listing=listing, holder_id=new_id(), starts_at=day(begins), ends_at=day(ends))


def test_the_database_itself_refuses_overlap(drill):
    """BOK-01: also for who goes round the code."""
    copy_id = take(drill, 1, 3).copy_id
    db.session.commit()
    again = Occupation(holder_id=new_id(), copy_id=copy_id, period=Range(day(2), day(4)))
    db.session.add(again)
    with pytest.raises(IntegrityError, match=NO_OVERLAP):
        db.session.flush()
    db.session.rollback()


def test_that_refusal_is_a_409_also_where_the_code_believed_it_free(as_, ana, bob, cleo, drill, monkeypatch):
    """BOK-02: what the code looks up is made blind; the database still judges."""
    exchange = propose(cleo, drill)
    agree(bob, drill)
    monkeypatch.setattr("neighbourly.bookings.selectors.taken_copies", lambda *_args, **_more: set())
    refused = as_(ana).post(f"/v1/exchanges/{exchange.id}/accept", json={})
    assert (refused.status_code, refused.json["code"]) == (409, "already_booked")


@pytest.mark.parametrize("action", ["extend", "counter", "hand_over", "late"])
def test_without_the_constraint_and_the_look_a_double_booking_would_stand(
    as_, ana, bob, cleo, drill, monkeypatch, later, action
):
    """BOK-04: extend, counter, late accept and early hand-over rest on the same constraint."""
    call = _overlapping(as_, ana, bob, cleo, drill, later, action)
    monkeypatch.setattr("neighbourly.bookings.selectors.taken_copies", lambda *_args, **_more: set())
    assert call().json["code"] == "already_booked"
    db.session.execute(text(f"ALTER TABLE occupations DROP CONSTRAINT {NO_OVERLAP}"))
    assert call().status_code == 200
    assert _overlaps() == 1


def _overlapping(as_, ana, bob, cleo, drill, later, action):
    """The call that would make an exchange overlap another."""
    if action == "late":
        exchange = propose(bob, drill, begins=10)
        later(days=4)
        agree(cleo, drill, begins=6)
        return lambda: as_(ana).post(f"/v1/exchanges/{exchange.id}/accept", json={})
    if action == "hand_over":
        agree(cleo, drill, begins=2, days=1)
        exchange = agree(bob, drill, begins=4)
        return lambda: as_(ana).post(f"/v1/exchanges/{exchange.id}/hand_over", json={})
    if action == "extend":
        agree(cleo, drill, begins=4)
        exchange = lend(bob, drill, begins=0.01, days=2)
        body = {"ends_at": day(5).isoformat()}
        return lambda: as_(ana).post(f"/v1/exchanges/{exchange.id}/extend", json=body)
    exchange = propose(bob, drill)
    body = {"starts_at": day(5).isoformat(), "ends_at": day(7).isoformat()}
    assert as_(ana).post(f"/v1/exchanges/{exchange.id}/counter", json=body).status_code == 200
    agree(cleo, drill, begins=4)
    return lambda: as_(bob).post(f"/v1/exchanges/{exchange.id}/accept", json={})


def _overlaps() -> int:
    pairs = text(
        "SELECT count(*) FROM occupations a JOIN occupations b ON a.copy_id = b.copy_id"
        " AND a.holder_id < b.holder_id AND a.period && b.period"
    )
    return db.session.scalar(pairs)


SPANS = st.lists(st.tuples(st.integers(1, 15), st.integers(1, 5)), min_size=1, max_size=12)


@given(SPANS, st.integers(1, 3))
@settings(
    max_examples=draws.examples(15),
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_half_open_spans_on_several_copies_follow_a_simple_model(ana, bob, spans, quantity):
    """BOK-03, BOK-05: back to back is allowed; a span is refused exactly if first-fit finds no copy."""
    chairs = offer(ana, "Une chaise", quantity=quantity)
    start, copies = clock.now(), [[] for _ in range(quantity)]
    for begins, days in spans:
        wanted = (begins, begins + days)
        fits = next((each for each in copies if all(b <= wanted[0] or wanted[1] <= a for a, b in each)), None)
        times = {"starts_at": start + timedelta(days=wanted[0]), "ends_at": start + timedelta(days=wanted[1])}
        try:
            service.occupy(listing=chairs, holder_id=new_id(), **times)
        except AlreadyBooked:
            assert fits is None
        else:
            assert fits is not None
            fits.append(wanted)
    db.session.commit()
    assert _overlaps() == 0


def test_a_pause_lies_between_two_loans(ana):
    ladder = offer(ana, "Une échelle", pause_minutes=24 * 60)
    take(ladder, 1, 3)
    with pytest.raises(AlreadyBooked):
        take(ladder, 3.9, 5)
    take(ladder, 4.001, 5)


def test_nothing_is_lent_once_the_quantity_falls_but_what_was_promised_stays(as_, ana, bob, cleo):
    chairs = offer(ana, "Une chaise", quantity=2)
    promised = [agree(each, chairs) for each in (bob, cleo)]
    assert as_(ana).patch(f"/v1/listings/{chairs.id}", json={"quantity": 1}).status_code == 200
    with pytest.raises(AlreadyBooked):
        take(chairs, 1, 2)
    assert count_of(Occupation) == len(promised)


def test_who_borrows_is_told_once_that_it_broke_and_once_that_it_is_mended(as_, ana, bob, cleo, drill):
    agree(bob, drill)
    path = f"/v1/listings/{drill.id}"
    for action in ("broken", "broken", "mended", "mended"):
        assert as_(ana).post(f"{path}/{action}", json={}).status_code == 200
    told = [each["type"] for each in as_(bob).get("/v1/notifications").json["items"]]
    assert told[:2] == ["item_back", "item_unavailable"]
    assert (told.count("item_back"), told.count("item_unavailable")) == (1, 1)


def test_what_is_broken_is_promised_to_nobody(as_, ana, bob, drill):
    exchange = propose(bob, drill)
    as_(ana).post(f"/v1/listings/{drill.id}/broken", json={})
    refused = as_(ana).post(f"/v1/exchanges/{exchange.id}/accept", json={})
    assert (refused.status_code, refused.json["code"]) == (409, "item_unavailable")


@pytest.mark.parametrize("path", ["broken", "mended"])
def test_only_the_owner_says_that_it_broke(as_, bob, drill, path):
    assert as_(bob).post(f"/v1/listings/{drill.id}/{path}", json={}).status_code == 403
    assert count_of(Copy) == 0
