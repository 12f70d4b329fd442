"""Blocks: neither sees, matches with, writes to or is notified of the other; the other is not told."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from neighbourly.accounts import selectors
from neighbourly.accounts.errors import NotYourself
from neighbourly.accounts.events import PersonBlocked
from neighbourly.accounts.models import Block
from neighbourly.accounts.selectors import Actor
from neighbourly.core.db import db
from neighbourly.core.events import publish


def block_person(*, actor: Actor, user_id: UUID) -> None:
    """Anyone may block anyone; a second time changes nothing."""
    if user_id == actor.id:
        raise NotYourself()
    known_as = selectors.get_user(user_id).display_name
    row = insert(Block).values(blocker_id=actor.id, blocked_id=user_id, known_as=known_as)
    made = db.session.execute(row.on_conflict_do_nothing().returning(Block.blocked_id))
    if made.one_or_none() is not None:
        publish(PersonBlocked(actor.id, user_id))


def unblock_person(*, actor: Actor, user_id: UUID) -> None:
    """Only one's own block can be lifted; none there is no mistake."""
    db.session.execute(delete(Block).where(Block.blocker_id == actor.id, Block.blocked_id == user_id))
