"""Reading preferences and searches, and how far near is for someone who left it open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, String, func, literal, or_, select, true
from sqlalchemy.dialects.postgresql import distinct_on

from neighbourly.accounts.models import User
from neighbourly.accounts.selectors import unblocked
from neighbourly.core import cells
from neighbourly.core.api import pagination
from neighbourly.core.bands import beginning_of
from neighbourly.core.db import Box, Point, aliased, db, locked, metres_apart
from neighbourly.core.errors import NotFound
from neighbourly.core.language import fold
from neighbourly.listings import categories
from neighbourly.places.models import Home
from neighbourly.places.selectors import settled_homes
from neighbourly.preferences.density import ENOUGH_NEIGHBOURS, STILL_ENOUGH, radius_holding, radius_told
from neighbourly.preferences.models import CellRadius, Interest, InterestFigure, Preferences, SavedSearch

LEAST_CIRCLE_M = 2_000
"""A cell of resolution 7 lies within this of its centre."""

NEAR_ENOUGH_M = 5_000
"""So far one goes for what was agreed or waited for, however near one looks for new things."""


@dataclass(frozen=True)
class StandingSearch:
    """What somebody looks for around their home, as far as whoever offers something is concerned."""

    id: UUID
    user_id: UUID
    q: str
    kind: str | None
    category: str | None
    radius_m: int
    """In force: the search's own, or the person's."""
    home: cells.Cell
    vector: bytes | None
    encoder: str | None


def get_preferences(user_id: UUID, *, lock: bool = False) -> Preferences:
    """What someone wants to be asked, or `NotFound`."""
    statement = select(Preferences).where(Preferences.user_id == user_id)
    found = locked(statement) if lock else db.session.get(Preferences, user_id)
    if found is None:
        raise NotFound()
    return found


def has_interests(user_id: UUID) -> bool:
    """Whether someone named at least one category."""
    return db.session.scalar(select(Interest.user_id).where(Interest.user_id == user_id).limit(1)) is not None


def radius_around(cell: cells.Cell, but_for: UUID | None = None) -> int:
    """The radius that is told around a cell; at most three statements.

    What the night counted for those who live there and left it open, else around its town; counted now only in a town
    where nobody lived that night. So who moves on a grid does not count who else lives there at the moment (LOC-12).
    """
    told = _told_in(literal(cell))
    if but_for is not None:
        told = told.where(Preferences.user_id != but_for)
    around = select_radius_of_town(cell).scalar_subquery()
    radius = db.session.scalar(select(func.coalesce(told.scalar_subquery(), around)))
    return count_radius(cell) if radius is None else radius


def _told_in(cell: ColumnElement[str]) -> Select[Any]:
    other = aliased(Home, name="told_to")
    told = select(func.max(Preferences.reach_m)).join(other, other.user_id == Preferences.user_id)
    return told.where(other.cell == cell, Preferences.radius_m.is_(None))


def select_radius_of_town(cell: cells.Cell) -> Select[int]:
    """The radius that the night counted around the town in which a cell lies, as a part of a statement."""
    return select(CellRadius.radius_m).where(CellRadius.cell == cells.coarsen(cell, cells.TOWN))


def recount_radius(town: cells.Cell) -> int:
    """The radius to tell around a cell of resolution 7 from now on; three statements."""
    away = metres_apart(Home.location, literal(cells.mercator(town), Point()))
    nearest = select(away).order_by(away).limit(1)
    near, far = (db.session.scalar(nearest.offset(each)) for each in (STILL_ENOUGH, ENOUGH_NEIGHBOURS))
    told = db.session.scalar(select(CellRadius.radius_m).where(CellRadius.cell == town))
    return radius_told(told, enough=_radius_of(far, town), still=_radius_of(near, town))


def count_radius(cell: cells.Cell) -> int:
    """The smallest of 1, 2, 5, 10 and 20 km that holds 50 neighbours around a cell; one statement."""
    away = metres_apart(Home.location, literal(cells.mercator(cell), Point()))
    # The one who lives there is the first of the row, so that the neighbour who counts stands one place further.
    nearest = select(away).order_by(away)
    return _radius_of(db.session.scalar(nearest.offset(ENOUGH_NEIGHBOURS).limit(1)), cell)


def radii_after(cell: cells.Cell, limit: int) -> Sequence[tuple[cells.Cell, int]]:
    """The next cells with homes in the order of their names, and the radius to tell from now on; one statement."""
    inhabited = select(Home.cell, Home.location).ext(distinct_on(Home.cell)).where(Home.cell > cell)
    here = inhabited.order_by(Home.cell).limit(limit).subquery()
    other = aliased(Home, name="other")
    away = metres_apart(other.location, here.c.location)
    nearest = select(away).order_by(away).limit(1)
    enough, still = (nearest.offset(each).scalar_subquery() for each in (ENOUGH_NEIGHBOURS, STILL_ENOUGH))
    told = _told_in(here.c.cell).correlate(here).scalar_subquery()
    rows = db.session.execute(select(here.c.cell, told, enough, still).order_by(here.c.cell))
    return [
        (at, radius_told(was, enough=_radius_of(far, at), still=_radius_of(near, at))) for at, was, far, near in rows
    ]


def _radius_of(far: float | None, cell: cells.Cell) -> int:
    return radius_holding(None if far is None else far / cells.mercator_reach(1, cell))


def tell_interested(cell: cells.Cell, category: str) -> int:
    """About how many take an interest in a category around a cell: the lower end of a band, 0 below eleven (LOC-12).

    As the night counted it around the cell of resolution 7; one statement.
    """
    told = select(InterestFigure.band).where(
        InterestFigure.cell == cells.coarsen(cell, cells.TOWN), InterestFigure.category == category
    )
    return beginning_of(db.session.scalar(told) or 0)


def list_towns() -> list[cells.Cell]:
    """The cells of resolution 7 with homes in them; one statement."""
    return sorted({cells.coarsen(cell, cells.TOWN) for cell in db.session.scalars(select(Home.cell).distinct())})


def count_interested(town: cells.Cell, radius_m: int) -> dict[str, int]:
    """How many settled neighbours whom one may ask take an interest in a category or one of its parents, by category.

    Within the circle that holds 50 neighbours around the centre of the cell, or 2 km, so that the cell lies in it.
    One statement; `radius_m` is that of the circle.
    """
    reach = cells.mercator_reach(max(radius_m, LEAST_CIRCLE_M) + cells.HALF_A_METRE, town)
    within = Home.location.op("<@", is_comparison=True)(func.circle(literal(cells.mercator(town), Point()), reach))
    pairs = [(slug, each) for slug in categories.CATEGORIES for each in (slug, *categories.ancestors(slug))]
    asked, liked = zip(*pairs, strict=True)
    among = func.unnest(literal(asked, ARRAY(String())), literal(liked, ARRAY(String()))).table_valued("asked", "liked")
    among = among.render_derived()
    people = (
        select(among.c.asked, func.count(Interest.user_id.distinct()))
        .join(Interest, Interest.category == among.c.liked)
        .join(Home, Home.user_id == Interest.user_id)
        .join(Preferences, Preferences.user_id == Interest.user_id)
        .join(User, User.id == Interest.user_id)
        .where(within, settled_homes(), User.state == "active", Preferences.asks_per_week > 0)
        .group_by(among.c.asked)
    )
    return dict(db.session.execute(people).all())


def list_figures(town: cells.Cell) -> dict[str, int]:
    """The bands that are told of a cell of resolution 7, by category; one statement."""
    told = select(InterestFigure.category, InterestFigure.band).where(InterestFigure.cell == town)
    return dict(db.session.execute(told).all())


def get_search(search_id: UUID, user_id: UUID, *, lock: bool = False) -> SavedSearch:
    """One's own search, or `NotFound` (SEC-03)."""
    statement = select(SavedSearch).where(SavedSearch.id == search_id, SavedSearch.user_id == user_id)
    found = locked(statement) if lock else db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound()
    return found


