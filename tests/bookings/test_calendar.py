"""What a listing's calendar shows, what the near search finds for a time, and that both can be booked (BOK-08)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from neighbourly.bookings.models import Copy
from neighbourly.core import clock
from neighbourly.core.db import db
from tests import draws
from tests.factories.exchanges import agree, day, lend
from tests.factories.listings import ask, offer


def text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def calendar(as_, user, listing, **query):
    return as_(user).get(f"/v1/listings/{listing.id}/calendar", query_string=query).json


def book(as_, user, listing, begins: str, ends: str, **said):
    body = {"listing_id": str(listing.id), "starts_at": begins, "ends_at": ends}
    return as_(user).post("/v1/exchanges", json=body | said)


def test_it_says_when_and_never_who(as_, ana, bob, cleo):
    drill = offer(ana)
    agree(bob, drill, begins=2, days=3)
    answer = as_(cleo).get(f"/v1/listings/{drill.id}/calendar")
    assert set(answer.json) == {"time_zone", "copies", "max_loan_days", "pause_minutes", "windows", "busy", "free"}
    assert [set(each) for each in answer.json["busy"] + answer.json["free"]] == [{"starts_at", "ends_at"}] * 3
    assert str(bob.id) not in answer.text


def test_the_free_stretches_lie_around_what_is_taken(as_, ana, bob, cleo):
    drill = offer(ana, pause_minutes=60)
    taken = agree(bob, drill, begins=2, days=3)
    shown = calendar(as_, cleo, drill, until=text(day(30)))
    (busy,), (before, after) = shown["busy"], shown["free"]
    assert busy == {"starts_at": text(taken.starts_at), "ends_at": text(taken.ends_at + timedelta(hours=1))}
    assert before["ends_at"] == text(taken.starts_at - timedelta(hours=1))
    assert after["starts_at"] == busy["ends_at"]


def test_a_thing_of_which_nobody_knows_when_it_comes_back_is_not_free(as_, ana, bob, cleo, later):
    drill = offer(ana, no_expiry=True)
    lend(bob, drill, begins=0.01, days=1)
    later(days=2)
    assert calendar(as_, cleo, drill)["free"] == []


def test_broken_and_retired_copies_are_not_shown(as_, ana, cleo):
    chairs = offer(ana, "Une chaise", quantity=2)
    as_(ana).post(f"/v1/listings/{chairs.id}/broken", json={"number": 2})
    assert calendar(as_, cleo, chairs)["copies"] == 1
    as_(ana).post(f"/v1/listings/{chairs.id}/broken", json={})
    shown = calendar(as_, cleo, chairs)
    assert (shown["copies"], shown["free"]) == (0, [])


@pytest.mark.parametrize(("begins", "ends"), [(3, 1), (-5, -1), (1, 400)])
def test_a_span_lies_ahead_and_is_a_year_at_most(as_, ana, cleo, begins, ends):
    drill = offer(ana)
    query = {"from": text(day(begins)), "until": text(day(ends))}
    answer = as_(cleo).get(f"/v1/listings/{drill.id}/calendar", query_string=query)
    assert (answer.status_code, answer.json["code"]) == (422, "bad_span")


def test_the_hours_of_a_help_are_its_free_hours(as_, ana, bob):
    """On the owner's wall clock: Etc/GMT-1 is an hour ahead of UTC."""
    as_(ana).patch("/v1/me/preferences", json={"time_zone": "Etc/GMT-1"})
    lesson = offer(
        ana,
        "Cours d'anglais",
        kind="skill",
        category=None,
        availability=[{"weekday": 2, "from": "18:00", "to": "20:00"}],
    )
    shown = calendar(as_, bob, lesson, until=text(day(7)))
    (slot,) = shown["free"]
    assert (slot["starts_at"][11:16], slot["ends_at"][11:16]) == ("17:00", "19:00")
    assert book(as_, bob, lesson, slot["starts_at"], slot["ends_at"]).status_code == 201
    late = book(as_, bob, lesson, slot["ends_at"], text(datetime.fromisoformat(slot["ends_at"]) + timedelta(hours=1)))
    assert (late.status_code, late.json["code"]) == (409, "not_available")


WINDOWS = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from(["00:00", "07:00", "12:00"]), st.sampled_from(["09:00", "18:00"])),
    max_size=3,
)
LOANS = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 5)), max_size=4)


