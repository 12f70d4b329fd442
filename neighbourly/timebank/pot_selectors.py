"""Reading a neighbourhood's pot: its sums, and what it added to helps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from neighbourly.core import clock
from neighbourly.core.api import pagination
from neighbourly.core.db import db
from neighbourly.timebank import rule, selectors
from neighbourly.timebank.models import Entry, Pending, TimeAccount, Transfer

POT_MONTHS_KEPT = timedelta(days=365)
"""How far back a pot's page tells its sums."""


@dataclass(frozen=True)
class PotMonth:
    """What came into a pot and went out of it in a month, all told and by kind."""

    month: str
    in_minutes: int
    out_minutes: int
    by_kind: Mapping[str, int]


@dataclass(frozen=True)
class Pot:
    """What a neighbourhood holds in common: sums for its neighbours, and those of its lines that one may read."""

    neighbourhood_id: UUID
    balance_minutes: int
    pending_minutes: int
    months: Sequence[PotMonth]
    entries: pagination.Page


def view_pot(territory_id: UUID, viewer_id: UUID, *, governs: bool, limit: int, cursor: str | None) -> Pot:
    """The pot with its sums by month; three statements.

    Who governs reads every line; everyone else those of which they are the other side (LED-11).
    """
    account = db.session.scalars(select(TimeAccount).where(TimeAccount.territory_id == territory_id)).one_or_none()
    entries = selectors.list_entries(
        owner={"territory_id": territory_id}, viewer_id=viewer_id, own_only=not governs, limit=limit, cursor=cursor
    )
    held, pending = (account.balance_minutes, account.pending_minutes) if account else (0, 0)
    months = _list_pot_months(account.id) if account else []
    return Pot(territory_id, held, pending, months, entries)


def _list_pot_months(account_id: UUID) -> list[PotMonth]:
    """A pot's sums of the current month and those before it, newest first; one statement."""
    month = func.to_char(func.timezone("UTC", Entry.created_at), "YYYY-MM")
    since = clock.now() - POT_MONTHS_KEPT
    statement = (
        select(month, Transfer.kind, func.sum(Entry.minutes))
        .join(Transfer, Transfer.id == Entry.transfer_id)
        .where(Entry.account_id == account_id, Entry.created_at >= since)
        .group_by(month, Transfer.kind)
        .order_by(month.desc(), Transfer.kind)
    )
    found: dict[str, dict[str, int]] = {}
    for name, kind, minutes in db.session.execute(statement):
        found.setdefault(name, {})[kind] = minutes
    return [
        PotMonth(
            name, sum(each for each in by.values() if each > 0), -sum(each for each in by.values() if each < 0), by
        )
        for name, by in found.items()
    ]


def covered_lately(payer_account: UUID, payee_account: UUID | None) -> tuple[int, int]:
    """What pots added lately, or have promised, to helps for somebody, and to those of this pair; one statement."""
    now = clock.now()
    promised = Pending.state == "pending"
    for_person = or_(promised, Pending.created_at > now - rule.COVER_PERIOD)
    for_pair = and_(
        Pending.to_account_id == payee_account, or_(promised, Pending.created_at > now - rule.PAIR_COVER_PERIOD)
    )
    statement = select(
        func.coalesce(func.sum(Pending.covered_minutes).filter(for_person), 0),
        func.coalesce(func.sum(Pending.covered_minutes).filter(for_pair), 0),
    ).where(
        Pending.from_account_id == payer_account, Pending.covered_minutes > 0, Pending.state.in_(("pending", "posted"))
    )
    person, pair = db.session.execute(statement).one()
    return int(person), int(pair)


def find_cover(help: Transfer) -> Transfer | None:
    """What a pot added to a help, if anything."""
    if help.kind != "help" or help.exchange_id is None:
        return None
    added = select(Transfer).where(Transfer.exchange_id == help.exchange_id, Transfer.kind == "cover")
    return db.session.scalars(added).one_or_none()
