"""The retention rule of each table (GDP-08), all of them on one screen; `docs/privacy.md` says the same to people.

A table without a rule fails `tests/privacy/test_retention.py`: who adds one says here how long its rows are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_

from neighbourly.answers.models import Answer
from neighbourly.bookings.models import Waiting
from neighbourly.conversations.models import Message, Participant
from neighbourly.exchanges.models import Exchange
from neighbourly.listings.models import Listing
from neighbourly.matching.models import Asked
from neighbourly.thanks.models import Concern
from neighbourly.timebank.models import Memo, Transfer

MONTH, QUARTER = timedelta(days=30), timedelta(days=90)
YEAR, TWO_YEARS = timedelta(days=365), timedelta(days=730)
ENDED = ("closed", "fulfilled", "expired", "removed")
"""The states of a need that nobody is asked for any more."""
UNDER_WAY = ("proposed", "accepted", "handed_over", "done", "disputed")
"""The states of an exchange that still needs the answer it came of."""


@dataclass(frozen=True)
class Kept:
    """Rows stay for as long as that: with the account they go, or they hold ids alone."""

    because: str


@dataclass(frozen=True)
class Swept:
    """Rows are deleted by a job of their own feature."""

    job: str
    after: str


@dataclass(frozen=True)
class Expires:
    """Rows that are due are deleted here; where `blanked` names columns, these alone are emptied."""

    model: Any
    after: str
    due: Callable[[datetime], ColumnElement[bool]]
    blanked: Mapping[str, Any] = field(default_factory=dict)


def _asked_is_due(now: datetime) -> ColumnElement[bool]:
    """Who was asked for what, at which distance: of use while the need is open and asking is shared out."""
    over = exists().where(Listing.id == Asked.listing_id, Listing.status.in_(ENDED))
    return or_(and_(Asked.asked_at < now - QUARTER, over), Asked.asked_at < now - YEAR)


def _answer_is_due(now: datetime) -> ColumnElement[bool]:
    """An answer to a need that ended, unless something that came of it still goes on."""
    over = exists().where(
        Listing.id == Answer.listing_id, Listing.status.in_(ENDED), Listing.updated_at < now - QUARTER
    )
    in_use = exists().where(Exchange.answer_id == Answer.id, Exchange.state.in_(UNDER_WAY))
    return and_(Answer.updated_at < now - QUARTER, over, ~in_use)


def _message_is_due(now: datetime) -> ColumnElement[bool]:
    """All that was written in a thread in which nothing was said for a year, and whose exchange is over."""
    silent = ~exists().where(
        Participant.conversation_id == Message.conversation_id, Participant.last_message_at >= now - YEAR
    )
    in_use = exists().where(Exchange.conversation_id == Message.conversation_id, Exchange.state.in_(UNDER_WAY))
    return and_(Message.created_at < now - YEAR, Message.kind != "step", silent, ~in_use)


def _exchange_texts_are_due(now: datetime) -> ColumnElement[bool]:
    """What was said of a thing's condition, or in a dispute, a year after the end."""
    said = or_(*(getattr(Exchange, name).is_not(None) for name in EXCHANGE_TEXTS))
    return and_(Exchange.ended_at < now - YEAR, said)


def _memo_is_due(now: datetime) -> ColumnElement[bool]:
    return exists().where(Transfer.id == Memo.transfer_id, Transfer.created_at < now - TWO_YEARS)


EXCHANGE_TEXTS: Mapping[str, Any] = {"dispute_reason": None, "condition_before": None, "condition_after": None}
ACCOUNT = "kept while the account is; deleted with it"
OWN_WORD = "kept until its person takes it away or leaves"
LEDGER = "ids and minutes alone: the sum of all accounts must stay whole (LED-02, LED-10)"
NOBODY = "tells of no person"

RULES: Mapping[str, Kept | Swept | Expires] = {
    "users": Kept("emptied at erasure; the id alone stays, which ledgers and others' threads refer to"),
    "sessions": Swept("accounts.forget_old", "30 days after the end"),
    "pending_registrations": Swept("accounts.forget_old", "2 days"),
    "email_codes": Swept("accounts.forget_old", "2 days"),
    "invitations": Swept("accounts.forget_old", "30 days after they lapse"),
    "account_notices": Swept("accounts.forget_old", "30 days"),
    "failed_attempts": Swept("accounts.forget_old", "an hour or so; digests alone"),
    "blocks": Kept(OWN_WORD),
    "acquaintances": Swept("acquaintances.forget_old", "a year where nobody answered; else with either account"),
    "devices": Swept("devices.forget_unseen", "270 days unseen"),
    "homes": Kept(OWN_WORD),
    "preferences": Kept(ACCOUNT),
    "interests": Kept(OWN_WORD),
    "saved_searches": Kept(OWN_WORD),
    "listings": Kept(OWN_WORD),
    "meanings": Kept("follows from a listing's words, and goes with them"),
    "answers": Expires(Answer, "90 days after the need ended", _answer_is_due),
    "asks": Kept("how the asking for a need stands; tells of no one who was asked"),
    "asked": Expires(Asked, "90 days once the need ended, a year in any case", _asked_is_due),
    "habits": Kept("counts of a whole neighbourhood, counted anew each night"),
    "copies": Kept(NOBODY),
    "occupations": Kept("when a copy is taken, by an exchange's id; tells of no person"),
    "waiting": Expires(Waiting, "30 days after the time that was wished", lambda now: Waiting.ends_at < now - MONTH),
    "conversations": Kept("ids of two people, and what it was about is called; emptied when both have left"),
    "participants": Kept("ids and times, without words; the times are those of the thread"),
    "messages": Expires(
        Message, "a year after the last word in the thread; at once when both have left", _message_is_due
    ),
    "exchanges": Expires(
        Exchange,
        "its words a year after the end; ids, times and what it was of stay",
        _exchange_texts_are_due,
        EXCHANGE_TEXTS,
    ),
    "meetings": Swept("exchanges.forget_meetings", "a day after the end"),
    "answer_times": Kept("a median of 90 days, counted anew each night"),
    "calendar_feeds": Kept(OWN_WORD),
    "time_accounts": Kept(LEDGER),
    "pending_transfers": Kept(LEDGER),
    "transfers": Kept(LEDGER),
    "entries": Kept(LEDGER),
    "memos": Expires(Memo, "two years after the transfer", _memo_is_due),
    "rejected_transfers": Kept("an id that failed must never succeed later (LED-06); tells of no person"),
    "thanks": Kept("kept while the one it is about has an account, and agrees"),
    "concerns": Expires(Concern, "a year", lambda now: Concern.created_at < now - YEAR),
    "notifications": Swept("notifications.forget_old", "a year"),
    "deliveries": Swept("notifications.forget_old", "a week after they ended"),
    "stored_answers": Swept("accounts.forget_old", "24 hours"),
    "creations": Swept("accounts.forget_old", "90 days"),
    "audit_entries": Kept("ids and codes of what people in charge did, chained so that nothing can be taken out"),
    "neighbourhood_figures": Kept(NOBODY),
    "interest_figures": Kept(NOBODY),
    "cell_radii": Kept(NOBODY),
    "territories": Kept(NOBODY),
    "territory_cells": Kept(NOBODY),
}
