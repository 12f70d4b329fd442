"""TST-05: many transfers at the same moment, on real connections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from neighbourly.accounts.models import User
from neighbourly.core.db import db
from neighbourly.core.ids import new_id
from neighbourly.exchanges import service
from neighbourly.territories.models import Territory
from neighbourly.timebank.models import Entry, Pending, TimeAccount, Transfer
from tests.databases import count_of
from tests.factories.exchanges import agree, propose
from tests.factories.listings import actor, offer

AT_ONCE, THREADS = 50, 16
OFF = text(
    "SELECT count(*) FROM time_accounts a WHERE balance_minutes <>"
    " (SELECT coalesce(sum(minutes), 0) FROM entries e WHERE e.account_id = a.id)"
)


@pytest.fixture
def app(committing_app: Flask) -> Flask:
    """An app whose transactions are real ones."""
    return committing_app


@pytest.fixture
def together(app) -> Callable[[Iterable[Callable[[], int]]], Counter[int]]:
    """`together(calls)`: how many of these calls, made at the same moment, gave which status."""

    def run(calls: Iterable[Callable[[], int]]) -> Counter[int]:
        made = list(calls)
        width = min(THREADS, len(made))
        start = Barrier(width)

        def call(number: int) -> int:
            if number < width:
                start.wait(10)
            with app.app_context():
                return made[number]()

        with ThreadPoolExecutor(width) as threads:
            return Counter(threads.map(call, range(len(made))))

    return run


@pytest.fixture(autouse=True)
def adds_up(app):
    """LED-01, LED-03: whatever happened at once, the sum is 0 and each balance is the sum of its entries."""
    yield
    db.session.rollback()
    assert db.session.scalar(OFF) == 0
    assert (db.session.scalar(select(func.sum(Entry.minutes))) or 0) == 0


def sending(client, payee: User, minutes: int, **more) -> Callable[[], int]:
    body = {"to_user_id": str(payee.id), "minutes": minutes} | more
    return lambda: client.post("/v1/timebank/transfers", json=body).status_code


def account_of(user: User) -> TimeAccount:
    db.session.rollback()
    wanted = select(TimeAccount).where(TimeAccount.user_id == user.id)
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one()


def test_of_fifty_transfers_at_the_limit_exactly_the_right_number_succeed(as_, ana, bob, together):
    """LED-04: 300 minutes may go, 13 at a time."""
    giver = as_(bob)
    assert together([sending(giver, ana, 13)] * AT_ONCE) == {201: 23, 409: 27}
    assert (account_of(bob).balance_minutes, account_of(ana).balance_minutes) == (-299, 299)


def test_to_many_neighbours_at_once_it_is_the_same(as_, new_user, bob, together):
    """LED-04: it is the giver's account that is locked."""
    giver, others = as_(bob), [new_user(f"V{number} V.") for number in range(10)]
    found = together(sending(giver, other, 20) for other in others * 5)
    assert found == {201: 15, 409: 35}
    assert account_of(bob).balance_minutes == -300


def test_what_is_pending_counts_in_two_windows(as_, ana, bob, lesson, together):
    """LED-04: a help is accepted while its receiver gives minutes away."""
    agree(bob, lesson, minutes=240)
    giver = as_(bob)
    assert together([sending(giver, ana, 6)] * AT_ONCE) == {201: 10, 409: 40}
    assert account_of(bob).pending_minutes == 240


def test_one_id_sent_many_times_at_once_is_one_transfer(as_, ana, bob, together):
    """LED-06."""
    send = sending(as_(bob), ana, 60, id=str(new_id()))
    assert together([send] * THREADS) == {201: 1, 200: THREADS - 1}
    assert account_of(bob).balance_minutes == -60


def test_a_transfer_taken_back_many_times_at_once_is_taken_back_once(as_, ana, bob, together):
    """LED-02."""
    body = {"to_user_id": str(ana.id), "minutes": 60}
    made = as_(bob).post("/v1/timebank/transfers", json=body).json["transfer_id"]
    receiver = as_(ana)
    back = lambda: receiver.post(f"/v1/timebank/transfers/{made}/reverse").status_code  # noqa: E731
    assert together([back] * 8) == {201: 1, 409: 7}
    assert account_of(ana).balance_minutes == 0


