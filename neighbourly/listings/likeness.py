"""How like a title is to each category, where texts are read for what they mean."""

from __future__ import annotations

from neighbourly.listings.reading import Likeness, find_reader

LONGEST = 120
"""What is longer is left to the job: a request reads no more than a title."""


def find_likeness(title: str) -> Likeness | None:
    """The likeness if the reader is there, else None. For requests."""
    reader = find_reader()
    return None if reader is None or len(title) > LONGEST else reader.likeness(title)
