"""What people and things of an exchange are called to one of its sides; behind a block nothing that changed since.

What is over then looks as if the other had left: the blocked are not told which it was (LOC-13).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from neighbourly.conversations.wording import known_as
from neighbourly.exchanges import policy
from neighbourly.exchanges.lifecycle import Side, is_over
from neighbourly.exchanges.models import Exchange
from neighbourly.listings.summaries import OwnerSummary


def title_for(row: Any, viewer_id: UUID) -> str:
    """What the thing is called; behind a block the other's is as it was while it is out, then nothing (SEC-27)."""
    exchange: Exchange = row["Exchange"]
    if not row["parted"] or row["owner_id"] == viewer_id:
        title: str = row["title"]
        return title
    return "" if is_over(exchange.kind, exchange.state) else exchange.known_title or ""


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
