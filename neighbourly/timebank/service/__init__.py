"""Use cases of the timebank."""

from __future__ import annotations

from neighbourly.timebank.service.helps import Help, check_help, hold_help, post_help, renew_help, void_help
from neighbourly.timebank.service.pots import get_pot, grant
from neighbourly.timebank.service.reading import get_balance, get_statement, list_entries
from neighbourly.timebank.service.transfers import (
    forget_person,
    get_transfer,
    reverse_transfer,
    transfer_minutes,
)

__all__ = [
    "Help",
    "check_help",
    "forget_person",
    "get_balance",
    "get_pot",
    "get_statement",
    "get_transfer",
    "grant",
    "hold_help",
    "list_entries",
    "post_help",
    "renew_help",
    "reverse_transfer",
    "transfer_minutes",
    "void_help",
]
