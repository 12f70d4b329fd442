"""Staying signed in: one family of refresh tokens for each sign-in, rotated at every use (SEC-09, SEC-10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, exists, false, func, or_, select, update

from neighbourly.accounts import selectors, tokens
from neighbourly.accounts.errors import RefreshRefused, RefreshReused
from neighbourly.accounts.events import EndedBecause, PasswordChanged, SessionEnded
from neighbourly.accounts.models import Session, User
from neighbourly.accounts.next_steps import next_steps
from neighbourly.accounts.selectors import Actor
from neighbourly.accounts.service import notices
from neighbourly.accounts.service.codes import OF_AN_ACCOUNT, void_codes
from neighbourly.core import clock
from neighbourly.core.config import settings
from neighbourly.core.db import commit, db, locked
from neighbourly.core.errors import NotFound
from neighbourly.core.events import publish

LIVES = timedelta(days=180)
MOST_SESSIONS = 30
"""More than anybody has devices; the thirty last used go on."""
log = structlog.get_logger("security")


@dataclass(frozen=True)
class SignedIn:
    """What a phone keeps: who it is, a short access token, a refresh token, and what to do next."""

    user: User
    access_token: str
    refresh_token: str
    expires_at: datetime
    next_steps: list[str]


def open_session(
    *, user: User, installation_id: str | None, label: str, network: str = "", proven: bool = False, tell: bool = False
) -> SignedIn:
    """A new sign-in begins its own family; others go on, but for the longest unused beyond thirty (SEC-16).

    `proven`: its person has just shown that the account is theirs. `tell`: they hear of it by mail, where the account
    has been signed in to before and knows neither this installation nor, where that has no id, this network.
    """
    now = clock.now()
    if tell and _is_new(user.id, installation_id, network):
        notices.tell(user.id, "signed_in", label=label[:80])
    session = Session(
        user_id=user.id,
        installation_id=installation_id,
        network_digest=network_digest(user.id, network),
        label=label[:80],
        rotated_at=now,
        proven_at=now if proven else None,
        expires_at=now + LIVES,
    )
    db.session.add(session)
    db.session.flush()
    _end_longest_unused(user.id)
    _note_seen(user)
    log.info("signed in", user=str(user.id), session=str(session.id))
    return _pair(session, user)


def _end_longest_unused(user_id: UUID) -> None:
    """A phone that was lost, or an app that was installed anew, leaves a sign-in behind that nobody ends."""
    beyond = selectors.open_sessions(user_id).order_by(Session.rotated_at.desc(), Session.id.desc())
    for session in db.session.scalars(beyond.offset(MOST_SESSIONS).with_for_update(skip_locked=True)):
        end_session(session, because="lapsed")


def network_digest(user_id: UUID, network: str) -> bytes | None:
    """By which a network is known again at this account, and at no other; nothing where it is not known."""
    return tokens.digest(settings().secret_key, "network", user_id, network) if network else None


def knows(user_id: UUID, installation_id: str | None, network: str) -> bool:
    """Whether an account has been signed in to from this installation or this network, as far as that is kept."""
    known = exists().where(Session.user_id == user_id, _from(user_id, installation_id, network))
    return bool(db.session.scalar(select(known)))


def _from(user_id: UUID, installation_id: str | None, network: str) -> ColumnElement[bool]:
    digest = network_digest(user_id, network)
    same_network = Session.network_digest == digest if digest else false()
    return or_(Session.installation_id == installation_id if installation_id else false(), same_network)


def _is_new(user_id: UUID, installation_id: str | None, network: str) -> bool:
    same = Session.installation_id == installation_id if installation_id else _from(user_id, None, network)
    before, there = db.session.execute(
        select(func.count(), func.count().filter(same)).where(Session.user_id == user_id)
    ).one()
    return before > 0 and there == 0


def refresh(*, refresh_token: str, installation_id: str | None) -> SignedIn:
    """A refresh token works once; one used twice ends its family, unless its successor never arrived (SEC-10).

    As long as the successor was neither refreshed nor its access token seen, the same token from the installation
    that used it gets the same successor again, however long it was without a network. Whose family ends is told.
    """
    token = tokens.read_refresh(settings().secret_key, refresh_token)
    session = locked(select(Session).where(Session.id == token.session_id)) if token else None
    if token is None or session is None or session.ended_at or session.expires_at <= clock.now():
        raise RefreshRefused(about=session.user_id if session else None)
    user = db.session.get_one(User, session.user_id)
    if user.state != "active":
        raise RefreshRefused(about=user.id)
    if token.generation == session.generation:
        session.generation += 1
        session.rotated_at = clock.now()
        session.installation_id = installation_id
        _note_seen(user)
    elif _is_retry(token, session, installation_id):
        _renew_access(session)
    else:
        end_session(session, because="reused")
        notices.tell(user.id, "signed_out", label=session.label)
        raise RefreshReused(about=user.id)
    return _pair(session, user)


def _is_retry(token: tokens.RefreshToken, session: Session, installation_id: str | None) -> bool:
    return (
        token.generation == session.generation - 1
        and session.arrived_generation < session.generation
        and installation_id == session.installation_id
    )


def _renew_access(session: Session) -> None:
    """So that an answer that comes late holds an access token that lives; one just lost holds the same again."""
    if clock.now() - session.rotated_at > tokens.ACCESS_FOR / 2:
        session.rotated_at = clock.now()


def note_arrived(session_id: UUID, generation: int) -> None:
    """A phone showed that it has the pair of this generation; kept at once, before its request does anything."""
    latest = update(Session).where(Session.id == session_id, Session.generation == generation)
    db.session.execute(latest.values(arrived_generation=generation))
    commit()


def _note_seen(user: User) -> None:
    """By the day, and without a new version of the account: its owner changed nothing."""
    today = clock.now().date()
    if user.last_seen_on != today:
        db.session.execute(update(User).where(User.id == user.id).values(last_seen_on=today))


def end_session(session: Session, *, because: EndedBecause = "asked") -> None:
    """Access ends at once, and the phone gets no more pushes."""
    if session.ended_at is None:
        session.ended_at = clock.now()
        db.session.flush()
        log.info("signed out", user=str(session.user_id), session=str(session.id))
        publish(SessionEnded(session.id, because))


def end_all_sessions(user_id: UUID, *, but: UUID | None = None) -> None:
    """Sign a person out everywhere, but for the session named (after a password change, a suspension, an erasure)."""
    for session in db.session.scalars(selectors.open_sessions(user_id)):
        if session.id != but:
            end_session(session)


def end_what_the_password_opened(user: User, *, but: UUID | None = None) -> None:
    """After another password: no code sent before counts, nobody is signed in but here, no calendar is read."""
    for purpose in OF_AN_ACCOUNT:
        void_codes(user.email, purpose)
    end_all_sessions(user.id, but=but)
    publish(PasswordChanged(user.id))


def end_lapsed_sessions() -> None:
    """A sign-in that nobody renewed in time is over, for its phone's pushes too."""
    lapsed = select(Session).where(Session.ended_at.is_(None), Session.expires_at <= clock.now())
    for session in db.session.scalars(lapsed):
        end_session(session, because="lapsed")


