"""Once as many have agreed as a need asks for nobody more is asked; where one falls through it goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from neighbourly.accounts.models import User
from neighbourly.core.db import db
from neighbourly.exchanges import jobs as exchange_jobs
from neighbourly.exchanges.models import Exchange
from neighbourly.matching import jobs
from neighbourly.matching.models import Asked
from tests import people
from tests.factories.exchanges import day

TIMES = {"starts_at": day(1).isoformat(), "ends_at": day(2).isoformat()}
DRILLS = 16


@pytest.fixture
def street(new_user, offer) -> list[User]:
    """Sixteen neighbours with a drill each: more than the first wave asks."""
    neighbours = [new_user(f"N{number} N.", home=people.BOB_CELL) for number in range(DRILLS)]
    for each in neighbours:
        offer(each, "Perceuse", kind="item")
    return neighbours


@pytest.fixture
def helpers(street, waves) -> Callable[[str, int], list[User]]:
    """`helpers(need, 2)`: so many of those who were asked for it first."""

    def find(need: str, count: int) -> list[User]:
        return [each for each in street if each.display_name in waves(need)[0]][:count]

    return find


@pytest.fixture
def choose(as_, ana, tap, run_jobs) -> Callable[[str, User], dict[str, Any]]:
    """`choose(need, bob)`: Bob says yes, and Ana chooses him."""

    def agree(need: str, user: User) -> dict[str, Any]:
        tap(user, need, "yes")
        items = as_(ana).get(f"/v1/listings/{need}/answers").json["items"]
        chosen = next(each["id"] for each in items if each["neighbour"]["id"] == str(user.id))
        made = as_(ana).post("/v1/exchanges", json={"answer_id": chosen, **TIMES})
        assert made.json["state"] == "accepted", made.json
        run_jobs()
        return made.json

    return agree


@pytest.fixture
def closed(as_) -> Callable[[User], list[str]]:
    """`closed(bob)`: what he was told of needs that want no more help, in English."""

    def read(user: User) -> list[str]:
        items = as_(user).get("/v1/notifications", headers={"Accept-Language": "en"}).json["items"]
        return [f"{each['title']} | {each['body']}" for each in items if each["type"] == "request_closed"]

    return read


def test_agreed_with_as_many_as_needed_the_waves_stop(ask, helpers, choose, state, waves, ana, pass_time):
    """BOK-10: and a job that was queued before asks nobody either."""
    need = ask(ana)
    (bob,) = helpers(need, 1)
    choose(need, bob)
    assert state(need) == "enough"
    jobs.send_wave(need)
    pass_time(minutes=11)
    assert len(waves(need)) == 1


def test_one_of_two_is_not_enough(ask, helpers, choose, state, waves, ana, pass_time):
    need = ask(ana, helpers_needed=2)
    bob, cleo = helpers(need, 2)
    choose(need, bob)
    pass_time(minutes=11)
    assert (state(need), len(waves(need))) == ("asking", 2)
    choose(need, cleo)
    assert state(need) == "enough"


@pytest.mark.parametrize("side", ["who asked", "who helps"])
def test_where_one_falls_through_it_goes_on_with_those_who_are_left(
    as_, ask, helpers, choose, state, waves, ana, pass_time, side
):
    need = ask(ana)
    (bob,) = helpers(need, 1)
    loan = choose(need, bob)
    pass_time(minutes=11)
    assert (
        as_(ana if side == "who asked" else bob).post(f"/v1/exchanges/{loan['id']}/cancel", json={}).status_code == 200
    )
    pass_time(minutes=1)
    first, second = waves(need)
    assert (state(need), len(second), first & second) == ("asking", 10, set())


def test_the_yes_of_who_fell_through_is_none_to_wait_for(as_, ask, tap, helpers, choose, state, ana, pass_time):
    """Three yeses are enough; but not those of which nothing came."""
    need = ask(ana)
    bob, cleo, dora = helpers(need, 3)
    tap(cleo, need, "yes")
    tap(dora, need, "yes")
    loan = choose(need, bob)
    as_(bob).post(f"/v1/exchanges/{loan['id']}/cancel", json={})
    assert state(need) == "asking"


@pytest.mark.parametrize("nothing_came", ["declined", "expired"])
def test_a_yes_to_which_another_time_was_proposed_in_vain_is_none_to_wait_for(
    as_, ask, tap, helpers, state, ana, pass_time, nothing_came
):
    need = ask(ana)
    for each in helpers(need, 3):
        tap(each, need, "yes")
    assert state(need) == "enough"
    (chosen, *_) = as_(ana).get(f"/v1/listings/{need}/answers").json["items"]
    late = {"starts_at": day(20).isoformat(), "ends_at": day(21).isoformat()}
    wish = as_(ana).post("/v1/exchanges", json={"answer_id": chosen["id"], **late}).json
    if nothing_came == "declined":
        helper = db.session.get_one(User, UUID(chosen["neighbour"]["id"]))
        as_(helper).post(f"/v1/exchanges/{wish['id']}/decline", json={})
    else:
        pass_time(minutes=73 * 60)
        exchange_jobs.look()
    assert db.session.get_one(Exchange, UUID(wish["id"])).state == nothing_came
    assert state(need) == "asking"


def test_who_was_not_chosen_hears_it_kindly_and_once(as_, ask, tap, helpers, choose, closed, ana, run_jobs):
    need = ask(ana)
    bob, cleo, dora = helpers(need, 3)
    tap(cleo, need, "yes")
    choose(need, bob)
    assert closed(cleo) == ["Found: Une perceuse | Somebody else helps Ana this time. Thank you for answering!"]
    assert (closed(bob), closed(dora)) == ([], []), "who helps, and who said nothing"
    as_(ana).post(f"/v1/listings/{need}/fulfil", json={"how": "exchange"})
    assert len(closed(cleo)) == 1


def test_who_says_yes_after_it_was_found_hears_so_at_once(ask, tap, helpers, choose, closed, ana):
    need = ask(ana)
    bob, cleo = helpers(need, 2)
    choose(need, bob)
    tap(cleo, need, "yes")
    assert [each.split(" | ")[0] for each in closed(cleo)] == ["Found: Une perceuse"]


def test_nobody_loses_the_ask_of_the_day_to_a_need_that_was_settled_before_they_saw_it(
    as_, ask, helpers, choose, ana, bob, pass_time
):
    """Who has read it was asked; to the others it was never put."""
    need = ask(ana)
    helper, cleo, dora = helpers(need, 3)
    as_(cleo).put("/v1/notifications/read")
    choose(need, helper)
    asked = set(db.session.scalars(select(Asked.user_id).where(Asked.listing_id == need)))
    assert (cleo.id in asked, dora.id in asked) == (True, False)
    assert as_(dora).get("/v1/notifications").json["items"] == []
    ask(bob, "Perceuse")
    pass_time(minutes=11)
    assert as_(dora).get("/v1/me/asked").json["items"], "they may be asked for another need today"


def test_what_is_settled_waits_for_nobody_on_the_home_screen(as_, ask, helpers, choose, ana):
    need = ask(ana)
    bob, cleo = helpers(need, 2)
    as_(cleo).put("/v1/notifications/read")
    assert [each["listing"]["id"] for each in as_(cleo).get("/v1/start").json["asked"]] == [need]
    choose(need, bob)
    assert as_(cleo).get("/v1/start").json["asked"] == []


def test_a_proposal_of_ones_own_that_is_accepted_counts_as_well(as_, ask, helpers, state, ana):
    need = ask(ana)
    (bob,) = helpers(need, 1)
    made = as_(bob).post("/v1/exchanges", json={"listing_id": need, **TIMES}).json
    assert state(need) == "asking"
    as_(ana).post(f"/v1/exchanges/{made['id']}/accept", json={})
    assert state(need) == "enough"
    assert db.session.scalar(select(func.count()).select_from(Exchange)) == 1
