"""What owners do with listings, and what time and their moves do to them."""

from neighbourly.listings.service.filing import affirm_kind
from neighbourly.listings.service.lasting import expire_due, remind_of_expiry
from neighbourly.listings.service.moving import (
    close_given_away,
    close_listing,
    delete_listing,
    fulfil_by_exchange,
    fulfil_listing,
    pause_listing,
    publish_listing,
    renew_listing,
    resume_listing,
)
from neighbourly.listings.service.owning import empty_listings_of, follow_home
from neighbourly.listings.service.private import offer_privately, unname_private
from neighbourly.listings.service.understanding import (
    count_outdated,
    note_missing,
    understand,
    understand_anew,
    understand_pending,
)
from neighbourly.listings.service.writing import create_listing, update_listing

__all__ = [
    "affirm_kind",
    "close_given_away",
    "close_listing",
    "count_outdated",
    "create_listing",
    "delete_listing",
    "empty_listings_of",
    "expire_due",
    "follow_home",
    "fulfil_by_exchange",
    "fulfil_listing",
    "note_missing",
    "offer_privately",
    "pause_listing",
    "publish_listing",
    "remind_of_expiry",
    "renew_listing",
    "resume_listing",
    "understand",
    "understand_anew",
    "understand_pending",
    "unname_private",
    "update_listing",
]
