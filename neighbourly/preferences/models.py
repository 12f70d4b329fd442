"""Tables of what people want to be asked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship, remote

from neighbourly.core import clock
from neighbourly.core.db import Base, Box, Versioned
from neighbourly.core.ids import new_id
from neighbourly.preferences.absence import Absence, absence_of
from neighbourly.preferences.quiet import QuietHours

NOT_WELCOMED = "away_until IS NOT NULL AND (returned_at IS NULL OR returned_at < away_until)"
"""That an absence has an end at which nothing was done yet."""


class Preferences(Versioned, Base):
    """One row a person, made with the account."""

    __tablename__ = "preferences"
    __table_args__ = (
        CheckConstraint("radius_m BETWEEN 100 AND 50000", name="radius"),
        CheckConstraint("asks_per_week BETWEEN 0 AND 20", name="asks_per_week"),
        CheckConstraint("(quiet_from IS NULL) = (quiet_to IS NULL)", name="quiet_hours"),
        CheckConstraint("digest IN ('daily', 'weekly', 'never')", name="digest"),
        Index("ix_preferences_away_until", "away_until", postgresql_where=text(NOT_WELCOMED)),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    radius_m: Mapped[int | None]
    """As chosen; None lets the density of neighbours decide."""
    reach_m: Mapped[int] = mapped_column(default=5000)
    """The radius in force: the chosen one, or the one that holds 50 neighbours."""
    reach: Mapped[tuple[float, float, float, float] | None] = mapped_column(Box)
    """The box of `reach_m` around home; None without a home."""
    quiet_from: Mapped[time | None]
    quiet_to: Mapped[time | None]
    time_zone: Mapped[str] = mapped_column(default="Europe/Paris")
    urgent_may_wake: Mapped[bool] = mapped_column(default=False)
    asks_per_week: Mapped[int] = mapped_column(default=3)
    away_until: Mapped[datetime | None]
    """Until when their person is away; of an absence that is over, when it ended."""
    away_since: Mapped[datetime | None]
    """Since when; None of one that an earlier version wrote."""
    returned_at: Mapped[datetime | None]
    """The end of the last absence at which all was done that waits for one; it is done anew once it lies behind."""
    push: Mapped[dict[str, bool]] = mapped_column(JSONB, default=dict, server_default=text("'{}'"))
    email: Mapped[dict[str, bool]] = mapped_column(JSONB, default=dict, server_default=text("'{}'"))
    digest: Mapped[str] = mapped_column(default="weekly")
    show_answer_time: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """Whether others see how soon this person usually answers."""
    show_read_marks: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    """Whether others see how far this person has read (LOC-08)."""
    interested_in: Mapped[list[Interest]] = relationship(
        primaryjoin=lambda: Preferences.user_id == remote(foreign(Interest.user_id)),
        cascade="all, delete-orphan",
        order_by=lambda: Interest.category,
    )

    @property
    def interests(self) -> list[str]:
        """The categories that this person likes to be asked about, by slug, in the order of the alphabet."""
        return sorted(interest.category for interest in self.interested_in)

    @property
    def quiet_hours(self) -> QuietHours | None:
        """The quiet hours; None where there are none."""
        if self.quiet_from is None or self.quiet_to is None:
            return None
        return QuietHours(self.quiet_from, self.quiet_to)

    @quiet_hours.setter
    def quiet_hours(self, hours: QuietHours | None) -> None:
        self.quiet_from = hours.begins if hours else None
        self.quiet_to = hours.ends if hours else None

    @property
    def absence(self) -> Absence | None:
        """The last absence that was announced, whether it is over or not."""
        return absence_of(self.away_since, self.away_until)

    @property
    def announced_until(self) -> datetime | None:
        """Until when their person is away; None where they are there."""
        return self.away_until if self.away_until is not None and self.away_until > clock.now() else None

    def take_interest_in(self, slugs: Collection[str]) -> None:
        """Let these categories be the interests from now on; each row carries the reach in force."""
        kept = [interest for interest in self.interested_in if interest.category in slugs]
        known = {interest.category for interest in kept}
        new = [Interest(user_id=self.user_id, category=slug, reach=self.reach) for slug in sorted(set(slugs) - known)]
        if new or len(kept) < len(self.interested_in):
            self.interested_in = kept + new

    def be_reached(self, reach_m: int, reach: tuple[float, float, float, float] | None) -> None:
        """Hear of needs as far as this from now on; the interests' boxes follow."""
        self.reach_m, self.reach = reach_m, reach
        for interest in self.interested_in:
            interest.reach = reach

    def wants_push(self, notification_type: str) -> bool:
        """Whether this person takes pushes of that type: yes, until they say no."""
        return self.push.get(notification_type, True)


class Interest(Base):
    """A category that a person likes to be asked about, with the box in which a need finds them."""

    __tablename__ = "interests"
    __table_args__ = (Index("ix_interests_reach", "category", "reach", postgresql_using="gist"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    category: Mapped[str] = mapped_column(primary_key=True)
    reach: Mapped[tuple[float, float, float, float] | None] = mapped_column(Box)


class CellRadius(Base):
    """How far 50 neighbours live around a place, as it is told until the next night; no count is kept (LOC-12)."""

    __tablename__ = "cell_radii"

    cell: Mapped[str] = mapped_column(primary_key=True)
    """Of resolution 7, with homes in it."""
    radius_m: Mapped[int]


class InterestFigure(Base):
    """How many around a place take an interest in a category: the band that the night counted, from eleven on."""

    __tablename__ = "interest_figures"

    cell: Mapped[str] = mapped_column(primary_key=True)
    """Of resolution 7: the circle lies around its centre, wherever in it somebody asks from."""
    category: Mapped[str] = mapped_column(primary_key=True)
    band: Mapped[int]


class SavedSearch(Versioned, Base):
    """Something that a person looks for until it is offered, with the box in which an offer finds them."""

    __tablename__ = "saved_searches"
    __table_args__ = (
        CheckConstraint("char_length(q) BETWEEN 2 AND 1000", name="q"),
        CheckConstraint("kind IN ('item', 'skill', 'time')", name="kind"),
        CheckConstraint("radius_m BETWEEN 100 AND 50000", name="radius"),
        CheckConstraint("(encoder IS NULL) = (vector IS NULL)", name="encoder"),
        Index("ix_saved_searches_user", "user_id", "created_at", "id"),
        Index("ix_saved_searches_reach", "reach", postgresql_using="gist"),
        Index("ix_saved_searches_pending", "id", postgresql_where=text("vector IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    q: Mapped[str]
    kind: Mapped[str | None]
    category: Mapped[str | None]
    radius_m: Mapped[int | None]
    """As chosen; None: as far as the person hears from."""
    reach: Mapped[tuple[float, float, float, float] | None] = mapped_column(Box)
    """The box of the radius in force around home; None without a home."""
    encoder: Mapped[str | None]
    """The version of what understood `q`: vectors of another one say nothing of each other."""
    vector: Mapped[bytes | None] = mapped_column(LargeBinary)
    """What `q` means: half floats, as `listings.reading` reads it; None until it is understood."""
