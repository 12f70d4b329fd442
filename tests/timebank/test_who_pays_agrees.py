"""LED-08: nobody's minutes go without their own yes, and no payee pulls any."""

from __future__ import annotations

import pytest

from neighbourly.exchanges.models import Exchange
from neighbourly.timebank.models import Transfer
from tests.databases import count_of
from tests.factories.exchanges import agree, propose


def test_a_proposal_alone_moves_nothing(ana, bob, lesson, act, balances):
    """LED-08: the giver accepts it; that is not yet a help."""
    exchange = propose(bob, lesson, minutes=60)
    assert [act(ana, exchange, action).status_code for action in ("done", "confirm")] == [409, 409]
    assert balances(ana, bob) == [0, 0]


@pytest.mark.parametrize("finisher", ["giver", "receiver"])
def test_the_payee_cannot_confirm_a_help(ana, bob, lesson, act, balances, finisher):
    """LED-08: whoever said that it took place."""
    exchange = agree(bob, lesson, minutes=60)
    act(ana if finisher == "giver" else bob, exchange, "done")
    refused = act(ana, exchange, "confirm")
    assert (refused.status_code, refused.json["code"]) == (409, "action_not_allowed")
    assert balances(ana, bob) == [0, 0]
    assert act(bob, exchange, "confirm").status_code == 200
    assert balances(ana, bob) == [60, -60]


def test_more_minutes_than_agreed_need_the_receivers_own_tap(ana, bob, lesson, act, balances):
    """LED-08."""
    exchange = agree(bob, lesson, minutes=60)
    act(ana, exchange, "done", minutes=180)
    assert balances(ana, bob) == [0, 0]
    act(bob, exchange, "confirm")
    assert balances(ana, bob) == [180, -180]


@pytest.mark.parametrize(("said", "moved"), [(180, 60), (60, 60), (45, 45)])
def test_time_alone_moves_at_most_what_was_agreed(ana, bob, lesson, act, later, balances, said, moved):
    """LED-08."""
    exchange = agree(bob, lesson, minutes=60)
    act(ana, exchange, "done", minutes=said)
    later(days=8)
    assert balances(ana, bob) == [moved, -moved]


def test_the_payee_cannot_confirm_in_a_dispute_either(ana, bob, lesson, act, balances):
    """LED-08: both must want it."""
    exchange = agree(bob, lesson, minutes=60)
    act(ana, exchange, "done", minutes=180)
    act(bob, exchange, "dispute", reason="Il n'est pas venu.")
    for _ in range(2):
        act(ana, exchange, "confirm")
    assert (balances(ana, bob), count_of(Transfer)) == ([0, 0], 0)
    act(bob, exchange, "confirm")
    assert balances(ana, bob) == [180, -180]


def test_a_dispute_holds_the_minutes_until_it_ends(ana, bob, lesson, act, later, account, balances):
    """LED-08: time does not confirm what is disputed."""
    exchange = agree(bob, lesson, minutes=60)
    act(ana, exchange, "done")
    act(bob, exchange, "dispute", reason="Il n'est pas venu.")
    later(days=30)
    assert (account(bob)["pending_minutes"], balances(ana, bob)) == (60, [0, 0])
    act(ana, exchange, "cancel")
    act(bob, exchange, "cancel")
    assert (account(bob)["pending_minutes"], balances(ana, bob)) == (0, [0, 0])


@pytest.mark.parametrize("field", ["from_user_id", "payer_id", "from_account_id"])
def test_a_transfer_cannot_name_who_pays(as_, ana, bob, field, balances):
    """LED-08: everyone gives only of their own."""
    body = {"to_user_id": str(ana.id), "minutes": 5, field: str(bob.id)}
    assert as_(ana).post("/v1/timebank/transfers", json=body).status_code == 422
    assert balances(ana, bob) == [0, 0]


@pytest.mark.parametrize("minutes", [-60, 0])
def test_a_negative_gift_is_no_way_to_take(ana, bob, give, balances, minutes):
    """LED-08."""
    assert give(ana, bob, minutes).status_code == 422
    assert balances(ana, bob) == [0, 0]


@pytest.mark.parametrize("action", ["accept", "done", "confirm", "cancel", "dispute"])
def test_others_move_nothing_at_all(bob, cleo, moderator, lesson, act, action):
    """LED-08: not even a moderator, short of a dispute."""
    exchange = agree(bob, lesson, minutes=60)
    body = {"reason": "Rien."} if action == "dispute" else {}
    assert [act(user, exchange, action, **body).status_code for user in (cleo, moderator)] == [404, 404]
    assert count_of(Exchange) == 1
    assert count_of(Transfer) == 0
