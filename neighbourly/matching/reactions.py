"""What matching does when something happens below it."""

from __future__ import annotations

from neighbourly.accounts.events import AccountErasing
from neighbourly.answers.events import AnswerGiven
from neighbourly.exchanges import needs
from neighbourly.exchanges.events import (
    ExchangeAccepted,
    ExchangeCancelled,
    ExchangeDeclined,
    ExchangeExpired,
    HelpDone,
    ThingHandedOver,
)
from neighbourly.listings.events import (
    ListingChanged,
    ListingClosed,
    ListingExpired,
    ListingFulfilled,
    ListingPaused,
    ListingPublished,
    ListingResumed,
    ListingsUnderstood,
)
from neighbourly.matching import service
from neighbourly.preferences.events import AbsenceEnded, PreferencesChanged


def start_asking(event: ListingPublished | ListingResumed) -> None:
    """Ask around for a request."""
    service.start_asking(listing_id=event.listing_id)


def stop_asking(event: ListingPaused | ListingClosed | ListingFulfilled | ListingExpired) -> None:
    """Ask nobody more."""
    service.stop_asking(listing_id=event.listing_id)


def reconsider(event: AnswerGiven | ListingChanged) -> None:
    """See whether to go on asking."""
    service.reconsider(listing_id=event.listing_id)


def reconsider_need(
    event: ExchangeAccepted | ExchangeCancelled | ExchangeDeclined | ExchangeExpired | ThingHandedOver | HelpDone,
) -> None:
    """Once as many as needed have agreed ask nobody more; go on where one fell through."""
    request_id = needs.find_request(event.exchange_id)
    if request_id is not None:
        service.reconsider(listing_id=request_id)


def waken_for_offer(event: ListingResumed | ListingChanged) -> None:
    """Put open needs to whoever offers what might meet them."""
    service.waken_for_offer(listing_id=event.listing_id)


def announce_offer(event: ListingPublished) -> None:
    """Tell those whom an offer could help, and put open needs to its owner."""
    service.announce_offer(listing_id=event.listing_id)


def waken_for_person(event: PreferencesChanged | AbsenceEnded) -> None:
    """Put open needs to whoever may be asked for them from now on."""
    service.waken_for_person(user_id=event.user_id)


def waken_understood(event: ListingsUnderstood) -> None:
    """Put needs around again that nobody could meet by their words."""
    service.waken_understood(listing_ids=event.listing_ids)


def forget_person(event: AccountErasing) -> None:
    """Delete what ties someone to others' needs."""
    service.forget_person(user_id=event.user_id)
