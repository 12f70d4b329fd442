"""What people and things of an exchange are called to one of its sides; behind a block nothing that changed since.

Things stay called as they were when it was proposed (BOK-12). What is over looks behind a block as if the other had
left, contact data in the title masked: the blocked are not told which it was (LOC-13).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from neighbourly.conversations.wording import known_as
from neighbourly.core.language.contact_data import mask_contact_data
from neighbourly.exchanges import policy
from neighbourly.exchanges.lifecycle import Side, is_over
from neighbourly.exchanges.models import Exchange
from neighbourly.listings.summaries import OwnerSummary


def title_for(row: Any, viewer_id: UUID) -> str:
    """What the thing is called to both; behind a block, of the other's, as if they had left (SEC-27)."""
    title: str = row["title"]
    return mask_contact_data(title) if row["parted"] and row["owner_id"] != viewer_id else title


def side_for(row: Any, side: Side, viewer_id: UUID, language: str) -> OwnerSummary:
    """One of the two; the other behind a block is who they were while something is out, then a former neighbour."""
    exchange: Exchange = row["Exchange"]
    user_id = policy.person_of(side, exchange)
    if not row["parted"] or user_id == viewer_id:
        return person_for(user_id, row[f"{side}_name"], row[f"{side}_state"], language)
    known = exchange.known_giver_name if side == "giver" else exchange.known_receiver_name
    if known is None or is_over(exchange.kind, exchange.state):
        return person_for(user_id, "", "erased", language)
    return person_for(user_id, known, "active", language)


def person_for(user_id: UUID, display_name: str, state: str, language: str) -> OwnerSummary:
    """A person by this name, or as a former neighbour."""
    return {"id": user_id, "display_name": known_as(display_name, state, language), "photo": None}
