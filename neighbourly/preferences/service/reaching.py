"""How far a person hears from, and what follows from it for their interests and searches."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from neighbourly.core import cells
from neighbourly.core.db import db
from neighbourly.core.events import publish
from neighbourly.places.models import Home
from neighbourly.places.selectors import find_home
from neighbourly.preferences import selectors
from neighbourly.preferences.density import RADII_M
from neighbourly.preferences.events import PreferencesChanged
from neighbourly.preferences.models import Interest, Preferences, SavedSearch

CELLS_A_BATCH = 500


def follow_home(*, user_id: UUID) -> None:
    """Who moves hears of needs around the new home; who has none hears of none."""
    preferences = selectors.get_preferences(user_id)
    reach_from_home(preferences)
    db.session.flush()
    publish(PreferencesChanged(user_id))


def reach_from_home(preferences: Preferences) -> None:
    """The radius in force lies around the home as it is now; interests and searches follow."""
    home = find_home(preferences.user_id)
    if home is None:
        preferences.be_reached(preferences.radius_m or RADII_M[-1], None)
    else:
        radius = preferences.radius_m or selectors.radius_around(home.cell, preferences.user_id)
        preferences.be_reached(radius, cells.box_around(home.cell, radius))
    # Written first: whoever saves a search meanwhile is waited for, and what they saved follows too.
    db.session.flush()
    _let_searches_follow(preferences, home)


def _let_searches_follow(preferences: Preferences, home: Home | None) -> None:
    """A search with a radius of its own keeps that, around the new home."""
    own = SavedSearch.user_id == preferences.user_id
    for radius in db.session.scalars(select(SavedSearch.radius_m).where(own).distinct()).all():
        alike = update(SavedSearch).where(own, SavedSearch.radius_m.is_not_distinct_from(radius))
        reach = reach_of(preferences, home, radius)
        db.session.execute(alike.values(reach=reach).execution_options(synchronize_session="fetch"))


def reach_of(
    preferences: Preferences, home: Home | None, radius_m: int | None
) -> tuple[float, float, float, float] | None:
    """The box in which an offer finds a search of that radius; None: the person's own."""
    if home is None or radius_m is None:
        return preferences.reach
    return cells.box_around(home.cell, radius_m)


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
            open_ones = SavedSearch.user_id.in_(moved), SavedSearch.radius_m.is_(None)
            db.session.execute(update(SavedSearch).where(*open_ones).values(reach=box))
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
