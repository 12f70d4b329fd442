"""Who may look behind a listing."""

from __future__ import annotations

from uuid import UUID

from neighbourly.listings.models import Listing


def may_see_matches(actor_id: UUID, listing: Listing) -> bool:
    """Only its owner."""
    return listing.owner_id == actor_id
