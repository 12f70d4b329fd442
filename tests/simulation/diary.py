"""What is known of a neighbour, and of an asking, as time goes by."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from neighbourly.matching.people import Lead, Person
from neighbourly.matching.rule import MONTH, WEEK
from neighbourly.matching.waves import Habits, Standing, State
from tests.simulation.town import Neighbour, Wish

ASKS_PER_WEEK = 3


@dataclass
class Asking:
    """One need as it is asked around."""

    wish: Wish
    leads: Sequence[Lead]
    state: State = "waiting"
    waves: int = 0
    last_wave_at: datetime | None = None
    yeses: int = 0
    first_yes_at: datetime | None = None
    asked: set[UUID] = field(default_factory=set)

    @property
    def unasked(self) -> Sequence[Lead]:
        """The leads of those who were not asked yet."""
        return [lead for lead in self.leads if lead.user_id not in self.asked]

    def standing(self, habits: Habits) -> Standing:
        """How far it has come, as the planner sees it."""
        need = self.wish.need
        return Standing(self.waves, self.last_wave_at, self.yeses, 1, need.needed_until, need.needed_from, habits)


@dataclass
class Diary:
    """What a neighbour was asked, said and did."""

    neighbour: Neighbour
    asked_at: list[datetime] = field(default_factory=list)
    no_at: dict[str, datetime] = field(default_factory=dict)
    gave: int = 0
    received: int = 0

    def person(self, asking: Asking, now: datetime, *, spared: bool) -> Person:
        """The neighbour as matching sees them, for one need; unless `spared`, as if never asked of late."""
        who, this_month = self.neighbour, self._since(now - MONTH)
        said_no_at = self.no_at.get(asking.wish.need.category or "")
        return Person(
            user_id=who.user_id,
            cell=who.cell,
            active=True,
            blocked=False,
            asked=who.user_id in asking.asked,
            answered=False,
            said_no=said_no_at is not None and said_no_at > now - MONTH,
            known=False,
            gave=self.gave,
            received=self.received,
            unkept=0,
            reach_m=who.reach_m,
            away_until=None,
            asks_per_week=ASKS_PER_WEEK,
            asked_this_week=self._since(now - WEEK) if spared else 0,
            asked_this_month=this_month,
            last_asked_at=self.asked_at[-1] if spared and this_month else None,
            quiet_from=who.quiet_from,
            quiet_to=who.quiet_to,
            time_zone="Europe/Paris",
        )

    def _since(self, moment: datetime) -> int:
        return len(self.asked_at) - bisect_right(self.asked_at, moment)
