"""Use cases of matching."""

from __future__ import annotations

from neighbourly.matching.service.answering import answer_request
from neighbourly.matching.service.asking import (
    forget_person,
    reconsider,
    recount_habits,
    release,
    send_next_due_wave,
    send_wave,
    start_asking,
    stop_asking,
    try_again,
    try_offer,
    waken_for_offer,
    waken_for_person,
    waken_understood,
)
from neighbourly.matching.service.looking import ask_less, get_listing, list_asked, list_matches
from neighbourly.matching.service.offering import announce_offer, tell_of_offer

__all__ = [
    "announce_offer",
    "answer_request",
    "ask_less",
    "forget_person",
    "get_listing",
    "list_asked",
    "list_matches",
    "reconsider",
    "recount_habits",
    "release",
    "send_next_due_wave",
    "send_wave",
    "start_asking",
    "stop_asking",
    "tell_of_offer",
    "try_again",
    "try_offer",
    "waken_for_offer",
    "waken_for_person",
    "waken_understood",
]
