"""Minutes that somebody gives of their own will, and taking a transfer back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn
from uuid import UUID

from sqlalchemy import delete, select

from neighbourly.accounts.selectors import Actor
from neighbourly.acquaintances import service as acquaintances
from neighbourly.core.db import db, take_turns
from neighbourly.core.errors import IdTaken, NotFound, Problem, require
from neighbourly.timebank import ledger, pot_selectors, rule, selectors
from neighbourly.timebank.errors import AlreadyReversed, FloorReached, GiftMode, SameAccount, TransferRefused
from neighbourly.timebank.models import Memo, Rejected, TimeAccount, Transfer
from neighbourly.timebank.selectors import Counting, EntryView


def transfer_minutes(
    *,
    actor: Actor,
    minutes: int,
    id: UUID | None = None,
    to_user_id: UUID | None = None,
    to_pot: bool = False,
    memo: str = "",
) -> tuple[EntryView, bool]:
    """Everyone gives only of their own (LED-08): to a neighbour, or to the pot of the neighbourhood they live in.

    The flag says whether it is new: the same id with the same content is the same transfer, and one that was refused
    stays so (LED-06). Minutes always go, their words within the budget of first words (SEC-27). Raises `FloorReached`,
    `GiftMode`, `IdTaken`, `WaitForReply` and `TooManyQuestions`.
    """
    kind = "share" if to_pot else "gift"
    if id is not None and (known := same_again(id, Said(kind, actor.id, to_user_id, minutes, memo))):
        return known, False
    counting, payer_account, payee_account = _parties(actor, to_user_id, id)
    accounts = ledger.lock_accounts([payer_account, payee_account])
    payer = accounts[payer_account]
    if not rule.may_give(selectors.standing_of(payer, counting.floor_minutes), minutes):
        refuse(id, FloorReached)
    if memo and to_user_id is not None:
        acquaintances.spend(author_id=actor.id, reader_id=to_user_id, words_at="/memo")
    made = ledger.post(
        kind, payer=payer, payee=accounts[payee_account], minutes=minutes, id=id, made_by=actor.id, memo=memo
    )
    return view_transfer(made, payer_account), True


def refuse(id: UUID | None, reason: type[Problem]) -> NoReturn:
    """Remember the id, so that it never succeeds later; the refusal is kept with it."""
    if id is not None:
        db.session.add(Rejected(id=id, code=reason.code()))
        db.session.flush()
    raise reason()


def _parties(actor: Actor, to_user_id: UUID | None, id: UUID | None) -> tuple[Counting, UUID, UUID]:
    """How minutes are counted, and the payer's and the payee's account: a neighbour's, or the pot's."""
    if to_user_id is None:
        return _to_the_pot(actor, id)
    if to_user_id == actor.id:
        refuse(id, SameAccount)
    parties = selectors.find_parties(actor.id, to_user_id)
    if parties.counting.mode != "hours":
        refuse(id, GiftMode)
    payer_account, payee_account = parties.payer_account, parties.payee_account
    if payer_account is None or payee_account is None:
        opened = ledger.accounts_of(users=[actor.id, to_user_id])
        payer_account, payee_account = opened[actor.id], opened[to_user_id]
    return parties.counting, payer_account, payee_account


def _to_the_pot(actor: Actor, id: UUID | None) -> tuple[Counting, UUID, UUID]:
    """The pot is that of the neighbourhood one lives in."""
    counting = selectors.counting_for(actor.id)
    if counting.mode != "hours":
        refuse(id, GiftMode)
    if counting.neighbourhood_id is None:
        raise NotFound()
    opened = ledger.accounts_of(users=[actor.id], pots=[counting.neighbourhood_id])
    return counting, opened[actor.id], opened[counting.neighbourhood_id]


@dataclass(frozen=True)
class Said:
    """What somebody wants of a transfer; `payee_id` is None for the pot of the neighbourhood one lives in."""

    kind: str
    payer_id: UUID
    payee_id: UUID | None
    minutes: int
    memo: str


def same_again(id: UUID, said: Said) -> EntryView | None:
    """What this id already stands for, if it says the same, whatever happened since; nobody else uses it meanwhile.

    Raises `IdTaken`, or `TransferRefused` (LED-06).
    """
    take_turns(id)
    require(db.session.get(Rejected, id) is None, TransferRefused)
    row = selectors.find_transfer(id)
    if row is None:
        return None
    payee_id = None if row.Transfer.kind == "share" else row.payee_id
    known = Said(row.Transfer.kind, row.payer_id, payee_id, row.Transfer.minutes, row.text or "")
    require(known == said, IdTaken)
    return view_transfer(id, row.Transfer.from_account_id)


def get_transfer(*, actor: Actor, transfer_id: UUID) -> EntryView:
    """Who made a transfer sees it as the line of the account that it came from. Raises `NotFound`."""
    row = selectors.find_transfer(transfer_id)
    if row is None or row.Transfer.made_by != actor.id:
        raise NotFound()
    return view_transfer(transfer_id, row.Transfer.from_account_id)


def view_transfer(transfer_id: UUID, account_id: UUID) -> EntryView:
    """A transfer as the line of one of its accounts."""
    account = db.session.get_one(TimeAccount, account_id)
    owner = {"user_id": account.user_id} if account.user_id else {"territory_id": account.territory_id}
    return selectors.get_entry(transfer_id, owner)


def reverse_transfer(*, actor: Actor, transfer_id: UUID) -> EntryView:
    """Who received minutes may give them back, once; what was given back stays with its giver (LED-02).

    Of a help that a pot added to, the pot's part goes on to the pot (LED-11). It is a voluntary transfer like others:
    raises `FloorReached` (LED-04), `NotFound` to all others, `AlreadyReversed`.
    """
    row = selectors.find_transfer(transfer_id)
    if row is None or actor.id not in (row.payer_id, row.payee_id):
        raise NotFound()
    transfer: Transfer = row.Transfer
    cover = pot_selectors.find_cover(transfer)
    pots = [] if cover is None else [cover.from_account_id]
    accounts = ledger.lock_accounts([transfer.from_account_id, transfer.to_account_id, *pots])
    again = db.session.scalar(select(Transfer.id).where(Transfer.reverses_id == transfer_id))
    allowed = row.payee_id == actor.id and again is None and transfer.kind not in ("reversal", "cover", "grant")
    require(allowed, AlreadyReversed)
    payer = accounts[transfer.to_account_id]
    floor = selectors.counting_for(actor.id).floor_minutes
    require(rule.may_give(selectors.standing_of(payer, floor), transfer.minutes), FloorReached)
    made = _post_reversal(transfer, accounts, actor)
    if cover is not None:
        _post_reversal(cover, accounts, actor)
    return view_transfer(made, transfer.to_account_id)


def _post_reversal(transfer: Transfer, accounts: Mapping[UUID, TimeAccount], actor: Actor) -> UUID:
    """The same minutes the other way."""
    return ledger.post(
        "reversal",
        payer=accounts[transfer.to_account_id],
        payee=accounts[transfer.from_account_id],
        minutes=transfer.minutes,
        made_by=actor.id,
        reverses_id=transfer.id,
    )


def forget_person(*, user_id: UUID) -> None:
    """Who leaves takes their words along; the minutes stay where they went (LED-10)."""
    db.session.execute(delete(Memo).where(Memo.author_id == user_id))
