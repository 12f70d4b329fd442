"""A counter goes through every rule of a proposal, renews its deadline twice, rings once a side and hour (BOK-04)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from neighbourly.core.db import db
from neighbourly.exchanges.models import Exchange
from neighbourly.notifications.models import Delivery, Notification
from tests.factories.exchanges import agree, day, propose
from tests.factories.listings import ask, offer

PARIS = ZoneInfo("Europe/Paris")
MORNINGS = [{"weekday": each, "from": "09:00", "to": "12:00"} for each in range(7)]
HELP = {"kind": "time", "category": None}


def at(number: int, hour: int) -> datetime:
    """That hour in Paris, so many days from now."""
    return datetime.combine(day(number).astimezone(PARIS).date(), time(hour), PARIS)


def between(begins: datetime, ends: datetime) -> dict[str, str]:
    return {"starts_at": begins.isoformat(), "ends_at": ends.isoformat()}


def stored(exchange) -> Exchange:
    return db.session.get_one(Exchange, exchange.id, populate_existing=True)


@pytest.fixture
def saw(ana):
    """Ana lends it in the mornings, a week at the most, and not at all in twenty days."""
    closed = day(20).astimezone(PARIS).date().isoformat()
    return offer(
        ana,
        "Une scie",
        availability=MORNINGS,
        unavailable=[{"from": closed, "until": closed}],
        max_loan_days=7,
        no_expiry=True,
    )


@pytest.mark.parametrize(
    ("begins", "ends", "code"),
    [
        ((5, 15), (6, 10), "not_available"),
        ((5, 10), (6, 15), "not_available"),
        ((19, 10), (21, 10), "not_available"),
        ((5, 10), (13, 10), "loan_too_long"),
        ((10, 10), (11, 10), "already_booked"),
    ],
)
def test_the_borrower_counters_with_what_they_could_propose(ana, bob, cleo, saw, act, wish, begins, ends, code):
    """Owner's hours, closed days, length, taken times: the counter is refused with the proposal's words."""
    agree(cleo, saw, starts_at=at(9, 10), ends_at=at(12, 10))
    exchange = propose(bob, saw, starts_at=at(2, 10), ends_at=at(3, 10))
    assert act(ana, exchange, "counter", **between(at(3, 10), at(4, 10))).status_code == 200
    wanted = between(at(*begins), at(*ends))
    refused, as_proposed = act(bob, exchange, "counter", **wanted), wish(bob, saw, **wanted)
    assert (refused.status_code, refused.json["code"]) == (409, code)
    assert (as_proposed.status_code, as_proposed.json) == (409, refused.json)
    assert stored(exchange).starts_at == at(3, 10)
    assert act(bob, exchange, "counter", **between(at(5, 10), at(6, 10))).status_code == 200


def test_the_owner_counters_outside_their_hours_but_not_with_what_is_promised(ana, bob, cleo, saw, act):
    """Hours are the owner's own to make an exception of; a copy is not."""
    agree(cleo, saw, starts_at=at(9, 10), ends_at=at(12, 10))
    exchange = propose(bob, saw, starts_at=at(2, 10), ends_at=at(3, 10))
    refused = act(ana, exchange, "counter", **between(at(10, 10), at(11, 10)))
    assert (refused.status_code, refused.json["code"]) == (409, "already_booked")
    free = refused.json["next_free"]
    assert datetime.fromisoformat(free["starts_at"]) == at(12, 10)
    assert act(ana, exchange, "counter", **free).status_code == 200
    assert act(bob, exchange, "counter", **between(at(5, 10), at(6, 10))).status_code == 200
    assert act(ana, exchange, "counter", **between(at(5, 20), at(6, 20))).status_code == 200


def test_a_help_is_countered_within_the_helpers_hours(ana, bob, act):
    lesson = offer(ana, "Une heure de bricolage", availability=MORNINGS, **HELP)
    exchange = propose(bob, lesson, starts_at=at(2, 10), ends_at=at(2, 11))
    assert act(ana, exchange, "counter", **between(at(3, 10), at(3, 11))).status_code == 200
    refused = act(bob, exchange, "counter", **between(at(3, 11), at(3, 13)))
    assert (refused.status_code, refused.json["code"]) == (409, "not_available")
    assert act(bob, exchange, "counter", **between(at(3, 11), at(3, 12))).status_code == 200


