"""Reading accounts: who acts, who may see whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    SQLColumnExpression,
    and_,
    bindparam,
    cast,
    exists,
    func,
    or_,
    select,
)

from neighbourly.accounts.models import Block, EmailCode, Invitation, PendingRegistration, Session, User
from neighbourly.core import clock
from neighbourly.core.api import pagination
from neighbourly.core.db import Read, db, locked
from neighbourly.core.errors import NotFound

MAX_TRIES = 20
"""Of one code, whoever types; a network has fewer of its own (`service.codes`)."""
MOST_CODES = (20, 40, 5, 10)
"""Of one purpose for one address: an hour, a day; and by one who asks: an hour, a day."""
MOST_AFTER_ALL = (40, 120)
"""Of one purpose for one address, an hour and a day, where no other code is left to be sent again."""
SENT_AGAIN_FOR = timedelta(minutes=45)
"""So old, and good for a quarter of an hour more: no code opens anything an hour after it was made."""


@dataclass(frozen=True)
class Actor:
    """Who is calling, as far as most use cases need to know."""

    id: UUID
    display_name: str
    language: str
    role: str
    territory_code: str | None
    session_id: UUID


@dataclass(frozen=True)
class SignedInCaller:
    """An actor; `arrived`: the latest generation of their session, if theirs is the first token of it that comes."""

    actor: Actor
    arrived: int | None


def find_caller(session_id: UUID, generation: int | None) -> SignedInCaller | None:
    """Whoever is behind a session that is still open, of an account that is active; one statement (SEC-11)."""
    rows = _CALLER.rows(session_id=session_id, now=clock.now())
    if not rows:
        return None
    *actor, latest, arrived = rows[0]
    return SignedInCaller(Actor(*actor), latest if arrived < latest == generation else None)


def _caller_statement() -> Select[UUID, str, str, str, str | None, UUID, int, int]:
    return (
        select(
            User.id,
            User.display_name,
            User.language,
            User.role,
            User.territory_code,
            Session.id,
            Session.generation,
            Session.arrived_generation,
        )
        .join(Session, Session.user_id == User.id)
        .where(
            Session.id == bindparam("session_id"),
            Session.ended_at.is_(None),
            Session.expires_at > bindparam("now"),
            User.state == "active",
        )
    )


_CALLER = Read(_caller_statement())


def get_user(user_id: UUID, *, lock: bool = False) -> User:
    """An account that has not been erased, or `NotFound`."""
    user = locked(select(User).where(User.id == user_id)) if lock else db.session.get(User, user_id)
    if user is None or user.state == "erased":
        raise NotFound()
    return user


def find_user_by_email(email: str, *, lock: bool = False) -> User | None:
    """The account of an address, whatever its letters' case."""
    statement = select(User).where(User.email == email)
    return locked(statement) if lock else db.session.scalars(statement).one_or_none()


def find_user_by_firebase(uid: str) -> User | None:
    """The account joined to a Firebase one."""
    return db.session.scalars(select(User).where(User.firebase_uid == uid)).one_or_none()


def unblocked(viewer_id: UUID | SQLColumnExpression[UUID], person: SQLColumnExpression[UUID]) -> ColumnElement[bool]:
    """That neither blocked the other: part of every selector that shows one person's things to another."""
    between = or_(
        and_(Block.blocker_id == viewer_id, Block.blocked_id == person),
        and_(Block.blocker_id == person, Block.blocked_id == viewer_id),
    )
    # However deeply it is nested, the person is the one of the statement around it.
    return ~exists().where(between).correlate_except(Block)


def is_leaving(user_id: UUID) -> bool:
    """Whether somebody asked to be erased and waits for it."""
    return db.session.scalar(select(User.leaves_at).where(User.id == user_id)) is not None


def get_neighbour(user_id: UUID, viewer_id: UUID) -> User:
    """Someone who is there and with whom there is no block; `NotFound` otherwise."""
    met = select(User).where(User.id == user_id, User.state == "active", unblocked(viewer_id, User.id))
    user = db.session.scalars(met).one_or_none()
    if user is None:
        raise NotFound()
    return user


def hold_person(user_id: UUID) -> None:
    """Let nobody else count or add to what this person has and says, until the transaction ends."""
    db.session.execute(select(User.id).where(User.id == user_id).with_for_update(key_share=True))


def list_live_codes(email: str, purpose: str) -> list[EmailCode]:
    """Codes of an address that still count, locked so that tries are counted one by one."""
    statement = (
        select(EmailCode)
        .where(
            EmailCode.email == email,
            EmailCode.purpose == purpose,
            EmailCode.expires_at > clock.now(),
            EmailCode.used_at.is_(None),
            EmailCode.tries < MAX_TRIES,
        )
        .order_by(EmailCode.created_at, EmailCode.id)
        .with_for_update()
    )
    return list(db.session.scalars(statement))


