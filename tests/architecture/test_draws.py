"""What is drawn is drawn alike in every run, so that a change is judged by what it changes (docs/testing.md)."""

from __future__ import annotations

import tomllib
from pathlib import Path

from hypothesis import settings

from tests import draws

ROOT = Path(__file__).parents[2]


def test_order_examples_and_requests_have_fixed_seeds():
    fixed = settings.get_profile(draws.FIXED)
    assert (fixed.derandomize, fixed.database) == (True, None)
    assert "--randomly-seed=" in read("pyproject.toml")["tool"]["pytest"]["ini_options"]["addopts"]
    schemathesis = read("tests/openapi/schemathesis.toml")
    assert isinstance(schemathesis["seed"], int)
    assert schemathesis["generation"]["database"] == "none"


def test_fuzzing_draws_anew_and_more():
    before = settings.get_current_profile_name()
    settings.load_profile(draws.FUZZ)
    try:
        assert settings.default.derandomize is False
        assert draws.examples(15) == 15 * draws.MORE
    finally:
        settings.load_profile(before)


def read(path: str) -> dict:
    return tomllib.loads((ROOT / path).read_text())
