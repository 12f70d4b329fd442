"""The asking in a town under one rule: needs arise, waves go out, neighbours answer, as time goes by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from random import Random
from statistics import median
from typing import Literal
from uuid import UUID

from neighbourly.matching.people import askable, candidates, reachable
from neighbourly.matching.rule import DAY, MONTH, SAME_CATEGORY, SAME_FAMILY
from neighbourly.matching.scoring import kinship
from neighbourly.matching.waves import Decision, Habits, plan
from neighbourly.preferences.quiet import quiet_until
from tests.simulation.diary import Asking, Diary
from tests.simulation.leads import leads_for
from tests.simulation.orders import Rule
from tests.simulation.town import BEGINNING, Neighbour, Town, Wish

Reply = Literal["yes", "no"]
Happening = Callable[[datetime], None]
TRY_AGAIN = timedelta(hours=3)
"""As often is looked again for needs that nobody was left for; the product does every hour, which takes longer here."""
READY = {SAME_CATEGORY: 1.0, SAME_FAMILY: 0.6, 0.0: 0.3}
"""What is left of somebody's willingness, by how near what they offer is to what is needed."""


@dataclass
class Ask:
    """One neighbour asked for one need, and what they answered."""

    need: int
    user_id: UUID
    at: datetime
    reply: Reply | None = None
    minutes: float | None = None


@dataclass(frozen=True)
class Record:
    """All that happened."""

    town: Town
    asks: Sequence[Ask]
    askings: Sequence[Asking]


def simulate(town: Town, rule: Rule) -> Record:
    """Give what happens in the town when people are asked by this rule."""
    return _Asking(town, rule).run()


class _Asking:
    """What is under way, and what comes next."""

    def __init__(self, town: Town, rule: Rule) -> None:
        self._town, self._rule = town, rule
        self._diaries = {each.user_id: Diary(each) for each in town.neighbours.values()}
        self._habits = Habits()
        self._asks: list[Ask] = []
        self._askings: list[Asking] = []
        self._coming: list[tuple[datetime, int, Happening]] = []
        self._number = count()

    def run(self) -> Record:
        for wish in self._town.wishes:
            self._expect(wish.arises_at, partial(self._arise, wish))
        last = max(wish.arises_at for wish in self._town.wishes)
        for night in range((last - BEGINNING).days + 1):
            self._expect(BEGINNING + night * DAY, self._recount)
        while self._coming:
            at, _, happen = heappop(self._coming)
            happen(at)
        return Record(self._town, self._asks, self._askings)

    def _expect(self, at: datetime, happen: Happening) -> None:
        heappush(self._coming, (at, next(self._number), happen))

    def _arise(self, wish: Wish, now: datetime) -> None:
        asking = Asking(wish, leads_for(self._town, wish))
        self._askings.append(asking)
        self._advance(asking, now)

    def _advance(self, asking: Asking, now: datetime) -> None:
        """The next wave goes out if its time has come."""
        decision = self._decide(asking, now)
        asking.state = decision.state
        if decision.ask:
            asking.waves, asking.last_wave_at = asking.waves + 1, now
        for user_id in decision.ask:
            self._put_to(self._diaries[user_id], asking, now)
        following = now + TRY_AGAIN if decision.state == "exhausted" else decision.next_wave_at
        if following is not None:
            self._expect(following, partial(self._advance, asking))

    def _decide(self, asking: Asking, now: datetime) -> Decision:
        need, leads = asking.wish.need, asking.unasked
        diaries = [self._diaries[each] for each in dict.fromkeys(lead.user_id for lead in leads)]
        people = [diary.person(asking, now, spared=self._rule.spares) for diary in diaries]
        found = self._rule.order(need, askable(need, candidates(need, leads, people), now))
        return plan(asking.standing(self._habits), reachable(need, found, now), now)

    def _put_to(self, diary: Diary, asking: Asking, now: datetime) -> None:
        ask = Ask(asking.wish.number, diary.neighbour.user_id, now)
        self._asks.append(ask)
        asking.asked.add(ask.user_id)
        diary.asked_at.append(now)
        reply, minutes = reply_of(self._town.seed, diary.neighbour, asking)
        if reply is not None:
            at = _awake(diary.neighbour, now + timedelta(minutes=minutes))
            self._expect(at, partial(self._hear, diary, asking, ask, reply))

    def _hear(self, diary: Diary, asking: Asking, ask: Ask, reply: Reply, now: datetime) -> None:
        """A no counts for a month; the first who says yes in time is chosen, and the exchange takes place."""
        ask.reply, ask.minutes = reply, (now - ask.at).total_seconds() / 60
        need = asking.wish.need
        if reply == "no":
            diary.no_at[need.category or ""] = now
        elif need.needed_until is not None and now < need.needed_until:
            asking.yeses += 1
            if asking.first_yes_at is None:
                asking.first_yes_at = now
                diary.gave += 1
                self._diaries[need.owner_id].received += 1

    def _recount(self, now: datetime) -> None:
        """How neighbours answered within thirty days is counted every night."""
        lately = [ask for ask in self._asks if ask.at > now - MONTH]
        minutes = [ask.minutes for ask in lately if ask.minutes is not None]
        yeses = sum(ask.reply == "yes" for ask in lately)
        self._habits = Habits(len(lately), yeses, round(median(minutes)) if minutes else None)


def reply_of(seed: int, neighbour: Neighbour, asking: Asking) -> tuple[Reply | None, float]:
    """Give what someone answers to a need and after how many minutes; the same whenever and by whatever rule."""
    chance = Random(f"{seed} {neighbour.user_id} about {asking.wish.number}")
    wanted = asking.wish.need.category
    kin = max(kinship(wanted, offer.category) for offer in neighbour.offers)
    drawn, minutes = chance.random(), chance.lognormvariate(0, 0.7) * neighbour.minutes
    if drawn < neighbour.willing * READY[kin]:
        return "yes", minutes
    return ("no" if drawn > 1 - neighbour.refusing else None), minutes


def _awake(neighbour: Neighbour, at: datetime) -> datetime:
    """Nobody answers at night."""
    return quiet_until(at, neighbour.quiet_from, neighbour.quiet_to, "Europe/Paris") or at
