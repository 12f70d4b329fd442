"""Which offers a need could be put to, and how like they are: drawn by lot, by how near the categories are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random

from neighbourly.core.cells import metres_from
from neighbourly.matching.people import Lead, best_leads, fitting, is_unlikely
from neighbourly.matching.rule import FULL_LIKENESS, PEOPLE_WEIGHED, SAME_CATEGORY, SAME_FAMILY
from neighbourly.matching.scoring import kinship
from tests.simulation.town import TITLE, Neighbour, Offer, Town, Wish

LIKE: Mapping[float, float] = {SAME_CATEGORY: 0.75, SAME_FAMILY: 0.45, 0.0: 0.15}
"""The share of a full likeness that two texts have at the mean, by the kinship of their categories."""
SPREAD = 0.15
WORD_IN_COMMON: Mapping[float, float] = {SAME_CATEGORY: 0.4, SAME_FAMILY: 0.1, 0.0: 0.0}
"""How often the two titles share a word."""
FREE = (1.0, 1.0, 1.0, 0.5, 0.0)
OLDEST_DAYS = 300


def leads_for(town: Town, wish: Wish) -> Sequence[Lead]:
    """Give the likely offers within the need's radius whose owners' reach holds it; the same whatever the rule."""
    chance = Random(f"{town.seed} leads of {wish.number}")
    drawn = [
        _lead(chance, wish, owner, offer)
        for owner in _near(town, wish)
        for offer in owner.offers
        if offer.kind == wish.need.kind
    ]
    fit_of = fitting(wish.need)
    return best_leads(wish.need, [lead for lead in drawn if not is_unlikely(fit_of(lead))], PEOPLE_WEIGHED)


def _near(town: Town, wish: Wish) -> Iterator[Neighbour]:
    away = metres_from(wish.need.cell)
    for each in town.neighbours.values():
        if each.user_id != wish.need.owner_id and away(each.cell) <= min(wish.need.radius_m, each.reach_m):
            yield each


def _lead(chance: Random, wish: Wish, owner: Neighbour, offer: Offer) -> Lead:
    kin = kinship(wish.need.category, offer.category)
    return Lead(
        user_id=owner.user_id,
        by="offer",
        offer_id=offer.id,
        category=offer.category,
        cell=owner.cell,
        words=TITLE[:1] if chance.random() < WORD_IN_COMMON[kin] else (),
        like=round(FULL_LIKENESS * chance.gauss(LIKE[kin], SPREAD), 4),
        free=chance.choice(FREE),
        age_days=chance.randrange(OLDEST_DAYS),
    )
