"""What a person chooses to be asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any
from uuid import UUID

from sqlalchemy import delete

from neighbourly.accounts.selectors import Actor, hold_person
from neighbourly.core.db import db
from neighbourly.core.events import publish
from neighbourly.listings import categories
from neighbourly.preferences import selectors
from neighbourly.preferences.density import RADII_M
from neighbourly.preferences.events import PreferencesChanged
from neighbourly.preferences.models import Interest, Preferences, SavedSearch
from neighbourly.preferences.quiet import QuietHours
from neighbourly.preferences.service import absences
from neighbourly.preferences.service.reaching import reach_from_home

QUIET_FROM, QUIET_TO = time(21), time(8)


def make_preferences(*, user_id: UUID) -> Preferences:
    """A new neighbour sleeps at night and is asked three times a week at most, until they say otherwise."""
    made = Preferences(user_id=user_id, quiet_from=QUIET_FROM, quiet_to=QUIET_TO, reach_m=RADII_M[-1])
    db.session.add(made)
    db.session.flush()
    return made


def update_preferences(*, actor: Actor, **changes: Any) -> Preferences:
    """Everyone decides alone what they want to be asked; what is left out stays, types in a map one by one.

    Raises a 422 for an absence that is over already, or ends in more than a year.
    """
    absences.check_end(changes.get("away_until"))
    if "away_until" in changes:
        # As by who is erased: what follows an absence is locked after its person.
        hold_person(actor.id)
    preferences = selectors.get_preferences(actor.id, lock=True)
    _change(preferences, changes)
    if "radius_m" in changes:
        reach_from_home(preferences)
    if "away_until" in changes:
        absences.be_away(preferences, changes["away_until"])
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
            case "push":
                preferences.push = preferences.push | value
            case "away_until":
                pass  # what an absence moves besides is moved by `absences`
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


def forget_person(*, user_id: UUID) -> None:
    """Who leaves takes their wishes along."""
    # The preferences first, as everyone locks them: whoever holds them holds what follows them.
    for table in (Preferences, Interest, SavedSearch):
        db.session.execute(delete(table).where(table.user_id == user_id))
