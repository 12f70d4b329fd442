"""Vectors as they are kept."""

from __future__ import annotations

import numpy as np
import pytest

from neighbourly.core.language.encoding import pack, unit, unpack


@pytest.fixture
def vectors():
    return unit(np.random.default_rng(7).normal(size=(5, 585)).astype(np.float32))


def test_half_floats_take_half_the_room_and_lose_next_to_nothing(vectors):
    packed = pack(vectors)
    assert {len(each) for each in packed} == {2 * 585}
    assert np.abs(unpack(packed) @ vectors.T - vectors @ vectors.T).max() < 0.001


def test_every_row_has_length_one_and_nothing_stays_nothing():
    rows = np.array([[3, 4], [0, 0]], dtype=np.float32)
    assert unit(rows).ravel().tolist() == pytest.approx([0.6, 0.8, 0, 0])
