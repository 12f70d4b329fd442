"""Writing the ledger: one transfer is two entries and two cached balances, under the locks of both accounts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert

from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.events import publish
from neighbourly.core.ids import new_id
from neighbourly.timebank.events import MinutesMoved
from neighbourly.timebank.models import Entry, Memo, TimeAccount, Transfer


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
) -> Transfer:
    """Move minutes from one locked account to another; whether that is allowed was asked before."""
    now = clock.now()
    transfer = Transfer(
        id=id or new_id(),
        kind=kind,
        from_account_id=payer.id,
        to_account_id=payee.id,
        minutes=minutes,
        made_by=made_by,
        exchange_id=exchange_id,
        reverses_id=reverses_id,
        created_at=now,
    )
    db.session.add(transfer)
    db.session.flush()
    for account, signed in ((payer, -minutes), (payee, minutes)):
        db.session.add(Entry(transfer_id=transfer.id, account_id=account.id, minutes=signed, created_at=now))
        account.balance_minutes += signed
    if memo and made_by is not None:
        db.session.add(Memo(transfer_id=transfer.id, author_id=made_by, text=memo))
    db.session.flush()
    publish(MinutesMoved(transfer.id, kind, minutes, payer.user_id, payee.user_id))
    return transfer
