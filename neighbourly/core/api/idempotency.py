"""`Idempotency-Key`: the key and the effect in one transaction, so that a retry finds both or neither (REL-01).

Before anyone is signed in, the caller is whoever sends the same body from the same address: no one else behind that
address, be it with the same key, meets the answer or is kept from their own.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from flask import Response, request
from sqlalchemy import Index, LargeBinary, Uuid, bindparam, delete, func, or_, select, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from neighbourly.core import clock
from neighbourly.core.api.limits import address
from neighbourly.core.config import settings
from neighbourly.core.db import Base, db
from neighbourly.core.errors import Conflict, Unprocessable, fault

KEPT_FOR = timedelta(hours=24)
REPLAYED = "Idempotency-Replayed"
KEPT_HEADERS = ("Location", "ETag", "Content-Language")
AN_ID = re.compile(rb"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class StillRunning(Conflict):
    """The first call with this key is under way."""

    title = {"fr": "Cette demande est déjà en cours", "en": "This request is already under way"}


class IdempotencyKeyReused(Unprocessable):
    """The key came before with another body."""

    title = {"fr": "Cette clé a déjà servi pour autre chose", "en": "This key was used for something else"}


class StoredAnswer(Base):
    """What was answered to a key of a caller on a route; only successes are stored.

    Of who is not signed in, `caller_id` is made of their address and body: neither can be read from it.
    """

    __tablename__ = "stored_answers"
    __table_args__ = (Index("ix_stored_answers_mentioned_ids", "mentioned_ids", postgresql_using="gin"),)

    caller_id: Mapped[UUID] = mapped_column(primary_key=True)
    route: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int]
    headers: Mapped[dict[str, str]] = mapped_column(JSONB)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    mentioned_ids: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid))
    """Every id in the body, people's among them: by these it goes with each person whom it names (GDP-02)."""
    created_at: Mapped[datetime] = mapped_column(index=True)


IN_BODY = text("position(:needle IN stored_answers.body) > 0").bindparams(bindparam("needle", type_=LargeBinary()))
"""That these bytes stand in a stored answer."""


class Attempt:
    """One call with a key: finds the stored answer, or remembers the one it gets."""

    def __init__(self, caller_id: UUID, key: str, fingerprint: bytes) -> None:
        self.caller_id = caller_id
        self.key = key
        self.route = f"{request.method} {request.path}"
        self.fingerprint = fingerprint

    def replay(self) -> Response | None:
        """The stored answer, or None for the first call; raises `StillRunning`, `IdempotencyKeyReused`."""
        self._lock()
        stored = db.session.get(StoredAnswer, (self.caller_id, self.route, self.key))
        if stored is not None and stored.created_at < clock.now() - KEPT_FOR:
            db.session.delete(stored)
            db.session.flush()
            return None
        if stored is None:
            return None
        if stored.fingerprint != self.fingerprint:
            raise IdempotencyKeyReused()
        response = Response(stored.body, stored.status, mimetype="application/json", headers=stored.headers)
        response.headers[REPLAYED] = "true"
        return response

    def remember(self, response: Response) -> None:
        """Store a success beside its effect, to be committed with it."""
        if response.status_code >= 300:
            return
        db.session.add(
            StoredAnswer(
                caller_id=self.caller_id,
                route=self.route,
                key=self.key,
                fingerprint=self.fingerprint,
                status=response.status_code,
                headers={name: response.headers[name] for name in KEPT_HEADERS if name in response.headers},
                body=response.get_data(),
                mentioned_ids=_ids_in(response.get_data()),
                created_at=clock.now(),
            )
        )
        db.session.flush()

    def _lock(self) -> None:
        name = hashlib.blake2b(f"{self.caller_id} {self.route} {self.key}".encode(), digest_size=8).digest()
        number = int.from_bytes(name, "big", signed=True)
        if not db.session.scalar(select(func.pg_try_advisory_xact_lock(number))):
            raise StillRunning(headers={"Retry-After": "1"})


def attempt(caller_id: UUID | None, fields: Any) -> Attempt | None:
    """The attempt that this request is, where it carries a key; raises a 422 for an impossible key.

    `caller_id` is None for who is not signed in.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None or request.method != "POST":
        return None
    if not 1 <= len(key) <= 200 or not key.isprintable():
        raise fault(
            "/Idempotency-Key",
            "bad_length",
            fr="La clé doit avoir de 1 à 200 caractères lisibles.",
            en="The key must have 1 to 200 printable characters.",
        )
    content = orjson.dumps(fields, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS, default=str)
    if caller_id is None:
        sealed = _sealed(content)
        return Attempt(UUID(bytes=sealed[:16]), key, sealed)
    return Attempt(caller_id, key, hashlib.sha256(content).digest())


def _sealed(content: bytes) -> bytes:
    """Address and body under the installation's secret: a plain digest would let passwords and addresses be tried."""
    message = b"\0".join((b"idempotency", address().encode(), content))
    return hmac.digest(settings().secret_key.encode(), message, "sha256")


def forget_old() -> int:
    """Delete what is older than 24 hours; how many."""
    result = db.session.execute(delete(StoredAnswer).where(StoredAnswer.created_at < clock.now() - KEPT_FOR))
    return int(result.rowcount)  # type: ignore[attr-defined]


def forget_person(user_id: UUID) -> None:
    """Delete every answer kept for this person, and every one for others that names them (they are being erased).

    Of answers that an earlier version stored, and which go within a day, the body itself is searched.
    """
    named = StoredAnswer.mentioned_ids.contains([user_id])
    unknown = StoredAnswer.mentioned_ids.is_(None) & IN_BODY.bindparams(needle=str(user_id).encode())
    db.session.execute(delete(StoredAnswer).where(or_(StoredAnswer.caller_id == user_id, named, unknown)))


def _ids_in(body: bytes) -> list[UUID]:
    return [UUID(each.decode()) for each in dict.fromkeys(AN_ID.findall(body))]
