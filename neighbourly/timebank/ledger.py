"""Writing the ledger: one transfer is two entries and two cached balances, under the locks of both accounts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import DateTime, Integer, Uuid, bindparam, func, or_, select, text
from sqlalchemy.dialects.postgresql import insert

from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.events import publish
from neighbourly.core.ids import new_id
from neighbourly.timebank.events import MinutesMoved
from neighbourly.timebank.models import Memo, TimeAccount

MOVE = text(
    """
    WITH moved AS (
        INSERT INTO transfers (id, kind, from_account_id, to_account_id, minutes, made_by, exchange_id, reverses_id,
            created_at)
        VALUES (:id, :kind, :payer, :payee, :minutes, :made_by, :exchange_id, :reverses_id, :now)
        RETURNING id
    ), written AS (
        INSERT INTO entries (transfer_id, account_id, minutes, created_at)
        SELECT moved.id, each.account_id, each.change, :now
        FROM moved, (VALUES (:payer, -:minutes), (:payee, :minutes)) AS each (account_id, change)
    )
    UPDATE time_accounts
    SET balance_minutes = balance_minutes + CASE id WHEN :payee THEN :minutes ELSE -:minutes END
    WHERE id IN (:payer, :payee)
    """
).bindparams(
    *(bindparam(name, type_=Uuid()) for name in ("id", "payer", "payee", "made_by", "exchange_id", "reverses_id")),
    bindparam("minutes", type_=Integer()),
    bindparam("now", type_=DateTime(timezone=True)),
)
"""The transfer, its two entries and the two cached balances, or nothing of it."""


def accounts_of(*, users: Iterable[UUID] = (), pots: Iterable[UUID] = ()) -> dict[UUID, UUID]:
    """The account of each of these neighbours and neighbourhoods' pots, opened when it is first needed.

    They are opened in the order of their owners' ids: nobody waits for anybody in a ring.
    """
    columns = dict.fromkeys(users, "user_id") | dict.fromkeys(pots, "territory_id")
    found = _found(columns)
    return found | {each: _opened(columns[each], each) for each in sorted(columns.keys() - found.keys())}


def _found(owners: Collection[UUID]) -> dict[UUID, UUID]:
    """The accounts that are open already, by owner; one statement."""
    owner = func.coalesce(TimeAccount.user_id, TimeAccount.territory_id)
    theirs = or_(TimeAccount.user_id.in_(owners), TimeAccount.territory_id.in_(owners))
    return {row[0]: row[1] for row in db.session.execute(select(owner, TimeAccount.id).where(theirs))}


def _opened(column: str, owner_id: UUID) -> UUID:
    known = select(TimeAccount.id).where(getattr(TimeAccount, column) == owner_id)
    fresh = {"id": new_id(), column: owner_id, "balance_minutes": 0, "pending_minutes": 0, "given": 0, "received": 0}
    made = insert(TimeAccount).values(fresh | {"created_at": clock.now()})
    db.session.execute(made.on_conflict_do_nothing())
    return db.session.scalars(known).one()


def lock_accounts(ids: Iterable[UUID]) -> dict[UUID, TimeAccount]:
    """These accounts, held in the order of their ids until the transaction ends: nobody waits for anybody in a ring."""
    wanted = select(TimeAccount).where(TimeAccount.id.in_(set(ids))).order_by(TimeAccount.id).with_for_update()
    rows = db.session.scalars(wanted.execution_options(populate_existing=True)).all()
    return {row.id: row for row in rows}


def post(
    kind: str,
    *,
    payer: TimeAccount,
    payee: TimeAccount,
    minutes: int,
    id: UUID | None = None,
    made_by: UUID | None = None,
    exchange_id: UUID | None = None,
    reverses_id: UUID | None = None,
    memo: str = "",
) -> UUID:
    """Move minutes from one locked account to another, in one statement; whether that is allowed was asked before.

    Returns the transfer's id.
    """
    transfer_id = id or new_id()
    moved = {"id": transfer_id, "kind": kind, "payer": payer.id, "payee": payee.id, "minutes": minutes}
    whose = {"made_by": made_by, "exchange_id": exchange_id, "reverses_id": reverses_id, "now": clock.now()}
    db.session.execute(MOVE, moved | whose)
    for account in (payer, payee):
        db.session.expire(account, ["balance_minutes"])
    if memo and made_by is not None:
        db.session.add(Memo(transfer_id=transfer_id, author_id=made_by, text=memo))
        db.session.flush()
    publish(MinutesMoved(transfer_id, kind, minutes, payer.user_id, payee.user_id))
    return transfer_id
