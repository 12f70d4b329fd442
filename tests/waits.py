"""What waits for somebody, of whom it is asked again, and how it ends: read from the timeline, and said of the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from neighbourly.exchanges.lifecycle import BY_TIME, GIFT, HELP, LOAN, MOVES, Move, is_over
from neighbourly.exchanges.models import STATES
from neighbourly.exchanges.timeline import ENDS, SIDES, Due, Step, schedule

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
BEGINS, ENDS_AT = NOON + timedelta(days=8), NOON + timedelta(days=12)
SILENT = ENDS | {Step.BE_LATE, Step.END_WISH}
"""What time does itself, whatever it tells of it."""
RECURS = {Step.REMIND_OF_OVERDUE: ", then weekly", Step.CALL_MODERATORS: " (and moderators), then every 4 weeks"}


def on(days: float) -> datetime:
    """So many days after the first one's noon."""
    return NOON + timedelta(days=days)


@dataclass(frozen=True)
class Waiting:
    """An exchange at a moment: proposed at noon of day 0 for days 8 to 12, agreed and moved on as was agreed."""

    kind: str
    state: str
    awaiting: str | None = None
    extend_to: datetime | None = None
    disputed_from: str | None = None
    consented_minutes: int | None = 60
    created_at: datetime = NOON
    starts_at: datetime = BEGINS
    ends_at: datetime | None = ENDS_AT
    expires_at: datetime | None = NOON + timedelta(days=3)
    accepted_at: datetime | None = NOON
    handed_over_at: datetime | None = BEGINS
    done_at: datetime | None = BEGINS
    disputed_at: datetime | None = ENDS_AT
    waits_since: datetime | None = None
    looked_at: datetime = NOON

    @property
    def name(self) -> str:
        """What the page calls it."""
        said = {
            f"{self.awaiting} awaited": self.awaiting and self.state != "handed_over",
            "wish to extend": self.extend_to,
            f"from {self.disputed_from}": self.disputed_from,
            "minutes never seen": self.consented_minutes is None,
        }
        more = ", ".join(words for words, holds in said.items() if holds)
        return f"{self.state}{f' ({more})' if more else ''}"


def list_variants(kind: str, state: str) -> Iterator[Waiting]:
    """A state in all the ways in which it can wait."""
    plain = Waiting(kind, state, ends_at=None if kind == GIFT else on(12))
    match (kind, state):
        case (_, "proposed"):
            yield from (replace(plain, awaiting=side) for side in SIDES)
        case ("loan", "handed_over"):
            yield plain
            yield replace(plain, awaiting="giver", extend_to=on(15), waits_since=on(9))
        case (_, "disputed"):
            for source in sorted({state for (state, _), move in MOVES.items() if _disputes(move, kind)}):
                yield from (
                    replace(plain, disputed_from=source, awaiting=side, waits_since=on(12)) for side in (None, *SIDES)
                )
        case ("help", "done"):
            yield plain
            yield replace(plain, consented_minutes=None)
        case _:
            yield plain


def _disputes(move: Move, kind: str) -> bool:
    return move.to == "disputed" and kind in move.kinds


@dataclass(frozen=True)
class Wait:
    """What waits outside of exchanges: for whom, by which notification they hear of it again, and how it ends."""

    of: str
    reminder: tuple[str, str | None]
    """A type and its variant."""
    when: str
    end: str


