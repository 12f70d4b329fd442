"""The examples that matching is checked on: offers, and needs with the offers that would meet each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from neighbourly.listings.categories import Kind

ROOT = Path(__file__).parents[2]
OURS = ROOT / "tests" / "matching" / "own_examples.json"
"""With these the encoder was tried out."""
UNSEEN = ROOT / "tests" / "matching" / "unseen_examples.json"
"""Written after everything was decided; nothing may be decided by them."""


@dataclass(frozen=True)
class Offer:
    """What somebody offers; `id` is its name in the file."""

    id: str
    kind: Kind
    title: str
    description: str


@dataclass(frozen=True)
class Need:
    """What somebody needs, in their own words, and which offers would meet it."""

    kind: Kind
    text: str
    right: frozenset[str]


@dataclass(frozen=True)
class Examples:
    """One file of them."""

    offers: Sequence[Offer]
    needs: Sequence[Need]

    @property
    def kinds(self) -> Sequence[tuple[str, Kind]]:
        """All titles with their kinds, offers first."""
        return [*((each.title, each.kind) for each in self.offers), *((each.text, each.kind) for each in self.needs)]


def given(folder: Path) -> Path:
    """The file of given examples in the folder of test data."""
    return folder / "matching_examples.json"


def read(file: Path) -> Examples:
    """The examples of a file."""
    said = json.loads(file.read_text(encoding="utf-8"))
    return Examples(
        offers=[Offer(**entry) for entry in said["offers"]],
        needs=[Need(each["kind"], each["text"], frozenset(each["right"])) for each in said["needs"]],
    )
