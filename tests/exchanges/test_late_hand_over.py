"""BOK-11: a hand-over after the agreed end brings its own new end; nothing is overdue the moment it is handed over."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from neighbourly.bookings.models import Occupation
from neighbourly.core.db import db
from tests.factories.exchanges import agree, day
from tests.factories.listings import offer


@pytest.fixture
def missed(bob, drill, later):
    """Agreed for two days, of which the last is over."""
    exchange = agree(bob, drill, begins=1, days=2)
    later(days=4)
    return exchange


def moment(shown: str) -> datetime:
    return datetime.fromisoformat(shown)


def near(one: datetime, other: datetime) -> bool:
    return abs(one - other) < timedelta(minutes=1)


def test_it_is_lent_for_as_long_as_was_agreed_from_now_on(ana, bob, missed, act, latest):
    handed = act(ana, missed, "hand_over").json
    assert (handed["state"], handed["overdue"]) == ("handed_over", False)
    assert near(moment(handed["ends_at"]), day(2))
    occupation = db.session.get_one(Occupation, missed.id, populate_existing=True)
    assert (near(occupation.period.lower, day(0)), near(occupation.period.upper, day(2))) == (True, True)
    assert "it was handed over, later than planned | “Perceuse à percussion”: the loan ends on " in latest(bob)


def test_or_until_when_its_owner_says(ana, missed, act):
    ends_at = day(5)
    assert moment(act(ana, missed, "hand_over", ends_at=ends_at.isoformat()).json["ends_at"]) == ends_at


@pytest.mark.parametrize(("days", "status"), [(1, 200), (2.5, 422)])
def test_the_borrower_alone_takes_it_for_no_longer_than_was_agreed(bob, missed, act, days, status):
    answer = act(bob, missed, "hand_over", ends_at=day(days).isoformat())
    assert answer.status_code == status
    assert status == 200 or answer.json["code"] == "longer_than_agreed"


@pytest.mark.parametrize(("days", "code"), [(-1, "ends_before_it_begins"), (400, "too_far_ahead")])
def test_the_new_end_is_to_come_and_within_a_year(ana, missed, act, days, code):
    refused = act(ana, missed, "hand_over", ends_at=day(days).isoformat())
    assert (refused.status_code, refused.json["errors"][0]["code"]) == (422, code)


def test_nor_is_it_lent_for_longer_than_its_owner_lends_it(ana, bob, act, later):
    exchange = agree(bob, offer(ana, "Une scie", max_loan_days=3), begins=1, days=2)
    later(days=4)
    assert act(ana, exchange, "hand_over", ends_at=day(4).isoformat()).json["code"] == "loan_too_long"


def test_who_was_promised_it_is_not_pushed_aside_and_it_is_said_until_when_it_can_be_had(ana, cleo, drill, missed, act):
    """BOK-04."""
    coming = agree(cleo, drill, begins=1, days=2)
    refused = act(ana, missed, "hand_over")
    assert (refused.status_code, refused.json["code"]) == (409, "already_booked")
    assert moment(refused.json["possible_until"]) == coming.starts_at
    assert act(ana, missed, "hand_over", ends_at=refused.json["possible_until"]).json["state"] == "handed_over"


def test_while_another_has_their_turn_it_can_be_had_until_never(ana, bob, cleo, new_user, drill, act, later):
    exchange = agree(bob, drill, begins=1, days=1)
    agree(cleo, drill, begins=2.5, days=5)
    later(days=4)
    refused = act(ana, exchange, "hand_over")
    assert (refused.json["code"], refused.json["possible_until"]) == ("already_booked", None)


def test_what_is_declared_after_no_word_is_not_late_either(ana, missed, act, later):
    later(days=8)
    handed = act(ana, missed, "hand_over").json
    assert (handed["state"], handed["overdue"]) == ("handed_over", False)


def test_on_time_the_end_is_the_agreed_one(ana, bob, drill, act):
    exchange = agree(bob, drill, begins=1, days=2)
    refused = act(ana, exchange, "hand_over", ends_at=day(9).isoformat())
    assert (refused.status_code, refused.json["code"]) == (422, "ends_as_agreed")
    same = act(ana, exchange, "hand_over", ends_at=exchange.ends_at.isoformat()).json
    assert moment(same["ends_at"]) == exchange.ends_at


def test_a_gift_has_no_end_however_late(ana, bob, act, later):
    gift = agree(bob, offer(ana, "Un lit d'enfant", terms="give"), begins=1, ends_at=None)
    later(days=4)
    assert act(ana, gift, "hand_over").json["ends_at"] is None


def test_it_is_reminded_of_by_its_new_end(ana, bob, missed, act, later, news):
    act(ana, missed, "hand_over")
    heard = len(news(bob))
    later(days=1.5)
    assert news(bob)[heard:] == ["return_due"]


def test_an_extension_counts_from_the_hand_over(ana, bob, act, later):
    exchange = agree(bob, offer(ana, "Une scie", max_loan_days=3), begins=1, days=2)
    later(days=4)
    act(ana, exchange, "hand_over")
    assert act(ana, exchange, "extend", ends_at=day(2.9).isoformat()).status_code == 200
