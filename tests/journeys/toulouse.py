"""Toulouse with its real neighbourhoods and the things of a real library, told over HTTP alone; and what should follow.

What is expected here is worked out from the answers of the API by brute force, neighbour by neighbour: it shares no
code with the program.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import cos, hypot, log, pi, radians, tan
from pathlib import Path
from random import Random
from typing import Any

from shapely.geometry import Point, shape

from neighbourly.accounts.models import User
from tests import people

RADII_M = (1_000, 2_000, 5_000, 10_000, 20_000)


@dataclass
class Resident:
    """Someone of Toulouse, by what the API says of them."""

    user: User
    quarter: str
    cell: str
    centre: Mapping[str, float]
    phones: tuple[str, ...] = ()
    offer: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True)
class Toulouse:
    """Who asks, and everyone else; the tree of categories as phones read it."""

    asker: Resident
    neighbours: list[Resident]
    families: list[set[str]]


def metres(looked_from: Resident, other: Resident) -> float:
    """Between the centres of two cells, in Web Mercator, made true at the latitude looked from."""
    (ax, ay), (bx, by) = (_mercator(**each.centre) for each in (looked_from, other))
    return hypot(ax - bx, ay - by) * cos(radians(looked_from.centre["lat"]))


def _mercator(lat: float, lon: float) -> tuple[float, float]:
    return 6378137.0 * radians(lon), 6378137.0 * log(tan(pi / 4 + radians(lat) / 2))


def reach(of: Resident, town: Toulouse) -> int:
    """The smallest of 1, 2, 5, 10 and 20 km that holds 50 neighbours."""
    others = [each for each in (town.asker, *town.neighbours) if each is not of]
    fiftieth = sorted(metres(of, each) for each in others)[49]
    return next(radius for radius in RADII_M if fiftieth <= radius)


def suits(town: Toulouse, need: Mapping[str, Any], word: str, resident: Resident) -> bool:
    """Whether someone's offer is of the need's family, or has its word in the text and may be of its kind."""
    may_be = resident.offer["kind"] in (need["kind"], None) or "kind" in resident.offer["guessed"]
    return of_one_family(town, need, resident) or (may_be and says(word, resident))


def expected(town: Toulouse, need: Mapping[str, Any], word: str) -> list[Resident]:
    """Everyone to be asked for the need, in the order of their scores."""
    radius = reach(town.asker, town)
    found = [
        each
        for each in town.neighbours
        if suits(town, need, word, each)
        and round(metres(town.asker, each)) <= radius
        and round(metres(each, town.asker)) <= reach(each, town)
    ]
    return sorted(found, key=lambda each: -step(town, need, word, each))


def step(town: Toulouse, need: Mapping[str, Any], word: str, resident: Resident) -> int:
    """How well someone fits, by the published rule, in the steps within which scores are equal.

    Where nothing is read for its meaning: category, word and nearness, and what is the same for all (free, fresh,
    nobody asked before).
    """
    kinship = 1.0 if resident.offer["category"] == need["category"] else 0.5
    kinship = kinship if of_one_family(town, need, resident) else 0.0
    nearness = 0.5 ** (round(metres(town.asker, resident)) / 1000)
    same_for_all = 0.08 + 0.02 + 0.2
    return round((0.15 * kinship + 0.1 * says(word, resident) + 0.15 * nearness + same_for_all) / 0.05)


def is_likely(need: Mapping[str, Any], word: str, resident: Resident) -> bool:
    """Of the very category, or with the one word of the need."""
    return resident.offer["category"] == need["category"] or says(word, resident)


def says(word: str, resident: Resident) -> bool:
    """Whether an offer's text holds the word, in whatever form."""
    return re.search(rf"\b{word}(s|ing|ed)?\b", resident.text.lower()) is not None


def of_one_family(town: Toulouse, need: Mapping[str, Any], resident: Resident) -> bool:
    """Whether the two categories are of one family."""
    return any({need["category"], resident.offer["category"]} <= family for family in town.families)


class Builder:
    """Settles people, their phones and their offers over HTTP."""

    def __init__(self, as_: Callable[[User], people.Client], quarters: Path, things: Path) -> None:
        self._as = as_
        features = json.loads(quarters.read_text())["features"]
        self._quarters = [(each["properties"]["name"], shape(each["geometry"])) for each in features]
        with things.open(encoding="utf-8", newline="") as file:
            self._things = list(csv.DictReader(file))
        self._random = Random(20261122)

    def build(self) -> Toulouse:
        """One neighbour for each thing, quarter by quarter, and someone in the Capitole who has a question."""
        neighbours = [self._neighbour(number, thing) for number, thing in enumerate(self._things)]
        capitole = next(number for number, (name, _) in enumerate(self._quarters) if name == "Capitole")
        asker = self.settle("Aline Demande", capitole)
        self.give_phones(asker, "aline-phone")
        tree = self._as(asker.user).get("/v1/categories").json["items"]
        return Toulouse(asker, neighbours, [{top["id"], *(each["id"] for each in top["children"])} for top in tree])

    def _neighbour(self, number: int, thing: Mapping[str, str]) -> Resident:
        resident = self.settle(f"Voisin{number:03d} De-{thing['reference']}", number % len(self._quarters))
        self.give_phones(resident, *self._phones_of(number))
        body = {"title": thing["name"], "description": thing["description"], "direction": "offer", "language": "en"}
        answer = self._as(resident.user).post("/v1/listings", json=body)
        assert answer.status_code == 201, answer.json
        resident.offer, resident.text = answer.json, f"{thing['name']} {thing['description']}"
        return resident

    def _phones_of(self, number: int) -> list[str]:
        """Most have one phone, some two, some none."""
        return [f"phone-{number:03d}-{each}" for each in range({3: 2, 7: 0}.get(number % 10, 1))]

    def settle(self, name: str, quarter: int) -> Resident:
        """Someone comes to live at a place within a quarter; only the cell of it is ever known."""
        quarter_name, outline = self._quarters[quarter]
        user = people.make(name)
        place = {"lat": (point := self._within(outline)).y, "lon": point.x}
        home = self._as(user).put("/v1/me/home", json=place)
        assert home.status_code == 200, home.json
        return Resident(user, quarter_name, home.json["cell"], home.json["centre"])

    def _within(self, outline: Any) -> Point:
        west, south, east, north = outline.bounds
        while True:
            point = Point(self._random.uniform(west, east), self._random.uniform(south, north))
            if outline.contains(point):
                return point

    def give_phones(self, resident: Resident, *names: str) -> None:
        """Register phones whose tokens are `token-of-<name>`."""
        for name in names:
            body = {"fcm_token": f"token-of-{name}", "platform": "android"}
            assert self._as(resident.user).put(f"/v1/me/devices/{name}", json=body).status_code == 201
        resident.phones += names