@given(windows=WINDOWS, closed=st.lists(st.integers(1, 25), max_size=2), loans=LOANS, quantity=st.integers(1, 2))
@settings(
    max_examples=draws.examples(15),
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_each_slot_shown_can_be_booked_and_the_near_search_finds_it(
    as_, ana, bob, cleo, windows, closed, loans, quantity
):
    """BOK-08: from the first moment to the last, and so does whatever lies between two hours of its."""
    tent = offer(
        ana,
        "Une tente",
        no_expiry=True,
        quantity=quantity,
        availability=[{"weekday": each, "from": begins, "to": until} for each, begins, until in windows],
        unavailable=[{"from": on, "until": on} for on in (day(each).date().isoformat() for each in closed)],
        pause_minutes=90,
    )
    for begins, days in loans:
        shown = as_(bob).post("/v1/exchanges", json=proposal(tent, begins, days))
        if shown.status_code == 201:
            as_(ana).post(f"/v1/exchanges/{shown.json['id']}/accept", json={})
    for slot in calendar(as_, cleo, tent, until=text(day(40)))["free"]:
        query = {"available_from": slot["starts_at"], "available_until": slot["ends_at"], "q": "tente"}
        found = as_(cleo).get("/v1/listings", query_string=query).json["items"]
        assert str(tent.id) in {each["id"] for each in found}
        made = book(as_, cleo, tent, slot["starts_at"], slot["ends_at"])
        assert made.status_code == 201, made.json
        accepted = as_(ana).post(f"/v1/exchanges/{made.json['id']}/accept", json={})
        assert accepted.status_code == 200, accepted.json
        as_(ana).post(f"/v1/exchanges/{made.json['id']}/cancel", json={})


def proposal(listing, begins: float, days: float):
    starts_at = clock.now() + timedelta(days=begins, hours=1)
    return {
        "listing_id": str(listing.id),
        "starts_at": text(starts_at),
        "ends_at": text(starts_at + timedelta(days=days)),
    }


@pytest.fixture
def found(as_, cleo):
    """`found(2, 3)`: the titles that Cleo finds for the time from two days on until three days on."""

    def search(begins: float, ends: float, **query):
        span = {"available_from": text(day(begins)), "available_until": text(day(ends))}
        answer = as_(cleo).get("/v1/listings", query_string=span | query)
        assert answer.status_code == 200, answer.json
        return [each["title"] for each in answer.json["items"]]

    return search


def test_the_near_search_leaves_out_what_is_taken_broken_or_too_long(as_, ana, bob, found):
    drill = offer(ana, "Une perceuse")
    offer(ana, "Une échelle", max_loan_days=2)
    ask(bob, "Je cherche une tente")
    agree(bob, drill, begins=2, days=2)
    assert found(1, 1.9) == ["Une échelle", "Une perceuse"]
    assert found(3, 5.5) == []
    assert found(4, 5.5, category="tools") == ["Une échelle", "Une perceuse"]
    as_(ana).post(f"/v1/listings/{drill.id}/broken", json={})
    assert found(4, 5.5) == ["Une échelle"]
    assert db.session.scalars(db.select(Copy)).all() != []


def test_one_of_two_copies_is_enough(ana, bob, found):
    chairs = offer(ana, "Une chaise", quantity=2)
    agree(bob, chairs, begins=2, days=2)
    assert found(2, 3) == ["Une chaise"]
    agree(bob, chairs, begins=2, days=2)
    assert found(2, 3) == []


def test_with_a_time_the_near_search_is_one_statement(as_, ana, cleo, statements):
    offer(ana, availability=[{"weekday": each, "from": "00:00", "to": "00:00"} for each in range(7)])
    client = as_(cleo)
    query = {"available_from": text(day(1)), "available_until": text(day(2)), "kind": "item"}
    with statements() as seen:
        assert len(client.get("/v1/listings", query_string=query).json["items"]) == 1
    assert len(seen) <= 3


@pytest.mark.parametrize(("begins", "ends"), [(3, 2), (1, 400)])
def test_a_time_to_look_for_is_in_order_and_a_year_at_most(as_, cleo, begins, ends):
    query = {"available_from": text(day(begins)), "available_until": text(day(ends))}
    answer = as_(cleo).get("/v1/listings", query_string=query)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/available_until")


@pytest.mark.parametrize("more", [{}, {"available_until": "9999-12-31T23:00:00Z"}])
def test_nobody_looks_for_something_at_the_end_of_time(as_, cleo, more):
    """SEC-16: a 422 and no 500."""
    answer = as_(cleo).get("/v1/listings", query_string={"available_from": "9999-12-31T12:00:00Z"} | more)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/available_from")


BEFORE_DST = datetime(2027, 3, 26, tzinfo=UTC)
SPANS = st.lists(st.tuples(st.integers(0, 96), st.integers(1, 60)), min_size=4, max_size=8)


@given(
    windows=WINDOWS,
    closed=st.lists(st.integers(26, 30), max_size=1),
    spans=SPANS,
    kind=st.sampled_from(["item", "time"]),
)
@settings(
    max_examples=draws.examples(10),
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_what_the_near_search_finds_for_a_time_is_what_can_be_booked_then(
    as_, ana, bob, cleo, windows, closed, spans, kind
):
    """BOK-03, BOK-08: on a weekend on which the clocks change, too."""
    thing = offer(
        ana,
        "Une tente",
        kind=kind,
        category=None,
        no_expiry=True,
        availability=[{"weekday": each, "from": begins, "to": until} for each, begins, until in windows],
        unavailable=[{"from": f"2027-03-{on}", "until": f"2027-03-{on}"} for on in closed],
    )
    # How long a help is says nothing of its minutes beyond a working day: both say the number (CON-10).
    minutes = {"minutes": 60} if kind == "time" else {}
    for begins, hours in spans:
        starts_at = BEFORE_DST + timedelta(hours=begins)
        ends_at = starts_at + timedelta(hours=hours)
        query = {"available_from": text(starts_at), "available_until": text(ends_at)}
        found = {each["id"] for each in as_(cleo).get("/v1/listings", query_string=query).json["items"]}
        made = book(as_, cleo, thing, text(starts_at), text(ends_at), **minutes)
        assert made.status_code in (201, 409), made.json
        assert made.status_code == 201 or made.json["code"] in ("not_available", "already_booked"), made.json
        taken = made.status_code == 201 and as_(ana).post(f"/v1/exchanges/{made.json['id']}/accept", json={})
        assert (str(thing.id) in found) == bool(taken and taken.status_code == 200)
        if made.status_code == 201:
            as_(cleo).post(
                f"/v1/exchanges/{made.json['id']}/{'cancel' if taken.status_code == 200 else 'withdraw'}", json={}
            )
