"""Who may read the answers to a request."""

from __future__ import annotations

from uuid import UUID

from neighbourly.listings.models import Listing


def may_read_answers(actor_id: UUID, listing: Listing) -> bool:
    """Only who asked."""
    return listing.owner_id == actor_id
