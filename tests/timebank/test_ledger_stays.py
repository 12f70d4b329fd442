"""The ledger only grows and always adds up: the database itself refuses all else."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from neighbourly.core.db import db
from neighbourly.core.ids import new_id
from neighbourly.timebank.models import Entry, TimeAccount, Transfer
from tests.factories.exchanges import agree

CHECK, WAIT = text("SET CONSTRAINTS ALL IMMEDIATE"), text("SET CONSTRAINTS ALL DEFERRED")
"""What a commit looks at is looked at now, and afterwards at the commit again."""
OFF = text(
    "SELECT count(*) FROM time_accounts a WHERE balance_minutes <>"
    " (SELECT coalesce(sum(minutes), 0) FROM entries e WHERE e.account_id = a.id)"
)
LEDGER_TABLES = ("time_accounts", "pending_transfers", "transfers", "entries", "memos", "rejected_transfers")


@pytest.fixture
def moved(ana, bob, give) -> UUID:
    """Bob gave Ana an hour."""
    transfer_id = UUID(give(bob, ana, 60, memo="Merci").json["transfer_id"])
    db.session.execute(CHECK)
    db.session.execute(WAIT)
    return transfer_id


@pytest.fixture
def accounts(ana, bob, cleo, moved, give) -> dict[str, UUID]:
    """The accounts of the three by their names."""
    give(cleo, ana, 1)
    rows = db.session.scalars(select(TimeAccount)).all()
    names = {ana.id: "ana", bob.id: "bob", cleo.id: "cleo"}
    return {names[row.user_id]: row.id for row in rows if row.user_id}


@pytest.mark.parametrize("table", ["transfers", "entries"])
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE {} SET minutes = minutes + 1",
        "UPDATE {} SET created_at = created_at",
        "DELETE FROM {}",
        "TRUNCATE {} CASCADE",
    ],
)
def test_the_database_refuses_to_change_what_was_written(moved, table, change):
    """LED-02: as the application's own role."""
    with pytest.raises(IntegrityError, match="append-only"), db.session.begin_nested():
        db.session.execute(text(change.format(table)))
    assert db.session.scalar(select(func.count()).select_from(Entry)) == 2


def test_the_models_cannot_change_it_either(moved):
    """LED-02."""
    db.session.get_one(Transfer, moved).minutes = 1
    with pytest.raises(IntegrityError, match="append-only"):
        db.session.flush()
    db.session.rollback()
    assert db.session.get_one(Transfer, moved).minutes == 60


def test_nor_does_a_change_reach_it_through_the_accounts(accounts):
    """LED-02: an account with entries cannot be deleted."""
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(text("DELETE FROM time_accounts"))


def write(accounts, entries, payer="bob", payee="ana", minutes=60) -> Transfer:
    transfer = Transfer(
        id=new_id(), kind="gift", from_account_id=accounts[payer], to_account_id=accounts[payee], minutes=minutes
    )
    db.session.add(transfer)
    db.session.flush()
    for name, signed in entries:
        db.session.add(Entry(transfer_id=transfer.id, account_id=accounts[name], minutes=signed))
    db.session.flush()
    return transfer


@pytest.mark.parametrize(
    "entries",
    [
        [],
        [("ana", 60)],
        [("bob", -60)],
        [("ana", 60), ("bob", -59)],
        [("ana", 61), ("bob", -61)],
        [("ana", -60), ("bob", 60)],
        [("cleo", 60), ("bob", -60)],
        [("ana", 60), ("bob", -60), ("cleo", 1)],
    ],
    ids=str,
)
def test_a_transfer_that_is_not_balanced_is_refused_at_the_commit(accounts, entries):
    """LED-01: the check waits for the commit, so that the two entries may be written one after the other."""
    savepoint = db.session.begin_nested()
    write(accounts, entries)
    with pytest.raises(DBAPIError, match="is not balanced"):
        db.session.execute(CHECK)
    savepoint.rollback()


