"""The table of wishes and notices, drawn from the rule: `python -m tests.notices` writes docs/notices.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from neighbourly.notifications.catalogue import CATALOGUE
from neighbourly.notifications.other_words import OTHER_WORDS
from neighbourly.notifications.plans import Way, plan_of
from neighbourly.preferences.models import Preferences

DOCUMENT = Path(__file__).parent.parent / "docs" / "notices.md"
NIGHT = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
USUAL: Mapping[str, Any] = {"time_zone": "Europe/Paris", "push": {}, "urgent_may_wake": False, "asks_per_week": 3}
QUIET = {"quiet_from": time(21), "quiet_to": time(8)}
WISHES: Mapping[str, Mapping[str, Any]] = {
    "none": {},
    "quiet hours": QUIET,
    "quiet hours, urgent may wake": QUIET | {"urgent_may_wake": True},
    "asks per week 0": {"asks_per_week": 0},
    "away": {"away_until": NIGHT + timedelta(days=9)},
    "phone signed out": {"has_phone": False},
    "away, phone signed out": {"away_until": NIGHT + timedelta(days=9), "has_phone": False},
    "muted": {"push": dict.fromkeys(CATALOGUE, False)},
}
"""By the name of its column: what somebody wishes, on a night in Paris."""
SAID: Mapping[Way, str] = {
    Way.AT_ONCE: "at once",
    Way.AFTER_QUIET: "when quiet ends",
    Way.AT_RETURN: "at the return",
    Way.INBOX: "inbox",
}
INTRODUCTION = """# What reaches whom, and when

Absence, quiet hours, "asks per week 0", a muted type and a signed-out phone are five wishes. What each does to each
kind of notice one pure function says: `plan_of` in `neighbourly/notifications/plans.py`. This page is drawn from it by
`python -m tests.notices`; a test compares the two.

The **inbox** always has it, whatever anybody wishes: nothing is lost.

- *at once*: a push to each phone that is signed in;
- *when quiet ends*: the same, once quiet hours are over, if it is still so by then;
- *at the return*: not by itself, but counted in the one push (`absence_over`) when the absence ends, by its moment or
  by hand; what is read, or no longer so, by then is not counted, and where nothing is left there is no push. That push
  waits for the end of quiet hours as others do;
- *inbox*: by the inbox alone.

Wishes join: what one of them leaves to the inbox no other rings for. Who is away is not asked (`request_nearby`: not
pushed, not counted later, and not chosen for a need at all), and hears at once of what concerns something agreed or in
somebody's hands; where no phone could ring for that, it is counted at the return. A type with another word in brackets
is one of its variants that goes another way.

"""


def document() -> str:
    """The whole page."""
    head = ["type", *WISHES]
    rows = [head, ["---"] * len(head), *_rows()]
    return INTRODUCTION + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def ways_of(type_name: str, variant: str | None = None) -> dict[str, Way]:
    """How it reaches who has each of the wishes."""
    return {name: _way(type_name, variant, **wish) for name, wish in WISHES.items()}


def _way(type_name: str, variant: str | None, *, has_phone: bool = True, **wish: Any) -> Way:
    return plan_of(type_name, Preferences(**USUAL | wish), NIGHT, variant, has_phone=has_phone).way


def _rows() -> Iterator[list[str]]:
    for name in sorted(CATALOGUE):
        usual = ways_of(name)
        yield [f"`{name}`", *(SAID[way] for way in usual.values())]
        for variant in sorted(variant for other, variant in OTHER_WORDS if other == name):
            if (ways := ways_of(name, variant)) != usual:
                yield [f"`{name}` ({variant})", *(SAID[way] for way in ways.values())]


if __name__ == "__main__":
    DOCUMENT.write_text(document())
