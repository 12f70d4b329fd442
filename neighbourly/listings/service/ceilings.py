"""How much one person may have on offer and ask for at a time: every neighbour's search pays for it (SEC-16)."""

from __future__ import annotations

from uuid import UUID

from neighbourly.core.errors import fault, require
from neighbourly.listings import selectors
from neighbourly.listings.errors import TooManyListings

MOST_LISTINGS = 200
MOST_COPIES = 2000


def require_room(owner_id: UUID, *, more: int, copies: int) -> None:
    """That there is room for so many more listings and copies of things; what has ended leaves room.

    One statement, without a lock: requests at the same moment may go over by as many as there are of them. Raises
    `TooManyListings`, and a fault of `/quantity`.
    """
    held = selectors.count_live(owner_id)
    require(not more or held.listings + more <= MOST_LISTINGS, TooManyListings)
    if copies > 0 and held.copies + copies > MOST_COPIES:
        raise fault(
            "/quantity",
            "too_many_copies",
            fr="Avec vos autres annonces, cela fait plus de 2 000 objets.",
            en="With your other listings these are more than 2,000 things.",
        )
