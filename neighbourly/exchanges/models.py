"""Tables of exchanges, their meeting places, how quickly people answer, and calendar feeds."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from neighbourly.core import clock
from neighbourly.core.db import Base, Versioned
from neighbourly.core.ids import new_id
from neighbourly.listings.models import Listing

STATES = (
    "proposed",
    "accepted",
    "handed_over",
    "returned",
    "done",
    "confirmed",
    "declined",
    "withdrawn",
    "expired",
    "cancelled",
    "disputed",
)


class Exchange(Versioned, Base):
    """A loan or gift of a thing, or a help, between a giver and a receiver; its state moves as the table says."""

    __tablename__ = "exchanges"
    __table_args__ = (
        CheckConstraint("kind IN ('loan', 'gift', 'help')", name="kind"),
        CheckConstraint(
            "state IN ('proposed', 'accepted', 'handed_over', 'returned', 'done', 'confirmed',"
            " 'declined', 'withdrawn', 'expired', 'cancelled', 'disputed')",
            name="state",
        ),
        CheckConstraint("giver_id <> receiver_id", name="sides"),
        CheckConstraint("ends_at > starts_at", name="period"),
        CheckConstraint("kind = 'gift' OR ends_at IS NOT NULL", name="ends_at"),
        CheckConstraint("awaiting IN ('giver', 'receiver')", name="awaiting"),
        CheckConstraint("tapped_by IN ('giver', 'receiver')", name="tapped_by"),
        CheckConstraint("(kind = 'help') = (minutes IS NOT NULL)", name="minutes"),
        CheckConstraint("minutes > 0", name="minutes_positive"),
        Index("ix_exchanges_giver", "giver_id", "created_at", "id"),
        Index("ix_exchanges_receiver", "receiver_id", "created_at", "id"),
        Index("ix_exchanges_listing", "listing_id", "state"),
        Index("ix_exchanges_look_at", "look_at", postgresql_where=text("look_at IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str]
    listing_id: Mapped[UUID] = mapped_column(ForeignKey("listings.id"))
    """What is taken up: the offer, or for a help without one the request itself."""
    request_id: Mapped[UUID | None] = mapped_column(ForeignKey("listings.id"), index=True)
    """The need that it meets, where it began with one."""
    answer_id: Mapped[UUID | None] = mapped_column(ForeignKey("answers.id", ondelete="SET NULL"), index=True)
    neighbourhood_id: Mapped[UUID | None] = mapped_column(ForeignKey("territories.id"), index=True)
    """Where the listing lay when it began: whose rules and pot hold."""
    giver_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    receiver_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id"), unique=True)
    state: Mapped[str]
    awaiting: Mapped[str | None]
    """Whose answer is due: to a proposal, a counter, a wish to extend, or how a dispute should end."""
    waits_since: Mapped[datetime | None]
    """When it last moved: its reminders are reckoned from here to what comes next. None: an older version moved it."""
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    minutes: Mapped[int | None]
    """Of a help: as agreed; from `done` on, as done."""
    agreed_minutes: Mapped[int | None]
    consented_minutes: Mapped[int | None]
    """Up to how many the receiver agreed in full sight of them; None of what was agreed before they were shown."""
    as_gift: Mapped[bool] = mapped_column(default=False)
    requires_code: Mapped[bool] = mapped_column(default=False)
    expires_at: Mapped[datetime | None]
    """Until when a proposal waits for its answer."""
    renewals: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many counters left as much time for the answer as a new proposal does."""
    answered_at: Mapped[datetime | None]
    """When the proposal was first answered: what the usual time to answer is reckoned from."""
    accepted_at: Mapped[datetime | None]
    handed_over_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]
    """Why it was cancelled, where that was nobody's tap: `no_word`, `parted`, `moderator`, `left`;
    or `giver_absent`, `receiver_absent`, by the word of the other side."""
    tapped_by: Mapped[str | None]
    """Who said, without a code, that it was handed over or returned: the other may object for 24 h."""
    tapped_at: Mapped[datetime | None]
    extend_to: Mapped[datetime | None]
    """The end that the receiver asks for."""
    disputed_from: Mapped[str | None]
    """The state that is disputed; who objects to a return says that it is still `handed_over`."""
    disputed_at: Mapped[datetime | None]
    dispute_reason: Mapped[str | None]
    settle_as: Mapped[str | None]
    """The end of a dispute that one side proposes: `returned`, `confirmed` or `cancelled`."""
    reason_withheld: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """Whether the reason was written behind a block: then moderators alone read it, for good (SEC-27)."""
    condition_before: Mapped[str | None]
    condition_after: Mapped[str | None]
    known_title: Mapped[str | None]
    """What it was called when it was proposed, or countered last: to both sides it stays so (BOK-12).

    None of what an earlier version proposed a moment ago: it is then as the listing says.
    """
    known_kind: Mapped[str | None]
    known_category: Mapped[str | None]
    known_giver_name: Mapped[str | None]
    """What the two were called when one of them first blocked the other: all that is said behind a block."""
    known_receiver_name: Mapped[str | None]
    code_tries: Mapped[int] = mapped_column(default=0)
    code_locked_until: Mapped[datetime | None]
    said: Mapped[bytes | None]
    """A digest of who proposed it with which words: the same id with the same content is the same one (REL-07)."""
    terms_digest: Mapped[bytes | None]
    """Of what was proposed: the thing or help as it stood; None of what was proposed before this was kept (CON-10)."""
    differs: Mapped[list[str]] = mapped_column(ARRAY(String), default=list, server_default=text("'{}'"))
    """What of a chosen answer was other than was said or read, so that its giver is asked."""
    looked_at: Mapped[datetime] = mapped_column(default=clock.now)
    look_at: Mapped[datetime | None]
    """When something happens by itself next: a reminder, a question, an end; None when nothing will."""

    def keep(self, listing: Listing) -> None:
        """What is taken up stays called and filed as it is at this moment."""
        self.known_title, self.known_kind, self.known_category = listing.title, listing.kind, listing.category


class Meeting(Base):
    """Where the two meet, seen by them alone while it is under way and no block stands (LOC-05, LOC-13)."""

    __tablename__ = "meetings"

    exchange_id: Mapped[UUID] = mapped_column(ForeignKey("exchanges.id", ondelete="CASCADE"), primary_key=True)
    text: Mapped[str]
    at: Mapped[datetime | None]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    set_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)


class AnswerTime(Base):
    """How soon proposals are answered: the median of 90 days, of a person or of a neighbourhood; counted nightly."""

    __tablename__ = "answer_times"

    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    """A user's or a territory's id."""
    median_minutes: Mapped[int]
    answers: Mapped[int]


class CalendarFeed(Base):
    """A private address of all one's exchanges; only the digest of its token is kept, and a new one ends the old."""

    __tablename__ = "calendar_feeds"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    token_digest: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