@dataclass(frozen=True)
class CodesMade:
    """How many codes of a purpose were made for an address; and of these by who asks."""

    hour: int
    day: int
    own_hour: int
    own_day: int

    @property
    def are_a_share(self) -> bool:
        """Whether a code that still counts is rather sent again."""
        return any(made >= most for made, most in zip(astuple(self), MOST_CODES, strict=True))

    @property
    def are_too_many(self) -> bool:
        """Whether there is no other at all: so many guesses at a mailbox are nobody's mistakes."""
        return any(made >= most for made, most in zip(astuple(self), MOST_AFTER_ALL, strict=False))


def count_codes(email: str, purpose: str, *, asker: bytes, withheld: bool, now: datetime) -> CodesMade:
    """The codes of a purpose for an address of this hour and this day; one statement."""
    hour, day = EmailCode.created_at > now - timedelta(hours=1), EmailCode.created_at > now - timedelta(days=1)
    own = EmailCode.asker == asker
    counted = {"hour": hour, "day": day, "own_hour": and_(hour, own), "own_day": and_(day, own)}
    counts = [func.count().filter(each).label(name) for name, each in counted.items()]
    of_kind = (EmailCode.email == email, EmailCode.purpose == purpose, EmailCode.withheld.is_(withheld))
    return CodesMade(**db.session.execute(select(*counts).where(*of_kind)).mappings().one())


def find_last_code(
    email: str, purpose: str, registration_id: UUID | None, *, withheld: bool, now: datetime
) -> EmailCode | None:
    """The newest code that may be sent again: neither used nor tried out; of this registration if there is one."""
    statement = (
        select(EmailCode)
        .where(
            EmailCode.email == email,
            EmailCode.purpose == purpose,
            EmailCode.withheld.is_(withheld),
            EmailCode.used_at.is_(None),
            EmailCode.tries < MAX_TRIES,
            EmailCode.created_at > now - SENT_AGAIN_FOR,
        )
        .order_by((EmailCode.registration_id == registration_id).desc().nulls_last(), EmailCode.created_at.desc())
        .limit(1)
    )
    return db.session.scalars(statement).one_or_none()


def list_pending(email: str) -> list[PendingRegistration]:
    """Registrations of an address that wait for their code, newest first."""
    statement = select(PendingRegistration).where(PendingRegistration.email == email)
    return list(db.session.scalars(statement.order_by(PendingRegistration.created_at.desc())))


def is_invitation(code: str) -> bool:
    """Whether an invitation of this code was made, be it spent or over."""
    return db.session.scalar(select(Invitation.id).where(Invitation.code == code)) is not None


def has_uses_left(code: str) -> bool:
    """Whether an invitation of this code lets somebody in at this moment."""
    return bool(db.session.scalar(select(exists().where(*usable(code)))))


def usable(code: str | None) -> tuple[ColumnElement[bool], ...]:
    """That an invitation is the one of this code, and not spent or over."""
    return Invitation.code == code, Invitation.uses_left > 0, Invitation.expires_at > clock.now()


def open_sessions(user_id: UUID) -> Select[Session]:
    """Sign-ins of a person that go on."""
    return select(Session).where(
        Session.user_id == user_id, Session.ended_at.is_(None), Session.expires_at > clock.now()
    )


def list_sessions(actor: Actor, *, limit: int, cursor: str | None) -> pagination.Page:
    """Where a person is signed in, newest first; when each was last used is told by the day (LOC-08)."""
    statement = open_sessions(actor.id).with_only_columns(
        Session.id,
        Session.label,
        (Session.id == actor.session_id).label("current"),
        Session.created_at,
        cast(Session.rotated_at, Date).label("last_used_on"),
    )
    keys = pagination.newest_first(Session.created_at, Session.id)
    return pagination.Page(*pagination.page(statement, keys, limit=limit, cursor=cursor))


def list_blocks(blocker_id: UUID, *, limit: int, cursor: str | None) -> pagination.Page:
    """Whom a person blocked, newest first, as they were called then."""
    statement = (
        select(User.id, func.coalesce(Block.known_as, User.display_name).label("display_name"), Block.created_at)
        .join(User, User.id == Block.blocked_id)
        .where(Block.blocker_id == blocker_id)
    )
    keys = pagination.newest_first(Block.created_at, User.id)
    return pagination.Page(*pagination.page(statement, keys, limit=limit, cursor=cursor))


def list_governors(territory_code: str | None) -> Sequence[UUID]:
    """Who looks after a territory: admins, its moderators, and those who have the whole installation."""
    everywhere = User.territory_code.is_(None)
    there = everywhere if territory_code is None else or_(everywhere, User.territory_code == territory_code)
    governs = or_(User.role == "admin", and_(User.role == "moderator", there))
    return db.session.scalars(select(User.id).where(User.state == "active", governs).order_by(User.id)).all()
