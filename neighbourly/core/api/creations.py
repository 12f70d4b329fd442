"""Client-made ids: the digest of each creating request, so that a replay is known again whatever became of the thing.

A phone that never heard an answer sends the same request again, be it days later. It gets the thing as it is now, also
where it was changed meanwhile (REL-07).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from marshmallow import Schema
from sqlalchemy import LargeBinary, delete
from sqlalchemy.orm import Mapped, mapped_column

from neighbourly.core import clock
from neighbourly.core.db import Base, db, take_turns
from neighbourly.core.errors import Gone, IdTaken, NotFound, require

KEPT_FOR = timedelta(days=90)


@dataclass(frozen=True)
class Creates:
    """What a creating `POST` makes, as its route says it.

    `kind` names the things among which an id stands for one; `get_again(actor=, id=, **path)` gives the view's answer
    for a thing that is there already, and raises `NotFound` where it is no longer.
    """

    kind: str
    get_again: Callable[..., Any]


class Creation(Base):
    """What somebody made under an id of their own choice; of what was said only a digest."""

    __tablename__ = "creations"

    kind: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(index=True)
    thing_id: Mapped[UUID]
    """What was answered with: mostly the thing of that id itself."""
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True)
class CreatingRequest:
    """One creating request under a client-made id."""

    kind: str
    id: UUID
    owner_id: UUID
    path: Mapping[str, Any]
    said: Mapping[str, Any] = field(repr=False)

    @property
    def digest(self) -> bytes:
        """Of what was sent, parsed: neither the order of the fields counts, nor defaults, nor what is null."""
        content = {"path": self.path, "said": _without_nulls(self.said)}
        return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z)).digest()

    def find(self) -> UUID | None:
        """The thing that came of the same request, else None; nobody else uses the id until the transaction ends.

        Raises `IdTaken` where the id came with another content or from somebody else.
        """
        take_turns(self.id)
        known = db.session.get(Creation, (self.kind, self.id))
        if known is None:
            return None
        require((known.owner_id, known.digest) == (self.owner_id, self.digest), IdTaken)
        return known.thing_id

    def note(self, thing_id: UUID) -> None:
        """Keep what the id stands for, to be committed with the thing."""
        made = Creation(
            kind=self.kind,
            id=self.id,
            owner_id=self.owner_id,
            thing_id=thing_id,
            digest=self.digest,
            created_at=clock.now(),
        )
        db.session.add(made)


def read_request(
    creates: Creates, schema: type[Schema], sent: Mapping[str, Any], owner_id: UUID, path: Mapping[str, Any]
) -> CreatingRequest | None:
    """The creating request in a body that the schema has taken; None where the client leaves the id to us."""
    said = schema().load(sent, partial=True)  # no defaults: they may differ in the next version
    id = said.pop("id", None)
    return None if id is None else CreatingRequest(creates.kind, id, owner_id, path, said)


def get_again(creates: Creates, thing_id: UUID, arguments: Mapping[str, Any]) -> Any:
    """The view's answer for what is there already, as it is now; raises `Gone` where it was deleted since."""
    try:
        return creates.get_again(id=thing_id, **arguments)
    except NotFound as reason:
        raise Gone() from reason


def _without_nulls(said: Any) -> Any:
    if isinstance(said, dict):
        return {name: _without_nulls(value) for name, value in said.items() if value is not None}
    if isinstance(said, list):
        return [_without_nulls(each) for each in said]
    return said


def forget_old() -> None:
    """Delete what nobody sends again after ninety days."""
    db.session.execute(delete(Creation).where(Creation.created_at < clock.now() - KEPT_FOR))


def forget_owner(owner_id: UUID) -> None:
    """Delete every digest of what this person said (their account is being erased)."""
    db.session.execute(delete(Creation).where(Creation.owner_id == owner_id))
