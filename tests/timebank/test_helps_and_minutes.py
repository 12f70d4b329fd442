"""What a help holds when it is agreed, moves when it is confirmed, and lets go when it does not take place."""

from __future__ import annotations

import pytest

from neighbourly.core.db import db
from neighbourly.timebank import service as timebank
from neighbourly.timebank.models import Pending, Transfer
from tests.databases import count_of
from tests.factories.exchanges import agree, bring_back, lend, propose
from tests.factories.listings import offer


def pending_of(exchange) -> str:
    return db.session.get_one(Pending, exchange.id).state


def test_an_accepted_help_is_pending_and_moves_nothing(ana, bob, lesson, act, account):
    """LED-04."""
    exchange = propose(bob, lesson, minutes=90)
    assert account(bob)["pending_minutes"] == 0
    act(ana, exchange, "accept")
    assert (account(bob)["pending_minutes"], account(bob)["balance_minutes"]) == (90, 0)
    assert (account(ana)["pending_minutes"], account(ana)["balance_minutes"]) == (0, 0)
    assert (pending_of(exchange), count_of(Transfer)) == ("pending", 0)


def test_a_confirmed_help_moves_its_minutes_from_receiver_to_giver(ana, bob, lesson, helped, account, lines):
    exchange = helped(bob, lesson, 90)
    assert [account(each)["balance_minutes"] for each in (ana, bob)] == [90, -90]
    assert (account(ana)["given"], account(bob)["received"]) == (1, 1)
    assert (account(bob)["pending_minutes"], pending_of(exchange)) == (0, "posted")
    (line,) = lines(bob)
    assert (line["kind"], line["minutes"], line["exchange_id"]) == ("help", -90, str(exchange.id))
    assert line["other"] == {"id": str(ana.id), "name": "Ana A.", "pot": False}


def test_confirmed_twice_it_moves_once(ana, bob, lesson, helped, act, account, balances):
    """LED-01."""
    exchange = helped(bob, lesson, 60)
    assert act(bob, exchange, "confirm").status_code == 409
    assert balances(ana, bob) == [60, -60]
    assert account(ana)["given"] == 1


def test_the_ledger_itself_posts_a_help_once(ana, bob, lesson, helped, account, balances):
    """LED-01: whatever calls it again."""
    exchange = helped(bob, lesson, 60)
    again = {"payer_id": bob.id, "payee_id": ana.id, "territory_id": None, "as_gift": False}
    timebank.post_help(timebank.Help(exchange_id=exchange.id, minutes=60, count_partners=lambda: 0, **again))
    db.session.commit()
    assert balances(ana, bob) == [60, -60]
    assert (account(ana)["given"], count_of(Transfer)) == (1, 1)


@pytest.mark.parametrize("who", ["ana", "bob"])
def test_a_cancelled_help_holds_nothing_any_more(ana, bob, lesson, act, account, who):
    exchange = agree(bob, lesson, minutes=90)
    act({"ana": ana, "bob": bob}[who], exchange, "cancel")
    assert (account(bob)["pending_minutes"], pending_of(exchange)) == (0, "void")
    assert (account(ana)["given"], count_of(Transfer)) == (0, 0)


def test_a_help_of_which_nobody_said_a_word_holds_nothing_any_more(bob, lesson, later, account):
    exchange = agree(bob, lesson, minutes=90)
    later(days=9)
    assert (account(bob)["pending_minutes"], pending_of(exchange)) == (0, "expired")


def test_a_help_that_was_declared_afterwards_still_moves_once(ana, bob, lesson, later, act, account, balances):
    exchange = agree(bob, lesson, minutes=90)
    later(days=9)
    assert act(ana, exchange, "done").status_code == 200
    act(bob, exchange, "confirm")
    assert balances(ana, bob) == [90, -90]
    assert account(bob)["pending_minutes"] == 0


def test_a_help_as_a_gift_is_counted_and_moves_no_minutes(ana, bob, lesson, act, account):
    exchange = agree(bob, lesson, minutes=90, as_gift=True)
    assert (account(bob)["pending_minutes"], exchange.as_gift) == (0, True)
    act(bob, exchange, "done")
    act(bob, exchange, "confirm")
    assert (account(ana)["given"], account(bob)["received"]) == (1, 1)
    assert (account(ana)["balance_minutes"], count_of(Transfer)) == (0, 0)


def test_loans_and_given_things_move_no_minutes(ana, bob, account):
    bring_back(bob, offer(ana))
    lend(bob, offer(ana, "Une plante", terms="give"))
    assert (account(ana)["balance_minutes"], account(bob)["balance_minutes"], count_of(Transfer)) == (0, 0, 0)
    assert (account(bob)["pending_minutes"], count_of(Pending)) == (0, 0)


def test_who_gave_three_times_and_received_none_is_asked_what_they_need(ana, bob, lesson, helped, account):
    for _ in range(2):
        helped(bob, lesson, 15)
    assert account(ana)["nudge"] is None
    helped(bob, lesson, 15, as_gift=True)
    assert account(ana)["nudge"]["code"] == "receive"
    assert "besoin" in account(ana)["nudge"]["text"]
    assert account(bob)["nudge"] is None


def test_the_nudge_ends_once_they_received(ana, bob, lesson, helped, account):
    for _ in range(3):
        helped(bob, lesson, 15)
    helped(ana, offer(bob, "Vélo réparé", kind="skill", category=None), 15)
    assert account(ana)["nudge"] is None
