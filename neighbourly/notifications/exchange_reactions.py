"""Who is told of what happens to exchanges, copies, conversations and thanks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from uuid import UUID

from neighbourly.bookings.events import CopiesBroke, CopiesMended, LineEnded, TurnCame
from neighbourly.bookings.selectors import TURN, list_coming
from neighbourly.conversations.events import ConversationRead, MessagePosted
from neighbourly.conversations.models import Conversation
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.language.contact_data import mask_contact_data
from neighbourly.exchanges import policy
from neighbourly.exchanges.events import (
    ExchangeAccepted,
    ExchangeCancelled,
    ExchangeCountered,
    ExchangeDeclined,
    ExchangeDisputed,
    ExchangeExpired,
    ExchangeProposed,
    ExchangeWithdrawn,
    ExtensionAnswered,
    ExtensionRequested,
    HelpConfirmed,
    HelpDone,
    LateThingBack,
    LeavingHeldUp,
    NextBorrowerWaits,
    ProposalEnded,
    ProposalOvertaken,
    SettlementProposed,
    ThingEdited,
    ThingHandedOver,
    ThingReturned,
)
from neighbourly.exchanges.models import Exchange
from neighbourly.exchanges.needs import find_yes
from neighbourly.exchanges.selectors import are_parted
from neighbourly.listings.models import Listing
from neighbourly.notifications import selectors, service
from neighbourly.notifications.exchange_telling import (
    ONE_PUSH_IN,
    exchange_of,
    minutes_of,
    more_than_seen,
    tell_governors,
    tell_sides,
)
from neighbourly.notifications.other_words import (
    ABSENT,
    ATTESTED,
    CHOSEN,
    FAR,
    GONE,
    HANDED_ON,
    LATE,
    LEFT,
    LONGER,
    MODERATED,
    NEED,
    NO_WORD,
    NOT_BACK,
    OFFERED,
    PENDING,
    REFUSED,
    SETTLED,
    SETTLING,
    TAKEN,
    WAITS,
    WITHDRAWN,
)
from neighbourly.thanks.events import ConcernRaised, ThanksWritten

Tapped = (
    ExchangeProposed
    | ExchangeCountered
    | ExchangeAccepted
    | ExchangeDeclined
    | ExchangeWithdrawn
    | ExchangeCancelled
    | ExchangeDisputed
    | SettlementProposed
    | ThingHandedOver
    | ThingReturned
    | HelpDone
    | HelpConfirmed
    | ExtensionRequested
    | ExtensionAnswered
)
TOLD_AS: Mapping[type, str] = {
    ExchangeProposed: "exchange_proposed",
    ExchangeCountered: "exchange_countered",
    ExchangeAccepted: "exchange_accepted",
    ExchangeDeclined: "exchange_declined",
    ExchangeWithdrawn: "exchange_cancelled",
    ExchangeCancelled: "exchange_cancelled",
    ExchangeDisputed: "exchange_disputed",
    SettlementProposed: "exchange_disputed",
    ThingHandedOver: "exchange_handed_over",
    ThingReturned: "exchange_returned",
    HelpDone: "help_to_confirm",
    HelpConfirmed: "exchange_confirmed",
    ExtensionRequested: "extension_requested",
    ExtensionAnswered: "extension_answered",
}
ONE_COUNTER_IN = timedelta(hours=1)
"""Of the counters to one proposal one rings each side in so long; the inbox has the rest."""
GoesOnBehindABlock = ThingReturned | ExchangeDisputed | SettlementProposed


def tell_other_side(event: Tapped) -> None:
    """Who did not tap hears of it; of what time did, both. Behind a block nobody is named (what is open goes on)."""
    exchange = exchange_of(event.exchange_id)
    people = tuple(each for each in (exchange.giver_id, exchange.receiver_id) if each != event.actor_id)
    named = None if isinstance(event, GoesOnBehindABlock) and are_parted(exchange) else event.actor_id
    about = f"{exchange.id}:{exchange.version}"
    figures = minutes_of(exchange) if isinstance(event, HelpDone) else {}
    silently = isinstance(event, ExchangeCountered) and _rang_of_counter(people, exchange)
    variant = _variant(event, exchange)
    tell_sides(TOLD_AS[type(event)], exchange, people, named, about, variant=variant, silently=silently, **figures)


def _rang_of_counter(people: Collection[UUID], exchange: Exchange) -> bool:
    """Whether their phones rang for a counter of this exchange within the hour: two who bargain are in the app."""
    since = clock.now() - ONE_COUNTER_IN
    return any(selectors.has_rung(each, "exchange_countered", exchange.id, since=since) for each in people)


def _variant(event: Tapped, exchange: Exchange) -> str | None:
    """What exactly was done, by whom: to choose is not to agree, and to settle a dispute is neither.

    Who was helped confirms it; what a code attests nobody objects to; what had no word may still be declared.
    """
    match event:
        case ThingReturned() | ExchangeCancelled() if exchange.end_reason == policy.LEFT:
            return LEFT
        case ThingReturned(handed_on=True):
            return HANDED_ON
        case ThingReturned() | HelpConfirmed() | ExchangeCancelled() if exchange.disputed_from is not None:
            return SETTLED if event.actor_id else MODERATED
        case ExchangeDisputed(actor_id=None):
            return NOT_BACK
        case SettlementProposed():
            return SETTLING
        case ExchangeAccepted() if _has_chosen(event, exchange):
            return CHOSEN
        case ExchangeDeclined() if event.actor_id == exchange.receiver_id:
            return OFFERED
        case ExchangeWithdrawn():
            return WITHDRAWN
        case ExtensionAnswered():
            return LONGER if event.granted else REFUSED
        case HelpDone() if event.actor_id == exchange.receiver_id:
            return WAITS
        case HelpDone():
            return more_than_seen(exchange)
        case ThingHandedOver(late=True):
            return LATE
        case ThingHandedOver() | ThingReturned() if exchange.tapped_by is None:
            return ATTESTED
        case ExchangeCancelled() if exchange.end_reason == "no_word":
            return NO_WORD
    return None


def _has_chosen(event: ExchangeAccepted, exchange: Exchange) -> bool:
    """Whether somebody's yes was taken at once, without a proposal that was ever answered."""
    return exchange.answer_id is not None and exchange.answered_at is None and event.actor_id == exchange.receiver_id


