"""Who hears of what happens to listings, asks and answers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from neighbourly.accounts.events import AccountErasing
from neighbourly.answers.events import AnswerGiven
from neighbourly.answers.models import Answer
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.events import publish
from neighbourly.listings.events import ListingClosed, ListingExpired, ListingExpiring, ListingFulfilled
from neighbourly.matching.events import AskExhausted
from neighbourly.matching.models import Ask
from neighbourly.notifications.models import Delivery, Notification
from tests.databases import count_of


def told(user) -> list[str]:
    rows = select(Notification.type).where(Notification.user_id == user.id).order_by(Notification.created_at)
    return list(db.session.scalars(rows))


def give(need, user, word) -> Answer:
    answer = db.session.scalars(select(Answer).where(Answer.user_id == user.id)).one_or_none()
    answer = answer or Answer(listing_id=need.id, user_id=user.id)
    answer.answer = word
    db.session.add(answer)
    db.session.flush()
    publish(AnswerGiven(answer.id, need.id, user.id, word))
    db.session.commit()
    return answer


def test_those_asked_hear_of_it_with_their_distance(ask, need, bob, cleo, stranger):
    ask(need, bob, cleo)
    assert told(bob) == told(cleo) == ["request_nearby"]
    assert told(stranger) == []
    figures = {row.user_id: row.data for row in db.session.scalars(select(Notification))}
    assert figures == {bob.id: {"distance_m": 300}, cleo.id: {"distance_m": 1200}}


def test_a_later_wave_tells_its_own_people_alone(ask, need, bob, cleo):
    ask(need, bob, wave=1)
    ask(need, cleo, wave=2)
    assert told(bob) == told(cleo) == ["request_nearby"]


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        (["yes"], 1),
        (["later"], 1),
        (["no"], 0),
        (["yes", "yes"], 1),
        (["yes", "later"], 2),
        (["yes", "later", "yes"], 2),
        (["no", "yes"], 1),
        (["yes", "no"], 1),
    ],
)
def test_who_asked_hears_each_yes_and_later_once_and_no_never(need, ana, bob, said, heard):
    for word in said:
        give(need, bob, word)
    assert told(ana) == ["answer_received"] * heard


@pytest.mark.parametrize(("event", "status"), [(ListingClosed, "closed"), (ListingFulfilled, "fulfilled")])
def test_those_who_would_have_helped_hear_of_the_end(event, status, need, bob, cleo, stranger):
    for user, word in ((bob, "yes"), (cleo, "later"), (stranger, "no")):
        give(need, user, word)
    need.status = status
    publish(event(need.id))
    assert told(bob) == told(cleo) == ["request_closed"]
    assert told(stranger) == []


def test_the_end_of_an_offer_is_told_to_nobody(listing_of, ana, bob):
    offer = listing_of(ana, direction="offer")
    publish(ListingClosed(offer.id))
    assert told(ana) == told(bob) == []


def test_who_asked_hears_that_all_were_asked_and_after_another_wave_in_the_inbox_alone(need, phone, ana):
    phone(ana)
    ask = Ask(listing_id=need.id, state="exhausted", wave=3, next_wave_at=None)
    db.session.add(ask)
    db.session.flush()
    publish(AskExhausted(need.id))
    publish(AskExhausted(need.id))
    assert told(ana) == ["ask_exhausted"]
    ask.wave = 4
    publish(AskExhausted(need.id))
    assert told(ana) == ["ask_exhausted"] * 2
    assert count_of(Delivery) == 1


def test_the_owner_hears_before_and_after_an_end_once_for_each(need, ana):
    publish(ListingExpiring(need.id))
    publish(ListingExpiring(need.id))
    need.status = "expired"
    publish(ListingExpired(need.id))
    need.status = "published"
    need.expires_at = clock.now() + timedelta(days=7)
    publish(ListingExpiring(need.id))
    assert told(ana) == ["listing_expiring", "listing_expired", "listing_expiring"]


def test_who_leaves_takes_the_inbox_along_and_is_nobody_in_others(ask, need, ana, bob):
    """GDP-02: what others were told stays, without the name."""
    ask(need, bob)
    give(need, bob, "yes")
    publish(AccountErasing(bob.id))
    assert told(bob) == []
    (left,) = db.session.scalars(select(Notification).where(Notification.user_id == ana.id))
    assert left.actor_id is None


def test_what_others_were_told_of_who_left_holds_no_distance(ask, need, ana, bob):
    """GDP-02: several people's distances would tell where somebody had lived."""
    ask(need, bob)
    (kept,) = db.session.scalars(select(Notification).where(Notification.user_id == bob.id))
    assert "distance_m" in kept.data
    publish(AccountErasing(ana.id))
    db.session.refresh(kept)
    assert (kept.actor_id, kept.data) == (None, {})
