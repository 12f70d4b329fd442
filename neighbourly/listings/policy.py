"""Who may do what with a listing."""

from __future__ import annotations

from uuid import UUID

from neighbourly.listings.models import Listing


def may_change(actor_id: UUID, listing: Listing) -> bool:
    """Only its owner edits, moves or deletes it."""
    return listing.owner_id == actor_id
