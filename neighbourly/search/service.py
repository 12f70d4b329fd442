"""Looking around: what the neighbours offer and ask for."""

from __future__ import annotations

from neighbourly.accounts.selectors import Actor
from neighbourly.core.api.pagination import Page
from neighbourly.core.cells import Cell
from neighbourly.listings import categories
from neighbourly.listings.filing import unknown_category
from neighbourly.places.errors import HomeMissing
from neighbourly.places.looking import look_from
from neighbourly.search import selectors
from neighbourly.search.near import Wanted, find_near


def list_listings(
    *,
    actor: Actor,
    wanted: Wanted,
    near: Cell | None = None,
    radius_m: int | None = None,
    limit: int,
    cursor: str | None,
) -> Page:
    """One looks from home and as far as one's reach, or from another place, of which there are only so many (LOC-07).

    The items are `ListingSummary`s. Raises `HomeMissing`, `TooManyRequests` and 422s.
    """
    if wanted.category is not None and categories.get(wanted.category) is None:
        raise unknown_category()
    here = near or selectors.find_home_cell(actor.id)
    if here is None:
        raise HomeMissing()
    if near is not None:
        look_from(actor=actor, cell=near)
    return Page(*find_near(wanted, viewer_id=actor.id, near=here, radius_m=radius_m, limit=limit, cursor=cursor))