def list_searches(user_id: UUID, *, limit: int, cursor: str | None) -> pagination.Page:
    """One's own searches, newest first."""
    statement = select(
        SavedSearch.id,
        SavedSearch.q,
        SavedSearch.kind,
        SavedSearch.category,
        SavedSearch.radius_m,
        SavedSearch.created_at,
    ).where(SavedSearch.user_id == user_id)
    keys = pagination.newest_first(SavedSearch.created_at, SavedSearch.id)
    return pagination.Page(*pagination.page(statement, keys, limit=limit, cursor=cursor))


def find_same_search(said: Mapping[str, Any]) -> SavedSearch | None:
    """A search of the same person's for the same words (capitals and accents aside), kind, category and radius."""
    alike = select(SavedSearch).where(
        SavedSearch.user_id == said["user_id"],
        SavedSearch.kind.is_not_distinct_from(said["kind"]),
        SavedSearch.category.is_not_distinct_from(said["category"]),
        SavedSearch.radius_m.is_not_distinct_from(said["radius_m"]),
    )
    found = db.session.scalars(alike.order_by(SavedSearch.created_at, SavedSearch.id))
    return next((each for each in found if fold(each.q) == fold(said["q"])), None)


def live_within_reach(one_id: UUID, other_id: UUID) -> bool:
    """Whether one of the two looks as far as the other lives, or they live within five kilometres; one statement.

    Nobody is too far away who has no home here.
    """
    both = Home.user_id.in_((one_id, other_id))
    homes = select(Home.cell, Preferences.reach_m).outerjoin(Preferences, Preferences.user_id == Home.user_id)
    known = db.session.execute(homes.where(both)).all()
    if len(known) < 2:
        return True
    reach_m = max(NEAR_ENOUGH_M, *(row.reach_m or 0 for row in known))
    return cells.metres_between(*(row.cell for row in known)) <= reach_m


