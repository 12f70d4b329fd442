"""People and listings by the hundred thousand, as lines for PostgreSQL's COPY; the same seed makes the same crowd."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from itertools import accumulate
from math import exp, log, sqrt
from random import Random
from uuid import UUID

from neighbourly.core import cells
from neighbourly.core.language import LANGUAGES
from neighbourly.core.language.encoding import pack
from neighbourly.demo.towns import Town, read_towns
from neighbourly.demo.wording import LEAVES, description_of, title_of
from neighbourly.listings.reading import Reader, text_of
from neighbourly.preferences.density import ENOUGH_NEIGHBOURS, radius_holding

COLUMNS: Mapping[str, str] = {
    "users": "id email display_name language role state last_seen_on created_at updated_at",
    "homes": "user_id cell precision location neighbourhood_id since created_at updated_at",
    "preferences": "user_id reach_m reach quiet_from quiet_to time_zone urgent_may_wake asks_per_week push email digest"
    " created_at updated_at",
    "interests": "user_id category reach",
    "sessions": "id user_id generation rotated_at installation_id label created_at expires_at",
    "devices": "id user_id session_id installation_id fcm_token platform language seen_at created_at",
    "listings": "id owner_id direction kind category title description language status terms quantity helpers_needed"
    " requires_code needed_until no_expiry expires_at published_at fulfilled_how cell location neighbourhood_id"
    " created_at updated_at",
    "meanings": "listing_id encoder vector",
}
OF_LISTINGS = ("listings", "meanings")
"""What each line holds, table by table, in an order that foreign keys allow."""
PRECISIONS = {cells.STREET: "street", cells.DISTRICT: "district", cells.TOWN: "town"}
RESOLUTIONS, SHARES = (cells.STREET, cells.DISTRICT, cells.TOWN), (70, 20, 10)
STATUSES, STATUS_SHARES = ("published", "paused", "closed", "fulfilled", "expired", "draft"), (70, 5, 7, 8, 5, 5)
FIRST_NAMES = (
    "Adèle",
    "Ahmed",
    "Anne",
    "Bruno",
    "Chloé",
    "Fatou",
    "Inès",
    "Karim",
    "Léo",
    "Mai",
    "Omar",
    "Rose",
    "Yann",
)
SIGNED_IN_SHARE = 0.1
NO_EXPIRY_SHARE = 0.4
Lines = dict[str, list[str]]


@dataclass(frozen=True)
class Size:
    """How many of each."""

    listings: int
    neighbours: int
    seed: int = 1


@dataclass(frozen=True)
class Owner:
    """Whoever listings belong to, and where they lie."""

    id: str
    cell: cells.Cell
    language: str


@dataclass
class Crowd:
    """Everyone and everything; people are made first, since listings belong to them."""

    size: Size
    now: datetime
    own_territory: str
    reader: Reader | None = None
    """What reads the categories, of which each published listing gets a vector; None: none has one."""
    owners: list[Owner] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Weigh the towns by their people."""
        self._chance = Random(self.size.seed)
        self._towns = read_towns()
        self._weights = list(accumulate(town.population for town in self._towns))
        self._reach = {town.name: self._reach_in(town) for town in self._towns}
        self._today = self.now.date().isoformat()
        self._meanings = {} if self.reader is None else _meanings(self.reader)

    def people(self, batch: int) -> Iterator[tuple[int, Lines]]:
        """All people, a batch at a time: how many, and the lines of the tables that are theirs."""
        for start in range(0, self.size.neighbours, batch):
            lines: Lines = {table: [] for table in COLUMNS if table not in OF_LISTINGS}
            count = min(batch, self.size.neighbours - start)
            for number in range(start, start + count):
                self._add_person(number, lines)
            yield count, lines

    def listings(self, batch: int) -> Iterator[tuple[int, Lines]]:
        """All listings, a batch at a time."""
        for start in range(0, self.size.listings, batch):
            lines: Lines = {table: [] for table in OF_LISTINGS}
            count = min(batch, self.size.listings - start)
            for _ in range(count):
                self._add_listing(lines)
            yield count, lines

    def _add_person(self, number: int, lines: Lines) -> None:
        chance = self._chance
        joined = self.now - timedelta(days=chance.uniform(1, 700))
        town = chance.choices(self._towns, cum_weights=self._weights)[0]
        resolution = chance.choices(RESOLUTIONS, SHARES)[0]
        cell = town.somewhere(chance, resolution)
        owner = Owner(self._person_id(joined), cell, "fr" if chance.random() < 0.9 else "en")
        self.owners.append(owner)
        reach_m = self._reach[town.name]
        reach, location = _reach_box(cell, reach_m), _location(cell)
        name = f"{chance.choice(FIRST_NAMES)} {chr(65 + chance.randrange(26))}."
        email, at = f"n{number}@big.neighbourly.example", joined.isoformat()
        lines["users"].append(line(owner.id, email, name, owner.language, "neighbour", "active", self._today, at, at))
        lines["homes"].append(line(owner.id, cell, PRECISIONS[resolution], location, self.own_territory, at, at, at))
        lines["preferences"].append(
            line(owner.id, reach_m, reach, "21:00", "08:00", "Europe/Paris", "f", 3, "{}", "{}", "weekly", at, at)
        )
        lines["interests"] += [
            line(owner.id, category.slug, reach) for category in chance.sample(LEAVES, chance.randrange(5))
        ]
        self._add_phone(number, owner, at, lines)

    def _add_phone(self, number: int, owner: Owner, at: str, lines: Lines) -> None:
        chance, installation = self._chance, f"big-{number}"
        session = self._id(self.now) if chance.random() < SIGNED_IN_SHARE else None
        if session is not None:
            until = (self.now + timedelta(days=180)).isoformat()
            lines["sessions"].append(line(session, owner.id, 1, at, installation, "Big", at, until))
        platform = chance.choice(("android", "android", "ios"))
        lines["devices"].append(
            line(
                *(self._id(self.now), owner.id, session, installation, f"{installation}-token", platform),
                *(owner.language, self.now.isoformat(), at),
            )
        )

    def _add_listing(self, lines: Lines) -> None:
        chance = self._chance
        # A few have a lot to give: associations, and people with a cellar.
        owner = self.owners[int(len(self.owners) * chance.random() ** 1.5)]
        category = chance.choice(LEAVES)
        direction = "offer" if chance.random() < 0.8 else "request"
        status = chance.choices(STATUSES, STATUS_SHARES)[0]
        made = self.now - timedelta(days=min(chance.expovariate(1 / 40), 400))
        ends = self.now + timedelta(days=chance.uniform(10, 90) if direction == "offer" else chance.uniform(4, 14))
        lasting = direction == "offer" and chance.random() < NO_EXPIRY_SHARE
        terms = None if category.kind != "item" else "give" if chance.random() < 0.15 else "lend"
        until, at, listing_id = ends.isoformat(), made.isoformat(), self._id(made)
        if self.reader is not None and status == "published":
            vector = self._meanings[category.slug, owner.language]
            lines["meanings"].append(line(listing_id, self.reader.version, vector))
        row = line(
            *(listing_id, owner.id, direction, category.kind, category.slug),
            title_of(chance, category, direction, owner.language),
            description_of(chance, category, owner.language),
            *(owner.language, status, terms, 1 + (chance.random() < 0.1), 1, "f"),
            *(until if direction == "request" else None, "t" if lasting else "f", None if lasting else until),
            *(None if status == "draft" else at, "elsewhere" if status == "fulfilled" else None),
            *(owner.cell, _location(owner.cell), self.own_territory, at, at),
        )
        lines["listings"].append(row)

    def _id(self, moment: datetime) -> str:
        """A UUIDv7 of that moment."""
        milliseconds, bits = int(moment.timestamp() * 1000), self._chance.getrandbits(74)
        return f"{milliseconds << 80 | 7 << 76 | bits >> 62 << 64 | 2 << 62 | bits & (1 << 62) - 1:032x}"

    def _person_id(self, joined: datetime) -> str:
        """A UUIDv4, which tells no moment; drawn as every other id is."""
        return UUID(bytes=blake2b(self._id(joined).encode(), digest_size=16).digest(), version=4).hex

    def _reach_in(self, town: Town) -> int:
        """About how far one looks there for 50 neighbours; the product's own job settles it cell by cell."""
        people = self.size.neighbours * town.population / self._weights[-1]
        if people <= ENOUGH_NEIGHBOURS:
            return radius_holding(None)
        # Half of a town's people live farther out than this from its middle, where neighbours are half as many.
        half_way = 2 * ENOUGH_NEIGHBOURS / people
        return radius_holding(town.spread_m * sqrt(-2 * log(max(1 - half_way, exp(-8)))))


def _meanings(reader: Reader) -> dict[tuple[str, str], str]:
    """A vector for each category in each language, in the text format of COPY: what its first words mean."""
    named = [(category, language) for category in LEAVES for language in LANGUAGES]
    texts = [text_of(category.words[language][0], category.words[language][1]) for category, language in named]
    packed = pack(reader.read(texts))
    return {
        (category.slug, language): rf"\\x{vector.hex()}"
        for (category, language), vector in zip(named, packed, strict=True)
    }


def line(*values: object) -> str:
    """One row in the text format of COPY; the texts hold no tab, line end or backslash."""
    return "\t".join([r"\N" if value is None else str(value) for value in values])


@lru_cache(maxsize=200_000)
def _location(cell: cells.Cell) -> str:
    x, y = cells.mercator(cell)
    return f"({x!r},{y!r})"


def _reach_box(cell: cells.Cell, reach_m: int) -> str:
    west, south, east, north = cells.box_around(cell, reach_m)
    return f"({east!r},{north!r}),({west!r},{south!r})"