def test_who_is_offered_help_counters_at_any_time(ana, bob, act):
    """The need has no hours of the helper's."""
    need = ask(bob, "Déménager une armoire", **HELP)
    exchange = propose(ana, need, starts_at=at(2, 10), ends_at=at(2, 11))
    assert act(bob, exchange, "counter", **between(at(3, 20), at(3, 21))).status_code == 200


def test_who_is_offered_a_thing_for_their_need_counters_within_its_hours(as_, ana, bob, cleo, saw, act):
    agree(cleo, saw, starts_at=at(9, 10), ends_at=at(12, 10))
    need = ask(bob, "Une scie", kind="item", category=None)
    body = {"listing_id": str(need.id), "offer_id": str(saw.id), **between(at(2, 20), at(3, 20))}
    made = as_(ana).post("/v1/exchanges", json=body).json
    outside = act(bob, made, "counter", **between(at(5, 20), at(6, 20)))
    taken = act(bob, made, "counter", **between(at(10, 10), at(11, 10)))
    assert (outside.status_code, outside.json["code"]) == (409, "not_available")
    assert (taken.status_code, taken.json["code"]) == (409, "already_booked")
    assert act(bob, made, "counter", **between(at(5, 10), at(6, 10))).status_code == 200


def test_a_deadline_is_renewed_twice_and_then_kept(ana, bob, drill, act, later):
    exchange = propose(bob, drill, begins=30)
    deadlines = []
    for number in range(6):
        later(hours=5)
        side = (ana, bob)[number % 2]
        times = between(day(30 + number), day(31 + number))
        countered = act(side, exchange, "counter", **times)
        assert countered.status_code == 200, "kept, not refused"
        deadlines.append(stored(exchange).expires_at)
    first, second, *others = deadlines
    assert second - first >= timedelta(hours=5)
    assert set(others) == {second}
    later(hours=72)
    assert stored(exchange).state == "expired"


def test_no_counter_waits_longer_than_until_it_would_begin(ana, bob, drill, act, later):
    """Also one that keeps a deadline which lies behind its beginning."""
    exchange = propose(bob, drill, begins=30)
    for side, begins in ((ana, 20), (bob, 21)):
        act(side, exchange, "counter", **between(day(begins), day(begins + 1)))
    begins = day(1)
    assert act(ana, exchange, "counter", **between(begins, day(2))).status_code == 200
    assert stored(exchange).expires_at == begins


@pytest.fixture
def phones(as_, ana, bob):
    """Both have one."""
    for each in (ana, bob):
        body = {"fcm_token": f"{each.id}", "platform": "android"}
        assert as_(each).put(f"/v1/me/devices/{each.id}", json=body).status_code == 201


def count_rung(user) -> int:
    """How often this person's phone rang for a counter."""
    pushes = select(func.count()).select_from(Delivery).join(Notification).where(Notification.user_id == user.id)
    return db.session.scalar(pushes.where(Notification.type == "exchange_countered"))


def test_of_the_counters_of_an_hour_one_rings_each_side(ana, bob, drill, act, later, phones, news):
    """The hour is that of the last that rang, whatever came silently since; the inbox has all."""
    exchange = propose(bob, drill, begins=30)
    rung = []
    for number in range(8):
        act((ana, bob)[number % 2], exchange, "counter", **between(day(30 + number), day(31 + number)))
        rung.append((count_rung(bob), count_rung(ana)))
        later(minutes=13)
    assert rung == [(1, 0), (1, 1), (1, 1), (1, 1), (1, 1), (1, 1), (2, 1), (2, 2)]
    assert [news(each).count("exchange_countered") for each in (bob, ana)] == [4, 4]


def test_each_exchange_rings_by_itself(ana, bob, drill, act, phones):
    for each in (drill, offer(ana, "Une échelle")):
        act(ana, propose(bob, each, begins=30), "counter", **between(day(40), day(41)))
    assert count_rung(bob) == 2
