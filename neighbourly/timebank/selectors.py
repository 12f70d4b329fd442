"""Reading the timebank: balances from the cached account, entries by their keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, and_, bindparam, case, func, or_, select, true

from neighbourly.accounts.models import User
from neighbourly.accounts.selectors import unblocked
from neighbourly.core import clock
from neighbourly.core.api import pagination
from neighbourly.core.db import Read, aliased, db
from neighbourly.core.errors import NotFound
from neighbourly.places.models import Home
from neighbourly.places.selectors import SETTLED_AFTER
from neighbourly.territories.models import FLOOR_MINUTES, Territory
from neighbourly.timebank import rule
from neighbourly.timebank.models import Entry, Memo, Pending, TimeAccount, Transfer
from neighbourly.timebank.rule import Standing, should_receive

HIDDEN = "hidden"
"""The state, in a line, of somebody behind a block."""
_Other = aliased(Entry, name="other")
_OtherAccount = aliased(TimeAccount, name="other_account")
_Payer, _Payee = aliased(TimeAccount, name="payer"), aliased(TimeAccount, name="payee")
_Reversal = aliased(Transfer, name="reversal")


@dataclass(frozen=True)
class Balance:
    """Someone's account; in gift mode only how often they gave and received."""

    mode: str
    balance_minutes: int | None
    floor_minutes: int | None
    pending_minutes: int | None
    given: int
    received: int

    @property
    def nudge(self) -> str | None:
        """`receive` for those who only give."""
        return "receive" if should_receive(self.given, self.received) else None


def mode_of(territory_id: UUID | None) -> str:
    """Whether minutes are counted there: `hours`, or `gift`; outside all territories they are."""
    if territory_id is None:
        return "hours"
    return db.session.scalar(select(Territory.timebank_mode).where(Territory.id == territory_id)) or "hours"


@dataclass(frozen=True)
class Counting:
    """The neighbourhood that somebody lives in, if any, and how minutes are counted there."""

    neighbourhood_id: UUID | None
    mode: str
    floor_minutes: int
    is_settled: bool
    """Whether they have lived there for a month."""


_COUNTED = (Territory.id, Territory.timebank_mode, Territory.floor_minutes, Home.since, User.created_at)
"""What `_counting` reads of somebody, in this order; without a home the first four are None."""


def counting_for(user_id: UUID) -> Counting:
    """How minutes are counted where somebody lives, and how low they may go; one statement."""
    there = (
        select(*_COUNTED)
        .select_from(User)
        .outerjoin(Home, Home.user_id == User.id)
        .outerjoin(Territory, Territory.id == Home.neighbourhood_id)
        .where(User.id == user_id)
    )
    return _counting(*db.session.execute(there).one())


def _counting(
    neighbourhood_id: UUID | None, mode: str | None, floor: int | None, since: datetime | None, joined_at: datetime
) -> Counting:
    """A newcomer has neither lived anywhere for a month, as far as is said, nor had an account as long."""
    a_month_ago = clock.now() - SETTLED_AFTER
    is_settled = since is not None and since <= a_month_ago
    is_newcomer = not is_settled and joined_at > a_month_ago
    lowest = rule.floor_of(floor, FLOOR_MINUTES, is_settled=is_settled, is_newcomer=is_newcomer)
    return Counting(neighbourhood_id, mode or "hours", lowest, is_settled)


@dataclass(frozen=True)
class Parties:
    """Who gives and who receives: how minutes are counted where the first lives, and both accounts, if open."""

    counting: Counting
    payer_account: UUID | None
    payee_account: UUID | None


def find_parties(payer_id: UUID, payee_id: UUID) -> Parties:
    """Two neighbours of whom one gives to the other; one statement.

    Raises `NotFound` where the other is not there, or behind a block.
    """
    rows = _PARTIES.rows(payer_id=payer_id, payee_id=payee_id)
    if not rows:
        raise NotFound()
    *counted, payer_account, payee_account = rows[0]
    return Parties(_counting(*counted), payer_account, payee_account)