def test_a_balanced_one_passes(accounts):
    """LED-01."""
    write(accounts, [("ana", 60), ("bob", -60)])
    db.session.execute(CHECK)
    assert db.session.scalar(select(func.sum(Entry.minutes))) == 0


def test_nothing_is_added_to_a_transfer_that_is_done(accounts):
    """LED-01, LED-02."""
    done = write(accounts, [("ana", 60), ("bob", -60)])
    db.session.execute(CHECK)
    savepoint = db.session.begin_nested()
    db.session.add(Entry(transfer_id=done.id, account_id=accounts["cleo"], minutes=5))
    with pytest.raises(DBAPIError, match="is not balanced"):
        db.session.flush()
    savepoint.rollback()


@pytest.mark.parametrize("minutes", [0, -60])
def test_the_database_refuses_a_transfer_without_minutes(accounts, minutes):
    """LED-05."""
    with pytest.raises(IntegrityError, match="ck_transfers_minutes"), db.session.begin_nested():
        write(accounts, [], minutes=minutes)


def test_the_database_refuses_a_transfer_to_the_same_account(accounts):
    """LED-05."""
    with pytest.raises(IntegrityError, match="ck_transfers_accounts"), db.session.begin_nested():
        write(accounts, [], payee="bob")


def test_the_database_refuses_a_second_taking_back(moved, ana, reverse):
    """LED-02: once, whatever the code does."""
    back = db.session.get_one(Transfer, UUID(reverse(ana, moved).json["transfer_id"]))
    twin = {"id": new_id(), "kind": "reversal", "minutes": 60, "reverses_id": moved}
    db.session.add(Transfer(from_account_id=back.from_account_id, to_account_id=back.to_account_id, **twin))
    with pytest.raises(IntegrityError, match="uq_transfers_reverses_id"):
        db.session.flush()
    db.session.rollback()


def test_the_database_refuses_a_pot_that_owes(neighbours, bob, give, pot):
    """LED-04."""
    give(bob, None, 30)
    assert pot()["balance_minutes"] == 30
    with pytest.raises(IntegrityError, match="ck_time_accounts_pot"), db.session.begin_nested():
        db.session.execute(text("UPDATE time_accounts SET balance_minutes = -1 WHERE territory_id IS NOT NULL"))


@pytest.mark.parametrize("table", LEDGER_TABLES)
def test_there_is_no_rate_and_no_part_of_a_minute(app, table):
    """LED-05: one rate for all; minutes are whole numbers."""
    columns = {each["name"]: str(each["type"]) for each in inspect(db.session.connection()).get_columns(table)}
    assert not [name for name in columns if "rate" in name or "price" in name]
    assert {kind for name, kind in columns.items() if "minutes" in name} <= {"INTEGER"}


def test_after_a_story_every_balance_is_the_sum_of_its_entries(
    neighbours, ana, bob, cleo, known, lesson, give, helped, act, reverse, as_, moderator
):
    """LED-01, LED-03: helps, gifts, shares, covers, grants, taking back, cancelling."""
    give(cleo, None, 200)
    give(bob, cleo, 280)
    helped(bob, lesson, 90)
    back = give(ana, bob, 45).json["transfer_id"]
    reverse(bob, back)
    as_(moderator).post(
        f"/v1/neighbourhoods/{neighbours.id}/pot/grants", json={"to_user_id": str(bob.id), "minutes": 20}
    )
    act(bob, agree(bob, lesson, minutes=60), "cancel")
    kinds = set(db.session.scalars(select(Transfer.kind)))
    assert kinds == {"help", "gift", "share", "cover", "grant", "reversal"}
    assert db.session.scalar(OFF) == 0
    assert db.session.scalar(select(func.sum(TimeAccount.balance_minutes))) == 0
    assert db.session.scalar(select(func.sum(TimeAccount.pending_minutes))) == 0
    db.session.execute(CHECK)
