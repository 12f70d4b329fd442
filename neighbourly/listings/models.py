"""The table of listings, and how one moves from state to state."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from neighbourly.core.db import Base, Point, Versioned
from neighbourly.core.ids import new_id
from neighbourly.listings import lifecycle
from neighbourly.listings.durations import reckon_minutes, sort_of
from neighbourly.listings.errors import ActionNotAllowed
from neighbourly.listings.lifecycle import Action

DIRECTIONS = ("offer", "request")
STATUSES = ("draft", "published", "paused", "closed", "fulfilled", "expired", "removed")
PUBLISHED = text("status = 'published'")
LIVE = text("status IN ('published', 'paused')")
WORDS = """
    setweight(to_tsvector('neighbourly_fr', title), 'A') || setweight(to_tsvector('neighbourly_en', title), 'A')
    || setweight(to_tsvector('neighbourly_fr', description), 'C')
    || setweight(to_tsvector('neighbourly_en', description), 'C')
"""


class Listing(Versioned, Base):
    """One offer or request. It lies where its owner's home is, and moves with it (LOC-04)."""

    __tablename__ = "listings"
    __table_args__ = (
        CheckConstraint("kind IN ('item', 'skill', 'time')", name="kind"),
        CheckConstraint("direction IN ('offer', 'request')", name="direction"),
        CheckConstraint(
            "status IN ('draft', 'published', 'paused', 'closed', 'fulfilled', 'expired', 'removed')", name="status"
        ),
        CheckConstraint("terms IN ('lend', 'give')", name="terms"),
        CheckConstraint("quantity BETWEEN 1 AND 1000", name="quantity"),
        CheckConstraint("helpers_needed BETWEEN 1 AND 20", name="helpers_needed"),
        CheckConstraint("needed_until > needed_from", name="needed"),
        CheckConstraint("pause_minutes BETWEEN 0 AND 20160", name="pause_minutes"),
        CheckConstraint("status <> 'published' OR published_at IS NOT NULL", name="published_at"),
        CheckConstraint("circle IN ('known')", name="circle"),
        CheckConstraint("deleted_at IS NULL OR status NOT IN ('draft', 'published', 'paused')", name="deleted_at"),
        Index("ix_listings_location", "location", postgresql_using="gist", postgresql_where=PUBLISHED),
        Index("ix_listings_category", "category", "location", postgresql_using="gist", postgresql_where=PUBLISHED),
        Index("ix_listings_kind", "direction", "kind", "location", postgresql_using="gist", postgresql_where=PUBLISHED),
        Index("ix_listings_words", "location", "words", postgresql_using="gist", postgresql_where=PUBLISHED),
        Index("ix_listings_owner", "owner_id", "created_at"),
        Index("ix_listings_neighbourhood", "neighbourhood_id", "direction", postgresql_where=PUBLISHED),
        Index(
            "ix_listings_shares_copies_of",
            "shares_copies_of",
            postgresql_where=text("shares_copies_of IS NOT NULL"),
        ),
        Index("ix_listings_expiry", "expires_at", postgresql_where=LIVE),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    direction: Mapped[str]
    kind: Mapped[str | None]
    category: Mapped[str | None]
    guessed: Mapped[list[str]] = mapped_column(ARRAY(String), default=list, server_default=text("'{}'"))
    """Which of `kind` and `category` were guessed from the title."""
    left_open: Mapped[list[str]] = mapped_column(ARRAY(String), default=list, server_default=text("'{}'"))
    """Which of the two its owner emptied: nobody guesses those again."""
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="", server_default="")
    language: Mapped[str]
    status: Mapped[str]
    terms: Mapped[str | None]
    quantity: Mapped[int] = mapped_column(default=1)
    helpers_needed: Mapped[int] = mapped_column(default=1)
    max_loan_days: Mapped[int | None]
    requires_code: Mapped[bool] = mapped_column(default=False)
    availability: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default=text("'[]'"))
    """Weekly windows `{weekday, from, to}` on the owner's wall clock; none: at any time."""
    unavailable: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default=text("'[]'"))
    """Exceptions `{from, until}`, dates on the owner's calendar, the last included."""
    pause_minutes: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """How long a thing rests between two loans."""
    private: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """Made of a yes to a need, so that the thing cannot be promised twice: closed, of one copy, in no list."""
    shares_copies_of: Mapped[UUID | None] = mapped_column(ForeignKey("listings.id"))
    """The private offer whose copy this one has as well: two needs were told of what may be one thing."""
    radius_m: Mapped[int | None]
    needed_from: Mapped[datetime | None]
    needed_until: Mapped[datetime | None]
    circle: Mapped[str | None]
    """Whom to ask first: `known`, people whom the owner has exchanged with before; None: everyone alike."""
    no_expiry: Mapped[bool] = mapped_column(default=False)
    expires_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    """When the owner was asked about the coming expiry; None until then, and again after a renewal."""
    published_at: Mapped[datetime | None]
    fulfilled_how: Mapped[str | None]
    deleted_at: Mapped[datetime | None]
    """When its owner deleted it: from then on nobody sees it, and the row stays for what refers to it."""
    cell: Mapped[str]
    location: Mapped[tuple[float, float]] = mapped_column(Point)
    neighbourhood_id: Mapped[UUID | None] = mapped_column(ForeignKey("territories.id"))
    words: Mapped[str] = mapped_column(TSVECTOR, Computed(WORDS, persisted=True), deferred=True)

    @property
    def minutes(self) -> int | None:
        """Of a need for help with hours of its own: the minutes that follow from them, up to a working day."""
        is_help = self.direction == "request" and sort_of(self.kind) == "help"
        return reckon_minutes(self.needed_from, self.needed_until) if is_help else None

    @property
    def allowed_actions(self) -> list[Action]:
        """What may be done with it as it stands."""
        return lifecycle.allowed_actions(self.status, self.direction)

    def move(self, action: Action) -> None:
        """Go where the action leads from here; raises `ActionNotAllowed`."""
        status = lifecycle.after(self.status, self.direction, action)
        if status is None:
            raise ActionNotAllowed(allowed_actions=self.allowed_actions)
        self.status = status


class Meaning(Base):
    """What a listing means, as the reader of that version understood its title and text; None until it did."""

    __tablename__ = "meanings"
    __table_args__ = (
        CheckConstraint("(encoder IS NULL) = (vector IS NULL)", name="encoder"),
        Index("ix_meanings_pending", "listing_id", postgresql_where=text("vector IS NULL")),
        Index("ix_meanings_encoder", "encoder"),
    )

    listing_id: Mapped[UUID] = mapped_column(ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True)
    encoder: Mapped[str | None]
    """The reader's version: vectors of another one say nothing of each other."""
    vector: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Half floats, as `core.language.encoding` packs them."""
