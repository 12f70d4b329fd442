"""Work that grows with two numbers that somebody chooses: copies, windows, closed days, spans, lines (SEC-16)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from neighbourly.bookings import availability as reckoning
from neighbourly.bookings import service
from neighbourly.bookings.availability import Availability, Slot, free_slots, next_of_length, open_slots
from neighbourly.bookings.errors import AlreadyBooked
from neighbourly.bookings.models import Copy, Occupation
from neighbourly.bookings.schemas import CalendarSchema
from neighbourly.bookings.service import waiting
from neighbourly.bookings.wall_clock import Length
from neighbourly.core.db import db, transaction
from neighbourly.core.ids import new_id
from neighbourly.listings.models import Listing
from tests import people
from tests.databases import count_of
from tests.factories.exchanges import agree, day, lend, propose
from tests.factories.listings import offer

WINDOWS = [{"weekday": n % 7, "from": f"{n // 7 * 3:02d}:00", "to": f"{n // 7 * 3:02d}:30"} for n in range(49)]
"""As many as a listing takes, each day of the week."""
NOW = datetime(2026, 12, 1, tzinfo=UTC)
YEAR = Slot(NOW, NOW + timedelta(days=365))
MOST = 1000


@pytest.fixture
def chairs(ana):
    """As many as anybody may offer."""
    return offer(ana, "Une chaise", quantity=MOST, no_expiry=True)


@pytest.fixture
def visits(monkeypatch) -> Callable[[Callable[[], object]], int]:
    """`visits(work)`: how many stretches of time are made or compared while it is done."""

    def counted(work: Callable[[], object]) -> int:
        steps = []
        for name in ("within", "_gaps", "_meeting", "_snapped", "_on"):
            really = getattr(reckoning, name)
            monkeypatch.setattr(reckoning, name, lambda *given, really=really: steps.append(1) or really(*given))
        work()
        monkeypatch.undo()
        return len(steps)

    return counted


def weekly(closed: int = 0) -> Availability:
    days = [(NOW + timedelta(days=3 * n)).date().isoformat() for n in range(closed)]
    return Availability.of(WINDOWS, [{"from": each, "until": each} for each in days], "Europe/Paris")


def taken(number: int) -> list[Slot]:
    """What one of many copies is taken for: each at another time."""
    begins = NOW + timedelta(days=number % 300, minutes=number)
    return [Slot(begins, begins + timedelta(days=2))]


def test_copies_that_are_free_alike_are_reckoned_once(visits):
    """SEC-16: a thousand as one."""
    one, thousand = (visits(lambda n=n: free_slots(weekly(), YEAR, [[]] * n)) for n in (1, MOST))
    assert thousand == one


@pytest.mark.parametrize("closed", [0, 100])
def test_copies_that_are_taken_apart_cost_no_walk_through_the_year_each(visits, closed):
    """SEC-16: copies and windows are added, not multiplied."""
    windows = visits(lambda: open_slots(weekly(closed), YEAR))
    some, many = (
        visits(lambda n=n: free_slots(weekly(closed), YEAR, [[], *map(taken, range(n))])) - windows for n in (100, 400)
    )
    assert many - some <= 300 * 4
    assert some < windows


def test_a_length_that_fits_nowhere_is_given_up(visits):
    """SEC-16: for all copies together so many beginnings are tried."""
    length = Length(2, timedelta(hours=1, minutes=45))
    availability, free = (
        weekly(),
        [Slot(NOW + timedelta(days=n % 100), YEAR.ends_at + timedelta(n)) for n in range(200)],
    )
    offered = open_slots(availability, YEAR)
    steps = visits(lambda: next_of_length(sorted(free), offered, length, availability.time_zone))
    assert steps <= reckoning.MOST_TRIED + len(free)


def test_whether_a_loan_of_a_year_fits_is_asked_at_its_two_ends(visits):
    """SEC-16."""
    wanted = Slot(NOW + timedelta(hours=2), NOW + timedelta(days=364, hours=2))
    short = Slot(NOW + timedelta(hours=2), NOW + timedelta(days=7, hours=2))
    a_year, a_week = (visits(lambda w=w: reckoning.fits(weekly(), w, throughout=False)) for w in (wanted, short))
    assert a_year <= a_week + 10


def test_its_calendar_has_no_row_for_a_copy_that_nobody_took(as_, bob, cleo, chairs, statements):
    """SEC-16: neither in the table nor in the answer; and a calendar is three statements."""
    agree(bob, chairs, begins=2)
    assert count_of(Copy) == 1
    client, query = as_(cleo), {"until": day(365).isoformat()}
    with statements() as seen:
        shown = client.get(f"/v1/listings/{chairs.id}/calendar", query_string=query).json
    assert (shown["copies"], len(shown["busy"]), len(shown["free"])) == (MOST, 1, 1)
    assert len([each for each in seen if "occupations" in each]) == 1
    assert len(seen) <= 6


def test_what_is_dumped_at_once_is_what_its_schema_says(as_, ana, bob, cleo):
    """A calendar of a year has thousands of times: they are written as they are, and as documented."""
    tent = offer(ana, "Une tente", availability=WINDOWS, no_expiry=True, pause_minutes=30)
    shown = as_(cleo).get(f"/v1/listings/{tent.id}/calendar", query_string={"until": day(9.123456).isoformat()}).json
    assert CalendarSchema().dump(CalendarSchema().load(shown)) == shown
    assert len(shown["windows"]) > 50


@pytest.mark.parametrize("number", [None, 7])
def test_a_thousand_break_and_are_mended_in_as_many_statements_as_one(as_, ana, bob, chairs, statements, number):
    """SEC-16: one statement, one event; afterwards there are no more rows than before."""
    loan = agree(bob, chairs)
    client, path, body = as_(ana), f"/v1/listings/{chairs.id}", {"number": number}
    one = offer(ana, "Une échelle")
    counts = []
    for listing_path in (f"/v1/listings/{one.id}", path):
        for action in ("broken", "mended"):
            with statements() as seen:
                answer = client.post(f"{listing_path}/{action}", json={} if listing_path != path else body)
                assert answer.status_code == 200, answer.json
            counts.append(len(seen))
            if listing_path == path and action == "broken":
                assert count_of(Copy) - 1 == (MOST if number is None else 2)
    told = 12
    assert counts[2] - counts[0] <= told
    assert counts[3] - counts[1] <= told
    assert count_of(Copy) - 1 == 1, "that which somebody has taken"
    types = [each["type"] for each in as_(bob).get("/v1/notifications").json["items"]]
    expected = (1, 1) if number is None else (0, 0)
    assert (types.count("item_unavailable"), types.count("item_back")) == expected
    assert loan.state == "accepted"


def test_what_broke_whole_is_lent_to_nobody_and_then_again(as_, ana, bob, chairs):
    """BOK-05: also the copies that had no row."""
    exchange = propose(bob, chairs)
    as_(ana).post(f"/v1/listings/{chairs.id}/broken", json={})
    accept = f"/v1/exchanges/{exchange.id}/accept"
    assert as_(ana).post(accept, json={}).json["code"] == "item_unavailable"
    as_(ana).post(f"/v1/listings/{chairs.id}/mended", json={"number": 400})
    assert as_(ana).post(accept, json={}).status_code == 200
    assert db.session.scalar(select(Copy.number).join(Occupation)) == 400


@pytest.mark.parametrize("action", ["broken", "mended"])
def test_there_is_no_copy_beyond_the_quantity(as_, ana, action):
    pair = offer(ana, "Une chaise", quantity=2)
    path = f"/v1/listings/{pair.id}/{action}"
    assert [as_(ana).post(path, json={"number": n}).status_code for n in (1, 2, 3)] == [200, 200, 404]


def test_each_copy_is_taken_before_anybody_is_refused(ana, bob, cleo, as_):
    """BOK-05, BOK-09: rows come as copies are taken, and the first that is back is taken again."""
    trio = offer(ana, "Une chaise", quantity=3)
    loans = [lend(who, trio, begins=0.01) for who in (bob, cleo)]
    agree(bob, trio, begins=0.01)
    assert (count_of(Copy), count_of(Occupation)) == (3, 3)
    with pytest.raises(AlreadyBooked):
        service.occupy(listing=trio, holder_id=new_id(), starts_at=day(1), ends_at=day(2))
    as_(bob).post(f"/v1/exchanges/{loans[0].id}/return", json={})
    service.occupy(listing=trio, holder_id=new_id(), starts_at=day(0.5), ends_at=day(1))
    assert count_of(Copy) == 3


def test_a_long_line_is_looked_through_in_one_statement(as_, ana, bob, new_user, statements, monkeypatch):
    """SEC-16: its length and the copies are added, not multiplied."""
    ladder = offer(ana, "Une échelle")
    loan = lend(bob, ladder, begins=0.01)
    counts = []
    for number in range(6):
        client = as_(new_user(f"N{number} N."))
        with statements() as seen:
            client.put(f"/v1/listings/{ladder.id}/waiting", json={})
        counts.append(len(seen))
    assert counts[-1] <= counts[1]
    assert loan.state == "handed_over"


def test_nobody_stands_in_more_lines_than_fifty(as_, ana, bob, monkeypatch):
    """SEC-16: each is looked through whenever a copy comes free; leaving one makes room."""
    monkeypatch.setattr(waiting, "MOST_LINES", 2)
    things = [offer(ana, title) for title in ("Une perceuse", "Une échelle", "Une tente")]
    client = as_(bob)
    answers = [client.put(f"/v1/listings/{each.id}/waiting", json={}) for each in things]
    assert [each.status_code for each in answers] == [200, 200, 409]
    assert answers[-1].json["code"] == "too_many_lines"
    assert client.put(f"/v1/listings/{things[0].id}/waiting", json={}).status_code == 200, "again is not one more"
    client.delete(f"/v1/listings/{things[0].id}/waiting")
    assert client.put(f"/v1/listings/{things[2].id}/waiting", json={}).status_code == 200


def test_who_takes_the_first_copies_at_once_gets_one_each(committing_app):
    """TST-05, BOK-01: before any copy has a row, too."""
    listing = offer(people.make("Ana A.", home=people.ANA_CELL), "Une chaise", quantity=3)
    db.session.commit()
    listing_id, together = listing.id, threading.Barrier(6)

    def occupy(_thread: int) -> bool:
        with committing_app.app_context():
            together.wait(10)
            try:
                with transaction():
                    service.occupy(
                        listing=db.session.get_one(Listing, listing_id),
                        holder_id=new_id(),
                        starts_at=day(1),
                        ends_at=day(2),
                    )
            except AlreadyBooked:
                return False
        return True

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(occupy, range(6))) == 3
    db.session.rollback()
    assert sorted(db.session.scalars(select(Copy.number).join(Occupation))) == [1, 2, 3]
