"""What is drawn at random in tests, drawn alike in every run; `make fuzz` draws anew (docs/testing.md)."""

from __future__ import annotations

from hypothesis import settings

FIXED, FUZZ = "fixed", "fuzz"
MORE = 10
"""So many times as many examples are drawn while fuzzing."""
A_BUSY_MACHINES_TIME_SAYS_NOTHING = None

settings.register_profile(FIXED, deadline=A_BUSY_MACHINES_TIME_SAYS_NOTHING, derandomize=True, database=None)
settings.register_profile(
    FUZZ,
    deadline=A_BUSY_MACHINES_TIME_SAYS_NOTHING,
    derandomize=False,
    database=None,
    max_examples=100 * MORE,
    print_blob=True,
)


def examples(number: int) -> int:
    """How many examples a test draws that says how many: `number`, or more while fuzzing."""
    return number * MORE if settings.get_current_profile_name() == FUZZ else number
