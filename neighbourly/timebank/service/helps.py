"""What an accepted help promises, and what a confirmed one moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.timebank import ledger, pot_selectors, rule, selectors
from neighbourly.timebank.errors import help_floor_reached
from neighbourly.timebank.models import Pending, TimeAccount, Transfer
from neighbourly.timebank.selectors import Counting


@dataclass(frozen=True)
class Help:
    """A help as far as minutes go: who pays whom how many, where, and with how many people the payer has dealt."""

    exchange_id: UUID
    payer_id: UUID
    payee_id: UUID
    minutes: int
    territory_id: UUID | None
    as_gift: bool
    count_partners: Callable[[], int]
    """With how many different people the payer has dealt: asked only where the pot would have to cover."""


def hold_help(help: Help, *, actor_id: UUID) -> int:
    """Accepting a help is consent up to its minutes (LED-08): they are pending from now on, and counted.

    The floor is looked at here: a help below it is refused unless the pot covers all that is missing (LED-11). A help
    that is held already is held anew. Nothing is held for a gift, nor where the neighbourhood counts no hours. Returns
    what the pot will add; raises `FloorReached`, in words for who taps.
    """
    if _moves_none(help):
        return 0
    pots = [help.territory_id] if help.territory_id is not None else []
    opened = ledger.accounts_of(users=[help.payer_id, help.payee_id], pots=pots)
    accounts = ledger.lock_accounts(opened.values())
    payer = accounts[opened[help.payer_id]]
    pot = accounts[opened[help.territory_id]] if help.territory_id is not None else None
    pending = selectors.find_pending(help.exchange_id, lock=True) or Pending(exchange_id=help.exchange_id)
    if pending.state == "pending":
        _count(payer, pot, pending, -1)
    covered = _cover(help, payer, opened[help.payee_id], pot, actor_id)
    pending.from_account_id, pending.to_account_id = payer.id, opened[help.payee_id]
    pending.pot_account_id = pot.id if pot else None
    pending.minutes, pending.covered_minutes, pending.state = help.minutes, covered, "pending"
    pending.below_floor, pending.created_at, pending.ended_at = False, clock.now(), None
    db.session.add(pending)
    _count(payer, pot, pending, 1)
    db.session.flush()
    return covered


def renew_help(help: Help, *, actor_id: UUID) -> None:
    """More minutes than were held, or those of a help that lapsed, are looked at like an acceptance.

    Where none were held, since none were counted there, none are. Raises `FloorReached`.
    """
    if selectors.find_pending(help.exchange_id) is not None:
        hold_help(help, actor_id=actor_id)


def check_help(help: Help) -> None:
    """Before somebody proposes to be helped: raises `FloorReached` where it could not be accepted as things stand.

    Nothing is locked or held: what counts is looked at again when it is accepted.
    """
    if _moves_none(help):
        return
    pots = [help.territory_id] if help.territory_id is not None else []
    found = selectors.find_accounts(users=[help.payer_id, help.payee_id], pots=pots)
    payer, payee = found.get(help.payer_id), found.get(help.payee_id)
    pot = found.get(help.territory_id) if help.territory_id is not None else None
    _cover(help, payer or selectors.empty_account(), payee.id if payee else None, pot, help.payer_id)


def _moves_none(help: Help) -> bool:
    return help.as_gift or selectors.mode_of(help.territory_id) == "gift"


def _cover(help: Help, payer: TimeAccount, payee_account: UUID | None, pot: TimeAccount | None, actor_id: UUID) -> int:
    """What the pot has to add; raises `FloorReached` where it does not."""
    counting = selectors.counting_for(help.payer_id)
    missing = rule.shortfall(selectors.standing_of(payer, counting.floor_minutes), help.minutes)
    if missing and missing > _allowance(help, counting, payer, payee_account, pot):
        raise help_floor_reached(is_own=actor_id == help.payer_id)
    return missing


def _allowance(
    help: Help, counting: Counting, payer: TimeAccount, payee_account: UUID | None, pot: TimeAccount | None
) -> int:
    """What the pot may add: to who has lived there for a month and dealt with different people, a little a month."""
    if pot is None or not counting.is_settled or counting.neighbourhood_id != help.territory_id:
        return 0
    if help.count_partners() < rule.PARTNERS_FOR_COVER:
        return 0
    for_person, for_pair = pot_selectors.covered_lately(payer.id, payee_account)
    return rule.Allowance(selectors.standing_of(pot).available, for_person, for_pair).minutes


def _count(payer: TimeAccount, pot: TimeAccount | None, pending: Pending, sign: int) -> None:
    payer.pending_minutes += sign * (pending.minutes - pending.covered_minutes)
    if pot is not None:
        pot.pending_minutes += sign * pending.covered_minutes


def post_help(help: Help) -> None:
    """A confirmed help moves its minutes from receiver to giver, once, and is never refused (LED-04).

    That somebody helped is counted in any case; minutes move unless it was a gift, or none are counted there now or
    were when it was accepted, which then was no consent to any (LED-08).
    """
    opened = ledger.accounts_of(users=[help.payer_id, help.payee_id])
    payer_account, payee_account = opened[help.payer_id], opened[help.payee_id]
    pending = selectors.find_pending(help.exchange_id)
    pot_account = pending.pot_account_id if pending else None
    accounts = ledger.lock_accounts([each for each in (payer_account, payee_account, pot_account) if each])
    payer, payee = accounts[payer_account], accounts[payee_account]
    moved = select(Transfer.id).where(Transfer.exchange_id == help.exchange_id, Transfer.kind == "help")
    if db.session.scalar(moved) is not None:
        return
    payee.given, payer.received = payee.given + 1, payer.received + 1
    pot = accounts[pot_account] if pot_account else None
    covered = _end(pending, payer, pot, "posted")
    if pending is None or _moves_none(help):
        return
    covered = rule.cover_left(pending.minutes, covered, help.minutes)
    pending.covered_minutes = covered
    if covered and pot is not None:
        ledger.post("cover", payer=pot, payee=payer, minutes=covered, exchange_id=help.exchange_id)
    ledger.post("help", payer=payer, payee=payee, minutes=help.minutes, exchange_id=help.exchange_id)


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
