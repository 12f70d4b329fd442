"""What two agree to, and what of it is other than one of them said or read (CON-10); pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from neighbourly.answers import terms
from neighbourly.answers.models import Answer
from neighbourly.core.errors import fault
from neighbourly.exchanges.lifecycle import GIFT, HELP, LOAN, Side
from neighbourly.exchanges.models import Exchange
from neighbourly.listings.durations import WORKING_DAY_MINUTES, Sort, sort_of
from neighbourly.listings.models import Listing

OVER, CHOSEN, LATER, TIME, MINUTES, AS_GIFT = "over", "chosen", "later", "time", "minutes", "as_gift"
"""Besides what may be other of an answer: the need has ended, the yes led to something before, it was none for now."""


@dataclass(frozen=True)
class Choice:
    """A chosen answer, and how: whether something came of it before, which of its parts who chooses says they read."""

    answer: Answer
    request: Listing
    offer: Listing | None
    """The offer that it came with, as it is now, in whatever state."""
    was_chosen: bool
    seen: bool
    price_said: bool
    """Whether who pays wrote the minutes, or the hours that they follow from."""
    is_counted: bool = True
    """Whether minutes are counted there: where none are, a help costs none."""


def kind_of(listing: Listing, request: Listing | None) -> str | None:
    """An exchange for a need has the need's kind, any other that of its listing; None while nobody said which."""
    sort: Sort | None = sort_of((request or listing).kind)
    if sort == "thing":
        return GIFT if listing.terms == "give" else LOAN
    return None if sort is None else HELP


def list_differences(choice: Choice, exchange: Exchange) -> list[str]:
    """What of a choice its giver did not say yes to, or who chooses did not read; none: both agree."""
    answer, request = choice.answer, choice.request
    begins, ends = terms.window_of(answer)
    costs = exchange.kind == HELP and choice.is_counted
    price = costs and not (choice.price_said and exchange.minutes == terms.minutes_of(answer))
    is_over = {OVER: request.status != "published", CHOSEN: choice.was_chosen, LATER: answer.answer != "yes"}
    changed = terms.list_differences(answer, request, choice.offer, seen=choice.seen)
    found = [*(name for name, other in is_over.items() if other), *changed]
    if answer.terms is None:
        return found
    inside = (begins is None or begins <= exchange.starts_at) and (
        ends is not None and (exchange.ends_at or exchange.starts_at) <= ends
    )
    other = {TIME: not inside, MINUTES: price, AS_GIFT: exchange.as_gift}
    return [*found, *(name for name, each in other.items() if each)]


def digest_terms(listing: Listing, request: Listing | None) -> bytes:
    """What is proposed, but for its times and minutes, which the exchange holds itself: comparable later."""
    of_need = () if request is None else (sort_of(request.kind), terms.digest_words(request.title))
    said = (kind_of(listing, request), sort_of(listing.kind), terms.digest_words(listing.title), *of_need)
    return hashlib.blake2b(repr(said).encode(), digest_size=16).digest()


def is_long(minutes: int | None) -> bool:
    """Whether both have to say the number."""
    return minutes is not None and minutes > WORKING_DAY_MINUTES


def must_say_minutes(exchange: Exchange, side: Side) -> bool:
    """Whether the tap that is due of this side says `minutes`: it accepts, or confirms, more than a working day."""
    if not is_long(exchange.minutes):
        return False
    if exchange.state in ("proposed", "expired"):
        return exchange.awaiting == side
    to_confirm = exchange.state in ("done", "disputed") and side == "receiver"
    return to_confirm and (exchange.minutes or 0) > (exchange.agreed_minutes or 0)


def require_said(minutes: int | None, *, said: int | None) -> None:
    """Who proposes a help of more than a working day writes its minutes; raises a fault of `/minutes`."""
    if is_long(minutes) and said is None:
        raise fault(
            "/minutes",
            "say_the_minutes",
            fr="C'est plus d'une journée de travail\u00a0: dites le nombre de minutes.",
            en="This is more than a working day: say the number of minutes.",
        )


def require_read(exchange: Exchange, side: Side, said: int | None) -> None:
    """Who accepts or confirms says minutes where they are many, and none but those; raises a fault of `/minutes`."""
    if said == exchange.minutes or (said is None and not must_say_minutes(exchange, side)):
        return
    raise fault(
        "/minutes",
        "say_the_minutes",
        fr=f"Dites le nombre de minutes proposé\u00a0: {exchange.minutes}.",
        en=f"Say the number of minutes that is proposed: {exchange.minutes}.",
    )
