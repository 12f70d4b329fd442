"""Use cases of bookings."""

from __future__ import annotations

from neighbourly.bookings.service.breaking import mend_copies, report_broken
from neighbourly.bookings.service.calendar import get_calendar
from neighbourly.bookings.service.custody import choose_copy, find_latest_end, take_in_hand
from neighbourly.bookings.service.occupying import (
    cancel,
    check_available,
    check_extension,
    check_free,
    check_length,
    extend,
    find_next_holder,
    give_back,
    occupy,
    prolong_overdue,
    retire,
    take_again,
)
from neighbourly.bookings.service.waiting import (
    ask_in_lines_of,
    ask_next,
    dismiss_far,
    dissolve_line,
    end_turns,
    forget_person,
    leave_line,
    pass_turns,
    remind_of_turns,
    stop_waiting,
    wait_for,
)

__all__ = [
    "ask_in_lines_of",
    "ask_next",
    "cancel",
    "check_available",
    "check_extension",
    "check_free",
    "check_length",
    "choose_copy",
    "dismiss_far",
    "dissolve_line",
    "end_turns",
    "extend",
    "find_latest_end",
    "find_next_holder",
    "forget_person",
    "get_calendar",
    "give_back",
    "leave_line",
    "mend_copies",
    "occupy",
    "pass_turns",
    "prolong_overdue",
    "remind_of_turns",
    "report_broken",
    "retire",
    "stop_waiting",
    "take_again",
    "take_in_hand",
    "wait_for",
]
