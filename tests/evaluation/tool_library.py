"""The things of a real tool library, and which of our categories are sensible for those of its own."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

SENSIBLE: Mapping[str, Collection[str]] = {
    "Power Tools": {"power-drills", "sanders", "cleaning-machines"},
    "Hand Tools": {"hand-tools", "fixing", "sewing-and-textiles", "baking", "car-gear"},
    "Other Tools": {"hand-tools", "measuring", "fixing", "electrics", "garden-tools", "sewing-and-textiles", "crafts"},
    "Measuring & Layout": {"measuring", "baking"},
    "Clamps & Jigs": {"fixing"},
    "Electrical Tools": {"electrics"},
    "Gardening Tools": {"garden-tools"},
    "Bike Repair": {"bikes"},
    "Sewing & Clothing": {"sewing-and-textiles"},
    "Baking Equipment": {"baking"},
    "Crafting Tools": {"fixing", "crafts"},
    "Technology": {"audio-video", "electrics", "crafts", "car-gear"},
}
"""By the library's category."""


def read(folder: Path) -> Sequence[dict[str, str]]:
    """The 101 things: `reference`, `name`, `description`, `category` and `copies` of each."""
    with (folder / "la_county_tool_library.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
