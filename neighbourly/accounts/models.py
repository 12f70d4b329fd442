"""Tables of people, their sessions, their codes, their invitations and their blocks."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, false, text
from sqlalchemy.dialects.postgresql import CITEXT
from sqlalchemy.orm import Mapped, mapped_column

from neighbourly.core import clock
from neighbourly.core.db import Base, Versioned
from neighbourly.core.ids import new_id

ROLES = ("neighbour", "moderator", "admin")


class User(Versioned, Base):
    """A person. The row outlives the person's data: erasure empties it and keeps the id."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("role IN ('neighbour', 'moderator', 'admin')", name="role"),
        CheckConstraint("state IN ('active', 'suspended', 'erased')", name="state"),
        Index("ix_users_leaves_at", "leaves_at", postgresql_where=text("leaves_at IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    email: Mapped[str | None] = mapped_column(CITEXT, unique=True)
    password_hash: Mapped[str | None]
    firebase_uid: Mapped[str | None] = mapped_column(unique=True)
    firebase_refused: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Its person took Firebase away: only from inside can it be joined again."""
    display_name: Mapped[str]
    bio: Mapped[str] = mapped_column(default="", server_default="")
    language: Mapped[str] = mapped_column(default="fr")
    role: Mapped[str] = mapped_column(default="neighbour")
    territory_code: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="active")
    terms_version: Mapped[str | None]
    terms_accepted_at: Mapped[datetime | None]
    last_seen_on: Mapped[date | None]
    leaves_at: Mapped[datetime | None]
    """When the account is erased at the latest: its person wished so while a thing of theirs was out (GDP-02)."""


class Session(Base):
    """One sign-in: a family of refresh tokens, of which one generation is current (SEC-09)."""

    __tablename__ = "sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    generation: Mapped[int] = mapped_column(default=1)
    arrived_generation: Mapped[int] = mapped_column(default=1, server_default=text("0"))
    """The latest generation of which an access token was seen: its phone has that pair (SEC-10)."""
    rotated_at: Mapped[datetime] = mapped_column(default=clock.now)
    installation_id: Mapped[str | None]
    network_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Of where it was opened, for this person alone: whether they have been there, not where that is."""
    label: Mapped[str] = mapped_column(default="")
    proven_at: Mapped[datetime | None]
    """When its person last showed, in it or by opening it, that the account is theirs."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class PendingRegistration(Base):
    """Someone's wish to join, until a code from their mailbox confirms it; each has its own (SEC-13)."""

    __tablename__ = "pending_registrations"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(CITEXT, index=True)
    password_hash: Mapped[str]
    display_name: Mapped[str]
    language: Mapped[str]
    invite: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)


class EmailCode(Base):
    """A six-digit code for an address; the digits are an HMAC of the id, computed anew and never stored.

    There is a row for every address that was asked about, whoever it belongs to: nobody can tell them apart (SEC-14).
    """

    __tablename__ = "email_codes"
    __table_args__ = (
        CheckConstraint("purpose IN ('register', 'reset', 'confirm', 'sign_in')", name="purpose"),
        CheckConstraint("occasion IN ('asked', 'sign_in')", name="occasion"),
        Index("ix_email_codes_email_purpose", "email", "purpose", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(CITEXT)
    purpose: Mapped[str]
    registration_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("pending_registrations.id", ondelete="SET NULL"), index=True
    )
    occasion: Mapped[str] = mapped_column(default="asked", server_default="asked")
    """`asked` for, or sent since a `sign_in` was refused: the mail says which."""
    withheld: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Noted and mailed to nobody: so that a wrong password costs the same work as a right one."""
    asker: Mapped[bytes | None] = mapped_column(LargeBinary)
    """A digest of where it was asked for, for this mailbox alone."""
    mailed_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AccountNotice(Base):
    """A mail to a person about their own account: a way in was made, changed or ended, or somebody signed in anew."""

    __tablename__ = "account_notices"
    __table_args__ = (Index("ix_account_notices_user_id_kind", "user_id", "kind", "created_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str]
    label: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)


class FailedAttempts(Base):
    """How often sign-in, or a code, at a mailbox failed from one network, since the first time; known by digests alone.

    There are rows for any address that was tried, whoever it belongs to (SEC-14).
    """

    __tablename__ = "failed_attempts"

    mailbox: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    source: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    failures: Mapped[int]
    since: Mapped[datetime] = mapped_column(index=True)


class Invitation(Base):
    """A code, a link and a QR that bring up to twenty neighbours in; nobody is ranked by them."""

    __tablename__ = "invitations"
    __table_args__ = (CheckConstraint("uses_left >= 0", name="uses"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    code: Mapped[str] = mapped_column(unique=True)
    uses_left: Mapped[int] = mapped_column(default=20, server_default=text("20"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]


class Block(Base):
    """One person wants nothing to do with another; it works both ways and the other is not told."""

    __tablename__ = "blocks"
    __table_args__ = (CheckConstraint("blocker_id <> blocked_id", name="another"),)

    blocker_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    blocked_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    known_as: Mapped[str | None]
    """What the blocked was called then: a name that is changed behind a block reaches nobody through it (SEC-27)."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
