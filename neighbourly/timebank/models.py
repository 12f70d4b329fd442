"""Tables of the timebank: accounts with a cached balance, what is pending, and the ledger that only grows (LED-02)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from neighbourly.core import clock
from neighbourly.core.db import Base
from neighbourly.core.ids import new_id


class TimeAccount(Base):
    """The minutes of one neighbour, or of one neighbourhood's pot; the balance is the sum of its entries (LED-03)."""

    __tablename__ = "time_accounts"
    __table_args__ = (
        CheckConstraint("(user_id IS NULL) <> (territory_id IS NULL)", name="owner"),
        CheckConstraint("territory_id IS NULL OR balance_minutes >= 0", name="pot"),
        CheckConstraint("pending_minutes >= 0", name="pending"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), unique=True)
    territory_id: Mapped[UUID | None] = mapped_column(ForeignKey("territories.id"), unique=True)
    balance_minutes: Mapped[int] = mapped_column(default=0)
    pending_minutes: Mapped[int] = mapped_column(default=0)
    """What accepted helps will take from it."""
    given: Mapped[int] = mapped_column(default=0)
    received: Mapped[int] = mapped_column(default=0)
    """How often helped and been helped, with minutes or without: all that the gift mode shows."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Pending(Base):
    """Minutes that an accepted help will move, from its acceptance until it is posted, void or expired."""

    __tablename__ = "pending_transfers"
    __table_args__ = (
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("covered_minutes BETWEEN 0 AND minutes", name="covered"),
        CheckConstraint("state IN ('pending', 'posted', 'void', 'expired')", name="state"),
        CheckConstraint("from_account_id <> to_account_id", name="accounts"),
        Index("ix_pending_transfers_from", "from_account_id", postgresql_where=text("state = 'pending'")),
        Index("ix_pending_transfers_covered", "from_account_id", postgresql_where=text("covered_minutes > 0")),
    )

    exchange_id: Mapped[UUID] = mapped_column(primary_key=True)
    """The help: of a higher feature, so no foreign key."""
    from_account_id: Mapped[UUID] = mapped_column(ForeignKey("time_accounts.id"))
    to_account_id: Mapped[UUID] = mapped_column(ForeignKey("time_accounts.id"), index=True)
    pot_account_id: Mapped[UUID | None] = mapped_column(ForeignKey("time_accounts.id"), index=True)
    minutes: Mapped[int]
    covered_minutes: Mapped[int] = mapped_column(default=0)
    """What the pot will add, because the receiver's account alone would fall below its floor; once posted: added."""
    below_floor: Mapped[bool] = mapped_column(default=False)
    """Of helps accepted before LED-11 held: whether the receiver's account falls below its floor all the same."""
    state: Mapped[str] = mapped_column(default="pending")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None]


class Transfer(Base):
    """Minutes that moved from one account to another; the database refuses to change or delete it."""

    __tablename__ = "transfers"
    __table_args__ = (
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("from_account_id <> to_account_id", name="accounts"),
        CheckConstraint("kind IN ('help', 'gift', 'share', 'cover', 'grant', 'reversal')", name="kind"),
        CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name="reversal"),
        Index(
            "uq_transfers_help", "exchange_id", "kind", unique=True, postgresql_where=text("exchange_id IS NOT NULL")
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str]
    from_account_id: Mapped[UUID] = mapped_column(ForeignKey("time_accounts.id"))
    to_account_id: Mapped[UUID] = mapped_column(ForeignKey("time_accounts.id"))
    minutes: Mapped[int]
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    """Whose act it was; None where a rule moved them."""
    exchange_id: Mapped[UUID | None]
    reverses_id: Mapped[UUID | None] = mapped_column(ForeignKey("transfers.id"), unique=True)
    """The transfer that this one takes back, once."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Entry(Base):
    """What a transfer did to one of its two accounts; the two sum to 0."""

    __tablename__ = "entries"
    __table_args__ = (
        CheckConstraint("minutes <> 0", name="minutes"),
        Index("ix_entries_account", "account_id", "created_at", "transfer_id"),
    )

    transfer_id: Mapped[UUID] = mapped_column(ForeignKey("transfers.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("time_accounts.id"), primary_key=True)
    minutes: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Memo(Base):
    """The words of a transfer: apart from it, so that they can be erased (GDP-02)."""

    __tablename__ = "memos"

    transfer_id: Mapped[UUID] = mapped_column(ForeignKey("transfers.id"), primary_key=True)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    text: Mapped[str]


class Rejected(Base):
    """A client-made id whose transfer was refused: it never succeeds later (LED-06)."""

    __tablename__ = "rejected_transfers"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