def tell_proposer(event: ExchangeExpired) -> None:
    """Who waited for an answer hears that none came: who asked, with the next best behind it, or who offered."""
    exchange = exchange_of(event.exchange_id)
    asked = exchange.awaiting == "giver"
    waited = exchange.receiver_id if asked else exchange.giver_id
    variant = ABSENT if event.while_away else None if asked else OFFERED
    tell_sides("exchange_expired", exchange, (waited,), None, about=f"{exchange.id}", variant=variant)


def tell_of_ending(event: ProposalEnded) -> None:
    """Who did not end it hears, kindly, that it is off; in the inbox alone where their yes is answered as well."""
    exchange = exchange_of(event.exchange_id)
    met_need = exchange.request_id is not None and event.told_id == exchange.giver_id
    variant = FAR if exchange.end_reason == policy.OUT_OF_REACH else NEED if met_need else GONE
    said_yes = exchange.request_id is not None and find_yes(exchange.request_id, event.told_id) is not None
    silently = variant == NEED and said_yes
    tell_sides("exchange_declined", exchange, (event.told_id,), None, exchange.id, variant=variant, silently=silently)


def tell_who_waited(event: LineEnded) -> None:
    """Who stood in line hears that there is nothing to wait for any more, and of what."""
    thing = db.session.get_one(Listing, event.listing_id)
    called: service.Figures = {"title": mask_contact_data(thing.title)}
    service.tell(
        type_name="waiting_over",
        people=dict.fromkeys(event.people, called),
        about=f"{thing.id}:{clock.now().isoformat()}",
        listing_id=thing.id,
        actor_id=thing.owner_id,
    )


def tell_overtaken(event: ProposalOvertaken) -> None:
    """Who would have liked it hears that others were first, once for each time that they proposed (BOK-06)."""
    exchange = exchange_of(event.exchange_id)
    about = f"{exchange.id}:{exchange.starts_at.isoformat()}"
    tell_sides("item_unavailable", exchange, (exchange.receiver_id,), None, about=about, variant=TAKEN)


