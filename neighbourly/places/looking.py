"""From how many places one may look: distances are told from a cell, and the cells looked from are counted (LOC-07)."""

from __future__ import annotations

import hashlib
from functools import cache

from flask import current_app
from limits import parse
from limits.strategies import RateLimiter

from neighbourly.accounts.selectors import Actor
from neighbourly.core.api.limits import Limit, spend
from neighbourly.core.cells import Cell
from neighbourly.core.config import settings
from neighbourly.places.selectors import find_home

NEW_PLACES = (Limit("places", "50 per hour"), Limit("places", "200 per day"))
KNOWN = parse("1 per day")
"""Whether a place is known: it was counted within a day."""


def look_from(*, actor: Actor, cell: Cell) -> None:
    """A new place to look from counts, a known one does not, nor does one's own home; raises `TooManyRequests`.

    What is remembered for a day, beside the counters of the rates and not in the database, are keyed digests:
    enough to know a place again, too little to read where somebody looked.
    """
    limiter: RateLimiter | None = current_app.extensions["neighbourly.limiter"]
    if limiter is None:
        return
    place = _digest(actor, cell)
    if not limiter.test(KNOWN, "place", place):
        return
    home = find_home(actor.id)
    if home is None or home.cell != cell:
        spend(NEW_PLACES, actor.id)
    limiter.hit(KNOWN, "place", place)


def _digest(actor: Actor, cell: Cell) -> str:
    key = _key(settings().secret_key)
    return hashlib.blake2b(f"{actor.id} {cell}".encode(), key=key, digest_size=16).hexdigest()


@cache
def _key(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
