"""Use cases of exchanges."""

from __future__ import annotations

from neighbourly.exchanges.service.answering import (
    accept_exchange,
    cancel_exchange,
    counter_exchange,
    decline_exchange,
    withdraw_exchange,
)
from neighbourly.exchanges.service.choosing import remind_of_choices
from neighbourly.exchanges.service.disputing import dispute_exchange, list_disputes, object_to_tap, settle_dispute
from neighbourly.exchanges.service.editing import take_edit
from neighbourly.exchanges.service.ending import (
    end_out_of_reach,
    end_proposal,
    end_proposals,
    list_proposed_on,
    refuse_deletion,
)
from neighbourly.exchanges.service.extending import extend_loan, grant_extension, refuse_extension
from neighbourly.exchanges.service.feeds import delete_feed, find_feed, make_feed, read_calendar, read_feed
from neighbourly.exchanges.service.handing import confirm_help, finish_help, hand_over, return_thing
from neighbourly.exchanges.service.leaving import forget_person, part, refuse_while_open
from neighbourly.exchanges.service.meeting import delete_meeting, forget_meetings, get_meeting, set_meeting
from neighbourly.exchanges.service.overtaking import is_overtaken, list_rivals, tell_overtaken
from neighbourly.exchanges.service.passing import follow_rests, look_at_next, recount_answer_times, waken_forgotten
from neighbourly.exchanges.service.proposing import create_exchange
from neighbourly.exchanges.service.reading import get_exchange, list_exchanges, show_code, view, view_as_it_is

__all__ = [
    "accept_exchange",
    "cancel_exchange",
    "confirm_help",
    "counter_exchange",
    "create_exchange",
    "decline_exchange",
    "delete_feed",
    "delete_meeting",
    "dispute_exchange",
    "end_out_of_reach",
    "end_proposal",
    "end_proposals",
    "extend_loan",
    "find_feed",
    "finish_help",
    "follow_rests",
    "forget_meetings",
    "forget_person",
    "get_exchange",
    "get_meeting",
    "grant_extension",
    "hand_over",
    "is_overtaken",
    "list_disputes",
    "list_exchanges",
    "list_proposed_on",
    "list_rivals",
    "look_at_next",
    "make_feed",
    "object_to_tap",
    "part",
    "read_calendar",
    "read_feed",
    "recount_answer_times",
    "refuse_deletion",
    "refuse_extension",
    "refuse_while_open",
    "remind_of_choices",
    "return_thing",
    "set_meeting",
    "settle_dispute",
    "show_code",
    "take_edit",
    "tell_overtaken",
    "view",
    "view_as_it_is",
    "waken_forgotten",
    "withdraw_exchange",
]
