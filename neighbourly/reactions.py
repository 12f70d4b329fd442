"""What follows from what, on one screen. Reactions run in the transaction of their event and only write rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from neighbourly.accounts.events import (
    AccountErasing,
    NameChosen,
    PasswordChanged,
    PersonBlocked,
    SessionEnded,
    UserRegistered,
)
from neighbourly.acquaintances import reactions as acquaintances
from neighbourly.answers import reactions as answers
from neighbourly.answers.events import AnswerGiven
from neighbourly.bookings import reactions as bookings
from neighbourly.bookings.events import CopiesBroke, CopiesMended, LineEnded, TurnCame, TurnEnding
from neighbourly.conversations import reactions as conversations
from neighbourly.conversations.events import ConversationRead, MessagePosted
from neighbourly.core.events import Reaction
from neighbourly.devices import reactions as devices
from neighbourly.exchanges import reactions as exchanges
from neighbourly.exchanges.events import (
    ChoiceDue,
    DisputeUnsettled,
    ExchangeAccepted,
    ExchangeCancelled,
    ExchangeCountered,
    ExchangeDeclined,
    ExchangeDisputed,
    ExchangeExpired,
    ExchangeProposed,
    ExchangeWithdrawn,
    ExtensionAnswered,
    ExtensionLapsed,
    ExtensionRequested,
    HelpConfirmed,
    HelpDone,
    LateThingBack,
    LeavingHeldUp,
    NextBorrowerWaits,
    ProposalEnded,
    ProposalOvertaken,
    ReminderDue,
    SettlementProposed,
    ThingEdited,
    ThingHandedOver,
    ThingReturned,
)
from neighbourly.listings import reactions as listings
from neighbourly.listings.events import (
    ListingChanged,
    ListingClosed,
    ListingDeleting,
    ListingEdited,
    ListingExpired,
    ListingExpiring,
    ListingFulfilled,
    ListingPaused,
    ListingPublished,
    ListingResumed,
    ListingsUnderstood,
)
from neighbourly.matching import reactions as matching
from neighbourly.matching.events import AskExhausted, NeedSettled, NeighboursAsked, OfferMatched
from neighbourly.notifications import exchange_reactions, exchange_reminders, timebank_reactions
from neighbourly.notifications import reactions as notifications
from neighbourly.places import reactions as places
from neighbourly.places.events import HomeMoved
from neighbourly.preferences import reactions as preferences
from neighbourly.preferences.events import AbsenceAnnounced, AbsenceEnded, PreferencesChanged
from neighbourly.territories.events import TerritoriesChanged
from neighbourly.thanks import reactions as thanks
from neighbourly.thanks.events import ConcernRaised, ThanksWritten
from neighbourly.timebank import reactions as timebank
from neighbourly.timebank.events import MinutesMoved

REACTIONS: Mapping[type, Sequence[Reaction]] = {
    UserRegistered: [preferences.make_preferences],
    SessionEnded: [devices.end_pushes_of_session],
    NameChosen: [listings.refuse_namesake],
    PasswordChanged: [exchanges.end_calendar],
    PersonBlocked: [exchanges.part],
    AccountErasing: [
        exchanges.refuse_while_open,
        exchanges.forget_person,
        conversations.forget_person,
        bookings.forget_person,
        timebank.forget_person,
        thanks.forget_person,
        devices.forget_devices_of_person,
        acquaintances.forget_person,
        listings.empty_listings,
        places.forget_home,
        preferences.forget_person,
        answers.forget_person,
        matching.forget_person,
        notifications.forget_person,
    ],
    HomeMoved: [
        listings.number_namesake,
        listings.move_listings_along,
        preferences.follow_home,
        bookings.dismiss_far,
        exchanges.end_out_of_reach,
    ],
    PreferencesChanged: [matching.waken_for_person, exchanges.follow_rests],
    AbsenceAnnounced: [bookings.pass_turns],
    AbsenceEnded: [matching.waken_for_person, bookings.ask_who_is_back, notifications.tell_who_is_back],
    TerritoriesChanged: [places.follow_territories],
    ListingPublished: [matching.start_asking, matching.announce_offer],
    ListingResumed: [matching.start_asking, matching.waken_for_offer, bookings.ask_next],
    ListingChanged: [matching.reconsider, matching.waken_for_offer, bookings.ask_next],
    ListingsUnderstood: [matching.waken_understood],
    ListingEdited: [exchanges.take_edit],
    ListingDeleting: [exchanges.refuse_deletion],
    ListingPaused: [matching.stop_asking, exchanges.end_proposals],
    ListingFulfilled: [matching.stop_asking, exchanges.end_proposals, notifications.tell_helpers],
    ListingClosed: [matching.stop_asking, exchanges.end_proposals, bookings.dissolve_line, notifications.tell_helpers],
    ListingExpiring: [notifications.tell_of_coming_end],
    ListingExpired: [
        matching.stop_asking,
        exchanges.end_proposals,
        notifications.tell_of_end,
        notifications.tell_helpers_of_end,
    ],
    AnswerGiven: [matching.reconsider, notifications.tell_of_answer],
    NeighboursAsked: [notifications.tell_asked],
    NeedSettled: [notifications.tell_settled],
    AskExhausted: [notifications.tell_of_exhaustion],
    OfferMatched: [notifications.tell_of_match],
    CopiesBroke: [exchange_reactions.tell_coming_borrowers],
    CopiesMended: [exchange_reactions.tell_coming_borrowers],
    TurnCame: [exchange_reactions.tell_whose_turn_it_is],
    LineEnded: [exchange_reactions.tell_who_waited],
    TurnEnding: [exchange_reminders.remind_of_turn],
    MessagePosted: [exchange_reactions.tell_of_message],
    ConversationRead: [exchange_reactions.read_what_told_of_it],
    ExchangeAccepted: [matching.reconsider_need, exchange_reactions.tell_other_side],
    ExchangeCancelled: [matching.reconsider_need, exchange_reactions.tell_other_side],
    ExchangeCountered: [exchange_reactions.tell_other_side],
    ExchangeDeclined: [matching.reconsider_need, exchange_reactions.tell_other_side],
    ExchangeDisputed: [exchange_reactions.tell_other_side],
    ExchangeProposed: [exchange_reactions.tell_other_side],
    ExchangeWithdrawn: [exchange_reactions.tell_other_side],
    ProposalEnded: [matching.reconsider_need, exchange_reactions.tell_of_ending],
    ExtensionAnswered: [exchange_reactions.tell_other_side],
    ExtensionRequested: [exchange_reactions.tell_other_side],
    HelpConfirmed: [exchange_reactions.tell_other_side],
    HelpDone: [matching.reconsider_need, exchange_reactions.tell_other_side],
    SettlementProposed: [exchange_reactions.tell_other_side],
    ThingHandedOver: [matching.reconsider_need, exchange_reactions.tell_other_side],
    ThingReturned: [exchange_reactions.tell_other_side],
    ExchangeExpired: [matching.reconsider_need, exchange_reactions.tell_proposer],
    ChoiceDue: [exchange_reminders.remind_of_choice],
    ReminderDue: [exchange_reminders.remind],
    DisputeUnsettled: [exchange_reminders.call_moderators],
    ExtensionLapsed: [exchange_reminders.tell_that_wish_lapsed],
    NextBorrowerWaits: [exchange_reactions.tell_next_borrower],
    LeavingHeldUp: [exchange_reactions.tell_moderators_of_leaving],
    LateThingBack: [exchange_reactions.tell_that_it_is_back],
    ThingEdited: [exchange_reactions.tell_of_edit],
    ProposalOvertaken: [exchange_reactions.tell_overtaken],
    ThanksWritten: [exchange_reactions.tell_of_thanks],
    ConcernRaised: [exchange_reactions.tell_moderators],
    MinutesMoved: [timebank_reactions.tell_of_minutes],
}
