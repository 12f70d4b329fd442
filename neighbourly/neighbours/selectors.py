"""Reading the public face of a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from neighbourly.accounts.models import User
from neighbourly.accounts.selectors import unblocked
from neighbourly.answers.models import Answer
from neighbourly.answers.selectors import WILLING
from neighbourly.core import clock
from neighbourly.core.cells import metres_between
from neighbourly.core.db import aliased, db
from neighbourly.core.errors import NotFound
from neighbourly.exchanges.models import Exchange
from neighbourly.neighbours.activity import LOOKED_BACK, active
from neighbourly.places.models import Home
from neighbourly.preferences.models import Preferences
from neighbourly.territories.models import Territory
from neighbourly.thanks.selectors import Said, list_about

THANKS = 10
TOOK_PLACE = ("handed_over", "returned", "confirmed")
_From = aliased(Home, name="looked_from")


@dataclass(frozen=True)
class Face:
    """Somebody as neighbours see them: nothing that counts failures or rates."""

    id: UUID
    display_name: str
    bio: str
    neighbourhood: Territory | None
    distance_m: int | None
    member_since: str
    active: str
    paused: bool
    thanks: Sequence[Said]
    photo: str | None = None
    vouched_by: Sequence[object] = ()


def _faces(viewer_id: UUID, since: datetime) -> Any:
    """Everyone whom this person may see, with what they did since: one row each."""
    took_place = select(func.count()).where(
        or_(Exchange.giver_id == User.id, Exchange.receiver_id == User.id),
        Exchange.state.in_(TOOK_PLACE),
        Exchange.updated_at > since,
    )
    answered = select(func.count()).where(
        Answer.user_id == User.id, Answer.answer.in_(WILLING), Answer.updated_at > since
    )
    return (
        select(
            User,
            Home.cell,
            _From.cell.label("looked_from"),
            Territory,
            Preferences.away_until,
            (took_place.correlate(User).scalar_subquery() + answered.correlate(User).scalar_subquery()).label("deeds"),
        )
        .outerjoin(Home, Home.user_id == User.id)
        .outerjoin(_From, _From.user_id == viewer_id)
        .outerjoin(Territory, Territory.id == Home.neighbourhood_id)
        .outerjoin(Preferences, Preferences.user_id == User.id)
        .where(User.state == "active", unblocked(viewer_id, User.id))
    )


def get_face(user_id: UUID, viewer_id: UUID, language: str) -> Face:
    """Two statements; `NotFound` for who is not there, was suspended, or with whom there is a block."""
    now = clock.now()
    statement = _faces(viewer_id, now - LOOKED_BACK).where(User.id == user_id)
    row = db.session.execute(statement).one_or_none()
    if row is None:
        raise NotFound()
    apart = None if row.cell is None or row.looked_from is None else metres_between(row.looked_from, row.cell)
    return Face(
        id=row.User.id,
        display_name=row.User.display_name,
        bio=row.User.bio,
        neighbourhood=row.Territory,
        distance_m=apart,
        member_since=row.User.created_at.strftime("%Y-%m"),
        active=active(row.User.created_at, row.deeds, now),
        paused=row.away_until is not None and row.away_until > now,
        thanks=list_about(user_id, viewer_id, language=language, limit=THANKS),
    )