def log_out(*, refresh_token: str | None, session_id: UUID | None) -> None:
    """Whoever holds a token of a session may end it; one that has ended stays so."""
    token = tokens.read_refresh(settings().secret_key, refresh_token) if refresh_token else None
    wanted = token.session_id if token else session_id
    session = locked(select(Session).where(Session.id == wanted)) if wanted else None
    if session is None:
        raise RefreshRefused()
    end_session(session)


def delete_session(*, actor: Actor, session_id: UUID) -> None:
    """A person may end any sign-in of their own."""
    session = locked(selectors.open_sessions(actor.id).where(Session.id == session_id))
    if session is None:
        raise NotFound()
    end_session(session)


def _pair(session: Session, user: User) -> SignedIn:
    """The current pair of tokens, computed from the row: a retry gets the same."""
    secret = settings().secret_key
    return SignedIn(
        user=user,
        access_token=tokens.write_access(
            secret,
            user_id=user.id,
            session_id=session.id,
            generation=session.generation,
            issued_at=session.rotated_at,
        ),
        refresh_token=tokens.write_refresh(secret, tokens.RefreshToken(session.id, session.generation)),
        expires_at=session.rotated_at.replace(microsecond=0) + tokens.ACCESS_FOR,
        next_steps=next_steps(user.id),
    )