def _parties() -> Select[*tuple[Any, ...]]:
    payee, theirs = aliased(User, name="payee"), aliased(TimeAccount, name="theirs")
    return (
        select(*_COUNTED, TimeAccount.id, theirs.id)
        .select_from(User)
        .join(payee, payee.id == bindparam("payee_id", type_=Uuid()))
        .outerjoin(Home, Home.user_id == User.id)
        .outerjoin(Territory, Territory.id == Home.neighbourhood_id)
        .outerjoin(TimeAccount, TimeAccount.user_id == User.id)
        .outerjoin(theirs, theirs.user_id == payee.id)
        .where(User.id == bindparam("payer_id", type_=Uuid()), payee.state == "active", unblocked(User.id, payee.id))
    )


_PARTIES = Read(_parties())


def neighbourhood_of(user_id: UUID) -> UUID | None:
    """Where somebody's home is."""
    return db.session.scalar(select(Home.neighbourhood_id).where(Home.user_id == user_id))


def standing_of(account: TimeAccount, floor_minutes: int = 0) -> Standing:
    """An account's minutes as the rule looks at them; a pot never owes."""
    return Standing(account.balance_minutes, account.pending_minutes, floor_minutes)


def find_accounts(*, users: Iterable[UUID], pots: Iterable[UUID]) -> dict[UUID, TimeAccount]:
    """The accounts of these neighbours and neighbourhoods' pots that are open already, by owner; one statement."""
    theirs = or_(TimeAccount.user_id.in_(users), TimeAccount.territory_id.in_(pots))
    found = db.session.scalars(select(TimeAccount).where(theirs))
    return {account.user_id or account.territory_id: account for account in found}  # type: ignore[misc]


def empty_account() -> TimeAccount:
    """The account of who never moved a minute."""
    return TimeAccount(balance_minutes=0, pending_minutes=0, given=0, received=0)


def view_balance(user_id: UUID) -> Balance:
    """Someone's account, all zeros before the first minute; one statement."""
    statement = (
        select(*_COUNTED, TimeAccount)
        .select_from(User)
        .outerjoin(Home, Home.user_id == User.id)
        .outerjoin(Territory, Territory.id == Home.neighbourhood_id)
        .outerjoin(TimeAccount, TimeAccount.user_id == User.id)
        .where(User.id == user_id)
    )
    neighbourhood_id, mode, floor, since, joined_at, account = db.session.execute(statement).one()
    counting = _counting(neighbourhood_id, mode, floor, since, joined_at)
    account = account or empty_account()
    if counting.mode == "gift":
        return Balance("gift", None, None, None, account.given, account.received)
    return Balance(
        "hours",
        account.balance_minutes,
        counting.floor_minutes,
        account.pending_minutes,
        account.given,
        account.received,
    )


@dataclass(frozen=True)
class EntryView:
    """A line of an account, with who was on the other side; None for a pot."""

    transfer_id: UUID
    kind: str
    minutes: int
    other_id: UUID | None
    other_name: str | None
    other_state: str | None
    pot: str | None
    memo: str
    exchange_id: UUID | None
    reversed: bool
    created_at: datetime


def _lines(owner: Mapping[str, Any], viewer_id: UUID | None = None) -> Any:
    """The lines of an account; of people behind a block, the minutes alone.

    In one's own account they are called like who has left (SEC-27, LOC-13); in a pot the blocks are the viewer's.
    """
    is_own = "user_id" in owner
    reader: Any = TimeAccount.user_id if is_own else viewer_id
    shown = true() if reader is None else or_(User.id.is_(None), unblocked(reader, User.id))
    return (
        select(
            Entry.transfer_id,
            Entry.created_at,
            Entry.minutes,
            Transfer.kind,
            Transfer.exchange_id,
            (User.id if is_own else case((shown, User.id))).label("other_id"),
            case((shown, User.display_name)).label("other_name"),
            case((shown, User.state), else_="erased" if is_own else HIDDEN).label("other_state"),
            Territory.name.label("pot"),
            case((shown, func.coalesce(Memo.text, "")), else_="").label("memo"),
            _Reversal.id.is_not(None).label("reversed"),
        )
        .join(TimeAccount, TimeAccount.id == Entry.account_id)
        .join(Transfer, Transfer.id == Entry.transfer_id)
        .join(_Other, and_(_Other.transfer_id == Entry.transfer_id, _Other.account_id != Entry.account_id))
        .join(_OtherAccount, _OtherAccount.id == _Other.account_id)
        .outerjoin(User, User.id == _OtherAccount.user_id)
        .outerjoin(Territory, Territory.id == _OtherAccount.territory_id)
        .outerjoin(Memo, Memo.transfer_id == Entry.transfer_id)
        .outerjoin(_Reversal, _Reversal.reverses_id == Entry.transfer_id)
        .where(*(getattr(TimeAccount, column) == value for column, value in owner.items()))
    )


