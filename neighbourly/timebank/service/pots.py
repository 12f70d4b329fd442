"""The pot of a neighbourhood, and what moderators grant from it."""

from __future__ import annotations

from uuid import UUID

from neighbourly.accounts.selectors import Actor, get_user
from neighbourly.core import audit
from neighbourly.core.errors import Forbidden, require
from neighbourly.territories.selectors import get_territory
from neighbourly.timebank import ledger, policy, pot_selectors, rule, selectors
from neighbourly.timebank.errors import GiftMode, PotEmpty, PotOfSettledNeighbours
from neighbourly.timebank.pot_selectors import Pot
from neighbourly.timebank.selectors import EntryView
from neighbourly.timebank.service.transfers import Said, refuse, same_again, view_transfer


def get_pot(*, actor: Actor, neighbourhood_id: UUID, limit: int, cursor: str | None) -> Pot:
    """The pot's sums are open to who has lived there for a month, and to who governs it; to others it is shut.

    Lines are for those they concern, and for who governs. Raises `PotOfSettledNeighbours` to its neighbours until
    then, `Forbidden` to others, `GiftMode`.
    """
    territory = get_territory(neighbourhood_id)
    governs, counting = policy.may_govern(actor, territory), selectors.counting_for(actor.id)
    lives_there = counting.neighbourhood_id == territory.id
    is_settled = lives_there and counting.is_settled
    refusal = PotOfSettledNeighbours if lives_there else Forbidden
    require(policy.may_see_pot(is_settled=is_settled, governs=governs), refusal)
    require(territory.timebank_mode == "hours", GiftMode)
    return pot_selectors.view_pot(territory.id, actor.id, governs=governs, limit=limit, cursor=cursor)


def grant(
    *, actor: Actor, neighbourhood_id: UUID, to_user_id: UUID, minutes: int, id: UUID | None = None, memo: str = ""
) -> tuple[EntryView, bool]:
    """Only who governs a neighbourhood grants from its pot, to others who cannot give back; on record.

    The flag says whether it is new. Raises `PotEmpty`.
    """
    territory = get_territory(neighbourhood_id)
    require(policy.may_govern(actor, territory) and actor.id != to_user_id)
    if id is not None and (known := same_again(id, Said("grant", territory.id, to_user_id, minutes, memo))):
        return known, False
    if territory.timebank_mode != "hours":
        refuse(id, GiftMode)
    opened = ledger.accounts_of(users=[get_user(to_user_id).id], pots=[territory.id])
    payer_account, payee_account = opened[territory.id], opened[to_user_id]
    accounts = ledger.lock_accounts(opened.values())
    pot = accounts[payer_account]
    if not rule.may_give(selectors.standing_of(pot), minutes):
        refuse(id, PotEmpty)
    made = ledger.post(
        "grant", payer=pot, payee=accounts[payee_account], minutes=minutes, id=id, made_by=actor.id, memo=memo
    )
    audit.record("minutes_granted", actor_id=actor.id, subject_id=to_user_id, minutes=minutes)
    return view_transfer(made, payer_account), True
