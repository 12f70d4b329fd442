"""What happens to exchanges. `actor_id` is who tapped; None where time did it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class ExchangeProposed:
    """One side asks the other for these times."""

    exchange_id: UUID
    actor_id: UUID


@dataclass(frozen=True)
class ExchangeCountered:
    """The side that was asked proposes other times."""

    exchange_id: UUID
    actor_id: UUID


@dataclass(frozen=True)
class ExchangeAccepted:
    """Both agree; of a thing, the copy is taken for that time."""

    exchange_id: UUID
    actor_id: UUID


@dataclass(frozen=True)
class ExchangeDeclined:
    """The side that was asked says no."""

    exchange_id: UUID
    actor_id: UUID


@dataclass(frozen=True)
class ProposalEnded:
    """What was only proposed ended by nobody's no: with the listing, or since one of the two moved far away."""

    exchange_id: UUID
    told_id: UUID
    """Of the two the one who did nothing."""


@dataclass(frozen=True)
class ExchangeWithdrawn:
    """Who proposed takes it back."""

    exchange_id: UUID
    actor_id: UUID


@dataclass(frozen=True)
class ExchangeExpired:
    """Nobody answered in time; `while_away`: it began before who was asked is back."""

    exchange_id: UUID
    while_away: bool = False


@dataclass(frozen=True)
class ExchangeCancelled:
    """What was agreed will not take place; `end_reason` of the exchange says why where nobody tapped."""

    exchange_id: UUID
    actor_id: UUID | None


@dataclass(frozen=True)
class LeavingHeldUp:
    """One of the two wants to leave, or left, while the thing is out: who moderates may look after it."""

    exchange_id: UUID


@dataclass(frozen=True)
class ThingHandedOver:
    """The receiver has it now; a gift ends here. `late`: after the end that was agreed, so that it ends anew."""

    exchange_id: UUID
    actor_id: UUID
    late: bool = False


@dataclass(frozen=True)
class ThingReturned:
    """It is back; `handed_on`: as its owner handed it to the next borrower."""

    exchange_id: UUID
    actor_id: UUID | None
    handed_on: bool = False


@dataclass(frozen=True)
class HelpDone:
    """The help took place; the receiver confirms it."""

    exchange_id: UUID
    actor_id: UUID


@dataclass(frozen=True)
class HelpConfirmed:
    """The receiver confirms, or seven days passed without a word; the minutes move."""

    exchange_id: UUID
    actor_id: UUID | None


@dataclass(frozen=True)
class ExchangeDisputed:
    """One side says that it was otherwise; minutes stay where they are until both or a moderator settle it.

    Nobody says it of what nobody brought back for a year.
    """

    exchange_id: UUID
    actor_id: UUID | None


@dataclass(frozen=True)
class DisputeUnsettled:
    """The two have not settled a dispute: who looks after the neighbourhood hears of it, at this moment and later."""

    exchange_id: UUID
    at: datetime


@dataclass(frozen=True)
class SettlementProposed:
    """One side proposes how a dispute ends; the other agrees by the same tap."""

    exchange_id: UUID
    actor_id: UUID


@dataclass(frozen=True)
class ExtensionRequested:
    """The receiver would like to keep it longer."""

    exchange_id: UUID
    actor_id: UUID


@dataclass(frozen=True)
class ExtensionAnswered:
    """The giver grants it or not."""

    exchange_id: UUID
    actor_id: UUID
    granted: bool


@dataclass(frozen=True)
class ExtensionLapsed:
    """Nobody answered the wish to keep something longer."""

    exchange_id: UUID


@dataclass(frozen=True)
class ReminderDue:
    """Time for a word to one or both sides, computed from the state at this moment.

    `reminder` is one of `proposal` (answer it), `hand_over` (it comes), `took_place` (did it?), `return` (it comes),
    `overdue` (again and again), `extension` (answer it), `confirm` (the help), `dispute`, `settlement` (answer it),
    `moderators` (they were told). `at` tells one from another: when it fell due, or the moment that it reminds of, so
    that an end that has moved is another one to remind of. `people` are those to tell.
    """

    exchange_id: UUID
    reminder: str
    at: datetime
    people: tuple[UUID, ...]


@dataclass(frozen=True)
class ChoiceDue:
    """Somebody said yes to a need, and nobody was chosen."""

    listing_id: UUID


@dataclass(frozen=True)
class LateThingBack:
    """What was late is back, so that the next borrower of its copy has it in time after all, or at last."""

    exchange_id: UUID
    late_exchange_id: UUID


@dataclass(frozen=True)
class ProposalOvertaken:
    """Meanwhile every copy has been promised to others for a part of the time that somebody proposed."""

    exchange_id: UUID


@dataclass(frozen=True)
class ThingEdited:
    """Its owner says something else of the thing, or of the need, than what was proposed or agreed; the terms stand."""

    exchange_id: UUID
    owner_id: UUID


@dataclass(frozen=True)
class NextBorrowerWaits:
    """A loan is late, so that the next borrower of its copy, or nobody yet, has to wait."""

    exchange_id: UUID
    late_exchange_id: UUID
    ends_at: datetime
