"""Folders for products, and one that several tests use."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import databases
from tests.running.product import Product


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder that every user reaches."""
    with tempfile.TemporaryDirectory(prefix="nb-", dir=databases.quickest_place()) as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.fixture(scope="module")
def product(place: Path) -> Iterator[Product]:
    """The product with its demo; whoever ends it starts another."""
    with Product(place / "var", limits="off") as running:
        yield running
