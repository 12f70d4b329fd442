"""Who is which side of an exchange, and what each may do now."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from neighbourly.exchanges import timeline
from neighbourly.exchanges.lifecycle import GIFT, LOAN, Facts, Side
from neighbourly.exchanges.models import Exchange

MEETING_STATES = ("accepted", "handed_over", "returned", "done", "confirmed", "disputed")
"""What is agreed and was not called off: only there is a place to meet."""


LEFT = "left"
"""The `end_reason` of what ended since one of the two left the service: nothing more is due of it."""
LISTING_ENDED, OUT_OF_REACH = "listing_ended", "out_of_reach"
"""Of what was only proposed when the listing ended or was paused, or when one of the two moved far away."""


def side_of(user_id: UUID, exchange: Exchange) -> Side | None:
    """Which of the two this person is, if any."""
    if user_id == exchange.giver_id:
        return "giver"
    return "receiver" if user_id == exchange.receiver_id else None


def person_of(side: str, exchange: Exchange) -> UUID:
    """Who that side is."""
    return exchange.giver_id if side == "giver" else exchange.receiver_id


def facts_of(exchange: Exchange, *, parted: bool, now: datetime, absences: timeline.Absences) -> Facts:
    """An exchange as the state table looks at it at this moment."""
    ended_at, tapped_at = exchange.ended_at, exchange.tapped_at
    over = exchange.end_reason == LEFT
    recent = ended_at is None or (now < timeline.recent_until(ended_at, absences) and not over)
    return Facts(
        kind=exchange.kind,
        state=exchange.state,
        awaiting=exchange.awaiting,
        tapped_by=exchange.tapped_by,
        may_object=not over
        and tapped_at is not None
        and now < timeline.object_until(tapped_at, exchange.tapped_by, absences),
        may_be_late=exchange.end_reason is None
        and now < (exchange.ends_at or exchange.starts_at + timeline.DECLARE_WITHIN),
        may_be_declared=exchange.end_reason == "no_word" and recent,
        recent=recent,
        extension_asked=exchange.extend_to is not None,
        requires_code=exchange.requires_code,
        parted=parted,
    )


def is_out(exchange: Exchange) -> bool:
    """Whether somebody has a thing that is to come back, or is said to have it still."""
    disputed = exchange.state == "disputed" and exchange.disputed_from == "handed_over"
    return exchange.kind == LOAN and (exchange.state == "handed_over" or disputed)


def is_late(exchange: Exchange, now: datetime) -> bool:
    """Whether a thing should be back and is not."""
    return is_out(exchange) and exchange.ends_at is not None and exchange.ends_at <= now


def has_meeting_place(exchange: Exchange, *, parted: bool, now: datetime) -> bool:
    """Whether the two meet at all: it is agreed, under way or ended within the last day, and no block stands."""
    if parted or exchange.state not in MEETING_STATES:
        return False
    return exchange.ended_at is None or now < exchange.ended_at + timeline.MEETING_KEPT_AFTER_END


def may_read_meeting(exchange: Exchange, user_id: UUID, *, set_by: UUID, parted: bool, now: datetime) -> bool:
    """Whether this side reads the meeting place that `set_by` wrote; in a dispute only its author does (LOC-13)."""
    if not has_meeting_place(exchange, parted=parted, now=now):
        return False
    return exchange.state != "disputed" or user_id == set_by


def taken_until(exchange: Exchange) -> datetime | None:
    """Until when an agreement takes its copy: what is given away does not come back, whatever end was named."""
    return None if exchange.kind == GIFT else exchange.ends_at
