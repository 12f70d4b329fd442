"""The neighbour without a second phone: one side does all the tapping, the other at most opens a letter."""

from __future__ import annotations

from tests.factories.exchanges import day
from tests.factories.listings import offer
from tests.journeys.lending import Street


def test_one_side_alone_can_see_a_loan_through(street: Street, ana, bob):
    """Bob is on the app; Ana answered at the door. Nothing waits for a tap of hers but her yes."""
    ladder = offer(ana, "Une échelle")
    street.give_phone(bob, "bob")
    times = {"starts_at": day(0.02).isoformat(), "ends_at": day(2).isoformat()}
    wish = street.post(bob, "/exchanges", listing_id=str(ladder.id), **times)
    street.tap(ana, wish, "accept")
    assert street.tap(bob, wish, "hand_over")["state"] == "handed_over"
    street.later(hours=30)
    assert street.tap(bob, wish, "return")["state"] == "returned"
    inbox = [each["type"] for each in street.get(ana, "/notifications")["items"]]
    assert inbox[:2] == ["exchange_returned", "exchange_handed_over"], "what happened stands in her inbox (FCM-08)"


def test_what_nobody_tapped_is_asked_ended_and_may_still_be_told(street: Street, ana, bob):
    """Neither of the two touched the app at the door: both are asked, and later one tap says that it did happen."""
    ladder = offer(ana, "Une échelle")
    street.give_phone(bob, "bob")
    times = {"starts_at": day(1).isoformat(), "ends_at": day(2).isoformat()}
    wish = street.post(bob, "/exchanges", listing_id=str(ladder.id), **times)
    street.tap(ana, wish, "accept")
    street.later(days=2.1)
    assert ("bob", "hand_over_due") in street.rang()
    street.later(days=7)
    seen = street.get(ana, f"/exchanges/{wish['id']}")
    assert (seen["state"], seen["end_reason"]) == ("cancelled", "no_word")
    assert street.tap(ana, wish, "return")["state"] == "returned"
    street.post(ana, f"/exchanges/{wish['id']}/thanks", text="Merci d'être passé.")