def count_searches(user_id: UUID) -> int:
    """How many things someone looks for."""
    own = select(func.count()).select_from(SavedSearch).where(SavedSearch.user_id == user_id)
    return db.session.scalar(own) or 0


def list_pending_searches(limit: int, *, only: UUID | None = None) -> Sequence[tuple[UUID, str]]:
    """Searches not yet understood, by id and words, locked; what another has in hand is left to them."""
    waiting = select(SavedSearch.id, SavedSearch.q).where(SavedSearch.vector.is_(None))
    if only is not None:
        waiting = waiting.where(SavedSearch.id == only)
    taken = waiting.order_by(SavedSearch.id).limit(limit).with_for_update(skip_locked=True)
    return [(search_id, q) for search_id, q in db.session.execute(taken)]


def list_searches_reaching(
    cell: cells.Cell, *, kind: str | None, category: str | None, but_for: UUID, limit: int, after: UUID | None = None
) -> list[StandingSearch]:
    """Searches of others whose box holds the cell's centre and that take its kind and category; one statement.

    In the order of their ids, so many from `after` on. A search of no kind or category takes any; a kind of None is
    any, too, while a category of None is only taken by searches without one. `but_for` offers: nobody behind a block
    either way, nor whoever is not active, is among them. The corners of a box are farther away than its radius.
    """
    radius_m = func.coalesce(SavedSearch.radius_m, Preferences.reach_m)
    statement = (
        select(
            SavedSearch.id,
            SavedSearch.user_id,
            SavedSearch.q,
            SavedSearch.kind,
            SavedSearch.category,
            radius_m,
            Home.cell,
            SavedSearch.vector,
            SavedSearch.encoder,
        )
        .join(User, User.id == SavedSearch.user_id)
        .join(Home, Home.user_id == SavedSearch.user_id)
        .join(Preferences, Preferences.user_id == SavedSearch.user_id)
        .where(_holds(cell), _takes(kind, category), SavedSearch.user_id != but_for)
        .where(User.state == "active", unblocked(but_for, SavedSearch.user_id))
        .order_by(SavedSearch.id)
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(SavedSearch.id > after)
    return [StandingSearch(*row) for row in db.session.execute(statement)]


def _holds(cell: cells.Cell) -> ColumnElement[bool]:
    """A point as the box that a GiST index over boxes can look for."""
    return SavedSearch.reach.op("@>", is_comparison=True)(literal(cells.mercator(cell) * 2, Box()))


def _takes(kind: str | None, category: str | None) -> ColumnElement[bool]:
    of_kind = true() if kind is None else or_(SavedSearch.kind.is_(None), SavedSearch.kind == kind)
    family = () if category is None else (category, *categories.ancestors(category))
    return of_kind & or_(SavedSearch.category.is_(None), SavedSearch.category.in_(family))
