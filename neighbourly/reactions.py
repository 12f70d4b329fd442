"""What follows from what, on one screen. Reactions run in the transaction of their event and only write rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from neighbourly.accounts.events import AccountErasing, SessionEnded, UserRegistered
from neighbourly.answers import reactions as answers
from neighbourly.answers.events import AnswerGiven
from neighbourly.core.events import Reaction
from neighbourly.devices import reactions as devices
from neighbourly.listings import reactions as listings
from neighbourly.listings.events import (
    ListingChanged,
    ListingClosed,
    ListingExpired,
    ListingExpiring,
    ListingFulfilled,
    ListingPaused,
    ListingPublished,
    ListingResumed,
)
from neighbourly.matching import reactions as matching
from neighbourly.matching.events import AskExhausted, NeighboursAsked
from neighbourly.notifications import reactions as notifications
from neighbourly.places import reactions as places
from neighbourly.places.events import HomeMoved
from neighbourly.preferences import reactions as preferences
from neighbourly.preferences.events import PreferencesChanged
from neighbourly.territories.events import TerritoriesChanged

REACTIONS: Mapping[type, Sequence[Reaction]] = {
    UserRegistered: [preferences.make_preferences],
    SessionEnded: [devices.forget_devices_of_session],
    AccountErasing: [
        devices.forget_devices_of_person,
        listings.empty_listings,
        places.forget_home,
        preferences.forget_person,
        answers.forget_person,
        matching.forget_person,
        notifications.forget_person,
    ],
    HomeMoved: [listings.move_listings_along, preferences.follow_home],
    PreferencesChanged: [matching.waken_for_person],
    TerritoriesChanged: [places.follow_territories],
    ListingPublished: [matching.start_asking, matching.waken_for_offer],
    ListingResumed: [matching.start_asking, matching.waken_for_offer],
    ListingChanged: [matching.reconsider, matching.waken_for_offer],
    ListingPaused: [matching.stop_asking],
    ListingFulfilled: [matching.stop_asking, notifications.tell_helpers],
    ListingClosed: [matching.stop_asking, notifications.tell_helpers],
    ListingExpiring: [notifications.tell_of_coming_end],
    ListingExpired: [matching.stop_asking, notifications.tell_of_end],
    AnswerGiven: [matching.reconsider, notifications.tell_of_answer],
    NeighboursAsked: [notifications.tell_asked],
    AskExhausted: [notifications.tell_of_exhaustion],
}
