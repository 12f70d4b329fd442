"""Writing and proving the audit log. Entries hold ids and codes, never names or texts (GDP-02)."""

from __future__ import annotations

import hashlib
from contextlib import closing
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import BigInteger, Identity, LargeBinary, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from neighbourly.core import clock
from neighbourly.core.db import Base, db

CHAIN_LOCK = 0x6E626C79
"""One writer at a time: the next entry needs the hash of the last (advisory, until the transaction ends)."""


class AuditEntry(Base):
    """One act; a trigger of the database refuses its change and its removal."""

    __tablename__ = "audit_entries"

    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    act: Mapped[str]
    subject_id: Mapped[UUID | None]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    previous: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[bytes] = mapped_column(LargeBinary)

    def expected_digest(self) -> bytes:
        """SHA-256 over the entry and the digest before it."""
        content = [self.at.astimezone(UTC), self.actor_id, self.act, self.subject_id, self.data, self.previous.hex()]
        return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).digest()


def record(act: str, *, actor_id: UUID | None, subject_id: UUID | None = None, **data: str | int | None) -> AuditEntry:
    """Append an entry in this transaction. `actor_id` is None for someone at the server's own command line."""
    db.session.execute(select(func.pg_advisory_xact_lock(CHAIN_LOCK)))
    last = db.session.scalar(select(AuditEntry.digest).order_by(AuditEntry.number.desc()).limit(1))
    entry = AuditEntry(
        at=clock.now(), actor_id=actor_id, act=act, subject_id=subject_id, data=data, previous=last or b"\0" * 32
    )
    entry.digest = entry.expected_digest()
    db.session.add(entry)
    db.session.flush()
    return entry


def first_broken() -> int | None:
    """The number of the first entry that does not follow from the one before; None when the log is whole."""
    before = b"\0" * 32
    statement = select(AuditEntry).order_by(AuditEntry.number).execution_options(yield_per=1000)
    with closing(db.session.scalars(statement)) as entries:
        for entry in entries:
            if entry.previous != before or entry.digest != entry.expected_digest():
                return entry.number
            before = entry.digest
    return None