def tell_next_borrower(event: NextBorrowerWaits) -> None:
    """The next borrower of something late hears of it, once, or again if it was back; unless they have it (BOK-07)."""
    exchange = exchange_of(event.exchange_id)
    if exchange.state == "accepted":
        times = selectors.count_told(exchange.receiver_id, "item_back", exchange.id)
        about = f"{exchange.id}:{event.late_exchange_id}:{times}"
        tell_sides("item_unavailable", exchange, (exchange.receiver_id,), None, about=about)


def tell_that_it_is_back(event: LateThingBack) -> None:
    """Who heard that the thing before theirs was late hears that it is back, once, while they still wait (BOK-07)."""
    exchange = exchange_of(event.exchange_id)
    if exchange.state == "accepted":
        times = selectors.count_told(exchange.receiver_id, "item_unavailable", exchange.id)
        about = f"{exchange.id}:{event.late_exchange_id}:{times}"
        tell_sides("item_back", exchange, (exchange.receiver_id,), None, about=about)


def tell_coming_borrowers(event: CopiesBroke | CopiesMended) -> None:
    """Each coming borrower of a copy hears that it broke, once, and again when it is mended."""
    if isinstance(event, CopiesBroke):
        type_name, since = "item_unavailable", dict.fromkeys(event.copy_ids, event.at)
    else:
        type_name, since = "item_back", dict(event.broken_at)
    for coming in list_coming(since.keys(), clock.now()):
        exchange = exchange_of(coming.holder_id)
        if exchange.state == "accepted":
            about = f"{exchange.id}:{coming.copy_id}:{since[coming.copy_id].isoformat()}"
            tell_sides(type_name, exchange, (exchange.receiver_id,), None, about=about)


def tell_of_edit(event: ThingEdited) -> None:
    """The other side hears that the owner says something else of it; again once they have read that, or a day later."""
    exchange = exchange_of(event.exchange_id)
    reader_id = exchange.receiver_id if exchange.giver_id == event.owner_id else exchange.giver_id
    since = clock.now() - ONE_PUSH_IN
    if selectors.has_unread(reader_id, "listing_edited", exchange.id, since=since):
        return
    variant = PENDING if exchange.state == "proposed" else None
    about = f"{exchange.id}:{clock.now().isoformat()}"
    tell_sides("listing_edited", exchange, (reader_id,), event.owner_id, about=about, variant=variant)


def tell_whose_turn_it_is(event: TurnCame) -> None:
    """The next in line has a day."""
    about = f"{event.listing_id}:{event.asked_at.isoformat()}"
    figures = {"when": (event.asked_at + TURN).isoformat()}
    service.tell(type_name="waiting_turn", people={event.user_id: figures}, about=about, listing_id=event.listing_id)


def tell_of_message(event: MessagePosted) -> None:
    """A message to a chat that is not open is told; several before it is read or answered are one push (FCM-09)."""
    if event.is_open or selectors.is_told_of_chat(event.reader_id, event.conversation_id):
        return
    conversation = db.session.get_one(Conversation, event.conversation_id)
    service.tell(
        type_name="message_received",
        people={event.reader_id: {}},
        about=event.message_id,
        listing_id=conversation.listing_id,
        exchange_id=conversation.exchange_id,
        conversation_id=conversation.id,
        actor_id=event.author_id,
    )


def read_what_told_of_it(event: ConversationRead) -> None:
    """What was read in the chat is read in the inbox too, and a push that waits is not sent any more."""
    service.read_of_chat(user_id=event.reader_id, conversation_id=event.conversation_id)


def tell_of_thanks(event: ThanksWritten) -> None:
    """That somebody said thank you, not what."""
    exchange = exchange_of(event.exchange_id)
    tell_sides("thanks_received", exchange, (event.about_id,), event.author_id, about=exchange.id)


def tell_moderators(event: ConcernRaised) -> None:
    """Who looks after the neighbourhood hears that there is something to read; neither of the two does."""
    tell_governors(exchange_of(event.exchange_id), f"{event.exchange_id}:{event.author_id}", {})


def tell_moderators_of_leaving(event: LeavingHeldUp) -> None:
    """Who looks after the neighbourhood hears, once, that somebody leaves while a thing is out."""
    tell_governors(exchange_of(event.exchange_id), f"{event.exchange_id}:{LEFT}", {"variant": LEFT})
