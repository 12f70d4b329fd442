"""What tests of listings share: ears for events, and a clock to move."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from neighbourly.core import clock, events
from neighbourly.listings import events as listing_events
from neighbourly.reactions import REACTIONS

OF_LISTINGS = [kind for name, kind in vars(listing_events).items() if name.startswith("Listing")]


@pytest.fixture
def heard(app: Flask) -> Iterator[list[object]]:
    """Every event of listings, in the order in which it was published; the reactions run all the same."""
    seen: list[object] = []
    events.wire({**REACTIONS, **{kind: [*REACTIONS.get(kind, ()), seen.append] for kind in OF_LISTINGS}})
    yield seen
    events.wire(REACTIONS)


@pytest.fixture
def pass_time(app: Flask, tmp_path: Path) -> Iterator[Callable[..., None]]:
    """`pass_time(days=3)` moves the product's clock ahead until the test ends."""
    clock.follow(tmp_path / "clock")

    def move(**by: float) -> None:
        clock.advance(timedelta(**by))

    yield move
    clock.follow(None)
