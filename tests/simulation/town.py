"""A made-up town: who lives there, what they offer and how they answer, and what is needed day by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random
from uuid import UUID

from neighbourly.core import cells
from neighbourly.core.cells import Cell
from neighbourly.listings.categories import CATEGORIES
from neighbourly.matching.people import Need

BEGINNING = datetime(2026, 9, 7, tzinfo=UTC)
MIDDLE = cells.snap(43.6045, 1.4440)
"""The Capitole of Toulouse."""
RINGS = 7
"""So many cells around the middle: about 2.4 km, 169 cells."""
THINS_OUT_M = 1_000
"""With every so many metres from the middle half as many live in a cell."""
MOST_OFFERS = 5
REACHES_M = (1_000, 1_000, 2_000, 2_000, 5_000)
NIGHTS = ((time(21), time(8)), (time(21), time(8)), (time(20), time(9)), (time(23), time(7)), (None, None))
TITLE = ("two", "words")
"""The words of every need's title: only how many there are counts."""


@dataclass(frozen=True)
class Offer:
    """Something that somebody offers."""

    id: UUID
    category: str
    kind: str


@dataclass(frozen=True)
class Neighbour:
    """Someone who may be asked, and how they answer: `willing` and `refusing` are the shares of yeses and noes."""

    user_id: UUID
    cell: Cell
    offers: tuple[Offer, ...]
    reach_m: int
    quiet_from: time | None
    quiet_to: time | None
    willing: float
    refusing: float
    minutes: float
    """Until an answer, at the median."""


@dataclass(frozen=True)
class Wish:
    """A need, and when somebody writes it."""

    number: int
    need: Need
    arises_at: datetime


@dataclass(frozen=True)
class Size:
    """How many live there, for how many days, and how many needs arise a day."""

    neighbours: int = 500
    days: int = 90
    needs_a_day: int = 6


@dataclass(frozen=True)
class Town:
    """All that happens there whatever the rule; the same seed makes the same town."""

    seed: int
    neighbours: Mapping[UUID, Neighbour]
    wishes: Sequence[Wish]


def make(seed: int, size: Size) -> Town:
    """Give the town of that seed."""
    neighbours = _neighbours(Random(f"{seed} neighbours"), size)
    return Town(seed, {each.user_id: each for each in neighbours}, _wishes(Random(f"{seed} wishes"), size, neighbours))


def _neighbours(chance: Random, size: Size) -> list[Neighbour]:
    """They live the closer together the nearer the middle."""
    places = sorted(cells.rings(MIDDLE, RINGS))
    away = cells.metres_from(MIDDLE)
    homes = chance.choices(places, [0.5 ** (away(cell) / THINS_OUT_M) for cell in places], k=size.neighbours)
    return [_neighbour(chance, cell) for cell in homes]


def _neighbour(chance: Random, cell: Cell) -> Neighbour:
    """Each offers one to five things of different categories, and answers in their own way."""
    offered = sorted({_category(chance) for _ in range(chance.randint(1, MOST_OFFERS))})
    quiet_from, quiet_to = chance.choice(NIGHTS)
    return Neighbour(
        user_id=_id(chance),
        cell=cell,
        offers=tuple(Offer(_id(chance), slug, CATEGORIES[slug].kind) for slug in offered),
        reach_m=chance.choice(REACHES_M),
        quiet_from=quiet_from,
        quiet_to=quiet_to,
        willing=chance.betavariate(2, 3),
        refusing=0.3,
        minutes=chance.lognormvariate(3.4, 0.8),
    )


def _wishes(chance: Random, size: Size, neighbours: Sequence[Neighbour]) -> list[Wish]:
    """At a steady rate, between seven in the morning and ten at night."""
    days = [BEGINNING + timedelta(days=day) for day in range(size.days) for _ in range(size.needs_a_day)]
    moments = sorted(day + timedelta(hours=5 + 15 * chance.random()) for day in days)
    return [Wish(number, _need(chance, chance.choice(neighbours), at), at) for number, at in enumerate(moments)]


def _need(chance: Random, owner: Neighbour, at: datetime) -> Need:
    """Needed within the hour or within three days, for some hours or a day."""
    slug = _category(chance)
    needed_from = at + timedelta(hours=72 * chance.random() ** 2 + 1)
    return Need(
        listing_id=_id(chance),
        owner_id=owner.user_id,
        kind=CATEGORIES[slug].kind,
        category=slug,
        words=TITLE,
        cell=owner.cell,
        radius_m=owner.reach_m,
        needed_from=needed_from,
        needed_until=needed_from + timedelta(hours=chance.choice((2, 4, 24))),
    )


_LEAVES = sorted(slug for slug, category in CATEGORIES.items() if category.parent is not None)
_POPULAR = Random("what is popular").sample(_LEAVES, len(_LEAVES))
# The second most popular category is offered and wanted half as often as the first, the third a third as often.
_WEIGHTS = [1 / place for place in range(1, len(_POPULAR) + 1)]


def _category(chance: Random) -> str:
    return chance.choices(_POPULAR, _WEIGHTS)[0]


def _id(chance: Random) -> UUID:
    return UUID(int=chance.getrandbits(128), version=4)
