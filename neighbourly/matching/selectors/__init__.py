"""Reading asks: whom a need could be put to, how far each has come, and what it looks like to those in it."""

from neighbourly.matching.selectors.asked import AskedView, list_asked, offers_in
from neighbourly.matching.selectors.asking import Asking, WholeListing, view_whole
from neighbourly.matching.selectors.asks import (
    claim,
    claim_due,
    find_ask,
    list_askable,
    list_exhausted,
    list_exhausted_for,
    list_exhausted_met_by,
    need_of,
    standing_of,
    still_askable,
)
from neighbourly.matching.selectors.matches import Match, Matches, show_matches

__all__ = [
    "AskedView",
    "Asking",
    "Match",
    "Matches",
    "WholeListing",
    "claim",
    "claim_due",
    "find_ask",
    "list_askable",
    "list_asked",
    "list_exhausted",
    "list_exhausted_for",
    "list_exhausted_met_by",
    "need_of",
    "offers_in",
    "show_matches",
    "standing_of",
    "still_askable",
    "view_whole",
]
