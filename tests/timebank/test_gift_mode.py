"""LED-09: a neighbourhood that counts no hours, only how often its neighbours gave and received."""

from __future__ import annotations

import pytest

from neighbourly.timebank.models import Pending, Transfer
from tests.databases import count_of
from tests.factories.exchanges import agree, day
from tests.factories.listings import ask, offer


@pytest.fixture
def lesson(ana, neighbours):
    """Ana teaches, where she lives."""
    return offer(ana, "Cours d'anglais", kind="skill", category=None)


def test_only_who_governs_chooses_the_mode(as_, ana, neighbours):
    """LED-09."""
    path = f"/v1/neighbourhoods/{neighbours.id}/rules"
    assert as_(ana).patch(path, json={"timebank_mode": "gift"}).status_code == 403
    assert as_(ana).get(path).json["timebank_mode"] == "hours"


def test_nobody_sees_a_balance(ana, bob, give, account, count_gifts):
    """LED-09: not even one from before."""
    give(bob, ana, 60)
    count_gifts("gift")
    assert account(ana) == {
        "mode": "gift",
        "balance_minutes": None,
        "floor_minutes": None,
        "pending_minutes": None,
        "given": 0,
        "received": 0,
        "nudge": None,
    }


@pytest.mark.parametrize(
    "path", ["/v1/me/timebank/entries", "/v1/me/timebank/statement?month=2026-11", "/v1/neighbourhoods/{}/pot"]
)
def test_nor_are_there_lines_a_statement_or_a_pot_to_see(as_, ana, bob, neighbours, give, count_gifts, path):
    """LED-09: each would tell a balance."""
    give(bob, None, 60)
    count_gifts("gift")
    refused = as_(ana).get(path.format(neighbours.id))
    assert (refused.status_code, refused.json["code"]) == (409, "gift_mode")


def test_to_strangers_the_pot_stays_shut_in_either_mode(as_, stranger, neighbours, count_gifts):
    """LED-09."""
    count_gifts("gift")
    assert as_(stranger).get(f"/v1/neighbourhoods/{neighbours.id}/pot").status_code == 403


def test_helps_are_counted_and_move_nothing(ana, bob, lesson, helped, account, count_gifts):
    """LED-09."""
    count_gifts("gift")
    for _ in range(3):
        helped(bob, lesson, 60)
    assert (account(ana)["given"], account(bob)["received"]) == (3, 3)
    assert account(ana)["nudge"]["code"] == "receive"
    assert (count_of(Transfer), count_of(Pending)) == (0, 0)


def test_transfers_to_neighbours_and_to_the_pot_are_refused(ana, bob, give, count_gifts):
    """LED-09."""
    count_gifts("gift")
    assert [give(bob, payee, 5).json["code"] for payee in (ana, None)] == ["gift_mode", "gift_mode"]
    assert count_of(Transfer) == 0


def test_grants_are_refused(as_, ana, bob, give, moderator, neighbours, count_gifts):
    """LED-09."""
    give(bob, None, 60)
    count_gifts("gift")
    body = {"to_user_id": str(ana.id), "minutes": 5}
    refused = as_(moderator).post(f"/v1/neighbourhoods/{neighbours.id}/pot/grants", json=body)
    assert refused.json["code"] == "gift_mode"


def test_who_lives_elsewhere_keeps_their_hours(ana, cleo, stranger, give, balances, count_gifts):
    """LED-09: the mode is the neighbourhood's."""
    count_gifts("gift")
    assert give(stranger, cleo, 5).status_code == 201
    assert balances(stranger) == [-5]


def test_what_was_agreed_in_hours_and_confirmed_in_gifts_moves_nothing(
    ana, bob, lesson, act, account, balances, count_gifts
):
    """LED-09."""
    exchange = agree(bob, lesson, minutes=60)
    count_gifts("gift")
    act(bob, exchange, "done")
    act(bob, exchange, "confirm")
    assert account(ana)["given"] == 1
    count_gifts("hours")
    assert (balances(ana, bob), account(bob)["pending_minutes"]) == ([0, 0], 0)


@pytest.mark.parametrize("tap", [True, False])
def test_what_was_agreed_without_hours_moves_none_later(
    ana, bob, lesson, act, later, account, balances, count_gifts, tap
):
    """LED-08, LED-09: nobody agreed to minutes when they accepted."""
    count_gifts("gift")
    exchange = agree(bob, lesson, minutes=60)
    count_gifts("hours")
    act(ana, exchange, "done")
    if tap:
        act(bob, exchange, "confirm")
    else:
        later(days=8)
    assert account(ana)["given"] == 1
    assert balances(ana, bob) == [0, 0]


def test_back_to_hours_the_balances_are_what_they_were(ana, bob, give, balances, count_gifts):
    """LED-09."""
    give(bob, ana, 60)
    count_gifts("gift")
    count_gifts("hours")
    assert balances(ana, bob) == [60, -60]


@pytest.mark.parametrize(("mode", "state"), [("gift", "accepted"), ("hours", "proposed")])
@pytest.mark.usefixtures("neighbours")
def test_a_plain_yes_without_hours_is_chosen_in_one_tap(as_, ana, bob, count_gifts, mode, state):
    """CON-10, LED-09: where no minutes are counted none are unread."""
    if mode == "gift":
        count_gifts(mode)
    need = ask(bob, "Porter un carton", kind="time", category=None)
    yes = as_(ana).post(f"/v1/listings/{need.id}/answers", json={"answer": "yes"}).json
    times = {"starts_at": day(2).isoformat(), "ends_at": day(2.1).isoformat()}
    made = as_(bob).post("/v1/exchanges", json={"answer_id": yes["id"], **times}).json
    assert (made["state"], made["differs"]) == (state, [] if mode == "gift" else ["minutes"])
    assert count_of(Pending) == 0