ELSEWHERE: Mapping[tuple[str, str], Wait | str] = {
    ("listings.status", "draft"): "nobody but its owner knows of it",
    ("listings.status", "published"): Wait(
        "its owner",
        ("listing_expiring", None),
        "3 days before its end, if it lasts longer",
        "it expires, if it has an end, and its owner is told",
    ),
    ("listings.status", "paused"): "its owner chose it, nobody is shown it; it expires, and its owner is told",
    ("listings.status", "expired"): "its owner was told; one tap shows it again",
    ("listings.status", "closed"): "over",
    ("listings.status", "fulfilled"): "over",
    ("listings.status", "removed"): "over",
    ("answers.answer", "yes"): Wait(
        "who asked",
        ("answer_received", "unchosen"),
        "a day after the first, or sooner",
        "the need ends, and they are told",
    ),
    ("answers.answer", "later"): "its giver will say more themselves; the need ends",
    ("answers.answer", "no"): "over",
    ("asks.state", "waiting"): "for the next wave, which time sends",
    ("asks.state", "asking"): "for the next wave, which time sends",
    ("asks.state", "enough"): "the yeses wait, not the asking",
    ("asks.state", "exhausted"): "who asked was told; it goes on with the first newcomer, and ends with the need",
    ("asks.state", "stopped"): "over",
    ("waiting.asked_at", "set"): Wait(
        "whose turn it is", ("waiting_turn", "again"), "six hours before its end", "after a day it is the next one's"
    ),
    ("waiting.asked_at", "not set"): "for a copy, not for somebody; it ends a month after the wished time",
    ("pending_transfers.state", "pending"): "for the help, whose reminders and ends they follow",
    ("pending_transfers.state", "posted"): "over",
    ("pending_transfers.state", "void"): "over",
    ("pending_transfers.state", "expired"): "over",
    ("deliveries.state", "waiting"): "for its hour, or another try; it lapses",
    ("deliveries.state", "claimed"): "for a worker; the claim lapses after a minute",
    ("deliveries.state", "sent"): "over",
    ("deliveries.state", "dead"): "over",
    ("deliveries.state", "dropped"): "over",
    ("users.state", "active"): "for nothing; a wish to leave ends by itself after three months at the latest",
    ("users.state", "suspended"): "for nobody but themselves",
    ("users.state", "erased"): "over",
    ("thanks.shown", "not set"): "for nothing but a yes that nobody owes; the words are not shown until then",
    ("pending_registrations", "any"): "for nobody but who registers, and no mail goes out unasked; it lapses",
    ("invitations", "any"): "for nobody in particular; it lapses",
    ("exchanges.tapped_by", "giver"): "the tap holds by itself; who may object was told until when",
    ("exchanges.tapped_by", "receiver"): "the tap holds by itself; who may object was told until when",
}
"""By table, column and value: what waits for somebody, or why it does not."""

PREFACE = """## What waits, for whom, and how it ends

Drawn from `neighbourly/exchanges/timeline.py` and, for the rest, from `tests/waits.py`, which names each state of each
table; a test finds none that waits without a reminder and an end (NOT-02). The days are those of one story: proposed at
noon of day 0 for days 8 to 12, agreed at once, handed over (or done) on day 8, disputed on day 12; on day 9 a wish to
keep it until day 15. A moment to come is reminded of a quarter of the time before it: an hour at least (of less than
two hours half), a day at most; who has quiet hours then, until it is too late, is told in the evening before.
"""


def document() -> str:
    """The part of the page that says what waits."""
    kinds: dict[tuple[str, str, str], list[str]] = {}
    for each in list_all():
        if not is_over(each.kind, each.state):
            kinds.setdefault((each.name, _reminders(each), _ends(each)), []).append(each.kind)
    rows = [f"| {', '.join(alike)} {name} | {told} | {end} |" for (name, told, end), alike in kinds.items()]
    rest = [_row_elsewhere(name, value, said) for (name, value), said in ELSEWHERE.items() if isinstance(said, Wait)]
    head = "| what | who hears, and on which day | it ends |\n|---|---|---|"
    other = "| what | who hears, of what, and when | it ends |\n|---|---|---|"
    return "\n".join([PREFACE, head, *rows, "", other, *rest, ""])


def list_all() -> list[Waiting]:
    """Each state of each kind of exchange, in all the ways in which it can wait."""
    return [
        each
        for kind in (LOAN, GIFT, HELP)
        for state in STATES
        if is_reached(state, kind)
        for each in list_variants(kind, state)
    ]


def is_reached(state: str, kind: str) -> bool:
    """Whether exchanges of this kind come into that state."""
    return (
        state == "proposed"
        or any(move.to == state and kind in move.kinds and source != state for (source, _), move in MOVES.items())
        or any(to == state and kind in kinds and is_reached(source, kind) for source, to, kinds in BY_TIME)
    )


def _reminders(each: Waiting) -> str:
    days: dict[tuple[Step, tuple[str, ...]], list[str]] = {}
    for due in schedule(each, NOON):
        if due.step not in SILENT:
            days.setdefault((due.step, due.sides), []).append(_day(due))
    return "; ".join(_said(step, sides, on_days) for (step, sides), on_days in days.items())


def _said(step: Step, sides: tuple[str, ...], on_days: list[str]) -> str:
    whom = "both" if sides == SIDES else " and ".join(sides)
    return f"`{step.value}`: {whom}, {', '.join(on_days)}{RECURS.get(step, '')}"


def _ends(each: Waiting) -> str:
    ends = [f"`{due.step.value}`, {_day(due)}" for due in schedule(each, NOON) if due.step in ENDS]
    return ", ".join(ends) or "by both, or by a moderator"


def _day(due: Due) -> str:
    return f"{(due.at - NOON) / timedelta(days=1):g}"


def _row_elsewhere(name: str, value: str, said: Wait) -> str:
    type_name, variant = said.reminder
    told = f"`{type_name}`{f' ({variant})' if variant else ''}"
    return f"| `{name}` {value} | {said.of}: {told}, {said.when} | {said.end} |"
