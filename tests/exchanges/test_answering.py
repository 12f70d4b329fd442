"""Answering a proposal, and taking an agreement back."""

from __future__ import annotations

import pytest

from neighbourly.bookings.models import Occupation
from neighbourly.core.db import db
from neighbourly.exchanges.models import Exchange
from tests.databases import count_of
from tests.factories.exchanges import agree, bring_back, day, lend, propose
from tests.factories.listings import offer


def test_a_yes_takes_the_copy_and_tells_who_asked(ana, bob, drill, act, news):
    exchange = propose(bob, drill)
    accepted = act(ana, exchange, "accept").json
    assert (accepted["state"], accepted["awaiting"], accepted["expires_at"]) == ("accepted", None, None)
    assert accepted["allowed_actions"] == ["cancel", "hand_over"]
    assert count_of(Occupation) == 1
    assert news(bob) == ["exchange_accepted"]


def test_a_no_needs_no_reason_and_shows_what_is_next_best(ana, bob, cleo, drill, act, look, news):
    other = offer(cleo, "Perceuse visseuse", category="power-drills", kind="item")
    exchange = propose(bob, drill)
    assert act(ana, exchange, "decline").json["state"] == "declined"
    assert news(bob) == ["exchange_declined"]
    assert [each["id"] for each in look(bob, exchange)["next_best"]] == [str(other.id)]
    assert look(ana, exchange)["next_best"] == []


def test_who_proposed_takes_it_back(ana, bob, drill, act, news):
    exchange = propose(bob, drill)
    assert act(ana, exchange, "withdraw").status_code == 409
    assert act(bob, exchange, "withdraw").json["state"] == "withdrawn"
    assert news(ana) == ["exchange_proposed", "exchange_cancelled"]


def test_other_times_wait_for_the_other_side(ana, bob, drill, act, news):
    exchange = propose(bob, drill)
    starts_at, ends_at = day(4), day(5)
    countered = act(ana, exchange, "counter", starts_at=starts_at.isoformat(), ends_at=ends_at.isoformat()).json
    assert (countered["state"], countered["awaiting"], countered["allowed_actions"]) == (
        "proposed",
        "receiver",
        ["withdraw"],
    )
    assert news(bob) == ["exchange_countered"]
    assert act(ana, exchange, "accept").status_code == 409
    accepted = act(bob, exchange, "accept").json
    assert (accepted["state"], accepted["starts_at"]) == ("accepted", starts_at.isoformat().replace("+00:00", "Z"))


def test_a_counter_that_is_accepted_goes_through_the_same_rule(ana, bob, cleo, drill, act):
    """BOK-04."""
    exchange = propose(bob, drill)
    times = {"starts_at": day(5).isoformat(), "ends_at": day(7).isoformat()}
    assert act(ana, exchange, "counter", **times).status_code == 200
    agree(cleo, drill, begins=4)
    refused = act(bob, exchange, "accept")
    assert (refused.status_code, refused.json["code"]) == (409, "already_booked")
    assert db.session.get_one(Exchange, exchange.id).state == "proposed"


@pytest.mark.parametrize(
    ("times", "code"),
    [((-1, 1), "in_the_past"), ((2, None), "required"), ((3, 2), "ends_before_it_begins")],
)
def test_other_times_are_times_to_come(ana, bob, drill, act, times, code):
    exchange = propose(bob, drill)
    begins, ends = times
    body = {"starts_at": day(begins).isoformat(), "ends_at": day(ends).isoformat() if ends else None}
    refused = act(ana, exchange, "counter", **body)
    assert (refused.status_code, refused.json["errors"][0]["code"]) == (422, code)


def test_who_proposed_for_the_same_time_hears_that_it_is_taken(
    ana, bob, cleo, new_user, drill, act, news, later, latest
):
    """BOK-06: the others are told, once, and those whose time is still free are not."""
    dora = new_user("Dora D.")
    chosen, overtaken = propose(bob, drill, begins=5), propose(cleo, drill, begins=6)
    propose(dora, drill, begins=20)
    act(ana, chosen, "accept")
    later(minutes=1)
    assert (news(cleo), news(dora)) == (["item_unavailable"], [])
    assert latest(cleo).startswith("Taken meanwhile")
    act(ana, propose(bob, drill, begins=10), "accept")
    later(minutes=1)
    assert news(cleo) == ["item_unavailable"]
    act(bob, chosen, "cancel")
    assert act(ana, overtaken, "accept").json["state"] == "accepted"


