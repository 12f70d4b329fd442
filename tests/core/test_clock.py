"""The product's clock: the true one, or as far ahead as it was moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from neighbourly.core import clock


@pytest.fixture
def file(tmp_path):
    """The file that the clock follows for this test."""
    clock.follow(tmp_path / "clock")
    yield tmp_path / "clock"
    clock.follow(None)


def test_it_is_aware_and_in_utc(file):
    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_moves_add_up_for_everyone_who_follows_the_file(file):
    clock.advance(timedelta(minutes=11))
    clock.advance(timedelta(hours=1))
    clock.follow(None)
    clock.follow(file)
    assert clock.offset() == timedelta(minutes=71)


@pytest.mark.parametrize("content", ["", "soon"])
def test_a_file_that_says_nothing_moves_nothing(file, content):
    file.write_text(content)
    assert clock.offset() == timedelta()


def test_a_clock_that_follows_no_file_cannot_be_moved():
    clock.follow(None)
    with pytest.raises(RuntimeError, match="cannot be moved"):
        clock.advance(timedelta(minutes=1))
