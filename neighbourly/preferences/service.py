"""Use cases of preferences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update

from neighbourly.accounts.selectors import Actor
from neighbourly.core import cells
from neighbourly.core.db import db
from neighbourly.core.events import publish
from neighbourly.listings import categories
from neighbourly.places.models import Home
from neighbourly.places.selectors import find_home
from neighbourly.preferences import selectors
from neighbourly.preferences.density import RADII_M
from neighbourly.preferences.events import PreferencesChanged
from neighbourly.preferences.models import Interest, Preferences
from neighbourly.preferences.quiet import QuietHours

QUIET_FROM, QUIET_TO = time(21), time(8)
CELLS_A_BATCH = 500


def make_preferences(*, user_id: UUID) -> Preferences:
    """A new neighbour sleeps at night and is asked three times a week at most, until they say otherwise."""
    made = Preferences(user_id=user_id, quiet_from=QUIET_FROM, quiet_to=QUIET_TO, reach_m=RADII_M[-1])
    db.session.add(made)
    db.session.flush()
    return made


def update_preferences(*, actor: Actor, **changes: Any) -> Preferences:
    """Everyone decides alone what they want to be asked; what is left out stays, types in a map one by one."""
    preferences = selectors.get_preferences(actor.id, lock=True)
    _change(preferences, changes)
    if "radius_m" in changes:
        _follow_home(preferences)
    db.session.flush()
    publish(PreferencesChanged(actor.id))
    return preferences


def _change(preferences: Preferences, changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        match name:
            case "interests":
                preferences.take_interest_in(value)
            case "quiet_hours":
                preferences.quiet_hours = value and QuietHours(**value)
            case "push" | "email":
                setattr(preferences, name, getattr(preferences, name) | value)
            case _:
                setattr(preferences, name, value)


def lower_asks(*, actor: Actor) -> Preferences:
    """One ask a week less, down to none."""
    preferences = selectors.get_preferences(actor.id, lock=True)
    preferences.asks_per_week = max(0, preferences.asks_per_week - 1)
    return preferences


def drop_interest(*, actor: Actor, category: str) -> tuple[Preferences, bool]:
    """An interest ends; where only the whole family was one, its other categories stay.

    The flag says whether there was an interest to drop.
    """
    preferences = selectors.get_preferences(actor.id, lock=True)
    interests = set(preferences.interests)
    for parent in interests.intersection(categories.ancestors(category)):
        interests.remove(parent)
        interests.update(child for child in categories.with_descendants(parent) if child != parent)
    interests.discard(category)
    dropped = interests != set(preferences.interests)
    preferences.take_interest_in(interests)
    return preferences, dropped


def follow_home(*, user_id: UUID) -> None:
    """Who moves hears of needs around the new home; who has none hears of none."""
    preferences = selectors.get_preferences(user_id)
    _follow_home(preferences)
    db.session.flush()
    publish(PreferencesChanged(user_id))


def _follow_home(preferences: Preferences) -> None:
    home = find_home(preferences.user_id)
    if home is None:
        preferences.be_reached(preferences.radius_m or RADII_M[-1], None)
        return
    radius = preferences.radius_m or selectors.radius_around(home.cell)
    preferences.be_reached(radius, cells.box_around(home.cell, radius))


def renew_radii(*, after: cells.Cell) -> cells.Cell | None:
    """Who left the radius open hears from as far as 50 neighbours live: a batch of cells beyond `after`.

    Returns the last cell looked at, to go on from; None when there is none left.
    """
    radii = selectors.radii_after(after, CELLS_A_BATCH)
    for cell, radius in radii:
        box = cells.box_around(cell, radius)
        moved = db.session.scalars(_renewed(cell, radius, box)).all()
        if moved:
            db.session.execute(update(Interest).where(Interest.user_id.in_(moved)).values(reach=box))
    return radii[-1][0] if radii else None


def _renewed(cell: cells.Cell, radius: int, box: tuple[float, float, float, float]) -> Any:
    return (
        update(Preferences)
        .where(
            Preferences.user_id == Home.user_id,
            Home.cell == cell,
            Preferences.radius_m.is_(None),
            Preferences.reach_m != radius,
        )
        .values(reach_m=radius, reach=box)
        .returning(Preferences.user_id)
        .execution_options(synchronize_session=False)
    )


def forget_person(*, user_id: UUID) -> None:
    """Who leaves takes their wishes along."""
    db.session.execute(delete(Interest).where(Interest.user_id == user_id))
    db.session.execute(delete(Preferences).where(Preferences.user_id == user_id))
