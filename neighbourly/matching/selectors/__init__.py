"""Reading asks: whom a need could be put to, how far each has come, and what it looks like to those in it."""

from neighbourly.matching.selectors.asked import (
    AskedPage,
    AskedView,
    asked_for_an_offer,
    list_asked,
    list_unanswered,
    view_asked,
)
from neighbourly.matching.selectors.asking import Asking, HeldListing, WholeListing, tells_nobody, view_held, view_whole
from neighbourly.matching.selectors.asks import (
    claim,
    claim_due,
    find_ask,
    last_wave_at,
    list_askable,
    list_exhausted,
    list_exhausted_among,
    list_idle_for,
    list_idle_met_by,
    somebody_waits,
    standing_of,
    still_askable,
)
from neighbourly.matching.selectors.finding import likenesses
from neighbourly.matching.selectors.matches import Match, Matches, list_askers_met_by, show_matches
from neighbourly.matching.selectors.meant import GivenAnswer, find_meant, list_own_fitting
from neighbourly.matching.selectors.needs import need_of
from neighbourly.matching.selectors.usage import (
    count_again,
    find_next_ask_at,
    find_usage,
    is_unasked_today,
    list_waiting_behind,
)
from neighbourly.matching.selectors.yeses import count_good_yeses, count_open_yeses

__all__ = [
    "AskedPage",
    "AskedView",
    "Asking",
    "GivenAnswer",
    "HeldListing",
    "Match",
    "Matches",
    "WholeListing",
    "asked_for_an_offer",
    "claim",
    "claim_due",
    "count_again",
    "count_good_yeses",
    "count_open_yeses",
    "find_ask",
    "find_meant",
    "find_next_ask_at",
    "find_usage",
    "is_unasked_today",
    "last_wave_at",
    "likenesses",
    "list_askable",
    "list_asked",
    "list_askers_met_by",
    "list_exhausted",
    "list_exhausted_among",
    "list_idle_for",
    "list_idle_met_by",
    "list_own_fitting",
    "list_unanswered",
    "list_waiting_behind",
    "need_of",
    "show_matches",
    "somebody_waits",
    "standing_of",
    "still_askable",
    "tells_nobody",
    "view_asked",
    "view_held",
    "view_whole",
]
