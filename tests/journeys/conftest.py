"""A street for the journeys of lending."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.lending import Street


@pytest.fixture
def street(as_, later, run_jobs, data_dir: Path) -> Street:
    """Nobody's phone has rung yet."""
    (data_dir / "push.jsonl").unlink(missing_ok=True)
    return Street(as_, later, run_jobs, data_dir / "push.jsonl")
