"""Ways to find out where someone is, by asking often and from many places; pure but for what they ask.

Each knows the rule by which distances are told (it is published), and works on whoever is near. The plane is Web
Mercator's, in which that rule is a plain distance times a factor that the place looked from fixes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from neighbourly.core.cells import Cell, mercator, mercator_reach

Place = tuple[float, float]
"""Mercator metres east and north."""
MOST_M = 50_000


def trilaterate(places: Sequence[Cell], told: Sequence[int]) -> Place:
    """The point whose distances from the places fit those told best: linear least squares on differences of squares."""
    points = np.array([mercator(place) for place in places])
    reaches = np.array([mercator_reach(metres, place) for metres, place in zip(told, places, strict=True)])
    squares = (points**2).sum(axis=1) - reaches**2
    solution, *_ = np.linalg.lstsq(2 * (points[1:] - points[0]), squares[1:] - squares[0], rcond=None)
    return float(solution[0]), float(solution[1])


def bisect_radius(within: Callable[[int], bool], least: int = 100, most: int = MOST_M) -> int:
    """The smallest radius within which the target is found."""
    while least < most:
        middle = (least + most) // 2
        if within(middle):
            most = middle
        else:
            least = middle + 1
    return least


def narrow_by_order(around: Place, span_m: float, relations: Sequence[tuple[Cell, Cell, bool]]) -> Place:
    """The middle of where the target may be, given whether it came before a reference when looked at from a place.

    Each relation is (place looked from, reference's cell, target came first). Points of a grid are kept that agree
    with most of them.
    """
    steps = np.arange(-span_m, span_m + 1, span_m / 60)
    east, north = (axis.ravel() for axis in np.meshgrid(around[0] + steps, around[1] + steps))
    agreeing = np.zeros(east.shape, dtype=int)
    for place, reference, came_first in relations:
        (x, y), (rx, ry) = mercator(place), mercator(reference)
        nearer = np.hypot(east - x, north - y) < np.hypot(rx - x, ry - y)
        agreeing += nearer == came_first
    best = agreeing == agreeing.max()
    return float(east[best].mean()), float(north[best].mean())


def average(shown: Sequence[Place]) -> Place:
    """The mean of all places at which a person was ever shown."""
    east, north = np.array(shown).mean(axis=0)
    return float(east), float(north)
