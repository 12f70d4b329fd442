"""The 300 most populous towns of France, and how their people spread around the middle."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from math import cos, radians, sqrt
from random import Random

from neighbourly.core.cells import Cell, snap
from neighbourly.demo.neighbourhood import CONTENT

FILE = CONTENT / "towns.csv"
"""GeoNames, CC BY 4.0; see `content/ATTRIBUTION`."""
METRES_A_DEGREE = 111_320


@dataclass(frozen=True)
class Town:
    """A town by its middle (degrees, WGS 84) and how many people live there."""

    name: str
    lat: float
    lon: float
    population: int

    @property
    def spread_m(self) -> float:
        """The standard deviation of its people's distance from the middle, north and east: wider for a larger town."""
        return 600 + 900 * sqrt(self.population / 50_000)

    def somewhere(self, chance: Random, resolution: int) -> Cell:
        """A cell in which someone may live."""
        north, east = chance.gauss(0, self.spread_m), chance.gauss(0, self.spread_m)
        lat = self.lat + north / METRES_A_DEGREE
        return snap(lat, self.lon + east / (METRES_A_DEGREE * cos(radians(self.lat))), resolution)


def read_towns() -> tuple[Town, ...]:
    """All of them, the most populous first."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Town(row["name"], float(row["lat"]), float(row["lon"]), int(row["population"]))
            for row in csv.DictReader(lines)
        )