def list_entries(
    *,
    owner: Mapping[str, UUID],
    viewer_id: UUID | None = None,
    own_only: bool = False,
    limit: int,
    cursor: str | None,
) -> pagination.Page:
    """The lines of an account, newest first; one statement. `owner` is a `user_id` or a `territory_id`.

    `own_only`: those of which the viewer is the other side.
    """
    keys = pagination.newest_first(Entry.created_at, Entry.transfer_id)
    lines = _lines(owner, viewer_id)
    if own_only:
        lines = lines.where(_OtherAccount.user_id == viewer_id)
    rows, following = pagination.page(lines, keys, limit=limit, cursor=cursor)
    return pagination.Page([EntryView(**row) for row in rows], following)


_ENTRY = {
    column: Read(
        _lines({column: bindparam("owner_id", type_=Uuid())}).where(Entry.transfer_id == bindparam("transfer_id"))
    )
    for column in ("user_id", "territory_id")
}


def get_entry(transfer_id: UUID, owner: Mapping[str, UUID | None]) -> EntryView:
    """The line of a transfer in an account; one statement. `owner` is a `user_id` or a `territory_id`."""
    ((column, owner_id),) = owner.items()
    (row,) = _ENTRY[column].rows(owner_id=owner_id, transfer_id=transfer_id)
    return EntryView(**dict(zip(_ENTRY[column].columns, row, strict=True)))


@dataclass(frozen=True)
class Statement:
    """A month of an account: what it began and ended with, and what came in and went out, by kind."""

    month: str
    opening_minutes: int
    closing_minutes: int
    in_minutes: int
    out_minutes: int
    by_kind: Mapping[str, int]


def view_statement(user_id: UUID, month: str, begins: datetime, ends: datetime) -> Statement:
    """The sums of a month, one statement."""
    statement = (
        select(
            Transfer.kind,
            func.coalesce(func.sum(Entry.minutes).filter(Entry.created_at < begins), 0),
            func.coalesce(func.sum(Entry.minutes).filter(Entry.created_at >= begins, Entry.minutes > 0), 0),
            func.coalesce(func.sum(Entry.minutes).filter(Entry.created_at >= begins, Entry.minutes < 0), 0),
        )
        .join(Entry, Entry.transfer_id == Transfer.id)
        .join(TimeAccount, TimeAccount.id == Entry.account_id)
        .where(TimeAccount.user_id == user_id, Entry.created_at < ends)
        .group_by(Transfer.kind)
    )
    rows: list[tuple[str, int, int, int]] = [tuple(row) for row in db.session.execute(statement)]  # type: ignore[misc]
    opening = sum(row[1] for row in rows)
    came, went = sum(row[2] for row in rows), sum(row[3] for row in rows)
    by_kind = {kind: into + out for kind, _, into, out in rows if into or out}
    return Statement(month, opening, opening + came + went, came, -went, by_kind)


def find_pending(exchange_id: UUID, *, lock: bool = False) -> Pending | None:
    """What an accepted help will move, if anything."""
    statement = select(Pending).where(Pending.exchange_id == exchange_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(statement).one_or_none()


def find_transfer(transfer_id: UUID) -> Any:
    """A transfer with the owners of its two accounts, people or neighbourhoods, if there is one."""
    statement = (
        select(
            Transfer,
            func.coalesce(_Payer.user_id, _Payer.territory_id).label("payer_id"),
            func.coalesce(_Payee.user_id, _Payee.territory_id).label("payee_id"),
            Memo.text,
        )
        .join(_Payer, _Payer.id == Transfer.from_account_id)
        .join(_Payee, _Payee.id == Transfer.to_account_id)
        .outerjoin(Memo, Memo.transfer_id == Transfer.id)
        .where(Transfer.id == transfer_id)
    )
    return db.session.execute(statement).one_or_none()
