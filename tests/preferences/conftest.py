"""What tests of searches share: a reader for a test, and an ear for what is saved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from flask import Flask

from neighbourly.core import events
from neighbourly.core.language.encoding import Sidelong, Vectors
from neighbourly.listings import reading
from neighbourly.preferences.events import SearchSaved
from neighbourly.reactions import REACTIONS

DIMENSIONS = 80


class LengthReader:
    """Texts of one length mean the same: quick, and enough to see which vector lies where."""

    version = "length-1"

    def __init__(self) -> None:
        self.batches: list[int] = []

    def read(self, texts: Sequence[str]) -> Vectors:
        """A single one, at the place of the text's length."""
        self.batches.append(len(texts))
        return np.eye(DIMENSIONS, dtype=np.float32)[[len(text) for text in texts]]


@pytest.fixture(autouse=True)
def nothing_encoded(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is read, unless a test chooses a reader."""
    monkeypatch.setattr(reading, "_chosen", [])


@pytest.fixture
def reader(nothing_encoded: None, monkeypatch: pytest.MonkeyPatch) -> LengthReader:
    """A reader is chosen."""
    made = LengthReader()
    monkeypatch.setattr(reading, "_chosen", [Sidelong("reader", lambda: made)])
    return made


@pytest.fixture
def heard(app: Flask) -> Iterator[list[SearchSaved]]:
    """Every search that was saved; what follows from it follows all the same."""
    seen: list[SearchSaved] = []
    events.wire({**REACTIONS, SearchSaved: [*REACTIONS.get(SearchSaved, ()), seen.append]})
    yield seen
    events.wire(REACTIONS)