def test_with_a_copy_left_nobody_is_told_that_it_is_taken(ana, bob, cleo, act, news, later):
    """BOK-06."""
    chairs = offer(ana, "Une chaise haute", quantity=2)
    chosen, beside = propose(bob, chairs, begins=5), propose(cleo, chairs, begins=5)
    act(ana, chosen, "accept")
    later(minutes=1)
    assert news(cleo) == []
    assert act(ana, beside, "accept").status_code == 200


def test_either_side_may_cancel_and_the_time_is_free_again(ana, bob, cleo, drill, act, news):
    exchange = agree(bob, drill)
    cancelled = act(bob, exchange, "cancel").json
    assert (cancelled["state"], cancelled["allowed_actions"]) == ("cancelled", [])
    assert count_of(Occupation) == 0
    assert news(ana)[-1] == "exchange_cancelled"
    agree(cleo, drill)


def test_a_wrong_state_says_what_may_be_done(bob, drill, act):
    """To one of its two sides an action that isn't allowed is 409, never 403."""
    exchange = propose(bob, drill)
    refused = act(bob, exchange, "return")
    assert (refused.status_code, refused.json["code"]) == (409, "action_not_allowed")
    assert refused.json["allowed_actions"] == ["withdraw"]


@pytest.mark.parametrize("action", ["accept", "hand_over", "return", "cancel", "object", "confirm"])
def test_to_everybody_else_there_is_nothing(bob, cleo, drill, act, action):
    exchange = propose(bob, drill)
    assert act(cleo, exchange, action).status_code == 404


def test_a_stale_version_changes_nothing(as_, ana, bob, drill):
    """REL-05."""
    exchange = propose(bob, drill)
    path = f"/v1/exchanges/{exchange.id}"
    seen = as_(ana).get(path).headers["ETag"]
    first = as_(ana).post(f"{path}/accept", json={}, headers={"If-Match": seen})
    second = as_(bob).post(f"{path}/cancel", json={}, headers={"If-Match": seen})
    assert (first.status_code, second.status_code) == (200, 412)
    assert as_(ana).get(path).json["state"] == "accepted"


def test_what_has_not_changed_is_304(as_, ana, bob, drill):
    """REL-05."""
    exchange = propose(bob, drill)
    path = f"/v1/exchanges/{exchange.id}"
    seen = as_(ana).get(path).headers["ETag"]
    assert as_(ana).get(path, headers={"If-None-Match": seen}).status_code == 304


def test_a_state_is_never_patched(as_, ana, bob, drill):
    """SEC-05, SEC-23: states move by actions alone."""
    exchange = propose(bob, drill)
    assert as_(ana).patch(f"/v1/exchanges/{exchange.id}", json={"state": "accepted"}).status_code == 405
    forbidden = {"state": "accepted", "giver_id": str(bob.id), "awaiting": None}
    for field, value in forbidden.items():
        made = as_(bob).post("/v1/exchanges", json={"listing_id": str(drill.id), field: value})
        assert (made.status_code, made.json["errors"][0]["pointer"]) == (422, f"/{field}")


def test_one_side_or_one_state_may_be_asked_for(as_, ana, bob, drill):
    lent = lend(bob, drill)
    mine = offer(bob, "Une scie")
    back = bring_back(ana, mine)

    def ids(query):
        return [each["id"] for each in as_(bob).get(f"/v1/exchanges?{query}").json["items"]]

    assert ids("") == [str(back.id), str(lent.id)]
    assert ids("role=giver") == [str(back.id)]
    assert ids("role=receiver&state=handed_over") == [str(lent.id)]
    assert ids("state=accepted") == []


def test_a_page_is_at_most_three_statements(as_, bob, drill, statements):
    for begins in range(1, 12, 3):
        agree(bob, drill, begins=begins)
    client = as_(bob)
    with statements() as seen:
        page = client.get("/v1/exchanges?limit=3").json
    assert (len(page["items"]), page["next"] is not None) == (3, True)
    assert len(seen) <= 3


def test_pages_show_nothing_twice_and_skip_nothing_while_more_come(as_, bob, ana):
    """REL-06."""
    thing = offer(ana, "Chaises", quantity=20)
    made = [str(propose(bob, thing).id) for _ in range(5)]
    first = as_(bob).get("/v1/exchanges?limit=2").json
    propose(bob, thing)
    rest = as_(bob).get(f"/v1/exchanges?limit=10&cursor={first['next']}").json
    assert [each["id"] for each in first["items"] + rest["items"]] == made[::-1]