def test_everyone_giving_to_everyone_for_the_first_time_waits_in_no_ring(as_, new_user, together):
    """LED-04: accounts are opened and locked in one order, so that nobody is told to try again."""
    users = [new_user(f"V{number} V.") for number in range(6)]
    clients = {user.id: as_(user) for user in users}
    pairs = list(permutations(users, 2))
    found = together(sending(clients[payer.id], payee, 1) for payer, payee in pairs)
    assert found == {201: len(pairs)}
    assert [account_of(user).balance_minutes for user in users] == [0] * len(users)


def test_helps_accepted_at_once_are_covered_by_what_the_pot_holds_and_no_more(
    as_, ana, bob, cleo, known, neighbours, together
):
    """LED-11: of fifty helps at the floor the pot covers what it can, and the others are refused."""
    as_(cleo).post("/v1/timebank/transfers", json={"to_pot": True, "minutes": 100})
    lesson = offer(ana, "Cours d'anglais", kind="skill", category=None)
    db.session.get_one(Territory, neighbours.id).open_proposals = 100
    wishes = [propose(bob, lesson, minutes=30).id for _ in range(AT_ONCE)]
    as_(bob).post("/v1/timebank/transfers", json={"to_user_id": str(ana.id), "minutes": 300})
    owner = as_(ana)
    taps = [lambda id=id: owner.post(f"/v1/exchanges/{id}/accept", json={}).status_code for id in wishes]
    assert together(taps) == {200: 3, 409: AT_ONCE - 3}
    db.session.rollback()
    assert sorted(db.session.scalars(select(Pending.covered_minutes))) == [30] * 3
    promised = select(TimeAccount.pending_minutes).where(TimeAccount.territory_id == neighbours.id)
    db.session.get_one(Territory, neighbours.id).open_proposals = 10
    db.session.commit()
    assert (db.session.scalar(promised), account_of(bob).pending_minutes) == (90, 0)


def test_of_fifty_helps_accepted_at_once_as_many_as_the_floor_allows_are_agreed(as_, ana, bob, neighbours, together):
    """LED-11."""
    lesson = offer(ana, "Cours d'anglais", kind="skill", category=None)
    db.session.get_one(Territory, neighbours.id).open_proposals = 100
    wishes = [propose(bob, lesson, minutes=40).id for _ in range(AT_ONCE)]
    owner = as_(ana)
    taps = [lambda id=id: owner.post(f"/v1/exchanges/{id}/accept", json={}).status_code for id in wishes]
    assert together(taps) == {200: 7, 409: AT_ONCE - 7}
    assert (account_of(bob).balance_minutes, account_of(bob).pending_minutes) == (0, 280)


def test_grants_at_once_leave_no_pot_that_owes(as_, ana, bob, moderator, neighbours, together):
    """LED-04."""
    as_(bob).post("/v1/timebank/transfers", json={"to_pot": True, "minutes": 100})
    governor, body = as_(moderator), {"to_user_id": str(ana.id), "minutes": 30}
    path = f"/v1/neighbourhoods/{neighbours.id}/pot/grants"
    assert together([lambda: governor.post(path, json=body).status_code] * 10) == {201: 3, 409: 7}
    assert account_of(ana).balance_minutes == 90


def test_a_confirmation_and_transfers_at_once_leave_the_rule_whole(as_, ana, bob, lesson, together):
    """LED-04: a confirmation is never refused, and what it takes cannot be given away besides."""
    help = agree(bob, lesson, minutes=200)
    service.finish_help(actor=actor(ana), exchange_id=help.id)
    db.session.commit()
    receiver = as_(bob)
    confirm = lambda: receiver.post(f"/v1/exchanges/{help.id}/confirm", json={}).status_code  # noqa: E731
    assert together([confirm, *[sending(receiver, ana, 10)] * 15]) == {200: 1, 201: 10, 409: 5}
    assert (account_of(bob).balance_minutes, account_of(bob).pending_minutes) == (-300, 0)


def test_a_commit_of_an_unbalanced_transfer_is_refused(as_, ana, bob):
    """LED-01: the trigger speaks at the commit itself."""
    as_(bob).post("/v1/timebank/transfers", json={"to_user_id": str(ana.id), "minutes": 5})
    payer, payee = account_of(bob).id, account_of(ana).id
    transfer = Transfer(id=new_id(), kind="gift", from_account_id=payer, to_account_id=payee, minutes=60)
    db.session.add(transfer)
    db.session.flush()
    db.session.add(Entry(transfer_id=transfer.id, account_id=payee, minutes=60))
    with pytest.raises(DBAPIError, match="is not balanced"):
        db.session.commit()
    db.session.rollback()
    assert count_of(Transfer) == 1
