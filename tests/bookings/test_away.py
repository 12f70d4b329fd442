"""What somebody who is away offers: it says so, and cannot be had before they are back (NOT-01)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from neighbourly.bookings import selectors
from neighbourly.bookings.availability import Availability, Slot, fits, open_slots
from neighbourly.bookings.wanted import AT_PRESENT, CAN_BE_HAD, CAN_BE_HAD_FOR_A_WHILE, WANTED
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.exchanges.models import Exchange
from neighbourly.listings.models import Listing
from neighbourly.preferences.models import Preferences
from tests import draws
from tests.databases import count_of
from tests.factories.exchanges import agree, day
from tests.factories.listings import ask, offer

NOON = datetime(2027, 6, 6, 12, tzinfo=UTC)


def text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def leave(as_, user, days: float | None) -> str | None:
    """Away for so many days; until when, as the owner said it."""
    until = None if days is None else text(day(days))
    assert as_(user).patch("/v1/me/preferences", json={"away_until": until}).status_code == 200
    return until


def on_day(moment: str) -> str:
    return moment[:10] + "T00:00:00Z"


def book(as_, user, listing, begins: float, ends: float, **said):
    times = {"starts_at": text(day(begins)), "ends_at": text(day(ends))}
    return as_(user).post("/v1/exchanges", json={"listing_id": str(listing.id)} | times | said)


@pytest.mark.parametrize("direction", [offer, ask])
def test_a_listing_says_until_when_its_owner_is_away_to_who_looks(as_, ana, bob, direction):
    """NOT-01: by the day, on its page and in lists."""
    listing = direction(ana)
    path = f"/v1/listings/{listing.id}"
    assert (as_(bob).get(path).json["away_until"], as_(bob).get(path).json["available"]) == (None, True)
    until = leave(as_, ana, 10)
    (found,) = as_(bob).get("/v1/listings").json["items"]
    for seen in (as_(bob).get(path).json, found):
        assert (seen["away_until"], seen["available"]) == (on_day(until), False)
    leave(as_, ana, None)
    (found,) = as_(bob).get("/v1/listings").json["items"]
    for seen in (as_(bob).get(path).json, found):
        assert (seen["away_until"], seen["available"]) == (None, True)


def test_it_is_available_again_once_the_absence_is_over(as_, ana, bob, later):
    drill = offer(ana)
    leave(as_, ana, 3)
    later(days=3.1)
    seen = as_(bob).get(f"/v1/listings/{drill.id}").json
    assert (seen["away_until"], seen["available"]) == (None, True)


@pytest.mark.parametrize(("begins", "ends", "found"), [(1, 2, False), (4.9, 6, False), (5.1, 6, True), (1, 30, False)])
def test_search_and_proposals_know_no_other_days_than_the_calendar(as_, ana, bob, begins, ends, found):
    """NOT-01, BOK-08: for these days it is not found, not free, and cannot be proposed; after them it is all three."""
    drill = offer(ana)
    until = leave(as_, ana, 5)
    span = {"available_from": text(day(begins)), "available_until": text(day(ends))}
    assert len(as_(bob).get("/v1/listings", query_string=span).json["items"]) == found
    (free,) = as_(bob).get(f"/v1/listings/{drill.id}/calendar").json["free"]
    assert free["starts_at"] == until
    assert book(as_, bob, drill, begins, ends).status_code == (201 if found else 409)


def test_a_proposal_for_these_days_is_refused_with_the_day_of_the_return_and_the_next_free_time(as_, ana, bob):
    """NOT-01, BOK-10: what is named can be booked."""
    drill = offer(ana)
    until = leave(as_, ana, 5)
    refused = book(as_, bob, drill, 1, 3)
    assert (refused.status_code, refused.json["code"]) == (409, "not_available")
    assert refused.json["away_until"] == on_day(until)
    assert refused.json["next_free"]["starts_at"] == until
    assert count_of(Exchange) == 0
    taken = as_(bob).post("/v1/exchanges", json={"listing_id": str(drill.id)} | refused.json["next_free"])
    assert taken.status_code == 201


def test_nobody_proposes_a_help_to_who_asked_and_is_away(as_, ana, bob):
    """NOT-01: who is away is not asked, on whichever side."""
    need = ask(ana, "Arroser mes plantes", kind="time", category=None)
    leave(as_, ana, 5)
    refused = book(as_, bob, need, 1, 1.1)
    assert (refused.status_code, refused.json["code"], refused.json["next_free"]) == (409, "not_available", None)
    assert book(as_, bob, need, 6, 6.1).status_code == 201


def test_a_chosen_yes_of_who_is_away_is_no_agreement_for_these_days(as_, ana, bob):
    """NOT-01: who said yes and left since is not promised by somebody else."""
    need = ask(ana, "Arroser mes plantes", kind="time", category=None)
    answer = as_(bob).post(f"/v1/listings/{need.id}/answers", json={"answer": "yes"}).json
    leave(as_, bob, 5)
    chosen = as_(ana).post("/v1/exchanges", json={"answer_id": answer["id"]})
    assert (chosen.status_code, chosen.json["code"]) == (409, "not_available")


def test_what_was_agreed_for_these_days_goes_on(as_, ana, bob):
    exchange = agree(bob, offer(ana), begins=1, days=2)
    leave(as_, ana, 5)
    seen = as_(bob).get(f"/v1/exchanges/{exchange.id}").json
    assert (seen["state"], "cancel" in seen["allowed_actions"]) == ("accepted", True)
    handed = as_(ana).post(f"/v1/exchanges/{exchange.id}/hand_over", json={})
    assert handed.status_code == 200, handed.json


def test_the_rule_of_hours_knows_the_absence():
    """A loan that began before the return would touch it; a window that lasts over it is cut."""
    availability = Availability((), (), "Europe/Paris", NOON)
    early = NOON - timedelta(hours=1)
    assert open_slots(availability, Slot(early, NOON + timedelta(hours=1))) == [Slot(NOON, NOON + timedelta(hours=1))]
    for throughout in (False, True):
        assert fits(availability, Slot(NOON, NOON + timedelta(hours=1)), throughout=throughout)
        assert not fits(availability, Slot(early, NOON + timedelta(hours=1)), throughout=throughout)
        assert not fits(availability, Slot(early, early + timedelta(minutes=1)), throughout=throughout)


@given(
    spans=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30)), min_size=4, max_size=6), hours=st.integers(0, 50)
)
@settings(
    max_examples=draws.examples(30),
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_both_ways_of_asking_know_the_absence(ana, spans, hours):
    """NOT-01, BOK-08: the search finds just what can be proposed."""
    now = clock.now()
    thing = offer(ana)
    db.session.get_one(Preferences, ana.id).away_until = now + timedelta(hours=hours)
    db.session.flush()
    availability = selectors.availability_of(thing)
    for begins, length in spans:
        slot = Slot(now + timedelta(hours=begins + 0.5), now + timedelta(hours=begins + 0.5 + length))
        during = Range(slot.starts_at, slot.ends_at)
        asked = select(Listing.id).where(Listing.id == thing.id)
        had = [
            db.session.scalar(asked.where(condition), {WANTED: during, AT_PRESENT: now}) is not None
            for condition in (CAN_BE_HAD, CAN_BE_HAD_FOR_A_WHILE)
        ]
        there_at_all = slot.ends_at > now + timedelta(hours=hours)
        assert had == [fits(availability, slot, throughout=False), there_at_all]


def turn_of(as_, user) -> str | None:
    (waits,) = as_(user).get("/v1/me/waiting").json["items"]
    return waits["asked_at"]


def test_who_is_away_keeps_their_place_and_is_not_asked(as_, ana, bob, cleo, new_user, later):
    """NOT-01: nobody behind them waits for their return, and then it is their turn."""
    dora, drill = new_user("Dora D."), offer(ana)
    taken = agree(dora, drill, begins=1, days=20)
    wanted = {"starts_at": text(day(2)), "ends_at": text(day(15))}
    for each in (bob, cleo):
        assert as_(each).put(f"/v1/listings/{drill.id}/waiting", json=wanted).status_code == 200
    leave(as_, bob, 1.9)
    as_(dora).post(f"/v1/exchanges/{taken.id}/cancel", json={})
    assert (turn_of(as_, bob), turn_of(as_, cleo) is not None) == (None, True)
    later(days=1.5)
    assert as_(cleo).get("/v1/me/waiting").json["items"] == []
    assert turn_of(as_, bob) is None
    later(days=0.5)
    assert turn_of(as_, bob) is not None


def test_a_turn_of_who_leaves_is_the_next_ones_and_theirs_again_at_their_return(as_, ana, bob, cleo, later):
    """NOT-01: no turn lapses within an absence, and no line stands still for it."""
    drill = offer(ana)
    for each in (bob, cleo):
        assert as_(each).put(f"/v1/listings/{drill.id}/waiting", json={}).status_code == 200
    assert turn_of(as_, bob) is not None
    leave(as_, bob, 4)
    assert (turn_of(as_, bob), turn_of(as_, cleo) is not None) == (None, True)
    later(days=2)
    assert turn_of(as_, bob) is None
    leave(as_, bob, None)
    assert turn_of(as_, bob) is not None
