"""What an accepted help promises, and what a confirmed one moves."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.timebank import ledger, rule, selectors
from neighbourly.timebank.models import Pending, TimeAccount, Transfer


@dataclass(frozen=True)
class Held:
    """What the pot will add, and whether the receiver's account falls below its floor."""

    covered_minutes: int = 0
    below_floor: bool = False


def hold_help(
    *, exchange_id: UUID, payer_id: UUID, payee_id: UUID, minutes: int, territory_id: UUID | None, as_gift: bool
) -> Held:
    """Accepting a help is consent up to its minutes (LED-08): they are pending from now on, and counted.

    The floor is looked at here alone: the pot covers a shortfall, else it is a warning. Nothing is held for a gift, nor
    where the neighbourhood counts no hours.
    """
    if as_gift or selectors.mode_of(territory_id) == "gift":
        return Held()
    pots = [territory_id] if territory_id is not None else []
    opened = ledger.accounts_of(users=[payer_id, payee_id], pots=pots)
    payer_account, payee_account = opened[payer_id], opened[payee_id]
    pot_account = opened[territory_id] if territory_id is not None else None
    accounts = ledger.lock_accounts([each for each in (payer_account, payee_account, pot_account) if each])
    payer, pot = accounts[payer_account], accounts[pot_account] if pot_account else None
    standing = selectors.standing_of(payer, selectors.counting_for(payer_id).floor_minutes)
    covered = rule.cover(standing, minutes, selectors.standing_of(pot).available if pot else 0)
    pending = selectors.find_pending(exchange_id, lock=True) or Pending(exchange_id=exchange_id)
    pending.from_account_id, pending.to_account_id, pending.pot_account_id = payer_account, payee_account, pot_account
    pending.minutes, pending.covered_minutes, pending.state = minutes, covered.minutes, "pending"
    pending.below_floor = covered.below_floor
    pending.created_at, pending.ended_at = clock.now(), None
    db.session.add(pending)
    _count(payer, pot, pending, 1)
    db.session.flush()
    return Held(covered.minutes, covered.below_floor)


def _count(payer: TimeAccount, pot: TimeAccount | None, pending: Pending, sign: int) -> None:
    payer.pending_minutes += sign * (pending.minutes - pending.covered_minutes)
    if pot is not None:
        pot.pending_minutes += sign * pending.covered_minutes


def post_help(
    *, exchange_id: UUID, payer_id: UUID, payee_id: UUID, minutes: int, territory_id: UUID | None, as_gift: bool
) -> None:
    """A confirmed help moves its minutes from receiver to giver, once, and is never refused (LED-04).

    That somebody helped is counted in any case; minutes move unless it was a gift, or none are counted there now or
    were when it was accepted, which then was no consent to any (LED-08).
    """
    opened = ledger.accounts_of(users=[payer_id, payee_id])
    payer_account, payee_account = opened[payer_id], opened[payee_id]
    pending = selectors.find_pending(exchange_id)
    pot_account = pending.pot_account_id if pending else None
    accounts = ledger.lock_accounts([each for each in (payer_account, payee_account, pot_account) if each])
    payer, payee = accounts[payer_account], accounts[payee_account]
    moved = select(Transfer.id).where(Transfer.exchange_id == exchange_id, Transfer.kind == "help")
    if db.session.scalar(moved) is not None:
        return
    payee.given, payer.received = payee.given + 1, payer.received + 1
    pot = accounts[pot_account] if pot_account else None
    covered = _end(pending, payer, pot, "posted")
    if pending is None or as_gift or selectors.mode_of(territory_id) == "gift":
        return
    covered = rule.cover_left(pending.minutes, covered, minutes)
    if covered and pot is not None:
        ledger.post("cover", payer=pot, payee=payer, minutes=covered, exchange_id=exchange_id)
    ledger.post("help", payer=payer, payee=payee, minutes=minutes, exchange_id=exchange_id)


def void_help(*, exchange_id: UUID, expired: bool = False) -> None:
    """What will not take place holds no minutes any more."""
    pending = selectors.find_pending(exchange_id)
    if pending is None:
        return
    accounts = ledger.lock_accounts([each for each in (pending.from_account_id, pending.pot_account_id) if each])
    pot = accounts[pending.pot_account_id] if pending.pot_account_id else None
    _end(pending, accounts[pending.from_account_id], pot, "expired" if expired else "void")
    db.session.flush()


def _end(pending: Pending | None, payer: TimeAccount, pot: TimeAccount | None, state: str) -> int:
    """End what is pending; the minutes that the pot had promised."""
    if pending is None:
        return 0
    db.session.refresh(pending, with_for_update=True)
    if pending.state != "pending":
        return 0
    _count(payer, pot, pending, -1)
    pending.state, pending.ended_at = state, clock.now()
    return pending.covered_minutes
