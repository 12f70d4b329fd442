"""Identifiers that sort by the moment they were made."""

from __future__ import annotations

import time
from uuid import RFC_4122

from neighbourly.core.ids import new_id


def test_an_id_is_of_version_7_and_says_when_it_was_made():
    """RFC 9562, 5.7."""
    before = time.time_ns() // 1_000_000
    made = new_id()
    assert (made.version, made.variant) == (7, RFC_4122)
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000


def test_later_ids_sort_after_earlier_ones():
    first = new_id()
    time.sleep(0.002)
    assert new_id() > first


def test_ids_of_one_moment_are_apart():
    assert len({new_id() for _ in range(10_000)}) == 10_000
