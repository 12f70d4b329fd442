"""BOK-10: a taken time is refused, with the next one that is free and the way into the line."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.exchanges.models import Exchange
from tests.databases import count_of
from tests.factories.exchanges import agree, day, lend, propose
from tests.factories.listings import ask, offer

HOUR = 1 / 24


def text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def between(begins: datetime, length: timedelta) -> dict[str, str]:
    return {"starts_at": text(begins), "ends_at": text(begins + length)}


def test_a_taken_time_is_refused_with_the_next_free_one_and_the_line(as_, ana, bob, cleo, drill, wish):
    taken = agree(bob, drill, begins=1, days=3)
    refused = wish(cleo, drill, **between(day(2), timedelta(days=2)))
    assert (refused.status_code, refused.json["code"]) == (409, "already_booked")
    assert refused.json["next_free"] == between(taken.ends_at, timedelta(days=2))
    assert count_of(Exchange) == 1
    line = refused.json["waiting"]
    assert as_(cleo).open(line["path"], method=line["method"], json={}).status_code == 200
    assert wish(cleo, drill, **refused.json["next_free"]).status_code == 201


@pytest.mark.parametrize(
    ("taken", "wanted", "status"),
    [
        ("agreed", (1.5, 1), 409),
        ("out", (1.5, 1), 409),
        ("proposed", (1.5, 1), 201),
        ("cancelled", (1.5, 1), 201),
        ("returned", (1.5, 1), 201),
        ("agreed", (4, 1), 201),
        ("agreed", (0.2, 0.5), 201),
    ],
)
def test_only_what_is_agreed_or_out_takes_a_time(ana, bob, cleo, drill, act, wish, taken, wanted, status):
    """BOK-06: several proposals for one free time stay fine."""
    begins = 0.01 if taken in ("out", "returned") else 1
    exchange = {"out": lend, "returned": lend, "proposed": propose}.get(taken, agree)(bob, drill, begins, 2)
    if taken == "cancelled":
        act(ana, exchange, "cancel")
    if taken == "returned":
        act(bob, exchange, "return")
    assert wish(cleo, drill, *wanted).status_code == status


def test_one_of_two_copies_is_enough(bob, cleo, ana, wish):
    chairs = offer(ana, "Une chaise haute", quantity=2)
    agree(bob, chairs)
    assert wish(cleo, chairs).status_code == 201


def test_the_pause_after_a_loan_counts(ana, bob, cleo, wish):
    ladder = offer(ana, "Une échelle", pause_minutes=24 * 60)
    taken = agree(bob, ladder, begins=2, days=1)
    refused = wish(cleo, ladder, begins=1, days=0.5)
    assert refused.json["next_free"]["starts_at"] == text(taken.ends_at + timedelta(days=1))


def test_the_next_free_time_lies_in_the_owners_hours_and_on_no_closed_day(as_, ana, bob, cleo):
    """On the owner's wall clock, also over a weekend of DST."""
    zone = ZoneInfo("Europe/Paris")
    saturday = datetime(2027, 3, 27, 9, tzinfo=zone)
    windows = [{"weekday": each, "from": "09:00", "to": "18:00"} for each in (5, 6)]
    closed = [{"from": "2027-03-28", "until": "2027-03-28"}]
    saw = offer(ana, "Une scie", no_expiry=True, availability=windows, unavailable=closed)
    hours = {"starts_at": saturday.isoformat(), "ends_at": (saturday + timedelta(hours=8)).isoformat()}
    first = as_(bob).post("/v1/exchanges", json={"listing_id": str(saw.id), **hours}).json
    as_(ana).post(f"/v1/exchanges/{first['id']}/accept", json={})
    refused = as_(cleo).post("/v1/exchanges", json={"listing_id": str(saw.id), **hours}).json
    following = datetime(2027, 4, 3, 9, tzinfo=zone)
    assert datetime.fromisoformat(refused["next_free"]["starts_at"]) == following
    assert datetime.fromisoformat(refused["next_free"]["ends_at"]) == following + timedelta(hours=8)


def test_where_nobody_knows_when_it_comes_back_there_is_the_line_alone(ana, bob, cleo, drill, later, wish):
    lend(bob, drill, begins=0.01, days=1)
    later(days=2)
    refused = wish(cleo, drill).json
    assert (refused["code"], refused["next_free"]) == ("already_booked", None)
    assert refused["waiting"]["path"] == f"/v1/listings/{drill.id}/waiting"


def test_an_owner_is_not_sent_into_their_own_line(as_, ana, bob, cleo, drill):
    """Who offers it for a need cannot promise it twice either."""
    agree(bob, drill, begins=1, days=3)
    need = ask(cleo)
    body = {"listing_id": str(need.id), "offer_id": str(drill.id), **between(day(2), timedelta(days=1))}
    refused = as_(ana).post("/v1/exchanges", json=body)
    assert (refused.status_code, refused.json["code"], refused.json["waiting"]) == (409, "already_booked", None)


def test_nobody_counters_with_a_taken_time(ana, bob, cleo, drill, act):
    agree(bob, drill, begins=4, days=2)
    exchange = propose(cleo, drill, begins=1)
    refused = act(ana, exchange, "counter", **between(day(5), timedelta(days=1)))
    assert (refused.status_code, refused.json["code"]) == (409, "already_booked")
    assert refused.json["next_free"] is not None
    assert db.session.get_one(Exchange, exchange.id, populate_existing=True).starts_at == exchange.starts_at


def test_who_accepts_late_hears_what_is_free_instead(ana, bob, cleo, drill, act, later):
    """BOK-04."""
    exchange = propose(bob, drill, begins=10, days=2)
    later(days=4)
    taken = agree(cleo, drill, begins=6, days=2)
    refused = act(ana, exchange, "accept").json
    assert (refused["code"], refused["waiting"]) == ("already_booked", None)
    assert refused["next_free"] == between(taken.ends_at, exchange.ends_at - exchange.starts_at)


def test_of_a_gift_that_is_promised_there_is_no_other_time(as_, ana, bob, cleo):
    cot = offer(ana, "Un lit d'enfant", terms="give")
    agree(bob, cot, begins=1, ends_at=None)
    refused = as_(cleo).post("/v1/exchanges", json={"listing_id": str(cot.id), "starts_at": text(day(3))})
    assert (refused.status_code, refused.json["next_free"]) == (409, None)


@pytest.mark.parametrize("way", ["proposal", "counter"])
def test_what_lies_beyond_the_calendar_is_refused(ana, bob, drill, act, wish, way):
    beyond = between(clock.now() + timedelta(days=732), timedelta(days=1))
    refused = wish(bob, drill, **beyond) if way == "proposal" else act(ana, propose(bob, drill), "counter", **beyond)
    assert (refused.status_code, refused.json["errors"][0]["code"]) == (422, "too_far_ahead")
