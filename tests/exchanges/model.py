"""A small pure model of loans, helps and minutes, to hold the real thing against (TST-03). It knows no database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

FLOOR = -300
AN_HOUR, THREE_DAYS, A_WEEK = timedelta(hours=1), timedelta(hours=72), timedelta(days=7)
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass
class Deal:
    """An exchange, as one would tell of it."""

    thing: str
    giver: str
    receiver: str
    begins: datetime
    ends: datetime
    made: datetime
    minutes: int | None = None
    state: str = "proposed"
    agreed: int = 0
    held: int = 0
    """What is pending of it."""
    done: datetime | None = None
    is_out: bool = False
    """Handed over, and not back."""
    since: datetime | None = None
    """Since when somebody has, or had, it."""
    wish: tuple[str, str] | None = None
    """In a dispute: who would end it how."""
    title: str = ""
    """What the thing was called when it was proposed: to both it stays so (BOK-12)."""

    @property
    def is_open(self) -> bool:
        """Whether something agreed is still due of it."""
        return self.state in ("accepted", "handed_over", "done", "disputed")

    @property
    def is_help(self) -> bool:
        return self.minutes is not None

    def side(self, person: str) -> str | None:
        return {self.giver: "giver", self.receiver: "receiver"}.get(person)


@dataclass
class Town:
    """What everybody has agreed, and the minutes of each."""

    deals: list[Deal] = field(default_factory=list)
    balance: dict[str, int] = field(default_factory=dict)

    def pending(self, person: str) -> int:
        """What accepted helps will take from someone."""
        mine = (each for each in self.deals if each.is_help and each.receiver == person)
        return sum(each.held for each in mine if each.state in ("accepted", "done", "disputed"))

    def is_free(self, deal: Deal, begins: datetime, now: datetime, but: Sequence[Deal] = ()) -> bool:
        """Whether nobody else (but those) has the only copy, or will, between that moment and the deal's end."""
        others = [each for each in self._others(deal) if each not in but]
        return not any(
            start < deal.ends and begins < until for each in others for start, until in self._held(each, now)
        )

    def _others(self, deal: Deal) -> list[Deal]:
        return [each for each in self.deals if each is not deal and each.thing == deal.thing]

    def who_has(self, deal: Deal) -> list[Deal]:
        """Of the same thing, what others have, or are said to have, in hand."""
        return [each for each in self._others(deal) if each.is_out]

    def hand_on(self, earlier: Deal) -> None:
        """It is back, says its giver by handing it to the next; a dispute ends by that only if the receiver said so."""
        earlier.is_out = False
        if earlier.state == "disputed" and earlier.wish != (earlier.receiver, "returned"):
            earlier.wish = (earlier.giver, "returned")
        else:
            earlier.state, earlier.wish = "returned", None

    def _held(self, deal: Deal, now: datetime) -> list[tuple[datetime, datetime]]:
        """From when until when it is taken; what is out and late is so until the next one's turn, or for ever.

        It is out also after that turn, if nobody took it then.
        """
        if deal.is_help or not (deal.state == "accepted" or deal.is_out):
            return []
        begins = deal.since or deal.begins
        if deal.state == "accepted" or now < deal.ends:
            return [(begins, deal.ends)]
        turns = self._turns(deal)
        until = min((each for each in turns if each > begins), default=NEVER)
        again = min((each for each in turns if each > now), default=NEVER)
        passed = until <= now and not any(each.begins <= now < each.ends for each in self._promised(deal))
        return [(begins, until), *([(now, again)] if passed else [])]

    def _promised(self, deal: Deal) -> list[Deal]:
        return [each for each in self._others(deal) if each.state == "accepted"]

    def _turns(self, deal: Deal) -> list[datetime]:
        """When others have, had, or will have the same thing."""
        return [each.since or each.begins for each in self._others(deal) if each.state == "accepted" or each.since]

    def confirm(self, deal: Deal) -> None:
        """The minutes move."""
        deal.state, minutes = "confirmed", deal.minutes or 0
        self.balance[deal.receiver] = self.balance.get(deal.receiver, 0) - minutes
        self.balance[deal.giver] = self.balance.get(deal.giver, 0) + minutes

    def may_give(self, person: str, minutes: int) -> bool:
        """Whether a voluntary gift keeps someone at the floor or above."""
        return self.balance.get(person, 0) - self.pending(person) - minutes >= FLOOR

    def end_proposed(self, thing: str) -> None:
        """What is only proposed of it ends as nobody's no."""
        for deal in self.deals:
            if deal.thing == thing and deal.state == "proposed":
                deal.state = "declined"

    def pass_time(self, now: datetime) -> None:
        """Nothing stays silent."""
        for deal in self.deals:
            waits = max(min(deal.made + THREE_DAYS, deal.begins), deal.made + AN_HOUR)
            if deal.state == "proposed" and now >= waits:
                deal.state = "expired"
            elif deal.state == "accepted" and now >= deal.ends + A_WEEK:
                deal.state = "cancelled"
            elif deal.state == "done" and deal.done is not None and now >= deal.done + A_WEEK:
                deal.minutes = min(deal.minutes or 0, deal.agreed)
                self.confirm(deal)
