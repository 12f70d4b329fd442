"""Two clocks are never equal: what a phone calls now is now, in every field by one value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from neighbourly.core import clock
from tests.factories.exchanges import day
from tests.factories.listings import offer

SECONDS = timedelta(seconds=50)
MINUTES = timedelta(minutes=2)
Call = tuple[str, str, dict[str, Any]]


def propose(at: str, listing_id: str) -> Call:
    """A loan from then on."""
    return "POST", "/v1/exchanges", {"listing_id": listing_id, "starts_at": at, "ends_at": day(1).isoformat()}


def be_away(at: str, _listing_id: str) -> Call:
    """Away until then."""
    return "PATCH", "/v1/me/preferences", {"away_until": at}


def need(at: str, _listing_id: str) -> Call:
    """Needed until then."""
    return "POST", "/v1/listings", {"direction": "request", "kind": "item", "title": "Une scie", "needed_until": at}


def wait(at: str, listing_id: str) -> Call:
    """In line for it, up to then."""
    return "PUT", f"/v1/listings/{listing_id}/waiting", {"starts_at": day(1).isoformat(), "ends_at": at}


NOW: Mapping[str, Callable[[str, str], Call]] = {"/starts_at": propose, "/away_until": be_away, "/needed_until": need}
FARTHEST: Mapping[str, tuple[Callable[[str, str], Call], timedelta]] = {
    "/away_until": (be_away, timedelta(days=366)),
    "/needed_until": (need, timedelta(days=366)),
    "/ends_at": (wait, timedelta(days=731)),
}


@pytest.fixture
def say(as_, ana, bob):
    """`say(propose, moment)`: Bob's answer to that."""
    listing_id = str(offer(ana, no_expiry=True).id)

    def call(make, moment):
        method, path, body = make(moment.isoformat(), listing_id)
        return as_(bob).open(path, method=method, json=body)

    return call


@pytest.mark.parametrize("pointer", NOW)
def test_a_phone_whose_clock_is_behind_says_now(say, pointer):
    assert say(NOW[pointer], clock.now() - SECONDS).status_code in (200, 201)
    refused = say(NOW[pointer], clock.now() - MINUTES)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, pointer)


@pytest.mark.parametrize("pointer", FARTHEST)
def test_a_phone_whose_clock_is_ahead_says_in_a_year(say, pointer):
    make, longest = FARTHEST[pointer]
    assert say(make, clock.now() + longest + SECONDS).status_code in (200, 201)
    refused = say(make, clock.now() + longest + MINUTES)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, pointer)


def test_who_is_away_until_now_is_back(say, as_, bob):
    say(be_away, clock.now() + timedelta(days=3))
    say(be_away, clock.now() - SECONDS)
    assert as_(bob).get("/v1/me/preferences").json["away_until"] is None
